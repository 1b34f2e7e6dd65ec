"""Derives a block for every function of TA-Lib: `python -m tests.nodes.derive_talib` writes them, `--check` compares.

It stands among the tests because it needs what only they need (the C library's own description, see `talib_library`)
and because a test holds the files to it: they are what this program writes, or the test says which are not. Ranges,
defaults, inputs, plot flags and warm-up are the installed library's; words are in `talib_wording` and `talib_words`.
"""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from builder_app.codegen.choices import AVERAGE_TYPES, CANDLE_PATTERNS
from tests.nodes.talib_json import laid_out
from tests.nodes.talib_library import Function, Option, functions
from tests.nodes.talib_wording import (
    CANDLES,
    CATEGORIES,
    CURATED,
    INPUTS,
    NOTES,
    OUTPUTS,
    PARAMETERS,
    PATTERNS,
    RISING,
    SLIDERS,
    STYLES,
    UNITS,
    noun,
    words_of_functions,
)

FOLDER: Final = Path(__file__).parents[2] / "resources" / "node_templates" / "indicator" / "talib"
SOURCES: Final = ("close", "open", "high", "low")
AVERAGES: Final = {number: word for word, number in AVERAGE_TYPES.items()}
Words = Mapping[str, Any]
Json = dict[str, Any]


def derived() -> dict[Path, Json]:
    """Every derived template by its file, relative to FOLDER."""
    words = words_of_functions()
    found: dict[Path, Json] = {}
    for function in functions().values():
        if function.name not in CURATED and function.group != PATTERNS:
            template = template_of(function, words[function.name])
            found[_folder(function.group) / f"{template['name']}.json"] = template
    found[_folder(PATTERNS) / f"{CANDLES}.json"] = candle_template()
    return found


def _folder(group: str) -> Path:
    return Path(group.lower().replace(" ", "_"))


def template_of(function: Function, words: Words) -> Json:
    """The block of one function."""
    options = [option for option in function.options if option.keyword not in words.get("without", ())]
    names = {option.keyword: _parameter_words(option, words)[0] for option in options}
    ports = [_input(function, key, words) for key in function.inputs]
    properties = {names[option.keyword]: _parameter(option, words) for option in options}
    defaults: Json = {names[option.keyword]: _default(option) for option in options}
    if any(port.get("default") == "prices[source]" for port in ports):
        properties["source"] = {
            "type": "string",
            "title": "Source",
            "description": "The price that is used while nothing is wired into the block.",
            "enum": list(SOURCES),
        }
        defaults["source"] = "close"
    outputs = _outputs(function, words, _call(function, ports, names))
    notes = [note for flag, note in NOTES.items() if flag in function.flags]
    rising = [list(names_) for names_ in RISING if set(names_) <= set(properties)]
    return {
        "name": words["name"],
        "display_name": words["title"],
        "node_type": "INDICATOR",
        "category": words.get("category", CATEGORIES[function.group]),
        "description": " ".join([words["says"], *notes]),
        "version": "1.0.0",
        "icon": "INDICATOR",
        "color": "",
        "synonyms": list(dict.fromkeys([function.name.lower().replace("_", " "), *words["synonyms"]])),
        "parameter_schema": {"type": "object", "properties": properties, "additionalProperties": False},
        "default_parameters": defaults,
        "input_ports": ports,
        "output_ports": [
            {"name": name, "type": kind, "display_name": title, "description": help}
            for name, (kind, title, help, _, _) in outputs.items()
        ],
        "validation_rules": {"rising": rising} if rising else {},
        "execution_hints": {
            "outputs": {name: recipe for name, (_, _, _, recipe, _) in outputs.items()},
            "phrases": _phrases(words, properties, ports, outputs),
            "example": words["example"],
            "plot": _plot(function, words, outputs),
            "warm_up": function.look_back(**{option.keyword: option.default for option in function.options}),
        },
    }


def _parameter_words(option: Option, words: Words) -> tuple[str, str, str]:
    name, title, help = PARAMETERS[option.keyword]
    name, title = words.get("words", {}).get(option.keyword, (name, title))
    return name, title, words.get(name, help)


