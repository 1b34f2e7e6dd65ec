"""The conventions by name, and one result measured by one of them, with its benchmark beside it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final, cast

from ..engine import metrics
from ..engine.backtest import between
from ..engine.metrics import Definition, Record
from ..engine.records import TradeRecord
from ..request import RunResult
from . import as_backtesting, as_freqtrade, as_quantstats


class Convention(StrEnum):
    """Whose formulas are used."""

    OWN = "own"
    QUANTSTATS = "quantstats"
    BACKTESTING = "backtesting"
    FREQTRADE = "freqtrade"


TITLES: Final[Mapping[Convention, str]] = {
    Convention.OWN: "This program",
    Convention.QUANTSTATS: "quantstats",
    Convention.BACKTESTING: "backtesting.py",
    Convention.FREQTRADE: "freqtrade",
}
_HOW: Final[Mapping[Convention, tuple[Sequence[Definition], Callable[[Record], dict[str, float]]]]] = {
    Convention.OWN: (metrics.DEFINITIONS, metrics.measure),
    Convention.QUANTSTATS: (as_quantstats.DEFINITIONS, as_quantstats.measure),
    Convention.BACKTESTING: (as_backtesting.DEFINITIONS, as_backtesting.measure),
    Convention.FREQTRADE: (as_freqtrade.DEFINITIONS, as_freqtrade.measure),
}
_OF_A_CURVE: Final = frozenset({
    "total_return", "cagr", "volatility", "sharpe_ratio", "sortino", "calmar", "max_drawdown", "max_drawdown_length",
    "max_drawdown_recovery", "final_equity", "equity_peak", "annual_return", "average_drawdown", "ulcer_index",
    "recovery_factor", "win_rate", "average_win", "average_loss", "payoff_ratio", "profit_factor", "kelly", "best_day",
    "worst_day", "value_at_risk", "conditional_value_at_risk", "tail_ratio",
})  # fmt: skip
"""What can be said of any curve of money."""
_OF_DAYS: Final = frozenset({"win_rate", "average_win", "average_loss", "payoff_ratio", "profit_factor", "kelly"})
"""Of these, what only quantstats measures over days. The others measure it over trades; a benchmark has none."""


@dataclass(frozen=True, slots=True)
class Measures:
    """A result's numbers by name in the order of `definitions`; `benchmark` has those that it has, too.

    `lower` and `upper`: each number's smaller and larger value of the two readings of ambiguous bars, the stop first
    and the targets first; empty where no bar was ambiguous, and where the other reading was not kept.
    """

    convention: Convention
    definitions: Sequence[Definition]
    values: Mapping[str, float]
    benchmark: Mapping[str, float]
    lower: Mapping[str, float] = field(default_factory=dict)
    upper: Mapping[str, float] = field(default_factory=dict)


def definitions_of(convention: Convention) -> Sequence[Definition]:
    """What the convention measures, in the order in which it is shown."""
    return _HOW[convention][0]


def measure_as(convention: Convention, result: RunResult) -> Measures:
    """The result measured by the convention. The program's own numbers are those that the result has.

    The initial capital is the first equity: nothing is bought before the second bar.
    """
    definitions, measure = _HOW[convention]
    if len(result.times) == 0:
        return Measures(convention, definitions, dict(result.metrics), {})
    capital = float(result.equity[0])
    beside = _of_benchmark(convention, result)
    if convention is Convention.OWN:
        return Measures(convention, definitions, result.metrics, beside, result.lower, result.upper)
    trades = cast("Sequence[TradeRecord]", result.trades)  # both have the same columns
    record = Record(result.times, result.equity, result.benchmark, trades, len(result.rejections), capital, 0.0)
    values, other = measure(record), result.read_otherwise
    if other is None:
        return Measures(convention, definitions, values, beside)
    others = cast("Sequence[TradeRecord]", other.trades)
    otherwise = measure(replace(record, equity=other.equity, trades=others, rejections=other.rejections))
    return Measures(convention, definitions, values, beside, *between(values, otherwise))


def _of_benchmark(convention: Convention, result: RunResult) -> dict[str, float]:
    """The benchmark as if it were the equity; freqtrade measures trades, and a benchmark has none."""
    if convention is Convention.FREQTRADE or not (result.benchmark > 0.0).all():
        return {}
    names = _OF_A_CURVE if convention is Convention.QUANTSTATS else _OF_A_CURVE - _OF_DAYS
    curve = result.benchmark
    record = Record(result.times, curve, curve, (), 0, float(curve[0]), 0.0)
    return {name: value for name, value in _HOW[convention][1](record).items() if name in names}
