"""The one vocabulary in which a flow changes: an Edit is data, and applying it gives the new flow and the inverse.

Undo, autosave, recovery, the clipboard and the tests all speak it. Applying an edit that does not fit the flow (a
node that is not there, an id that is taken) raises EditRefused with a sentence; the flow is never half-changed.
"""

from bisect import insort
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar, assert_never

from builder_app.flow.values import (
    Edge,
    Frame,
    LogicFlow,
    Node,
    ParameterValue,
    Point,
    StickyNote,
    StrategyParameter,
    frozen_mapping,
)

V = TypeVar("V")


class EditRefused(ValueError):
    """The edit does not fit this flow; the text says why."""


@dataclass(frozen=True, slots=True)
class AddNode:
    """Put a node on the canvas."""

    node: Node


@dataclass(frozen=True, slots=True)
class RemoveNodes:
    """Take nodes away, and every wire that starts or ends in them."""

    nodes: frozenset[str]


@dataclass(frozen=True, slots=True)
class MoveNodes:
    """Put nodes at these places."""

    positions: Mapping[str, Point]


@dataclass(frozen=True, slots=True)
class Connect:
    """Draw a wire."""

    edge: Edge


@dataclass(frozen=True, slots=True)
class Disconnect:
    """Take a wire away."""

    edge: Edge


@dataclass(frozen=True, slots=True)
class SetParameter:
    """Set a node's parameter; `UNSET` (`is_set=False`) returns it to the template's default."""

    node: str
    name: str
    value: ParameterValue = None
    is_set: bool = True


@dataclass(frozen=True, slots=True)
class Rename:
    """Change a node's label."""

    node: str
    label: str


@dataclass(frozen=True, slots=True)
class Annotate:
    """Change a node's note."""

    node: str
    note: str


@dataclass(frozen=True, slots=True)
class Mute:
    """Bypass a node, or bring it back."""

    node: str
    muted: bool


@dataclass(frozen=True, slots=True)
class SetTemplateVersion:
    """Draw the node with another version of its template."""

    node: str
    version: str


