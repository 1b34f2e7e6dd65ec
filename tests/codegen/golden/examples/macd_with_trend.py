"""MACD with the trend.

Trades long, with a stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 5e33b95e8f7e.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "trend_period": 200,
}

RULES = {
    "legs": [
        {
            "name": "20 % of equity",
            "long_entry": "up_with_the_trend",
            "long_exit": "macd_turns_down",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "stop", "unit": "distance", "value": "stop_distance"},
            ],
        },
    ],
    "portfolio": {"maximum_positions": 5},
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


def crossed_below(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is below b and at the bar before was not below it."""
    lead = b - a
    tie = 1e-9 * np.maximum(np.abs(a), np.abs(b))
    crossed = lead > tie
    crossed[1:] &= (lead <= tie)[:-1]
    crossed[:1] = False
    return crossed


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    # MACD
    macd, macd_signal, _ = ta.MACD(close, fastperiod=12, slowperiod=26, signalperiod=9)
    # MACD turns down: Crosses below
    macd_turns_down = crossed_below(macd, macd_signal)
    # Long average: Simple moving average
    long_average = ta.SMA(close, timeperiod=PARAMETERS["trend_period"])
    # Above the long average: Greater than
    above_the_long_average = is_above(close, long_average)
    # MACD turns up: Crosses above
    macd_turns_up = crossed_above(macd, macd_signal)
    # Up, with the trend: And
    up_with_the_trend = above_the_long_average & macd_turns_up
    # Stop at 3 ATR: ATR stop
    atr_14 = ta.ATR(high, low, close, timeperiod=14)
    stop_distance = 3.0 * atr_14
    return {
        "up_with_the_trend": up_with_the_trend,
        "macd_turns_down": macd_turns_down,
        "stop_distance": stop_distance,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone be1c1d8fdd12230e 1a3725ebb60b0b82
# QlpoOTFBWSZTWdCCobIAA5sfgFIHfhAuBl4Kv+f/+kACy6KlaaKwlIjSZonqGR6gNAaDJ6gGgkJCaTVDxTEYjQ
# DTTQMTahgBpo0GmIAAAGQAiUITQ0mNCmajGU09QAGhJAbbyIWWQwE9MfQUZyVWK6hiLWuYkRsUp1tkxgKmjw7A
# 9ad6KrTFs3jMlr4Ji5jSa1feeF7X4PXy/GL8po9qOoGwF0C6hIQjDXKMkkMpdLWJsFNPQFLmhqd48lr2fFHdlR
# EkS84QqQkVNgqQqqMcGyEdQbQ5IxUqIIjISRoE5UoqSnpuzxM874dunrz1TrSDvfJtkgSD50onOADZWqn3sD5X
# g069UGEp0agm2bPElCAO4Kh9g7QgH5dPr6klk32ANvI69OnSew/NjwBpi3gwPxVC48xt6lKj28R5YYgOnGNi1X
# 4A6qBxqn6iENRBsJ5uUbTY6BeKjY9oFw29W9j5v9CcoMY3OHODdv2HxLA7bOv5o2AbLeWDhsuXWcRolEb0GvW4
# aDhJ6kguoR5Mx4jMIhQ0CIEnEpL4wvLIxCuRPsWNRCSTiQMg7wYadQOaDErOHEhwcOelMCadCG2WXeY6AG1dhn
# JL6AE5hXwlYRMkRW5+DDUOjbecbCDgE8WFJyTfVzHYcvAMYNxyTduISST+5idxiA7KtZti7wNseQw41Wwbl9bg
# yyNxUQ4kSQzSgUbnvMRuRqNEjHZcGV/d5cAoW0lJQBZAUDR1EWNQ14qhGfPYM33JsZgwcjAcDTgGGZQq4yEIag
# a1LiJbnlgaw9PTt2UiEu+svU4E7KZ/F3JFOFCQ0IKhsg==
