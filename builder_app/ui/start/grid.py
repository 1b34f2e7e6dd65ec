"""Cards in as many columns as there is room for, walked with the arrow keys."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from builder_app.ui.start.cards import Card, card_height
from builder_app.ui.theme import MARGIN

LEAST_CARD_WIDTH: Final = 232
MOST_COLUMNS: Final = 6


def columns_in(width: int, least: int = LEAST_CARD_WIDTH, gap: int = MARGIN) -> int:
    """How many cards of at least this width lie side by side; at least one, and no more than the eye takes in."""
    return min(max(1, (width + gap) // (least + gap)), MOST_COLUMNS)


class CardGrid(QWidget):
    """Lays cards out in rows of equal width; its height follows from its width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards: list[Card] = []
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards, in reading order."""
        return tuple(self._cards)

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Show these cards in place of those before; one that was there before stays."""
        stays, was_there = set(cards), set(self._cards)
        for card in self._cards:
            if card not in stays:
                card.hide()
                card.deleteLater()
        self._cards = list(cards)
        self._lay_out()
        for card in self._cards:
            if card not in was_there:
                card.show()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """The height of all rows in this width."""
        rows = -(-len(self._cards) // columns_in(width))
        return max(0, rows * (card_height(_card_width(width)) + MARGIN) - MARGIN)

    def sizeHint(self) -> QSize:
        """Room at the present width."""
        return QSize(self.width(), self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """One card; how high it must be for all follows from the width."""
        return QSize(LEAST_CARD_WIDTH, card_height(LEAST_CARD_WIDTH) if self._cards else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the neighbour; past the first and the last row the focus leaves the grid."""
        focused = self.focusWidget()
        place = self._cards.index(focused) if isinstance(focused, Card) and focused in self._cards else -1
        columns = columns_in(self.width())
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        step = steps.get(Qt.Key(event.key()))
        if place < 0 or step is None:
            super().keyPressEvent(event)
            return
        target = place + step
        if 0 <= target < len(self._cards):
            self._cards[target].setFocus(Qt.FocusReason.TabFocusReason)
        elif abs(step) == columns or columns == 1:
            event.ignore()

    def _lay_out(self) -> None:
        columns = columns_in(self.width())
        width = _card_width(self.width())
        height = card_height(width)
        for place, card in enumerate(self._cards):
            row, column = divmod(place, columns)
            card.setGeometry(column * (width + MARGIN), row * (height + MARGIN), width, height)


def _card_width(width: int) -> int:
    columns = columns_in(width)
    return (width - (columns - 1) * MARGIN) // columns
