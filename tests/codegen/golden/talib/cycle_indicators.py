"""Cycle indicators.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 2b07cad8bb74.
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


def as_series(values: np.ndarray) -> np.ndarray:
    """Whole numbers as a series like any other."""
    return values.astype(np.float64)


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    close = prices["close"]
    # Cycle phasor
    in_phase, quadrature = ta.HT_PHASOR(close)
    # Crosses above
    in_phase_crossed_above_0_5 = crossed_above(in_phase, 0.5)
    # Crosses above
    quadrature_crossed_above_0_5 = crossed_above(quadrature, 0.5)
    # Cycle sine wave
    sine, leading_sine = ta.HT_SINE(close)
    # Crosses above
    crosses_above = crossed_above(leading_sine, 0.5)
    # Crosses above
    sine_crossed_above_0_5 = crossed_above(sine, 0.5)
    # Dominant cycle period
    ht_dcperiod = ta.HT_DCPERIOD(close)
    # Crosses above
    crosses_above_2 = crossed_above(ht_dcperiod, 0.5)
    # Dominant cycle phase
    ht_dcphase = ta.HT_DCPHASE(close)
    # Crosses above
    ht_dcphase_crossed_above_0_5 = crossed_above(ht_dcphase, 0.5)
    # Trend or cycle
    ht_trendline = ta.HT_TRENDLINE(close)
    ht_trendmode = ta.HT_TRENDMODE(close)
    as_series_ht_trendmode = as_series(ht_trendmode)
    value = np.where(np.isnan(ht_trendline), np.nan, as_series_ht_trendmode)
    trending = is_above(as_series_ht_trendmode, 0)
    # Crosses above
    value_crossed_above_0_5 = crossed_above(value, 0.5)
    # Or
    any_of = (
        in_phase_crossed_above_0_5
        | quadrature_crossed_above_0_5
        | crosses_above
        | sine_crossed_above_0_5
        | crosses_above_2
        | ht_dcphase_crossed_above_0_5
        | trending
        | value_crossed_above_0_5
    )
    return {"any_of": any_of}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
