"""Blocks of TA-Lib at work in tests: random values for their parameters, and what their generated code computes."""

import sys
from types import FrameType
from typing import Any, Final

import numpy as np
import talib
from hypothesis import strategies as st
from numpy.typing import NDArray
from talib._ta_lib import MA_Type

from builder_app.codegen.program import Program
from builder_app.codegen.recipes.choices import CANDLE_PATTERNS
from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import PortType
from tests.codegen.flows import CATALOGUE, Prices, compiled, executed, flow, node
from tests.nodes.talib_library import Function, functions
from tests.nodes.talib_wording import CANDLES, CURATED, PARAMETERS, PATTERNS, words_of_functions

Array = NDArray[np.float64]
Values = dict[str, Any]

LONGEST: Final = 25
"""The longest period that is drawn."""
INPUTS: Final = {"periods": "volume", "b": "open", "market": "open", "real1": "open", "price1": "open"}
"""The price that is wired into an input of this name; the close, or the price of that name, into the others."""
_KINDS: Final[Any] = MA_Type
AVERAGES: Final[dict[str, int]] = {
    "simple": _KINDS.SMA,
    "exponential": _KINDS.EMA,
    "weighted": _KINDS.WMA,
    "double exponential": _KINDS.DEMA,
    "triple exponential": _KINDS.TEMA,
    "triangular": _KINDS.TRIMA,
    "Kaufman adaptive": _KINDS.KAMA,
    "MESA adaptive": _KINDS.MAMA,
    "Tillson": _KINDS.T3,
    "Hull": _KINDS.HMA,
    "zero lag": _KINDS.ZLEMA,
    "Wilder": _KINDS.RMA,
    "none": _KINDS.DISABLED,
}
WORDS: Final = words_of_functions()


def block_of(function: Function) -> NodeTemplate:
    """The block that stands for a function of TA-Lib."""
    if function.group == PATTERNS:
        return CATALOGUE.templates[CANDLES]
    return CATALOGUE.templates[CURATED.get(function.name) or WORDS[function.name]["name"]]


def parameter_of(function: Function, keyword: str) -> str | None:
    """What the block calls a keyword of the function; None where it has no such parameter."""
    words = WORDS.get(function.name, {})
    if keyword in words.get("without", ()):
        return None
    if keyword == "penetration":
        return keyword
    return str(words.get("words", {}).get(keyword, PARAMETERS[keyword])[0])


def bars(seed: int, count: int) -> Prices:
    """A random walk without ties between 0.3 and 0.9, where every function has values; volume from 1 to 40."""
    random = np.random.default_rng(seed)
    close = 0.6 + 0.15 * np.tanh(np.cumsum(random.normal(0, 0.1, count)))
    open_ = close + random.normal(0, 0.02, count)
    high = np.maximum(open_, close) + random.uniform(0.001, 0.05, count)
    low = np.minimum(open_, close) - random.uniform(0.001, 0.05, count)
    return {"open": open_, "high": high, "low": low, "close": close, "volume": random.uniform(1, 40, count)}


def given_inputs(function: Function, prices: Prices) -> list[Array]:
    """What the function is given when its block is wired by `program_of`."""
    found = []
    for key in function.inputs:
        flipped = function.name == "BETA" and {"price0": "open", "price1": "close"}.get(key)
        name = flipped or INPUTS.get(key, key)
        found.append(prices[name if name in prices else "close"])
    return found


@st.composite
def values_of(draw: st.DrawFn, function: Function) -> Values:
    """Values for the block's parameters, inside its ranges and its validation rules."""
    template = block_of(function)
    properties: Any = template.parameter_schema["properties"]
    values: Values = {}
    least = {
        parameter_of(function, option.keyword): int(option.minimum or 0)
        for option in function.options
        if option.kind == "integer"
    }
    for name, schema in properties.items():
        if "enum" in schema:
            values[name] = "close" if name == "source" else draw(st.sampled_from(schema["enum"]))
        elif schema["type"] == "integer":
            values[name] = draw(st.integers(max(schema["minimum"], least.get(name, 0)), LONGEST))
        else:
            low, high = schema.get("x-slider-minimum", 0.0), schema.get("x-slider-maximum", 1.0)
            values[name] = draw(st.floats(low, high).map(lambda number: round(number, 4)))
    if function.group == PATTERNS:
        values["pattern"] = next(word for word, name in CANDLE_PATTERNS.items() if name == function.name)
    rules: Any = template.validation_rules.get("rising", [])
    for names in rules:
        rising = sorted({values[name] for name in names})
        while len(rising) < len(names):
            rising.append(rising[-1] + 1 if isinstance(rising[-1], int) else 0.9 + 0.01 * len(rising))
        values |= dict(zip(names, rising, strict=True))
    return values


def keywords_of(function: Function, values: Values) -> dict[str, float]:
    """The function's own keywords for these values of its block; what the block leaves out has its default."""
    found: dict[str, float] = {}
    for option in function.options:
        name = parameter_of(function, option.keyword)
        value: Any = option.default if name is None else values.get(name, option.default)
        found[option.keyword] = AVERAGES[value] if isinstance(value, str) else value
    return found


def program_of(template: NodeTemplate, values: Values) -> Program:
    """A strategy that enters by every output of the block."""
    wires = [
        f"prices.{INPUTS.get(port.name, 'close')} > block.{port.name}" for port in template.input_ports if port.required
    ]
    nodes = [node("prices", "prices"), node("block", template.name, **values)]
    if template.name in ("add", "subtract", "multiply", "divide"):
        wires = ["prices.close > block.a", "prices.open > block.b"]
    for port in template.output_ports:
        condition = f"block.{port.name}"
        if port.type is PortType.SERIES:
            nodes.append(node(f"above_{port.name}", "greater_than", level=0.5))
            wires.append(f"block.{port.name} > above_{port.name}.a")
            condition = f"above_{port.name}.result"
        nodes.append(node(f"enter_{port.name}", "enter_long"))
        wires.append(f"{condition} > enter_{port.name}.condition")
    return compiled(flow(template.display_name, nodes, wires))


def locals_of(program: Program, prices: Prices) -> dict[str, Any]:
    """Every named step of the running text, by its name there."""
    found: dict[str, Any] = {}

    def watch(frame: FrameType, event: str, argument: object) -> None:
        if event == "return" and frame.f_code.co_name == "signals":
            found.update(frame.f_locals)

    before = sys.getprofile()
    sys.setprofile(watch)
    try:
        executed(program, prices)
    finally:
        sys.setprofile(before)
    return found


def computed(program: Program, prices: Prices) -> dict[str, NDArray[Any]]:
    """Every output of the block, read from the running text."""
    found = locals_of(program, prices)
    named = {output: name for output, name in program.variables.items() if output.startswith("block.")}
    return {output.removeprefix("block."): found[name] for output, name in named.items()}


def called(function: Function, prices: Prices, keywords: dict[str, float]) -> list[Array]:
    """What TA-Lib gives when it is called directly."""
    with np.errstate(all="ignore"):
        answer = getattr(talib, function.name)(*given_inputs(function, prices), **keywords)
    return [np.asarray(part, dtype=float) for part in (answer if isinstance(answer, tuple) else (answer,))]


def names() -> list[str]:
    """Every function of the installed TA-Lib."""
    return sorted(functions())
