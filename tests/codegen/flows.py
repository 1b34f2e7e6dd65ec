"""Flows for tests: short ways to write one, and Hypothesis strategies that draw well-typed ones."""

import string
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import FunctionType
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from builder_app.codegen.compile import compile_flow
from builder_app.codegen.program import Program
from builder_app.flow.formula_trees import written
from builder_app.flow.formulas import names_in, value_of
from builder_app.flow.values import (
    Edge,
    Formula,
    LogicFlow,
    Node,
    ParameterReference,
    ParameterValue,
    Point,
    Port,
    PortType,
    StrategyParameter,
    frozen_mapping,
)
from builder_app.nodes import validate_parameters
from tests.flow.formulas import trees
from tests.shipped import shipped_catalogue

TEMPLATES = Path(__file__).parents[2] / "resources" / "node_templates"
CATALOGUE = shipped_catalogue()
Prices = dict[str, NDArray[np.float64]]

HOSTILE_TEXTS = (
    '"""; import os',
    "'''\nimport os\n'''",
    'a"b\\',
    "x\nimport os",
    "# noqa",
    "fmt: off",
    "type: ignore",
    "noqa",
    "\u2028import os",
    "\u202eevil",
    "\ud800",
    "lambda",
    "__import__('os')",
    "{0.__class__}",
    "快速平均线",
    "é" * 80,
    "open",
    "l",
    "10 days",
    "%s",
    "\x00",
    "PARAMETERS",
    "prices",
    "A very long label that goes on and on and says very little about the block that it is on",
)


def node(id: str, template: str, label: str = "", **parameters: ParameterValue) -> Node:
    """A block."""
    return Node(id, template, parameters=frozen_mapping(parameters), label=label)


def wire(text: str) -> Edge:
    """`"a.value > b.price"` as a wire."""
    source, target = (Port(*end.strip().split(".")) for end in text.split(">"))
    return Edge(source, target)


def flow(
    name: str, nodes: list[Node], wires: list[str], parameters: Mapping[str, StrategyParameter] | None = None
) -> LogicFlow:
    """A flow of these blocks and wires."""
    return LogicFlow(
        nodes=frozen_mapping((each.id, each) for each in nodes),
        edges=tuple(sorted(wire(each) for each in wires)),
        parameters=frozen_mapping(parameters or {}),
        name=name,
    )


def compiled(picture: LogicFlow) -> Program:
    """The program, or a failure that says the problems."""
    outcome = compile_flow(picture, CATALOGUE, "standalone", validate_parameters)
    assert isinstance(outcome, Program), [problem.message for problem in outcome]
    return outcome


def random_prices(seed: int, bars: int = 120) -> Prices:
    """A random walk with coherent highs and lows; a tick size makes ties happen."""
    random = np.random.default_rng(seed)
    close = np.round(50 * np.exp(np.cumsum(random.normal(0, 0.02, bars))), 1) + 1
    open_ = np.round(close * (1 + random.normal(0, 0.01, bars)), 1)
    high = np.maximum(open_, close) + np.round(np.abs(random.normal(0, 0.3, bars)), 1)
    low = np.minimum(open_, close) - np.round(np.abs(random.normal(0, 0.3, bars)), 1)
    volume = np.round(random.uniform(0, 1e6, bars))
    return {"open": open_, "high": high, "low": low, "close": close, "volume": volume}


def executed(program: Program, prices: Prices) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """What the text defines at module level, and what signals(prices) gives."""
    names: dict[str, Any] = {"__name__": "strategy"}
    exec(compile(program.source, "strategy.py", "exec"), names)
    signals = names["signals"]
    assert isinstance(signals, FunctionType)
    answer: dict[str, NDArray[Any]] = signals({name: values.copy() for name, values in prices.items()})
    return names, answer


