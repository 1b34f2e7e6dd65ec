"""About New high.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow b2e33630002b.
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
            "strength": None,
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


def highest(series: np.ndarray, period: int) -> np.ndarray:
    """The highest of the last so many values, this bar's among them."""
    top = np.full_like(series, np.nan)
    if len(series) >= period:
        windows = np.lib.stride_tricks.sliding_window_view(series, period)
        top[period - 1 :] = windows.max(axis=1)
    return top


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # New high
    new_high = is_above(close, previous(highest(close, 20), 1))
    # Down: Less than
    down = is_below(close, average)
    # Up: Greater than
    up = is_above(close, average)
    # Or
    any_of = new_high | up
    return {"any_of": any_of, "down": down}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
