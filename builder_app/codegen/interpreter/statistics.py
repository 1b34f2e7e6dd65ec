"""What the rolling words of recipes mean, bar by bar, from their definitions; independent of the prelude."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float64]
Flags = NDArray[np.bool_]


def tie(a: float, b: float) -> bool:
    """Whether two numbers differ by at most a billionth of the larger."""
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b))


def rolling(work: Callable[[list[float]], float]) -> Callable[[Series, int], Series]:
    """The work done on the last so many values, oldest first, where all of them are known."""

    def rolled(series: Series, period: int) -> Series:
        answers = []
        for bar in range(len(series)):
            window = [float(value) for value in series[max(bar + 1 - period, 0) : bar + 1]]
            known = len(window) == period and not any(map(math.isnan, window))
            answers.append(work(window) if known else math.nan)
        return np.array(answers, dtype=float)

    return rolled


def total(window: list[float]) -> float:
    """The sum, from the first to the last."""
    result = window[0]
    for value in window[1:]:
        result += value
    return result


def deviation(window: list[float]) -> float:
    """The root of the mean square distance from the mean."""
    if max(window) == min(window):
        return 0.0
    mean = total(window) / len(window)
    return math.sqrt(total([(value - mean) * (value - mean) for value in window]) / len(window))


def _z_score(window: list[float]) -> float:
    spread = deviation(window)
    return (window[-1] - total(window) / len(window)) / spread if spread else math.nan


def _median(window: list[float]) -> float:
    ordered = sorted(window)
    return (ordered[(len(window) - 1) // 2] + ordered[len(window) // 2]) / 2


def _percentile(window: list[float]) -> float:
    now = window[-1]
    below = total([0.0, *(0.5 if tie(value, now) else 1.0 if value < now else 0.0 for value in window[:-1])])
    return 100 * below / (len(window) - 1)


def _slope(window: list[float]) -> float:
    middle = (len(window) - 1) / 2
    weights = [place - middle for place in range(len(window))]
    top = total([weight * value for weight, value in zip(weights, window, strict=True)])
    return top / total([weight * weight for weight in weights])


def correlation(a: Series, b: Series, period: int) -> Series:
    """Pearson's correlation of the last so many pairs."""
    answers = []
    for bar in range(len(a)):
        one, other = ([float(x) for x in each[max(bar + 1 - period, 0) : bar + 1]] for each in (a, b))
        if len(one) < period or any(map(math.isnan, [*one, *other])):
            answers.append(math.nan)
            continue
        mean_one, mean_other = total(one) / period, total(other) / period
        together = total([(x - mean_one) * (y - mean_other) for x, y in zip(one, other, strict=True)])
        spread = deviation(one) * deviation(other)
        answers.append(min(max(together / period / spread, -1.0), 1.0) if spread else math.nan)
    return np.array(answers, dtype=float)


def bars_since(condition: Flags) -> Series:
    """Bars since it last held."""
    answers, last = [], math.nan
    for bar, held in enumerate(condition):
        last = float(bar) if held else last
        answers.append(bar - last)
    return np.array(answers, dtype=float)


def within_bars(condition: Flags, bars: int) -> Flags:
    """It held at one of the last so many bars."""
    return np.array([any(condition[max(bar + 1 - bars, 0) : bar + 1]) for bar in range(len(condition))], dtype=bool)


def for_bars(condition: Flags, bars: int) -> Flags:
    """It held at every one of the last so many bars."""
    return np.array(
        [bar + 1 >= bars and all(condition[bar + 1 - bars : bar + 1]) for bar in range(len(condition))], dtype=bool
    )


STATISTICS: dict[str, Callable[..., Any]] = {
    "rolling_sum": rolling(total),
    "standard_deviation": rolling(deviation),
    "z_score": rolling(_z_score),
    "median": rolling(_median),
    "percentile_rank": rolling(_percentile),
    "slope": rolling(_slope),
    "correlation": correlation,
    "bars_since": bars_since,
    "within_bars": within_bars,
    "for_bars": for_bars,
}