def _default(option: Option) -> Any:
    return AVERAGES[int(option.default)] if option.kind == "average" else option.default


def _parameter(option: Option, words: Words) -> Json:
    name, title, help = _parameter_words(option, words)
    if not help:
        raise ValueError(f"The parameter {option.keyword} ({option.hint}) of {words['name']} has no help.")
    if option.kind == "average":
        return {"type": "string", "title": title, "description": help, "enum": list(AVERAGE_TYPES)}
    whole = option.kind == "integer"
    schema: Json = {"type": option.kind, "title": title, "description": help}
    for key, limit in (("minimum", option.minimum), ("maximum", option.maximum)):
        if limit is not None:
            schema[key] = int(limit) if float(limit).is_integer() else limit
    low, high = option.usual or (None, None)
    low, high, step = SLIDERS.get(name, (low, high, 1 if whole else option.step))
    if low is not None and high is not None:
        low, high = min(low, option.default), max(high, option.default)
        schema |= {"x-slider-minimum": int(low) if whole else low, "x-slider-maximum": int(high) if whole else high}
    if step is not None:
        schema["x-step"] = step
    unit = "bars" if whole else UNITS.get(name)
    return schema | ({"x-unit": unit} if unit else {})


def _input(function: Function, key: str, words: Words) -> Json:
    own = words.get("inputs", {}).get(key)
    if function.group == "Math Transform":
        own = ("value", "Value", "What it is worked out of.")
    name, title, help = own or INPUTS[key]
    port: Json = {"name": name, "type": "series", "required": own is not None, "display_name": title}
    port["description"] = help
    if own is None:
        port["default"] = "prices[source]" if key == "price" else f'prices["{key}"]'
    return port


def _call(function: Function, ports: list[Json], names: Mapping[str, str]) -> str:
    keywords = [
        f"{option.keyword}=moving_average_type({names[option.keyword]})"
        if option.kind == "average"
        else f"{option.keyword}={names[option.keyword]}"
        for option in function.options
        if option.keyword in names
    ]
    return f"ta.{function.name}({', '.join([*(port['name'] for port in ports), *keywords])})"


def _outputs(function: Function, words: Words, call: str) -> dict[str, tuple[str, str, str, str, str]]:
    """Of each output of the block its type, title, help, recipe and style, by name."""
    found: dict[str, tuple[str, str, str, str, str]] = {}
    own = words.get("outputs", {})
    for place, output in enumerate(function.outputs if own or "outputs" not in words else ()):
        spoken = own.get(output.name) or OUTPUTS.get(output.name)
        name, title, help = spoken or ("value", noun(words["title"]).capitalize(), words["gives"])
        recipe = words.get("recipes", {}).get(name)
        plain = call if len(function.outputs) == 1 else f"{call}[{place}]"
        style = next((style for flag, style in STYLES.items() if flag in output.flags), "line")
        style = words.get("style", style)
        found[name] = ("series", title, help, recipe.replace("{call}", call) if recipe else plain, style)
    for name, (title, help, recipe) in words.get("conditions", {}).items():
        found[name] = ("boolean", title, help, recipe.replace("{call}", call), "marks")
    return found


def _plot(function: Function, words: Words, outputs: Mapping[str, tuple[str, ...]]) -> Json:
    pane = words.get("pane", "price" if "Overlap" in function.flags else "own")
    return {"pane": pane, "styles": {name: style for name, (*_, style) in outputs.items()}}


def _phrases(words: Words, properties: Json, ports: list[Json], outputs: Mapping[str, tuple[str, ...]]) -> Json:
    numbers = [name for name, schema in properties.items() if "enum" not in schema]
    what = words.get("noun", noun(words["title"]))
    if "{" in what:
        said = f"the {what}"
    elif numbers == ["period"]:
        said = f"the {{period}}-bar {what}"
    else:
        listed = ", ".join(f"{{{name}}}" for name in numbers)
        said = f"the {what} ({listed})" if numbers else f"the {what}"
    own = [port["name"] for port in ports if port["required"] or port["default"] == "prices[source]"]
    of = " and ".join(f"{{{name}}}" for name in own)
    said = f"{said} of {of}" if of else said
    if len(outputs) == 1:
        return {name: words.get("phrases", {}).get(name, said) for name in outputs}
    phrases = {name: f"the {noun(title)} of {said}" for name, (_, title, *_) in outputs.items()}
    return {name: words.get("phrases", {}).get(name, phrase) for name, phrase in phrases.items()}


