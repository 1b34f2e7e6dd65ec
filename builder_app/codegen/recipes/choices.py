"""Words that a block's choice stands for: the kinds of moving average, and the candle patterns of TA-Lib.

In a recipe `moving_average_type(average_type)` is the number by which TA-Lib knows the chosen average, and
`candle_pattern(pattern, open, high, low, close, penetration=penetration)` the call of the chosen pattern's function.
Both are settled before any text is written: a strategy never chooses while it runs.
"""

from typing import Final

from builder_app.codegen.expressions import Call, Constant, Expression
from builder_app.codegen.recipes.kinds import RecipeRefused
from builder_app.codegen.recipes.vocabulary import signature_of

AVERAGE_TYPES: Final = {
    "simple": 0,
    "exponential": 1,
    "weighted": 2,
    "double exponential": 3,
    "triple exponential": 4,
    "triangular": 5,
    "Kaufman adaptive": 6,
    "MESA adaptive": 7,
    "Tillson": 8,
    "Hull": 9,
    "zero lag": 12,
    "Wilder": 13,
    "none": 10,
}
"""What `matype` means, by the word for it. 11, a function's own default, is left out: it has a word of its own here."""
CANDLE_PATTERNS: Final = {
    "abandoned baby": "CDLABANDONEDBABY",
    "advance block": "CDLADVANCEBLOCK",
    "belt hold": "CDLBELTHOLD",
    "breakaway": "CDLBREAKAWAY",
    "closing marubozu": "CDLCLOSINGMARUBOZU",
    "concealing baby swallow": "CDLCONCEALBABYSWALL",
    "counterattack": "CDLCOUNTERATTACK",
    "dark cloud cover": "CDLDARKCLOUDCOVER",
    "doji": "CDLDOJI",
    "doji star": "CDLDOJISTAR",
    "dragonfly doji": "CDLDRAGONFLYDOJI",
    "engulfing": "CDLENGULFING",
    "evening doji star": "CDLEVENINGDOJISTAR",
    "evening star": "CDLEVENINGSTAR",
    "gap with side-by-side white lines": "CDLGAPSIDESIDEWHITE",
    "gravestone doji": "CDLGRAVESTONEDOJI",
    "hammer": "CDLHAMMER",
    "hanging man": "CDLHANGINGMAN",
    "harami": "CDLHARAMI",
    "harami cross": "CDLHARAMICROSS",
    "high wave": "CDLHIGHWAVE",
    "hikkake": "CDLHIKKAKE",
    "homing pigeon": "CDLHOMINGPIGEON",
    "identical three crows": "CDLIDENTICAL3CROWS",
    "in-neck": "CDLINNECK",
    "inverted hammer": "CDLINVERTEDHAMMER",
    "kicking": "CDLKICKING",
    "kicking, decided by the longer marubozu": "CDLKICKINGBYLENGTH",
    "ladder bottom": "CDLLADDERBOTTOM",
    "long line": "CDLLONGLINE",
    "long-legged doji": "CDLLONGLEGGEDDOJI",
    "marubozu": "CDLMARUBOZU",
    "mat hold": "CDLMATHOLD",
    "matching low": "CDLMATCHINGLOW",
    "modified hikkake": "CDLHIKKAKEMOD",
    "morning doji star": "CDLMORNINGDOJISTAR",
    "morning star": "CDLMORNINGSTAR",
    "on-neck": "CDLONNECK",
    "piercing": "CDLPIERCING",
    "rickshaw man": "CDLRICKSHAWMAN",
    "rising or falling three methods": "CDLRISEFALL3METHODS",
    "separating lines": "CDLSEPARATINGLINES",
    "shooting star": "CDLSHOOTINGSTAR",
    "short line": "CDLSHORTLINE",
    "spinning top": "CDLSPINNINGTOP",
    "stalled pattern": "CDLSTALLEDPATTERN",
    "stick sandwich": "CDLSTICKSANDWICH",
    "takuri": "CDLTAKURI",
    "tasuki gap": "CDLTASUKIGAP",
    "three advancing white soldiers": "CDL3WHITESOLDIERS",
    "three black crows": "CDL3BLACKCROWS",
    "three inside": "CDL3INSIDE",
    "three outside": "CDL3OUTSIDE",
    "three stars in the south": "CDL3STARSINSOUTH",
    "three-line strike": "CDL3LINESTRIKE",
    "thrusting": "CDLTHRUSTING",
    "tristar": "CDLTRISTAR",
    "two crows": "CDL2CROWS",
    "unique three river": "CDLUNIQUE3RIVER",
    "upside gap two crows": "CDLUPSIDEGAP2CROWS",
    "upside or downside gap three methods": "CDLXSIDEGAP3METHODS",
}
"""TA-Lib's function for each candle pattern, by the pattern's name in words."""
WORDS: Final[dict[str, tuple[str, ...]]] = {
    "moving_average_type": tuple(AVERAGE_TYPES),
    "candle_pattern": tuple(CANDLE_PATTERNS),
}
"""The words that may be chosen from, by the recipe's word that settles them."""


def settled(call: Call) -> Expression:
    """What stands for a call of one of the words above. Raises RecipeRefused where its choice is none that it knows."""
    chosen = call.arguments[0]
    if not isinstance(chosen, Constant):
        what = call.function.replace("_", " ")
        raise RecipeRefused(f"The {what} must be chosen in the block itself; a strategy parameter cannot choose it.")
    word = str(chosen.value)
    if word not in WORDS[call.function]:
        known = ", ".join(WORDS[call.function])
        raise RecipeRefused(f"There is no {call.function.replace('_', ' ')} '{word[:60]}'; choose one of {known}.")
    if call.function == "moving_average_type":
        return Constant(AVERAGE_TYPES[word])
    function = f"ta.{CANDLE_PATTERNS[word]}"
    signature = signature_of(function)
    taken = signature.keywords if signature else ()
    keywords = tuple((name, value) for name, value in call.keywords if name in taken)
    return Call("as_series", (Call(function, call.arguments[1:], keywords),))
