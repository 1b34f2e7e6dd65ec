"""Copying a part of a flow as text, and pasting it into another flow, another window or another program."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final, TypeVar

from builder_app.flow.codec import FORMAT, FlowUnreadable, decode, encode, written
from builder_app.flow.edits import AddFrame, AddNode, AddNote, Batch, Connect, Edit, SetStrategyParameter
from builder_app.flow.json_text import read_json
from builder_app.flow.values import (
    Edge,
    Frame,
    LogicFlow,
    Node,
    ParameterReference,
    Point,
    Port,
    StickyNote,
    frozen_mapping,
)

__all__ = ["FRAGMENT", "FlowUnreadable", "copy", "paste"]

Placed = TypeVar("Placed", Frame, StickyNote)
FRAGMENT: Final = "logic-flow-fragment"


def copy(flow: LogicFlow, node_ids: Collection[str], frames: Collection[str] = (), notes: Collection[str] = ()) -> str:
    """These blocks, the wires between them and the strategy parameters they refer to, frames and sticky notes (all by
    their ids), as text of a flow's form.

    Values of sensitive parameters stay here. Ids that are not in the flow are left out.
    """
    nodes = {id: flow.nodes[id] for id in node_ids if id in flow.nodes}
    named = {
        value.name
        for node in nodes.values()
        for value in node.parameters.values()
        if isinstance(value, ParameterReference)
    }
    part = LogicFlow(
        nodes=frozen_mapping(nodes),
        frames=frozen_mapping((id, frame) for id, frame in flow.frames.items() if id in frames),
        notes=frozen_mapping((id, note) for id, note in flow.notes.items() if id in notes),
        edges=tuple(edge for edge in flow.edges if edge.source.node in nodes and edge.target.node in nodes),
        parameters=frozen_mapping(
            (name, parameter)
            for name, parameter in flow.parameters.items()
            if name in named and not parameter.sensitive
        ),
    )
    return written({**encode(part), "format": FRAGMENT})


def paste(text: str, flow: LogicFlow, at: Point) -> Edit:
    """One step that adds what `text` holds (a fragment, or a whole flow) under fresh ids, its upper left corner `at`.

    Strategy parameters that this flow does not have yet come along. Raises FlowUnreadable for any other text.
    """
    part = decode(read_json(text), (FRAGMENT, FORMAT))
    corner = _corner(part)
    shift = Point(at.x - corner.x, at.y - corner.y)
    ids = _fresh_ids(part.nodes, flow.nodes)
    frames, notes = _fresh_ids(part.frames, flow.frames), _fresh_ids(part.notes, flow.notes)
    edits: list[Edit] = [
        SetStrategyParameter(name, parameter)
        for name, parameter in sorted(part.parameters.items())
        if name not in flow.parameters
    ]
    edits += [AddNode(_moved(part.nodes[id], ids[id], shift)) for id in sorted(part.nodes)]
    edits += [Connect(_rewired(edge, ids)) for edge in part.edges]
    edits += [AddFrame(_placed(frame, frames[frame.id], shift)) for frame in part.frames.values()]
    edits += [AddNote(_placed(note, notes[note.id], shift)) for note in part.notes.values()]
    return Batch(tuple(edits), f"Paste {_counted(part)}")


def _counted(part: LogicFlow) -> str:
    """What is pasted, in words: blocks where there are any, otherwise frames and notes."""
    if part.nodes or not (part.frames or part.notes):
        return f"{len(part.nodes)} block{'' if len(part.nodes) == 1 else 's'}"
    if not part.frames:
        return f"{len(part.notes)} note{'' if len(part.notes) == 1 else 's'}"
    return f"{len(part.frames)} frame{'' if len(part.frames) == 1 else 's'}"


def _corner(part: LogicFlow) -> Point:
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
