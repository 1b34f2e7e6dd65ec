"""Applying an edit: an Edit is data, and applying it gives the new flow and the inverse.

Undo, autosave, recovery, the clipboard and the tests all speak this vocabulary. Applying an edit that does not fit
the flow (a node that is not there, an id that is taken, a number that no file can hold) raises EditRefused with a
sentence; the flow is never half-changed.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import TypeVar, assert_never

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
from builder_app.flow.limits import MAXIMUM_NODES, is_storable_number
from builder_app.flow.values import (
    GROUP_INPUTS,
    GROUP_OUTPUTS,
    GROUP_PREFIX,
    Edge,
    Frame,
    Group,
    LogicFlow,
    Node,
    Point,
    Secret,
    StickyNote,
    StrategyParameter,
    frozen_mapping,
    thawed,
)

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

V = TypeVar("V")


class EditRefused(ValueError):
    """The edit does not fit this flow; the text says why."""


def apply(flow: LogicFlow, edit: Edit) -> tuple[LogicFlow, Edit]:
    """The changed flow, and the edit that takes it back: `apply(*apply(flow, edit))[0] == flow`.

    Raises EditRefused where the edit does not fit the flow. A batch copies each part of the flow only once.
    """
    draft = _Draft(flow)
    inverse = _change(draft, edit)
    return draft.finished(), inverse


class _Draft:
    """A flow while edits are applied to it: each part is copied when it is first changed."""

    def __init__(self, flow: LogicFlow) -> None:
        self.flow = flow
        self._nodes: dict[str, Node] | None = None
        self._edges: list[Edge] | None = None
        self._frames: dict[str, Frame] | None = None
        self._notes: dict[str, StickyNote] | None = None
        self._parameters: dict[str, StrategyParameter] | None = None
        self._groups: dict[str, Group] | None = None
        self._routes: dict[Edge, tuple[Point, ...]] | None = None

    def node(self, id: str) -> Node:
        return _existing(self.flow.nodes if self._nodes is None else self._nodes, id, "block")

    def nodes(self) -> dict[str, Node]:
        if self._nodes is None:
            self._nodes = thawed(self.flow.nodes)
        return self._nodes

    def edges(self) -> list[Edge]:
        if self._edges is None:
            self._edges = sorted(self.flow.edges)
        return self._edges

    def keep_edges(self, edges: list[Edge]) -> None:
        self._edges = edges

    def frames(self) -> dict[str, Frame]:
        if self._frames is None:
            self._frames = thawed(self.flow.frames)
        return self._frames

    def notes(self) -> dict[str, StickyNote]:
        if self._notes is None:
            self._notes = thawed(self.flow.notes)
        return self._notes

    def parameters(self) -> dict[str, StrategyParameter]:
        if self._parameters is None:
            self._parameters = thawed(self.flow.parameters)
        return self._parameters

    def groups(self) -> dict[str, Group]:
        if self._groups is None:
            self._groups = thawed(self.flow.groups)
        return self._groups

    def routes(self) -> dict[Edge, tuple[Point, ...]]:
        if self._routes is None:
            self._routes = thawed(self.flow.routes)
        return self._routes

    def routes_of(self, edges: Iterable[Edge]) -> list[Edit]:
        """The edits that lead these wires as they are led now; the wires are not led any more."""
        held = self.flow.routes if self._routes is None else self._routes
        led = [edge for edge in edges if edge in held] if held else []
        return [SetRoute(edge, self.routes().pop(edge)) for edge in led]

    def finished(self) -> LogicFlow:
        old = self.flow
        return LogicFlow(
            nodes=old.nodes if self._nodes is None else frozen_mapping(self._nodes),
            edges=old.edges if self._edges is None else tuple(self._edges),
            frames=old.frames if self._frames is None else frozen_mapping(self._frames),
            notes=old.notes if self._notes is None else frozen_mapping(self._notes),
            parameters=old.parameters if self._parameters is None else frozen_mapping(self._parameters),
            name=old.name,
            groups=old.groups if self._groups is None else frozen_mapping(self._groups),
            routes=old.routes if self._routes is None else frozen_mapping(self._routes),
        )


def _change(draft: _Draft, edit: Edit) -> Edit:
    match edit:
        case AddNode() | RemoveNodes() | MoveNodes():
            return _change_nodes(draft, edit)
        case Connect() | Disconnect():
            return _change_edges(draft, edit)
        case SetParameter() | Rename() | Annotate() | Mute() | Collapse() | SetTemplateVersion():
            return _change_one_node(draft, edit)
        case AddFrame() | ChangeFrame() | RemoveFrame():
            return _change_frames(draft, edit)
        case AddNote() | ChangeNote() | RemoveNote():
            return _change_notes(draft, edit)
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


def _change_nodes(draft: _Draft, edit: AddNode | RemoveNodes | MoveNodes) -> Edit:
    match edit:
        case AddNode(node):
            _refuse_new(draft.nodes(), node.id, "block")
            if len(draft.nodes()) >= MAXIMUM_NODES:
                raise EditRefused(f"A flow holds at most {MAXIMUM_NODES:,} blocks; remove some first.")
            _refuse_numbers(*node.position, *node.parameters.values())
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
                _refuse_numbers(*place)
                nodes[id] = replace(nodes[id], position=place)
            return MoveNodes(frozen_mapping(before))
        case _:
            assert_never(edit)


def _change_edges(draft: _Draft, edit: Connect | Disconnect) -> Edit:
    edge = edit.edge
    edges = draft.edges()
    place = bisect_left(edges, edge)
    is_there = place < len(edges) and edges[place] == edge
    match edit:
        case Connect():
            draft.node(edge.source.node)
            draft.node(edge.target.node)
            if is_there:
                raise EditRefused(f"{_wire(edge)} is there already.")
            edges.insert(place, edge)
            return Disconnect(edge)
        case Disconnect():
            if not is_there:
                raise EditRefused(f"{_wire(edge)} is not there.")
            del edges[place]
            led = draft.routes_of((edge,))
            return Batch((Connect(edge), *led)) if led else Connect(edge)
        case _:
            assert_never(edit)


def _change_one_node(
    draft: _Draft, edit: SetParameter | Rename | Annotate | Mute | Collapse | SetTemplateVersion
) -> Edit:
    node = draft.node(edit.node)
    inverse: Edit
    match edit:
        case SetParameter(_, name, value, is_set):
            inverse = SetParameter(node.id, name, node.parameters.get(name), name in node.parameters)
            parameters = thawed(node.parameters)
            parameters.pop(name, None)
            if is_set:
                _refuse_numbers(value)
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


def _change_frames(draft: _Draft, edit: AddFrame | ChangeFrame | RemoveFrame) -> Edit:
    frames = draft.frames()
    match edit:
        case AddFrame(frame):
            _refuse_new(frames, frame.id, "frame")
            _refuse_numbers(*frame.rect)
            frames[frame.id] = frame
            return RemoveFrame(frame.id)
        case ChangeFrame(frame):
            before = _existing(frames, frame.id, "frame")
            _refuse_numbers(*frame.rect)
            frames[frame.id] = frame
            return ChangeFrame(before)
        case RemoveFrame(id):
            before = _existing(frames, id, "frame")
            del frames[id]
            return AddFrame(before)
        case _:
            assert_never(edit)


def _change_notes(draft: _Draft, edit: AddNote | ChangeNote | RemoveNote) -> Edit:
    notes = draft.notes()
    match edit:
        case AddNote(note):
            _refuse_new(notes, note.id, "note")
            _refuse_numbers(*note.rect)
            notes[note.id] = note
            return RemoveNote(note.id)
        case ChangeNote(note):
            before = _existing(notes, note.id, "note")
            _refuse_numbers(*note.rect)
            notes[note.id] = note
            return ChangeNote(before)
        case RemoveNote(id):
            before = _existing(notes, id, "note")
            del notes[id]
            return AddNote(before)
        case _:
            assert_never(edit)


def _change_parameters(draft: _Draft, edit: SetStrategyParameter) -> Edit:
    parameters = draft.parameters()
    before = parameters.get(edit.name)
    parameter = edit.parameter
    if parameter is None:
        parameters.pop(edit.name, None)
    else:
        _refuse_numbers(parameter.value, parameter.minimum, parameter.maximum, parameter.step)
        parameters[edit.name] = parameter  # one that was there keeps its place in the list
    return SetStrategyParameter(edit.name, before)


def _change_route(draft: _Draft, edit: SetRoute) -> Edit:
    edge, edges = edit.edge, draft.edges()
    place = bisect_left(edges, edge)
    if place >= len(edges) or edges[place] != edge:
        raise EditRefused(f"{_wire(edge)} is not there.")
    for point in edit.points:
        _refuse_numbers(*point)
    before = draft.routes().pop(edge, ())
    if edit.points:
        draft.routes()[edge] = edit.points
    return SetRoute(edge, before)


def _change_groups(draft: _Draft, edit: SetGroup | InGroup) -> Edit:
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
            held = _existing(groups, id, "group")
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


def _existing(mapping: Mapping[str, V], id: str, what: str) -> V:
    if id not in mapping:
        raise EditRefused(f"There is no {what} with the id '{id}'.")
    return mapping[id]


def _refuse_new(mapping: Mapping[str, object], id: str, what: str) -> None:
    if not id:
        raise EditRefused(f"A {what} needs an id that is not empty.")
    if id in mapping:
        raise EditRefused(f"There is a {what} with the id '{id}' already.")


def _refuse_numbers(*values: object) -> None:
    for held in values:
        value = held.value if isinstance(held, Secret) else held
        if isinstance(value, int | float) and not is_storable_number(value):
            raise EditRefused("A number is not finite (NaN or infinity), or too large; use an ordinary number.")


def _wire(edge: Edge) -> str:
    return f"The wire from '{edge.source.node}.{edge.source.port}' to '{edge.target.node}.{edge.target.port}'"
