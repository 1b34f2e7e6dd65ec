"""Where a flow and an edit hold secrets, and the same flow or edit with something else in their places."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from builder_app.flow.edit_kinds import AddNode, Batch, Edit, InGroup, SetGroup, SetParameter, SetStrategyParameter
from builder_app.flow.groups import catalogue_with_groups, with_boundary
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import (
    Formula,
    Group,
    LogicFlow,
    Node,
    ParameterReference,
    ParameterValue,
    Secret,
    StrategyParameter,
    frozen_mapping,
)

Place = tuple[str, ...]
"""("block", id, parameter), ("group", id of the group, id of the block in it, parameter) or ("strategy", parameter)."""
Exchange = Callable[[Place, Secret], Secret]


def block_place(node: str, parameter: str) -> Place:
    """The place of a block's parameter."""
    return ("block", node, parameter)


def strategy_place(parameter: str) -> Place:
    """The place of a strategy parameter."""
    return ("strategy", parameter)


def group_place(group: str, place: Place) -> Place:
    """The place of a block's parameter inside a group; `place` is that which it has at its own level."""
    return ("group", group, *place[1:])


def secrets_in(flow: LogicFlow) -> Iterator[tuple[Place, Secret]]:
    """Every secret of the flow with its place, strategy parameters first."""
    for name, parameter in flow.parameters.items():
        if isinstance(parameter.value, Secret):
            yield strategy_place(name), parameter.value
    for node in flow.nodes.values():
        for name, value in node.parameters.items():
            if isinstance(value, Secret):
                yield block_place(node.id, name), value
    for id, group in flow.groups.items():
        for place, value in secrets_in(group.body):
            yield group_place(id, place), value


def in_place(flow: LogicFlow, place: Place) -> Secret | None:
    """The secret at this place of the flow, or None."""
    value: object = None
    if place[0] == "strategy":
        parameter = flow.parameters.get(place[1])
        value = parameter.value if parameter is not None else None
    elif place[0] == "group":
        return in_place(flow.groups[place[1]].body, ("block", *place[2:])) if place[1] in flow.groups else None
    elif place[1] in flow.nodes:
        value = flow.nodes[place[1]].parameters.get(place[2])
    return value if isinstance(value, Secret) else None


def with_secrets(flow: LogicFlow, exchange: Exchange) -> LogicFlow:
    """The flow with `exchange(place, secret)` in the place of every secret; the flow itself where there is none."""
    if next(secrets_in(flow), None) is None:
        return flow
    return replace(
        flow,
        nodes=frozen_mapping((id, _with_node(node, exchange)) for id, node in flow.nodes.items()),
        parameters=frozen_mapping(
            (name, _with_strategy(name, parameter, exchange)) for name, parameter in flow.parameters.items()
        ),
        groups=frozen_mapping((id, _with_group(group, exchange)) for id, group in flow.groups.items()),
    )


def edit_with_secrets(edit: Edit, exchange: Exchange) -> Edit:
    """The edit with `exchange(place, secret)` in the place of every secret that it brings."""
    match edit:
        case AddNode(node):
            return AddNode(_with_node(node, exchange))
        case SetParameter(node, name, Secret() as value, is_set):
            return SetParameter(node, name, exchange(block_place(node, name), value), is_set)
        case SetStrategyParameter(name, StrategyParameter() as parameter):
            return SetStrategyParameter(name, _with_strategy(name, parameter, exchange))
        case InGroup(id, inner):
            return InGroup(id, edit_with_secrets(inner, lambda place, held: exchange(group_place(id, place), held)))
        case SetGroup(id, Group() as group):
            return SetGroup(id, _with_group(group, exchange))
        case Batch(edits):
            return replace(edit, edits=tuple(edit_with_secrets(part, exchange) for part in edits))
        case _:
            return edit


