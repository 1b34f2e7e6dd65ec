"""About Bars since.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 24d4596cfbcd.
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
            "strength": "bars_since_up",
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


def bars_since(condition: np.ndarray) -> np.ndarray:
    """How many bars ago the condition last held; NaN before it first did."""
    places = np.arange(len(condition))
    last = np.maximum.accumulate(np.where(condition, places, -1))
    return np.where(last < 0, np.nan, places - last)


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Down: Less than
    down = is_below(close, average)
    # Up: Greater than
    up = is_above(close, average)
    # Bars since
    bars_since_up = bars_since(up)
    # Greater than
    bars_since_up_above_1 = is_above(bars_since_up, 1.0)
    # Or
    any_of = bars_since_up_above_1 | up
    return {"any_of": any_of, "down": down, "bars_since_up": bars_since_up}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
