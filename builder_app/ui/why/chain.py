"""The chain of blocks behind each decision of a bar, as an indented tree with values."""

from collections.abc import Iterator
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from builder_app.session.runs.why import BarAnswer, Side, Step
from builder_app.session.runs.why_orders import HELD_LONG, HELD_SHORT, REFUSED
from builder_app.ui.theme import Theme, text_font

NODE: Final = Qt.ItemDataRole.UserRole
_SIDE: Final = Qt.ItemDataRole.UserRole + 1
_TOKEN: Final = Qt.ItemDataRole.UserRole + 2
_TITLES: Final = {
    ("long_entry", True): "Buy",
    ("long_entry", False): "Not bought",
    ("long_exit", True): "Sell",
    ("long_exit", False): "Not sold by a signal",
    ("short_entry", True): "Sell short",
    ("short_entry", False): "Not sold short",
    ("short_exit", True): "Buy back",
    ("short_exit", False): "Not bought back by a signal",
    (HELD_LONG, True): "Held long",
    (HELD_SHORT, True): "Held short",
    (REFUSED, True): "Entry refused",
}
_COLUMNS: Final = ("Block", "Value", "What it says")
_WIDTHS: Final = (300, 132)


class Chain(QTreeWidget):
    """A row for each block: ✓ true, ✗ false; in red what stood in the way. A click asks to show the block."""

    node_requested = Signal(str)
    side_chosen = Signal(int)
    """The number of the side that the row belongs to."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setColumnCount(len(_COLUMNS))
        self.setHeaderLabels(list(_COLUMNS))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformRowHeights(True)
        self.setAccessibleName("The chain of blocks at this bar")
        header = self.header()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, width)
        header.setStretchLastSection(True)
        self.headerItem().setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.itemClicked.connect(lambda item: self._ask_for(item))
        self.itemActivated.connect(lambda item: self._ask_for(item))
        self.currentItemChanged.connect(self._choose)

    def show_answer(self, answer: BarAnswer | None, names: dict[str, str]) -> None:
        """Show the sides with their chains; `names` says what position blocks are called. None: nothing is known."""
        self.clear()
        for number, side in enumerate(answer.sides if answer is not None else ()):
            self._add_side(number, side, names if len(names) > 1 else {})
        first = self.topLevelItem(0)
        if first is not None:
            self.setCurrentItem(first)

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self._theme = theme
        for item in self._items():
            self._colour(item)

    def _items(self) -> Iterator[QTreeWidgetItem]:
        waiting = [self.topLevelItem(row) for row in range(self.topLevelItemCount())]
        while waiting:
            item = waiting.pop()
            if item is None:
                continue
            waiting += [item.child(row) for row in range(item.childCount())]
            yield item

    def _add_side(self, number: int, side: Side, names: dict[str, str]) -> None:
        where = names.get(side.position, "")
        is_good = side.holds and side.side != REFUSED
        title = f"{'✓' if is_good else '✗'} {_TITLES[side.side, side.holds]}"
        item = QTreeWidgetItem([f"{title} · {where}" if where else title, "", ""])
        item.setFont(0, text_font(bold=True))
        item.setData(0, _SIDE, number)
        item.setData(0, _TOKEN, "gain" if is_good else "text")
        self.addTopLevelItem(item)
        self._colour(item)
        for step in side.steps:
            self._add_step(item, number, step)
        item.setExpanded(True)

    def _add_step(self, parent: QTreeWidgetItem, number: int, step: Step) -> None:
        mark = {True: "✓ ", False: "✗ ", None: ""}[step.holds]
        item = QTreeWidgetItem([mark + step.name, step.value, step.phrase])
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        item.setToolTip(2, step.phrase)
        item.setData(0, NODE, step.node)
        item.setData(0, _SIDE, number)
        quiet = "text" if step.holds is None else "quiet_text"
        item.setData(0, _TOKEN, "loss" if step.blocks else "gain" if step.holds else quiet)
        if step.blocks:
            item.setFont(0, text_font(bold=True))
            item.setToolTip(0, "This stood in the way.")
        parent.addChild(item)
        self._colour(item)
        for inner in step.inside:
            self._add_step(item, number, inner)
        item.setExpanded(True)

    def _colour(self, item: QTreeWidgetItem) -> None:
        color = self._theme.color(str(item.data(0, _TOKEN)))
        item.setForeground(0, color)
        item.setForeground(1, color)
        item.setForeground(2, self._theme.color("quiet_text"))

    def _ask_for(self, item: QTreeWidgetItem) -> None:
        node = item.data(0, NODE)
        if node:
            self.node_requested.emit(node)

    def _choose(self, item: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.side_chosen.emit(int(item.data(0, _SIDE)))
