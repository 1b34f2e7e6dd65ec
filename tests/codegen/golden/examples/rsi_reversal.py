"""RSI reversal.

Trades long, with a stop and a target.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow f88d73711486.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "oversold": 30.0,
    "recovered": 60.0,
}

RULES = {
    "legs": [
        {
            "name": "20 % of equity",
            "long_entry": "rsi_leaves_oversold",
            "long_exit": "rsi_has_recovered",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "stop", "unit": "percent", "value": 8.0},
                {"kind": "target", "unit": "percent", "value": 15.0},
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


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    # RSI of the close: Relative strength index
    rsi_of_the_close = ta.RSI(close, timeperiod=14)
    # RSI leaves oversold: Crosses above
    rsi_leaves_oversold = crossed_above(rsi_of_the_close, PARAMETERS["oversold"])
    # RSI has recovered: Greater than
    rsi_has_recovered = is_above(rsi_of_the_close, PARAMETERS["recovered"])
    return {
        "rsi_leaves_oversold": rsi_leaves_oversold,
        "rsi_has_recovered": rsi_has_recovered,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 1 standalone 966cbb2aa91df30d 634720b0c7c0dfeb
# QlpoOTFBWSZTWX9133UABRufgFIHf1AiIFgKv+f/+lADSznrZWgUQhI0yDQAAAAaAA0qep5qekjEwTExAyYEya
# YSakkmjGUaMJoBpoNNAaCIqSek000GmgAaADIAKkiJkxJmqb1FPFAZHqMCPKGbQmuyINigyqk5FFQNEAgyORBG
# /tdpCCJBQMznMYShmEBg0NFpxYtTFGnBeCzO90OaPkCaCDQQfBBTpBl7BWqvZUjZjairFIMpFijR+ELyGO64xK
# 5AsQZVlVVEUY1yiFxiErmR/Z0RLbRKJWkCqUEgMsKpGsorUZFaJBKK0paJBMpjmzWtXkjmwYYHzaec/x7kftWS
# L6Qi8ikTnEohsomInZe2GvWJqEgl8PLByCQcpBVTmMGiygSQ3gw3hYMD4Onz79h9Ut4o0eaPtn6HNHsWzSevrE
# 1klttCNot+qLSvXNFUlHh1MUrVne2KP9ujClWiKuMl/FToqnAhg7RjEFQUhxNpBMdJGCO3QpFkU6+yNGBGBkmJ
# v4YjhMrKpVDENGGj40Zyq7iOgw3+R6RNuBqDexWcvExxNo3rp0zjki5s+mF5HIi/cq8TZUcKPLyJRojgjtLTuq
# KeDh55I0UV1yvJO9nqRbBGGhJ8C+cunIuC0svR/1GXERzdOO0xJOq5acR23IwUhvxrI8pz0Ra023WnPeLkZkVI
# Me60dUdO+J8EXTvxmVRebll+Uk3e1OW3dYmVJLkUYzjhImlS25DiE04ZQimQQoVglIZ67UZOXf7XWqqZxrUk1L
# o1Y3mbStKRqjmRui5HI5qwtIx3Ms+ZHSFNT3XcZpKRsay+qpWiMLphVkW8ceriqxRsen79+xDBFtQqvu/O1xP7
# IJZmUKhJ9Uwgn+LuSKcKEg/uu+6g
