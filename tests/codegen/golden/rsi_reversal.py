"""RSI reversal.

Trades long, with a trailing stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 27f55f84c49e.
"""

import numpy as np
import talib as ta

RULES = {
    "legs": [
        {
            "name": "Fixed shares",
            "long_entry": "rsi_14_crossed_above_30",
            "long_exit": "rsi_14_above_70",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "shares", "value": 100.0},
            "exits": [
                {"kind": "trailing_stop", "unit": "percent", "value": 8.0},
            ],
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
    # Relative strength index
    rsi_14 = ta.RSI(close, timeperiod=14)
    # Greater than
    rsi_14_above_70 = is_above(rsi_14, 70.0)
    # Crosses above
    rsi_14_crossed_above_30 = crossed_above(rsi_14, 30.0)
    return {
        "rsi_14_crossed_above_30": rsi_14_crossed_above_30,
        "rsi_14_above_70": rsi_14_above_70,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone 97aae5cf117771e8 8ca982e6ed4da402
# QlpoOTFBWSZTWckjjJ0AAbMfgFAHaNAAIBgKv+f/+jABjFFAymTRT1NogNGhkxBhBgBk00GQwQ0xGjAkRETaKa
# n5qmp6I9PRCMTalFn33bn3EwFRzQhB7BwZUVrlW/H5hBz0EuhKkxvch6MhpzpmVsljNTciLrpWBtr7cTEoHMxC
# UsbIJIcQEMhpJjWy5I3Z594EBIoF7VSqk1v0Et96VoGdkmDSA7Ptx4iqeFUuPLKuzwvYmIxUx6gaBykX6YEJlc
# CaPMzjJChL83UGZ3DwzuJW751NVUS9qQbNFUGPjy4SWRcjI+n+FjdXYUstM5TCYS5KQ5LTCQGtosOfuArhaIHH
# 5JLiWZSijmNcOZiXYsBJ6gtQxgJIwbhNgDWEG6dQnqwE5g1glxpEjSQlSPGsaYCoDSM0Nwr3kJBgYEA5qaGW20
# CWIlMVRhUKZYKe/AoaqpbJZJTIcKeK1kOnXqLqj6tUYzt/Q/4u5IpwoSGSRxk6
