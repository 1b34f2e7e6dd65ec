"""Derives the one block of all candle patterns of TA-Lib; `derive_talib` writes it with the others."""

from typing import Any, Final

from builder_app.codegen.recipes.choices import CANDLE_PATTERNS
from tests.nodes.talib_library import functions
from tests.nodes.talib_wording import CANDLES, CATEGORIES, PATTERNS, SLIDERS

Json = dict[str, Any]

_CALL: Final = "candle_pattern(pattern, open, high, low, close, penetration=penetration)"
_OUTPUTS: Final = (
    ("bullish", "boolean", "Bullish", "True where the pattern speaks for a rise; a doji always counts as one."),
    ("bearish", "boolean", "Bearish", "True where the pattern speaks for a fall."),
    (
        "value",
        "series",
        "Value",
        "Above 0 bullish, below 0 bearish, 0 where there is none; 200 either way is a confirmed hikkake.",
    ),
)
_HINTS: Final = {
    "outputs": {"bullish": f"is_above({_CALL}, 0)", "bearish": f"is_below({_CALL}, 0)", "value": _CALL},
    "phrases": {
        "bullish": "a bullish {pattern} pattern appears",
        "bearish": "a bearish {pattern} pattern appears",
        "value": "the sign of the {pattern} pattern",
    },
    "example": "Buy a bullish engulfing pattern while the close is above its 200-day average.",
    "plot": {"pane": "own", "styles": {"bullish": "marks", "bearish": "marks", "value": "histogram"}},
}


def candle_template(ports: list[Json]) -> Json:
    """The block, with these inputs."""
    return {
        "name": CANDLES,
        "display_name": "Candle pattern",
        "node_type": "INDICATOR",
        "category": CATEGORIES[PATTERNS],
        "description": f"Finds one of {len(CANDLE_PATTERNS)} Japanese candle patterns, told at the bar that completes "
        "it. Many are meant at the end of a trend, which the pattern itself does not look for.",
        "version": "1.0.0",
        "icon": "INDICATOR",
        "color": "",
        "synonyms": ["candlestick", "japanese", "cdl", *(word for word in CANDLE_PATTERNS if "," not in word)],
        "parameter_schema": {"type": "object", "properties": _parameters(), "additionalProperties": False},
        "default_parameters": {"pattern": "engulfing", "penetration": 0.3},
        "input_ports": ports,
        "output_ports": [
            {"name": name, "type": type, "display_name": title, "description": help}
            for name, type, title, help in _OUTPUTS
        ],
        "validation_rules": {},
        "execution_hints": {**_HINTS, "warm_up": functions()["CDLENGULFING"].look_back()},
    }


def _parameters() -> Json:
    options = {word: functions()[name].options for word, name in CANDLE_PATTERNS.items()}
    penetrated = {word: found[0] for word, found in options.items() if found}
    half = [word for word, option in penetrated.items() if option.default == 0.5]
    low, high, step = SLIDERS["penetration"]
    return {
        "pattern": {
            "type": "string",
            "title": "Pattern",
            "description": "Which pattern is looked for.",
            "enum": list(CANDLE_PATTERNS),
        },
        "penetration": {
            "type": "number",
            "title": "Penetration",
            "description": "How deep one candle must reach into another, as a part of its body. Only for "
            f"{', '.join(penetrated)}; usual is 0.3, and 0.5 for {' and '.join(half)}.",
            "minimum": max(int(option.minimum or 0) for option in penetrated.values()),
            "x-slider-minimum": low,
            "x-slider-maximum": high,
            "x-step": step,
        },
    }
