"""Volatility indicators.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow e87e0420aa35.
"""

import numpy as np
import talib as ta

RULES = {
    "legs": [
        {
            "name": "Default position",
            "long_entry": "any_of",
            "long_exit": None,
            "short_entry": None,
            "short_exit": None,
            "strength": None,
            "size": {"kind": "percent_of_equity", "value": 10.0},
            "exits": [],
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


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    # Average day range
    adr_14 = ta.ADR(high, low, timeperiod=14)
    # Crosses above
    adr_14_crossed_above_0_5 = crossed_above(adr_14, 0.5)
    # Chaikin volatility
    cvi_10_10 = ta.CVI(high, low, timeperiod=10, rocperiod=10)
    # Crosses above
    cvi_10_10_crossed_above_0_5 = crossed_above(cvi_10_10, 0.5)
    # Mass index
    massi_9_25 = ta.MASSI(high, low, fastperiod=9, slowperiod=25)
    # Crosses above
    massi_9_25_crossed_above_0_5 = crossed_above(massi_9_25, 0.5)
    # True range, percent (NATR)
    natr_14 = ta.NATR(high, low, close, timeperiod=14)
    # Crosses above
    natr_14_crossed_above_0_5 = crossed_above(natr_14, 0.5)
    # Relative volatility index
    rvi_14_10 = ta.RVI(close, timeperiod=14, stddevperiod=10)
    # Crosses above
    rvi_14_10_crossed_above_0_5 = crossed_above(rvi_14_10, 0.5)
    # True range
    trange = ta.TRANGE(high, low, close)
    # Crosses above
    trange_crossed_above_0_5 = crossed_above(trange, 0.5)
    # Or
    any_of = (
        adr_14_crossed_above_0_5
        | cvi_10_10_crossed_above_0_5
        | massi_9_25_crossed_above_0_5
        | natr_14_crossed_above_0_5
        | rvi_14_10_crossed_above_0_5
        | trange_crossed_above_0_5
    )
    return {"any_of": any_of}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
