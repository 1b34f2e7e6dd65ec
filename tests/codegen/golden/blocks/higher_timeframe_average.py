"""About Higher time frame average.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow a272b946b8a3.
"""

import numpy as np
import talib as ta

RULES = {
    "legs": [
        {
            "name": "Percent of equity",
            "long_entry": "any_of",
            "long_exit": "down",
            "short_entry": None,
            "short_exit": None,
            "strength": "higher_timeframe_average",
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [],
        },
    ],
    "portfolio": {"maximum_positions": None},
}


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


def rolling_sum(series: np.ndarray, period: int) -> np.ndarray:
    """The sum of the last so many values, this bar's among them."""
    total = previous(series, period - 1)
    for bars in range(period - 2, -1, -1):
        total = total + previous(series, bars)
    return total


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


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    time = prices["time"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Higher time frame average
    higher_timeframe_average = completed_average(close, time, "week", 2)
    # Down: Less than
    down = is_below(close, average)
    # Greater than
    greater_than = is_above(higher_timeframe_average, 1.0)
    # Up: Greater than
    up = is_above(close, average)
    # Or
    any_of = greater_than | up
    return {
        "any_of": any_of,
        "down": down,
        "higher_timeframe_average": higher_timeframe_average,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
