"""A problem as data: what is wrong, where, and what to do about it."""

from dataclasses import dataclass
from enum import StrEnum

from builder_app.flow.edits import Edit


class Severity(StrEnum):
    """ERROR keeps the strategy from becoming code; WARNING and REMARK do not."""

    ERROR = "error"
    WARNING = "warning"
    REMARK = "remark"


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding. `rule` is its stable name; `message` is a whole sentence; `hint` says what to do."""

    severity: Severity
    rule: str
    message: str
    node: str | None = None
    port: str | None = None
    hint: str = ""
    fix: Edit | None = None
    fix_title: str = ""
    parameter: str | None = None
    """The node's parameter, or without a node the strategy parameter, that is to blame."""


def errors(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """Only those that keep the strategy from becoming code."""
    return tuple(problem for problem in problems if problem.severity is Severity.ERROR)
