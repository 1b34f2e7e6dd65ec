"""Statistic functions.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 4c9bcf835508.
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
    close = prices["close"]
    # Linear regression
    linearreg_14 = ta.LINEARREG(close, timeperiod=14)
    # Crosses above
    crosses_above = crossed_above(linearreg_14, 0.5)
    # Percent rank
    percentrank_100 = ta.PERCENTRANK(close, timeperiod=100)
    # Crosses above
    crosses_above_2 = crossed_above(percentrank_100, 0.5)
    # Percentile
    percentile_30_50 = ta.PERCENTILE(close, timeperiod=30, percentile=50.0)
    # Crosses above
    crosses_above_3 = crossed_above(percentile_30_50, 0.5)
    # Beta
    beta_5 = ta.BETA(open_, close, timeperiod=5)
    # Crosses above
    beta_5_crossed_above_0_5 = crossed_above(beta_5, 0.5)
    # Regression angle
    linearreg_angle_14 = ta.LINEARREG_ANGLE(close, timeperiod=14)
    # Crosses above
    crosses_above_4 = crossed_above(linearreg_angle_14, 0.5)
    # Regression forecast
    tsf_14 = ta.TSF(close, timeperiod=14)
    # Crosses above
    tsf_14_crossed_above_0_5 = crossed_above(tsf_14, 0.5)
    # Regression slope
    linearreg_slope_14 = ta.LINEARREG_SLOPE(close, timeperiod=14)
    # Crosses above
    crosses_above_5 = crossed_above(linearreg_slope_14, 0.5)
    # Regression start
    linearreg_intercept_14 = ta.LINEARREG_INTERCEPT(close, timeperiod=14)
    # Crosses above
    crosses_above_6 = crossed_above(linearreg_intercept_14, 0.5)
    # Standard deviation
    stddev_5_1 = ta.STDDEV(close, timeperiod=5, nbdev=1.0)
    # Crosses above
    stddev_5_1_crossed_above_0_5 = crossed_above(stddev_5_1, 0.5)
    # Variance
    var_5 = ta.VAR(close, timeperiod=5)
    # Crosses above
    var_5_crossed_above_0_5 = crossed_above(var_5, 0.5)
    # Or
    any_of = (
        beta_5_crossed_above_0_5
        | crosses_above
        | crosses_above_2
        | crosses_above_3
        | crosses_above_4
        | tsf_14_crossed_above_0_5
        | crosses_above_5
        | crosses_above_6
        | stddev_5_1_crossed_above_0_5
        | var_5_crossed_above_0_5
    )
    return {"any_of": any_of}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
