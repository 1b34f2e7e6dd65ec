"""How sure the difference of two tests is: a paired bootstrap of their daily returns.

The days are drawn again with replacement, in blocks, since a market's days are not independent of each other: a block
begins at a random day and goes on with the next one, wrapping at the end, until it ends with probability 1 / length
(the stationary bootstrap of Politis and Romano, "The Stationary Bootstrap", Journal of the American Statistical
Association 89, 1994). Both tests get the same days ("paired"), so that what moves both cancels out. The interval is
the percentile interval of the redrawn differences (Efron and Tibshirani, "An Introduction to the Bootstrap", 1993,
chapter 13). The mean length of a block is the cube root of the number of days, the order that the paper derives.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .engine.returns import NOTHING, last_bars, returns_a_year, returns_of

FloatArray = NDArray[np.float64]
IntegerArray = NDArray[np.int32]

FEWEST_DAYS: Final = 20
"""With fewer common days an interval would say nothing."""
DRAWS: Final = 2_000
LEVEL: Final = 0.95
_CELLS_AT_ONCE: Final = 500_000


@dataclass(frozen=True, slots=True)
class Interval:
    """A difference (second test minus first) as it was, and the interval that holds it with the chance `LEVEL`.

    `share_above` is the share of the redrawn differences above zero (an equal one counts half). NaN: no value.
    """

    difference: float
    low: float
    high: float
    share_above: float

    @property
    def is_sure(self) -> bool:
        """Whether zero lies outside the interval."""
        return self.low > 0.0 or self.high < 0.0


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """The differences of two tests over the days that both have."""

    days: int
    block_length: float
    yearly_return: Interval
    """Of the mean daily return times 252, as a fraction; of weekly and monthly bars by their own number a year."""
    sharpe_ratio: Interval


def dated_returns(times: NDArray[np.datetime64], equity: FloatArray) -> tuple[NDArray[np.datetime64], FloatArray]:
    """The last close of each date over the one before, minus 1: the dates (from the second on), and the returns."""
    last = last_bars(times, "D")
    with np.errstate(all="ignore"):
        return times[last].astype("datetime64[D]")[1:], returns_of(equity[last])


def paired_difference(
    first: tuple[NDArray[np.datetime64], FloatArray],
    second: tuple[NDArray[np.datetime64], FloatArray],
    seed: int = 0,
    draws: int = DRAWS,
) -> PairedDifference | None:
    """Compare two equity curves, each as (times, equity) of shape (bars,), on the dates that both have a return for.

    The same seed gives the same interval. None where fewer than `FEWEST_DAYS` such dates are finite in both.
    """
    (dates_a, a), (dates_b, b) = dated_returns(*first), dated_returns(*second)
    common, in_a, in_b = np.intersect1d(dates_a, dates_b, assume_unique=True, return_indices=True)
    a, b = a[in_a], b[in_b]
    known = np.isfinite(a) & np.isfinite(b)
    a, b = a[known], b[known]
    days = len(a)
    if days < FEWEST_DAYS:
        return None
    length, a_year = mean_block_length(days), returns_a_year(common)
    year = math.sqrt(a_year)
    means, ratios = [], []
    for drawn in _drawn_days(days, length, draws, np.random.default_rng(seed)):
        (mean_a, sharpe_a), (mean_b, sharpe_b) = _moments(np.take(a, drawn)), _moments(np.take(b, drawn))
        means.append((mean_b - mean_a) * a_year)
        ratios.append((sharpe_b - sharpe_a) * year)
    return PairedDifference(
        days,
        length,
        _interval(float(b.mean() - a.mean()) * a_year, np.concatenate(means)),
        _interval(
            float(_moments(b[None].copy())[1][0] - _moments(a[None].copy())[1][0]) * year, np.concatenate(ratios)
        ),
    )


def mean_block_length(days: int) -> float:
    """The mean length of a block, in days, at least one."""
    return max(1.0, float(round(math.cbrt(days), 6)))


def stationary_days(days: int, length: float, draws: int, random: np.random.Generator) -> IntegerArray:
    """Days drawn by the stationary bootstrap, shape (draws, days): indices 0…days − 1.

    A day follows the day before it (the first follows the last) with probability 1 − 1 / length, else it is any day.
    """
    fresh = random.random((draws, days), dtype=np.float32) < 1.0 / length
    fresh[:, 0] = True
    place = np.arange(days, dtype=np.int32)
    begun = np.maximum.accumulate(np.where(fresh, place, 0), axis=1)  # where the block of each day began
    starts = random.integers(0, days, size=(draws, days), dtype=np.int32)
    drawn = np.take_along_axis(starts, begun, axis=1)
    drawn += place
    drawn -= begun
    drawn[drawn >= days] -= days  # a block goes on from the last day to the first
    return drawn


def _drawn_days(days: int, length: float, draws: int, random: np.random.Generator) -> Iterator[IntegerArray]:
    """All draws, so many at a time that little memory is taken."""
    at_once = max(1, _CELLS_AT_ONCE // days)
    for first in range(0, draws, at_once):
        yield stationary_days(days, length, min(at_once, draws - first), random)


def _moments(returns: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Each row's mean, and mean / std(ddof = 1), NaN where the returns do not vary. `returns` is used up."""
    mean = returns.mean(axis=1)
    returns -= mean[:, None]
    deviation = np.sqrt(np.einsum("ij,ij->i", returns, returns) / (returns.shape[1] - 1))
    varies = deviation > NOTHING
    ratio = np.full(len(returns), np.nan)
    ratio[varies] = mean[varies] / deviation[varies]
    return mean, ratio


def _interval(difference: float, redrawn: FloatArray) -> Interval:
    redrawn = redrawn[np.isfinite(redrawn)]
    if not math.isfinite(difference) or not len(redrawn):
        return Interval(math.nan, math.nan, math.nan, math.nan)
    low, high = np.quantile(redrawn, [(1.0 - LEVEL) / 2.0, (1.0 + LEVEL) / 2.0])
    above = float(np.mean(redrawn > 0.0) + np.mean(redrawn == 0.0) / 2.0)
    return Interval(difference, float(low), float(high), above)
