"""What lists are narrowed by, and the values that only lists show."""

import datetime
from dataclasses import dataclass

from builder_app.store.vocabulary import (
    InstanceStatus,
    NodeType,
    StrategyCategory,
    StrategyOrder,
    TemplateOrder,
    TestOrder,
    TestStatus,
    ValidationStatus,
)


@dataclass(frozen=True, slots=True)
class StrategyWish:
    """Which strategies, and in which order; None and an empty text narrow nothing. `text` is a part of the name.

    `without` is a status that is left out; `ids` are those that may be among them.
    """

    status: InstanceStatus | None = None
    tag: str | None = None
    text: str = ""
    order: StrategyOrder = StrategyOrder.CHANGED
    without: InstanceStatus | None = None
    ids: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class NodeTemplateWish:
    """Which block templates, and in which order. `text` is a part of the display name."""

    node_type: NodeType | None = None
    category: str | None = None
    system: bool | None = None
    text: str = ""
    order: TemplateOrder = TemplateOrder.USAGE


@dataclass(frozen=True, slots=True)
class StrategyTemplateWish:
    """Which strategy templates, and in which order. `text` is a part of the name."""

    category: StrategyCategory | None = None
    system: bool | None = None
    favourite: bool | None = None
    text: str = ""
    order: TemplateOrder = TemplateOrder.USAGE


@dataclass(frozen=True, slots=True)
class TestWish:
    """Which quick tests, and in which order. `since` and `until` are when they were started, both ends included.

    `starred`: only those that are; `deleted`: the deleted ones, which no other list shows.
    """

    __test__ = False  # the name begins with Test, and pytest would collect it

    instance_id: str | None = None
    status: TestStatus | None = None
    since: datetime.datetime | None = None
    until: datetime.datetime | None = None
    starred: bool = False
    deleted: bool = False
    order: TestOrder = TestOrder.NEWEST


@dataclass(frozen=True, slots=True)
class StrategyWithCode:
    """A strategy and the text that was generated from it last; the `code_…` fields are None where there is none."""

    id: str
    name: str
    status: InstanceStatus
    version: int
    updated_at: datetime.datetime
    code_id: str | None
    code_target: str | None
    code_hash: str | None
    code_status: ValidationStatus | None
    code_line_count: int | None
    code_updated_at: datetime.datetime | None


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """A version of a strategy that was kept, in a list. `version` is the number that the strategy had then."""

    id: str
    parent_version_id: str | None
    name: str
    version: int
    version_note: str
    created_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class GenerationSummary:
    """A generated text in a list: everything but the text and the snapshots."""

    id: str
    instance_id: str
    target: str
    code_hash: str
    validation_status: ValidationStatus
    code_version: str
    line_count: int
    complexity_score: int
    generation_time: float | None
    created_at: datetime.datetime
    updated_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class TestCounts:
    """How many quick tests a user has in each state; deleted ones do not count."""

    __test__ = False  # the name begins with Test, and pytest would collect it

    pending: int = 0
    running: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0

    @property
    def success_rate(self) -> float | None:
        """Completed tests as a share (0 to 1) of those that completed or failed; None before the first of them."""
        ended = self.completed + self.failed
        return self.completed / ended if ended else None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """Who did what with a builder session, and when."""

    who: str
    when: datetime.datetime
    what: str
