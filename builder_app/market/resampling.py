"""Longer bars from shorter ones, without look-ahead.

A bar's time is a moment at which all that it holds is known:
- bars within a day (minutes, hours) stand at their **end**: the bar of 09:35 holds what was traded after 09:30, up to
  and including 09:35. Five of one minute, 09:31 to 09:35, make it.
- a daily bar stands at its date. The date is that of the exchange's own clock (`zone`); the bar that ends at midnight
  is of the day that it ends.
- a weekly bar stands at its Friday, or at its Sunday where the symbol has been traded on weekends; a monthly one at the
  month's last weekday, or last day. So symbols of one kind share one axis of times, whatever holidays they had.

Only bars that are over are made: the last week is left out until its Friday has come (or the next week has begun), the
last day until the next one has begun: no bar says of itself that it is a day's last. So cutting the shorter bars off at
any time never changes a longer bar, it only leaves out those that were not over.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from builder_app.market.frequencies import length_of, minutes_of
from builder_app.market.prices import Bars, PricesUnreadable
from builder_app.market.prices.dates import DAY
from builder_app.market.prices.panel import bars_of

IntArray = NDArray[np.int64]

_MINUTE: Final = 60_000_000_000
_MONDAY: Final = 3
"""1970-01-01 was a Thursday: days since then plus this, modulo 7, count from Monday."""
_FRIDAY: Final = 4
_SUNDAY: Final = 6


def can_make(frequency: str, from_frequency: str) -> bool:
    """Can bars of `frequency` be made from bars of `from_frequency`, which are shorter and fill them evenly?"""
    wanted, given = length_of(frequency), length_of(from_frequency)
    if not 0 < given < wanted:
        return False
    minutes = minutes_of(frequency)
    if minutes:
        return minutes % given == 0
    return from_frequency not in ("weekly",) if frequency == "monthly" else True


def resampled(bars: Bars, frequency: str, zone: str = "UTC") -> Bars:
    """The symbol's bars at a longer frequency. Raises PricesUnreadable where there can be none."""
    if bars.frequency == frequency:
        return bars
    if not can_make(frequency, bars.frequency):
        raise PricesUnreadable([cannot_make(bars.symbol, frequency, bars.frequency)])
    times = bars.times.astype("datetime64[ns]").astype(np.int64)
    if minutes_of(frequency):
        step = minutes_of(frequency) * _MINUTE
        ends = -(-times // step) * step
        made = _joined(bars, ends, frequency, is_last_over=int(times[-1]) == int(ends[-1]))
    elif minutes_of(bars.frequency):
        daily = _days(bars, times, zone)
        return daily if frequency == "daily" else resampled(daily, frequency)
    else:
        dates = times // DAY
        ends = (_week_ends if frequency == "weekly" else _month_ends)(dates)
        made = _joined(bars, ends * DAY, frequency, is_last_over=int(dates[-1]) >= int(ends[-1]))
    return made


def cannot_make(symbol: str, frequency: str, from_frequency: str) -> str:
    """The sentence that a symbol has only bars from which these cannot be made."""
    return (
        f"{symbol} has {from_frequency} bars, and {frequency} ones cannot be made of them; import {frequency} prices, "
        f"or test on {from_frequency} bars."
    )


def _days(bars: Bars, times: IntArray, zone: str) -> Bars:
    local = _local(times, zone)
    dates = (local - 1) // DAY
    is_over = int(local[-1] - dates[-1] * DAY) == DAY
    return _joined(bars, dates * DAY, "daily", is_last_over=is_over)


def _local(times: IntArray, zone: str) -> IntArray:
    """The times on the clock of the zone."""
    if zone == "UTC":
        return times
    shown = pd.DatetimeIndex(times.astype("datetime64[ns]"), tz="UTC").tz_convert(zone).tz_localize(None)
    return np.asarray(shown.to_numpy().astype("datetime64[ns]").astype(np.int64))


def _week_ends(dates: IntArray) -> IntArray:
    weekday = (dates + _MONDAY) % 7
    mondays = dates - weekday
    return mondays + np.where(_weekend_seen(weekday, mondays), _SUNDAY, _FRIDAY)


def _month_ends(dates: IntArray) -> IntArray:
    months = dates.astype("datetime64[D]").astype("datetime64[M]")
    last = (months + 1).astype("datetime64[D]").astype(np.int64) - 1
    weekday = (last + _MONDAY) % 7
    last_weekday = last - np.maximum(weekday - _FRIDAY, 0)
    seen = _weekend_seen((dates + _MONDAY) % 7, months.astype(np.int64))
    return np.asarray(np.where(seen, last, last_weekday))


def _weekend_seen(weekday: IntArray, groups: IntArray) -> NDArray[np.bool_]:
    """For each bar: had the symbol been traded on a weekend by the end of its group of bars?"""
    seen = np.maximum.accumulate(weekday > _FRIDAY)
    last_of_group = np.searchsorted(groups, groups, side="right") - 1
    return np.asarray(seen[last_of_group])


def _joined(bars: Bars, ends: IntArray, frequency: str, *, is_last_over: bool) -> Bars:
    """One bar for each run of equal `ends`, standing there."""
    first = np.append(0, np.flatnonzero(np.diff(ends)) + 1)
    last = np.append(first[1:], len(ends)) - 1
    fields = {
        "open": bars.open[first],
        "high": np.maximum.reduceat(bars.high, first),
        "low": np.minimum.reduceat(bars.low, first),
        "close": bars.close[last],
        "volume": np.add.reduceat(bars.volume, first),
    }
    count = len(first) if is_last_over else len(first) - 1
    if not count:
        sentence = f"{bars.symbol} has too few {bars.frequency} bars to make a {frequency} one; import more of them."
        raise PricesUnreadable([sentence])
    kept = {name: values[:count] for name, values in fields.items()}
    remark = f"{bars.symbol}: the {frequency} bars were made of its {bars.frequency} ones."
    return bars_of(bars.symbol, ends[first][:count].astype("datetime64[ns]"), kept, frequency, (*bars.remarks, remark))
