"""About Weekday.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow e72ac5bcc5da.
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


def is_weekday(time: np.ndarray, weekday: str) -> np.ndarray:
    """True on bars of this day of the week."""
    days = time.astype("datetime64[D]").astype(np.int64)
    names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    return (days + 3) % 7 == names.index(weekday[:3])


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    time = prices["time"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Weekday
    weekday = is_weekday(time, "Monday")
    # Down: Less than
    down = is_below(close, average)
    # Up: Greater than
    up = is_above(close, average)
    # Or
    any_of = weekday | up
    return {"any_of": any_of, "down": down}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
