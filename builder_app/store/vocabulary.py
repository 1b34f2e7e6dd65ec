"""The fixed words of the tables' columns. Node types are those of the flow."""

from enum import StrEnum

from builder_app.flow.values import NodeType

__all__ = [
    "EditKind",
    "InstanceStatus",
    "MeasurementKind",
    "NodeType",
    "SessionType",
    "StrategyCategory",
    "TestStatus",
    "ValidationStatus",
]


class StrategyCategory(StrEnum):
    """What kind of strategy a template is."""

    TREND_FOLLOWING = "TREND_FOLLOWING"
    OSCILLATION = "OSCILLATION"
    MULTI_FACTOR = "MULTI_FACTOR"


class InstanceStatus(StrEnum):
    """Where a strategy is in its life."""

    DRAFT = "DRAFT"
    TESTING = "TESTING"
    ACTIVE = "ACTIVE"
    ARCHIVED = "ARCHIVED"


class TestStatus(StrEnum):
    """How far a quick test is; the last three are final."""

    __test__ = False  # the name begins with Test, and pytest would collect it

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class ValidationStatus(StrEnum):
    """What the checks of a generated text found. A test holds it equal to code generation's own list."""

    PENDING = "PENDING"
    VALID = "VALID"
    SYNTAX_ERROR = "SYNTAX_ERROR"
    SECURITY_ERROR = "SECURITY_ERROR"
    RUNTIME_ERROR = "RUNTIME_ERROR"


class SessionType(StrEnum):
    """What a builder session is for."""

    DRAFT = "DRAFT"
    AUTOSAVE = "AUTOSAVE"
    COLLABORATIVE = "COLLABORATIVE"


class MeasurementKind(StrEnum):
    """What was measured of the program itself."""

    DRAFT_SAVE = "DRAFT_SAVE"
    JOB = "JOB"
    SLOW_QUERY = "SLOW_QUERY"


class EditKind(StrEnum):
    """What a journal row did to the draft: a new edit, or a step back or forth in the history."""

    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"


class StrategyOrder(StrEnum):
    """How a list of strategies is sorted."""

    CHANGED = "changed"
    """The newest change first."""
    CREATED = "created"
    """The newest first."""
    NAME = "name"
    """By name, capital letters before small ones."""


class TemplateOrder(StrEnum):
    """How a list of templates is sorted."""

    USAGE = "usage"
    """The most used first."""
    NAME = "name"
    """By name, capital letters before small ones."""
    RATING = "rating"
    """The best rated first; strategy templates only."""


class TestOrder(StrEnum):
    """How a list of quick tests is sorted."""

    __test__ = False  # the name begins with Test, and pytest would collect it

    NEWEST = "newest"
    OLDEST = "oldest"
