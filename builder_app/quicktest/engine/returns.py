"""What metrics, charts and other programs' formulas are all made of: last bars of days, returns, falls.

Pure functions over arrays of shape (bars,): `times` rise, `values` are money at each close.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Times = NDArray[np.datetime64]

DAYS_A_YEAR: Final = 252
"""Trading days in a year, for what is made yearly from daily returns (bars of a day or less)."""
WEEKS_A_YEAR: Final = 52
MONTHS_A_YEAR: Final = 12
NOTHING: Final = 1e-12
"""A standard deviation of daily returns below this is rounding, and counts as zero."""
_NANOSECONDS_A_DAY: Final = 86_400_000_000_000
_BARS_A_LOOK_UP: Final = 16
"""Looking one day's end up takes as long as dividing so many bars' times."""


def last_of_each(numbers: IntArray) -> IntArray:
    """The places of the last of each run of equal numbers; shape (runs,)."""
    if len(numbers) == 0:
        return np.zeros(0, dtype=np.int64)
    return np.append(np.flatnonzero(numbers[1:] != numbers[:-1]), len(numbers) - 1).astype(np.int64)


def last_bars(times: Times, unit: str) -> IntArray:
    """The last bar of each day (`D`), month (`M`) or year (`Y`) that has a bar."""
    if unit == "D":
        return _last_of_days(times.astype("datetime64[ns]").view(np.int64))
    days = last_bars(times, "D")
    return days[last_of_each(times[days].astype(f"datetime64[{unit}]").astype(np.int64))]


def _last_of_days(moments: IntArray) -> IntArray:
    """`moments` in nanoseconds; where there are few days of many bars, the ends of the days are looked up."""
    if len(moments) == 0:
        return np.zeros(0, dtype=np.int64)
    first, last = (int(moment) // _NANOSECONDS_A_DAY for moment in (moments[0], moments[-1]))
    if (last - first) * _BARS_A_LOOK_UP > len(moments):  # dividing takes a tenth of what numpy's calendar takes
        return last_of_each(moments // _NANOSECONDS_A_DAY)
    ends = np.searchsorted(moments, np.arange(first + 1, last + 1) * _NANOSECONDS_A_DAY) - 1
    return np.unique(np.append(ends, len(moments) - 1)).astype(np.int64)


def returns_of(values: FloatArray) -> FloatArray:
    """From each value to the next, as fractions; one fewer than the values."""
    return np.asarray(values[1:] / values[:-1] - 1.0, dtype=np.float64)


def daily_returns(times: Times, values: FloatArray) -> FloatArray:
    """Returns from the last close of each date to that of the next; shape (dates − 1,)."""
    return returns_of(values[last_bars(times, "D")])


def returns_a_year(days: Times) -> int:
    """How many returns a year has that stand this far apart, by their usual distance; `days` are dates, rising."""
    if len(days) < 2:
        return DAYS_A_YEAR
    usual = float(np.median(np.diff(days.astype("datetime64[D]")).astype(np.int64)))
    if usual >= 20.0:
        return MONTHS_A_YEAR
    return WEEKS_A_YEAR if usual >= 5.0 else DAYS_A_YEAR


def drawdown_of(equity: FloatArray) -> FloatArray:
    """The fall below the highest equity so far, as a fraction ≤ 0, shape (bars,)."""
    fall = np.maximum.accumulate(equity)
    np.divide(equity, fall, out=fall)
    fall -= 1.0
    return fall
