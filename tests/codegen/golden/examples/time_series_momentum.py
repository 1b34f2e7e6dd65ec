"""Time-series momentum.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 009a44be2f41.
"""

import numpy as np

PARAMETERS = {
    "look_back": 252,
}

RULES = {
    "legs": [
        {
            "name": "10 % volatility each",
            "long_entry": "higher_at_the_months_start",
            "long_exit": "lower_at_the_months_start",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": "size", "maximum": 25.0},
            "exits": [],
        },
    ],
    "portfolio": {"maximum_positions": None, "maximum_gross_exposure": 100.0},
}


def is_equal(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a and b tie: they differ by at most a billionth of the larger."""
    return np.abs(a - b) <= 1e-9 * np.maximum(np.abs(a), np.abs(b))


def is_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is greater than b and they do not tie."""
    return a - b > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def is_below(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is less than b and they do not tie."""
    return b - a > 1e-9 * np.maximum(np.abs(a), np.abs(b))


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


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    time = prices["time"]
    # A month begins: New period
    a_month_begins = new_period(time, "month")
    # Return of a year: Return
    return_of_a_value = divide(
        100 * change(close, PARAMETERS["look_back"]),
        previous(close, PARAMETERS["look_back"]),
    )
    # Not higher: At most
    not_higher = is_below(return_of_a_value, 0.0) | is_equal(return_of_a_value, 0.0)
    # Lower, at the month's start: And
    lower_at_the_months_start = not_higher & a_month_begins
    # Higher than a year ago: Greater than
    higher_than_a_year_ago = is_above(return_of_a_value, 0.0)
    # Higher, at the month's start: And
    higher_at_the_months_start = a_month_begins & higher_than_a_year_ago
    # 10 % volatility each: Volatility target
    step_10_volatility_each_part = np.log(divide(close, previous(close, 1)))
    size_part_2 = standard_deviation(step_10_volatility_each_part, 60)
    size_part_3 = np.sqrt(np.full_like(close, 252))
    size_part = size_part_2 * size_part_3
    size = divide(10.0, size_part)
    return {
        "higher_at_the_months_start": higher_at_the_months_start,
        "lower_at_the_months_start": lower_at_the_months_start,
        "size": size,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone 33a9f0c00dd08fbb 27c6f05358db5ac6
# QlpoOTFBWSZTWYYPGJAAA4ufgFKHcxAiRVQKv+/f+kAC52EaoMsEkjUxFPTak9T1GRoGg02SaaAkJQ1RkHpM1G
# gGmgAD1DGQyGg0GjQBoAGhgkSBMqn6ajNGlNqeoPUAMmnqJnwef1Q3/mjtpl7mdzkZSMN5LRycp8wZ2qiE4ByY
# d3wtmRi5SS5EiTvOU7pWZmI5KxrM2iXeQKCRmkTCjYxsZXOJDY05lKGlaVuI87pGVcOI4WuhkYL+IetRtKSEiq
# pQykigVVRUI5RCN00mwqiCbJIEZGAqdVCnNVtHJx6m9mkutltIWOkF7MzGNjG2bt1Ul1tASQQr0ihH1jekb7JE
# BveC8WkVsucEgjAJ6OzTzUTAEc9kiRumC02OO/ieXZsban8JU4pD8TBZIn6E+gdQqf1Rkg6LJfMDQwMwdsZiRZ
# jUv4TKdkiA9c22ElID5SSGKYCdYE69Mv6LDM74a17MEGCMZu6RXtU8VfLUFmXC4kYqFZbmDNoORZkJZAtbrb7R
# oKJ1AdI1Mq7di0jtsCAX0NSnKAd8jWirJVWxrUUSH6bPkFju+B/swxcpYE0qchy3obyIDQ3mDehMoLwSOYkUIS
# 4FQqS5GpBc8+oqpm+ki5iAIMiYNXwJE6FumU4HNkhLULwJsHkBaSKZerCST75UPLO5vyOptZJcBUCESSgfCDU8
# Jxu47gK99lsuIHi28CQzmw25CbbRywC1a5lgleYhnZWsWpGDGwTHmNYs1gQU5q4DSHcwoFREM2mAoc+gyCMd15
# xi5SeuLEhIgSKhZyhKEsFWTKWApUgtVBbspq93PUHVytL0iN7UQOwWbolMQadG1BwOHHiIilzwZNYwLPT/F3JF
# OFCQhg8YkA==
