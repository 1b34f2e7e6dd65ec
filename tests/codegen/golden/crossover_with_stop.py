"""Moving average crossover.

Trades long, with a stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 121aa4ececc8.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "fast_period": 10,
    "slow_period": 30,
    "stop_percent": 5.0,
}

RULES = {
    "legs": [
        {
            "name": "A quarter each",
            "long_entry": "golden_cross",
            "long_exit": "death_cross",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 25.0},
            "exits": [
                {
                    "kind": "stop",
                    "unit": "percent",
                    "value": PARAMETERS["stop_percent"],
                },
            ],
        },
    ],
    "portfolio": {"maximum_positions": 4},
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
    # Death cross: Crosses below
    death_cross = crossed_below(fast_average, slow_average)
    # Golden cross: Crosses above
    golden_cross = crossed_above(fast_average, slow_average)
    return {"golden_cross": golden_cross, "death_cross": death_cross}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 1 standalone 93a0c28a73bb823f 5ac3f25487f2ae80
# QlpoOTFBWSZTWQxtIO0ABUqfgFAHfhA1gkgKv+f/+lADSw97W1oKFiKeo02o0AAAADQAGkDSnommIwJgIGTRgE
# mlKRp6hpoZADQAAARRIRPykaNqPUDIANNDagKkhEyJjSMqfoQgPUA2U9SxPN+d6VwiiBQHTCoAEQiQZ9pWFANH
# I5EBziJuDCgTatzlNY4zQl3I2eB0Y01KgBBYIPgg8CSgB4BI90LCsHRZVxYglpUS0LKxxQtwH2Q0EM+3mV3gzk
# ExhFRFRRjHA4ClzEMQyJD9Sa0lW0KQpCgyFAiEYyCUSkAshFlCMqgBZS1kUjLdGduC9+qNWWWOas17fw4fu+SP
# WtwlLIpQWETISQTfImAnibRNgkKJDGzGNwghsbCQIhkepoPfo1nWPUvzdRCSxkJwu0vWFRM1mithag579A6rAl
# U9pfi+qOVWnucSUpKXvGalXRuR8JJgMoXGk8uw/pRurjIae8oxGRiKAiapkSn4UqykYRz/3Mujn+qM3/VbBGUa
# Jh1XaoCHsBlSVLzlpo11MiQbxa47RJHhHSus85w3k08zM4nKuOcmEcjzf10yTEjdB0ZXJ4KnejQ9EczgjqRtFm
# CuzZ31MvWzVHBUlWba4DydtCLYRaPBE6l7MUsQpjWkwnaE5be+pkibMLO0m3iJhUk2jtwkaZ+JPSvjWHSTxDZR
# RvIsiEwuOxxhbdItAaDeUB50zi4a60kVYTLkvtUdJFrMnNG+ZqM5GJJYS9o3VSXnKm5k9+tpVaDdQb2ZKb1Z1m
# rQm9GhHJFyNdZnUjPONINHei3zwkq7y3JKR2fNcZMN82Re6KRfw5nfCOJ+L29vxCirMqSIff9xMIYKCRBpRJUi
# OMtEJ/i7kinChIBjaQdo
