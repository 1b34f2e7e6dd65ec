"""A few words under a field for a few seconds, where what was typed was not taken as it was."""

from typing import Final

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QLabel, QWidget

from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP_SMALL

SECONDS_SHOWN: Final = 5.0


class FieldHint(QLabel):
    """One to a window, over what stands there, out of the mouse's way.

    It is no tooltip: those go as soon as the mouse or the focus moves on, and both do when a field is left.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        set_role(self, "hint")
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)

    def say(self, field: QWidget, words: str) -> None:
        """Show the words right under the field, or above it where the window ends."""
        self.setText(words)
        self.setAccessibleName(words)
        self.adjustSize()
        window = self.window()
        corner = field.mapTo(window, QPoint(field.width(), field.height() + GAP_SMALL))
        left = min(corner.x(), window.width() - GAP_SMALL) - self.width()
        above = corner.y() - field.height() - 2 * GAP_SMALL - self.height()
        fits_below = corner.y() + self.height() <= window.height()
        self.move(max(left, 0), corner.y() if fits_below else above)
        self.show()
        self.raise_()
        self._timer.start(round(SECONDS_SHOWN * 1000))


def show_hint(field: QWidget, words: str) -> None:
    """Say it at the field; an earlier hint of the window gives way."""
    window = field.window()
    (window.findChild(FieldHint) or FieldHint(window)).say(field, words)
