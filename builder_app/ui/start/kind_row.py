"""Narrowing the strategies to begin from: to one kind, to favourites, or to the user's own."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from builder_app.ui.start.faces import ExampleCard
from builder_app.ui.theme import GAP

ALL, FAVOURITES, OWN = "All", "Favourites", "Yours"


class KindRow(QWidget):
    """A chip for each kind that there is, one of them chosen."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.chips: dict[str, QPushButton] = {}
        self.chosen = ALL
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._row.addStretch(1)

    def show_kinds(self, kinds: Sequence[str]) -> None:
        """Show chips for these kinds, each once, in their order; hidden where there is but one kind."""
        wanted = (ALL, *dict.fromkeys(kind for kind in kinds if kind), FAVOURITES, OWN)
        self.setVisible(len(wanted) > 4)
        if wanted == tuple(self.chips):
            return
        for chip in self.chips.values():
            self._group.removeButton(chip)
            self._row.removeWidget(chip)
            chip.deleteLater()
        self.chips = {kind: self._chip(kind) for kind in wanted}
        for place, chip in enumerate(self.chips.values()):
            self._row.insertWidget(place, chip)
        if self.chosen not in self.chips:
            self.chosen = ALL
        self.chips[self.chosen].setChecked(True)

    def lets_through(self, card: ExampleCard) -> bool:
        """Whether the chosen chip is about this strategy."""
        match self.chosen:
            case "All":
                return True
            case "Favourites":
                return card.is_favourite
            case "Yours":
                return card.is_own
            case kind:
                return card.kind == kind

    def empty_words(self) -> str:
        """What is said where no strategy is shown, with the way on."""
        return _EMPTY.get(self.chosen, "There is no strategy of this kind.")

    def _chip(self, kind: str) -> QPushButton:
        chip = QPushButton(kind)
        chip.setCheckable(True)
        chip.setToolTip(f"Show {_TIPS.get(kind, f'only strategies of the kind {kind}')}")
        chip.clicked.connect(lambda _checked: self._choose(kind))
        self._group.addButton(chip)
        return chip

    def _choose(self, kind: str) -> None:
        if kind != self.chosen:
            self.chosen = kind
            self.changed.emit()


_TIPS: Final = {
    ALL: "all strategies to begin from",
    FAVOURITES: "only your favourites",
    OWN: "only those that you saved as templates",
}
_EMPTY: Final = {
    FAVOURITES: "No favourite yet. The menu of a strategy marks it as one.",
    OWN: "You have saved no template yet. File ▸ Save as template… makes one of the strategy in front.",
}
