"""Applying an edit: an Edit is data, and applying it gives the new flow and the inverse.

Undo, autosave, recovery, the clipboard and the tests all speak this vocabulary. Applying an edit that does not fit
the flow (a node that is not there, an id that is taken, a number that no file can hold) raises EditRefused with a
sentence; the flow is never half-changed.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import assert_never

from builder_app.flow.edit_draft import Draft, EditRefused, at_place, existing, refuse_new, refuse_numbers, wire_words
from builder_app.flow.edit_drawings import change_frames, change_notes
from builder_app.flow.edit_kinds import (
    AddFrame,
    AddNode,
    AddNote,
    Annotate,
    Batch,
    ChangeFrame,
    ChangeNote,
    Collapse,
    Connect,
    Disconnect,
    Edit,
    InGroup,
    MoveNodes,
    Mute,
    RemoveFrame,
    RemoveNodes,
    RemoveNote,
    Rename,
    RenameStrategy,
    SetGroup,
    SetParameter,
    SetRoute,
    SetStrategyParameter,
    SetTemplateVersion,
)
from builder_app.flow.groups import is_inside_itself
from builder_app.flow.limits import MAXIMUM_NODES
from builder_app.flow.values import GROUP_INPUTS, GROUP_OUTPUTS, GROUP_PREFIX, Group, LogicFlow, frozen_mapping, thawed

__all__ = [
    "AddFrame",
    "AddNode",
    "AddNote",
    "Annotate",
    "Batch",
    "ChangeFrame",
    "ChangeNote",
    "Collapse",
    "Connect",
    "Disconnect",
    "Edit",
    "EditRefused",
    "InGroup",
    "MoveNodes",
    "Mute",
    "RemoveFrame",
    "RemoveNodes",
    "RemoveNote",
    "Rename",
    "RenameStrategy",
    "SetGroup",
    "SetParameter",
    "SetRoute",
    "SetStrategyParameter",
    "SetTemplateVersion",
    "apply",
]


def apply(flow: LogicFlow, edit: Edit) -> tuple[LogicFlow, Edit]:
    """The changed flow, and the edit that takes it back: `apply(*apply(flow, edit))[0] == flow`.

    Raises EditRefused where the edit does not fit the flow. A batch copies each part of the flow only once.
    """
    draft = Draft(flow)
    inverse = _change(draft, edit)
    return draft.finished(), inverse


def _change(draft: Draft, edit: Edit) -> Edit:
    match edit:
        case AddNode() | RemoveNodes() | MoveNodes():
            return _change_nodes(draft, edit)
        case Connect() | Disconnect():
            return _change_edges(draft, edit)
        case SetParameter() | Rename() | Annotate() | Mute() | Collapse() | SetTemplateVersion():
            return _change_one_node(draft, edit)
        case AddFrame() | ChangeFrame() | RemoveFrame():
            return change_frames(draft, edit)
        case AddNote() | ChangeNote() | RemoveNote():
            return change_notes(draft, edit)
        case SetStrategyParameter():
            return _change_parameters(draft, edit)
        case SetRoute():
            return _change_route(draft, edit)
        case SetGroup() | InGroup():
            return _change_groups(draft, edit)
        case RenameStrategy():
            before = draft.flow.name
            draft.flow = replace(draft.flow, name=edit.name)
            return RenameStrategy(before)
        case Batch():
            inverses = [_change(draft, part) for part in edit.edits]
            return Batch(tuple(_merged(reversed(inverses))), edit.title)
        case _:
            assert_never(edit)


def _merged(edits: Iterable[Edit]) -> Iterable[Edit]:
    """The edits, neighbouring removals as one: each of them would walk over all wires."""
    for removes, run in groupby(edits, key=lambda edit: isinstance(edit, RemoveNodes)):
        if removes:
            yield RemoveNodes(frozenset(id for edit in run if isinstance(edit, RemoveNodes) for id in edit.nodes))
        else:
            yield from run


def _change_nodes(draft: Draft, edit: AddNode | RemoveNodes | MoveNodes) -> Edit:
    match edit:
        case AddNode(node):
            refuse_new(draft.nodes(), node.id, "block")
            if len(draft.nodes()) >= MAXIMUM_NODES:
                raise EditRefused(f"A flow holds at most {MAXIMUM_NODES:,} blocks; remove some first.")
            refuse_numbers(*node.position, *node.parameters.values())
            draft.nodes()[node.id] = node
            return RemoveNodes(frozenset({node.id}))
        case RemoveNodes(gone):
            back: list[Edit] = [AddNode(draft.node(id)) for id in sorted(gone)]
            cut = {edge for edge in draft.edges() if edge.source.node in gone or edge.target.node in gone}
            if cut:
                back += [Connect(edge) for edge in sorted(cut)]
                back += draft.routes_of(sorted(cut))
                draft.keep_edges([edge for edge in draft.edges() if edge not in cut])
            for id in gone:
                del draft.nodes()[id]
            return Batch(tuple(back))
        case MoveNodes(positions):
            before = {id: draft.node(id).position for id in positions}
            nodes = draft.nodes()
            for id, place in positions.items():
                refuse_numbers(*place)
                nodes[id] = at_place(nodes[id], place)
            return MoveNodes(frozen_mapping(before))
        case _:
            assert_never(edit)


def _change_edges(draft: Draft, edit: Connect | Disconnect) -> Edit:
    edge = edit.edge
    edges = draft.edges()
    place = bisect_left(edges, edge)
    is_there = place < len(edges) and edges[place] == edge
    match edit:
        case Connect():
            draft.node(edge.source.node)
            draft.node(edge.target.node)
            if is_there:
                raise EditRefused(f"{wire_words(edge)} is there already.")
            edges.insert(place, edge)
            return Disconnect(edge)
        case Disconnect():
            if not is_there:
                raise EditRefused(f"{wire_words(edge)} is not there.")
            del edges[place]
            led = draft.routes_of((edge,))
            return Batch((Connect(edge), *led)) if led else Connect(edge)
        case _:
            assert_never(edit)


def _change_one_node(
    draft: Draft, edit: SetParameter | Rename | Annotate | Mute | Collapse | SetTemplateVersion
) -> Edit:
    node = draft.node(edit.node)
    inverse: Edit
    match edit:
        case SetParameter(_, name, value, is_set):
            inverse = SetParameter(node.id, name, node.parameters.get(name), name in node.parameters)
            parameters = thawed(node.parameters)
            parameters.pop(name, None)
            if is_set:
                refuse_numbers(value)
                parameters[name] = value
            changed = replace(node, parameters=frozen_mapping(parameters))
        case Rename(_, label):
            changed, inverse = replace(node, label=label), Rename(node.id, node.label)
        case Annotate(_, note):
            changed, inverse = replace(node, note=note), Annotate(node.id, node.note)
        case Mute(_, muted):
            changed, inverse = replace(node, muted=muted), Mute(node.id, node.muted)
        case Collapse(_, collapsed):
            changed, inverse = replace(node, collapsed=collapsed), Collapse(node.id, node.collapsed)
        case SetTemplateVersion(_, version):
            inverse = SetTemplateVersion(node.id, node.template_version)
            changed = replace(node, template_version=version)
        case _:
            assert_never(edit)
    draft.nodes()[node.id] = changed
    return inverse


def _change_parameters(draft: Draft, edit: SetStrategyParameter) -> Edit:
    parameters = draft.parameters()
    before = parameters.get(edit.name)
    parameter = edit.parameter
    if parameter is None:
        parameters.pop(edit.name, None)
    else:
        refuse_numbers(parameter.value, parameter.minimum, parameter.maximum, parameter.step)
        parameters[edit.name] = parameter  # one that was there keeps its place in the list
    return SetStrategyParameter(edit.name, before)


def _change_route(draft: Draft, edit: SetRoute) -> Edit:
    edge, edges = edit.edge, draft.edges()
    place = bisect_left(edges, edge)
    if place >= len(edges) or edges[place] != edge:
        raise EditRefused(f"{wire_words(edge)} is not there.")
    for point in edit.points:
        refuse_numbers(*point)
    before = draft.routes().pop(edge, ())
    if edit.points:
        draft.routes()[edge] = edit.points
    return SetRoute(edge, before)


def _change_groups(draft: Draft, edit: SetGroup | InGroup) -> Edit:
    groups = draft.groups()
    match edit:
        case SetGroup(id, group):
            before = groups.pop(id, None)
            if group is not None:
                if not id or group.id != id:
                    raise EditRefused("A group needs an id that is not empty.")
                groups[id] = _checked(group)
                _refuse_itself(id, groups, {**groups, id: before} if before is not None else {})
            return SetGroup(id, before)
        case InGroup(id, inner):
            held = existing(groups, id, "group")
            body, inverse = apply(held.body, inner)
            groups[id] = _checked(replace(held, body=body))
            if body.nodes is not held.body.nodes and any(
                node.template.startswith(GROUP_PREFIX) for node in body.nodes.values()
            ):
                _refuse_itself(id, groups, {**groups, id: held})
            return InGroup(id, inverse)
        case _:
            assert_never(edit)


def _checked(group: Group) -> Group:
    """Raises EditRefused for a group that no file could hold, or that has lost the blocks of its ports."""
    body = group.body
    if body.groups or body.parameters or body.name:
        raise EditRefused("Groups, strategy parameters and the name belong to the strategy, not into a group.")
    for id, what in ((GROUP_INPUTS, "inputs"), (GROUP_OUTPUTS, "outputs")):
        if id not in body.nodes or body.nodes[id].template != id or body.nodes[id].muted:
            raise EditRefused(f"The block of a group's {what} stays in the group; remove single {what} instead.")
    return group


def _refuse_itself(id: str, groups: Mapping[str, Group], before: Mapping[str, Group]) -> None:
    """Raises EditRefused where the group has come to contain itself; one that did before can still be mended."""
    if is_inside_itself(id, groups) and not is_inside_itself(id, before):
        raise EditRefused(f"The group '{groups[id].title}' can't contain itself.")
