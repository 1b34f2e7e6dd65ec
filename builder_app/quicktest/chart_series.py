"""What the charts of a result show, as arrays: rolling Sharpe ratio, months, years, falls, histogram, exposure.

Pure functions over a result's arrays. `times` rise; `values` are money at each close, above zero; both shape (bars,).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .request import Trade

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Times = NDArray[np.datetime64]
DAYS_A_YEAR: Final = 252
_NOTHING: Final = 1e-12
_NANOSECONDS_A_DAY: Final = 86_400_000_000_000
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
    """Per bar, shape (bars,): how many positions are open, and what they were bought (sold short) for over equity."""

    positions: IntArray
    long: FloatArray
    short: FloatArray


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


def last_bars(times: Times, unit: str) -> IntArray:
    """The last bar of each day (`D`), month (`M`) or year (`Y`) that has a bar."""
    if len(times) == 0:
        return np.zeros(0, dtype=np.int64)
    if unit == "D":  # dividing whole numbers takes a tenth of what numpy's calendar takes
        return _ends(times.astype("datetime64[ns]").view(np.int64) // _NANOSECONDS_A_DAY)
    days = last_bars(times, "D")
    return days[_ends(times[days].astype(f"datetime64[{unit}]").astype(np.int64))]


def _ends(numbers: IntArray) -> IntArray:
    """The places of the last of each run of equal numbers."""
    return np.append(np.flatnonzero(numbers[1:] != numbers[:-1]), len(numbers) - 1).astype(np.int64)


def returns_of(times: Times, values: FloatArray) -> FloatArray:
    """Daily returns from the last close of each date; shape (dates − 1,)."""
    closes = values[last_bars(times, "D")]
    return np.asarray(closes[1:] / closes[:-1] - 1.0, dtype=np.float64)


def rolling_sharpe(times: Times, values: FloatArray, window: int) -> FloatArray:
    """At the last bar of each date the Sharpe ratio of the `window` daily returns up to it; NaN elsewhere, (bars,).

    mean(r) / std(r, ddof = 1) · √252. NaN, too, where the returns of the window are all equal.
    """
    found = np.full(len(values), np.nan)
    bars = last_bars(times, "D")
    returns = returns_of(times, values)
    if window < 2 or len(returns) < window:
        return found
    windows = np.lib.stride_tricks.sliding_window_view(returns, window)
    means, deviations = windows.mean(axis=1), windows.std(axis=1, ddof=1)
    with np.errstate(all="ignore"):
        ratios = np.where(deviations > _NOTHING, means / deviations * np.sqrt(DAYS_A_YEAR), np.nan)
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
    if span < _NOTHING:
        return np.array([-0.0005, 0.0, 0.0005]), np.array([0, len(known)], dtype=np.int64)
    quartiles = np.quantile(known, (0.25, 0.75))
    width = 2.0 * float(quartiles[1] - quartiles[0]) / len(known) ** (1 / 3)
    width = min(max(width, span / _MOST_BINS), span / _FEWEST_BINS)
    first, last = int(np.floor(low / width)), max(int(np.ceil(high / width)), 1)
    edges = np.arange(first, last + 1) * width
    places = np.clip(np.floor(known / width).astype(np.int64) - first, 0, last - first - 1)
    return edges, np.bincount(places, minlength=last - first).astype(np.int64)


def exposure(trades: Sequence[Trade], equity: FloatArray) -> Exposure:
    """Open positions at each bar, from the entry's bar to the exit's, both counted, valued at their entry prices."""
    bars = len(equity)
    changes = np.zeros((3, bars + 1))
    entries = np.fromiter((trade.entry_bar for trade in trades), dtype=np.int64, count=len(trades))
    exits = np.fromiter((trade.exit_bar for trade in trades), dtype=np.int64, count=len(trades))
    worth = np.fromiter((trade.quantity * trade.entry_price for trade in trades), dtype=np.float64, count=len(trades))
    is_long = np.fromiter((trade.direction > 0 for trade in trades), dtype=np.bool_, count=len(trades))
    for row, amounts in enumerate((np.ones(len(trades)), np.where(is_long, worth, 0.0), np.where(is_long, 0.0, worth))):
        np.add.at(changes[row], entries, amounts)
        np.add.at(changes[row], exits + 1, -amounts)
    positions, long, short = np.cumsum(changes, axis=1)[:, :bars]
    counted = np.round(positions).astype(np.int64)
    with np.errstate(all="ignore"):
        long, short = (np.where(counted > 0, np.maximum(one, 0.0) / equity, 0.0) for one in (long, short))
    return Exposure(counted, long, short)


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
