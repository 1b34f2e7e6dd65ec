"""A small catalogue and short ways to draw with it, for tests of the flow."""

from collections.abc import Mapping
from typing import Final

from builder_app.flow.templates import Catalogue, InputPort, NodeTemplate, OutputPort
from builder_app.flow.values import (
    Binding,
    Edge,
    Json,
    LogicFlow,
    Node,
    NodeType,
    ParameterValue,
    Port,
    PortType,
    frozen_mapping,
)

SERIES, BOOLEAN, SIGNAL, POSITION, PORTFOLIO = PortType


def template(
    name: str,
    node_type: NodeType,
    inputs: tuple[InputPort, ...],
    outputs: Mapping[str, tuple[PortType, str]],
    **parameters: tuple[ParameterValue, dict[str, Json]],
) -> NodeTemplate:
    """A template; `outputs` gives type and recipe, `parameters` default and schema."""
    return NodeTemplate(
        name=name,
        display_name=name.replace("_", " ").capitalize(),
        node_type=node_type,
        category="",
        parameter_schema={"type": "object", "properties": {key: schema for key, (_, schema) in parameters.items()}},
        default_parameters={key: default for key, (default, _) in parameters.items()},
        input_ports=inputs,
        output_ports=tuple(OutputPort(port, type) for port, (type, _) in outputs.items()),
        outputs={port: recipe for port, (_, recipe) in outputs.items()},
    )


def _whole(minimum: int, maximum: int) -> dict[str, Json]:
    return {"type": "integer", "minimum": minimum, "maximum": maximum}


_PERCENT: Final[dict[str, Json]] = {"type": "number", "minimum": -1000, "maximum": 1000, "x-unit": "%"}
_PRICE: Final = InputPort("price", SERIES, required=False, default="prices[source]")
_IN_POSITION: Final = (InputPort("position", POSITION),)


def _signal(word: str) -> NodeTemplate:
    inputs = (InputPort("condition", BOOLEAN), InputPort("strength", SERIES, required=False))
    return template(word, NodeType.SIGNAL, inputs, {"signal": (SIGNAL, f"{word}(condition, strength=strength)")})


_TEMPLATES: Final = (
    template("prices", NodeType.INDICATOR, (), {"close": (SERIES, 'prices["close"]')}),
    template(
        "sma",
        NodeType.INDICATOR,
        (_PRICE,),
        {"value": (SERIES, "ta.SMA(price, timeperiod=period)")},
        period=(20, _whole(1, 200)),
        source=("close", {"enum": ["close", "open"]}),
    ),
    template(
        "previous_value",
        NodeType.INDICATOR,
        (InputPort("series", SERIES, required=False),),
        {"value": (SERIES, "previous(series, bars)")},
        bars=(1, _whole(0, 500)),
    ),
    template(
        "crosses_above",
        NodeType.CONDITION,
        (InputPort("a", SERIES, display_name="Fast"), InputPort("b", SERIES, display_name="Slow")),
        {"result": (BOOLEAN, "crossed_above(a, b)")},
    ),
    template(
        "all_of",
        NodeType.CONDITION,
        (InputPort("conditions", BOOLEAN, multiple=True),),
        {"result": (BOOLEAN, "all_of(conditions)")},
    ),
    template("not", NodeType.CONDITION, (InputPort("condition", BOOLEAN),), {"result": (BOOLEAN, "~condition")}),
    *(_signal(word) for word in ("enter_long", "exit_long", "enter_short", "exit_short")),
    template(
        "percent_of_equity",
        NodeType.POSITION,
        (InputPort("signal", SIGNAL, multiple=True),),
        {"position": (POSITION, "position(signal, percent_of_equity=percent)")},
        percent=(25.0, _PERCENT),
    ),
    template(
        "percent_stop",
        NodeType.STOP_LOSS,
        _IN_POSITION,
        {"position": (POSITION, "stop(position, percent=percent)")},
        percent=(5.0, _PERCENT),
    ),
    template(
        "percent_target",
        NodeType.STOP_PROFIT,
        _IN_POSITION,
        {"position": (POSITION, "target(position, percent=percent)")},
        percent=(10.0, _PERCENT),
    ),
    template(
        "maximum_positions",
        NodeType.RISK_MANAGEMENT,
        (InputPort("positions", POSITION, required=False, multiple=True), InputPort("portfolio", PORTFOLIO, False)),
        {"portfolio": (PORTFOLIO, "portfolio(positions, portfolio, maximum_positions=count)")},
        count=(5, _whole(1, 500)),
    ),
)
CATALOGUE: Final = Catalogue(frozen_mapping((it.name, it) for it in _TEMPLATES))


def within_bounds(form: NodeTemplate, values: Mapping[str, ParameterValue]) -> list[tuple[str, str]]:
    """A stand-in for the JSON Schema check that the nodes room injects: types, bounds, choices, unknown names."""
    properties = form.parameter_schema["properties"]
    assert isinstance(properties, dict)
    found = []
    for name, value in values.items():
        schema = properties.get(name)
        if isinstance(value, Binding):
            continue
        if not isinstance(schema, dict):
            found.append((name, f"There is no parameter '{name}'."))
        elif isinstance(choices := schema.get("enum"), list):
            if value not in choices:
                found.append((name, f"The {name} must be one of {choices}."))
        elif isinstance(value, bool) or not isinstance(value, int if schema["type"] == "integer" else int | float):
            found.append((name, f"The {name} must be of type {schema['type']}."))
        elif not _number(schema["minimum"]) <= value <= _number(schema["maximum"]):
            found.append((name, f"The {name} must be between {schema['minimum']} and {schema['maximum']}."))
    return found


def _number(value: Json) -> float:
    assert isinstance(value, int | float)
    return value


def block(id: str, kind: str, label: str = "", muted: bool = False, **parameters: ParameterValue) -> Node:
    """A block with these parameters."""
    return Node(id, kind, parameters=frozen_mapping(parameters), label=label, muted=muted)


def wire(text: str) -> Edge:
    """A wire from its short form, `fast.value > cross.a`."""
    source, target = (end.strip().split(".") for end in text.split(">"))
    return Edge(Port(*source), Port(*target))


def draw(*parts: Node | str, **extra: object) -> LogicFlow:
    """A flow of these blocks and wires."""
    nodes = frozen_mapping((part.id, part) for part in parts if isinstance(part, Node))
    edges = tuple(sorted(wire(part) for part in parts if isinstance(part, str)))
    return LogicFlow(nodes, edges, **extra)  # type: ignore[arg-type]


CROSSOVER: Final = (
    block("prices", "prices"),
    block("fast", "sma", "Fast average", period=10),
    block("slow", "sma", "Slow average", period=30),
    block("cross", "crosses_above"),
    block("enter", "enter_long"),
    block("size", "percent_of_equity"),
    block("stop", "percent_stop"),
    "prices.close > fast.price",
    "prices.close > slow.price",
    "fast.value > cross.a",
    "slow.value > cross.b",
    "cross.result > enter.condition",
    "enter.signal > size.signal",
    "size.position > stop.position",
)
"""A whole strategy without any problem."""
