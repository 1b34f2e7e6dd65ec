"""Pairs spread.

Trades long and short, with a stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 06e953c3bacf.
"""

import numpy as np

PARAMETERS = {
    "deviations": 2.0,
    "period": 60,
}

RULES = {
    "legs": [
        {
            "name": "10 % of equity",
            "long_entry": "cheap_against_ibm",
            "long_exit": "back_from_below",
            "short_entry": "dear_against_ibm",
            "short_exit": "back_from_above",
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 10.0},
            "exits": [
                {"kind": "stop", "unit": "percent", "value": 15.0},
            ],
        },
    ],
    "portfolio": {"maximum_positions": None, "maximum_net_exposure": 40.0},
    "other_symbols": {"IBM": "The block 'IBM'"},
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


def previous(series: np.ndarray, bars: int) -> np.ndarray:
    """The value so many bars ago; NaN where there was no such bar yet."""
    if bars < 0:
        raise ValueError("A strategy cannot look ahead: bars must be 0 or more.")
    shifted = np.full_like(series, np.nan)
    shifted[bars:] = series[: max(len(series) - bars, 0)]
    return shifted


def highest(series: np.ndarray, period: int) -> np.ndarray:
    """The highest of the last so many values, this bar's among them."""
    top = np.full_like(series, np.nan)
    if len(series) >= period:
        windows = np.lib.stride_tricks.sliding_window_view(series, period)
        top[period - 1 :] = windows.max(axis=1)
    return top


def lowest(series: np.ndarray, period: int) -> np.ndarray:
    """The lowest of the last so many values, this bar's among them."""
    bottom = np.full_like(series, np.nan)
    if len(series) >= period:
        windows = np.lib.stride_tricks.sliding_window_view(series, period)
        bottom[period - 1 :] = windows.min(axis=1)
    return bottom


def divide(a: np.ndarray | float, b: np.ndarray | float) -> np.ndarray:
    """a / b, and NaN where b is 0."""
    return a / np.where(b == 0, np.nan, b)


def rolling_sum(series: np.ndarray, period: int) -> np.ndarray:
    """The sum of the last so many values, this bar's among them."""
    total = previous(series, period - 1)
    for bars in range(period - 2, -1, -1):
        total = total + previous(series, bars)
    return total


def standard_deviation(series: np.ndarray, period: int) -> np.ndarray:
    """How far the last so many values lie from their mean: the root mean square."""
    mean = rolling_sum(series, period) / period
    total = np.zeros_like(series)
    for bars in range(period - 1, -1, -1):
        distance = previous(series, bars) - mean
        total = total + distance * distance
    flat = highest(series, period) == lowest(series, period)
    return np.where(flat, 0.0, np.sqrt(total / period))


def z_score(series: np.ndarray, period: int) -> np.ndarray:
    """How many standard deviations a value lies above the mean of the last so many."""
    mean = rolling_sum(series, period) / period
    return divide(series - mean, standard_deviation(series, period))


def of_symbol(key: str, symbol: str, market: object) -> np.ndarray:
    """One symbol's last known value under that key, for every symbol that has a bar."""
    values = market.others[symbol][key]
    places = np.arange(len(values))
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, places))
    known = np.where(last < 0, np.nan, values[last])
    return np.where(market.bars, known[:, np.newaxis], np.nan)


def measures(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What one symbol's bars give, to be compared across the symbols."""
    close = prices["close"]
    return {"close": close}


def across(earlier: dict[str, np.ndarray], market: object) -> dict[str, np.ndarray]:
    """The symbols compared: each array is bars × symbols, NaN in gaps."""
    # IBM: Other symbol
    ibm = of_symbol("close", "IBM", market)
    return {"ibm": ibm}


def signals(
    prices: dict[str, np.ndarray], earlier: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    ibm = earlier["ibm"]
    # Below: Multiply
    below = np.full_like(close, PARAMETERS["deviations"] * -1.0)
    # Ratio to IBM: Divide
    ratio_to_ibm = divide(close, ibm)
    # Distance from its average: Z-score
    distance_from_its_average = z_score(ratio_to_ibm, PARAMETERS["period"])
    # Back from above: Crosses below
    back_from_above = crossed_below(distance_from_its_average, 0.0)
    # Dear against IBM: Crosses above
    dear_against_ibm = crossed_above(
        distance_from_its_average, PARAMETERS["deviations"]
    )
    # Cheap against IBM: Crosses below
    cheap_against_ibm = crossed_below(distance_from_its_average, below)
    # Back from below: Crosses above
    back_from_below = crossed_above(distance_from_its_average, 0.0)
    return {
        "cheap_against_ibm": cheap_against_ibm,
        "back_from_below": back_from_below,
        "dear_against_ibm": dear_against_ibm,
        "back_from_above": back_from_above,
    }


STEPS = (measures, across, signals)


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(STEPS, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 1 standalone 1ecede59207b2c13 7d523268eab200c7
# QlpoOTFBWSZTWXKdPYkACLcfgFIHdxAeI1QKv+//+lAEib1AAAAAIkzUAAAAAAAAGmpqehTZRoABoAAAAZqij1
# DQABoAAADQMANNGg0xAAAAyACooiZBACaZKPIaT0jDAUQUO2JljrpbsJb0cwMKIgv2YyQqQEAAxXIAB0O+pmil
# FOkdQ+oq+CxZ7yXILJJg6woZiXNrFoyNFUnrSs5tOcyVMIxk5jSKHDvBlipMFotogDkAEkAEERIDk0oDQ1MO4I
# GDBgwQMjBwECCZyYzS4MRjEMRirVxDGftBq6QVJKQTJVWkhxiAADAQIBCAaEgXFzhLdIKOMQ/Fj0qRjGDEGIKw
# mELMCMSFxKwhZhcYsJKQxEWYkiWYlhjEFgx3bbljazkYx6QcuWmp/f+MrjSmcX3T+35QfpecGeaGaiSkWQesGJ
# B2fTMG0F+FYv7Y+Pxg2gsGcM5TEF/fHKD97i113Zcokh/6KjRbflFjQ63zeD3yv49c2221+bhbbV9kHFPWDp9X
# U1y4fF8/cOkH5JjWI6N2qfIjJHH+epB9dz7te2frB3M2bzM16tkTBltJ4CmMwdcH8zFhGjOxg2/r9vZmlPC+XT
# TOlX/nhB2b4TJatWrUW22W2C/lkiyb2WDMG3L65g6fxBzV600Qco1Hk8tHFXCjG/tjpZohlDidmezu8tztPv4t
# SLuR6N3cO7u83vg0T9a1nFHrN+ojsONHUfj7985nejxcOJpBnHsNR0bRpMoYJM+n0RpIdctvb7mcp7Xd/uJanE
# dcHqgs8zkps4aSy2fDaDnFJvxnZp9GqRz3QcUPrN0R4jPDJiVFkSWea54R+Fhr48B6Qjl3f6+DtnBEeBojExvF
# Hh7UeIjgsRse/Doh1T2RHSbE853+fittbEnJB24iSe1yxPFvVW0sqO3BGTjEaReMlvXoakY+NcDXad5z0IaITw
# d+RYd9hcWnOPK+Wzwgz2mhqpkbocIjEiaYjdyujS8OJwYzvNNuy8Wal44DSomJkjkXUzS8GxHGDdB2wZQatlFQ
# 1NY2Eq78+MbaTQn5aHhrynGI0aQZJmcnLqg0y5ayTMHm0R19nVdYOa7p+ny+X2DKExiQwSfOPu1ptnDOILckMS
# Fv2wzSP/i7kinChIOU6exI
