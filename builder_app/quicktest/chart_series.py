"""What the charts of a result show, as arrays: rolling Sharpe ratio, months, years, falls, histogram, exposure.

Pure functions over a result's arrays. `times` rise; `values` are money at each close, above zero; both shape (bars,).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .engine.returns import DAYS_A_YEAR, NOTHING, daily_returns, last_bars, returns_a_year
from .request import Trade

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Times = NDArray[np.datetime64]
_MOST_BINS: Final = 60
_FEWEST_BINS: Final = 8


class Fall(NamedTuple):
    """A drawdown: the bar of the high before it, of its lowest point, and the first bar at the high again.

    `end` is None where it has not come back by the last bar; `depth` ≤ 0 as a fraction of the high.
    """

    peak: int
    bottom: int
    end: int | None
    depth: float


class Months(NamedTuple):
    """Returns of months. `table` has shape (years, 12), NaN where the test has no bar; `totals` shape (years,)."""

    years: IntArray
    table: FloatArray
    totals: FloatArray


class Exposure(NamedTuple):
    """At each close, shape (bars,): how many positions are open, and their market value over the equity there.

    `short` is above zero; both are NaN where the equity is not.
    """

    positions: IntArray
    long: FloatArray
    short: FloatArray

    @property
    def gross(self) -> FloatArray:
        """Long and short added up."""
        return self.long + self.short

    @property
    def net(self) -> FloatArray:
        """Long less short."""
        return self.long - self.short


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one symbol brought: money after costs, its share of the whole profit (NaN where that is 0), trades, wins."""

    symbol: str
    profit: float
    share: float
    trades: int
    wins: int
    costs: float
    best: float
    worst: float

    @property
    def win_rate(self) -> float:
        """The share of its trades that won."""
        return self.wins / self.trades


def rolling_window(times: Times, days: int) -> int:
    """How many returns lie in so many trading days: fewer than days where bars are weeks or months, at least two."""
    return max(2, round(days * returns_a_year(times[last_bars(times, "D")]) / DAYS_A_YEAR))


def rolling_sharpe(times: Times, values: FloatArray, days: int) -> FloatArray:
    """At the last bar of each date the Sharpe ratio of the trading days up to it; NaN elsewhere, shape (bars,).

    mean(r) / std(r, ddof = 1) · √252, over the `rolling_window` returns; √52 on weekly bars, √12 on monthly ones. NaN,
    too, where the returns of the window are all equal.
    """
    found = np.full(len(values), np.nan)
    bars, window = last_bars(times, "D"), rolling_window(times, days)
    returns = daily_returns(times, values)
    if len(returns) < window:
        return found
    windows = np.lib.stride_tricks.sliding_window_view(returns, window)
    means, deviations = windows.mean(axis=1), windows.std(axis=1, ddof=1)
    with np.errstate(all="ignore"):
        ratios = np.where(deviations > NOTHING, means / deviations * np.sqrt(returns_a_year(times[bars])), np.nan)
    found[bars[window:]] = ratios
    return found


