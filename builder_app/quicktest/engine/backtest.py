"""One whole test: rules and arrays on prices under settings, to equity, trades and metrics."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .bars import equally_weighted, last_known
from .metrics import Record, drawdown_of, measure
from .prices import FIELDS, Pool, Prices
from .rules import Rules, plan_from
from .settings import Settings
from .simulate import RejectionRecord, TradeRecord, simulate

FloatArray = NDArray[np.float64]


class Cancelled(Exception):
    """The watch said to stop."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a test found; arrays of shape (bars,), read-only, `notes` in whole sentences."""

    equity: FloatArray
    cash: FloatArray
    benchmark: FloatArray
    drawdown: FloatArray
    trades: tuple[TradeRecord, ...]
    rejections: tuple[RejectionRecord, ...]
    metrics: Mapping[str, float]
    notes: tuple[str, ...]


def backtest(
    rules: Rules,
    arrays: Mapping[str, NDArray[Any]],
    prices: tuple[Pool, Prices],
    settings: Settings,
    watch: Callable[[int], bool] | None = None,
) -> tuple[Outcome | None, tuple[str, ...]]:
    """Trade the signals' arrays, shape (bars, symbols of the pool), on the pool cut from the prices.

    Returns the outcome, or None and sentences. Raises Cancelled when `watch`, called with the bars done, says False.
    """
    pool, whole = prices
    benchmark, problems = benchmark_of(pool, whole, settings)
    plan, wrong = plan_from(rules, arrays, pool.fields[0].shape)
    if plan is None or benchmark is None:
        return None, (*problems, *wrong)
    simulation = simulate(pool, plan, settings, rules.maximum_positions, watch)
    if simulation is None:
        raise Cancelled
    equity = simulation.equity
    record = Record(
        times=pool.times,
        equity=equity,
        benchmark=benchmark,
        trades=simulation.trades,
        rejections=len(simulation.rejections),
        initial_capital=settings.initial_capital,
        slippage=settings.slippage,
    )
    with np.errstate(all="ignore"):
        drawdown = drawdown_of(equity)
    for array in (equity, simulation.cash, benchmark, drawdown):
        array.setflags(write=False)
    metrics = measure(record)
    notes = notes_on(simulation.trades, simulation.rejections)
    return Outcome(
        equity, simulation.cash, benchmark, drawdown, simulation.trades, simulation.rejections, metrics, notes
    ), ()


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


def notes_on(trades: tuple[TradeRecord, ...], rejections: tuple[RejectionRecord, ...]) -> tuple[str, ...]:
    """What a strategist should know when reading the numbers."""
    notes = []
    if not trades:
        notes.append("There was no trade: no entry was signalled and filled in this range of dates.")
    elif len(trades) < 30:
        notes.append(f"There were only {len(trades)} trades; their averages say little.")
    ambiguous = sum(trade.ambiguous for trade in trades)
    if ambiguous:
        notes.append(f"{_counted(ambiguous, 'trade')} ended in a bar that touched both stop and target (ambiguous).")
    ended = sum(trade.exit_reason == "end of test" for trade in trades)
    if ended:
        notes.append(
            f"{_counted(ended, 'position')} open at the end of the test: closed at the last close, and flagged."
        )
    for reason in dict.fromkeys(rejection.reason for rejection in rejections):
        count = sum(rejection.reason == reason for rejection in rejections)
        notes.append(f"{_counted(count, 'entry', 'entries')} refused: {reason}")
    return tuple(notes)


def _counted(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"
