"""What the checks found in the text, and what the generator chose, as lines that jump to their place."""

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QSizePolicy, QWidget

from builder_app.flow.problems import Severity
from builder_app.ui.problems import severity_icon
from builder_app.ui.theme import Theme

if TYPE_CHECKING:
    from builder_app.session import CheckReport, Program

_MOST_LINES_SHOWN: Final = 5


class FindingLine(NamedTuple):
    """One line of the list; `line` 0 is the whole text."""

    severity: Severity
    kind: str
    line: int
    message: str

    @property
    def text(self) -> str:
        """As it is read: "Line 12 · Security: …"."""
        place = f"Line {self.line} · " if self.line else ""
        return f"{place}{self.kind}: {self.message}"


def finding_lines(program: "Program | None", report: "CheckReport | None") -> tuple[FindingLine, ...]:
    """Everything worth saying about a program, worst first."""
    lines: list[FindingLine] = []
    if report is not None:
        lines += [FindingLine(Severity.ERROR, "Syntax", found.line, found.message) for found in report.syntax_errors]
        lines += [
            FindingLine(Severity.ERROR, "Security", found.line, found.message) for found in report.security_warnings
        ]
        lines += [
            FindingLine(Severity.ERROR, "Security", 0, f"The module '{name}' may not be imported.")
            for name in report.forbidden_imports
        ]
        if report.runtime_error:
            lines.append(FindingLine(Severity.ERROR, "Dry run", 0, report.runtime_error))
        lines += [FindingLine(Severity.WARNING, "Style", found.line, found.message) for found in report.lint_warnings]
    if report is not None and report.certificate:
        lines.append(FindingLine(Severity.REMARK, "Certificate", 0, report.certificate))
    if program is not None:
        lines += [FindingLine(Severity.REMARK, "Note", 0, remark) for remark in program.remarks]
    return tuple(lines)


class FindingsList(QListWidget):
    """The findings, as many lines high as it needs up to five; hidden where there are none."""

    line_requested = Signal(int)
    """The 1-based line that the strategist wants to see."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._found: tuple[FindingLine, ...] = ()
        self.setIconSize(QSize(16, 16))
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Findings in the code")
        self.itemClicked.connect(self._request_line)

    def show_findings(self, found: tuple[FindingLine, ...]) -> None:
        """Show these; equal ones are left as they are."""
        if found != self._found:
            self._found = found
            self._refill()
        self.setVisible(bool(found))

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in another scheme."""
        if theme != self._theme:
            self._theme = theme
            self._refill()

    def sizeHint(self) -> QSize:
        """High enough for its lines, at most five."""
        count = min(self.count(), _MOST_LINES_SHOWN)
        return QSize(200, count * max(self.sizeHintForRow(0), 0) + 2 * self.frameWidth())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return shows the line of the finding."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentItem() is not None:
            self._request_line(self.currentItem())
            return
        super().keyPressEvent(event)

    def _refill(self) -> None:
        self.clear()
        for line in self._found:
            item = QListWidgetItem(severity_icon(line.severity, self._theme), line.text)
            item.setToolTip(line.message)
            self.addItem(item)
        self.updateGeometry()

    def _request_line(self, item: QListWidgetItem) -> None:
        line = self._found[self.row(item)].line
        if line:
            self.line_requested.emit(line)
