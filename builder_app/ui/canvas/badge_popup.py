"""What a badge says: a block's problems in whole sentences, each with a button that mends it where one can."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QVBoxLayout

from builder_app.flow.edits import Edit
from builder_app.flow.problems import Problem
from builder_app.ui.canvas.popup_style import popup_sheet
from builder_app.ui.problems import ProblemRow
from builder_app.ui.theme import GAP, Theme

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage

_WIDTH: Final = 320


class BadgePopup(QFrame):
    """A small frame beside a badge. Escape and leaving close it; a button wishes its edit and closes it."""

    def __init__(self, view: "Stage") -> None:
        super().__init__(view)
        self._view = view
        self.setObjectName("BadgePopup")
        self.setAccessibleName("Problems of the block")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GAP, GAP, GAP, GAP)
        self._column.setSpacing(GAP)
        self._rows: list[ProblemRow] = []
        view.viewport_changed.connect(lambda *_where: self.hide())
        self.hide()

    def open(self, node: str, at: QPoint) -> None:
        """Show the problems of a block at a pixel of the view, moved so that all can be read."""
        self._clear()
        theme = self._view.canvas.inks.theme
        self.setStyleSheet(popup_sheet("BadgePopup", theme))
        for problem in self._view.canvas.problems.get(node, ()):
            self._add(problem, theme)
        self.setFixedWidth(min(_WIDTH, self._view.width() - 2 * GAP))
        self._column.activate()
        self.setFixedHeight(self._column.totalHeightForWidth(self.width()))
        x = max(GAP, min(at.x() + GAP, self._view.width() - self.width() - GAP))
        y = max(GAP, min(at.y() + GAP, self._view.height() - self.height() - GAP))
        self.move(x, y)
        self.show()
        self.raise_()
        mendable = [row for row in self._rows if row.problem is not None and row.problem.fix is not None]
        (mendable[0].fix_button if mendable else self).setFocus(Qt.FocusReason.PopupFocusReason)

    def _add(self, problem: Problem, theme: Theme) -> None:
        """A card that says it, with its button."""
        row = ProblemRow(theme, self, card=True)
        row.show_problem(problem, "")
        row.fix_requested.connect(self._mend)
        self._rows.append(row)
        self._column.addWidget(row)

    def _mend(self, fix: Edit) -> None:
        self.close_popup()
        self._view.request(fix)

    def _clear(self) -> None:
        for row in self._rows:
            self._column.removeWidget(row)
            row.hide()
            row.setParent(None)
            row.deleteLater()
        self._rows = []

    def close_popup(self) -> None:
        """Close; the canvas gets the keyboard back."""
        if self.isVisible():
            inside = self.isAncestorOf(self.focusWidget()) if self.focusWidget() else False
            if inside or self.hasFocus():
                self._view.setFocus(Qt.FocusReason.PopupFocusReason)
            self.hide()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_popup()
        else:
            super().keyPressEvent(event)