@dataclass(frozen=True, slots=True)
class AddFrame:
    """Put a frame on the canvas."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class ChangeFrame:
    """Put this frame in the place of the one with its id."""

    frame: Frame


@dataclass(frozen=True, slots=True)
class RemoveFrame:
    """Take a frame away; its nodes stay."""

    frame: str


@dataclass(frozen=True, slots=True)
class AddNote:
    """Put a sticky note on the canvas."""

    note: StickyNote


@dataclass(frozen=True, slots=True)
class ChangeNote:
    """Put this sticky note in the place of the one with its id."""

    note: StickyNote


@dataclass(frozen=True, slots=True)
class RemoveNote:
    """Take a sticky note away."""

    note: str


@dataclass(frozen=True, slots=True)
class SetStrategyParameter:
    """Define or change a strategy parameter; None takes it away."""

    name: str
    parameter: StrategyParameter | None


@dataclass(frozen=True, slots=True)
class RenameStrategy:
    """Change the strategy's name."""

    name: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Several edits as one step of the history. `title` names the step; empty: it is named after its edits."""

    edits: tuple["Edit", ...]
    title: str = ""


Edit = (
    AddNode
    | RemoveNodes
    | MoveNodes
    | Connect
    | Disconnect
    | SetParameter
    | Rename
    | Annotate
    | Mute
    | SetTemplateVersion
    | AddFrame
    | ChangeFrame
    | RemoveFrame
    | AddNote
    | ChangeNote
    | RemoveNote
    | SetStrategyParameter
    | RenameStrategy
    | Batch
)


def apply(flow: LogicFlow, edit: Edit) -> tuple[LogicFlow, Edit]:
    """The changed flow, and the edit that takes it back: `apply(*apply(flow, edit))[0] == flow`.

    Raises EditRefused where the edit does not fit the flow.
    """
    match edit:
        case AddNode() | RemoveNodes() | MoveNodes():
            return _apply_to_nodes(flow, edit)
        case Connect() | Disconnect():
            return _apply_to_edges(flow, edit)
        case SetParameter() | Rename() | Annotate() | Mute() | SetTemplateVersion():
            return _apply_to_one_node(flow, edit)
        case AddFrame() | ChangeFrame() | RemoveFrame():
            return _apply_to_frames(flow, edit)
        case AddNote() | ChangeNote() | RemoveNote():
            return _apply_to_notes(flow, edit)
        case SetStrategyParameter():
            before = flow.parameters.get(edit.name)
            parameters = _with(flow.parameters, edit.name, edit.parameter)
            return replace(flow, parameters=parameters), SetStrategyParameter(edit.name, before)
        case RenameStrategy():
            return replace(flow, name=edit.name), RenameStrategy(flow.name)
        case Batch():
            return _apply_batch(flow, edit)
        case _:
            assert_never(edit)


def _apply_batch(flow: LogicFlow, edit: Batch) -> tuple[LogicFlow, Edit]:
    inverses: list[Edit] = []
    for part in edit.edits:
        flow, inverse = apply(flow, part)
        inverses.append(inverse)
    return flow, Batch(tuple(reversed(inverses)), edit.title)


def _apply_to_nodes(flow: LogicFlow, edit: AddNode | RemoveNodes | MoveNodes) -> tuple[LogicFlow, Edit]:
    match edit:
        case AddNode(node):
            if node.id in flow.nodes:
                raise EditRefused(f"There is a block with the id '{node.id}' already.")
            return replace(flow, nodes=_with(flow.nodes, node.id, node)), RemoveNodes(frozenset({node.id}))
        case RemoveNodes(gone):
            for id in gone:
                _node(flow, id)
            cut = tuple(edge for edge in flow.edges if edge.source.node in gone or edge.target.node in gone)
            back: list[Edit] = [AddNode(flow.nodes[id]) for id in sorted(gone)]
            back += [Connect(edge) for edge in cut]
            nodes = frozen_mapping((id, node) for id, node in flow.nodes.items() if id not in gone)
            lost = set(cut)
            kept = tuple(edge for edge in flow.edges if edge not in lost) if cut else flow.edges
            return replace(flow, nodes=nodes, edges=kept), Batch(tuple(back))
        case MoveNodes(positions):
            before = {id: _node(flow, id).position for id in positions}
            moved = {id: replace(flow.nodes[id], position=place) for id, place in positions.items()}
            return replace(flow, nodes=frozen_mapping({**flow.nodes, **moved})), MoveNodes(frozen_mapping(before))
        case _:
            assert_never(edit)


def _apply_to_edges(flow: LogicFlow, edit: Connect | Disconnect) -> tuple[LogicFlow, Edit]:
    edge = edit.edge
    match edit:
        case Connect():
            _node(flow, edge.source.node)
            _node(flow, edge.target.node)
            if edge in flow.edges:
                raise EditRefused(f"{_wire(edge)} is there already.")
            edges = list(flow.edges)
            insort(edges, edge)
            return replace(flow, edges=tuple(edges)), Disconnect(edge)
        case Disconnect():
            if edge not in flow.edges:
                raise EditRefused(f"{_wire(edge)} is not there.")
            return replace(flow, edges=tuple(other for other in flow.edges if other != edge)), Connect(edge)
        case _:
            assert_never(edit)


def _apply_to_one_node(
    flow: LogicFlow, edit: SetParameter | Rename | Annotate | Mute | SetTemplateVersion
) -> tuple[LogicFlow, Edit]:
    node = _node(flow, edit.node)
    inverse: Edit
    match edit:
        case SetParameter(_, name, value, is_set):
            was_set = name in node.parameters
            inverse = SetParameter(node.id, name, node.parameters.get(name), was_set)
            parameters = {key: old for key, old in node.parameters.items() if key != name or is_set}
            changed = replace(node, parameters=frozen_mapping({**parameters, name: value} if is_set else parameters))
        case Rename(_, label):
            changed, inverse = replace(node, label=label), Rename(node.id, node.label)
        case Annotate(_, note):
            changed, inverse = replace(node, note=note), Annotate(node.id, node.note)
        case Mute(_, muted):
            changed, inverse = replace(node, muted=muted), Mute(node.id, node.muted)
        case SetTemplateVersion(_, version):
            changed, inverse = (
                replace(node, template_version=version),
                SetTemplateVersion(node.id, node.template_version),
            )
        case _:
            assert_never(edit)
    return replace(flow, nodes=_with(flow.nodes, node.id, changed)), inverse


def _apply_to_frames(flow: LogicFlow, edit: AddFrame | ChangeFrame | RemoveFrame) -> tuple[LogicFlow, Edit]:
    inverse: Edit
    match edit:
        case AddFrame(frame):
            _refuse_taken(flow.frames, frame.id, "frame")
            frames, inverse = _with(flow.frames, frame.id, frame), RemoveFrame(frame.id)
        case ChangeFrame(frame):
            before = _existing(flow.frames, frame.id, "frame")
            frames, inverse = _with(flow.frames, frame.id, frame), ChangeFrame(before)
        case RemoveFrame(id):
            before = _existing(flow.frames, id, "frame")
            frames, inverse = _with(flow.frames, id, None), AddFrame(before)
        case _:
            assert_never(edit)
    return replace(flow, frames=frames), inverse


def _apply_to_notes(flow: LogicFlow, edit: AddNote | ChangeNote | RemoveNote) -> tuple[LogicFlow, Edit]:
    inverse: Edit
    match edit:
        case AddNote(note):
            _refuse_taken(flow.notes, note.id, "note")
            notes, inverse = _with(flow.notes, note.id, note), RemoveNote(note.id)
        case ChangeNote(note):
            before = _existing(flow.notes, note.id, "note")
            notes, inverse = _with(flow.notes, note.id, note), ChangeNote(before)
        case RemoveNote(id):
            before = _existing(flow.notes, id, "note")
            notes, inverse = _with(flow.notes, id, None), AddNote(before)
        case _:
            assert_never(edit)
    return replace(flow, notes=notes), inverse


def _with(mapping: Mapping[str, V], key: str, value: V | None) -> Mapping[str, V]:
    changed = dict(mapping)
    if value is None:
        changed.pop(key, None)
    else:
        changed[key] = value
    return frozen_mapping(changed)


def _node(flow: LogicFlow, id: str) -> Node:
    return _existing(flow.nodes, id, "block")


def _existing(mapping: Mapping[str, V], id: str, what: str) -> V:
    if id not in mapping:
        raise EditRefused(f"There is no {what} with the id '{id}'.")
    return mapping[id]


def _refuse_taken(mapping: Mapping[str, object], id: str, what: str) -> None:
    if id in mapping:
        raise EditRefused(f"There is a {what} with the id '{id}' already.")


def _wire(edge: Edge) -> str:
    return f"The wire from '{edge.source.node}.{edge.source.port}' to '{edge.target.node}.{edge.target.port}'"
