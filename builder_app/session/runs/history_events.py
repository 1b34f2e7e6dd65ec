"""What happened to kept tests and to the row of tests that wait; `events` tells them with the others."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from builder_app.session.runs.comparison import Comparison
    from builder_app.session.runs.tests_history import KeptTest, WantedTests


@dataclass(frozen=True, slots=True)
class QueuedTest:
    """A test that was asked for and has not ended: it runs, or waits for others."""

    number: int
    name: str
    is_running: bool


@dataclass(frozen=True, slots=True)
class QueueChanged:
    """Other tests run or wait now."""

    queue: tuple[QueuedTest, ...]


@dataclass(frozen=True, slots=True, eq=False)
class TestsListed:
    """The kept tests that were asked for, the newest first; `has_more`: there are older ones still."""

    __test__ = False  # the name begins with Test, and pytest would collect it

    tests: "tuple[KeptTest, ...]"
    has_more: bool
    wanted: "WantedTests"


@dataclass(frozen=True, slots=True)
class TestsChanged:
    """Kept tests were named, starred, deleted or restored: a sentence, and those that Undo would bring back."""

    __test__ = False

    message: str
    deleted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class TestsCompared:
    """Kept tests side by side."""

    __test__ = False

    comparison: "Comparison"


@dataclass(frozen=True, slots=True)
class TestRanAgain:
    """A kept test was run once more: whether the result is identical, and what changed, in whole sentences."""

    __test__ = False

    test: str
    is_identical: bool
    message: str
