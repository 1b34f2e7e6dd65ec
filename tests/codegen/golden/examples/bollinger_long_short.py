"""Bollinger bands, long and short.

Trades long and short, with a stop and a target.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow b9d5fe6ecae2.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "deviations": 2.0,
    "period": 20,
}

RULES = {
    "legs": [
        {
            "name": "15 % of equity",
            "long_entry": "close_back_above_the_lower",
            "long_exit": "close_rises_to_the_middle",
            "short_entry": "close_back_below_the_upper",
            "short_exit": "close_falls_to_the_middle",
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 15.0},
            "exits": [
                {"kind": "stop", "unit": "distance", "value": "stop_distance"},
                {"kind": "target", "unit": "distance", "value": "target_distance"},
            ],
        },
    ],
    "portfolio": {"maximum_positions": 5},
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
    # Bollinger bands
    bollinger_upper, bollinger_middle, bollinger_lower = ta.BBANDS(
        close,
        timeperiod=PARAMETERS["period"],
        nbdevup=PARAMETERS["deviations"],
        nbdevdn=PARAMETERS["deviations"],
    )
    # Close back above the lower band: Crosses above
    close_back_above_the_lower = crossed_above(close, bollinger_lower)
    # Close back below the upper band: Crosses below
    close_back_below_the_upper = crossed_below(close, bollinger_upper)
    # Close falls to the middle: Crosses below
    close_falls_to_the_middle = crossed_below(close, bollinger_middle)
    # Close rises to the middle: Crosses above
    close_rises_to_the_middle = crossed_above(close, bollinger_middle)
    # Stop at 2 ATR: ATR stop
    atr_14 = ta.ATR(high, low, close, timeperiod=14)
    stop_distance = 2.0 * atr_14
    # Target at 3 ATR: ATR target
    target_distance = 3.0 * atr_14
    return {
        "close_back_above_the_lower": close_back_above_the_lower,
        "close_rises_to_the_middle": close_rises_to_the_middle,
        "close_back_below_the_upper": close_back_below_the_upper,
        "close_falls_to_the_middle": close_falls_to_the_middle,
        "stop_distance": stop_distance,
        "target_distance": target_distance,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 1 standalone 1125cba1941d4900 45bdc57952dd91f9
# QlpoOTFBWSZTWVqfG/0ACFgfgFIHfhA6AFwKv+//+lAES91QSKAAENKPU9SG1PUyYCMBpGTIaZMNU/SnlRhDEw
# QNBpkwjIAk1JJNPUxGQDEB6QBpoyGA0ZDQYQDQDTQAAiSEBCmYQU2o8oNGTQ9TCsyeUy3FLRkAjDW4hk0tRsRD
# 9D77BzAikDrQBcA4CQWcETAo4ixBA6wUMpKALACiqS6PfMM8zaXkzvIVdxbO+5MryZX3VwL9Rf7aimQUQGZWLB
# agIZGWRYsWKNikbVJSWlAxKhISMr3F3FzuXwE2CwsSiyIKiqqqkQVY1ZG4kqBeAP2gQidIAVUFgtLRSsASAEIr
# KoJBRgAUCQaAGJRUFgtstpI6BnuELHmLtY+gTAfQyhY1nxr5n3BfaZi23V8S5QowEiLQtAB9aF9fXQX0t+oB4C
# xWCyq1FhJxjJk1KsIoFhCfI+g3BlPozmwO2ig2W0qq9IYAVuupVVOzBRXzDGScoayTn2k7yGMDNJN5WQQywpug
# duIDc5bgvu8S0C5AIRJONeosobWXG4JIQChLC8GwvedwsaBiCXbXD2BsFIdX3ZzrkH3hAgSx3C50vkGDBRRRUY
# KExcBwCF4UtULmGQLv2RKBcFgOnTx8PmZlrSSSUVVrAUsV1V21A5X5Z4DwCkHCBd4AdTj6C/W52Fy1Qc/EDgHB
# Tk8ckNReIOAOh9I4SyuirVzBALoG7CR7EHvE8hfMDcXqC5iQhRwe5xbr4BCB/wbJs+kDGAy10F4jCd17KGByIW
# OpbQFsWgvAUPIOoFtG4RCKYbALQ5bT3IB2EyTxQTfhy9z45ChzC6lDonP81PABMIQU6h58VdfIE3XMXyDonQOq
# BuMXYF+BSi8+dZDAOiLzOfZAwCXMBZB2H/4XTXh3hYVpQfhQ/AedVKqk6JaSIQtYMIYF7uga94QgcgNlcxShGJ
# G2gcjOtP3mjYqgqFVShiKnAsCbhgLQNXWAmwugL3C2BcjQgEVxwDRBzZqWNQPtxDIyMj7lw7OvANtgqwJcWils
# LW7YQoXbzLgeBcXgPs/L5f6jZFKpQpB2/eLdA4FxJa+mAFSAv7VkIf4u5IpwoSC1Pjf6
