"""The list of everything that is wrong with the flow, worst first."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from builder_app.flow.group_paths import path_name, split_id
from builder_app.flow.groups import catalogue_with_groups
from builder_app.flow.problems import Problem
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.ui.problems.row import ProblemRow
from builder_app.ui.problems.severity import by_severity
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, MARGIN, Theme

ROWS_AT_ONCE: Final = 25
"""So many rows are shown, and so many more at each wish for more: a list of thousands helps nobody and is slow."""


class ProblemsView(QStackedWidget):
    """Rows of problems, or "No problems". Passive: it is shown problems and emits wishes.

    While nobody sees it, it only remembers what to show. Rows that are left over are kept for the next problems: to
    make one takes longer than to fill it.
    """

    node_requested = Signal(str)
    """The id of the block that the strategist wants to see."""
    fix_requested = Signal(object)
    """The Edit that would mend the problem."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._problems: tuple[Problem, ...] = ()
        self._flow, self._catalogue = LogicFlow(), Catalogue()
        self._rows: list[ProblemRow] = []
        self._spare: list[ProblemRow] = []
        self._is_behind = False
        self._list = QWidget()
        self._lines = QVBoxLayout(self._list)
        self._lines.setContentsMargins(GAP, GAP, GAP, GAP)
        self._lines.setSpacing(0)
        self._limit = ROWS_AT_ONCE
        self.more = QPushButton()
        set_role(self.more, "flat")
        self.more.clicked.connect(self._show_more)
        self._lines.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._lines.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidget(self._list)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll = scroll
        self.addWidget(_empty_state())
        self.addWidget(scroll)
        self.setAccessibleName("Problems")

    @property
    def rows(self) -> tuple[ProblemRow, ...]:
        """The rows shown now, from top to bottom, brought up to date."""
        self._catch_up()
        return tuple(self._rows)

    def show_problems(self, problems: tuple[Problem, ...], flow: LogicFlow, catalogue: Catalogue) -> None:
        """Show these problems of `flow`; rows that say the same as before are left alone."""
        ordered = by_severity(problems)
        self._flow, self._catalogue = flow, catalogue
        self.setCurrentIndex(1 if ordered else 0)
        self._problems = ordered
        self._is_behind = True
        if self.isVisible():
            self._catch_up()

    def showEvent(self, event: QShowEvent) -> None:
        """Write the rows that came while nobody looked."""
        self._catch_up()
        super().showEvent(event)

    def _catch_up(self) -> None:
        if not self._is_behind:
            return
        self._is_behind = False
        shown = self._problems[: self._limit]
        while len(self._rows) > len(shown):
            row = self._rows.pop()
            row.hide()
            row.clear()
            self._spare.append(row)
        while len(self._rows) < len(shown):
            self._rows.append(self._spare.pop() if self._spare else self._new_row())
        for row, problem in zip(self._rows, shown, strict=True):
            self._fill(row, problem, block_label(problem.node, self._flow, self._catalogue))
            row.show()
        left_out = len(self._problems) - len(shown)
        self.more.setText(f"Show more ({left_out:,} left)")
        self.more.setVisible(left_out > 0)

    def set_theme(self, theme: Theme) -> None:
        """Draw the list in another scheme."""
        self._theme = theme
        for row in (*self._rows, *self._spare):
            row.set_theme(theme)

    def _new_row(self) -> ProblemRow:
        row = ProblemRow(self._theme, self._list)
        row.node_requested.connect(self.node_requested)
        row.fix_requested.connect(self.fix_requested)
        row.step_requested.connect(lambda step, row=row: self._go(row, step))
        self._lines.insertWidget(len(self._rows), row)
        return row

    def _show_more(self) -> None:
        self._limit += ROWS_AT_ONCE
        self.show_problems(self._problems, self._flow, self._catalogue)

    def _go(self, row: ProblemRow, step: int) -> None:
        place = min(max(self._rows.index(row) + step, 0), len(self._rows) - 1)
        self._rows[place].setFocus(Qt.FocusReason.TabFocusReason)
        self._scroll.ensureWidgetVisible(self._rows[place])

    def _fill(self, row: ProblemRow, problem: Problem, block: str) -> None:
        if row.problem != problem or row.block != block:
            row.show_problem(problem, block)


def block_label(node: str | None, flow: LogicFlow, catalogue: Catalogue) -> str:
    """What the strategist calls the block: its label, else its template's name, else its id; nothing for no block."""
    if node is None:
        return ""
    if node not in flow.nodes and split_id(flow, node)[0]:
        return path_name(flow, catalogue, node)
    block = flow.nodes.get(node)
    if block is None:
        return node
    template = catalogue_with_groups(flow, catalogue).of(block)
    return block.label or (template.display_name if template else block.template) or node


def _empty_state() -> QWidget:
    page = QWidget()
    lines = QVBoxLayout(page)
    lines.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
    title = QLabel("No problems")
    title.setAlignment(Qt.AlignmentFlag.AlignCenter)
    below = QLabel("What keeps the strategy from becoming code, and what looks odd in it, is listed here.")
    below.setAlignment(Qt.AlignmentFlag.AlignCenter)
    below.setWordWrap(True)
    set_role(below, "quiet")
    lines.addStretch(1)
    lines.addWidget(title)
    lines.addWidget(below)
    lines.addStretch(1)
    return page
