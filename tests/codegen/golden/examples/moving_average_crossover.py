"""Moving average crossover.

Trades long, with a stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 59cad25784e0.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "fast_period": 10,
    "slow_period": 30,
}

RULES = {
    "legs": [
        {
            "name": "20 % of equity",
            "long_entry": "fast_crosses_above_slow",
            "long_exit": "fast_crosses_below_slow",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "stop", "unit": "percent", "value": 5.0},
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
    close = prices["close"]
    # Fast average: Simple moving average
    fast_average = ta.SMA(close, timeperiod=PARAMETERS["fast_period"])
    # Slow average: Simple moving average
    slow_average = ta.SMA(close, timeperiod=PARAMETERS["slow_period"])
    # Fast crosses below slow: Crosses below
    fast_crosses_below_slow = crossed_below(fast_average, slow_average)
    # Fast crosses above slow: Crosses above
    fast_crosses_above_slow = crossed_above(fast_average, slow_average)
    return {
        "fast_crosses_above_slow": fast_crosses_above_slow,
        "fast_crosses_below_slow": fast_crosses_below_slow,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone c7e83b25c2e4bbbf 667b18bf193751bf
# QlpoOTFBWSZTWSX3hiYAA2UfgFIHehAjAkgKv+f/+kACrsGwFCEkUm0TINMmjQZAMg0BISSn6pptI9Q8o0Gg0A
# DQwANGhowjJoNGmgMCpIKDImk9NNQAaaaBpkhNffa/qJy27CInlkhFIJ4MQZZUP3fIwXxtG5AjefhW3DF81sxZ
# wVpd55+zJn2k0RqMUp4qPFrGlGyoTCWbNYWGDLoML6iS5N5fMD+4yHnISKOFR0VVCKSKqNMoYmQZBUUQUZG4SK
# SMBUPZlqkuZWy5TQ6hG9hwTG02d0iENiFSREHt1iMBD7N24ENlvDPkENseuESQGmaRRjYFs6O3RttuX7mYZmut
# goM3l7BDkxaIowlSJwxEzgcAPKcU03kayaaCmNXgi+LP5NSozGBlZV0f1Lm8tv4vDk/zpT1wxZi1rrUcu5Gx4M
# Lo+5wnHyJgjBsMHs9mWtRUjqiyWkdjaa77XdzsGvNSfqucd8jfnvMnE4aSXRqc3ryym1mRSY7FXaqOiji6opqj
# mRyLJ0dHR6bnu0GrVKs7dMQ6NNxFuAWOhsuxRaphvp50ZTru5ddDIdq5ZVooiKRUIVclhVjICpRUJaAlBDp20s
# LUiOgos4p6XTdxiWkOBSindTkllplg3GZF0saKGLpNIXmudrYc/Tks3azJe1lXI3kWNqqS5kZimxPVd28N6Vtl
# KkcEXvEv1072p4vHy8oXHm88y3BH6of+LuSKcKEgS+8MTA==
