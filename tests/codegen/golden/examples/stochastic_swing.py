"""Stochastic swing.

Trades long, with a stop and a target.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 525cda7db28b.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "overbought": 75,
    "oversold": 25,
}

RULES = {
    "legs": [
        {
            "name": "20 % of equity",
            "long_entry": "up_from_oversold",
            "long_exit": "down_from_overbought",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "stop", "unit": "percent", "value": 8.0},
                {"kind": "target", "unit": "risk", "value": 2.0},
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
    # Stochastic
    stochastic_k, stochastic_d = ta.STOCH(
        high,
        low,
        close,
        fastk_period=14,
        slowk_period=3,
        slowk_matype=0,
        slowd_period=3,
        slowd_matype=0,
    )
    # Turns down: Crosses below
    turns_down = crossed_below(stochastic_k, stochastic_d)
    # Overbought: Greater than
    overbought = is_above(stochastic_k, PARAMETERS["overbought"])
    # Oversold: Less than
    oversold = is_below(stochastic_k, PARAMETERS["oversold"])
    # Down from overbought: And
    down_from_overbought = turns_down & overbought
    # Turns up: Crosses above
    turns_up = crossed_above(stochastic_k, stochastic_d)
    # Up from oversold: And
    up_from_oversold = oversold & turns_up
    return {
        "up_from_oversold": up_from_oversold,
        "down_from_overbought": down_from_overbought,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 1 standalone 2c6f3b926112b157 ebe363cc7ce5cd22
# QlpoOTFBWSZTWQsYWSoABngfgFIHftAGAI4Kv+//+lADqweUAACGqGgBoAAAA00ACk2po2k0AABDAABBJpSSMg
# 0AABoAAAwGjIaDCAaAaaAACpIQg0Jip+hMp6jTTQZpPUeUVKc9uhjqMmGKWCSbEoCDYGSIAaz5KRErOw7DQQIo
# G1zHYQIoLmupKzi4CnVZoDISlpRji2pBAE8DhBEDPEKUAmcJtyVhoCiM3KSiMqLBoUrI2l0lMEEMULKxVj9hNo
# Jr4yzNG6QwEQphFVWRURFBucTLLMEwTRAD9Q5WFtChELCIUZBsIgAkja0sIlKEggsgUASUCCFWolEydNLWqqbG
# xfHiTK2NudV6vUviV5Pu+fwJ865kxbhCTKwWhPMlkTysTQldeo1BOMIhKywmcIihreGbGSwJJEND1cnp+fh4+C
# 3Xxxe+WlibzQn48C7cT3X2B9FfSSfjWQxPP+NROBq9Ccd5a57Rcj/ZcaMEvNCXwqrwL8UvN1b/Tu+KpVVyJyp2
# lKipRVCpSVSa/DQOxP7xmTnaWJr+5N7QtgTYZHH8sDQ75LRLQc5OV+XHVw4pcjOSXa9TzJ97uTVN+4jvnU22NN
# ZxdJV5ctK+1yd85ndJjfLxNBLPsuk4KUcFo2lVsPFJ8iy5O8TuKWiZGS3R4LTHnkTcKbHC0GQmelE5JhnJJzMW
# TqKMXSRsXNh7UdJpO0DjrO7mbmcknZMFjZHPoEzbonkbQrfyVTdHt2j373VVUpnIc55ic1wnVHPtJL3NgUd90w
# Recb7s2jszSTAOi0jrEsWdehNpZRlEzCxwXLBnhrLzWuWSXrTK3yU2IXpJvXDG9Kzw2ttBuJtE4kuJkbVYtEyz
# b9ZtSN73XTGGGZ8Mk6NZpWQfNgngYcJlwfFpxJla9SeW+yYJ56dJnVYJ3H6/X6/5IuItaSWI9XtMnve8ol/7RI
# SyRfymEA/xdyRThQkAsYWSoA==
