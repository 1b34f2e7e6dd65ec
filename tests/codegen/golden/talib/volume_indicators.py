"""Volume indicators.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 0f63e9d4963c.
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
    volume = prices["volume"]
    # Accumulation/distribution
    ad = ta.AD(high, low, close, volume)
    # Crosses above
    ad_crossed_above_0_5 = crossed_above(ad, 0.5)
    # Chaikin money flow
    cmf_20 = ta.CMF(high, low, close, volume, timeperiod=20)
    # Crosses above
    cmf_20_crossed_above_0_5 = crossed_above(cmf_20, 0.5)
    # Chaikin oscillator
    adosc_3_10 = ta.ADOSC(high, low, close, volume, fastperiod=3, slowperiod=10)
    # Crosses above
    adosc_3_10_crossed_above_0_5 = crossed_above(adosc_3_10, 0.5)
    # Force index
    efi_13 = ta.EFI(close, volume, timeperiod=13)
    # Crosses above
    efi_13_crossed_above_0_5 = crossed_above(efi_13, 0.5)
    # Market facilitation index
    marketfi = ta.MARKETFI(high, low, volume)
    # Crosses above
    marketfi_crossed_above_0_5 = crossed_above(marketfi, 0.5)
    # Negative volume index
    nvi = ta.NVI(close, volume)
    # Crosses above
    nvi_crossed_above_0_5 = crossed_above(nvi, 0.5)
    # On-balance volume
    obv = ta.OBV(close, volume)
    # Crosses above
    obv_crossed_above_0_5 = crossed_above(obv, 0.5)
    # Positive volume index
    pvi = ta.PVI(close, volume)
    # Crosses above
    pvi_crossed_above_0_5 = crossed_above(pvi, 0.5)
    # Price volume trend
    pvt = ta.PVT(close, volume)
    # Crosses above
    pvt_crossed_above_0_5 = crossed_above(pvt, 0.5)
    # Relative volume
    rvol_20 = ta.RVOL(volume, timeperiod=20)
    # Crosses above
    rvol_20_crossed_above_0_5 = crossed_above(rvol_20, 0.5)
    # Volume oscillator
    pvo_12_26 = ta.PVO(volume, fastperiod=12, slowperiod=26, matype=1)
    # Crosses above
    pvo_12_26_crossed_above_0_5 = crossed_above(pvo_12_26, 0.5)
    # Volume-weighted price
    vwap = ta.VWAP(high, low, close, volume)
    # Crosses above
    vwap_crossed_above_0_5 = crossed_above(vwap, 0.5)
    # Or
    any_of = (
        ad_crossed_above_0_5
        | cmf_20_crossed_above_0_5
        | adosc_3_10_crossed_above_0_5
        | efi_13_crossed_above_0_5
        | marketfi_crossed_above_0_5
        | nvi_crossed_above_0_5
        | obv_crossed_above_0_5
        | pvi_crossed_above_0_5
        | pvt_crossed_above_0_5
        | rvol_20_crossed_above_0_5
        | pvo_12_26_crossed_above_0_5
        | vwap_crossed_above_0_5
    )
    return {"any_of": any_of}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
