"""CCI reversal.

Trades long, with a stop and a break even.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 03abf74cd921.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "period": 20,
}

RULES = {
    "legs": [
        {
            "name": "20 % of equity",
            "long_entry": "back_from_oversold",
            "long_exit": "back_from_overbought",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "stop", "unit": "distance", "value": "stop_distance"},
                {"kind": "break_even", "unit": "percent", "value": 5.0},
            ],
        },
    ],
    "portfolio": {"maximum_positions": None},
}


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
    # CCI: Commodity channel (CCI)
    cci = ta.CCI(high, low, close, timeperiod=PARAMETERS["period"])
    # Back from overbought: Crosses below
    back_from_overbought = crossed_below(cci, 100.0)
    # Back from oversold: Crosses above
    back_from_oversold = crossed_above(cci, -100.0)
    # Stop at 3 ATR: ATR stop
    atr_14 = ta.ATR(high, low, close, timeperiod=14)
    stop_distance = 3.0 * atr_14
    return {
        "back_from_oversold": back_from_oversold,
        "back_from_overbought": back_from_overbought,
        "stop_distance": stop_distance,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 1 standalone f2bacb515decdc9c c74bc5df43c7710f
# QlpoOTFBWSZTWfMr13UABA8fgFIHfhA6IBwKv+//+kAC7si20AEJU0U9Ib0oAD1DIB5TIACTUUSPU0yAANAGgA
# aGA0ZDQYQDQDTQAAVIoJk1T2iZT1NT1HpMnqAekZNqULbZCXbj1Y+hZmvOBAZNBV6UtajkRzmTLyygnuua7a3e
# 20+uOlfbix6QzGg6F0brPdVqLpSLGqz0QqWijRhkBnA2rxxzD9BYDLLVREUbsHECjKSHQyf1ICBUoauFBSKqFL
# u12JSSxUsSpdLsUM+GdaLw/Ea/2xyVPyf09g+dajDWHlQmIqCxaTf/MB+egufL09IcBQrAxLDADByAfBpNDmqr
# IECmGsRPatbwwlpE2Slqr2iRiBgHgd7DK8hdBQPrG0sYev3RyGvryDf3T5jnxvH+amEjH5zJjHDMfbQEIaaSsZ
# vbFFdIGhPIYgqiybM+gC3vGQ6MpY4/ccXK8QwNZkdeuUmXaS4XI3vf6bt1jJG7js2z0w8HmP0wcHw6nDQdtfgd
# udSuI6G+hcPCSeq0bUrZVnLip4ooriO4b1adHJl5cBtKmjeyX3zDWFfSqqsZIvwMeuLtRpiiZz/qMzODXffx67
# uukkUxO6dexJm2h5aitmjvOvelVVOsHQOdknhDnz7Iw0FTz5cHLMZG2jqwIwCjwhSuY6NTCGRLLoWqdmbXn58D
# CidmQ4s8NBqOAdBgHLI0qoZ8Emn35RxxmMy9mT37TEWLnCYapVcxjgmFjxvuwFbHp6f7J8hLuS5HqY/V7WBeUk
# ZF/KtA/xdyRThQkPMr13U=
