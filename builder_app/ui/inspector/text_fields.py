"""Fields for text that say what was typed when it is done, and that never lose the cursor to an echo."""

from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from builder_app.ui.theme import code_font

PAUSE_MILLISECONDS: Final = 600
"""A text of several lines is said after a pause of this length, so that the code follows while one writes."""


class TextLine(QLineEdit):
    """One line; said at Return or when the focus leaves. Escape brings the old text back."""

    text_committed = Signal(str)
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = ""
        self.editingFinished.connect(self.commit)

    def show_text(self, text: str) -> None:
        """Show this text; one that was shown already does not disturb what is being typed."""
        if text == self._shown:
            return
        self._shown = text
        if text != self.text():
            place = self.cursorPosition()
            self.setText(text)
            self.setCursorPosition(min(place, len(text)))

    def commit(self) -> None:
        """Say what was typed, if it is new."""
        text = self.text()
        if text != self._shown:
            self._shown = text
            self.text_committed.emit(text)
            self.finished.emit()

    def revert(self) -> None:
        """Bring the text back that was shown."""
        self.setText(self._shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape gives up what was typed."""
        if event.key() == Qt.Key.Key_Escape and self.text() != self._shown:
            self.revert()
            return
        super().keyPressEvent(event)


class TextBox(QPlainTextEdit):
    """Several lines; said after a pause, at Ctrl+Return, or when the focus leaves, which ends the gesture."""

    text_committed = Signal(str)
    finished = Signal()

    def __init__(self, parent: QWidget | None = None, *, lines: int = 3, code: bool = False) -> None:
        super().__init__(parent)
        self._shown = ""
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MILLISECONDS)
        self._pause.timeout.connect(self._say)
        self.setTabChangesFocus(True)
        if code:
            self.setFont(code_font())
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 16)
        self.textChanged.connect(self._pause.start)

    def show_text(self, text: str) -> None:
        """Show this text; one that was shown already does not disturb what is being typed."""
        if text == self._shown:
            return
        self._shown = text
        if text != self.toPlainText():
            place = self.textCursor().position()
            self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(False)
            cursor = self.textCursor()
            cursor.setPosition(min(place, len(self.toPlainText())))
            self.setTextCursor(cursor)

    def commit(self) -> None:
        """Say what was typed, if it is new, and end the gesture."""
        self._say()
        self.finished.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving ends the gesture; a menu of the field is not leaving."""
        super().focusOutEvent(event)
        if event.reason() is not Qt.FocusReason.PopupFocusReason:
            self.commit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Return says it at once."""
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if control and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.commit()
            return
        super().keyPressEvent(event)

    def _say(self) -> None:
        self._pause.stop()
        text = self.toPlainText()
        if text != self._shown:
            self._shown = text
            self.text_committed.emit(text)
