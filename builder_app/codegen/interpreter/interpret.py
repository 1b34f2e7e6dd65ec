"""The flow itself, worked out block by block: the second opinion that the generated text is held against.

It shares neither the passes nor the functions of the text: each recipe is read by Python's parser and evaluated as it
stands, with meanings written here bar by bar from their definitions. Only TA-Lib's indicators and NumPy's elementary
functions are the same on both sides.
"""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from builder_app.codegen.interpreter.across import COMPARED, last_known, periods_begin
from builder_app.codegen.interpreter.rules import Interpretation, InterpretedLeg
from builder_app.codegen.interpreter.values import Evaluation
from builder_app.codegen.syntax import parsed
from builder_app.flow.bypass import without_muted
from builder_app.flow.group_expansion import expanded, outputs_of_groups
from builder_app.flow.groups import catalogue_with_groups
from builder_app.flow.templates import Catalogue, NodeTemplate, effective_parameters
from builder_app.flow.topology import order, order_apart
from builder_app.flow.values import LogicFlow, Node, PortType

__all__ = [
    "Interpretation",
    "InterpretedLeg",
    "Member",
    "Panel",
    "interpret",
    "interpret_panel",
    "operand",
    "work_out",
]

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """One symbol: its valid bars by column, and their rows in the panel; `traded`: it is compared with the others."""

    symbol: str
    prices: Mapping[str, Array]
    rows: Array
    traded: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Symbols over the same times, shape (bars,), datetime64[ns]; `benchmark`: its close at every bar."""

    times: Array
    members: tuple[Member, ...]
    benchmark: Array = field(default_factory=lambda: np.empty(0))


def interpret(flow: LogicFlow, catalogue: Catalogue, prices: Mapping[str, Array]) -> Interpretation:
    """Evaluate a flow that has no errors on one symbol's bars; it is alone in its market."""
    count = len(prices["close"])
    times = prices.get("time", np.zeros(count, dtype="datetime64[ns]"))
    alone = Member("", prices, np.arange(count))
    return interpret_panel(flow, catalogue, Panel(times, (alone,), prices["close"]))[""]


def interpret_panel(flow: LogicFlow, catalogue: Catalogue, panel: Panel) -> dict[str, Interpretation]:
    """Evaluate a flow that has no errors, block by block, each for every symbol before the next."""
    catalogue = catalogue_with_groups(flow, catalogue)
    groups = outputs_of_groups(flow, catalogue)
    flow = without_muted(expanded(flow, catalogue), catalogue)
    found = {member.symbol: Interpretation() for member in panel.members}
    work_out(_live(flow, catalogue), (flow, catalogue), panel, found)
    for output, source in groups.items():
        for interpretation in found.values():
            if (inner := f"{source.node}.{source.port}") in interpretation.values:
                interpretation.values[f"{output.node}.{output.port}"] = interpretation.values[inner]
    for interpretation in found.values():
        _add_default(flow, catalogue, interpretation)
    return found


def work_out(
    nodes: Sequence[str], drawn: tuple[LogicFlow, Catalogue], panel: Panel, found: Mapping[str, Interpretation]
) -> None:
    """Evaluate these blocks, each after those that feed it; their values are put beside those that `found` has.

    `drawn` is a flow without groups and muted blocks, and the catalogue of what is drawn in it.
    """
    flow, catalogue = drawn
    for node in nodes:
        template = _template(catalogue, flow.nodes[node])
        shared = _Shared(panel)
        for place, member in enumerate(panel.members):
            own = found[member.symbol]
            names = _names(flow, node, template, (member.prices, own.values))
            shared.evaluations.append(Evaluation(node, names, own, _Across(shared, place)))
        for port in template.output_ports:
            for member, evaluation in zip(panel.members, shared.evaluations, strict=True):
                value = evaluation.output(template.outputs[port.name])
                if port.type in (PortType.SERIES, PortType.BOOLEAN) and np.ndim(value) == 0:
                    value = np.full(len(member.rows), value)
                found[member.symbol].values[f"{node}.{port.name}"] = value


def operand(
    text: str, node: str, drawn: tuple[LogicFlow, Catalogue], member: Member, values: dict[str, Any]
) -> Array | None:
    """What a part of a block's recipe is on one symbol's bars, as a series; None where it looks across symbols."""
    flow, catalogue = drawn
    names = _names(flow, node, _template(catalogue, flow.nodes[node]), (member.prices, values))
    evaluation = Evaluation(node, names, Interpretation())
    try:
        return evaluation.series(evaluation.value(parsed(text, mode="eval").body))
    except AssertionError:
        return None


