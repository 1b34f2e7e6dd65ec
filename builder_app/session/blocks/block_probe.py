"""A block tried out by itself: a small strategy around it, its code, and what it gives on the newest sample prices."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from builder_app.codegen.compile import compile_flow
from builder_app.codegen.interpreter.certificate import COLUMNS, panel_of
from builder_app.codegen.interpreter.interpret import interpret_panel
from builder_app.flow.problems import Problem
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import Edge, Json, LogicFlow, Node, ParameterValue, Port, PortType, frozen_mapping
from builder_app.market.library import Library
from builder_app.market.prices import PricesUnreadable
from builder_app.nodes.parameters import validate_parameters

PROBE: Final = "probe"
MOST_BARS: Final = 500
_SOURCES: Final = {
    PortType.SERIES: Port("prices", "close"),
    PortType.BOOLEAN: Port("rising", "result"),
    PortType.SIGNAL: Port("enter", "signal"),
    PortType.POSITION: Port("size", "position"),
    PortType.PORTFOLIO: Port("limit", "portfolio"),
}
"""What is wired into an input of each type."""
_AROUND: Final = {
    "prices": "prices",
    "rising": "greater_than",
    "enter": "enter_long",
    "size": "percent_of_equity",
    "limit": "maximum_positions",
}
_AROUND_WIRES: Final = (
    (Port("prices", "close"), Port("rising", "a")),
    (Port("prices", "open"), Port("rising", "b")),
    (Port("rising", "result"), Port("enter", "condition")),
    (Port("enter", "signal"), Port("size", "signal")),
)


@dataclass(frozen=True, slots=True, eq=False)
class OutputValues:
    """One output's values at the newest bars, oldest first: floats (NaN: none yet), or booleans."""

    name: str
    title: str
    values: NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class BlockPreview:
    """What a block gives on one symbol's newest bars; a `sentence` says why there is nothing, or what stands in."""

    symbol: str = ""
    times: NDArray[Any] | None = None
    outputs: tuple[OutputValues, ...] = ()
    sentence: str = ""


def probe_flow(template: NodeTemplate, parameters: dict[str, ParameterValue] | None = None) -> LogicFlow:
    """A strategy in which the block stands alone: inputs wired to prices and what comes of them, outputs to entries."""
    kinds = dict(_AROUND)
    wires = list(_AROUND_WIRES)
    for port in template.input_ports:
        if port.required or not port.default:
            wires.append((_SOURCES[port.type], Port(PROBE, port.name)))
    for place, output in enumerate(template.output_ports):
        given = Port(PROBE, output.name)
        if output.type is PortType.SERIES:
            kinds[f"over_{place}"] = "greater_than"
            wires.append((given, Port(f"over_{place}", "a")))
            given = Port(f"over_{place}", "result")
        if output.type in (PortType.SERIES, PortType.BOOLEAN):
            kinds[f"enter_{place}"] = "enter_long"
            wires.append((given, Port(f"enter_{place}", "condition")))
    if all(port.type is not PortType.PORTFOLIO for port in template.input_ports):
        del kinds["limit"]
    else:
        wires.append((Port("size", "position"), Port("limit", "positions")))
    nodes = {id: Node(id, kind) for id, kind in kinds.items()}
    nodes[PROBE] = Node(PROBE, template.name, template.version, frozen_mapping(parameters or {}))
    edges = tuple(sorted(Edge(source, target) for source, target in wires))
    return LogicFlow(nodes=frozen_mapping(nodes), edges=edges, name="A trial")


def with_template(template: NodeTemplate, catalogue: Catalogue) -> Catalogue:
    """The catalogue with this block in it, in the place of one of that name."""
    templates = {**catalogue.templates, template.name: template}
    return Catalogue(frozen_mapping(templates), catalogue.user_made | {template.name}, catalogue.shared_by)


def refusals(template: NodeTemplate, catalogue: Catalogue) -> tuple[tuple[str, str, Problem], ...]:
    """What keeps the block from becoming code, as (parameter, bound, problem).

    It is tried with its defaults (both texts empty), then with each number at its smallest ("minimum") and its
    largest ("maximum") value.
    """
    known = with_template(template, catalogue)
    trials: list[tuple[str, str, dict[str, ParameterValue]]] = [("", "", {})]
    trials += [(name, bound, {name: value}) for name, bound, value in _bounds(template)]
    for name, bound, parameters in trials:
        made = compile_flow(probe_flow(template, parameters), known, "standalone", validate_parameters)
        if isinstance(made, tuple):
            found = tuple((name, bound, problem) for problem in made)
            if found:
                return found
    return ()


def preview(template: NodeTemplate, catalogue: Catalogue, library: Library) -> BlockPreview:
    """What the block gives at the newest bars of the first symbol in the library of prices."""
    calculated = [port for port in template.output_ports if port.type in (PortType.SERIES, PortType.BOOLEAN)]
    if not calculated:
        return BlockPreview(sentence="What it decides is seen in a strategy's test; it gives no values by itself.")
    symbols = [info.symbol for info in library.symbols()]
    if not symbols:
        return BlockPreview(sentence="There are no prices yet. Import some, and its values are shown here.")
    try:
        panel = library.load(symbols[:1])
    except PricesUnreadable as reason:
        return BlockPreview(sentence=str(reason))
    fields = {name: getattr(panel, name)[-MOST_BARS:] for name in COLUMNS}
    prices = panel_of(panel.symbols, panel.times[-MOST_BARS:], fields)
    with np.errstate(all="ignore"):
        found = interpret_panel(probe_flow(template), with_template(template, catalogue), prices)[symbols[0]]
    outputs = tuple(
        OutputValues(port.name, port.display_name or port.name.replace("_", " "), found.values[f"{PROBE}.{port.name}"])
        for port in calculated
        if f"{PROBE}.{port.name}" in found.values
    )
    wired = [port for port in template.input_ports if port.required or not port.default]
    said = f"Its inputs are fed with {_fed(wired[0].type)}." if wired else ""
    return BlockPreview(symbols[0], prices.times[prices.members[0].rows], outputs, said)


def _fed(type: PortType) -> str:
    return "the close" if type is PortType.SERIES else "days that close above their open"


def _bounds(template: NodeTemplate) -> list[tuple[str, str, int | float]]:
    """The ends of the ranges; not of parameters that depend on each other, where an end alone may well not fit."""
    properties = template.parameter_schema.get("properties")
    rising = template.validation_rules.get("rising")
    tied = {name for names in (rising if isinstance(rising, list) else ()) for name in _texts(names)}
    found = []
    for name, schema in (properties if isinstance(properties, dict) else {}).items():
        if name in tied:
            continue
        for bound in ("minimum", "maximum"):
            value: Json = schema.get(bound) if isinstance(schema, dict) else None
            if isinstance(value, int | float) and not isinstance(value, bool):
                found.append((name, bound, value))
    return found


def _texts(value: Json) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
