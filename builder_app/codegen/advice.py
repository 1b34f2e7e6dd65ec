"""Advice on a strategy: what could be said more simply, or says nothing. Every piece has an edit that takes it.

What the picture alone shows is equal on any prices. What the values show holds on the prices that were looked at, and
says so.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from builder_app.codegen.interpreter.interpret import Interpretation
from builder_app.flow.drawing import Drawing, drawing_of
from builder_app.flow.edits import AddNode, Batch, Connect, Disconnect, Edit, Mute, RemoveNodes
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.rules_groups import at_its_own_level
from builder_app.flow.templates import Catalogue
from builder_app.flow.topology import order_of, successors
from builder_app.flow.values import (
    Binding,
    Edge,
    LogicFlow,
    Node,
    ParameterValue,
    Port,
    PortType,
    fresh_id,
    frozen_mapping,
)

ADVICE: Final = "advice-"
"""Every piece of advice is a remark whose rule begins so."""
NOTHING_DONE: Final[Mapping[str, tuple[str, str, float]]] = {
    "add": ("number", "b", 0.0),
    "subtract": ("number", "b", 0.0),
    "multiply": ("number", "b", 1.0),
    "divide": ("number", "b", 1.0),
    "previous_value": ("bars", "", 0.0),
}
"""Blocks that hand their first input on unchanged: the parameter and its value, and the input that must be unwired."""
_JOINING: Final = frozenset({"all_of", "any_of"})
_PLAIN: Final = frozenset({PortType.SERIES, PortType.BOOLEAN})


def advice_on_picture(flow: LogicFlow, catalogue: Catalogue) -> tuple[Problem, ...]:
    """Repeated work, blocks that do nothing, and blocks that a simpler one replaces. `flow` has no errors.

    While blocks are muted none is given: wires go past them, and an edit could not tell which are meant.
    """
    drawing = drawing_of(flow, catalogue, lambda _template, _values: ())
    if drawing.flow is not drawing.drawn:
        return ()
    told = (*_repeated(drawing), *_without_effect(drawing), *_simpler(drawing))
    return told if drawing.drawn is flow else tuple(at_its_own_level(each, flow) for each in told)


def advice_on_values(
    flow: LogicFlow, catalogue: Catalogue, found: Mapping[str, Interpretation], warm_up: int
) -> tuple[Problem, ...]:
    """Conditions that never or always hold on the prices that `found` was worked out on, by symbol."""
    drawing = drawing_of(flow, catalogue, lambda _template, _values: ())
    where = ", ".join(found)
    told: list[Problem] = []
    for id, template in drawing.known.items():
        for port in template.output_ports:
            if port.type is not PortType.BOOLEAN:
                continue
            values = _known(found, f"{id}.{port.name}", warm_up)
            if values is not None and (values.all() or not values.any()):
                told.append(
                    _constant(drawing, Port(id, port.name), bool(values.all()), f"{len(values):,} bars of {where}")
                )
    return tuple(told) if drawing.drawn is flow else tuple(at_its_own_level(each, flow) for each in told)


def _known(found: Mapping[str, Interpretation], output: str, warm_up: int) -> NDArray[Any] | None:
    """A condition's values of all symbols, behind the warm-up; None where there are too few to say anything."""
    parts = [each.values[output][warm_up:] for each in found.values() if output in each.values]
    values = np.concatenate(parts) if parts else np.empty(0)
    return values if len(values) >= 100 else None


def _constant(drawing: Drawing, output: Port, always: bool, where: str) -> Problem:
    """A condition that says the same at every bar."""
    said = "always holds" if always else "never holds"
    message = f"{drawing.name(output.node)} {said} on {where}."
    takers = [edge for edge in drawing.out_of.get(output.node, ()) if edge.source == output]
    joining = "all_of" if always else "any_of"
    can_leave = [edge for edge in takers if drawing.flow.nodes[edge.target.node].template == joining]
    if takers and can_leave == takers and all(len(drawing.into[edge.target.node]) > 1 for edge in takers):
        fix: Edit = Batch(tuple(Disconnect(edge) for edge in takers), "Take a condition out that says nothing")
        hint, title = "It changes nothing where it is wired to; take it out, or change its parameters.", "Unwire it"
    else:
        fix, title = Mute(output.node, True), "Mute it"
        hint = "Change its parameters, or mute it to see what the strategy does without it."
    return _advice("constant-condition", message, output.node, hint, (fix, title))


def _repeated(drawing: Drawing) -> Iterator[Problem]:
    """Blocks that do what another one does already, on the same inputs."""
    first: dict[object, str] = {}
    stands_for: dict[str, str] = {}
    for id in order_of(successors(drawing.flow)):
        template = drawing.known.get(id)
        if template is None or any(port.type not in _PLAIN for port in template.output_ports):
            continue
        inputs = frozenset(
            (edge.target.port, stands_for.get(edge.source.node, edge.source.node), edge.source.port)
            for edge in drawing.into.get(id, ())
        )
        parameters = dict(drawing.values[id]) | _bindings(drawing.flow.nodes[id])
        key = (template.name, frozenset(map(repr, parameters.items())), inputs)
        kept = first.setdefault(key, id)
        stands_for[id] = kept
        if kept != id:
            message = f"{drawing.name(id)} works out the same as {drawing.name(kept)}."
            fix = _instead(drawing, id, {port.name: Port(kept, port.name) for port in template.output_ports})
            hint = "One of them is enough; the code computes it once in any case."
            yield _advice("repeated-work", message, id, hint, (fix, f"Use {drawing.name(kept)}"))


