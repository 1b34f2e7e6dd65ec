"""What each symbol brought to the whole."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from builder_app.session.runs.result_series import Contribution, contributions
from builder_app.ui.results.figures import Tone, money, number, percent, tone_of
from builder_app.ui.results.later import Later
from builder_app.ui.results.tables import Column, RowsModel, make_table, size_columns
from builder_app.ui.theme import Theme, text_font

if TYPE_CHECKING:
    from builder_app.session import RunResult


class SymbolsTable(QWidget):
    """A row for each traded symbol, the largest profit first; a click asks for its trades."""

    symbol_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._later = Later(self)
        self.model: RowsModel[Contribution] = RowsModel(_COLUMNS, theme)
        self.table = make_table(self.model, self, sortable=True)
        self.table.setFont(text_font())
        size_columns(self.table, self.model)
        self.table.clicked.connect(self._ask)
        self.table.activated.connect(self._ask)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)

    def show_result(self, result: "RunResult | None") -> None:
        """Show what this result's trades brought by symbol."""
        trades = () if result is None else result.trades
        self._later.ask(lambda: contributions(trades), self.model.set_rows, len(trades))

    def _ask(self, index: QModelIndex) -> None:
        self.symbol_requested.emit(self.model.row_at(index.row()).symbol)


def _profit_tone(one: Contribution) -> Tone:
    return tone_of(one.profit)


_COLUMNS: Final[tuple[Column[Contribution], ...]] = (
    Column("Symbol", lambda one: one.symbol, lambda one: one.symbol, "GOOGL", False),
    Column(
        "Profit",
        lambda one: money(one.profit, signed=True),
        lambda one: one.profit,
        "+123,456.78",
        tone=_profit_tone,
        hint=lambda _one: "Profit or loss of its trades, after all costs",
    ),
    Column(
        "Share",
        lambda one: percent(one.share, signed=True),
        lambda one: one.share,
        "+123.45 %",
        hint=lambda _one: "Its part of the profit or loss of all trades together",
    ),
    Column("Trades", lambda one: number(one.trades, 0), lambda one: one.trades, "1,234"),
    Column("Wins", lambda one: percent(one.win_rate), lambda one: one.win_rate, "88.88 %"),
    Column("Best trade", lambda one: money(one.best, signed=True), lambda one: one.best, "+12,345.67"),
    Column("Worst trade", lambda one: money(one.worst, signed=True), lambda one: one.worst, "−12,345.67"),
    Column(
        "Costs",
        lambda one: money(one.costs),
        lambda one: one.costs,
        "1,234.56",
        hint=lambda _one: "Commissions and taxes, in money",
    ),
)
