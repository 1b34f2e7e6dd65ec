"""The values of quick tests and generated texts that go into repositories and come out of them."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from builder_app.store.records import JsonObject
from builder_app.store.vocabulary import TestStatus, ValidationStatus


@dataclass(frozen=True, slots=True)
class NewQuickTest:
    """What a quick test runs. `code_hash` is the SHA-256 (hex) of the text."""

    instance_id: str
    name: str
    config: Mapping[str, Any]
    logic_flow: Mapping[str, Any]
    parameters: Mapping[str, Any]
    code_hash: str


@dataclass(frozen=True, slots=True)
class QuickTestSummary:
    """A quick test in a list: everything but the snapshots and the whole result. `execution_time` is in seconds."""

    id: str
    instance_id: str
    test_name: str
    test_config: JsonObject
    status: TestStatus
    metrics_summary: JsonObject | None
    error_message: str | None
    execution_time: float | None
    started_at: datetime.datetime | None
    completed_at: datetime.datetime | None
    code_hash: str | None
    created_at: datetime.datetime
    starred_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class QuickTestRecord:
    """A quick test with what it ran on and what came out."""

    id: str
    instance_id: str
    test_name: str
    test_config: JsonObject
    logic_flow_snapshot: JsonObject
    parameters_snapshot: JsonObject
    status: TestStatus
    test_result: JsonObject | None
    metrics_summary: JsonObject | None
    error_message: str | None
    execution_time: float | None
    started_at: datetime.datetime | None
    completed_at: datetime.datetime | None
    code_hash: str | None
    created_at: datetime.datetime
    starred_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class NewGeneration:
    """A generated text and what the checks found. `code_hash` is its SHA-256 (hex); `generation_time` is in seconds."""

    instance_id: str
    target: str
    generated_code: str
    code_hash: str
    validation_status: ValidationStatus
    logic_flow: Mapping[str, Any]
    parameters: Mapping[str, Any] = field(default_factory=dict)
    validation_result: Mapping[str, Any] | None = None
    syntax_check_passed: bool | None = None
    security_check_passed: bool | None = None
    code_version: str = ""
    line_count: int = 0
    complexity_score: int = 0
    generation_time: float | None = None


@dataclass(frozen=True, slots=True)
class GenerationRecord:
    """A generated text as it is kept: once per strategy, target and hash."""

    id: str
    instance_id: str
    target: str
    generated_code: str
    code_hash: str
    validation_status: ValidationStatus
    logic_flow_snapshot: JsonObject
    parameters_snapshot: JsonObject
    validation_result: JsonObject | None
    syntax_check_passed: bool | None
    security_check_passed: bool | None
    code_version: str
    line_count: int
    complexity_score: int
    generation_time: float | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
