"""The values that go into repositories and come out of them. JSON values are plain dicts and lists, newly built."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, NamedTuple, TypeVar

from builder_app.store.vocabulary import (
    EditKind,
    InstanceStatus,
    NodeType,
    SessionType,
    StrategyCategory,
)

T = TypeVar("T")
JsonObject = dict[str, Any]


class PageKey(NamedTuple):
    """Where a page of a list ended: the last row's value of what the list is sorted by, and its id."""

    value: Any
    id: str


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """A part of a list. `next_key` is None on the last page."""

    items: tuple[T, ...]
    next_key: PageKey | None


def every_row(read: Callable[[PageKey | None], Page[T]]) -> Iterator[T]:
    """The rows of all pages, in their order; `read` gives the page behind a key, and the first one for None."""
    key: PageKey | None = None
    while True:
        page = read(key)
        yield from page.items
        key = page.next_key
        if key is None:
            return


@dataclass(frozen=True, slots=True)
class StrategySummary:
    """A strategy in a list: everything but the drawing."""

    id: str
    name: str
    status: InstanceStatus
    version: int
    template_id: str | None
    created_at: datetime.datetime
    updated_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class StrategyRecord:
    """A strategy as it was saved. `version` goes up by one with every save."""

    id: str
    name: str
    status: InstanceStatus
    version: int
    template_id: str | None
    parent_version_id: str | None
    version_note: str
    logic_flow: JsonObject
    parameters: JsonObject
    created_at: datetime.datetime
    updated_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Drawing:
    """A saved strategy's drawing, and the version that it is."""

    version: int
    logic_flow: JsonObject
    parameters: JsonObject


@dataclass(frozen=True, slots=True)
class StrategyTemplateRecord:
    """A ready-made strategy."""

    id: str
    name: str
    description: str
    category: StrategyCategory
    logic_flow: JsonObject
    parameters: JsonObject
    is_system_template: bool
    usage_count: int
    rating_average: float
    rating_count: int
    backtest_example: JsonObject | None


@dataclass(frozen=True, slots=True)
class NewStrategyTemplate:
    """A system strategy template to be written; its name tells it from others."""

    name: str
    category: StrategyCategory
    logic_flow: Mapping[str, Any]
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    backtest_example: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class NodeTemplateRecord:
    """One kind of block as the store keeps it; the fields are those of the flow's NodeTemplate in JSON."""

    id: str
    name: str
    display_name: str
    description: str
    node_type: NodeType
    category: str
    parameter_schema: JsonObject
    default_parameters: JsonObject
    input_ports: list[Any]
    output_ports: list[Any]
    is_system_template: bool
    is_shared: bool
    validation_rules: JsonObject | None
    execution_hints: JsonObject | None
    usage_count: int
    icon: str
    color: str
    version: str


@dataclass(frozen=True, slots=True)
class OfferedTemplate:
    """A block template that a user made and this user may use; `is_own` tells their own from those others share."""

    record: NodeTemplateRecord
    is_own: bool
    owner: str = ""
    """Who made it."""


@dataclass(frozen=True, slots=True)
class NewNodeTemplate:
    """A system block template to be written; its name tells it from others."""

    name: str
    display_name: str
    node_type: NodeType
    category: str = ""
    description: str = ""
    parameter_schema: Mapping[str, Any] = field(default_factory=dict)
    default_parameters: Mapping[str, Any] = field(default_factory=dict)
    input_ports: tuple[Any, ...] = ()
    output_ports: tuple[Any, ...] = ()
    validation_rules: Mapping[str, Any] | None = None
    execution_hints: Mapping[str, Any] | None = None
    icon: str = ""
    color: str = ""
    version: str = "1.0.0"


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A builder session without its draft. `instance_id` is None while the strategy was never saved."""

    id: str
    instance_id: str | None
    session_type: SessionType
    session_name: str
    is_active: bool
    snapshot_sequence: int
    last_activity_at: datetime.datetime
    expires_at: datetime.datetime
    created_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One step of the journal. Sequences run 1, 2, 3, … in a session; `edit` is any JSON value."""

    sequence: int
    kind: EditKind
    edit: Any


@dataclass(frozen=True, slots=True)
class DraftSnapshot:
    """The whole draft as it stands after the journal's step `sequence` (0: before the first).

    `keep`: how many of the journal's rows up to `sequence` stay, since undo needs them.
    """

    sequence: int
    logic_flow: Mapping[str, Any] | None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    metadata: Mapping[str, Any] | None = None
    keep: int = 200


@dataclass(frozen=True, slots=True)
class LoadedSession:
    """A draft as it was found. Take the draft, apply `entries` in order, and the strategy is as it was left.

    `kept` are the entries before the snapshot that undo needs, oldest first, ending at `sequence`. `draft_is_whole` is
    False where the draft's own checksum does not hold; then `logic_flow` is None and there are no entries.
    `last_sequence` is the newest row in the journal, read or not: the next entry takes the number after it.
    `problem` is a sentence where something was not as it was written (empty: all is well). Nothing was deleted: go on
    in a new session and deactivate this one, so that the damaged rows stay for whoever wants to look at them.
    """

    session: SessionRecord
    sequence: int
    logic_flow: JsonObject | None
    parameters: JsonObject
    metadata: JsonObject | None
    kept: tuple[JournalEntry, ...]
    entries: tuple[JournalEntry, ...]
    last_sequence: int
    draft_is_whole: bool = True
    problem: str = ""