def candle_template() -> Json:
    """The one block of all candle patterns."""
    library = functions()
    patterns = {word: library[name] for word, name in CANDLE_PATTERNS.items()}
    penetrated = [word for word, function in patterns.items() if function.options]
    half = [word for word in penetrated if patterns[word].options[0].default == 0.5]
    option = next(function.options[0] for function in patterns.values() if function.options)
    low, high, step = SLIDERS["penetration"]
    call = "candle_pattern(pattern, open, high, low, close, penetration=penetration)"
    return {
        "name": CANDLES,
        "display_name": "Candle pattern",
        "node_type": "INDICATOR",
        "category": CATEGORIES[PATTERNS],
        "description": f"Finds one of {len(patterns)} Japanese candle patterns, told at the bar that completes it. Many "
        "are meant at the end of a trend, which the pattern itself does not look for.",
        "version": "1.0.0",
        "icon": "INDICATOR",
        "color": "",
        "synonyms": ["candlestick", "japanese", "cdl", *(word for word in patterns if "," not in word)],
        "parameter_schema": {
            "type": "object",
            "properties": {
                "pattern": {
                    "type": "string",
                    "title": "Pattern",
                    "description": "Which pattern is looked for.",
                    "enum": list(patterns),
                },
                "penetration": {
                    "type": "number",
                    "title": "Penetration",
                    "description": "How deep one candle must reach into another, as a part of its body. Only for "
                    f"{', '.join(penetrated)}; usual is 0.3, and 0.5 for {' and '.join(half)}.",
                    "minimum": int(option.minimum or 0),
                    "x-slider-minimum": low,
                    "x-slider-maximum": high,
                    "x-step": step,
                },
            },
            "additionalProperties": False,
        },
        "default_parameters": {"pattern": "engulfing", "penetration": 0.3},
        "input_ports": [_input(patterns["doji"], key, {}) for key in SOURCES_OF_CANDLES],
        "output_ports": [
            {
                "name": "bullish",
                "type": "boolean",
                "display_name": "Bullish",
                "description": "True where the pattern speaks for a rise; a doji always counts as one.",
            },
            {
                "name": "bearish",
                "type": "boolean",
                "display_name": "Bearish",
                "description": "True where the pattern speaks for a fall.",
            },
            {
                "name": "value",
                "type": "series",
                "display_name": "Value",
                "description": "Above 0 bullish, below 0 bearish, 0 where there is none; 200 is a confirmed hikkake.",
            },
        ],
        "validation_rules": {},
        "execution_hints": {
            "outputs": {"bullish": f"is_above({call}, 0)", "bearish": f"is_below({call}, 0)", "value": call},
            "phrases": {
                "bullish": "a bullish {pattern} pattern appears",
                "bearish": "a bearish {pattern} pattern appears",
                "value": "the sign of the {pattern} pattern",
            },
            "example": "Buy a bullish engulfing pattern while the close is above its 200-day average.",
            "plot": {"pane": "own", "styles": {"bullish": "marks", "bearish": "marks", "value": "histogram"}},
            "warm_up": patterns["engulfing"].look_back(),
        },
    }


SOURCES_OF_CANDLES: Final = ("open", "high", "low", "close")


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` only say which differ; 1 where any differs."""
    texts = {path: laid_out(template) for path, template in derived().items()}
    there = {file.relative_to(FOLDER) for file in FOLDER.glob("*/*.json")}
    different = [
        path
        for path, text in texts.items()
        if path not in there or (FOLDER / path).read_text(encoding="utf-8") != text
    ]
    left_over = sorted(there - set(texts))
    print(f"{len(texts)} blocks; {len(different)} differ, {len(left_over)} left over.")
    if "--check" in arguments:
        return 1 if different or left_over else 0
    for path in different:
        (FOLDER / path).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / path).write_text(texts[path], encoding="utf-8", newline="\n")
    for path in left_over:
        (FOLDER / path).unlink()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