SERIES_BLOCKS = (
    *("sma", "ema", "rsi", "macd", "bollinger_bands", "atr", "add", "subtract", "multiply", "divide", "constant"),
    *("previous_value", "highest", "lowest", "average_volume", "custom_expression", "prices"),
)
TALIB_BLOCKS = tuple(
    file.stem
    for file in sorted((TEMPLATES / "indicator" / "talib").rglob("*.json"))
    if not CATALOGUE.templates[file.stem].validation_rules
)
"""Blocks derived from TA-Lib whose parameters may have any values."""
CONDITION_BLOCKS = (
    *("moving_average_crossover", "greater_than", "less_than", "crosses_above", "crosses_below", "between"),
    *("all_of", "any_of", "not", "custom_condition"),
)
FORMULAS = (
    "(a - previous(a, 2)) / 2",
    "np.where(a > b, a, 2 * b)",
    'a / (b - prices["close"])',
    "-a + 3 * 2 - 1",
    "1.5",
    'np.maximum(a, b) - np.abs(prices["open"] - a)',
    "highest(a, 3) - lowest(b, 1)",
    "2 * ta.WMA(a, timeperiod=4)",
    'ta.CDLDOJI(prices["open"], prices["high"], prices["low"], prices["close"]) + a',
)
CONDITIONS = (
    "a > b and not b > 60",
    "(a < b) | is_equal(a, b)",
    "30 < a <= b",
    "crossed_above(a + 1, b)",
    "is_above(change(a, 3), 0) & ~(is_below(b, a) | (a >= 40))",
)
TEXTS = {
    "symbol": ("SPY", "AAA"),
    "start": ("09:00",),
    "end": ("15:30", "02:00"),
    "body": (
        "n = 3\ntop = highest(a, n)\nplace = top - b\nreturn place if place > 0 else -place",
        "x = a - previous(a, 1)\nx += b\nreturn ta.SMA(x, timeperiod=2)",
        'return z_score(prices["close"], 5) * 2',
    ),
}
IN_ORDER: dict[str, dict[str, ParameterValue]] = {
    "between": {"lower_level": 20.0, "upper_level": 60.0},
    "scale_out": {"first_percent": 2.0, "second_percent": 5.0, "third_percent": 9.0},
    "clip": {"lowest": 1.0, "highest": 60.0},
    "custom_condition_function": {"body": "up = a > previous(a, 1)\nreturn for_bars(up, 2) or crossed_above(a, b)"},
    "kelly_fraction": {"win_rate": 60.0, "payoff": 2.0},
}
"""Parameters of blocks that want them in order."""
_LABELS = st.one_of(st.just(""), st.sampled_from(HOSTILE_TEXTS), st.text(string.ascii_letters + " ", max_size=40))


@dataclass(frozen=True)
class Most:
    """How many blocks of each kind a random flow has at most, beside those that every one has."""

    series: int = 6
    conditions: int = 4
    signals: int = 4
    sizes: int = 2
    exits: int = 3


LARGE = Most(series=12, conditions=8, signals=7, sizes=4, exits=5)
"""With prices, a condition, an entry and a limit at most 40 blocks."""


@st.composite
def well_typed_flows(draw: st.DrawFn, most: Most | None = None) -> LogicFlow:
    """A strategy of random blocks: prices, indicators, conditions, signals, positions, exits, a limit."""
    return Drawing(draw, most or Most()).flow()


