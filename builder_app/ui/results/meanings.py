"""What a metric's value means, said in one plain sentence with the value in it."""

import math
from collections.abc import Callable, Mapping
from typing import Final

from builder_app.ui.results.figures import money, number, percent

FEW_TRADES: Final = 30
"""Below this many trades a metric of trades says little."""


def _grew(value: float) -> str:
    return f"100.00 at the start were {money(100.0 * (1.0 + value))} at the end."


def _a_year(value: float) -> str:
    return f"At this pace 100.00 are {money(100.0 * (1.0 + value))} after a year."


def _sharpe(value: float) -> str:
    if value < 0.0:
        return "It lost money on average, so the swings brought nothing."
    size = "less than" if value < 1.0 else "more than"
    return f"The usual year brought {size} the usual swing of a year: {number(value)} times as much."


def _fell(value: float) -> str:
    return f"Whoever began at the worst moment saw 100.00 become {money(100.0 * (1.0 + value))}." if value else _NO_FALL


_NO_FALL: Final = "The equity never closed below an earlier close."


def _won(value: float) -> str:
    return f"Of ten, about {number(10.0 * value, 0)} ended with a profit."


def _factor(value: float) -> str:
    return f"Each unit that was lost stands beside {number(value)} units that were won."


def _beta(value: float) -> str:
    side = "up" if value >= 0.0 else "down"
    return f"When the benchmark rose by 1 %, the equity usually went {side} by {number(abs(value))} %."


def _net(value: float) -> str:
    side = "rising" if value >= 0.0 else "falling"
    return f"At a usual close {percent(abs(value))} of the equity stood on {side} prices."


def _worst(value: float) -> str:
    return "One trade alone cost this much." if value < 0.0 else "Even the worst one brought money."


def _bars(what: str) -> Callable[[float], str]:
    return lambda value: f"{what} {number(value, 0 if value == round(value) else 1)} bars."


_SAID: Final[Mapping[str, Callable[[float], str]]] = {
    "total_return": _grew,
    "benchmark_return": _grew,
    "cagr": _a_year,
    "annual_return": _a_year,
    "volatility": lambda value: f"In two years of three the return lay within {percent(value)} of its mean.",
    "sharpe_ratio": _sharpe,
    "sortino": lambda value: f"The usual year brought {number(value)} times the usual swing of losing days.",
    "calmar": lambda value: f"A usual year made good {number(value)} times the deepest fall.",
    "max_drawdown": _fell,
    "max_relative_drawdown": lambda value: f"At the worst moment {percent(value)} of the account's high were lost.",
    "max_drawdown_length": _bars("From the high to the lowest point it took"),
    "max_drawdown_recovery": _bars("From the lowest point back to the high it took"),
    "win_rate": _won,
    "profit_factor": _factor,
    "expectancy": lambda value: f"A usual trade {'brought' if value >= 0 else 'cost'} {money(abs(value))}.",
    "expectancy_return": lambda value: f"A usual trade {'brought' if value >= 0 else 'cost'} {percent(abs(value))}.",
    "exposure": lambda value: f"At a usual close positions were worth {percent(value)} of the equity.",
    "net_exposure": _net,
    "time_in_market": lambda value: f"On {percent(1.0 - value)} of the bars nothing was at stake.",
    "turnover": lambda value: f"In a year the whole money was bought and sold {number(value, 1)} times.",
    "costs_paid": lambda value: f"Brokers and taxes took {money(value)}.",
    "slippage_paid": lambda value: f"Worse prices than those seen cost {money(value)}.",
    "alpha": lambda value: f"Beside the benchmark's moves a year brought {percent(value, signed=True)}.",
    "beta": _beta,
    "information_ratio": lambda value: f"The lead on the benchmark was {number(value)} times its own swing.",
    "final_equity": lambda value: f"All was worth {money(value)} at the last close.",
    "equity_peak": lambda value: f"At its best moment all was worth {money(value)}.",
    "trade_count": lambda value: _sample(value),
    "average_win": lambda _: "This is what one that went well brought.",
    "average_loss": lambda _: "This is what one that went badly cost.",
    "best_trade": lambda _: "One trade alone brought this much.",
    "worst_trade": _worst,
    "average_bars_held": _bars("A usual trade was held for"),
    "losing_streak": lambda value: f"One had to bear {number(value, 0)} losing trades in a row.",
    "ambiguous_trades": lambda value: (
        "Every trade's end is certain." if value == 0 else "Their end is a guess: see the range of each metric."
    ),
    "rejected_entries": lambda value: (
        "Everything that was asked for was bought." if value == 0 else "The list of rejected entries says why."
    ),
    "value_at_risk": lambda value: f"On about one day of twenty the return was below {percent(value)}.",
    "conditional_value_at_risk": lambda value: f"On such a bad day the usual return was {percent(value)}.",
    "kelly": lambda _: "A larger stake than this would have grown the money more slowly.",
    "payoff_ratio": lambda value: f"A winning day is {number(value)} times as large as a losing one.",
    "system_quality": lambda value: (
        "A value above 2 is seldom chance." if value < 2.0 else "So steady a mean profit is seldom chance."
    ),
}


def _sample(value: float) -> str:
    if value < FEW_TRADES:
        return f"That is few: below {FEW_TRADES} trades chance outweighs skill."
    return f"That is enough to speak of a mean; {FEW_TRADES} are the least."


def meaning(name: str, value: float) -> str:
    """The sentence on this metric's value; empty where it has none, or where its definition says it all."""
    said = _SAID.get(name)
    return "" if said is None or not math.isfinite(value) else said(value)


def sample_warning(trades: float) -> str:
    """What to beware of with so few trades; empty where they are enough."""
    if not trades < FEW_TRADES:
        return ""
    count = "No trade" if trades == 0 else "Only 1 trade" if trades == 1 else f"Only {number(trades, 0)} trades"
    return f"▲ {count}: fewer than {FEW_TRADES} say little about what comes next."
