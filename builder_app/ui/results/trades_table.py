"""The round trips of a test, and the entries that were asked for and not filled."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QTableView, QVBoxLayout, QWidget

from builder_app.ui.results.figures import Tone, money, number, percent, tone_of
from builder_app.ui.results.sampling import time_words
from builder_app.ui.results.tables import Column, RowsModel, make_table, size_columns
from builder_app.ui.theme import Theme, text_font

if TYPE_CHECKING:
    from builder_app.session import Rejection, RunResult, Trade

_EXIT_COLUMNS: Final = frozenset({"Exit", "Exit price", "Reason"})
_AMBIGUOUS: Final = (
    "The trade's last bar touched both its stop and its target. Which came first cannot be known from this bar; the "
    "test's settings say which one counts."
)


class TradesTable(QWidget):
    """Every trade, sortable; a click on its exit asks for the exit's bar, a click elsewhere for the entry's."""

    bar_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._times: NDArray[np.datetime64] = np.zeros(0, dtype="datetime64[s]")
        self.model: RowsModel[Trade] = RowsModel(_trade_columns(self._date), theme)
        self.table = make_table(self.model, self, sortable=True)
        self.table.setFont(text_font())
        size_columns(self.table, self.model)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.clicked.connect(self._ask_for_bar)
        self.table.activated.connect(self._ask_for_bar)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)

    def show_result(self, result: "RunResult | None") -> None:
        """Show the trades of this result."""
        if result is not None:
            self._times = result.times
        self.model.set_rows(() if result is None else result.trades)

    def _date(self, bar: int) -> str:
        return time_words(self._times[bar])

    def _ask_for_bar(self, index: QModelIndex) -> None:
        trade = self.model.row_at(index.row())
        at_exit = self.model.columns[index.column()].title in _EXIT_COLUMNS
        self.bar_requested.emit(trade.exit_bar if at_exit else trade.entry_bar)


class RejectionsTable(QWidget):
    """Entries that were asked for and not filled, with the reason."""

    bar_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._times: NDArray[np.datetime64] = np.zeros(0, dtype="datetime64[s]")
        self.model: RowsModel[Rejection] = RowsModel(_rejection_columns(self._date), theme)
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


def _direction(direction: int) -> str:
    return "Long" if direction > 0 else "Short"


def _quantity(quantity: float) -> str:
    return number(quantity, 0 if quantity == round(quantity) else 2)


def _trade_columns(date: Callable[[int], str]) -> "Sequence[Column[Trade]]":
    """What was traded first, then what it brought, then the rest."""
    return (*_round_trip_columns(date), *_outcome_columns())


def _round_trip_columns(date: Callable[[int], str]) -> "Sequence[Column[Trade]]":
    day, price = "2003-03-01", "1,234.56"
    return (
        Column("Symbol", lambda trade: trade.symbol, lambda trade: trade.symbol, "GOOGL", False),
        Column("Side", lambda trade: _direction(trade.direction), lambda trade: trade.direction, "Short", False),
        Column("Entry", lambda trade: date(trade.entry_bar), lambda trade: trade.entry_bar, day),
        Column(
            "Entry price",
            lambda trade: money(trade.entry_price),
            lambda trade: trade.entry_price,
            price,
            hint=lambda trade: f"{trade.entry_price:.10g}, slippage included",
        ),
        Column("Exit", lambda trade: date(trade.exit_bar), lambda trade: trade.exit_bar, day),
        Column(
            "Exit price",
            lambda trade: money(trade.exit_price),
            lambda trade: trade.exit_price,
            price,
            hint=lambda trade: f"{trade.exit_price:.10g}, slippage included",
        ),
        Column("Reason", lambda trade: trade.exit_reason, lambda trade: trade.exit_reason, "trailing stop", False),
    )


def _outcome_columns() -> "Sequence[Column[Trade]]":
    amount = "1,234.56"
    return (
        Column(
            "Profit",
            lambda trade: money(trade.pnl, signed=True),
            lambda trade: trade.pnl,
            "+123,456.78",
            tone=lambda trade: tone_of(trade.pnl),
            hint=lambda _trade: "Profit or loss in money, after all costs",
        ),
        Column(
            "Return",
            lambda trade: percent(trade.return_fraction, signed=True),
            lambda trade: trade.return_fraction,
            "+123.45 %",
            tone=lambda trade: tone_of(trade.return_fraction),
            hint=lambda _trade: "Profit or loss over the value of the entry",
        ),
        Column(
            "Quantity",
            lambda trade: _quantity(trade.quantity),
            lambda trade: trade.quantity,
            amount,
            hint=lambda trade: f"{trade.quantity:.10g}",
        ),
        Column("Costs", lambda trade: money(trade.costs), lambda trade: trade.costs, amount),
        Column("Bars", lambda trade: number(_bars(trade), 0), _bars, "1,234", hint=lambda _trade: "Bars held"),
        Column(
            "Mark",
            lambda trade: "ambiguous" if trade.ambiguous else "",
            lambda trade: not trade.ambiguous,
            "ambiguous",
            False,
            lambda _trade: Tone.WARNING,
            lambda trade: _AMBIGUOUS if trade.ambiguous else "",
        ),
    )


def _bars(trade: "Trade") -> int:
    return trade.exit_bar - trade.entry_bar


def _rejection_columns(date: Callable[[int], str]) -> "Sequence[Column[Rejection]]":
    return (
        Column("Date", lambda rejection: date(rejection.bar), lambda rejection: rejection.bar, "2003-03-01"),
        Column("Symbol", lambda rejection: rejection.symbol, lambda rejection: rejection.symbol, "GOOGL", False),
        Column(
            "Side",
            lambda rejection: _direction(rejection.direction),
            lambda rejection: rejection.direction,
            "Short",
            False,
        ),
        Column(
            "Why the entry was not filled",
            lambda rejection: rejection.reason,
            lambda rejection: rejection.reason,
            "Not enough cash for one share at this open.",
            False,
        ),
    )
