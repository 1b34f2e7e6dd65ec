"""About Volatility target.

Trades long, with a stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 4444ac620292.
"""

import numpy as np
import talib as ta

RULES = {
    "legs": [
        {
            "name": "Volatility target",
            "long_entry": "up",
            "long_exit": "down",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": "size", "maximum": 100.0},
            "exits": [
                {"kind": "stop", "unit": "percent", "value": 5.0},
            ],
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


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Down: Less than
    down = is_below(close, average)
    # Up: Greater than
    up = is_above(close, average)
    # Volatility target
    volatility_target_part = np.log(divide(close, previous(close, 1)))
    size_part_2 = standard_deviation(volatility_target_part, 20)
    size_part_3 = np.sqrt(np.full_like(close, 252))
    size_part = size_part_2 * size_part_3
    size = divide(10.0, size_part)
    return {"up": up, "down": down, "size": size}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
