"""What a badge says: a block's problems in whole sentences, each with a button that mends it where one can."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from builder_app.flow.edits import Edit
from builder_app.flow.problems import Problem, Severity
from builder_app.ui.theme import CORNER, GAP, GAP_GROUP, TEXT, Theme

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage

_WIDTH: Final = 320
_INDENT: Final = 11
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
        self._column.setSpacing(GAP)
        self._parts: list[QWidget] = []
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
        words = QLabel(problem.message, self)
        hint = QLabel(problem.hint, self)
        for label in (words, hint):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        bar = theme.colors[_TOKENS[problem.severity]]
        words.setStyleSheet(f"color: {theme.colors['text']}; border-left: 3px solid {bar}; padding-left: {GAP}px;")
        hint.setVisible(bool(problem.hint))
        self._parts += [words, hint]
        self._column.addWidget(words)
        if problem.hint:
            self._column.addWidget(hint)
        if problem.fix is not None:
            button = QPushButton(problem.fix_title or "Mend it", self)
            button.setToolTip("Do what the problem asks for; it can be undone")
            button.clicked.connect(lambda _checked=False, fix=problem.fix: self._mend(fix))
            self._parts.append(button)
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def _mend(self, fix: Edit) -> None:
        self.close_popup()
        self._view.request(fix)

    def _clear(self) -> None:
        for part in self._parts:
            self._column.removeWidget(part)
            part.hide()
            part.setParent(None)
            part.deleteLater()
        self._parts = []

    def _set_theme(self, theme: Theme) -> None:
        color = theme.colors
        self.setStyleSheet(
            f"#BadgePopup {{ background: {color['panel']}; border: 1px solid {color['hairline']};"
            f" border-radius: {CORNER}px; }}"
            f"#BadgePopup QLabel {{ color: {color['quiet_text']}; font-size: {TEXT}px; padding-left: {_INDENT}px; }}"
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
