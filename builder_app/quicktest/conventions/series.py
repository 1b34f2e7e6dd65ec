"""What the conventions share: the last close of each date, returns, falls."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
Times = NDArray[np.datetime64]


def last_of_each(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """The places of the last of each run of equal numbers; shape (runs,)."""
    return np.append(np.flatnonzero(numbers[1:] != numbers[:-1]), len(numbers) - 1).astype(np.int64)


def daily(times: Times, values: FloatArray) -> tuple[Times, FloatArray]:
    """The dates, and the last value of each."""
    days = times.astype("datetime64[D]")
    places = last_of_each(days.astype(np.int64))
    return days[places], values[places]


def returns_of(values: FloatArray) -> FloatArray:
    """From each value to the next, as fractions; one fewer than the values."""
    return np.asarray(values[1:] / values[:-1] - 1.0, dtype=np.float64)


def falls_of(values: FloatArray) -> FloatArray:
    """How far each value is below the highest so far, as fractions ≤ 0."""
    return np.asarray(values / np.maximum.accumulate(values) - 1.0, dtype=np.float64)


def divided(above: float, below: float) -> float:
    """The quotient; NaN where there is nothing to divide by."""
    return float(above) / float(below) if below != 0.0 else float("nan")


def mean_of(values: FloatArray) -> float:
    """The mean; NaN of nothing."""
    return float(values.mean()) if values.size else float("nan")
