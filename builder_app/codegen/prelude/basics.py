"""Functions of the strategy's text: comparisons that know a tie, crossings, bars ago, highest and lowest.

Each takes 1-D arrays of one symbol's bars in order (or a number where the text says so) and gives an array of the
same length. A comparison with NaN is False. Their lines are at most 88 wide, for they appear in strategies as they are.
"""

import numpy as np

# mypy: disable-error-code="no-any-return"


def is_equal(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a and b tie: they differ by at most a billionth of the larger."""
    return np.abs(a - b) <= 1e-9 * np.maximum(np.abs(a), np.abs(b))


def is_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is greater than b and they do not tie."""
    return a - b > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def is_below(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is less than b and they do not tie."""
    return b - a > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def crossed_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is above b and at the bar before was not above it."""
    lead = a - b
    tie = 1e-9 * np.maximum(np.abs(a), np.abs(b))
    crossed = lead > tie
    crossed[1:] &= (lead <= tie)[:-1]
    crossed[:1] = False
    return crossed


def crossed_below(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is below b and at the bar before was not below it."""
    lead = b - a
    tie = 1e-9 * np.maximum(np.abs(a), np.abs(b))
    crossed = lead > tie
    crossed[1:] &= (lead <= tie)[:-1]
    crossed[:1] = False
    return crossed


def previous(series: np.ndarray, bars: int) -> np.ndarray:
    """The value so many bars ago; NaN where there was no such bar yet."""
    if bars < 0:
        raise ValueError("A strategy cannot look ahead: bars must be 0 or more.")
    shifted = np.full_like(series, np.nan)
    shifted[bars:] = series[: max(len(series) - bars, 0)]
    return shifted


def change(series: np.ndarray, bars: int) -> np.ndarray:
    """The value less the value so many bars ago."""
    return series - previous(series, bars)


def highest(series: np.ndarray, period: int) -> np.ndarray:
    """The highest of the last so many values, this bar's among them."""
    top = np.full_like(series, np.nan)
    if len(series) >= period:
        windows = np.lib.stride_tricks.sliding_window_view(series, period)
        top[period - 1 :] = windows.max(axis=1)
    return top


def lowest(series: np.ndarray, period: int) -> np.ndarray:
    """The lowest of the last so many values, this bar's among them."""
    bottom = np.full_like(series, np.nan)
    if len(series) >= period:
        windows = np.lib.stride_tricks.sliding_window_view(series, period)
        bottom[period - 1 :] = windows.min(axis=1)
    return bottom


def divide(a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    """a / b, and NaN where b is 0."""
    return a / np.where(b == 0, np.nan, b)


def as_series(values: np.ndarray) -> np.ndarray:
    """Whole numbers as a series like any other."""
    return values.astype(np.float64)
