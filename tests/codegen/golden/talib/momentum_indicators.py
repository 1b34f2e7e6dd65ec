"""Momentum indicators.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow efbf8f92fec5.
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
    open_ = prices["open"]
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    volume = prices["volume"]
    # Absolute price oscillator
    apo_12_26 = ta.APO(close, fastperiod=12, slowperiod=26, matype=1)
    # Crosses above
    apo_12_26_crossed_above_0_5 = crossed_above(apo_12_26, 0.5)
    # Accelerator oscillator
    ac_5_34_5 = ta.AC(high, low, fastperiod=5, slowperiod=34, signalperiod=5)
    # Crosses above
    ac_5_34_5_crossed_above_0_5 = crossed_above(ac_5_34_5, 0.5)
    # MACD, adjustable
    macd, signal, histogram = ta.MACDEXT(
        close,
        fastperiod=12,
        fastmatype=0,
        slowperiod=26,
        slowmatype=0,
        signalperiod=9,
        signalmatype=0,
    )
    # Crosses above
    histogram_crossed_above_0_5 = crossed_above(histogram, 0.5)
    # Crosses above
    macd_crossed_above_0_5 = crossed_above(macd, 0.5)
    # Crosses above
    signal_crossed_above_0_5 = crossed_above(signal, 0.5)
    # Aroon
    down, up = ta.AROON(high, low, timeperiod=14)
    # Crosses above
    down_crossed_above_0_5 = crossed_above(down, 0.5)
    # Aroon oscillator
    aroonosc_14 = ta.AROONOSC(high, low, timeperiod=14)
    # Crosses above
    crosses_above = crossed_above(aroonosc_14, 0.5)
    # Crosses above
    up_crossed_above_0_5 = crossed_above(up, 0.5)
    # Average directional index
    adx_14 = ta.ADX(high, low, close, timeperiod=14)
    # Crosses above
    adx_14_crossed_above_0_5 = crossed_above(adx_14, 0.5)
    # Awesome oscillator
    ao_5_34 = ta.AO(high, low, fastperiod=5, slowperiod=34)
    # Crosses above
    ao_5_34_crossed_above_0_5 = crossed_above(ao_5_34, 0.5)
    # Balance of power
    bop = ta.BOP(open_, high, low, close)
    # Crosses above
    bop_crossed_above_0_5 = crossed_above(bop, 0.5)
    # Chande momentum
    cmo_14 = ta.CMO(close, timeperiod=14)
    # Raw Chande momentum
    cmou_14 = ta.CMOU(close, timeperiod=14)
    # Crosses above
    cmou_14_crossed_above_0_5 = crossed_above(cmou_14, 0.5)
    # Crosses above
    cmo_14_crossed_above_0_5 = crossed_above(cmo_14, 0.5)
    # MACD, 12 and 26 bars
    classic_macd_macd, classic_macd_signal, classic_histogram = ta.MACDFIX(
        close, signalperiod=9
    )
    # Crosses above
    crosses_above_2 = crossed_above(classic_histogram, 0.5)
    # Crosses above
    crosses_above_3 = crossed_above(classic_macd_macd, 0.5)
    # Crosses above
    crosses_above_4 = crossed_above(classic_macd_signal, 0.5)
    # Commodity channel (CCI)
    cci_14 = ta.CCI(high, low, close, timeperiod=14)
    # Crosses above
    cci_14_crossed_above_0_5 = crossed_above(cci_14, 0.5)
    # Coppock curve
    coppock_10_11_14 = ta.COPPOCK(close, wmaperiod=10, roc1period=11, roc2period=14)
    # Crosses above
    crosses_above_5 = crossed_above(coppock_10_11_14, 0.5)
    # Detrended price
    dpo_20 = ta.DPO(close, timeperiod=20)
    # Crosses above
    dpo_20_crossed_above_0_5 = crossed_above(dpo_20, 0.5)
    # Directional index (DX)
    dx_14 = ta.DX(high, low, close, timeperiod=14)
    # Directional index rating
    adxr_14 = ta.ADXR(high, low, close, timeperiod=14)
    # Crosses above
    adxr_14_crossed_above_0_5 = crossed_above(adxr_14, 0.5)
    # Crosses above
    dx_14_crossed_above_0_5 = crossed_above(dx_14, 0.5)
    # Efficiency ratio
    er_10 = ta.ER(close, timeperiod=10)
    # Crosses above
    er_10_crossed_above_0_5 = crossed_above(er_10, 0.5)
    # Elder ray
    bull_power, bear_power = ta.ERI(high, low, close, timeperiod=13)
    # Crosses above
    bear_power_crossed_above_0_5 = crossed_above(bear_power, 0.5)
    # Crosses above
    bull_power_crossed_above_0_5 = crossed_above(bull_power, 0.5)
    # Fast stochastic
    k, d = ta.STOCHF(high, low, close, fastk_period=5, fastd_period=3, fastd_matype=0)
    # Crosses above
    d_crossed_above_0_5 = crossed_above(d, 0.5)
    # Crosses above
    k_crossed_above_0_5 = crossed_above(k, 0.5)
    # Forecast oscillator
    fosc_5 = ta.FOSC(close, timeperiod=5)
    # Crosses above
    fosc_5_crossed_above_0_5 = crossed_above(fosc_5, 0.5)
    # Intraday momentum index
    imi_14 = ta.IMI(open_, close, timeperiod=14)
    # Crosses above
    imi_14_crossed_above_0_5 = crossed_above(imi_14, 0.5)
    # KDJ stochastic
    kdj_stochastic_k, kdj_stochastic_d, j = ta.KDJ(
        high,
        low,
        close,
        fastk_period=9,
        slowk_period=3,
        slowk_matype=13,
        slowd_period=3,
        slowd_matype=13,
    )
    # Crosses above
    crosses_above_6 = crossed_above(kdj_stochastic_d, 0.5)
    # Crosses above
    j_crossed_above_0_5 = crossed_above(j, 0.5)
    # Crosses above
    crosses_above_7 = crossed_above(kdj_stochastic_k, 0.5)
    # Minus direction (-DI)
    minus_di_14 = ta.MINUS_DI(high, low, close, timeperiod=14)
    # Crosses above
    crosses_above_8 = crossed_above(minus_di_14, 0.5)
    # Minus movement (-DM)
    minus_dm_14 = ta.MINUS_DM(high, low, timeperiod=14)
    # Crosses above
    crosses_above_9 = crossed_above(minus_dm_14, 0.5)
    # Momentum
    mom_10 = ta.MOM(close, timeperiod=10)
    # Crosses above
    mom_10_crossed_above_0_5 = crossed_above(mom_10, 0.5)
    # Money flow index
    mfi_14 = ta.MFI(high, low, close, volume, timeperiod=14)
    # Crosses above
    mfi_14_crossed_above_0_5 = crossed_above(mfi_14, 0.5)
    # Percentage oscillator (PPO)
    ppo_12_26 = ta.PPO(close, fastperiod=12, slowperiod=26, matype=1)
    # Crosses above
    ppo_12_26_crossed_above_0_5 = crossed_above(ppo_12_26, 0.5)
    # Plus direction (+DI)
    plus_di_14 = ta.PLUS_DI(high, low, close, timeperiod=14)
    # Crosses above
    plus_di_14_crossed_above_0_5 = crossed_above(plus_di_14, 0.5)
    # Plus movement (+DM)
    plus_dm_14 = ta.PLUS_DM(high, low, timeperiod=14)
    # Crosses above
    plus_dm_14_crossed_above_0_5 = crossed_above(plus_dm_14, 0.5)
    # Price ratio
    rocr_10 = ta.ROCR(close, timeperiod=10)
    # Price ratio, percent
    rocr100_10 = ta.ROCR100(close, timeperiod=10)
    # Crosses above
    rocr100_10_crossed_above_0_5 = crossed_above(rocr100_10, 0.5)
    # Crosses above
    rocr_10_crossed_above_0_5 = crossed_above(rocr_10, 0.5)
    # Qstick
    qstick_10 = ta.QSTICK(open_, close, timeperiod=10)
    # Crosses above
    qstick_10_crossed_above_0_5 = crossed_above(qstick_10, 0.5)
    # Rate of change
    roc_10 = ta.ROC(close, timeperiod=10)
    # Rate of change, fraction
    rocp_10 = ta.ROCP(close, timeperiod=10)
    # Crosses above
    rocp_10_crossed_above_0_5 = crossed_above(rocp_10, 0.5)
    # Crosses above
    roc_10_crossed_above_0_5 = crossed_above(roc_10, 0.5)
    # Stochastic
    stochastic_k, stochastic_d = ta.STOCH(
        high,
        low,
        close,
        fastk_period=5,
        slowk_period=3,
        slowk_matype=0,
        slowd_period=3,
        slowd_matype=0,
    )
    # Crosses above
    crosses_above_10 = crossed_above(stochastic_d, 0.5)
    # Crosses above
    crosses_above_11 = crossed_above(stochastic_k, 0.5)
    # Stochastic momentum index
    value, stochastic_signal = ta.SMI(
        high, low, close, timeperiod=13, fastperiod=2, slowperiod=25, signalperiod=9
    )
    # Crosses above
    crosses_above_12 = crossed_above(stochastic_signal, 0.5)
    # Crosses above
    value_crossed_above_0_5 = crossed_above(value, 0.5)
    # Stochastic RSI
    stochastic_rsi_k, stochastic_rsi_d = ta.STOCHRSI(
        close, timeperiod=14, fastk_period=5, fastd_period=3, fastd_matype=0
    )
    # Crosses above
    crosses_above_13 = crossed_above(stochastic_rsi_d, 0.5)
    # Crosses above
    crosses_above_14 = crossed_above(stochastic_rsi_k, 0.5)
    # Swing points (fractals)
    fractal_1, fractal_2 = ta.FRACTAL(high, low, leftbars=2, rightbars=2)
    swing_high = is_above(as_series(fractal_1), 0)
    swing_low = is_above(as_series(fractal_2), 0)
    # TRIX
    trix_30 = ta.TRIX(close, timeperiod=30)
    # Crosses above
    trix_30_crossed_above_0_5 = crossed_above(trix_30, 0.5)
    # True strength index
    tsi_25_13 = ta.TSI(close, firstperiod=25, secondperiod=13)
    # Crosses above
    tsi_25_13_crossed_above_0_5 = crossed_above(tsi_25_13, 0.5)
    # Ultimate oscillator
    ultosc_7_14_28 = ta.ULTOSC(
        high, low, close, timeperiod1=7, timeperiod2=14, timeperiod3=28
    )
    # Crosses above
    crosses_above_15 = crossed_above(ultosc_7_14_28, 0.5)
    # Vertical horizontal filter
    vhf_28 = ta.VHF(close, timeperiod=28)
    # Crosses above
    vhf_28_crossed_above_0_5 = crossed_above(vhf_28, 0.5)
    # Vortex
    plus, minus = ta.VORTEX(high, low, close, timeperiod=14)
    # Crosses above
    minus_crossed_above_0_5 = crossed_above(minus, 0.5)
    # Crosses above
    plus_crossed_above_0_5 = crossed_above(plus, 0.5)
    # Williams' accumulation
    wad = ta.WAD(high, low, close)
    # Crosses above
    wad_crossed_above_0_5 = crossed_above(wad, 0.5)
    # Williams' %R
    willr_14 = ta.WILLR(high, low, close, timeperiod=14)
    # Crosses above
    willr_14_crossed_above_0_5 = crossed_above(willr_14, 0.5)
    # Or
    any_of = (
        apo_12_26_crossed_above_0_5
        | ac_5_34_5_crossed_above_0_5
        | histogram_crossed_above_0_5
        | macd_crossed_above_0_5
        | signal_crossed_above_0_5
        | down_crossed_above_0_5
        | crosses_above
        | up_crossed_above_0_5
        | adx_14_crossed_above_0_5
        | ao_5_34_crossed_above_0_5
        | bop_crossed_above_0_5
        | cmou_14_crossed_above_0_5
        | cmo_14_crossed_above_0_5
        | crosses_above_2
        | crosses_above_3
        | crosses_above_4
        | cci_14_crossed_above_0_5
        | crosses_above_5
        | dpo_20_crossed_above_0_5
        | adxr_14_crossed_above_0_5
        | dx_14_crossed_above_0_5
        | er_10_crossed_above_0_5
        | bear_power_crossed_above_0_5
        | bull_power_crossed_above_0_5
        | d_crossed_above_0_5
        | k_crossed_above_0_5
        | fosc_5_crossed_above_0_5
        | imi_14_crossed_above_0_5
        | crosses_above_6
        | j_crossed_above_0_5
        | crosses_above_7
        | crosses_above_8
        | crosses_above_9
        | mom_10_crossed_above_0_5
        | mfi_14_crossed_above_0_5
        | ppo_12_26_crossed_above_0_5
        | plus_di_14_crossed_above_0_5
        | plus_dm_14_crossed_above_0_5
        | rocr100_10_crossed_above_0_5
        | rocr_10_crossed_above_0_5
        | qstick_10_crossed_above_0_5
        | rocp_10_crossed_above_0_5
        | roc_10_crossed_above_0_5
        | crosses_above_10
        | crosses_above_11
        | crosses_above_12
        | value_crossed_above_0_5
        | crosses_above_13
        | crosses_above_14
        | swing_high
        | swing_low
        | trix_30_crossed_above_0_5
        | tsi_25_13_crossed_above_0_5
        | crosses_above_15
        | vhf_28_crossed_above_0_5
        | minus_crossed_above_0_5
        | plus_crossed_above_0_5
        | wad_crossed_above_0_5
        | willr_14_crossed_above_0_5
    )
    return {"any_of": any_of}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