class Drawing:
    """One random flow as it grows; every input is fed by an output that was there before."""

    series: tuple[tuple[str, ...], ...] = (SERIES_BLOCKS, TALIB_BLOCKS)
    conditions: tuple[str, ...] = CONDITION_BLOCKS
    signals: tuple[str, ...] = ("enter_long", "exit_long", "enter_short", "exit_short")
    sizes: tuple[str, ...] = ("percent_of_equity", "fixed_cash", "fixed_shares")
    exits: tuple[str, ...] = ("percent_stop", "trailing_stop", "atr_stop", "percent_target", "atr_target")

    def __init__(self, draw: st.DrawFn, most: Most | None = None) -> None:
        self.draw, self.most = draw, most or Most()
        self.nodes: list[Node] = []
        self.edges: set[Edge] = set()
        self.outputs: dict[PortType, list[Port]] = {type: [] for type in PortType}
        self.parameters: dict[str, StrategyParameter] = {}

    def flow(self) -> LogicFlow:
        """Draw it."""
        draw, most = self.draw, self.most
        self.add("prices")
        any_series = st.one_of(*map(st.sampled_from, self.series))
        for template in draw(st.lists(any_series, min_size=1, max_size=most.series)):
            self.add(template)
        self.add(draw(st.sampled_from(CONDITION_BLOCKS[:6])))
        for template in draw(st.lists(st.sampled_from(self.conditions), max_size=most.conditions)):
            self.add(template)
        for template in ("enter_long", *draw(st.lists(st.sampled_from(self.signals), max_size=most.signals))):
            self.add(template)
        for template in draw(st.lists(st.sampled_from(self.sizes), max_size=most.sizes)):
            self.add(template)
        if self.outputs[PortType.POSITION]:
            for template in draw(st.lists(st.sampled_from(self.exits), max_size=most.exits)):
                self.add(template)
            if draw(st.booleans()):
                self.limit()
        return LogicFlow(
            nodes=frozen_mapping((node.id, node) for node in self.nodes),
            edges=tuple(sorted(self.edges)),
            parameters=frozen_mapping(self.parameters),
            name=draw(st.sampled_from(("Random", *HOSTILE_TEXTS))),
        )

    def add(self, name: str) -> None:
        """One more block, wired to what is there."""
        template = CATALOGUE.templates[name]
        if any(port.required and not self.outputs[port.type] for port in template.input_ports):
            return
        id = f"{self.draw(st.sampled_from('zamk'))}{len(self.nodes)}"
        for port in template.input_ports:
            sources = self.outputs[port.type]
            wants = port.required or port.multiple or name.startswith("custom") or self.draw(st.booleans())
            if not sources or not wants:
                continue
            if port.multiple:
                chosen = self.draw(st.lists(st.sampled_from(sources), min_size=1, max_size=4, unique=True))
            else:
                chosen = [self.draw(st.sampled_from(sources))]
            self.edges |= {Edge(source, Port(id, port.name)) for source in chosen}
        for output in template.output_ports:
            self.outputs[output.type].append(Port(id, output.name))
        label = self.draw(_LABELS)
        point = Point(self.draw(st.integers(0, 9)), 0)
        self.nodes.append(Node(id, name, parameters=self.values(name), label=label, position=point))

    def limit(self) -> None:
        """A limit over every position."""
        self.nodes.append(Node("limit", "maximum_positions", parameters=self.values("maximum_positions")))
        self.edges |= {Edge(source, Port("limit", "positions")) for source in self.outputs[PortType.POSITION]}
        taken = {edge.source for edge in self.edges}
        loose = [port for port in self.outputs[PortType.SIGNAL] if port not in taken]
        sizes = {port.node for port in self.outputs[PortType.POSITION]}
        size = next(
            edge.target
            for edge in sorted(self.edges)
            if (edge.target.port, edge.target.node in sizes) == ("signal", True)
        )
        self.edges |= {Edge(port, size) for port in loose}

    def values(self, name: str) -> Mapping[str, ParameterValue]:
        """Random values inside the schema; some of them strategy parameters."""
        properties: Any = CATALOGUE.templates[name].parameter_schema.get("properties", {})
        values: dict[str, ParameterValue] = {}
        for key, schema in properties.items():
            if name == "custom_expression":
                values[key] = self.draw(st.sampled_from(FORMULAS))
            elif name == "custom_condition":
                values[key] = self.draw(st.sampled_from(CONDITIONS))
            elif schema["type"] == "string" and "enum" not in schema:
                values[key] = self.draw(st.sampled_from(TEXTS[key]))
            elif "enum" in schema:
                values[key] = self.draw(st.sampled_from(schema["enum"]))
            else:
                values[key] = self._number(name, key, schema)
        if name == "macd":
            values |= {"fast_period": 3, "slow_period": 7, "signal_period": self.draw(st.integers(1, 4))}
        if name == "moving_average_crossover":
            values |= {"fast_period": self.draw(st.integers(1, 4)), "slow_period": self.draw(st.integers(5, 9))}
        values |= IN_ORDER.get(name, {})
        return frozen_mapping(values)

    def _number(self, name: str, key: str, schema: Mapping[str, Any]) -> ParameterValue:
        low, high = schema.get("minimum", -100), min(schema.get("maximum", 100), 30)
        number: int | float
        if schema["type"] == "integer":
            number = self.draw(st.integers(low, min(high, 12)))
        else:
            number = self.draw(st.sampled_from((low, high, (low + high) / 2, min(low + 1, high))))
        bound = self.draw(st.integers(0, 3)) if name != "macd" else 3
        if bound > 1:
            return number
        parameter = f"{key}_{len(self.parameters)}"
        self.parameters[parameter] = StrategyParameter(number)
        return ParameterReference(parameter) if bound == 0 else self._formula(parameter, schema, (low, high))

    def _formula(self, parameter: str, schema: Mapping[str, Any], bounds: tuple[float, float]) -> ParameterValue:
        """A random formula over this strategy parameter and others, kept within what the schema allows."""
        low, high = bounds
        strategy = {name: each.value for name, each in self.parameters.items()}
        numeric = [name for name, value in strategy.items() if isinstance(value, int | float)]
        tree = self.draw(trees([parameter, *numeric[:2]], most=4))
        is_whole = schema["type"] == "integer"
        text = f"min(max({f'round({written(tree)})' if is_whole else written(tree)}, {low}), {high})"
        formula = Formula(text)
        number = value_of(formula, strategy)
        fits = isinstance(number, int if is_whole else int | float)
        is_refused = number == 0 and not names_in(formula)  # as the number 0 would be, where something is divided by it
        return formula if fits and not is_refused else ParameterReference(parameter)


def moved(picture: LogicFlow, random: Any) -> LogicFlow:
    """The same flow listed in another order and laid out elsewhere."""
    nodes = list(picture.nodes.values())
    edges = list(picture.edges)
    parameters = list(picture.parameters.items())
    for each in (nodes, edges, parameters):
        random.shuffle(each)
    places = [replace(each, position=Point(random.random(), random.random()), note="moved") for each in nodes]
    return replace(
        picture,
        nodes=frozen_mapping((each.id, each) for each in places),
        edges=tuple(edges),
        parameters=frozen_mapping(parameters),
    )
