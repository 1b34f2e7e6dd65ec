"""Copying a part of a flow as text, and pasting it into another flow, another window or another program."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final, TypeVar

from builder_app.flow.codec import FORMAT, FlowUnreadable, encode, loads, written
from builder_app.flow.edits import (
    AddFrame,
    AddNode,
    AddNote,
    Batch,
    Connect,
    Edit,
    SetGroup,
    SetRoute,
    SetStrategyParameter,
)
from builder_app.flow.formulas import names_in
from builder_app.flow.groups import BOUNDARY, group_of, inner_first, template_name, used_groups
from builder_app.flow.sameness import is_same_group
from builder_app.flow.secret_values import with_secrets
from builder_app.flow.values import (
    Edge,
    Frame,
    Group,
    LogicFlow,
    Node,
    Point,
    Port,
    Secret,
    StickyNote,
    fresh_id,
    frozen_mapping,
)

__all__ = [
    "FRAGMENT",
    "FlowUnreadable",
    "add_part",
    "copy",
    "corner_of",
    "part_of",
    "part_text",
    "paste",
    "pasted_part",
]

Placed = TypeVar("Placed", Frame, StickyNote)
FRAGMENT: Final = "logic-flow-fragment"


def part_of(
    flow: LogicFlow, node_ids: Collection[str], frames: Collection[str] = (), notes: Collection[str] = ()
) -> LogicFlow:
    """These blocks with the wires between them and the groups and strategy parameters they refer to, frames and sticky
    notes (all by their ids), as a flow of their own.

    Values of sensitive parameters stay here. Ids that are not in the flow are left out.
    """
    nodes = {id: flow.nodes[id] for id in node_ids if id in flow.nodes and id not in BOUNDARY}
    groups = {id: flow.groups[id] for id in used_groups(LogicFlow(frozen_mapping(nodes), groups=flow.groups))}
    named = _named_parameters(
        [*nodes.values(), *(node for held in groups.values() for node in held.body.nodes.values())]
    )
    edges = tuple(edge for edge in flow.edges if edge.source.node in nodes and edge.target.node in nodes)
    part = LogicFlow(
        nodes=frozen_mapping(nodes),
        frames=frozen_mapping((id, frame) for id, frame in flow.frames.items() if id in frames),
        notes=frozen_mapping((id, note) for id, note in flow.notes.items() if id in notes),
        edges=edges,
        groups=frozen_mapping(groups),
        routes=frozen_mapping((edge, flow.routes[edge]) for edge in edges if edge in flow.routes),
        parameters=frozen_mapping(
            (name, parameter)
            for name, parameter in flow.parameters.items()
            if name in named and not parameter.sensitive
        ),
    )
    return with_secrets(part, lambda _place, _secret: Secret())


def copy(flow: LogicFlow, node_ids: Collection[str], frames: Collection[str] = (), notes: Collection[str] = ()) -> str:
    """The same part of the flow as text of a flow's form."""
    return part_text(part_of(flow, node_ids, frames, notes))


def part_text(part: LogicFlow) -> str:
    """A part as text of a flow's form."""
    return written({**encode(part), "format": FRAGMENT})


def _named_parameters(nodes: Iterable[Node]) -> set[str]:
    """The strategy parameters that these blocks refer to."""
    values = (value for node in nodes for value in node.parameters.values())
    return {name for value in values for name in names_in(value)}


def pasted_part(text: str) -> LogicFlow:
    """What a text holds that may be pasted: a fragment, or a whole flow. Raises FlowUnreadable for any other text."""
    return loads(text, (FRAGMENT, FORMAT))


def paste(text: str, flow: LogicFlow, at: Point) -> Edit:
    """One step that adds what `text` holds, as `add_part` does. Raises FlowUnreadable for any other text."""
    return add_part(pasted_part(text), flow, at)


