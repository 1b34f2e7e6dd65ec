"""The code panel: header, text, findings; or the reason why there is no code."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from builder_app.flow.problems import Problem
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.ui.code.editor import ProgramText
from builder_app.ui.code.findings import FindingsList, finding_lines
from builder_app.ui.code.header import CodeHeader
from builder_app.ui.problems import ProblemsView
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, MARGIN, Theme

if TYPE_CHECKING:
    from builder_app.session import CheckReport, Program


class CodeView(QStackedWidget):
    """Shows a program as text. Passive: it is given what to show, and emits wishes.

    While nobody sees it, it only remembers what to show: writing ten thousand coloured lines takes its time.
    """

    nodes_requested = Signal(object)
    """frozenset of the ids of the blocks that the clicked line comes from."""
    open_requested = Signal()
    history_requested = Signal()
    save_requested = Signal()
    """The strategist wants to save this text as a file."""
    target_requested = Signal(str)
    """The strategist wants the code for the engine of this name."""
    problems_requested = Signal()
    """The strategist wants to see what keeps the picture from becoming code."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._program: Program | None = None
        self._nodes: frozenset[str] = frozenset()
        self._errors = 0
        self._report: CheckReport | None = None
        self._theme = self._worn = theme
        self._is_behind = False
        self.header = CodeHeader(theme)
        self._text = ProgramText(theme)
        self.findings = FindingsList(theme)
        self.refusals = ProblemsView(theme)
        self._body = QStackedWidget()
        self._refused: tuple[str, int] | None = None
        self._reason = QLabel()
        self._lower_rule = _hairline()
        self._to_problems = QPushButton("Show the problems")
        self.addWidget(self._empty_state())
        self.addWidget(self._code_page())
        self.header.copy_requested.connect(self._copy)
        self.header.save_requested.connect(self.save_requested)
        self.header.open_requested.connect(self.open_requested)
        self.header.history_requested.connect(self.history_requested)
        self.findings.line_requested.connect(self._text.show_line)
        self._text.line_clicked.connect(self._request_nodes)
        self.header.target.target_requested.connect(self.target_requested)
        self.refusals.node_requested.connect(lambda id: self.nodes_requested.emit(frozenset({id})))
        self._to_problems.clicked.connect(self.problems_requested)
        self._choose_page()

    @property
    def program(self) -> "Program | None":
        """The program that is shown now."""
        return self._program

    @property
    def text(self) -> ProgramText:
        """The text on the screen, brought up to date."""
        self._catch_up()
        return self._text

    def show_program(self, program: "Program | None", report: "CheckReport | None") -> None:
        """Show a program; None: there is no code, and `show_problem_count` says why."""
        self._program, self._report, self._refused = program, report, None
        self._be_behind()
        self._choose_page()

    def show_refused(self, target: str, refused: tuple[Problem, ...], flow: LogicFlow, catalogue: Catalogue) -> None:
        """Show why there is no code for this engine, a row for each rule; with no rows it is being written."""
        self._program, self._report, self._refused = None, None, (target, len(refused))
        self.refusals.show_problems(refused, flow, catalogue)
        self._be_behind()
        self._choose_page()

    def showEvent(self, event: QShowEvent) -> None:
        """Write what came while nobody looked."""
        self._catch_up()
        super().showEvent(event)

    def _be_behind(self) -> None:
        self._is_behind = True
        if self.isVisible():
            self._catch_up()

    def _catch_up(self) -> None:
        if not self._is_behind:
            return
        self._is_behind = False
        if self._worn != self._theme:
            self._worn = self._theme
            for part in (self.header, self._text, self.findings, self.refusals):
                part.set_theme(self._theme)
        self._body.setCurrentIndex(0 if self._refused is None else 1)
        if self._refused is not None:
            self.header.show_refused(*self._refused)
            self.refusals.setVisible(self._refused[1] > 0)
            self.findings.show_findings(())
            self._lower_rule.setVisible(False)
        program = self._program
        if program is not None:
            self._text.show_source(program.source)
            self._light()
            self.header.show_facts(program, self._report)
            found = finding_lines(program, self._report)
            self.findings.show_findings(found)
            self._lower_rule.setVisible(bool(found))

    def show_problem_count(self, errors: int) -> None:
        """Say how many errors keep the flow from becoming code; where there is one, the code gives way to that."""
        self._errors = errors
        self._choose_page()

    def _choose_page(self) -> None:
        if self._errors:
            count = "problem is" if self._errors == 1 else f"{self._errors:,} problems are"
            self._reason.setText(f"The code appears when the {count} solved")
        else:
            self._reason.setText("The code appears here as soon as the picture says something")
        self._to_problems.setVisible(self._errors > 0)
        is_empty = self._errors or (self._program is None and self._refused is None)
        self.setCurrentIndex(0 if is_empty else 1)

    def highlight_nodes(self, ids: frozenset[str]) -> None:
        """Light up the lines that come from these blocks."""
        self._nodes = ids
        if self.isVisible() and not self._is_behind:
            self._light()
        else:
            self._is_behind = True

    def set_theme(self, theme: Theme) -> None:
        """Draw the panel in another scheme."""
        self._theme = theme
        self._be_behind()

    def _light(self) -> None:
        if self._program is None:
            return
        owners = enumerate(self._program.lines, start=1)
        self._text.light_lines(frozenset(line for line, ids in owners if not self._nodes.isdisjoint(ids)))

    def _request_nodes(self, line: int) -> None:
        if self._program is None or not 1 <= line <= len(self._program.lines):
            return
        ids = frozenset(self._program.lines[line - 1])
        if ids:
            self.nodes_requested.emit(ids)

    def _copy(self) -> None:
        if self._program is not None:
            QGuiApplication.clipboard().setText(self._program.source)

    def _code_page(self) -> QWidget:
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        rule = _hairline()
        lines.addWidget(self.header)
        lines.addWidget(rule)
        self._body.addWidget(self._text)
        self._body.addWidget(self.refusals)
        lines.addWidget(self._body, 1)
        lines.addWidget(self._lower_rule)
        lines.addWidget(self.findings)
        return page

    def _empty_state(self) -> QWidget:
        page = QWidget()
        lines = QVBoxLayout(page)
        lines.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        lines.setSpacing(GAP)
        self._reason.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._reason.setWordWrap(True)
        lines.addStretch(1)
        lines.addWidget(self._reason)
        lines.addWidget(self._to_problems, 0, Qt.AlignmentFlag.AlignCenter)
        lines.addStretch(1)
        return page


def _hairline() -> QFrame:
    line = QFrame()
    set_role(line, "hairline")
    return line
