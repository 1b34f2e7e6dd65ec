"""The history as a list: the start, then each step by its title, the current place marked, undone steps quiet."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from builder_app.ui.pictures import picture
from builder_app.ui.theme import Theme, text_font

_START: Final = "Start"


class HistoryView(QListWidget):
    """Shows where in the history the strategist is; a click or Return on a line asks to go there."""

    jump_requested = Signal(int)
    """How many steps should be done: 0 is the start, n is after the n-th step."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._titles: tuple[str, ...] = ()
        self._current = -1
        self._theme = theme
        self._clear_icon = _clear_icon()
        self.setIconSize(QSize(16, 16))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.setAccessibleName("History")
        self.itemClicked.connect(self._jump_to)
        self.show_history((), 0)

    def show_history(self, titles: Sequence[str], current: int) -> None:
        """Show the steps, oldest first, of which the first `current` are done; only changed lines are touched."""
        after = (_START, *titles)
        same = _common_length(self._titles, after)
        self.blockSignals(True)
        while self.count() > len(after):
            self.takeItem(self.count() - 1)
        for index in range(same, len(after)):
            if index < self.count():
                self.item(index).setText(after[index])
            else:
                self.addItem(after[index])
        first = min(same, self._current, current) if self._current >= 0 else 0
        last = max(len(after) - 1 if same < len(after) else 0, self._current, current)
        for index in range(max(first, 0), min(last + 1, len(after))):
            self._mark(self.item(index), index, current)
        moved = current != self._current
        self._titles, self._current = after, current
        self.blockSignals(False)
        if moved:
            self.setCurrentRow(current)
            self.scrollToItem(self.item(current))

    def set_theme(self, theme: Theme) -> None:
        """Draw the list in another scheme."""
        self._theme = theme
        for index in range(self.count()):
            self._mark(self.item(index), index, self._current)

    def _mark(self, item: QListWidgetItem, index: int, current: int) -> None:
        here = index == current
        item.setIcon(picture("place", self._theme.color("accent")) if here else self._clear_icon)
        item.setFont(text_font(bold=here))
        item.setForeground(self._theme.color("quiet_text" if index > current else "text"))
        item.setToolTip(_tip(index, current))

    def _jump_to(self, item: QListWidgetItem) -> None:
        self.jump_requested.emit(self.row(item))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Space go to the line of the cursor."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self.currentItem() is not None:
            self._jump_to(self.currentItem())
            return
        super().keyPressEvent(event)


def _tip(index: int, current: int) -> str:
    if index == current:
        return "You are here"
    if index > current:
        return "Undone; click to do everything up to here again"
    return "Click to go back to here; later steps stay in the list"


def _common_length(before: Sequence[str], after: Sequence[str]) -> int:
    length = 0
    for old, new in zip(before, after, strict=False):
        if old != new:
            break
        length += 1
    return length


def _clear_icon() -> QIcon:
    pixmap = QPixmap(16, 16)
    pixmap.fill(Qt.GlobalColor.transparent)
    return QIcon(pixmap)