@dataclass(slots=True, eq=False)
class _Shared:
    """One block's evaluations for all symbols, in the panel's order."""

    panel: Panel
    evaluations: list[Evaluation] = field(default_factory=list)
    known: dict[str, Array] = field(default_factory=dict)

    def table(self, node: ast.Call) -> Array:
        """What the call gives for all symbols, bars × members; what is not traded has no value."""
        written = ast.dump(node)
        if written not in self.known:
            self.known[written] = self._table(node)
        return self.known[written]

    def _table(self, node: ast.Call) -> Array:
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        shape = (len(self.panel.times), len(self.panel.members))
        if name == "of_benchmark":
            return np.array([[close] * shape[1] for close in self.panel.benchmark]).reshape(shape)
        if name == "of_symbol":
            return self._other(node, shape)
        values = np.full(shape, np.nan)
        for column, (member, evaluation) in enumerate(zip(self.panel.members, self.evaluations, strict=True)):
            if member.traded:
                values[member.rows, column] = evaluation.series(evaluation.value(node.args[0]))
        rest = [self.evaluations[0].value(argument) for argument in node.args[1:]]
        begins = [periods_begin(self.panel.times, rest[1])] if name == "top_across" else []
        table = COMPARED[name](values, *rest[:1], *begins)
        for column, member in enumerate(self.panel.members):
            if not member.traded:
                table[:, column] = False if table.dtype == bool else np.nan
        return table

    def _other(self, node: ast.Call, shape: tuple[int, int]) -> Array:
        symbol = self.evaluations[0].value(node.args[1])
        values = np.full(shape[0], np.nan)
        for member, evaluation in zip(self.panel.members, self.evaluations, strict=True):
            if member.symbol == symbol:
                values[member.rows] = evaluation.series(evaluation.value(node.args[0]))
        return np.array([[value] * shape[1] for value in last_known(values)]).reshape(shape)


@dataclass(frozen=True, slots=True, eq=False)
class _Across:
    """One symbol's view of what was compared."""

    shared: _Shared
    place: int

    def value(self, node: ast.Call) -> Array:
        """What a call across the symbols gives on this symbol's bars."""
        table = self.shared.table(node)
        own: Array = table[self.shared.panel.members[self.place].rows, self.place]
        return own


def _names(
    flow: LogicFlow, node: str, template: NodeTemplate, known: tuple[Mapping[str, Array], dict[str, Any]]
) -> dict[str, Any]:
    """What the names in a block's recipes stand for: prices, parameters, wires."""
    prices, values = known
    strategy = {name: parameter.value for name, parameter in flow.parameters.items()}
    names: dict[str, Any] = {"prices": prices, **effective_parameters(flow.nodes[node], template, strategy)}
    return names | _wired(flow, node, template, (names, values))


def _template(catalogue: Catalogue, node: Node) -> NodeTemplate:
    found = catalogue.of(node)
    if found is None:
        raise KeyError(node.template)
    return found


def _live(flow: LogicFlow, catalogue: Catalogue) -> list[str]:
    """Blocks that make rules, and whatever feeds them."""
    rules = {node for node in flow.nodes if _makes_rules(catalogue, flow.nodes[node])}
    live, in_order = set(rules), order_apart(flow, rules)
    for node in reversed(in_order):
        if any(edge.target.node in live for edge in flow.edges_out_of(node)):
            live.add(node)
    return [node for node in in_order if node in live]


def _makes_rules(catalogue: Catalogue, node: Node) -> bool:
    ports = _template(catalogue, node).output_ports
    return any(port.type not in (PortType.SERIES, PortType.BOOLEAN) for port in ports)


def _wired(
    flow: LogicFlow, node: str, template: NodeTemplate, known: tuple[dict[str, Any], dict[str, Any]]
) -> dict[str, Any]:
    names, values = known
    inputs: dict[str, Any] = {}
    for port in template.input_ports:
        given = [
            values[f"{edge.source.node}.{edge.source.port}"]
            for edge in flow.edges_into(node)
            if edge.target.port == port.name
        ]
        if port.multiple:
            inputs[port.name] = given
        elif given:
            inputs[port.name] = given[0]
        elif port.default:
            inputs[port.name] = Evaluation(node, names, Interpretation()).output(port.default)
        else:
            inputs[port.name] = None
    return inputs


def _add_default(flow: LogicFlow, catalogue: Catalogue, found: Interpretation) -> None:
    """Signals that no position takes trade together, at 10 % of equity."""
    for node in order(flow):
        if flow.edges_out_of(node):
            continue
        for port in _template(catalogue, flow.nodes[node]).output_ports:
            if port.type is PortType.SIGNAL:
                found.legs.setdefault("", InterpretedLeg(("percent_of_equity", 10.0))).add(
                    found.values[f"{node}.{port.name}"]
                )
