"""Crossover without a size.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow ddfde5a6c6ba.
"""

import numpy as np
import talib as ta

RULES = {
    "legs": [
        {
            "name": "Default position",
            "long_entry": "trend_up",
            "long_exit": "too_hot",
            "short_entry": None,
            "short_exit": None,
            "strength": "strength",
            "size": {"kind": "percent_of_equity", "value": 10.0},
            "exits": [],
        },
    ],
    "portfolio": {"maximum_positions": None},
}


def is_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is greater than b and they do not tie."""
    return a - b > 1e-9 * np.maximum(np.abs(a), np.abs(b))


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
    # Trend up: Moving average crossover
    sma_5 = ta.SMA(close, timeperiod=5)
    sma_20 = ta.SMA(close, timeperiod=20)
    trend_up = crossed_above(sma_5, sma_20)
    # Strength: Relative strength index
    strength = ta.RSI(close, timeperiod=10)
    # Too hot: Greater than
    too_hot = is_above(strength, 80.0)
    return {"trend_up": trend_up, "too_hot": too_hot, "strength": strength}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone 77073259c16010c3 f49b02df261886c9
# QlpoOTFBWSZTWeHbCPgAAWIfgFAHclAIAAwKv+ff+jABbAIMhFP1R4kDQGQ9T1BoDDQyZAyMQYmTQ0wJISEZPQ
# FMyJ6mTTTTNS3a/h3h155KtxSA8REWar2WoQe+JECJaDQKUkqokmUqxUhI724qTGrux7GeHhEJnHE7OQO7AGH7
# PdHFHZtl0Z0tWEpKA8UopQ2ojrD9bd6GBkgLrlBXILOefTDmzwj6q5qWnoZw5Zh5/qhFfnVWLswRZCO4Uwejav
# BGTIvs9rH8KBFCokQNinBxVeKd4Y7jy1qyqwxooOCdcnuCckPbanFQbacCU7jiFaxEM43Izqz3E2RTUIfIC+Uo
# DJyGiFlNwPA5tOwOiLTSkumi8kItReF/DiVULC49tASBhTGLggYGYWjyKgsim2Rc0U2uwIcEXrnA1DY5f9ILSe
# JoJMJyIgxzRuM61tYBjkfsyPP8XckU4UJDh2wj4A==
