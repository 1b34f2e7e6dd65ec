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
# flow 2 standalone ae23b5448be62e42 45bdc57952dd91f9
# QlpoOTFBWSZTWZuGORkABQyfgFIHfhA6AFwKv+//+lADj24ZQoAGIp+qn6nqmGhMAmgw0E0wRoGKU/U1GTIaMh
# oMmmgNBiBKekqamIGTQ0BoNB6gADAaMhoMIBoBpoAAKkhCDRNT1P1GpqMmnqNqabUPQ1FZsOqXZ6SwvZEizfZQ
# 2A+o1oh5FtoRoQIAgAAOUcs1XWNoemUsvUrHcsxow0xVWPsbmmNNHpY2SDmUITMkxe66AM/cSYQTEYESEJCiMs
# Iqq54XcQwTJYOYC0cpVYGIOYMTMlmV1BlErykJGpIyg/YCMLkJCSEkJIXVVdVUFSCIlMgLVXRCBUQkkkiVVSSx
# w3Rzad9bNHiYbnTh1AVih/SoUo/e1k7LLQkxIWiemEnz+eiT438gVtwSUqtalVnLVa8EXUT7K+iu3hIZuHIFGj
# SbQ2Qgbb51VdYd4E+ckVVTZtVVV/Bok1PJJt/ifyjQcvwtxGeUjiO3Iw58ST1nJejChSo5VZ5pKul7yZOKhZF0
# mt0nuLKsSrzpg8iXLQ2nrK625lyvalFKwvfu6JLflX0pmYScO+IsSYFgauPm14mUu1VVhaBKpKz1VcGeqw4pY8
# DEdwymo2a+l9kmW6M/AcjjI5TXOG9JqTIdXtUyjdMSSklsMlDE4ylVNlJ0R8D4JKOKT3kmiKUs1nSZX9/eKepw
# jhP1oxkzpv5JvV0yvDItRWbZW4kuvqJ2NhjdMFQqRlL2TPhX3UO9GcduOvP7v0zE6mJFk3R1+MjEPAbHju3yZJ
# Ox1jqe8b0qTcSclo7q6ZpYdYk6NhZctG8fjEace4vEWkc7Jzim1lnui9VL1e1GUO7xOjhSU5jfJMxZKipjQ5tL
# bvOtzUrC9lqWpbPVdgtRvm/IksSYZqFJxM0ZKqty7QfniZs2b2YNpz1OHBalLyWSW4y6HDxXGzVPOef1+sS8n/
# f7l7KkZAm1O/i7kinChITcMcjI
