"""RSI-2.

Trades long, with a time stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow c596317d554b.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "entry_level": 10,
}

RULES = {
    "legs": [
        {
            "name": "20 % of equity",
            "long_entry": "a_dip_in_an_uptrend",
            "long_exit": "back_above_the_5_bar_average",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "time_stop", "unit": "bars", "value": 10},
            ],
        },
    ],
    "portfolio": {"maximum_positions": 5},
}


def is_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is greater than b and they do not tie."""
    return a - b > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def is_below(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is less than b and they do not tie."""
    return b - a > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    # RSI of two bars: Relative strength index
    rsi_of_two_bars = ta.RSI(close, timeperiod=2)
    # A deep dip: Less than
    a_deep_dip = is_below(rsi_of_two_bars, PARAMETERS["entry_level"])
    # 5-bar average: Simple moving average
    sma_5_bar_average = ta.SMA(close, timeperiod=5)
    # Back above the 5-bar average: Greater than
    back_above_the_5_bar_average = is_above(close, sma_5_bar_average)
    # 200-bar average: Simple moving average
    sma_200_bar_average = ta.SMA(close, timeperiod=200)
    # In an uptrend: Greater than
    in_an_uptrend = is_above(close, sma_200_bar_average)
    # A dip in an uptrend: And
    a_dip_in_an_uptrend = in_an_uptrend & a_deep_dip
    return {
        "a_dip_in_an_uptrend": a_dip_in_an_uptrend,
        "back_above_the_5_bar_average": back_above_the_5_bar_average,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 1 standalone f3a2164f6aa76320 b7dbe87e271d7833
# QlpoOTFBWSZTWeU2MPEABrUfgFIHchAyINgKv+//+lADqwOdY8ADYSUKemoPRA00aAaNNPSADNpPSek9QEMjAC
# NoBMBClJomk2SaADIBo2o009QRRNUnqZP0k00aMmmgxAABFEmSYJpk1MoMgAAZJrpb7G2mBP7Zy6xj4EatMYZC
# lCiUsSH0RY2SGT2iUQsDBtalkKFOElsCY6AIH+BupMCNJGYipUJlg1GPAtvj2AHSjsR8Ec6meFhOTWIRkV1yZF
# FphLJlgRk2Bjklj/UeKO7p27dsWgYjBhpFFVEVJVE3RoFqjg70H/QtPbBkWYYjiOLkGC4AErQtk4imKBYAQiYG
# TmIyO1NxW2sNxdqOdGwsrzmrctbu8DmI74wRtmUXbQBKjtRlR3bi3zCOVGMJ4I9SNSjTE1SMRlRvJwi0RFiZIU
# VK8Yi8cE54OW44V7GeqtrxqE4ipkKhoSrB0HtDJdH9C1AGQ9HB81c4BLe6LimDa4+t0M+SMEnf1IExAYminBNE
# eTvRgA3WZqVqHHrDn1mGH6cM0F497kP0gwIKiSikmOegB7TKJxkddUew9LKOnLhHJuEbJgWHp087IXvZJFkW8D
# OmXTTMJAKq0c+oeKPeh37BDjiAX9wsZgcLpZS5GgXZn462ai1VMUrqRcrQhgjsQGyeCupEGWYBwIwngQXRzKF4
# +uqOIQEYmvK7aACDDMRm5H6zVOoAdQrZKASqkJOMf2B/XJ7IBkdDe4ANgkJTtv4vAAVGFDviL7Qw7IEpbnkm24
# JgIwAOusqbl7wwp0lWiBQ4N0sFQDYDzgs53Mi1CBaKBYlO/WZiYmAgWXeo7I3tQgIFooSqWnnIW02/0ciIVzgQ
# yLwDIK0yALOSMCOCNBHpUOUVJFsmbtfgqaSakYFamYeheHXGxCB6URwCjpEEYsuKNVplGtnJRSOkzh3vHj9g2F
# CZVwE5Hjr5ZBpb8R2YCyteWaQB/xdyRThQkOU2MPE=
