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
# flow 1 standalone 15941bed2c93deb7 033da13c0319a2be
# QlpoOTFBWSZTWRYK8C0ABk6fgFIHf1A2AsYKv+f/+lADy3ogUAARBKaeU9TaEaMCME02ppmgANQh6JonpNGE0N
# MBDEaZMCTSlQaaGmhoAAAANAYAaaNBpiAAABkAIlBBNNTBMQTRpPU0DaR6TyHXePxDK2GstVzXGfJRrEuSgAvC
# KSEGkMInVfwLkCTmaIiMQzOHHSUDjRjZLSpCVrWlBw4GE8kKUHneaGGBsBMgTelYGWXMlGWhYVFg2lQWgSBGkJ
# soUhIyqbAbaA43C5hE1CoRmMCiqkRRY5MQzawSwywJ+pDQwtW0JQllYWEpCJIsI22UKSAwEQLCMWFhESEQrC0I
# hMjIhkY1kOgOfKxc+5UqaHXt/zpPgB+U1Brqj5wUMC6NAGhIDRU/FAfP0np6aA3fT0QO8GA0xrW8oDaaAxJC5A
# l28rYRFgaHqcTfDz6vz8PrWmE+YT64WB79XEH8UL+IHdXaD7ja6v08hdVYGz2gDroR0foDrQKT25Q2iGBYYOoW
# B/IVBreSqjSsOBm0DXmHYNzWz/yiu6Ez6KMRgxBERkUPjgjE4A9OWAPGjYoNQeyn7g6etKXAbLt0TEOHLBOsMu
# qFEaI5U37uw2hRG4sN19vR8QdvGx6w7hO7Larn3hhg7gdcSwO4ORyfA/7kGobDFGAPibD/Y8j1MBakIdpQOXkj
# F68AeHeA2qElTiYUmlbg5hB/OQb64xXMM6gNAeh2h1JhQAOgRvgFDBgSASjUBMixUfaBdDuUdnYb7Ih8hzakhU
# 6jx3iJczR8g7UdlO/YnROhwIw9+QuTwlIRMgGCpxHAibuYuaNU4nOD4e/MdgZK4hszLh0LCOZcRwDA7TGgSEwD
# mjYoWM+QMOZAwRzAKIEM6lXhxoSOYUpntz0rkhnECrGZI6BjXEyV0ByAcwagNwylqI3DfIbduJOw0EIENAzLNF
# z1lzUefwYBscpqjwN2RJCSfFuYOA9jXWU3g2qmhE6mFge+nMqDwDzPt9vZSoAUoDRQ+9nSfFSyhMZAIhF03DCf
# 4u5IpwoSAsFeBaA=
