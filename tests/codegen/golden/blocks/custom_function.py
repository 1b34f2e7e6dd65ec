"""About Custom function.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 4343a7e63f32.
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
            "strength": "custom_function_value",
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


def custom_function(prices: dict[str, np.ndarray]) -> np.ndarray:
    """Custom function."""
    close = prices["close"]
    # fast: line 1
    fast = ta.EMA(close, timeperiod=12)
    # slow: line 2
    slow = ta.EMA(close, timeperiod=26)
    # result: line 3
    result = fast - slow
    return result


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Custom function
    custom_function_value = custom_function(prices)
    # Down: Less than
    down = is_below(close, average)
    # Greater than
    greater_than = is_above(custom_function_value, 1.0)
    # Up: Greater than
    up = is_above(close, average)
    # Or
    any_of = greater_than | up
    return {
        "any_of": any_of,
        "down": down,
        "custom_function_value": custom_function_value,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