def _without_effect(drawing: Drawing) -> Iterator[Problem]:
    """Blocks that hand on what comes in: plus 0, times 1, an And with one wire."""
    for id, template in drawing.known.items():
        wires = drawing.into.get(id, ())
        name = template.name
        if name in _JOINING and len(wires) == 1:
            source, why = wires[0].source, "it has a single condition"
        elif name in NOTHING_DONE and _does_nothing(drawing, id, NOTHING_DONE[name]):
            source, why = wires[0].source, "its number leaves every value as it is"
        elif name == "not" and wires and drawing.flow.nodes[wires[0].source.node].template == "not":
            before = drawing.into.get(wires[0].source.node, ())
            if not before:
                continue
            source, why = before[0].source, "not, and not again, is what it was"
        else:
            continue
        fix = _instead(drawing, id, {port.name: source for port in template.output_ports})
        message = f"{drawing.name(id)} changes nothing: {why}."
        yield _advice("without-effect", message, id, "It can be left out.", (fix, "Leave it out"))


def _does_nothing(drawing: Drawing, id: str, idle: tuple[str, str, float]) -> bool:
    parameter, other, value = idle
    wired = {edge.target.port for edge in drawing.into.get(id, ())}
    is_fixed = parameter not in _bindings(drawing.flow.nodes[id])
    return bool(wired) and other not in wired and is_fixed and drawing.number(id, parameter) == value


def _bindings(node: Node) -> dict[str, ParameterValue]:
    """What hangs on strategy parameters: equal values of two are equal today only, for each may be changed."""
    return {name: value for name, value in node.parameters.items() if isinstance(value, Binding)}


def _simpler(drawing: Drawing) -> Iterator[Problem]:
    """Two plain averages of one price that only cross each other are one block."""
    crossover = drawing.catalogue.templates.get("moving_average_crossover")
    for id, template in drawing.known.items():
        if template.name != "crosses_above" or crossover is None:
            continue
        by_port = {edge.target.port: edge.source.node for edge in drawing.into.get(id, ())}
        fast, slow = by_port.get("a", ""), by_port.get("b", "")
        periods = [_only_average(drawing, average, id) for average in (fast, slow)]
        prices = [[edge.source for edge in drawing.into.get(average, ())] for average in (fast, slow)]
        if None in periods or prices[0] != prices[1] or not periods[0] < periods[1]:  # type: ignore[operator]
            continue
        if not prices[0] and {drawing.values[average].get("source") for average in (fast, slow)} != {"close"}:
            continue
        message = f"{drawing.name(fast)}, {drawing.name(slow)} and {drawing.name(id)} are one block: a crossover."
        fix = _one_crossover(drawing, id, (fast, slow), prices[0])
        yield _advice(
            "simpler-block", message, id, "It says the same with two blocks less.", (fix, "Make it one block")
        )


def _only_average(drawing: Drawing, id: str, taker: str) -> float | None:
    """The period of a plain average whose value goes to this block alone, in whole numbers of its own."""
    template = drawing.known.get(id)
    if template is None or template.name != "sma":
        return None
    takers = {edge.target.node for edge in drawing.out_of.get(id, ())}
    held = drawing.flow.nodes[id].parameters.get("period", template.default_parameters.get("period"))
    return float(held) if takers == {taker} and isinstance(held, int | float) else None


def _one_crossover(drawing: Drawing, id: str, averages: tuple[str, str], prices: list[Port]) -> Edit:
    old = drawing.flow.nodes[id]
    new = fresh_id("crossover", drawing.drawn.nodes)
    periods = [int(drawing.number(average, "period") or 0) for average in averages]
    parameters = {"fast_period": periods[0], "slow_period": periods[1]}
    node = Node(
        new, "moving_average_crossover", parameters=frozen_mapping(parameters), label=old.label, position=old.position
    )
    wires = [Edge(prices[0], Port(new, "price"))] if prices else []
    wires += [Edge(Port(new, "signal"), edge.target) for edge in drawing.out_of.get(id, ())]
    gone = frozenset((id, *averages))
    return Batch((RemoveNodes(gone), AddNode(node), *map(Connect, wires)), "Make the crossover one block")


def _instead(drawing: Drawing, id: str, sources: Mapping[str, Port]) -> Edit:
    """Take a block out and let others feed those that it fed, each wire once."""
    wires: dict[Edge, None] = {}
    for edge in drawing.out_of.get(id, ()):
        wires[Edge(sources[edge.source.port], edge.target)] = None
    there = set(drawing.flow.edges)
    fresh = tuple(Connect(edge) for edge in wires if edge not in there)
    return Batch((RemoveNodes(frozenset({id})), *fresh), "Leave a block out")


def _advice(kind: str, message: str, node: str, hint: str, fix: tuple[Edit, str]) -> Problem:
    edit, title = fix
    return Problem(Severity.REMARK, f"{ADVICE}{kind}", message, node=node, hint=hint, fix=edit, fix_title=title)
