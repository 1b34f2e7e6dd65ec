"""Derives a block for every function of TA-Lib: `python -m tests.nodes.derive_talib` writes them, `--check` compares.

It stands among the tests because it needs what only they need (the C library's own description, see `talib_library`)
and because a test holds the files to it: they are what this program writes, or the test says which are not. Ranges,
defaults, inputs, plot flags and warm-up are the installed library's; words are in `talib_wording` and `talib_words`.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from builder_app.codegen.recipes.choices import AVERAGE_TYPES
from tests.nodes.derive_candles import candle_template
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


@dataclass(frozen=True, slots=True)
class Shown:
    """An output of a block: its port type, its words, its recipe, and how it is drawn."""

    type: str
    title: str
    help: str
    recipe: str
    style: str


def derived() -> dict[Path, Json]:
    """Every derived template by its file, relative to FOLDER."""
    words = words_of_functions()
    found: dict[Path, Json] = {}
    for function in functions().values():
        if function.name not in CURATED and function.group != PATTERNS:
            template = template_of(function, words[function.name])
            found[_folder(function.group) / f"{template['name']}.json"] = template
    candle = [input_port(PATTERNS, key, {}) for key in ("open", "high", "low", "close")]
    found[_folder(PATTERNS) / f"{CANDLES}.json"] = candle_template(candle)
    return found


def _folder(group: str) -> Path:
    return Path(group.lower().replace(" ", "_"))


def template_of(function: Function, words: Words) -> Json:
    """The block of one function."""
    options = [option for option in function.options if option.keyword not in words.get("without", ())]
    names = {option.keyword: _parameter_words(option, words)[0] for option in options}
    ports = [input_port(function.group, key, words) for key in function.inputs]
    properties, defaults = _parameters(options, ports, words)
    outputs = _outputs(function, words, _call(function, ports, names))
    notes = [note for flag, note in NOTES.items() if flag in function.flags]
    rising = [list(each) for each in RISING if set(each) <= set(properties)]
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
            {"name": name, "type": output.type, "display_name": output.title, "description": output.help}
            for name, output in outputs.items()
        ],
        "validation_rules": {"rising": rising} if rising else {},
        "execution_hints": {
            "outputs": {name: output.recipe for name, output in outputs.items()},
            "phrases": _phrases(words, properties, ports, outputs),
            "example": words["example"],
            "plot": {
                "pane": words.get("pane", "price" if "Overlap" in function.flags else "own"),
                "styles": {name: output.style for name, output in outputs.items()},
            },
            "warm_up": function.look_back(**{option.keyword: option.default for option in function.options}),
        },
    }


def _parameters(options: list[Option], ports: list[Json], words: Words) -> tuple[Json, Json]:
    """The schema of each parameter, and the defaults."""
    names = [_parameter_words(option, words)[0] for option in options]
    properties: Json = {name: _parameter(option, words) for name, option in zip(names, options, strict=True)}
    defaults: Json = {
        name: AVERAGES[int(option.default)] if option.kind == "average" else option.default
        for name, option in zip(names, options, strict=True)
    }
    if any(port.get("default") == "prices[source]" for port in ports):
        properties["source"] = {
            "type": "string",
            "title": "Source",
            "description": "The price that is used while nothing is wired into the block.",
            "enum": list(SOURCES),
        }
        defaults["source"] = "close"
    return properties, defaults


def _parameter_words(option: Option, words: Words) -> tuple[str, str, str]:
    name, title, help = PARAMETERS[option.keyword]
    name, title = words.get("words", {}).get(option.keyword, (name, title))
    return name, title, words.get(name, help)


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


def input_port(group: str, key: str, words: Words) -> Json:
    """The port of an input of a function of this group; one that is no price of the bars must be wired."""
    own = words.get("inputs", {}).get(key)
    if group == "Math Transform":
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


def _outputs(function: Function, words: Words, call: str) -> dict[str, Shown]:
    """The outputs of the block by name; one whose whole numbers say yes or no is a condition."""
    found: dict[str, Shown] = {}
    own = words.get("outputs", {})
    for place, output in enumerate(function.outputs if own or "outputs" not in words else ()):
        spoken = own.get(output.name) or OUTPUTS.get(output.name)
        name, title, help = spoken or ("value", words["title"].partition(" (")[0], words["gives"])
        plain = "{call}" if len(function.outputs) == 1 else f"{{call}}[{place}]"
        recipe = words.get("recipes", {}).get(name, plain).replace("{call}", call)
        style = next((style for flag, style in STYLES.items() if flag in output.flags), "line")
        found[name] = Shown("series", title, help, recipe, words.get("style", style))
    for name, (title, help, recipe) in words.get("conditions", {}).items():
        found[name] = Shown("boolean", title, help, recipe.replace("{call}", call), "marks")
    return found


def _phrases(words: Words, properties: Json, ports: list[Json], outputs: Mapping[str, Shown]) -> Json:
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
    phrases = {
        name: said if len(outputs) == 1 else f"the {noun(output.title)} of {said}" for name, output in outputs.items()
    }
    return {name: words.get("phrases", {}).get(name, phrase) for name, phrase in phrases.items()}


def main(arguments: list[str]) -> int:
    """Write the files, or with `--check` only say which differ; 1 where any differs."""
    texts = {path: laid_out(template) for path, template in derived().items()}
    there = {file.relative_to(FOLDER) for file in FOLDER.glob("*/*.json")}
    different = [
        path for path, text in texts.items() if path not in there or (FOLDER / path).read_text(encoding="utf-8") != text
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
