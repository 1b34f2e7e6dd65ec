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
# flow 2 standalone ddcd24f758812933 c74bc5df43c7710f
# QlpoOTFBWSZTWS5JaSYAAomfgFIHfhA6IBwKv+//+kACNu21AAwGjIaDCAaAaaAAGmSERkBoAAGmgABKakeqaZ
# NAAAaaaNGgaASJCaAJkakyaAbU2hDR5SVHbrTz6b62jKiwZp5+MxmhSEQ1komJMnaAeBsSjEVi9ParY7o+1glA
# mB0CLEyEkr8J4mjdQdx/xEmDqB6FajXgTXmOBjiIIghnVBCB3cEuCWYhJBIMHISSLABJBzVbw4zVXcG03Mdkfm
# EJUwgzbEwBGzRM2Hy4FEgEG41VMA5EyQSreA/JwzF2REhIUNHQYz2jp4d6aQxOBj3meuvhTuFRSBMOB4sMzk8g
# fWUoHuwCvtgAY3roBldE/VqSn+FQmigH9VrMrmRRZ9e0MbcZcQIugDMhV6gVL4sAJBmqBpwolTVKEoSPX03MjQ
# DMuwMKVlqeUWG+oWbV3DbRp3AaBlkGpJA0e5Bgx4DgMrxh3CGO8DkAZuBYnAp8cFarTOEEcrAC5+84iIiEKNQn
# tM4sLZ2L/MLAsuyz7tsza1JMmG4tuIWHeXlhutt2NtmyS0AMoDVBlxAgPHGhjMLtDgSBGiTHqVCEFgQEQQtihh
# lqRxPGcSAKgGMgq2lQVeuKLZqaw7FDjgKqpcJvICchS+D5LAPvz5pc0H6CfZ4Aebn/xdyRThQkC5JaSYA=