def monthly_returns(times: Times, values: FloatArray) -> Months:
    """Each month's growth since the month before ended (the first: since the first bar), and each year's."""
    ends = last_bars(times, "M")
    if len(ends) == 0:
        return Months(np.zeros(0, dtype=np.int64), np.zeros((0, 12)), np.zeros(0))
    months = times[ends].astype("datetime64[M]").astype(np.int64) + 1970 * 12
    years, totals = yearly_returns(times, values)
    table = np.full((len(years), 12), np.nan)
    table[np.searchsorted(years, months // 12), months % 12] = _growth(values, ends)
    return Months(years, table, totals)


def yearly_returns(times: Times, values: FloatArray) -> tuple[IntArray, FloatArray]:
    """The years that have a bar, and each one's growth since the year before ended (the first: since the first bar)."""
    ends = last_bars(times, "Y")
    years = times[ends].astype("datetime64[Y]").astype(np.int64) + 1970
    return years, _growth(values, ends)


def _growth(values: FloatArray, ends: IntArray) -> FloatArray:
    before = values[np.append(0, ends[:-1])] if len(ends) else values[:0]
    return np.asarray(values[ends] / before - 1.0, dtype=np.float64)


def deepest_falls(drawdown: FloatArray, most: int = 5) -> list[Fall]:
    """The deepest drawdowns, deepest first; no two share a bar but the one where one ends and the next begins."""
    below = drawdown < 0.0
    edges = np.diff(np.concatenate(([False], below, [False])).astype(np.int8))
    begins, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    if len(begins) == 0:
        return []
    over = np.append(drawdown, 0.0)  # a fall that is not over ends behind the last bar
    depths = np.minimum.reduceat(over, np.column_stack((begins, ends)).ravel())[::2]
    falls = []
    for place in np.argsort(depths, kind="stable")[:most].tolist():
        begin, end = int(begins[place]), int(ends[place])
        bottom = begin + int(np.argmin(drawdown[begin:end]))
        falls.append(Fall(max(begin - 1, 0), bottom, end if end < len(drawdown) else None, float(drawdown[bottom])))
    return falls


def histogram(returns: FloatArray) -> tuple[FloatArray, IntArray]:
    """Edges of equally wide bins, 0 among them, and how many returns lie in each; shapes (bins + 1,), (bins,).

    The width is Freedman's and Diaconis' (2 · quartile distance / ∛n), within 8 to 60 bins; the rightmost bin holds
    its upper edge, too.
    """
    known = returns[np.isfinite(returns)]
    if len(known) == 0:
        return np.zeros(0), np.zeros(0, dtype=np.int64)
    low, high = min(float(known.min()), 0.0), max(float(known.max()), 0.0)
    span = high - low
    if span < NOTHING:
        return np.array([-0.0005, 0.0, 0.0005]), np.array([0, len(known)], dtype=np.int64)
    quartiles = np.quantile(known, (0.25, 0.75))
    width = 2.0 * float(quartiles[1] - quartiles[0]) / len(known) ** (1 / 3)
    width = min(max(width, span / _MOST_BINS), span / _FEWEST_BINS)
    first, last = int(np.floor(low / width)), max(int(np.ceil(high / width)), 1)
    edges = np.arange(first, last + 1) * width
    places = np.clip(np.floor(known / width).astype(np.int64) - first, 0, last - first - 1)
    return edges, np.bincount(places, minlength=last - first).astype(np.int64)


def exposure(trades: Sequence[Trade], equity: FloatArray, worth: tuple[FloatArray, FloatArray]) -> Exposure:
    """What is open at each close. `worth`: what the long and the short positions are worth there, in money.

    A position that was sold in parts is one until its last part was; what an exit closed in a bar is not open at its
    close.
    """
    last_exits: dict[tuple[str, int, int], int] = {}
    for trade in trades:
        position = trade.symbol, trade.leg, trade.entry_bar
        last_exits[position] = max(trade.exit_bar, last_exits.get(position, 0))
    changes = np.zeros(len(equity) + 1, dtype=np.int64)
    np.add.at(changes, [entry_bar for _, _, entry_bar in last_exits], 1)
    np.add.at(changes, list(last_exits.values()), -1)
    with np.errstate(all="ignore"):
        long, short = (np.where(equity > 0.0, one / equity, np.nan) for one in worth)
    return Exposure(np.cumsum(changes)[: len(equity)], long, short)


def contributions(trades: Sequence[Trade]) -> list[Contribution]:
    """What each traded symbol brought, the largest profit first."""
    by_symbol: dict[str, list[tuple[float, float]]] = {}
    for trade in trades:
        by_symbol.setdefault(trade.symbol, []).append((trade.pnl, trade.costs))
    whole = sum(pnl for pairs in by_symbol.values() for pnl, _ in pairs)
    found = []
    for symbol, pairs in by_symbol.items():
        profits = np.array([pnl for pnl, _ in pairs])
        profit = float(profits.sum())
        found.append(
            Contribution(
                symbol=symbol,
                profit=profit,
                share=profit / whole if whole else float("nan"),
                trades=len(pairs),
                wins=int(np.count_nonzero(profits > 0.0)),
                costs=float(sum(costs for _, costs in pairs)),
                best=float(profits.max()),
                worst=float(profits.min()),
            )
        )
    return sorted(found, key=lambda one: -one.profit)
