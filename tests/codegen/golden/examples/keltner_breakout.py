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
# flow 2 standalone 4123888bfa3ce63f ec1c02c836794e52
# QlpoOTFBWSZTWQUTH6sAAp0fgFIHeBAbCEAKv+//+kACU67AA4ahAGgA0ABppoAEpok9VPaU0DEMhphPagTAZF
# TJgEwATQYAE0CqEgTTKepielGQaGg00xJtrsfi36qzTHcSlJcK6KsKtKUoiLR4XUaS0zMzKvW45QX/80+WDxAg
# a9GLpGDuyyJ4d0XJ6TU5oqU4i/yZK8k7o++CZminsmlqi0EwwQ48IIiCATuyRA47M6HSTAQKtcHIg+z4iopBGC
# dIiFENqqDSoUIhILAAUnNgAeOArxeMCZtNd3ASmYqahERv3CzO6Djs7/rPNvUjBuP38oXPA/PqrJHmmUd6PTMP
# SOEaPlJ9h2Ta/NML7TE33wsi4eUJaKtGVn2a9NNq96lMzt0Hswfiw5rRrobidVV/n7yDyYm/XFfvPwktNrRFHK
# DI21ro7XNF0a9XnWsLrtT0ziNdY10hmNHc7C6GNQTEe6tU9UnGHDweCUoSmh0DGZqLLq3bsV/z7K4xMZOyYjhl
# cFd0I5FXrN0cootEXVGD1kv6wx4ba3QjZRUYG1nJs1fGWfhg2LkYy0k6hpTpJ2xEc0VTP1s4HtfDjzVCNdqKl2
# x0mVRg+DMvgsolLlzwcuTNMcuNXVYMgowTJjeXxiW4lyz3WdOGiJZRWgtnDAQZAOAkJUohGATlZWjmKQBZvxdy
# RThQkAUTH6s=
