"""About Between.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow ac04e86dd1dc.
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


def is_equal(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a and b tie: they differ by at most a billionth of the larger."""
    return np.abs(a - b) <= 1e-9 * np.maximum(np.abs(a), np.abs(b))


def is_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is greater than b and they do not tie."""
    return a - b > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def is_below(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is less than b and they do not tie."""
    return b - a > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    open_ = prices["open"]
    close = prices["close"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Between
    down = is_below(close, average)
    between_part = is_above(close, open_) | is_equal(close, open_)
    between_part_2 = down | is_equal(close, average)
    between = between_part & between_part_2
    # Up: Greater than
    up = is_above(close, average)
    # Or
    any_of = between | up
    return {"any_of": any_of, "down": down}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
