"""What is inside a group, made ready to be a function: names in the place of what each instance gives it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from builder_app.codegen.expressions import Expression, Parameter, Reference, walk
from builder_app.codegen.literals import slug
from builder_app.codegen.passes.folding import as_series, kinds_in
from builder_app.codegen.passes.naming import LONGEST_NAME, RESERVED, fresh
from builder_app.codegen.plan import Draft, Refused
from builder_app.flow.formulas import value_of
from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import (
    GROUP_INPUTS,
    GROUP_OUTPUTS,
    Binding,
    GroupParameter,
    GroupPort,
    LogicFlow,
    Node,
    ParameterReference,
    ParameterValue,
    StrategyParameter,
    frozen_mapping,
)

OWN: Final = "›"
"""Before the name of a parameter that instances set, so that no strategy parameter has it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """How one instance uses its group: the inputs it wires, what it sets, and the outputs that the group has."""

    wired: tuple[str, ...]
    values: Mapping[str, ParameterValue]
    defaults: Mapping[str, ParameterValue]
    outputs: tuple[str, ...]


def asked_by(node: Node, template: NodeTemplate, flow: LogicFlow) -> Asked:
    """What this instance asks of its group. Raises Refused where an input has two wires, or a wire no source."""
    held = template.body[0]
    entered = [edge.target.port for edge in flow.edges if edge.target.node == node.id]
    same = {id for id, each in flow.nodes.items() if each.template == node.template}
    used = {edge.source.port for edge in flow.edges if edge.source.node in same}
    given = {edge.target.port for edge in held.body.edges if edge.target.node == GROUP_OUTPUTS} & used
    wanted = {edge.source.port for edge in flow.edges if edge.source.node == node.id}
    outputs = tuple(port.name for port in held.outputs if port.name in given)
    if len(entered) != len(set(entered)) or not wanted <= set(outputs):
        raise Refused
    return Asked(
        tuple(port.name for port in held.inputs if port.name in entered),
        {**template.default_parameters, **node.parameters},
        template.default_parameters,
        outputs,
    )


def with_names(outer: LogicFlow, body: LogicFlow, parameters: tuple[GroupParameter, ...], asked: Asked) -> LogicFlow:
    """The body with a name in the place of each value that instances set, and without wires of inputs not wired."""
    nodes = dict(body.nodes)
    own: dict[str, StrategyParameter] = {}
    strategy = {name: parameter.value for name, parameter in outer.parameters.items()}
    for held in parameters:
        inner, parameter, name = held.node, held.parameter, held.name
        if inner not in nodes or name not in asked.values:
            continue
        value = asked.values[name]
        now = value_of(value, strategy)
        if isinstance(now, Binding):
            raise Refused
        own[OWN + name] = StrategyParameter(now)
        values = {**nodes[inner].parameters, parameter: ParameterReference(OWN + name)}
        nodes[inner] = replace(nodes[inner], parameters=frozen_mapping(values))
    edges = tuple(edge for edge in body.edges if edge.source.node != GROUP_INPUTS or edge.source.port in asked.wired)
    shared = frozen_mapping({**outer.parameters, **own})
    return replace(body, nodes=frozen_mapping(nodes), edges=edges, parameters=shared)


def feeding(draft: Draft) -> Draft:
    """Only what leads to an output of the group."""
    sources: dict[str, list[str]] = {}
    for edge in draft.flow.edges:
        sources.setdefault(edge.target.node, []).append(edge.source.node)
    live, waiting = {GROUP_OUTPUTS}, [GROUP_OUTPUTS]
    while waiting:
        fresh_ones = set(sources.get(waiting.pop(), ())) - live
        live |= fresh_ones
        waiting += fresh_ones
    return replace(draft, order=tuple(node for node in draft.order if node in live))


def answers_of(draft: Draft, asked: Asked) -> tuple[tuple[str, Expression], ...]:
    """What the function returns, by the outputs' names, each a series. Raises Refused where one has not one source."""
    kinds = {**draft.given, **{Reference(step.node, step.port): step.kind for step in draft.steps}}
    leaf = kinds_in(draft.flow, kinds)
    found = []
    for name in asked.outputs:
        wires = [edge.source for edge in draft.flow.edges if edge.target == (GROUP_OUTPUTS, name)]
        if len(wires) != 1:
            raise Refused
        output = Reference(*wires[0])
        found.append((name, as_series(draft.values.get(output, output), leaf)))
    return tuple(found)


def with_arguments(draft: Draft, inputs: tuple[GroupPort, ...], asked: Asked) -> Draft:
    """The function's inputs and parameters under names of their own, and the names of other functions as taken."""
    taken = {*RESERVED, *(function.name for function in draft.functions)}
    names: dict[Reference | Parameter, str] = {Reference(OWN, each.name): each.name for each in draft.functions}
    shown = {held.name: held.display_name for held in inputs}
    for port in inputs_read(draft, asked):
        names[Reference(GROUP_INPUTS, port)] = fresh([slug(shown[port]), slug(port), "series"], taken, LONGEST_NAME)
    for part in dict.fromkeys(parts_of(draft)):
        if isinstance(part, Parameter) and part.name.startswith(OWN):
            names[part] = fresh([slug(part.name.removeprefix(OWN)), "value"], taken, LONGEST_NAME)
    return replace(draft, names=frozen_mapping(names))


def parts_of(body: Draft) -> list[Expression]:
    """Everything that stands in the function."""
    read = [part for statement in body.statements for part in walk(statement.expression)]
    return read + [part for _, answer in body.answers for part in walk(answer)]


def inputs_read(body: Draft, asked: Asked) -> tuple[str, ...]:
    """The inputs that the function needs for what is used of it."""
    read = set(parts_of(body))
    return tuple(port for port in asked.wired if Reference(GROUP_INPUTS, port) in read)


def own_parameters(body: Draft) -> dict[str, str]:
    """The parameters that the function has, by their names in the body's flow, with their names in the text."""
    return {part.name: name for part, name in body.names.items() if isinstance(part, Parameter)}
