"""Overlap studies.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 0d3c6be939b3.
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


def is_below(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    """True where a is less than b and they do not tie."""
    return b - a > 1e-9 * np.maximum(np.abs(a), np.abs(b))


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
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    volume = prices["volume"]
    # Acceleration bands
    upper, middle, lower = ta.ACCBANDS(high, low, close, timeperiod=20)
    # Crosses above
    lower_crossed_above_0_5 = crossed_above(lower, 0.5)
    # Crosses above
    middle_crossed_above_0_5 = crossed_above(middle, 0.5)
    # Crosses above
    upper_crossed_above_0_5 = crossed_above(upper, 0.5)
    # Adjustable Bollinger bands
    adjustable_upper, adjustable_middle, adjustable_lower = ta.BBANDS(
        close, timeperiod=20, nbdevup=2.0, nbdevdn=2.0, matype=0
    )
    # Crosses above
    crosses_above = crossed_above(adjustable_lower, 0.5)
    # Crosses above
    crosses_above_2 = crossed_above(adjustable_middle, 0.5)
    # Crosses above
    crosses_above_3 = crossed_above(adjustable_upper, 0.5)
    # Donchian channels
    donchian_upper, donchian_middle, donchian_lower = ta.DONCHIAN(
        high, low, timeperiod=20
    )
    # Crosses above
    crosses_above_4 = crossed_above(donchian_lower, 0.5)
    # Crosses above
    crosses_above_5 = crossed_above(donchian_middle, 0.5)
    # Crosses above
    crosses_above_6 = crossed_above(donchian_upper, 0.5)
    # Double exponential (DEMA)
    dema_30 = ta.DEMA(close, timeperiod=30)
    # Crosses above
    dema_30_crossed_above_0_5 = crossed_above(dema_30, 0.5)
    # Parabolic stop, extended
    sarext_0_0_0_02 = ta.SAREXT(
        high,
        low,
        startvalue=0.0,
        offsetonreverse=0.0,
        accelerationinitlong=0.02,
        accelerationlong=0.02,
        accelerationmaxlong=0.2,
        accelerationinitshort=0.02,
        accelerationshort=0.02,
        accelerationmaxshort=0.2,
    )
    # Crosses above
    crosses_above_7 = crossed_above(sarext_0_0_0_02, 0.5)
    # Hilbert trendline
    ht_trendline = ta.HT_TRENDLINE(close)
    # Crosses above
    crosses_above_8 = crossed_above(ht_trendline, 0.5)
    # Hull average (HMA)
    hma_20 = ta.HMA(close, timeperiod=20)
    # Crosses above
    hma_20_crossed_above_0_5 = crossed_above(hma_20, 0.5)
    # Kaufman adaptive (KAMA)
    kama_30 = ta.KAMA(close, timeperiod=30)
    # Crosses above
    kama_30_crossed_above_0_5 = crossed_above(kama_30, 0.5)
    # Keltner channels
    keltner_channe_upper, keltner_middle, keltner_channe_lower = ta.KC(
        high, low, close, timeperiod=20, atrperiod=10, nbdev=2.0
    )
    # Crosses above
    crosses_above_9 = crossed_above(keltner_channe_lower, 0.5)
    # Crosses above
    crosses_above_10 = crossed_above(keltner_middle, 0.5)
    # Crosses above
    crosses_above_11 = crossed_above(keltner_channe_upper, 0.5)
    # MESA adaptive average
    average, follower = ta.MAMA(close, fastlimit=0.5, slowlimit=0.05)
    # Crosses above
    average_crossed_above_0_5 = crossed_above(average, 0.5)
    # Crosses above
    follower_crossed_above_0_5 = crossed_above(follower, 0.5)
    # Midpoint
    midpoint_14 = ta.MIDPOINT(close, timeperiod=14)
    # Crosses above
    crosses_above_12 = crossed_above(midpoint_14, 0.5)
    # Midprice
    midprice_14 = ta.MIDPRICE(high, low, timeperiod=14)
    # Crosses above
    crosses_above_13 = crossed_above(midprice_14, 0.5)
    # Moving average of any kind
    ma_30 = ta.MA(close, timeperiod=30, matype=0)
    # Crosses above
    ma_30_crossed_above_0_5 = crossed_above(ma_30, 0.5)
    # Parabolic stop and reverse
    sar_0_02_0_2 = ta.SAR(high, low, acceleration=0.02, maximum=0.2)
    # Crosses above
    crosses_above_14 = crossed_above(sar_0_02_0_2, 0.5)
    # Supertrend
    value, supertrend_2 = ta.SUPERTREND(high, low, close, timeperiod=10, multiplier=3.0)
    as_series_supertrend_2 = as_series(supertrend_2)
    trend = np.where(np.isnan(value), np.nan, as_series_supertrend_2)
    rising = is_above(as_series_supertrend_2, 0)
    falling = is_below(as_series_supertrend_2, 0)
    # Crosses above
    trend_crossed_above_0_5 = crossed_above(trend, 0.5)
    # Crosses above
    value_crossed_above_0_5 = crossed_above(value, 0.5)
    # Tillson's average (T3)
    t3_5_0_7 = ta.T3(close, timeperiod=5, vfactor=0.7)
    # Crosses above
    t3_5_0_7_crossed_above_0_5 = crossed_above(t3_5_0_7, 0.5)
    # Triangular average
    trima_30 = ta.TRIMA(close, timeperiod=30)
    # Crosses above
    trima_30_crossed_above_0_5 = crossed_above(trima_30, 0.5)
    # Triple exponential (TEMA)
    tema_30 = ta.TEMA(close, timeperiod=30)
    # Crosses above
    tema_30_crossed_above_0_5 = crossed_above(tema_30, 0.5)
    # Changing-period average
    mavp_2_30 = ta.MAVP(close, volume, minperiod=2, maxperiod=30, matype=0)
    # Crosses above
    mavp_2_30_crossed_above_0_5 = crossed_above(mavp_2_30, 0.5)
    # Volume-weighted average
    vwma_30 = ta.VWMA(close, volume, timeperiod=30)
    # Crosses above
    vwma_30_crossed_above_0_5 = crossed_above(vwma_30, 0.5)
    # Weighted average (WMA)
    wma_30 = ta.WMA(close, timeperiod=30)
    # Crosses above
    wma_30_crossed_above_0_5 = crossed_above(wma_30, 0.5)
    # Wilder's average (RMA)
    rma_30 = ta.RMA(close, timeperiod=30)
    # Crosses above
    rma_30_crossed_above_0_5 = crossed_above(rma_30, 0.5)
    # Zero-lag average (ZLEMA)
    zlema_30 = ta.ZLEMA(close, timeperiod=30)
    # Crosses above
    zlema_30_crossed_above_0_5 = crossed_above(zlema_30, 0.5)
    # Or
    any_of = (
        lower_crossed_above_0_5
        | middle_crossed_above_0_5
        | upper_crossed_above_0_5
        | crosses_above
        | crosses_above_2
        | crosses_above_3
        | crosses_above_4
        | crosses_above_5
        | crosses_above_6
        | dema_30_crossed_above_0_5
        | crosses_above_7
        | crosses_above_8
        | hma_20_crossed_above_0_5
        | kama_30_crossed_above_0_5
        | crosses_above_9
        | crosses_above_10
        | crosses_above_11
        | average_crossed_above_0_5
        | follower_crossed_above_0_5
        | crosses_above_12
        | crosses_above_13
        | ma_30_crossed_above_0_5
        | crosses_above_14
        | falling
        | rising
        | trend_crossed_above_0_5
        | value_crossed_above_0_5
        | t3_5_0_7_crossed_above_0_5
        | trima_30_crossed_above_0_5
        | tema_30_crossed_above_0_5
        | mavp_2_30_crossed_above_0_5
        | vwma_30_crossed_above_0_5
        | wma_30_crossed_above_0_5
        | rma_30_crossed_above_0_5
        | zlema_30_crossed_above_0_5
    )
    return {"any_of": any_of}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
