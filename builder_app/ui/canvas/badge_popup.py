"""What a badge says: a block's problems in whole sentences, each with a button that mends it where one can."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from builder_app.flow.edits import Edit
from builder_app.flow.problems import Problem, Severity
from builder_app.ui.theme import CORNER, GAP, GAP_GROUP, TEXT, Theme

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage

_WIDTH: Final = 320
_BAR: Final = 3
_TOKENS: Final = {Severity.ERROR: "loss", Severity.WARNING: "warning", Severity.REMARK: "accent"}


class BadgePopup(QFrame):
    """A small frame beside a badge. Escape and leaving close it; a button wishes its edit and closes it."""

    def __init__(self, view: "Stage") -> None:
        super().__init__(view)
        self._view = view
        self.setObjectName("BadgePopup")
        self.setAccessibleName("Problems of the block")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(GAP_GROUP, GAP_GROUP, GAP_GROUP, GAP_GROUP)
        self._column.setSpacing(GAP_GROUP)
        self._rows: list[QWidget] = []
        view.viewport_changed.connect(lambda *_where: self.hide())
        self.hide()

    def open(self, node: str, at: QPoint) -> None:
        """Show the problems of a block at a pixel of the view, moved so that all can be read."""
        self._clear()
        theme = self._view.canvas.inks.theme
        self._set_theme(theme)
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
        buttons = self.findChildren(QPushButton)
        (buttons[0] if buttons else self).setFocus(Qt.FocusReason.PopupFocusReason)

    def _add(self, problem: Problem, theme: Theme) -> None:
        """A row: a bar in the severity's colour, and beside it the words and the button."""
        row = QWidget(self)
        bar = QFrame(row)
        bar.setFixedWidth(_BAR)
        bar.setStyleSheet(f"background: {theme.colors[_TOKENS[problem.severity]]}; border-radius: 1px;")
        words = QVBoxLayout()
        words.setSpacing(GAP)
        message, hint = QLabel(problem.message, row), QLabel(problem.hint, row)
        message.setStyleSheet(f"color: {theme.colors['text']};")
        hint.setVisible(bool(problem.hint))
        for label in (message, hint):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            words.addWidget(label)
        if problem.fix is not None:
            button = QPushButton(problem.fix_title or "Mend it", row)
            button.setToolTip("Do what the problem asks for; it can be undone")
            button.clicked.connect(lambda _checked=False, fix=problem.fix: self._mend(fix))
            words.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(GAP)
        line.addWidget(bar)
        line.addLayout(words)
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

    def _set_theme(self, theme: Theme) -> None:
        color = theme.colors
        self.setStyleSheet(
            f"#BadgePopup {{ background: {color['panel']}; border: 1px solid {color['hairline']};"
            f" border-radius: {CORNER}px; }}"
            f"#BadgePopup QLabel {{ color: {color['quiet_text']}; font-size: {TEXT}px; }}"
        )

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
