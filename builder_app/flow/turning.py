"""One edit that turns a flow into another: going back to a kept version is a step like any other, and can be undone."""

from builder_app.flow.edit_kinds import (
    AddFrame,
    AddNode,
    AddNote,
    Batch,
    Connect,
    Disconnect,
    Edit,
    RemoveFrame,
    RemoveNodes,
    RemoveNote,
    RenameStrategy,
    SetGroup,
    SetRoute,
    SetStrategyParameter,
)
from builder_app.flow.sameness import is_same_group, is_same_node, is_same_parameter
from builder_app.flow.values import LogicFlow


def turning_into(before: LogicFlow, after: LogicFlow, title: str) -> Batch:
    """The edit, called `title`, that applied to `before` gives `after`; without parts where they are equal.

    Blocks that are the same in both are left alone, with the wires between them.
    """
    parts = (_whole, _groups, _blocks_and_wires, _frames_and_notes)
    return Batch(tuple(edit for part in parts for edit in part(before, after)), title)


def _whole(before: LogicFlow, after: LogicFlow) -> list[Edit]:
    edits: list[Edit] = [] if before.name == after.name else [RenameStrategy(after.name)]
    for name in sorted({*before.parameters, *after.parameters}):
        old, new = before.parameters.get(name), after.parameters.get(name)
        if old is None or new is None or not is_same_parameter(old, new):
            edits.append(SetStrategyParameter(name, new))
    return edits


def _groups(before: LogicFlow, after: LogicFlow) -> list[Edit]:
    return [
        SetGroup(id, after.groups.get(id))
        for id in sorted({*before.groups, *after.groups})
        if not is_same_group(before.groups.get(id), after.groups.get(id))
    ]


def _blocks_and_wires(before: LogicFlow, after: LogicFlow) -> list[Edit]:
    kept = {id for id in before.nodes.keys() & after.nodes.keys() if is_same_node(before.nodes[id], after.nodes[id])}
    gone = before.nodes.keys() - kept
    staying = {edge for edge in before.edges if edge.source.node in kept and edge.target.node in kept}
    edits: list[Edit] = [RemoveNodes(frozenset(gone))] if gone else []
    edits += [AddNode(after.nodes[id]) for id in sorted(after.nodes.keys() - kept)]
    edits += [Disconnect(edge) for edge in sorted(staying - set(after.edges))]
    edits += [Connect(edge) for edge in sorted(set(after.edges) - staying)]
    for edge in after.edges:
        led = before.routes.get(edge, ()) if edge in staying else ()
        if after.routes.get(edge, ()) != led:
            edits.append(SetRoute(edge, after.routes.get(edge, ())))
    return edits


def _frames_and_notes(before: LogicFlow, after: LogicFlow) -> list[Edit]:
    edits: list[Edit] = []
    for id in sorted({*before.frames, *after.frames}):
        if before.frames.get(id) != after.frames.get(id):
            edits += [RemoveFrame(id)] if id in before.frames else []
            edits += [AddFrame(after.frames[id])] if id in after.frames else []
    for id in sorted({*before.notes, *after.notes}):
        if before.notes.get(id) != after.notes.get(id):
            edits += [RemoveNote(id)] if id in before.notes else []
            edits += [AddNote(after.notes[id])] if id in after.notes else []
    return edits
