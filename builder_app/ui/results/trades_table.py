"""The round trips of a test, and the entries that were asked for and not filled."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QTableView, QVBoxLayout, QWidget

from builder_app.ui.results.later import Later
from builder_app.ui.results.sampling import time_words
from builder_app.ui.results.tables import RowsModel, make_table, size_columns
from builder_app.ui.results.trade_columns import rejection_columns, trade_columns
from builder_app.ui.results.trade_filter import FILTER_HINT, TradeFilter, read_filter
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_SMALL, Theme, text_font

if TYPE_CHECKING:
    from builder_app.session import Rejection, RunResult, Trade

_EXIT_COLUMNS: Final = frozenset({"Exit", "Exit price", "Reason"})


class TradesTable(QWidget):
    """Every trade, sorted and filtered; a click on its exit jumps to the exit's bar, one elsewhere to the entry's.

    Of many trades those that fit the filter are looked for off the window's thread.
    """

    bar_requested = Signal(int)
    trade_requested = Signal(object, int)
    """A trade, and the bar of it to jump to."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._times: NDArray[np.datetime64] = np.zeros(0, dtype="datetime64[s]")
        self._trades: Sequence[Trade] = ()
        self._slippage = 0.0
        self._later = Later(self)
        self.model: RowsModel[Trade] = RowsModel(trade_columns(self._date, lambda: self._slippage), theme)
        self.table = make_table(self.model, self, sortable=True)
        self.table.setFont(text_font())
        size_columns(self.table, self.model)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.clicked.connect(self._ask_for_bar)
        self.table.activated.connect(self._ask_for_bar)
        self.filter = QLineEdit(self)
        self.filter.setPlaceholderText("Filter:  AAPL  stop  short  losers  ambiguous  profit < -100  bars > 20")
        self.filter.setToolTip(FILTER_HINT)
        self.filter.setAccessibleName("Filter of trades")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filter)
        self.found = QLabel(self)
        set_role(self.found, "small")
        row = QHBoxLayout()
        row.setContentsMargins(GAP, GAP_SMALL, GAP, GAP_SMALL)
        row.setSpacing(GAP)
        row.addWidget(self.filter, 1)
        row.addWidget(self.found)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.table, 1)

    def show_result(self, result: "RunResult | None", slippage: float = 0.0) -> None:
        """Show the trades of this result; `slippage` is the fraction of each price in the test's set-up."""
        self._slippage = slippage
        if result is not None:
            self._times = result.times
        self._trades = () if result is None else result.trades
        self._filter()

    def _filter(self) -> None:
        wanted, trades = read_filter(self.filter.text()), self._trades
        if wanted == TradeFilter():
            self._later.ask(lambda: trades, self._take, 0)
        else:
            self._later.ask(lambda: [trade for trade in trades if wanted.passes(trade)], self._take, len(trades))
        unknown = " and ".join(f"'{name}'" for name in wanted.unknown)
        self.found.setToolTip(f"{unknown} is no figure of a trade. {FILTER_HINT}" if unknown else "")

    def _take(self, found: "Sequence[Trade]") -> None:
        self.model.set_rows(found)
        whole = len(self._trades)
        is_part = bool(self.filter.text().strip())
        unknown = read_filter(self.filter.text()).unknown
        text = f"{len(found):,} of {whole:,}" if is_part else f"{whole:,} trades"
        if unknown:
            text = f"No figure is called '{unknown[0]}'."
        self.found.setText(text)

    def _date(self, bar: int) -> str:
        return time_words(self._times[bar])

    def _ask_for_bar(self, index: QModelIndex) -> None:
        trade = self.model.row_at(index.row())
        at_exit = self.model.columns[index.column()].title in _EXIT_COLUMNS
        bar = trade.exit_bar if at_exit else trade.entry_bar
        self.bar_requested.emit(bar)
        self.trade_requested.emit(trade, bar)


class RejectionsTable(QWidget):
    """Entries that were asked for and not filled, with the reason."""

    bar_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._times: NDArray[np.datetime64] = np.zeros(0, dtype="datetime64[s]")
        self.model: RowsModel[Rejection] = RowsModel(rejection_columns(self._date), theme)
        self.table: QTableView = make_table(self.model, self, sortable=True)
        self.table.setFont(text_font())
        size_columns(self.table, self.model)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.clicked.connect(self._ask_for_bar)
        self.table.activated.connect(self._ask_for_bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)

    def show_result(self, result: "RunResult | None") -> None:
        """Show the rejected entries of this result."""
        if result is not None:
            self._times = result.times
        self.model.set_rows(() if result is None else result.rejections)

    def _date(self, bar: int) -> str:
        return time_words(self._times[bar])

    def _ask_for_bar(self, index: QModelIndex) -> None:
        self.bar_requested.emit(self.model.row_at(index.row()).bar)
