"""Z-score reversal.

Trades long, with a stop and a time stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow be4bffd131d3.
"""

import numpy as np

PARAMETERS = {
    "entry_score": 2.0,
    "period": 20,
}

RULES = {
    "legs": [
        {
            "name": "20 % of equity",
            "long_entry": "far_below_the_mean",
            "long_exit": "back_at_the_mean",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "stop", "unit": "percent", "value": 10.0},
                {"kind": "time_stop", "unit": "bars", "value": 20},
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


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    # Below the mean: Multiply
    below_the_mean = np.full_like(close, PARAMETERS["entry_score"] * -1.0)
    # Distance from the mean: Z-score
    distance_from_the_mean = z_score(close, PARAMETERS["period"])
    # Back at the mean: Crosses above
    back_at_the_mean = crossed_above(distance_from_the_mean, 0.0)
    # Far below the mean: Crosses below
    far_below_the_mean = crossed_below(distance_from_the_mean, below_the_mean)
    return {
        "far_below_the_mean": far_below_the_mean,
        "back_at_the_mean": back_at_the_mean,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone d9b3f4c6a12c81ee c59a6f71df1437ca
# QlpoOTFBWSZTWdSRp9kAA10fgFIHcBAXAMQav+//+kACsBOUFWEkmlT9CbJqT0aEYmhtT1AGgkJTImkGgAaNBh
# AAwMgyAAxGgyGQGCRTJU/TSap+I0TUaNMIwjaC5u4edVr8XLQMn9yvo2/GdGNPK+Yb5gq3sXvTeWiGTVzKsLS2
# h4yG4tWGHHHNLMMb9aFmkaUi+5g3dxZMiqRpkwtbB5Rid4pJiItf2c22wKOpHrj+1GNMqFNSAqBU6lOipHHCkw
# GQcjCoROEQ2RxxiQ2FJzPO+qtEoj5dVus7ANr/kNNto1yANiTYJUIgji4b+5IxSGnsG9gkSXoI3NCRscHpiiAR
# ltEOTikUxOnHidsja7JFq5JHx6+S75+IfyTUEagvNOQi4u60AViwRH0SGrJ/ulEQBwsjRAyEjoGNjp4ML/GzXX
# xyrWRuYhrPCUiymzKykMN6z4JF3yfUJGIVDZm1JSq+IZMoAXIVq655PYVKiKwwyGOjV37gnKYfusK3hikPMJzU
# KhAJo//yQbhnMYcA0XYCZuQuQkNHM2O0sWKg4usEsNtJnbEKCLq4kOwggOARSBUdJDo0psLlhnzyqINCAbOIsi
# EGsmoWN/4kCwvsgOsSN1EtFvaq2woI2oEIJNcl8VCueheQG0LVY0bHrQYDMybwmYsNRrx8RgkCcIIYrsdSLLjV
# KeJbBkM3EAK4kaSGA2BcJsLDAXUoIS+STZ3UZdrUpqN5gkRcDdHXPEgSwDMz00EOI+gu7DgLg5/i7kinChIakj
# T7IA==
