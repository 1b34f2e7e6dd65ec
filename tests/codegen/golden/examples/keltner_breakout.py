"""Keltner channel breakout.

Trades long, with a trailing stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow dd6101dfebed.
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
            "name": "20 % of equity",
            "long_entry": "breaks_out",
            "long_exit": "falls_back_to_the_middle",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 20.0},
            "exits": [
                {
                    "kind": "trailing_stop",
                    "unit": "moving_distance",
                    "value": "trailing_stop_moving",
                },
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
    # Keltner channel: Keltner channels
    keltner_channe_upper, keltner_middle, _ = ta.KC(
        high,
        low,
        close,
        timeperiod=PARAMETERS["period"],
        atrperiod=10,
        nbdev=PARAMETERS["deviations"],
    )
    # Falls back to the middle: Crosses below
    falls_back_to_the_middle = crossed_below(close, keltner_middle)
    # Breaks out: Crosses above
    breaks_out = crossed_above(close, keltner_channe_upper)
    # Chandelier stop
    atr_22 = ta.ATR(high, low, close, timeperiod=22)
    trailing_stop_moving = 3.0 * atr_22
    return {
        "breaks_out": breaks_out,
        "falls_back_to_the_middle": falls_back_to_the_middle,
        "trailing_stop_moving": trailing_stop_moving,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 1 standalone 48cd79d761213db2 ec1c02c836794e52
# QlpoOTFBWSZTWcwd7PkABE2fgFIHeBAbCEAKv+//+kADDtAAAIiamBNAAAAGgAEpkqaAAAAAAeoDAA0aGjCMmg
# 0aaAwKkSJkamIZNKHonqDanoDUQzBgWjtc2g2ucYAC1CQhWhFAKStph0HMQ4jkB09qAuuuutaN2mNX3zraGQ9x
# ql02Ln0qVZbakqBSOGpkZKZChpOgFwCxWqqTVsGAphiVVVSipeKVkLjeifpXlUXdC7FRdwpCkWWuFXcqkSkqkX
# ClwlWuhQxno0Vw2b/IV7ML9lef0fAfKuAxvh55LRKRUFi5J72PXQX6vWHkKF1lgXi9RSql1aCKNX/Orx9a6ud0
# NXQe/lGTqe28fpjeT7KpP6kd0Px3B+JtOT+KPQd9Yz2kVGeKVWecWmQ+jQVLUhxVlMsPm5c/iqcbuuY57pdKUq
# VFUqj4bv5h2uoe24dGUscuMeY4Kv8vfcGzQ7dtGflUeeLxiS4eMNY8cce/weC4ZyMpx7PkPthyjPWG7kfjjJx5
# TjpHAcXk5mUVDQPquHFXmo2jf6PSJRY6hpVXMmV9nZoz+XK9BtLluVRNd+QVDrEeBebDyTwlmJMiS5ufmjPtGk
# hv58cojmsubjn4IZKRzb4eMP35zur01d5iRvpyo7Bysk60eEk59JGMoZNvzkzhwfqm6O7qtC0OXfguo6TpVVFW
# zZDo2N0MkXEpXSumjx8E0HOkbZw2bsaw4DQNRgMjRVQz4aE0mpjYyYfDDrw1kli2sxxGOEwsdsdmBsfN/v+/eT
# CRdi5J9aeFDSAr2WoAYCVJmA/i7kinChIZg72fIA==
