"""MACD with the trend.

Trades long, with a stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 5e33b95e8f7e.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "trend_period": 200,
}

RULES = {
    "legs": [
        {
            "name": "20 % of equity",
            "long_entry": "up_with_the_trend",
            "long_exit": "macd_turns_down",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {"kind": "stop", "unit": "distance", "value": "stop_distance"},
            ],
        },
    ],
    "portfolio": {"maximum_positions": 5},
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


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    # MACD
    macd, macd_signal, _ = ta.MACD(close, fastperiod=12, slowperiod=26, signalperiod=9)
    # MACD turns down: Crosses below
    macd_turns_down = crossed_below(macd, macd_signal)
    # Long average: Simple moving average
    long_average = ta.SMA(close, timeperiod=PARAMETERS["trend_period"])
    # Above the long average: Greater than
    above_the_long_average = is_above(close, long_average)
    # MACD turns up: Crosses above
    macd_turns_up = crossed_above(macd, macd_signal)
    # Up, with the trend: And
    up_with_the_trend = above_the_long_average & macd_turns_up
    # Stop at 3 ATR: ATR stop
    atr_14 = ta.ATR(high, low, close, timeperiod=14)
    stop_distance = 3.0 * atr_14
    return {
        "up_with_the_trend": up_with_the_trend,
        "macd_turns_down": macd_turns_down,
        "stop_distance": stop_distance,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 1 standalone d19fc8ba6564d3dd 1a3725ebb60b0b82
# QlpoOTFBWSZTWWv8lgEABlifgFIHfhAuBl4Kv+f/+lADq9yAiABBqmSZk0mExNMmAADSaYCKep6Q000EyYEYEY
# TATASakSgemoyABoAABo0MANNGg0xAAAAyACpEU0GkTTwUm9SPSaNAyaZHpF0hGVgTbakwZe8Xgg+A5HPYCjYF
# 5ABm4cpSnUaKgGBYhbICIzBl1lRAREnQOkf9LCECB0GBDSrJCuzcdIb7t27nnyibCbSfMXRxlzdS5Uu5Li6VUK
# 1UKaESMpogymKOVSragmQTZvfAcQsESiyKKqopEUUbWjcJQb5B6UnSou7slksLuJQKSVUSru6JFolhUsRUuoqr
# slE0bW3W27OF3nHtJe/Yy8nzVtZ2Zrvz+T7ie+txMcYneiRkKhLJaJ9LJ57SX8PhE6kolqsmK3Eqqca0u8CJP4
# MW+J+xY+VYrQ8H9uT3+ff213fXL2EvWaEo/zENj3JneT0YzJPj+KTiHTfqJx1qZZxPMnhZzxH2qBmAKESXIZaY
# oitgmrEIlhuMALUGExd7OjNaJ5lFOgJn4ZQxGDEBjFiya+DdAOOyUITAJowlBM3fCUBLyaMnj12ScXZLiXE0Tw
# x4erwalhsSa853J9MOiexw3ht9iacUa7BgnFOb+cmImkkY8Vf0yk1VKquyz2k8U4ak6QlRiu07Os2+7QnCKVw3
# Q8qyHJw3CZxRPGNnNJOaZ0kwi0kblxjhX1o3nWBr6nryknkX9qMR2jlzBmUh4u2sTucOoWm12jlyUpVV6dEPW1
# E8sSSOWbHMcqnLsk1DDtsk0NgdI/6mh47nNhEwDouVSqjrEuWxOZOrVNImULiKlT1aHHT1++m6JmpDg0DgbMbw
# 4E2icSYEybazcTZoo15TCRv9PA3bOCqlNGj7tDq4bZtqw5skwxN9UpTUmMNFRZM9/DcyTief6/r8yFggVUkokP
# X6/U2ENbcJbbkIyRfyrIB/i7kinChINf5LAIA=
