"""Supertrend, both ways.

Trades long and short.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 5f3584728141.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "multiplier": 3.0,
}

RULES = {
    "legs": [
        {
            "name": "18 % of equity",
            "long_entry": "supertrend_rising",
            "long_exit": "supertrend_falling",
            "short_entry": "supertrend_falling",
            "short_exit": "supertrend_rising",
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 18.0},
            "exits": [],
        },
    ],
    "portfolio": {
        "maximum_positions": None,
        "drawdown_halt": {"percent": 40.0, "bars": 120},
    },
}


def is_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is greater than b and they do not tie."""
    return a - b > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def is_below(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is less than b and they do not tie."""
    return b - a > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def as_series(values: np.ndarray) -> np.ndarray:
    """Whole numbers as a series like any other."""
    return values.astype(np.float64)


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    # Supertrend
    _, supertrend_2 = ta.SUPERTREND(
        high, low, close, timeperiod=10, multiplier=PARAMETERS["multiplier"]
    )
    as_series_supertrend_2 = as_series(supertrend_2)
    supertrend_rising = is_above(as_series_supertrend_2, 0)
    supertrend_falling = is_below(as_series_supertrend_2, 0)
    return {
        "supertrend_rising": supertrend_rising,
        "supertrend_falling": supertrend_falling,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone b26c9a2871f38456 5d2ac109260dfee2
# QlpoOTFBWSZTWSvLvVIAAXYfgFIHfFAAQAwKv+f/ujABibQISiCZT1GgBpo2p6jTTEAlTyU0nqNAGgDQAAEiQJ
# Taeo0yT1GhoADJVpwosIdVuf2WKYK2KuWjWNUZPOg/OxBgRSKrAjjBCU1ZOpORNK8Ffiqn3NWhpsGHEggUDQJN
# SSlCYpA2yFSlmNWi08kfpLc2FrZIJqF8zCgco5+fMPNhDKvPEGNyd3BJCDTNOK3Brnv6WhYDR1Jp9dahchu9rl
# IB5TZiFWT0lAfsJ5WwLRTq2P426B1YV3hAF17LpjPeswgNBQvv5ujZoX/XwKzxMaF9kBqsxg8awhhEGY1rqDsG
# SQ1hKOUBZPBisBRSLtNHctpOhZ7kSrJSy45Xmlfca7qZq90DXEDsUi4uCKkLRTh5YIqTQvvGBhwdjZCMCQW2g6
# pgSAsiliqsqBIl1LqtO3odd4Tx4hFu3cQqkXXr4vvRqGaOkh6b/F3JFOFCQK8u9Ug=
