"""What the calendar words of recipes mean, bar by bar, by Python's own calendar; independent of the prelude."""

import datetime
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder_app.codegen.interpreter.statistics import total

Series = NDArray[np.float64]
Flags = NDArray[np.bool_]


def moments(time: NDArray[Any]) -> list[datetime.datetime]:
    """The bars' times."""
    return [value.astype("datetime64[us]").item() for value in time]


def period_of(moment: datetime.datetime, timeframe: str) -> tuple[int, ...]:
    """The hour, day, week… in which a moment lies, the same for all moments in it."""
    day = (moment.year, moment.month, moment.day)
    return {
        "hour": (*day, moment.hour),
        "day": day,
        "week": tuple(moment.isocalendar())[:2],
        "month": day[:2],
        "quarter": (moment.year, (moment.month - 1) // 3),
        "year": day[:1],
    }[timeframe]


def new_period(time: NDArray[Any], timeframe: str) -> Flags:
    """The first bar of each period."""
    periods = [period_of(moment, timeframe) for moment in moments(time)]
    return np.array([bar == 0 or periods[bar - 1] != period for bar, period in enumerate(periods)], dtype=bool)


def first_in(condition: Flags, time: NDArray[Any], timeframe: str) -> Flags:
    """The first bar of each period at which it holds."""
    seen: set[tuple[int, ...]] = set()
    answers = []
    for held, moment in zip(condition, moments(time), strict=True):
        period = period_of(moment, timeframe)
        answers.append(bool(held) and period not in seen)
        seen |= {period} if held else set()
    return np.array(answers, dtype=bool)


def _completed_bars(series: Series, time: NDArray[Any], timeframe: str) -> list[list[list[float]]]:
    """For each bar the values of the periods that have ended before it."""
    done: list[list[float]] = []
    now: list[float] = []
    before: tuple[int, ...] | None = None
    known = []
    for value, moment in zip(series, moments(time), strict=True):
        period = period_of(moment, timeframe)
        if before is not None and period != before:
            done = [*done, now]
            now = []
        now = [*now, float(value)]
        before = period
        known.append(done)
    return known


def completed(series: Series, time: NDArray[Any], timeframe: str, part: str) -> Series:
    """The open, high, low or close of the last period that has ended."""
    answers = []
    for periods in _completed_bars(series, time, timeframe):
        values = periods[-1] if periods else [math.nan]
        unknown = any(map(math.isnan, values))
        extreme = {"high": max, "low": min}.get(part)
        if extreme is not None:
            answers.append(math.nan if unknown else extreme(values))
        else:
            answers.append(values[0] if part == "open" else values[-1])
    return np.array(answers, dtype=float)


def completed_average(series: Series, time: NDArray[Any], timeframe: str, period: int) -> Series:
    """The mean of the last values of so many periods that have ended."""
    answers = []
    for periods in _completed_bars(series, time, timeframe):
        lasts = [values[-1] for values in periods[-period:]]
        answers.append(total(lasts) / period if len(lasts) == period else math.nan)
    return np.array(answers, dtype=float)


def is_weekday(time: NDArray[Any], weekday: str) -> Flags:
    """The bars of a day of the week."""
    return np.array([moment.strftime("%A") == weekday for moment in moments(time)], dtype=bool)


def is_month(time: NDArray[Any], month: str) -> Flags:
    """The bars of a month of the year."""
    return np.array([moment.strftime("%B") == month for moment in moments(time)], dtype=bool)


def month_start(time: NDArray[Any], days: int) -> Flags:
    """The first days with bars of each month."""
    dates: dict[tuple[int, int], list[datetime.date]] = {}
    answers = []
    for moment in moments(time):
        held = dates.setdefault((moment.year, moment.month), [])
        if moment.date() not in held:
            held.append(moment.date())
        answers.append(len(held) <= days)
    return np.array(answers, dtype=bool)


def month_end(time: NDArray[Any], days: int) -> Flags:
    """Fewer than so many weekdays follow in the month."""
    answers = []
    for moment in moments(time):
        left, day = 0, moment.date() + datetime.timedelta(days=1)
        while day.month == moment.month:
            left += day.weekday() < 5
            day += datetime.timedelta(days=1)
        answers.append(left < days)
    return np.array(answers, dtype=bool)


def in_session(time: NDArray[Any], start: str, end: str) -> Flags:
    """From the one time of day on and before the other."""
    begin, finish = datetime.time.fromisoformat(start), datetime.time.fromisoformat(end)
    answers = []
    for moment in moments(time):
        clock = moment.time().replace(second=0, microsecond=0)
        after, before = clock >= begin, clock < finish
        answers.append(after and before if begin < finish else after or before)
    return np.array(answers, dtype=bool)


CALENDAR: dict[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        *(new_period, first_in, completed, completed_average),
        *(is_weekday, is_month, month_start, month_end, in_session),
    )
}
