"""Pattern recognition.

Trades long.
Decisions fall at a bar's close and are filled at the next bar's open.

Written by Strategy Builder 0.1.0 from the logic flow 8478029c2d59.
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


def as_series(values: np.ndarray) -> np.ndarray:
    """Whole numbers as a series like any other."""
    return values.astype(np.float64)


def signals(prices: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Rules for one symbol's bars, oldest first: each array has a value per bar."""
    open_ = prices["open"]
    high = prices["high"]
    low = prices["low"]
    close = prices["close"]
    # Candle pattern
    cdlabandonedbaby_0_3 = ta.CDLABANDONEDBABY(open_, high, low, close, penetration=0.3)
    candle_pattern_part = as_series(cdlabandonedbaby_0_3)
    candle_pattern_part_above_0 = is_above(candle_pattern_part, 0)
    candle_pattern_part_below_0 = is_below(candle_pattern_part, 0)
    # Candle pattern
    cdladvanceblock = ta.CDLADVANCEBLOCK(open_, high, low, close)
    as_series_cdladvanceblock = as_series(cdladvanceblock)
    bullish = is_above(as_series_cdladvanceblock, 0)
    bearish = is_below(as_series_cdladvanceblock, 0)
    # Candle pattern
    cdldragonflydoji = ta.CDLDRAGONFLYDOJI(open_, high, low, close)
    as_series_cdldragonflydoji = as_series(cdldragonflydoji)
    candle_patte_bullish = is_above(as_series_cdldragonflydoji, 0)
    candle_patte_bearish = is_below(as_series_cdldragonflydoji, 0)
    # Candle pattern
    cdlengulfing = ta.CDLENGULFING(open_, high, low, close)
    as_series_cdlengulfing = as_series(cdlengulfing)
    bullish_2 = is_above(as_series_cdlengulfing, 0)
    bearish_2 = is_below(as_series_cdlengulfing, 0)
    # Candle pattern
    cdleveningdojistar_0_3 = ta.CDLEVENINGDOJISTAR(
        open_, high, low, close, penetration=0.3
    )
    candle_pattern_part_2 = as_series(cdleveningdojistar_0_3)
    bullish_3 = is_above(candle_pattern_part_2, 0)
    bearish_3 = is_below(candle_pattern_part_2, 0)
    # Candle pattern
    cdleveningstar_0_3 = ta.CDLEVENINGSTAR(open_, high, low, close, penetration=0.3)
    as_series_cdleveningstar_0_3 = as_series(cdleveningstar_0_3)
    bullish_4 = is_above(as_series_cdleveningstar_0_3, 0)
    bearish_4 = is_below(as_series_cdleveningstar_0_3, 0)
    # Candle pattern
    cdlgapsidesidewhite = ta.CDLGAPSIDESIDEWHITE(open_, high, low, close)
    candle_pattern_part_3 = as_series(cdlgapsidesidewhite)
    bullish_5 = is_above(candle_pattern_part_3, 0)
    bearish_5 = is_below(candle_pattern_part_3, 0)
    # Candle pattern
    cdlgravestonedoji = ta.CDLGRAVESTONEDOJI(open_, high, low, close)
    as_series_cdlgravestonedoji = as_series(cdlgravestonedoji)
    bullish_6 = is_above(as_series_cdlgravestonedoji, 0)
    bearish_6 = is_below(as_series_cdlgravestonedoji, 0)
    # Candle pattern
    cdlhammer = ta.CDLHAMMER(open_, high, low, close)
    as_series_cdlhammer = as_series(cdlhammer)
    as_series_cdlhammer_above_0 = is_above(as_series_cdlhammer, 0)
    as_series_cdlhammer_below_0 = is_below(as_series_cdlhammer, 0)
    # Candle pattern
    cdlhangingman = ta.CDLHANGINGMAN(open_, high, low, close)
    as_series_cdlhangingman = as_series(cdlhangingman)
    bullish_7 = is_above(as_series_cdlhangingman, 0)
    bearish_7 = is_below(as_series_cdlhangingman, 0)
    # Candle pattern
    cdlharami = ta.CDLHARAMI(open_, high, low, close)
    as_series_cdlharami = as_series(cdlharami)
    as_series_cdlharami_above_0 = is_above(as_series_cdlharami, 0)
    as_series_cdlharami_below_0 = is_below(as_series_cdlharami, 0)
    # Candle pattern
    cdlharamicross = ta.CDLHARAMICROSS(open_, high, low, close)
    as_series_cdlharamicross = as_series(cdlharamicross)
    bullish_8 = is_above(as_series_cdlharamicross, 0)
    bearish_8 = is_below(as_series_cdlharamicross, 0)
    # Candle pattern
    cdlbelthold = ta.CDLBELTHOLD(open_, high, low, close)
    as_series_cdlbelthold = as_series(cdlbelthold)
    bullish_9 = is_above(as_series_cdlbelthold, 0)
    bearish_9 = is_below(as_series_cdlbelthold, 0)
    # Candle pattern
    cdlhighwave = ta.CDLHIGHWAVE(open_, high, low, close)
    as_series_cdlhighwave = as_series(cdlhighwave)
    bullish_10 = is_above(as_series_cdlhighwave, 0)
    bearish_10 = is_below(as_series_cdlhighwave, 0)
    # Candle pattern
    cdlhikkake = ta.CDLHIKKAKE(open_, high, low, close)
    as_series_cdlhikkake = as_series(cdlhikkake)
    as_series_cdlhikkake_above_0 = is_above(as_series_cdlhikkake, 0)
    as_series_cdlhikkake_below_0 = is_below(as_series_cdlhikkake, 0)
    # Candle pattern
    cdlhomingpigeon = ta.CDLHOMINGPIGEON(open_, high, low, close)
    as_series_cdlhomingpigeon = as_series(cdlhomingpigeon)
    bullish_11 = is_above(as_series_cdlhomingpigeon, 0)
    bearish_11 = is_below(as_series_cdlhomingpigeon, 0)
    # Candle pattern
    cdlidentical3crows = ta.CDLIDENTICAL3CROWS(open_, high, low, close)
    as_series_cdlidentical3crows = as_series(cdlidentical3crows)
    bullish_12 = is_above(as_series_cdlidentical3crows, 0)
    bearish_12 = is_below(as_series_cdlidentical3crows, 0)
    # Candle pattern
    cdlinneck = ta.CDLINNECK(open_, high, low, close)
    as_series_cdlinneck = as_series(cdlinneck)
    as_series_cdlinneck_above_0 = is_above(as_series_cdlinneck, 0)
    as_series_cdlinneck_below_0 = is_below(as_series_cdlinneck, 0)
    # Candle pattern
    cdlinvertedhammer = ta.CDLINVERTEDHAMMER(open_, high, low, close)
    as_series_cdlinvertedhammer = as_series(cdlinvertedhammer)
    bullish_13 = is_above(as_series_cdlinvertedhammer, 0)
    bearish_13 = is_below(as_series_cdlinvertedhammer, 0)
    # Candle pattern
    cdlkicking = ta.CDLKICKING(open_, high, low, close)
    as_series_cdlkicking = as_series(cdlkicking)
    as_series_cdlkicking_above_0 = is_above(as_series_cdlkicking, 0)
    as_series_cdlkicking_below_0 = is_below(as_series_cdlkicking, 0)
    # Candle pattern
    cdlkickingbylength = ta.CDLKICKINGBYLENGTH(open_, high, low, close)
    as_series_cdlkickingbylength = as_series(cdlkickingbylength)
    bullish_14 = is_above(as_series_cdlkickingbylength, 0)
    bearish_14 = is_below(as_series_cdlkickingbylength, 0)
    # Candle pattern
    cdlladderbottom = ta.CDLLADDERBOTTOM(open_, high, low, close)
    as_series_cdlladderbottom = as_series(cdlladderbottom)
    bullish_15 = is_above(as_series_cdlladderbottom, 0)
    bearish_15 = is_below(as_series_cdlladderbottom, 0)
    # Candle pattern
    cdllongline = ta.CDLLONGLINE(open_, high, low, close)
    as_series_cdllongline = as_series(cdllongline)
    bullish_16 = is_above(as_series_cdllongline, 0)
    bearish_16 = is_below(as_series_cdllongline, 0)
    # Candle pattern
    cdlbreakaway = ta.CDLBREAKAWAY(open_, high, low, close)
    as_series_cdlbreakaway = as_series(cdlbreakaway)
    bullish_17 = is_above(as_series_cdlbreakaway, 0)
    bearish_17 = is_below(as_series_cdlbreakaway, 0)
    # Candle pattern
    cdllongleggeddoji = ta.CDLLONGLEGGEDDOJI(open_, high, low, close)
    as_series_cdllongleggeddoji = as_series(cdllongleggeddoji)
    bullish_18 = is_above(as_series_cdllongleggeddoji, 0)
    bearish_18 = is_below(as_series_cdllongleggeddoji, 0)
    # Candle pattern
    cdlmarubozu = ta.CDLMARUBOZU(open_, high, low, close)
    as_series_cdlmarubozu = as_series(cdlmarubozu)
    bullish_19 = is_above(as_series_cdlmarubozu, 0)
    bearish_19 = is_below(as_series_cdlmarubozu, 0)
    # Candle pattern
    cdlmathold_0_3 = ta.CDLMATHOLD(open_, high, low, close, penetration=0.3)
    as_series_cdlmathold_0_3 = as_series(cdlmathold_0_3)
    bullish_20 = is_above(as_series_cdlmathold_0_3, 0)
    bearish_20 = is_below(as_series_cdlmathold_0_3, 0)
    # Candle pattern
    cdlmatchinglow = ta.CDLMATCHINGLOW(open_, high, low, close)
    as_series_cdlmatchinglow = as_series(cdlmatchinglow)
    bullish_21 = is_above(as_series_cdlmatchinglow, 0)
    bearish_21 = is_below(as_series_cdlmatchinglow, 0)
    # Candle pattern
    cdlhikkakemod = ta.CDLHIKKAKEMOD(open_, high, low, close)
    as_series_cdlhikkakemod = as_series(cdlhikkakemod)
    bullish_22 = is_above(as_series_cdlhikkakemod, 0)
    bearish_22 = is_below(as_series_cdlhikkakemod, 0)
    # Candle pattern
    cdlmorningdojistar_0_3 = ta.CDLMORNINGDOJISTAR(
        open_, high, low, close, penetration=0.3
    )
    candle_pattern_part_4 = as_series(cdlmorningdojistar_0_3)
    bullish_23 = is_above(candle_pattern_part_4, 0)
    bearish_23 = is_below(candle_pattern_part_4, 0)
    # Candle pattern
    cdlmorningstar_0_3 = ta.CDLMORNINGSTAR(open_, high, low, close, penetration=0.3)
    as_series_cdlmorningstar_0_3 = as_series(cdlmorningstar_0_3)
    bullish_24 = is_above(as_series_cdlmorningstar_0_3, 0)
    bearish_24 = is_below(as_series_cdlmorningstar_0_3, 0)
    # Candle pattern
    cdlonneck = ta.CDLONNECK(open_, high, low, close)
    as_series_cdlonneck = as_series(cdlonneck)
    as_series_cdlonneck_above_0 = is_above(as_series_cdlonneck, 0)
    as_series_cdlonneck_below_0 = is_below(as_series_cdlonneck, 0)
    # Candle pattern
    cdlpiercing = ta.CDLPIERCING(open_, high, low, close)
    as_series_cdlpiercing = as_series(cdlpiercing)
    bullish_25 = is_above(as_series_cdlpiercing, 0)
    bearish_25 = is_below(as_series_cdlpiercing, 0)
    # Candle pattern
    cdlrickshawman = ta.CDLRICKSHAWMAN(open_, high, low, close)
    as_series_cdlrickshawman = as_series(cdlrickshawman)
    bullish_26 = is_above(as_series_cdlrickshawman, 0)
    bearish_26 = is_below(as_series_cdlrickshawman, 0)
    # Candle pattern
    cdlclosingmarubozu = ta.CDLCLOSINGMARUBOZU(open_, high, low, close)
    as_series_cdlclosingmarubozu = as_series(cdlclosingmarubozu)
    bullish_27 = is_above(as_series_cdlclosingmarubozu, 0)
    bearish_27 = is_below(as_series_cdlclosingmarubozu, 0)
    # Candle pattern
    cdlrisefall3methods = ta.CDLRISEFALL3METHODS(open_, high, low, close)
    candle_pattern_part_5 = as_series(cdlrisefall3methods)
    bullish_28 = is_above(candle_pattern_part_5, 0)
    bearish_28 = is_below(candle_pattern_part_5, 0)
    # Candle pattern
    cdlseparatinglines = ta.CDLSEPARATINGLINES(open_, high, low, close)
    as_series_cdlseparatinglines = as_series(cdlseparatinglines)
    bullish_29 = is_above(as_series_cdlseparatinglines, 0)
    bearish_29 = is_below(as_series_cdlseparatinglines, 0)
    # Candle pattern
    cdlshootingstar = ta.CDLSHOOTINGSTAR(open_, high, low, close)
    as_series_cdlshootingstar = as_series(cdlshootingstar)
    bullish_30 = is_above(as_series_cdlshootingstar, 0)
    bearish_30 = is_below(as_series_cdlshootingstar, 0)
    # Candle pattern
    cdlshortline = ta.CDLSHORTLINE(open_, high, low, close)
    as_series_cdlshortline = as_series(cdlshortline)
    bullish_31 = is_above(as_series_cdlshortline, 0)
    bearish_31 = is_below(as_series_cdlshortline, 0)
    # Candle pattern
    cdlspinningtop = ta.CDLSPINNINGTOP(open_, high, low, close)
    as_series_cdlspinningtop = as_series(cdlspinningtop)
    bullish_32 = is_above(as_series_cdlspinningtop, 0)
    bearish_32 = is_below(as_series_cdlspinningtop, 0)
    # Candle pattern
    cdlstalledpattern = ta.CDLSTALLEDPATTERN(open_, high, low, close)
    as_series_cdlstalledpattern = as_series(cdlstalledpattern)
    bullish_33 = is_above(as_series_cdlstalledpattern, 0)
    bearish_33 = is_below(as_series_cdlstalledpattern, 0)
    # Candle pattern
    cdlsticksandwich = ta.CDLSTICKSANDWICH(open_, high, low, close)
    as_series_cdlsticksandwich = as_series(cdlsticksandwich)
    bullish_34 = is_above(as_series_cdlsticksandwich, 0)
    bearish_34 = is_below(as_series_cdlsticksandwich, 0)
    # Candle pattern
    cdltakuri = ta.CDLTAKURI(open_, high, low, close)
    as_series_cdltakuri = as_series(cdltakuri)
    as_series_cdltakuri_above_0 = is_above(as_series_cdltakuri, 0)
    as_series_cdltakuri_below_0 = is_below(as_series_cdltakuri, 0)
    # Candle pattern
    cdltasukigap = ta.CDLTASUKIGAP(open_, high, low, close)
    as_series_cdltasukigap = as_series(cdltasukigap)
    bullish_35 = is_above(as_series_cdltasukigap, 0)
    bearish_35 = is_below(as_series_cdltasukigap, 0)
    # Candle pattern
    cdl3whitesoldiers = ta.CDL3WHITESOLDIERS(open_, high, low, close)
    as_series_cdl3whitesoldiers = as_series(cdl3whitesoldiers)
    bullish_36 = is_above(as_series_cdl3whitesoldiers, 0)
    bearish_36 = is_below(as_series_cdl3whitesoldiers, 0)
    # Candle pattern
    cdlconcealbabyswall = ta.CDLCONCEALBABYSWALL(open_, high, low, close)
    candle_pattern_part_6 = as_series(cdlconcealbabyswall)
    bullish_37 = is_above(candle_pattern_part_6, 0)
    bearish_37 = is_below(candle_pattern_part_6, 0)
    # Candle pattern
    cdl3blackcrows = ta.CDL3BLACKCROWS(open_, high, low, close)
    as_series_cdl3blackcrows = as_series(cdl3blackcrows)
    bullish_38 = is_above(as_series_cdl3blackcrows, 0)
    bearish_38 = is_below(as_series_cdl3blackcrows, 0)
    # Candle pattern
    cdl3inside = ta.CDL3INSIDE(open_, high, low, close)
    as_series_cdl3inside = as_series(cdl3inside)
    as_series_cdl3inside_above_0 = is_above(as_series_cdl3inside, 0)
    as_series_cdl3inside_below_0 = is_below(as_series_cdl3inside, 0)
    # Candle pattern
    cdl3outside = ta.CDL3OUTSIDE(open_, high, low, close)
    as_series_cdl3outside = as_series(cdl3outside)
    bullish_39 = is_above(as_series_cdl3outside, 0)
    bearish_39 = is_below(as_series_cdl3outside, 0)
    # Candle pattern
    cdl3starsinsouth = ta.CDL3STARSINSOUTH(open_, high, low, close)
    as_series_cdl3starsinsouth = as_series(cdl3starsinsouth)
    bullish_40 = is_above(as_series_cdl3starsinsouth, 0)
    bearish_40 = is_below(as_series_cdl3starsinsouth, 0)
    # Candle pattern
    cdl3linestrike = ta.CDL3LINESTRIKE(open_, high, low, close)
    as_series_cdl3linestrike = as_series(cdl3linestrike)
    bullish_41 = is_above(as_series_cdl3linestrike, 0)
    bearish_41 = is_below(as_series_cdl3linestrike, 0)
    # Candle pattern
    cdlthrusting = ta.CDLTHRUSTING(open_, high, low, close)
    as_series_cdlthrusting = as_series(cdlthrusting)
    bullish_42 = is_above(as_series_cdlthrusting, 0)
    bearish_42 = is_below(as_series_cdlthrusting, 0)
    # Candle pattern
    cdltristar = ta.CDLTRISTAR(open_, high, low, close)
    as_series_cdltristar = as_series(cdltristar)
    as_series_cdltristar_above_0 = is_above(as_series_cdltristar, 0)
    as_series_cdltristar_below_0 = is_below(as_series_cdltristar, 0)
    # Candle pattern
    cdl2crows = ta.CDL2CROWS(open_, high, low, close)
    as_series_cdl2crows = as_series(cdl2crows)
    as_series_cdl2crows_above_0 = is_above(as_series_cdl2crows, 0)
    as_series_cdl2crows_below_0 = is_below(as_series_cdl2crows, 0)
    # Candle pattern
    cdlunique3river = ta.CDLUNIQUE3RIVER(open_, high, low, close)
    as_series_cdlunique3river = as_series(cdlunique3river)
    bullish_43 = is_above(as_series_cdlunique3river, 0)
    bearish_43 = is_below(as_series_cdlunique3river, 0)
    # Candle pattern
    cdlupsidegap2crows = ta.CDLUPSIDEGAP2CROWS(open_, high, low, close)
    as_series_cdlupsidegap2crows = as_series(cdlupsidegap2crows)
    bullish_44 = is_above(as_series_cdlupsidegap2crows, 0)
    bearish_44 = is_below(as_series_cdlupsidegap2crows, 0)
    # Candle pattern
    cdlcounterattack = ta.CDLCOUNTERATTACK(open_, high, low, close)
    as_series_cdlcounterattack = as_series(cdlcounterattack)
    bullish_45 = is_above(as_series_cdlcounterattack, 0)
    bearish_45 = is_below(as_series_cdlcounterattack, 0)
    # Candle pattern
    cdlxsidegap3methods = ta.CDLXSIDEGAP3METHODS(open_, high, low, close)
    candle_pattern_part_7 = as_series(cdlxsidegap3methods)
    bullish_46 = is_above(candle_pattern_part_7, 0)
    bearish_46 = is_below(candle_pattern_part_7, 0)
    # Candle pattern
    cdldarkcloudcover_0_3 = ta.CDLDARKCLOUDCOVER(
        open_, high, low, close, penetration=0.3
    )
    candle_pattern_part_8 = as_series(cdldarkcloudcover_0_3)
    bullish_47 = is_above(candle_pattern_part_8, 0)
    bearish_47 = is_below(candle_pattern_part_8, 0)
    # Candle pattern
    cdldoji = ta.CDLDOJI(open_, high, low, close)
    as_series_cdldoji = as_series(cdldoji)
    as_series_cdldoji_above_0 = is_above(as_series_cdldoji, 0)
    as_series_cdldoji_below_0 = is_below(as_series_cdldoji, 0)
    # Candle pattern
    cdldojistar = ta.CDLDOJISTAR(open_, high, low, close)
    as_series_cdldojistar = as_series(cdldojistar)
    bullish_48 = is_above(as_series_cdldojistar, 0)
    bearish_48 = is_below(as_series_cdldojistar, 0)
    # Or
    any_of = (
        candle_pattern_part_below_0
        | candle_pattern_part_above_0
        | bearish
        | bullish
        | candle_patte_bearish
        | candle_patte_bullish
        | bearish_2
        | bullish_2
        | bearish_3
        | bullish_3
        | bearish_4
        | bullish_4
        | bearish_5
        | bullish_5
        | bearish_6
        | bullish_6
        | as_series_cdlhammer_below_0
        | as_series_cdlhammer_above_0
        | bearish_7
        | bullish_7
        | as_series_cdlharami_below_0
        | as_series_cdlharami_above_0
        | bearish_8
        | bullish_8
        | bearish_9
        | bullish_9
        | bearish_10
        | bullish_10
        | as_series_cdlhikkake_below_0
        | as_series_cdlhikkake_above_0
        | bearish_11
        | bullish_11
        | bearish_12
        | bullish_12
        | as_series_cdlinneck_below_0
        | as_series_cdlinneck_above_0
        | bearish_13
        | bullish_13
        | as_series_cdlkicking_below_0
        | as_series_cdlkicking_above_0
        | bearish_14
        | bullish_14
        | bearish_15
        | bullish_15
        | bearish_16
        | bullish_16
        | bearish_17
        | bullish_17
        | bearish_18
        | bullish_18
        | bearish_19
        | bullish_19
        | bearish_20
        | bullish_20
        | bearish_21
        | bullish_21
        | bearish_22
        | bullish_22
        | bearish_23
        | bullish_23
        | bearish_24
        | bullish_24
        | as_series_cdlonneck_below_0
        | as_series_cdlonneck_above_0
        | bearish_25
        | bullish_25
        | bearish_26
        | bullish_26
        | bearish_27
        | bullish_27
        | bearish_28
        | bullish_28
        | bearish_29
        | bullish_29
        | bearish_30
        | bullish_30
        | bearish_31
        | bullish_31
        | bearish_32
        | bullish_32
        | bearish_33
        | bullish_33
        | bearish_34
        | bullish_34
        | as_series_cdltakuri_below_0
        | as_series_cdltakuri_above_0
        | bearish_35
        | bullish_35
        | bearish_36
        | bullish_36
        | bearish_37
        | bullish_37
        | bearish_38
        | bullish_38
        | as_series_cdl3inside_below_0
        | as_series_cdl3inside_above_0
        | bearish_39
        | bullish_39
        | bearish_40
        | bullish_40
        | bearish_41
        | bullish_41
        | bearish_42
        | bullish_42
        | as_series_cdltristar_below_0
        | as_series_cdltristar_above_0
        | as_series_cdl2crows_below_0
        | as_series_cdl2crows_above_0
        | bearish_43
        | bullish_43
        | bearish_44
        | bullish_44
        | bearish_45
        | bullish_45
        | bearish_46
        | bullish_46
        | bearish_47
        | bullish_47
        | as_series_cdldoji_below_0
        | as_series_cdldoji_above_0
        | bearish_48
        | bullish_48
    )
    return {"any_of": any_of}


if __name__ == "__main__":
    from engine import run
    from prices import read_prices

    raise SystemExit(run(signals, RULES, read_prices))
