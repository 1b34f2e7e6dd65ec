"""Ctrl+K: everything that can be done, found by typing."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from builder_app.ui.theme import CORNER, GAP

WIDTH, HEIGHT = 480, 360


def matches(wanted: str, text: str) -> bool:
    """Whether every word of `wanted` stands in `text`, case aside."""
    folded = text.casefold()
    return all(word in folded for word in wanted.casefold().split())


class CommandPalette(QWidget):
    """A frameless list over the window. Enter does the chosen action, Escape closes."""

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("commandPalette")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._actions, self._over = actions, parent
        self.search = QLineEdit()
        self.search.setPlaceholderText("Search commands")
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.found = QTreeWidget()
        self.found.setColumnCount(2)
        self.found.setRootIsDecorated(False)
        self.found.setHeaderHidden(True)
        self.found.header().setStretchLastSection(False)
        self.found.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.found.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        self.found.itemActivated.connect(lambda item, _column: self._do(item))
        self.found.itemClicked.connect(lambda item, _column: self._do(item))
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.setSpacing(CORNER)
        column.addWidget(self.search)
        column.addWidget(self.found)
        self.resize(WIDTH, HEIGHT)

    def open(self) -> None:
        """Show the list over the upper middle of the window, empty search first."""
        parent = self._over
        corner = parent.mapToGlobal(parent.rect().center())
        self.move(corner.x() - WIDTH // 2, parent.mapToGlobal(parent.rect().topLeft()).y() + 64)
        self.search.clear()
        self._fill("")
        self.show()
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrow keys move in the list while the search has the focus; Enter does."""
        if watched is self.search and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None:
                row = self.found.currentIndex().row() + step
                self._choose(row % self.found.topLevelItemCount())
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do(self.found.currentItem())
                return True
        return super().eventFilter(watched, event)

    def hideEvent(self, event: QHideEvent) -> None:
        """The keyboard goes back to where it was; not every system gives it back by itself."""
        super().hideEvent(event)
        self._over.activateWindow()

    def _fill(self, wanted: str) -> None:
        self.found.clear()
        for id, action in self._actions.items():
            if id != "commands" and action.isEnabled() and matches(wanted, f"{action.text()} {action.toolTip()}"):
                keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
                item = QTreeWidgetItem([action.text(), keys])
                item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                item.setData(0, Qt.ItemDataRole.UserRole, id)
                item.setToolTip(0, action.toolTip())
                self.found.addTopLevelItem(item)
        if not self.found.topLevelItemCount():
            nothing = QTreeWidgetItem(["Nothing found. Try another word."])
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.found.addTopLevelItem(nothing)
        self._choose(0)

    def _choose(self, row: int) -> None:
        self.found.setCurrentIndex(self.found.model().index(row, 0))

    def _do(self, item: QTreeWidgetItem | None) -> None:
        id = item.data(0, Qt.ItemDataRole.UserRole) if item is not None else None
        if id is not None:
            self.hide()
            self._actions[id].trigger()
