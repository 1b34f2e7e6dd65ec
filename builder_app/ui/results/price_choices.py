"""What the chart of prices shows: which symbol, and which block's values with it."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from builder_app.ui.theme import GAP

BLOCKS_HINT: Final = "The block whose values are drawn over the prices, or below them where they are of another size"
NO_SERIES: Final = "No block's values"
_MOST_WIDTH: Final = 200


class PriceChoices(QWidget):
    """Two lists in a row: `blocks`, the first of them none, and `symbols`."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.symbols, self.blocks = QComboBox(self), QComboBox(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for choice, name in ((self.blocks, BLOCKS_HINT), (self.symbols, "Symbol")):
            choice.setAccessibleName(name)
            choice.setToolTip(name)
            choice.setMaximumWidth(_MOST_WIDTH)
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            row.addWidget(choice)
        self.blocks.addItem(NO_SERIES)

    def offer_blocks(self, names: Iterable[str], why_not: str = "") -> None:
        """Offer these blocks; the chosen one stays so while it is among them. `why_not`: why there are none."""
        chosen, names = self.blocks.currentText(), [NO_SERIES, *names]
        if [self.blocks.itemText(place) for place in range(self.blocks.count())] != names:
            self.blocks.clear()
            self.blocks.addItems(names)
            self.blocks.setCurrentText(chosen if chosen in names else NO_SERIES)
        self.blocks.setToolTip(why_not or BLOCKS_HINT)
