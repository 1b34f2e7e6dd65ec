"""A field for a sensitive value: it never shows it but while a button is held down, and typing replaces it whole."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from builder_app.flow.values import Literal, Secret
from builder_app.ui.inspector.number_fields import MIXED
from builder_app.ui.pictures import picture
from builder_app.ui.theme import Theme

MASK: Final = "••••••••"
"""As long for every value."""
_COPYING: Final = (QKeySequence.StandardKey.Copy, QKeySequence.StandardKey.Cut)


class SecretLine(QLineEdit):
    """What is typed shows as dots; nothing can be copied out of it. Escape gives up what was typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setDragEnabled(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copying is swallowed, while it is revealed too."""
        if any(event.matches(key) for key in _COPYING):
            event.accept()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.setText("")
        else:
            super().keyPressEvent(event)


class SecretField(QWidget):
    """A SecretLine with the button that reveals."""

    secret_committed = Signal(str)
    """The new value; it takes the place of the whole old one."""
    finished = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._secret = Secret()
        self._typed = ""
        self._is_revealing = False
        self.line = SecretLine()
        self.reveal = QToolButton()
        self.reveal.setToolTip("Hold down to see the value")
        self.reveal.setAccessibleName("Reveal while held down")
        self.reveal.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.line, 1)
        row.addWidget(self.reveal)
        self.setFocusProxy(self.line)
        self.line.editingFinished.connect(self.commit)
        self.reveal.pressed.connect(self._show)
        self.reveal.released.connect(self._hide)

    def show_secret(self, value: object, *, mixed: bool = False) -> None:
        """Say whether there is a value; what is being typed stays."""
        secret = value if isinstance(value, Secret) else Secret(_plain(value))
        if secret != self._secret:
            self._hide()
        self._secret = secret
        self.line.setPlaceholderText(MIXED if mixed else _words(secret))
        self.reveal.setEnabled(secret.is_set and not mixed)
        self.setToolTip(secret.why)

    def commit(self) -> None:
        """Say what was typed, and forget it here."""
        text = self.line.text()
        if text and not self._is_revealing:
            self.line.setText("")  # this empties the line's own undo too
            self.secret_committed.emit(text)
            self.finished.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """What is not on the screen is not revealed."""
        self._hide()
        super().hideEvent(event)

    def set_theme(self, theme: Theme) -> None:
        """Draw the icon in another scheme."""
        self.reveal.setIcon(picture("eye", theme.color("quiet_text")))

    def _show(self) -> None:
        self._is_revealing = True
        self._typed = self.line.text()
        self.line.setReadOnly(True)
        self.line.setEchoMode(QLineEdit.EchoMode.Normal)
        if not self._typed and self._secret.is_set:
            self.line.setText(str(self._secret.value))

    def _hide(self) -> None:
        if not self._is_revealing:
            return
        self.line.setText(self._typed)
        self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.setReadOnly(False)
        self._typed, self._is_revealing = "", False


def _words(secret: Secret) -> str:
    if secret.is_set:
        return MASK
    return "could not be opened" if secret.why else "not set"


def _plain(value: object) -> Literal:
    return value if isinstance(value, bool | int | float | str) and value != "" else None
