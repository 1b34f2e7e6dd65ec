"""Own formulas.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow d566d9cf9c2c.
"""

import numpy as np
import talib as ta

RULES = {
    "legs": [
        {
            "name": "Percent of equity",
            "long_entry": "calm_and_high",
            "long_exit": "weak",
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 10.0},
            "exits": [],
        },
    ],
    "portfolio": {"maximum_positions": None},
}


def is_equal(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a and b tie: they differ by at most a billionth of the larger."""
    return np.abs(a - b) <= 1e-9 * np.maximum(np.abs(a), np.abs(b))


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


def change(series: np.ndarray, bars: int) -> np.ndarray:
    """The value less the value so many bars ago."""
    return series - previous(series, bars)


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


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    # Lowest low of twenty bars: Lowest
    lowest_low_of_twenty_bars = lowest(low, 20)
    # Highest high of twenty bars: Highest
    highest_high_of_twenty_bars = highest(high, 20)
    # Place in the range: Custom formula
    place_in_the_range_part = divide(
        close - lowest_low_of_twenty_bars,
        highest_high_of_twenty_bars - lowest_low_of_twenty_bars,
    )
    place_in_the_range = place_in_the_range_part * 100
    # Calm and high: Custom condition
    atr_10 = ta.ATR(high, low, close, timeperiod=10)
    calm_and_high = (
        (place_in_the_range > 80)
        & is_below(divide(atr_10, close), 0.05)
        & (change(close, 3) > 0)
        & ~is_equal(close, previous(close, 1))
    )
    # Weak: Less than
    weak = is_below(place_in_the_range, 40.0)
    return {"calm_and_high": calm_and_high, "weak": weak}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))


# The picture of this strategy: Strategy Builder opens this file as it.
# flow 2 standalone c2a572dee4a726ff f933e2e31bbd2cca
# QlpoOTFBWSZTWUND/eoAAu8fgFB3/lMoRNSOv+//+kACiLtraAYSRRkak8k0HihtIPSeoGNQDIBJNImoaRiABo
# NAyA0GgDDQ0AAAGgAAAABIimRGJoTyaU9Q0BkAAGT1KZ+3BznkSZ5oNsrKiXAx3fL+TONv251CL7C+vKI+ZnSv
# 9cgvmira1rVIKuZ97q1Mausa8MVwWeSMaDCIvUwPKpFigZEBMspiQXC81rpbgJ4yk0u3UR6OG0NtYIGRB+qW0E
# obiYlBLgadEQOndxMwgZ3Ez9NlTXaHJrb9U0OPdZzEteNeuqNq9luAH1RVykIkRAFSm1BVA1zsPe+8VjVYQTpk
# nSQU4caDU5giMDoIFzsulGvxfNnES0pujVfFUKxki2nBvB9/eTyQbaQn7gU4Yhwy7EfgUvSzcQN6ktBflgQbZZ
# GhGyUZoIX00UBptl5AVsCrDALEHgHGVvya45kKCOpLanRYgyIug0r8z2IuiniIMxCglyELkMlIRRxYQufJcL24
# L0rIwwZmvzGugYaoqw3Lfk4LS4i8CEGS/jzC22qmWCZxsOuK1qugdgx9BQsUf7mK1iCSioKORxDDtrQuLQ2i0D
# hOjStEE+SyhRiXINkhKGRfciq1k3X6BQAyUkmRAW9Csh4vEwSMGLyiDVbpQ+10W9KINFQaCFcNKgxDazQaQsTW
# oXJQVQNwqAVGWUeIy7fseEiDYIJuSzxLV2GwtLyhcV64A+FxboZraGOKCIoELEg62BJwTxXce3u7wJRi8CI2MV
# 0Gmn+LuSKcKEghof71AA==
