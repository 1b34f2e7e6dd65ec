"""Bollinger bands.

Trades long, with a target.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 7179546001e6.
"""

import numpy as np
import talib as ta

RULES = {
    "legs": [
        {
            "name": "Percent of equity",
            "long_entry": "long_entry",
            "long_exit": "back_at_the_middle",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "target", "unit": "percent", "value": 12.0},
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


def previous(series: np.ndarray, bars: int) -> np.ndarray:
    """The value so many bars ago; NaN where there was no such bar yet."""
    if bars < 0:
        raise ValueError("A strategy cannot look ahead: bars must be 0 or more.")
    shifted = np.full_like(series, np.nan)
    shifted[bars:] = series[: max(len(series) - bars, 0)]
    return shifted


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    low = prices["low"]
    close = prices["close"]
    # Bollinger bands
    _, middle, lower = ta.BBANDS(close, timeperiod=20, nbdevup=2.0, nbdevdn=2.0)
    # Yesterday's low: Previous value
    yesterdays_low = previous(low, 1)
    # Under the lower band: Less than
    under_the_lower_band = is_below(close, lower)
    # Undercut and back: Greater than
    undercut_and_back = is_above(close, yesterdays_low)
    # Back at the middle: Crosses above
    back_at_the_middle = crossed_above(close, middle)
    # Percent of equity
    long_entry = undercut_and_back | under_the_lower_band
    return {"long_entry": long_entry, "back_at_the_middle": back_at_the_middle}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone 3fae0f300c3cc2c7 2841a1eaa1da5102
# QlpoOTFBWSZTWYLgazUAAukfgFCHcBAQAAIqv+//+kACU3AABgBk00GQwQ0xGjA00QZSADQZAyABBpR6kwAQZG
# 0BMAIohI0yYjUyTanqPU9T1NHpqY3W4DHgFn5WbMrSMlT3h20pIQQVAK0rEM8RVCjPRZyd6v3UVBiT9QxpW1ED
# ogsgpkRSSUFhUIaIhvQvIigzYyZxMACcaisi/MDBDlSVSAAGCaUozEKSEsNJkmZAoSSxRgkJmRmGYIgBx4YRPH
# Khw9gD8Q+oHpMpaFaQg1BqJ+rKdblJnqqQQZG1SC0EiLnmDQvqju5fHeD7NJjRS55h37dKvV6D5I3J4O2weyZM
# 0+d4pl89sm4giNI7hCRDZN6RQotMqq/2aUKlCs30byEzNfyx5jL0lfa3DVawF0KZ78TUMGAsKbAsZHHxzvlJ2P
# MKzMJmDfa2G/zk2c0upl7f6eT7sF1zd7jdmGeFyYBZSDIcHIttqDCbfVMWOcJwNpexyCXENRTaTYs6FOTtah96
# 9CExcDSBolbhTU3RYkA1G6h9FWUhsVm4act+XXpZA0as6S8TTW2yyOBvE9xSAJRzTWR41cLMJXhlWiB9cknPWS
# UjTG9waQNgaEjaYC1+RSIJ2mkGw1qKSKUJ3XJY5GxLRtPWxwM9XHdWFJwKIxvfjHFO538eBKO71FoWD+eX/i7k
# inChIQXA1mo=
