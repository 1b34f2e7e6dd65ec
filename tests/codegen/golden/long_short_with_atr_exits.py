"""Momentum, long and short.

Trades long and short, with a stop and a target.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 97afdfcc0ce8.
"""

import numpy as np
import talib as ta

RULES = {
    "legs": [
        {
            "name": "Ten thousand",
            "long_entry": "up_on_volume",
            "long_exit": "momentum_turns_down",
            "short_entry": "momentum_turns_down",
            "short_exit": "momentum_turns_up",
            "strength": "strength",
            "size": {"kind": "cash", "value": 10000.0},
            "exits": [
                {"kind": "stop", "unit": "distance", "value": "stop_distance"},
                {"kind": "target", "unit": "distance", "value": "target_distance"},
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


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    volume = prices["volume"]
    # Usual volume: Average volume
    usual_volume = ta.SMA(volume, timeperiod=20)
    # MACD
    _, _, macd_histogram = ta.MACD(close, fastperiod=12, slowperiod=26, signalperiod=9)
    # Momentum turns down: Crosses below
    momentum_turns_down = crossed_below(macd_histogram, 0.0)
    # Loud day: Greater than
    loud_day = is_above(volume, usual_volume)
    # Momentum turns up: Crosses above
    momentum_turns_up = crossed_above(macd_histogram, 0.0)
    # Up on volume: And
    up_on_volume = loud_day & momentum_turns_up
    # ATR stop
    atr_14 = ta.ATR(high, low, close, timeperiod=14)
    stop_distance = 2.0 * atr_14
    # ATR target
    target_distance = 3.5 * atr_14
    # Ten thousand: Fixed cash
    strength = np.fmax(
        np.where(up_on_volume, macd_histogram, np.nan),
        np.where(momentum_turns_down, 1.0, np.nan),
    )
    return {
        "up_on_volume": up_on_volume,
        "momentum_turns_down": momentum_turns_down,
        "momentum_turns_up": momentum_turns_up,
        "strength": strength,
        "stop_distance": stop_distance,
        "target_distance": target_distance,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone 7742bb48a627cf9b d6265a723ef1ef68
# QlpoOTFBWSZTWXAYZdwAA8HfgEAAUAd+ECwGBgq/59/6QAKzuQAAMDIMgAMRoMhkBg1HpMkyRoAA0B6IABjVJA
# AAAIMAACKIgJhE9RhUzUeypmmh6m1Gt3XxuSlAtECqOzKffeYRWdW5BQEOJkCxV8xASlNKgCAqvqi0DAosY1B7
# G6/0s5Gs2E2YYttDnZC6BSGAzYIgb5ZiIGhWtCsRihaB73Fh1XubqVTqxux7jJyJCNgwQRqkGJuNxAqAgjioqN
# qRIpBsABJESAIpCLJMuPmXTr1q6beXMX3hPDEQHrMrd1lRbACqP5sF9rhZPXrPVF2JLKNtcRYGpWiIHv9vvQDl
# yALzSqBr0PPt/31iQ/xW5qv55pZ39QLf5VpC06++f+rm+u7MF0wdY7LviR70oktFOG+DFggqL/GuGtJoNwVyv8
# DhtWY1F1JJF+PPxu+FwPRm4F+brTBubGOLKyrlu47jAaN65mJtHeNl444NvECG23doUZGcrmotQJakqwJzdihi
# wQ95HLQgI5oSE4rsKwVazzgOhAVv6AW8AklixNZKQVZAtBbCKd2CKyiTwAsqVRspcULqps7btNnkHZ33KnMbVk
# tDhxHYNT5uDpZ9MWpzTxt5kEREegmALqSvom8g5PJYpUaPBscMDMoKUHkS+SySWXvQwn0g5kAXq4BIwaMtY34j
# ieV8MUkmYiDHLAvMKgsgtSbV32ZXCYGa3EXthOaWSPA4NArkFtSmw1nMhxyFqRcVXK01coi+o+3t27I0H4D50U
# tI+3g/ou5IpwoSDgMMu4A=
