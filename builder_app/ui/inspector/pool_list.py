"""The symbols that are traded, to be ticked."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from builder_app.ui.inspector.editors import QuietCombo
from builder_app.ui.stylesheet import set_property, set_role
from builder_app.ui.theme import GAP_SMALL

_MOST_LINES_SHOWN: Final = 8


class PoolList(QWidget):
    """Every symbol of the library with a tick where it is traded. No pool of one's own: all are ticked."""

    pool_edited = Signal(object)
    """tuple[str, ...]: the ticked symbols; empty where all of them are."""
    complained = Signal(str)

    NO_GROUP: Final = "Choose a group…"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: tuple[str, ...] = ()
        self._shown: tuple[tuple[str, ...], tuple[str, ...]] | None = None
        self._groups: dict[str, tuple[str, ...]] = {}
        self.title = QLabel()
        set_role(self.title, "small")
        self.groups = QuietCombo()
        self.groups.setAccessibleName("Group of symbols")
        self.groups.setToolTip("Take a group of the price library as the pool")
        self.groups.hide()
        self.list = QListWidget()
        set_property(self.list, "role", "field")
        self.list.setSelectionMode(QListWidget.SelectionMode.NoSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Pool")
        self.title.setBuddy(self.list)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GAP_SMALL)
        lines.addWidget(self.title)
        lines.addWidget(self.groups)
        lines.addWidget(self.list)
        self.groups.activated.connect(self._take_group)
        self.list.itemChanged.connect(self._ticked)

    def show_groups(self, groups: Mapping[str, tuple[str, ...]]) -> None:
        """Offer these groups of symbols."""
        self._groups = dict(groups)
        self.groups.clear()
        self.groups.addItem(self.NO_GROUP, ())
        for name, symbols in sorted(groups.items()):
            self.groups.addItem(f"{name} · {len(symbols):,}", symbols)
        self.groups.setVisible(bool(groups))
        self._show_group(self._shown[0] if self._shown is not None else ())

    def show_pool(self, pool: tuple[str, ...], symbols: Sequence[str]) -> None:
        """Show which of `symbols` are in `pool`; what is in the pool and not in the library is kept and named."""
        if self._shown == (pool, tuple(symbols)):
            return
        self._shown, self._known = (pool, tuple(symbols)), tuple(symbols)
        strangers = tuple(symbol for symbol in pool if symbol not in symbols)
        wanted = (*symbols, *strangers)
        self.list.blockSignals(True)
        if wanted != tuple(self._symbol(row) for row in range(self.list.count())):
            self.list.clear()
            for symbol in wanted:
                self._add(symbol, known=symbol not in strangers)
        for row, symbol in enumerate(wanted):
            ticked = not pool or symbol in pool
            self.list.item(row).setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        self.list.blockSignals(False)
        count = len(pool) or len(symbols)
        words = "all symbols" if not pool else f"{count:,} of {len(wanted):,}"
        self.title.setText(f"Pool · {words}" if wanted else "Pool · import prices to choose symbols")
        self._fit_height()
        self._show_group(pool)

    def _show_group(self, pool: tuple[str, ...]) -> None:
        """Name the group that has exactly these symbols."""
        names = [name for name, symbols in sorted(self._groups.items()) if pool and set(symbols) == set(pool)]
        self.groups.setCurrentIndex(sorted(self._groups).index(names[0]) + 1 if names else 0)

    def _take_group(self, place: int) -> None:
        symbols = tuple(self.groups.itemData(place) or ())
        if symbols:
            self.pool_edited.emit(symbols)

    def _add(self, symbol: str, *, known: bool) -> None:
        item = QListWidgetItem(symbol if known else f"{symbol} — no prices in the library")
        item.setData(Qt.ItemDataRole.UserRole, symbol)
        item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        self.list.addItem(item)

    def _symbol(self, row: int) -> str:
        return str(self.list.item(row).data(Qt.ItemDataRole.UserRole))

    def _ticked(self, item: QListWidgetItem) -> None:
        rows = range(self.list.count())
        ticked = tuple(self._symbol(row) for row in rows if self.list.item(row).checkState() is Qt.CheckState.Checked)
        if not ticked:
            self.list.blockSignals(True)
            item.setCheckState(Qt.CheckState.Checked)
            self.list.blockSignals(False)
            self.complained.emit("A test needs at least one symbol, so the last one stays.")
            return
        self.pool_edited.emit(() if ticked == self._known else ticked)

    def _fit_height(self) -> None:
        lines = min(max(self.list.count(), 1), _MOST_LINES_SHOWN)
        self.list.setFixedHeight(lines * max(self.list.sizeHintForRow(0), 24) + 10)
        self.list.setVisible(self.list.count() > 0)
