"""Functions of the strategy's text that look at the bars' times: calendar, sessions, and longer time frames.

`time` is an array of datetime64[ns], the times of the bars as the price files give them. Nothing here knows a bar that
is still to come: a period counts as complete once a bar of the next one is there.
"""

import numpy as np

from builder_app.codegen.prelude.statistics import rolling_sum

# mypy: disable-error-code="no-any-return"


def period_numbers(time: np.ndarray, timeframe: str) -> np.ndarray:
    """A number for each bar, the same within a period; weeks begin on Monday."""
    hours = time.astype("datetime64[h]").astype(np.int64)
    days = time.astype("datetime64[D]").astype(np.int64)
    months = time.astype("datetime64[M]").astype(np.int64)
    return {
        "hour": hours,
        "day": days,
        "week": (days + 3) // 7,
        "month": months,
        "quarter": months // 3,
        "year": months // 12,
    }[timeframe]


def new_period(time: np.ndarray, timeframe: str) -> np.ndarray:
    """True at the first bar of each period; the very first bar counts as one."""
    numbers = period_numbers(time, timeframe)
    first = np.ones(len(time), dtype=bool)
    first[1:] = numbers[1:] != numbers[:-1]
    return first


def period_start(time: np.ndarray, timeframe: str) -> np.ndarray:
    """For each bar the place of the first bar of its period."""
    places = np.arange(len(time))
    return np.maximum.accumulate(np.where(new_period(time, timeframe), places, 0))


def first_in(condition: np.ndarray, time: np.ndarray, timeframe: str) -> np.ndarray:
    """True where the condition holds for the first time in the hour, day, week…"""
    start = period_start(time, timeframe)
    total = np.cumsum(condition)
    return condition & (total - total[start] + condition[start] == 1)


def completed(
    series: np.ndarray,
    time: np.ndarray,
    timeframe: str,
    part: str,
) -> np.ndarray:
    """The open, high, low or close of the last completed period."""
    starts = np.flatnonzero(new_period(time, timeframe))
    if len(starts) == 0:
        return np.full_like(series, np.nan)
    values = {
        "open": series[starts],
        "high": np.maximum.reduceat(series, starts),
        "low": np.minimum.reduceat(series, starts),
        "close": series[np.append(starts[1:], len(series)) - 1],
    }[part]
    periods = np.cumsum(new_period(time, timeframe)) - 1
    return np.where(periods > 0, values[periods - 1], np.nan)


def completed_average(
    series: np.ndarray,
    time: np.ndarray,
    timeframe: str,
    period: int,
) -> np.ndarray:
    """The mean of the last values of so many completed periods."""
    starts = np.flatnonzero(new_period(time, timeframe))
    if len(starts) == 0:
        return np.full_like(series, np.nan)
    values = series[np.append(starts[1:], len(series)) - 1]
    means = rolling_sum(values, period) / period
    periods = np.cumsum(new_period(time, timeframe)) - 1
    return np.where(periods > 0, means[periods - 1], np.nan)


def is_weekday(time: np.ndarray, weekday: str) -> np.ndarray:
    """True on bars of this day of the week."""
    days = time.astype("datetime64[D]").astype(np.int64)
    names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    return (days + 3) % 7 == names.index(weekday[:3])


def is_month(time: np.ndarray, month: str) -> np.ndarray:
    """True on bars of this month of the year."""
    months = time.astype("datetime64[M]").astype(np.int64)
    names = "JanFebMarAprMayJunJulAugSepOctNovDec"
    return months % 12 == names.index(month[:3]) // 3


def month_start(time: np.ndarray, days: int) -> np.ndarray:
    """True on the first so many days of the month that have bars."""
    count = np.cumsum(new_period(time, "day"))
    return count - count[period_start(time, "month")] < days


def month_end(time: np.ndarray, days: int) -> np.ndarray:
    """True where fewer than so many days, Monday to Friday, are left in the month."""
    tomorrow = time.astype("datetime64[D]") + 1
    next_month = (time.astype("datetime64[M]") + 1).astype("datetime64[D]")
    return np.busday_count(tomorrow, next_month) < days


def in_session(time: np.ndarray, start: str, end: str) -> np.ndarray:
    """True from the start time on and before the end time, past midnight if need be."""
    minutes = time.astype("datetime64[m]").astype(np.int64) % 1440
    begin = int(start[:2]) * 60 + int(start[3:])
    finish = int(end[:2]) * 60 + int(end[3:])
    if begin < finish:
        return (minutes >= begin) & (minutes < finish)
    return (minutes >= begin) | (minutes < finish)
