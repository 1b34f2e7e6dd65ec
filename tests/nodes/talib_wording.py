"""Words for what TA-Lib abbreviates: parameters, inputs, outputs and groups; each function's own words are in TOML."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

CURATED: Final = {
    "SMA": "sma",
    "EMA": "ema",
    "RSI": "rsi",
    "MACD": "macd",
    "ATR": "atr",
    "ADD": "add",
    "SUB": "subtract",
    "MULT": "multiply",
    "DIV": "divide",
    "MAX": "highest",
    "MIN": "lowest",
    "CORREL": "correlation_of",
}
"""Functions that have a block written by hand, by its name; none is derived for them."""
CANDLES: Final = "candle_pattern"
"""The one block for every function of TA-Lib's group Pattern Recognition."""
PATTERNS: Final = "Pattern Recognition"

CATEGORIES: Final = {
    "Cycle Indicators": "Cycles",
    "Math Operators": "Arithmetic",
    "Math Transform": "Math functions",
    "Momentum Indicators": "Momentum",
    "Overlap Studies": "Moving averages",
    PATTERNS: "Candle patterns",
    "Price Transform": "Prices",
    "Statistic Functions": "Statistics",
    "Volatility Indicators": "Volatility",
    "Volume Indicators": "Volume",
}
"""The category for each group; a function may say another one."""

PARAMETERS: Final = {
    "timeperiod": ("period", "Period", "How many bars are looked at."),
    "fastperiod": ("fast_period", "Fast period", "Bars of the fast average."),
    "slowperiod": ("slow_period", "Slow period", "Bars of the slow average; more than those of the fast one."),
    "signalperiod": ("signal_period", "Signal period", "Bars of the signal line's average."),
    "matype": ("average_type", "Average", "Which kind of moving average is used."),
    "fastmatype": ("fast_average_type", "Fast average", "Which kind of moving average the fast one is."),
    "slowmatype": ("slow_average_type", "Slow average", "Which kind of moving average the slow one is."),
    "signalmatype": ("signal_average_type", "Signal average", "Which kind of moving average the signal line is."),
    "nbdev": ("deviations", "Deviations", "How many deviations."),
    "nbdevup": ("deviations_up", "Deviations up", "How many deviations above."),
    "nbdevdn": ("deviations_down", "Deviations down", "How many deviations below."),
    "fastk_period": ("range_period", "Range period", "Bars of the range in which the place is measured."),
    "slowk_period": ("k_period", "K period", "Bars of the average that makes the K line."),
    "slowk_matype": ("k_average_type", "K average", "Which kind of moving average makes the K line."),
    "slowd_period": ("d_period", "D period", "Bars of the average that makes the D line."),
    "slowd_matype": ("d_average_type", "D average", "Which kind of moving average makes the D line."),
    "fastd_period": ("d_period", "D period", "Bars of the average that makes the D line."),
    "fastd_matype": ("d_average_type", "D average", "Which kind of moving average makes the D line."),
    "vfactor": ("volume_factor", "Volume factor", ""),
    "fastlimit": ("fast_limit", "Fast limit", ""),
    "slowlimit": ("slow_limit", "Slow limit", ""),
    "acceleration": ("acceleration", "Acceleration", ""),
    "maximum": ("maximum_acceleration", "Maximum", ""),
    "startvalue": ("start_value", "Start value", ""),
    "offsetonreverse": ("offset_on_reverse", "Offset", ""),
    "accelerationinitlong": ("initial_acceleration_long", "Initial, long", ""),
    "accelerationlong": ("acceleration_long", "Step, long", ""),
    "accelerationmaxlong": ("maximum_acceleration_long", "Maximum, long", ""),
    "accelerationinitshort": ("initial_acceleration_short", "Initial, short", ""),
    "accelerationshort": ("acceleration_short", "Step, short", ""),
    "accelerationmaxshort": ("maximum_acceleration_short", "Maximum, short", ""),
    "leftbars": ("left_bars", "Bars before", ""),
    "rightbars": ("right_bars", "Bars after", ""),
    "wmaperiod": ("average_period", "Average period", ""),
    "roc1period": ("short_change_period", "Short change period", ""),
    "roc2period": ("long_change_period", "Long change period", ""),
    "minperiod": ("minimum_period", "Minimum period", ""),
    "maxperiod": ("maximum_period", "Maximum period", ""),
    "atrperiod": ("range_period", "Range period", ""),
    "multiplier": ("multiplier", "Multiplier", ""),
    "firstperiod": ("first_period", "First period", ""),
    "secondperiod": ("second_period", "Second period", ""),
    "timeperiod1": ("first_period", "First period", ""),
    "timeperiod2": ("second_period", "Second period", ""),
    "timeperiod3": ("third_period", "Third period", ""),
    "percentile": ("percentile", "Percentile", ""),
    "rocperiod": ("change_period", "Change period", ""),
    "stddevperiod": ("deviation_period", "Deviation period", ""),
}
"""Name, title and help of a parameter; help that is empty here is in each function's own words."""

