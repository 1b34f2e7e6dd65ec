"""About Moving average crossover.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 5590967616df.
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


def crossed_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is above b and at the bar before was not above it."""
    lead = a - b
    tie = 1e-9 * np.maximum(np.abs(a), np.abs(b))
    crossed = lead > tie
    crossed[1:] &= (lead <= tie)[:-1]
    crossed[:1] = False
    return crossed


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    # Average: Simple moving average
    average = ta.SMA(close, timeperiod=5)
    # Moving average crossover
    sma_10 = ta.SMA(close, timeperiod=10)
    sma_30 = ta.SMA(close, timeperiod=30)
    sma_10_crossed_above_sma_30 = crossed_above(sma_10, sma_30)
    # Down: Less than
    down = is_below(close, average)
    # Up: Greater than
    up = is_above(close, average)
    # Or
    any_of = sma_10_crossed_above_sma_30 | up
    return {"any_of": any_of, "down": down}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
