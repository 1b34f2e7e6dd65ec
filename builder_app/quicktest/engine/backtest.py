"""One whole test: rules and arrays on prices under settings, to equity, trades and metrics."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bars import equally_weighted, last_known
from .book import BY_END, TRADE_AMBIGUOUS, TRADE_REASON
from .metrics import Record, measure
from .plan import plan_from
from .prices import FIELDS, Pool, Prices
from .records import Rejections, Trades
from .replay import Replay
from .returns import drawdown_of
from .rules import Rules
from .settings import INTRABAR_ORDERS, Settings
from .simulate import Simulation, simulate

FloatArray = NDArray[np.float64]


class Cancelled(Exception):
    """The watch said to stop."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a test found; arrays of shape (bars,), read-only, `notes` in whole sentences.

    `lower` and `upper`: each metric's smaller and larger value of the two readings of ambiguous bars, the stop first
    and the targets first; both are the metric itself where no bar was ambiguous.
    """

    equity: FloatArray
    cash: FloatArray
    long: FloatArray
    """What the long positions are worth at each close, in money; `short` is that of the short ones, above zero."""
    short: FloatArray
    benchmark: FloatArray
    drawdown: FloatArray
    trades: Trades
    rejections: Rejections
    metrics: Mapping[str, float]
    lower: Mapping[str, float]
    upper: Mapping[str, float]
    notes: tuple[str, ...]
    read_otherwise: Simulation | None
    """The other reading of ambiguous bars; None where no bar was ambiguous."""
    replay: Replay


def backtest(
    rules: Rules,
    arrays: Mapping[str, NDArray[Any]],
    prices: tuple[Pool, Prices],
    settings: Settings,
    watch: Callable[[int], bool] | None = None,
) -> tuple[Outcome | None, tuple[str, ...]]:
    """Trade the signals' arrays, shape (bars, symbols of the pool), on the pool cut from the prices.

    Returns the outcome, or None and sentences. Raises Cancelled when `watch`, called with the bars done, says False,
    and TooManyTrades.
    """
    pool, whole = prices
    benchmark, problems = benchmark_of(pool, whole, settings)
    plan, wrong = plan_from(rules, arrays, pool.symbols, ~np.isnan(pool.fields[FIELDS.index("close")]))
    if plan is None or benchmark is None:
        return None, (*problems, *wrong)
    return _traded(Replay(pool, plan, settings, rules.portfolio.maximum_positions), benchmark, watch), ()


def _traded(replay: Replay, benchmark: FloatArray, watch: Callable[[int], bool] | None) -> Outcome:
    """Trade, measure, and where bars were ambiguous trade and measure once more."""
    simulation = _simulated(replay, watch)
    with np.errstate(all="ignore"):
        drawdown = drawdown_of(simulation.equity)
    metrics = _measured(replay, simulation, benchmark, drawdown)
    otherwise = _read_otherwise(replay, watch) if metrics["ambiguous_trades"] > 0 else None
    other = metrics if otherwise is None else _measured(replay, otherwise, benchmark)
    for array in (benchmark, drawdown):
        array.setflags(write=False)
    lower, upper = between(metrics, other)
    return Outcome(
        simulation.equity,
        simulation.cash,
        simulation.long,
        simulation.short,
        benchmark,
        drawdown,
        simulation.trades,
        simulation.rejections,
        metrics,
        lower,
        upper,
        notes_on(simulation.trades, simulation.rejections, (lower["total_return"], upper["total_return"])),
        otherwise,
        replay,
    )


def _read_otherwise(replay: Replay, watch: Callable[[int], bool] | None) -> Simulation:
    """The same test with ambiguous bars read the other way."""
    orders = dict(zip(INTRABAR_ORDERS, reversed(INTRABAR_ORDERS), strict=True))
    settings = replace(replay.settings, intrabar_order=orders[replay.settings.intrabar_order])
    return _simulated(replace(replay, settings=settings), watch)


def _simulated(replay: Replay, watch: Callable[[int], bool] | None) -> Simulation:
    simulation = simulate(replay.pool, replay.plan, replay.settings, replay.maximum_positions, watch)
    if simulation is None:
        raise Cancelled
    return simulation


def _measured(
    replay: Replay, simulation: Simulation, benchmark: FloatArray, drawdown: FloatArray | None = None
) -> dict[str, float]:
    return measure(
        Record(
            times=replay.pool.times,
            equity=simulation.equity,
            benchmark=benchmark,
            trades=simulation.trades,
            rejections=simulation.rejections.total,
            initial_capital=replay.settings.initial_capital,
            slippage=replay.settings.slippage,
            drawdown=drawdown,
            long=simulation.long,
            short=simulation.short,
        )
    )


def between(one: Mapping[str, float], other: Mapping[str, float]) -> tuple[dict[str, float], dict[str, float]]:
    """The smaller and the larger value of each metric; where one has no value (NaN), the other's is both."""
    pairs = {name: [value for value in (one[name], other[name]) if not math.isnan(value)] for name in one}
    lower = {name: min(pair, default=math.nan) for name, pair in pairs.items()}
    return lower, {name: max(pair, default=math.nan) for name, pair in pairs.items()}


def benchmark_of(pool: Pool, prices: Prices, settings: Settings) -> tuple[FloatArray | None, tuple[str, ...]]:
    """The benchmark's value at each close, shape (bars,), beginning at the initial capital; or None and why not.

    Default: the capital is split into as many equal parts as the pool has symbols; each part lies in cash until its
    symbol's first close of the test, is then put into the symbol whole at that close, without costs, and held to the
    end; in gaps and after the symbol's last bar it is worth what it was at the last close. A benchmark named by symbol
    is the same with that one symbol, which need not be in the pool but must be in the prices; it counts with its last
    close at or before each bar of the pool.
    """
    closes = pool.fields[FIELDS.index("close")]
    if settings.benchmark is not None:
        if settings.benchmark not in prices.symbols:
            return None, (f"There are no prices for the benchmark {settings.benchmark}; add them, or choose another.",)
        known = last_known(prices.close[:, prices.symbols.index(settings.benchmark)])
        closes = pool.cut(known)[:, np.newaxis]
    return equally_weighted(closes, settings.initial_capital), ()


def notes_on(trades: Trades, rejections: Rejections, total_return: tuple[float, float]) -> tuple[str, ...]:
    """What a strategist should know when reading the numbers; `total_return`: the ends of its interval."""
    notes = []
    if not trades:
        why = "every entry was refused" if rejections.total else "no entry was signalled"
        notes.append(f"There was no trade: {why} in this range of dates.")
    elif len(trades) < 30:
        notes.append(f"There were only {_counted(len(trades), 'trade')}; their averages say little.")
    ambiguous = int(np.count_nonzero(trades.whole[:, TRADE_AMBIGUOUS]))
    if ambiguous:
        low, high = total_return
        notes.append(
            f"{_counted(ambiguous, 'trade')} ended in a bar that touched both stop and target (ambiguous); "
            f"the total return is between {low:.2%} and {high:.2%}, by what came first in such bars."
        )
    ended = int(np.count_nonzero(trades.whole[:, TRADE_REASON] == BY_END))
    if ended:
        notes.append(
            f"{_counted(ended, 'position')} open at the end of the test: closed at the last close, and flagged."
        )
    for reason, count in rejections.by_reason.items():
        notes.append(f"{_counted(count, 'entry', 'entries')} refused: {reason}")
    if rejections.total > len(rejections):
        notes.append(f"Only the first {len(rejections):,} refused entries are listed.")
    return tuple(notes)


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
