"""About Rank weight.

Trades long, with a stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 3612768a9116.
"""

import numpy as np
import talib as ta

RULES = {
    "legs": [
        {
            "name": "Rank weight",
            "long_entry": "up",
            "long_exit": "down",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": "size"},
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


def order_across(values: np.ndarray) -> np.ndarray:
    """1 for the highest value, 2 for the next…; of equal ones in pool order."""
    order = np.argsort(-values, axis=1, kind="stable")
    places = np.empty_like(values)
    counted = np.arange(1.0, values.shape[1] + 1)
    np.put_along_axis(places, order, np.broadcast_to(counted, values.shape), axis=1)
    return np.where(np.isnan(values), np.nan, places)


def measures(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What one symbol's bars give, to be compared across the symbols."""
    close = prices["close"]
    return {"close": close}


def across(earlier: dict[str, np.ndarray], market: object) -> dict[str, np.ndarray]:
    """The symbols compared: each array is bars × symbols, NaN in gaps."""
    close = earlier["close"]
    # Rank weight
    order_across_close = order_across(close)
    return {"order_across_close": order_across_close}


def signals(
    prices: dict[str, np.ndarray], earlier: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    order_across_close = earlier["order_across_close"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Down: Less than
    down = is_below(close, average)
    # Up: Greater than
    up = is_above(close, average)
    # Rank weight
    size = 100.0 * (4.0 - order_across_close) / 6.0
    return {"up": up, "down": down, "size": size}


STEPS = (measures, across, signals)


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(STEPS, RULES, read_prices))
