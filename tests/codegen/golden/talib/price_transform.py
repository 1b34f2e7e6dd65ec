"""Price transform.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow bbbf1c47a967.
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
    open_ = prices["open"]
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    # Average deviation
    avgdev_14 = ta.AVGDEV(close, timeperiod=14)
    # Crosses above
    avgdev_14_crossed_above_0_5 = crossed_above(avgdev_14, 0.5)
    # Average price
    avgprice = ta.AVGPRICE(open_, high, low, close)
    # Crosses above
    avgprice_crossed_above_0_5 = crossed_above(avgprice, 0.5)
    # Heikin-Ashi candles
    heikin_ashi_open, heikin_ashi_high, heikin_ashi_low, heikin_ashi_close = ta.HA(
        open_, high, low, close
    )
    # Crosses above
    crosses_above = crossed_above(heikin_ashi_close, 0.5)
    # Crosses above
    crosses_above_2 = crossed_above(heikin_ashi_high, 0.5)
    # Crosses above
    crosses_above_3 = crossed_above(heikin_ashi_low, 0.5)
    # Crosses above
    crosses_above_4 = crossed_above(heikin_ashi_open, 0.5)
    # Median price
    medprice = ta.MEDPRICE(high, low)
    # Crosses above
    medprice_crossed_above_0_5 = crossed_above(medprice, 0.5)
    # Typical price
    typprice = ta.TYPPRICE(high, low, close)
    # Crosses above
    typprice_crossed_above_0_5 = crossed_above(typprice, 0.5)
    # Weighted close
    wclprice = ta.WCLPRICE(high, low, close)
    # Crosses above
    wclprice_crossed_above_0_5 = crossed_above(wclprice, 0.5)
    # Or
    any_of = (
        avgdev_14_crossed_above_0_5
        | avgprice_crossed_above_0_5
        | crosses_above
        | crosses_above_2
        | crosses_above_3
        | crosses_above_4
        | medprice_crossed_above_0_5
        | typprice_crossed_above_0_5
        | wclprice_crossed_above_0_5
    )
    return {"any_of": any_of}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
