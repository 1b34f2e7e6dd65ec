"""Functions of the strategy's text over the last so many bars: rolling statistics, and conditions over time.

As in `prelude`: 1-D arrays of one symbol's bars in order, at most 88 columns wide. Sums are taken from the oldest bar
to the newest, so that the same values always give the same sum.
"""

import numpy as np

from builder_app.codegen.prelude.basics import divide, highest, is_below, is_equal, lowest, previous

# mypy: disable-error-code="no-any-return"


def rolling_sum(series: np.ndarray, period: int) -> np.ndarray:
    """The sum of the last so many values, this bar's among them."""
    total = previous(series, period - 1)
    for bars in range(period - 2, -1, -1):
        total = total + previous(series, bars)
    return total


def standard_deviation(series: np.ndarray, period: int) -> np.ndarray:
    """How far the last so many values lie from their mean: the root mean square."""
    mean = rolling_sum(series, period) / period
    total = np.zeros_like(series)
    for bars in range(period - 1, -1, -1):
        distance = previous(series, bars) - mean
        total = total + distance * distance
    flat = highest(series, period) == lowest(series, period)
    return np.where(flat, 0.0, np.sqrt(total / period))


def z_score(series: np.ndarray, period: int) -> np.ndarray:
    """How many standard deviations a value lies above the mean of the last so many."""
    mean = rolling_sum(series, period) / period
    return divide(series - mean, standard_deviation(series, period))


def median(series: np.ndarray, period: int) -> np.ndarray:
    """The middle one of the last so many values, or the mean of the middle two."""
    middle = np.full_like(series, np.nan)
    if len(series) >= period:
        windows = np.sort(np.lib.stride_tricks.sliding_window_view(series, period))
        two = windows[:, (period - 1) // 2] + windows[:, period // 2]
        middle[period - 1 :] = np.where(np.isnan(windows[:, -1]), np.nan, two / 2)
    return middle


def percentile_rank(series: np.ndarray, period: int) -> np.ndarray:
    """The percentage of the period's other values that are below; ties by half."""
    below = np.zeros_like(series)
    for bars in range(1, period):
        before = previous(series, bars)
        tied = np.where(is_equal(before, series), 0.5, 0.0)
        below = below + np.where(is_below(before, series), 1.0, tied)
    known = ~np.isnan(rolling_sum(series, period))
    return np.where(known, 100 * below / (period - 1), np.nan)


def correlation(a: np.ndarray, b: np.ndarray, period: int) -> np.ndarray:
    """Pearson's correlation of the last so many values; NaN where either is flat."""
    mean_a = rolling_sum(a, period) / period
    mean_b = rolling_sum(b, period) / period
    total = np.zeros_like(a)
    for bars in range(period - 1, -1, -1):
        total = total + (previous(a, bars) - mean_a) * (previous(b, bars) - mean_b)
    spread = standard_deviation(a, period) * standard_deviation(b, period)
    return np.minimum(np.maximum(divide(total / period, spread), -1.0), 1.0)


def slope(series: np.ndarray, period: int) -> np.ndarray:
    """The rise per bar of the straight line through the last so many values."""
    total = np.zeros_like(series)
    weights = 0.0
    for bars in range(period - 1, -1, -1):
        weight = (period - 1) / 2 - bars
        total = total + weight * previous(series, bars)
        weights += weight * weight
    return total / weights


def bars_since(condition: np.ndarray) -> np.ndarray:
    """How many bars ago the condition last held; NaN before it first did."""
    places = np.arange(len(condition))
    last = np.maximum.accumulate(np.where(condition, places, -1))
    return np.where(last < 0, np.nan, places - last)


def within_bars(condition: np.ndarray, bars: int) -> np.ndarray:
    """True where the condition held at one of the last so many bars or more."""
    return bars_since(condition) < bars


def for_bars(condition: np.ndarray, bars: int) -> np.ndarray:
    """True where the condition has held for so many bars in a row."""
    places = np.arange(len(condition))
    last = np.maximum.accumulate(np.where(condition, -1, places))
    return places - last >= bars