def guarded(flow: LogicFlow, catalogue: Catalogue) -> LogicFlow:
    """The flow with every value of a parameter that its template calls sensitive as a Secret.

    Flows that people write by hand, or that were drawn before a template called it sensitive, hold plain values there.
    """
    known = catalogue_with_groups(flow, catalogue)
    nodes = {id: _guarded_node(node, known) for id, node in flow.nodes.items()}
    groups = {id: _guarded_group(group, known) for id, group in flow.groups.items()}
    if any(groups[id] is not group for id, group in flow.groups.items()):
        flow = replace(flow, groups=frozen_mapping(groups))
    if all(nodes[id] is node for id, node in flow.nodes.items()):
        return flow
    return replace(flow, nodes=frozen_mapping(nodes))


def _guarded_group(group: Group, catalogue: Catalogue) -> Group:
    body = guarded(group.body, catalogue)
    return group if body is group.body else replace(group, body=body)


def guarded_edit(edit: Edit, flow: LogicFlow, catalogue: Catalogue) -> Edit:
    """The edit, to be applied to `flow`, with every value of a sensitive parameter as a Secret."""
    catalogue = catalogue_with_groups(flow, catalogue)
    match edit:
        case AddNode(node):
            return AddNode(_guarded_node(node, catalogue))
        case SetParameter(id, name, value, True) if id in flow.nodes and not _is_safe(value):
            template = catalogue.of(flow.nodes[id])
            if template is not None:
                hidden = name in template.sensitive
            else:  # nobody can say which parameters of an unknown block are sensitive: what was, stays so
                hidden = isinstance(flow.nodes[id].parameters.get(name), Secret)
            return replace(edit, value=_as_secret(value)) if hidden else edit
        case InGroup(id, inner) if id in flow.groups:
            return InGroup(id, guarded_edit(inner, flow.groups[id].body, with_boundary(flow.groups[id], catalogue)))
        case SetGroup(id, Group() as group):
            return SetGroup(id, _guarded_group(group, catalogue))
        case Batch(edits):
            known = {**flow.nodes, **{part.node.id: part.node for part in edits if isinstance(part, AddNode)}}
            seen = replace(flow, nodes=frozen_mapping(known)) if len(known) > len(flow.nodes) else flow
            defined = {part.id: part.group for part in edits if isinstance(part, SetGroup) and part.group is not None}
            if defined:
                seen = replace(seen, groups=frozen_mapping({**flow.groups, **defined}))
            return replace(edit, edits=tuple(guarded_edit(part, seen, catalogue) for part in edits))
        case _:
            return edit


def _guarded_node(node: Node, catalogue: Catalogue) -> Node:
    template = catalogue.of(node)
    hidden = template.sensitive if template is not None else frozenset[str]()
    plain = {name for name in hidden & node.parameters.keys() if not _is_safe(node.parameters[name])}
    if not plain:
        return node
    return _node_with(
        node, {name: _as_secret(value) if name in plain else value for name, value in node.parameters.items()}
    )


def _is_safe(value: ParameterValue) -> bool:
    return isinstance(value, Secret | ParameterReference)


def _as_secret(value: ParameterValue) -> ParameterValue:
    if isinstance(value, Secret | ParameterReference):
        return value
    if isinstance(value, Formula):  # it may hold the value itself, and no formula gives what is sensitive
        return Secret(value.text)
    return Secret(None if value == "" else value)


def _with_node(node: Node, exchange: Exchange) -> Node:
    if not any(isinstance(value, Secret) for value in node.parameters.values()):
        return node
    return _node_with(
        node,
        {
            name: exchange(block_place(node.id, name), value) if isinstance(value, Secret) else value
            for name, value in node.parameters.items()
        },
    )


def _node_with(node: Node, parameters: Mapping[str, ParameterValue]) -> Node:
    return replace(node, parameters=frozen_mapping(parameters))


def _with_group(group: Group, exchange: Exchange) -> Group:
    body = with_secrets(group.body, lambda place, held: exchange(group_place(group.id, place), held))
    return group if body is group.body else replace(group, body=body)


def _with_strategy(name: str, parameter: StrategyParameter, exchange: Exchange) -> StrategyParameter:
    if not isinstance(parameter.value, Secret):
        return parameter
    return replace(parameter, value=exchange(strategy_place(name), parameter.value))
