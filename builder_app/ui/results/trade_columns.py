"""What the lists of trades and of rejected entries say, column by column."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from builder_app.ui.results.figures import Tone, money, number, percent, tone_of
from builder_app.ui.results.tables import Column

if TYPE_CHECKING:
    from builder_app.session import Rejection, Trade

_AMBIGUOUS: Final = (
    "The trade's last bar touched both its stop and its target. Which came first cannot be known from this bar; the "
    "test's settings say which one counts."
)


def _direction(direction: int) -> str:
    return "Long" if direction > 0 else "Short"


def _quantity(quantity: float) -> str:
    return number(quantity, 0 if quantity == round(quantity) else 2)


def trade_columns(date: Callable[[int], str], slippage: Callable[[], float]) -> "Sequence[Column[Trade]]":
    """What was traded first, then what it brought and cost, then how it went meanwhile.

    `slippage`: the fraction by which each price of the test shown was made worse.
    """
    return (*_round_trip_columns(date), *_outcome_columns(), *_cost_columns(slippage), *_course_columns())


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
    """What the trade brought."""
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
    )


def _cost_columns(slippage: Callable[[], float]) -> "Sequence[Column[Trade]]":
    """How large it was, and what it cost."""
    amount = "1,234.56"
    return (
        Column(
            "Quantity",
            lambda trade: _quantity(trade.quantity),
            lambda trade: trade.quantity,
            amount,
            hint=lambda trade: f"{trade.quantity:.10g}",
        ),
        Column(
            "Costs",
            lambda trade: money(trade.costs),
            lambda trade: trade.costs,
            amount,
            hint=lambda _trade: "Commissions and taxes of entry and exit, in money; they are in the profit",
        ),
        Column(
            "Slippage",
            lambda trade: money(slipped(trade, slippage())),
            lambda trade: slipped(trade, slippage()),
            amount,
            hint=lambda _trade: "What worse prices than those seen cost, in money; it is in the profit",
        ),
    )


def _course_columns() -> "Sequence[Column[Trade]]":
    """How it went while it was held: excursions, length, and whether its end is certain."""
    return (
        Column(
            "Best",
            lambda trade: percent(trade.favourable_excursion, signed=True),
            lambda trade: trade.favourable_excursion,
            "+12.34 %",
            hint=lambda _trade: "Favourable excursion: the best price while it was held, from the entry's",
        ),
        Column(
            "Worst",
            lambda trade: percent(trade.adverse_excursion, signed=True),
            lambda trade: trade.adverse_excursion,
            "−12.34 %",
            hint=lambda _trade: "Adverse excursion: the worst price while it was held, from the entry's",
        ),
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


def slipped(trade: "Trade", slippage: float) -> float:
    """What slippage cost a trade, in money: at each side its value less its value at the price before slippage."""
    sides = ((trade.entry_price, trade.direction), (trade.exit_price, -trade.direction))
    return sum(trade.quantity * abs(price - price / (1.0 + side * slippage)) for price, side in sides)


def _bars(trade: "Trade") -> int:
    return trade.exit_bar - trade.entry_bar


def rejection_columns(date: Callable[[int], str]) -> "Sequence[Column[Rejection]]":
    """When, what, and why it was not filled."""
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