def add_part(part: LogicFlow, flow: LogicFlow, at: Point) -> Edit:
    """One step that adds what `part` holds to the flow under fresh ids, its upper left corner `at`.

    Strategy parameters and groups that this flow does not have yet come along; a group of the same id that differs
    comes under another one.
    """
    corner = corner_of(part)
    shift = Point(at.x - corner.x, at.y - corner.y)
    ids = _fresh_ids(part.nodes, flow.nodes)
    frames, notes = _fresh_ids(part.frames, flow.frames), _fresh_ids(part.notes, flow.notes)
    edits: list[Edit] = [
        SetStrategyParameter(name, parameter)
        for name, parameter in sorted(part.parameters.items())
        if name not in flow.parameters
    ]
    groups = _group_ids(part.groups, flow.groups)
    edits += [
        SetGroup(groups[id], _renamed(part.groups[id], groups))
        for id in inner_first(part.groups)
        if groups[id] not in flow.groups
    ]
    edits += [AddNode(_moved(_of_group(part.nodes[id], groups), ids[id], shift)) for id in sorted(part.nodes)]
    edits += [Connect(_rewired(edge, ids)) for edge in part.edges]
    edits += [
        SetRoute(_rewired(edge, ids), tuple(Point(at.x + shift.x, at.y + shift.y) for at in points))
        for edge, points in part.routes.items()
    ]
    edits += [AddFrame(_placed(frame, frames[frame.id], shift)) for frame in part.frames.values()]
    edits += [AddNote(_placed(note, notes[note.id], shift)) for note in part.notes.values()]
    return Batch(tuple(edits), f"Paste {_counted(part)}")


def _group_ids(pasted: Mapping[str, Group], there: Mapping[str, Group]) -> Mapping[str, str]:
    """For each pasted group the id that it has here: its own where that is free or means the same, or a fresh one."""
    ids: dict[str, str] = {}
    for id in inner_first(pasted):
        same = is_same_group(there.get(id), _renamed(pasted[id], ids))
        ids[id] = id if same else fresh_id(id, {*there, *ids.values()})
    return ids


def _renamed(group: Group, ids: Mapping[str, str]) -> Group:
    """The group under the id that it has here, and so every group inside it."""
    nodes = frozen_mapping((id, _of_group(node, ids)) for id, node in group.body.nodes.items())
    return replace(group, id=ids.get(group.id, group.id), body=replace(group.body, nodes=nodes))


def _of_group(node: Node, ids: Mapping[str, str]) -> Node:
    group = group_of(node.template)
    return (
        node if group is None or ids.get(group, group) == group else replace(node, template=template_name(ids[group]))
    )


def _counted(part: LogicFlow) -> str:
    """What is pasted, in words: blocks where there are any, otherwise frames and notes."""
    if part.nodes or not (part.frames or part.notes):
        return f"{len(part.nodes)} block{'' if len(part.nodes) == 1 else 's'}"
    if not part.frames:
        return f"{len(part.notes)} note{'' if len(part.notes) == 1 else 's'}"
    return f"{len(part.frames)} frame{'' if len(part.frames) == 1 else 's'}"


def corner_of(part: LogicFlow) -> Point:
    """The upper left corner of all that a part holds."""
    places = [(node.position.x, node.position.y) for node in part.nodes.values()]
    places += [(frame.rect.x, frame.rect.y) for frame in part.frames.values()]
    places += [(note.rect.x, note.rect.y) for note in part.notes.values()]
    if not places:
        return Point(0.0, 0.0)
    return Point(min(x for x, _ in places), min(y for _, y in places))


def _fresh_ids(wanted: Iterable[str], taken: Collection[str]) -> Mapping[str, str]:
    """For each id itself where it is free, otherwise its stem with the next free number: `sma_2`, `sma_3`, …"""
    used = set(taken)
    next_number: dict[str, int] = {}
    fresh = {}
    for id in sorted(wanted):
        new = id
        if id in used:
            stem = re.sub(r"_\d+$", "", id) or id
            number = next_number.get(stem, 2)
            while f"{stem}_{number}" in used:
                number += 1
            next_number[stem] = number + 1
            new = f"{stem}_{number}"
        used.add(new)
        fresh[id] = new
    return fresh


def _moved(node: Node, id: str, shift: Point) -> Node:
    return replace(node, id=id, position=Point(node.position.x + shift.x, node.position.y + shift.y))


def _placed(item: Placed, id: str, shift: Point) -> Placed:
    rect = item.rect._replace(x=item.rect.x + shift.x, y=item.rect.y + shift.y)
    return replace(item, id=id, rect=rect)


def _rewired(edge: Edge, ids: Mapping[str, str]) -> Edge:
    (source, output), (target, entry) = edge
    return Edge(Port(ids[source], output), Port(ids[target], entry))
