"""Directional movement trend.

Trades long, with a stop and a target.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 77911301f9b1.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "strength": 20,
}

RULES = {
    "legs": [
        {
            "name": "20 % of equity",
            "long_entry": "up_in_a_trend",
            "long_exit": "turns_down",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "stop", "unit": "price", "value": "stop_price"},
                {"kind": "target", "unit": "percent", "value": 8.0, "part": 33.0},
                {"kind": "target", "unit": "percent", "value": 16.0, "part": 33.0},
                {"kind": "target", "unit": "percent", "value": 30.0, "part": 34.0},
            ],
        },
    ],
    "portfolio": {"maximum_positions": None},
}


def is_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is greater than b and they do not tie."""
    return a - b > 1e-9 * np.maximum(np.abs(a), np.abs(b))


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


def lowest(series: np.ndarray, period: int) -> np.ndarray:
    """The lowest of the last so many values, this bar's among them."""
    bottom = np.full_like(series, np.nan)
    if len(series) >= period:
        windows = np.lib.stride_tricks.sliding_window_view(series, period)
        bottom[period - 1 :] = windows.min(axis=1)
    return bottom


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    # Trend strength: Average directional index
    trend_strength = ta.ADX(high, low, close, timeperiod=14)
    # Minus direction: Minus direction (-DI)
    minus_direction = ta.MINUS_DI(high, low, close, timeperiod=14)
    # Plus direction: Plus direction (+DI)
    plus_direction = ta.PLUS_DI(high, low, close, timeperiod=14)
    # Turns down: Crosses below
    turns_down = crossed_below(plus_direction, minus_direction)
    # A strong trend: Greater than
    a_strong_trend = is_above(trend_strength, PARAMETERS["strength"])
    # Turns up: Crosses above
    turns_up = crossed_above(plus_direction, minus_direction)
    # Up, in a trend: And
    up_in_a_trend = a_strong_trend & turns_up
    # Below the last swing low: Swing low stop
    stop_price = lowest(low, 10) * 0.995
    return {
        "up_in_a_trend": up_in_a_trend,
        "turns_down": turns_down,
        "stop_price": stop_price,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone 76f09de419942863 033da13c0319a2be
# QlpoOTFBWSZTWRnrLN0AA+gfgFIHf1A2AsYKv+f/+kADBDrbZgNWEkRMmkxJ6QzU0NNB6Jo9IAEhJNBR6m1BM0
# RoADATNDADTRoNMQAAAMgAqSjRMU9QwTQTQaPUADRolw915Tz883y9bauGMvm18qXNHNmqLbOQxDoQzJWwkUo8
# 6UkryDtH6lCVU63YqgXRwjdX90LJlg7FNyFMFqrtByQbGNPRwbGZuMmECxZoyRdo5MgW2RgdxRRc6Ff+sgSe1B
# BlSEiqnGCiFVUyDopgOSKUOgGxRkklOVCNglJEU8+PHnGcu1tObHqm9C7n1cFBgw7ZcPKhZUClDAlpH5sTy51z
# 56EwnPnBJ331g7VxgmhswGDwWDqyBI694KjWyFf0m5jx3Lfv74PJtoN2yiC26FMFzcq3AbYfooRR7PZDVRn50J
# roqaT3k1uLq8+FNYxWSi1LAv+EWDclmbGagYhWZuvt7HCMkjhtzAn69UAWl1gOK5uIKmbvMBRSs6kTDVhJGLFe
# tA4DoV+N5aFqCJpqt1rRhAzbYI2T0FeIY4zrJrsWJ1G5vne/e86TRsiUTwaP1U4PwxXqU4rjhPGJUctxN3cJa8
# qt6zF0XX5mKfzI235VDMyvE5OM7VY3QXVORU2YlzGUVQq6X5LL086MId2nU22hPUmZeXu1N+0weJlXflHKOxtU
# pXpvhlOurqVGQlDcmxUdkKja40nh6cEyNjYZdLA4rRGbEwdjG5VGDgLLXrM53qMYmhcUZUUtz2bayCTLiz4ucL
# aUtE7u5iYAJgKhnV9w6DbNddis06kpoZrS6TN0YOlOP+YmgZcpuxbG2PhtcWqmrm4FakaDR03fXOg2DIy48UiA
# GcW5sw9wLk0f8XckU4UJAZ6yzdA=
