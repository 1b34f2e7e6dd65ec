"""Supertrend, both ways.

Trades long and short.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 5f3584728141.
"""

import numpy as np
import talib as ta

PARAMETERS = {
    "multiplier": 3.0,
}

RULES = {
    "legs": [
        {
            "name": "18 % of equity",
            "long_entry": "supertrend_rising",
            "long_exit": "supertrend_falling",
            "short_entry": "supertrend_falling",
            "short_exit": "supertrend_rising",
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 18.0},
            "exits": [],
        },
    ],
    "portfolio": {
        "maximum_positions": None,
        "drawdown_halt": {"percent": 40.0, "bars": 120},
    },
}


def is_above(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is greater than b and they do not tie."""
    return a - b > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def is_below(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is less than b and they do not tie."""
    return b - a > 1e-9 * np.maximum(np.abs(a), np.abs(b))


def as_series(values: np.ndarray) -> np.ndarray:
    """Whole numbers as a series like any other."""
    return values.astype(np.float64)


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    # Supertrend
    _, supertrend_2 = ta.SUPERTREND(
        high, low, close, timeperiod=10, multiplier=PARAMETERS["multiplier"]
    )
    as_series_supertrend_2 = as_series(supertrend_2)
    supertrend_rising = is_above(as_series_supertrend_2, 0)
    supertrend_falling = is_below(as_series_supertrend_2, 0)
    return {
        "supertrend_rising": supertrend_rising,
        "supertrend_falling": supertrend_falling,
    }


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 1 standalone 0a46213f5e403f88 5d2ac109260dfee2
# QlpoOTFBWSZTWUfiy5IAAj6fgFIHfFAAQAwKv+f/+kACCcapSwkiJ6SNMJkTTJ6hkaHlNAlMlTT1NAAAAAGgYa
# GQ0yaAYhppo0NGBUkTUyjT0mU2iMman6oDQepFnf3alOjZ4BWd2K8zYzsxnq05zZ5TlpWhwgOyao0qIT8yxKES
# gT+BWFLV6q2mEgocwhKkqoHWH1GNNsYMGDE4GAiEoErVEqFirEqLWooxjf93Mv79mPFrs6j0riX7Y55WJRULFk
# /Njcedvbp7HTyLF6Z3LV2lKq9cKsuRFje+zpz8+R4F2UbdF4n0S5i2Bf9tpYBB23/gRpUlYnDXeEnQPXW2dsda
# pW3A1raUpVTrsYMhpyLDvmJv/2XFZA6OAnVsrflEhbci30DVzErgI3G2C2xw5L4KK0qN0LWTwVPI+LM5SKml7e
# lhnK0oZjElz5VwRZ3MsZ04RdJuvL8YePHXKRrcJQjldgFMVdcIZcQLFISuFuxFQoE1koqL25YjJlIuKnvrYqO+
# tTR3XjNLjTBktSbmZWDcYHYXGEyaJpNJguv1cFFXjBpB/XhARZwB443jqQUGCVq59euqkCd4ZHqLEFVwBQlZMh
# /F3JFOFCQR+LLkgA==
