"""How a severity looks and what it is called: a colour, an icon of its own shape, and a word."""

from typing import Final

from PySide6.QtGui import QIcon

from builder_app.flow.problems import Problem, Severity
from builder_app.ui.pictures import picture
from builder_app.ui.theme import Theme

SEVERITY_TOKENS: Final = {Severity.ERROR: "loss", Severity.WARNING: "warning", Severity.REMARK: "accent"}
_PICTURES: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.REMARK: "remark"}
_WORDS: Final = {Severity.ERROR: "Error", Severity.WARNING: "Warning", Severity.REMARK: "Remark"}
_ORDER: Final = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.REMARK: 2}


def severity_word(severity: Severity) -> str:
    """The severity in a word, capitalised."""
    return _WORDS[severity]


def severity_icon(severity: Severity, theme: Theme) -> QIcon:
    """A cross in a circle, a triangle, or an i in a circle, in the severity's colour."""
    return picture(_PICTURES[severity], theme.color(SEVERITY_TOKENS[severity]))


def by_severity(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    """The problems, errors first; equal ones keep their order."""
    return tuple(sorted(problems, key=lambda problem: _ORDER[problem.severity]))
