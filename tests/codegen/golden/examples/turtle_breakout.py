"""Turtle breakout.

Trades long, with a stop.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow bfe8e52fd032.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "entry_period": 20,
    "exit_period": 10,
}

RULES = {
    "legs": [
        {
            "name": "Risk 1 % a trade",
            "long_entry": "breakout",
            "long_exit": "breakdown",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "risk_percent", "value": 1.0, "maximum": 25.0},
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


def is_below(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is less than b and they do not tie."""
    return b - a > 1e-9 * np.maximum(np.abs(a), np.abs(b))


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


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    # Breakout: New high
    breakout = is_above(high, previous(highest(high, PARAMETERS["entry_period"]), 1))
    # Breakdown: New low
    breakdown = is_below(low, previous(lowest(low, PARAMETERS["exit_period"]), 1))
    # Stop at 2 ATR: ATR stop
    atr_20 = ta.ATR(high, low, close, timeperiod=20)
    stop_distance = 2.0 * atr_20
    return {
        "breakout": breakout,
        "breakdown": breakdown,
        "stop_distance": stop_distance,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone 0542fb69e1bd3917 7ff580cf8f7fcc6a
# QlpoOTFBWSZTWQB5D+cAAq+fgFIHchAyAFwKv+/f+kACSLqAEJTUE1MmIANDQD1AAJU/RVNTI9QAaZAAAAYAGj
# Q0YRk0GjTQGBUkRNNDRGFHpGgBkHpqS39iqjrunEt2PhDtjZ038/MYoKpJ8YpYItMplCEpSp0ehCacsjWBugbw
# G4ebmrDOEVUTK3F9rmYoiasBqNJoFus/U8aVKySATAWxFqytJINEBEKUgpiJEjEAeKuykxGDDU6zhruOa/JMmQ
# m2ochtIhmcIYwktJ6YDy+OUPmhaqtn02ClqKwtdEl0N1RxWvUzUFkALdQbdDg4O+iviaQMV4Dx7XHZVx9BqyyD
# TXLvqMf7rlRqlD/SYqy2N+zd3qlV9tOE+ao9sqxuOEwnDsMAyulpOL7qksm6GJ+NnJfa0HgNs9asZZJyozTHsV
# bOLCnonA8XdhJ4MIVJ63w4KmLRSOsdRTaOYbKsm95LWO9usyU0uvDiy2BhdySefMwuoUVUxz7WTKT3dLJOqxae
# McPFOmrk82uTpvjgOlFGsN15euVHCTfVOY4r9vOtTxPbGF9LSTLNY506pSytSXhqSxvUtU34tOWr9cm67HaveX
# DMMDWqkwGrb32GvbxzZMXKb5600ZzMWvJoKweV5YWhMn37szwPnyscUOGPL/4u5IpwoSAA8h/O
