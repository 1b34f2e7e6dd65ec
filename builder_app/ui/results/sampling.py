"""What a chart of many bars needs to be drawn fast and read easily: extremes per pixel, ticks at round places."""

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

from builder_app.session.report.thinning import extremes as extremes

FloatArray = NDArray[np.float64]
Tick = tuple[float, str]
_NICE_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_LEVELS: Final = (("Y", (1, 2, 4, 5, 10, 20, 50), "%Y"), ("M", (1, 3, 6), "%b %Y"), ("D", (1, 2, 7, 14), "%d %b"))
_NANOSECONDS_A_DAY: Final = 86_400_000_000_000
_OFFSETS: Final = {"Y": 1970, "M": 0, "D": 3}
"""Added to numpy's count since 1970, so that every second year is an even one and every seventh day a Monday."""


def round_ticks(low: float, high: float, count: int) -> FloatArray:
    """At most `count` + 1 round values in [low, high], a step of 1, 2, 2.5 or 5 times a power of ten apart."""
    span = high - low
    if not (math.isfinite(span) and span > 0.0) or count < 1:
        return np.array([low]) if math.isfinite(low) else np.array([])
    power = 10.0 ** math.floor(math.log10(span / count))
    step = next(power * nice for nice in _NICE_STEPS if span / (power * nice) <= count + 1e-9)
    ticks = np.arange(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1) * step
    return np.asarray(ticks, dtype=np.float64)


def log_ticks(low: float, high: float, count: int) -> FloatArray:
    """At most `count` + 1 round values in [low, high], both above zero, that lie well on a logarithmic axis.

    Powers of ten with their twice and five times where they are enough; within one decade, evenly spaced round values.
    """
    if not (0.0 < low < high and math.isfinite(high)) or count < 1:
        return np.zeros(0)
    powers = 10.0 ** np.arange(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    for nice in ((1.0, 2.0, 5.0), (1.0,)):
        ticks = np.sort(np.outer(powers, nice).ravel())
        ticks = ticks[(ticks >= low) & (ticks <= high)]
        if 3 <= len(ticks) <= count + 1:
            return np.asarray(ticks, dtype=np.float64)
    if high / low < 100.0:
        return round_ticks(low, high, count)
    every = math.ceil(len(ticks) / (count + 1))
    return np.asarray(ticks[::every], dtype=np.float64)


def date_ticks(times: NDArray[np.datetime64], first: int, last: int, count: int) -> list[Tick]:
    """At most `count` ticks in the bars `first`…`last`, at the first bar of a year, month or day, or every so often."""
    shown = times[first : last + 1]
    if len(shown) == 0 or count < 1:
        return []
    dates = shown.astype("datetime64[ns]").view(np.int64) // _NANOSECONDS_A_DAY
    changes = np.flatnonzero(np.diff(dates)) + 1
    for level in _LEVELS:
        ticks = _ticks_of_unit(shown, changes, level, count)
        if len(ticks) >= min(2, count):
            return [(bar + first, text) for bar, text in ticks]
    every = max(1, math.ceil(len(shown) / count))
    form = _form_over(shown[-1] - shown[0])
    return [(float(bar + first), _words(shown[bar], form)) for bar in range(0, len(shown), every)]


def _form_over(span: np.timedelta64) -> str:
    """How a time is written where it must be told from others over such a span."""
    if span < np.timedelta64(1, "D"):
        return "%H:%M"
    return "%d %b" if span < np.timedelta64(300, "D") else "%b %Y"


def _ticks_of_unit(
    shown: NDArray[np.datetime64], changes: NDArray[np.int64], level: tuple[str, tuple[int, ...], str], count: int
) -> list[Tick]:
    """Ticks at the bars where a new unit (year, month, day) begins, thinned out to `count`, or none.

    `changes` are the bars where a new date begins: the calendar is asked about these only.
    """
    unit, steps, form = level
    numbers, before = (shown[bars].astype(f"datetime64[{unit}]").astype(np.int64) for bars in (changes, changes - 1))
    begins, numbers = changes[numbers != before], numbers[numbers != before]
    for step in steps:
        chosen = begins[(numbers + _OFFSETS[unit]) % step == 0]
        if len(chosen) <= count:
            return [(float(bar), _words(shown[bar], form)) for bar in chosen]
    return []


def _words(time: np.datetime64, form: str) -> str:
    """The time in the given form, a day without its leading zero."""
    text: str = time.astype("datetime64[s]").item().strftime(form)
    return text.removeprefix("0") if form.startswith("%d") else text


def time_words(time: np.datetime64) -> str:
    """A bar's time for reading: the date, and the time of day where it is not midnight."""
    moment = time.astype("datetime64[s]").item()
    form = "%Y-%m-%d" if (moment.hour, moment.minute, moment.second) == (0, 0, 0) else "%Y-%m-%d %H:%M"
    text: str = moment.strftime(form)
    return text