RISING: Final = (
    ("fast_period", "slow_period"),
    ("first_period", "second_period", "third_period"),
    ("minimum_period", "maximum_period"),
    ("slow_limit", "fast_limit"),
)
"""Parameters that must rise, where a block has them all: TA-Lib would exchange them in silence, or refuse."""

SLIDERS: Final = {
    "deviations": (0.5, 4.0, 0.1),
    "deviations_up": (0.5, 4.0, 0.1),
    "deviations_down": (0.5, 4.0, 0.1),
    "penetration": (0.0, 1.0, 0.05),
}
"""Usual values and step where those of the C library do not help."""
UNITS: Final = {"percentile": "%"}

INPUTS: Final = {
    "open": ("open", "Open", "The opening price; unwired, it is the symbol's own."),
    "high": ("high", "High", "The highest price of the bar; unwired, it is the symbol's own."),
    "low": ("low", "Low", "The lowest price of the bar; unwired, it is the symbol's own."),
    "close": ("close", "Close", "The closing price; unwired, it is the symbol's own."),
    "volume": ("volume", "Volume", "What was traded; unwired, it is the symbol's own volume."),
    "price": (
        "price",
        "Price",
        "What is averaged or measured; unwired, it is the symbol's own price chosen as source.",
    ),
}
OUTPUTS: Final = {
    "upperband": ("upper", "Upper band", "The upper band, in price units."),
    "middleband": ("middle", "Middle", "The line in the middle, in price units."),
    "lowerband": ("lower", "Lower band", "The lower band, in price units."),
}
STYLES: Final = {
    "Histogram": "histogram",
    "Upper Limit": "upper_limit",
    "Lower Limit": "lower_limit",
    "Dashed Line": "dashed_line",
}
"""How an output is drawn, by TA-Lib's flag; a line where it has none of these."""
NOTES: Final = {
    "Unstable Period": "Its first values still feel where the prices begin.",
    "Path Dependent": "It carries on from bar to bar, so its level depends on where the prices begin.",
}
"""What a flag of TA-Lib adds to a block's description."""
PROPER: Final = frozenset(
    {
        *("Aroon", "Bollinger", "Chaikin", "Chande", "Coppock", "Donchian", "Elder", "Heikin-Ashi", "Hilbert", "Hull"),
        *("Kaufman", "Keltner", "Tillson's", "Wilder's", "Williams'"),
    }
)
"""First words of titles that keep their capital inside a sentence."""


def words_of_functions() -> Mapping[str, Mapping[str, Any]]:
    """The words of each function, by TA-Lib's name, from all files of `talib_words`."""
    found: dict[str, Mapping[str, Any]] = {}
    for file in sorted((Path(__file__).parent / "talib_words").glob("*.toml")):
        found |= tomllib.loads(file.read_text(encoding="utf-8"))
    return found


def noun(title: str) -> str:
    """A title as it stands inside a sentence: "Average true range, percent" → "average true range, percent"."""
    plain = title.partition(" (")[0]
    first = plain.split()[0].rstrip(",")
    return plain if first in PROPER or first.isupper() else plain[0].lower() + plain[1:]
