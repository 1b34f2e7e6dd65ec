"""Taking a group apart again, as one edit of the level where its instance is drawn."""

from collections.abc import Mapping
from dataclasses import replace

from builder_app.flow.edit_kinds import (
    AddFrame,
    AddNode,
    AddNote,
    Batch,
    Connect,
    Edit,
    RemoveNodes,
    SetGroup,
    SetRoute,
)
from builder_app.flow.group_expansion import body_of
from builder_app.flow.grouping import GroupingRefused, middle_of
from builder_app.flow.groups import BOUNDARY, catalogue_with_groups, group_of, instances_of
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import GROUP_INPUTS, GROUP_OUTPUTS, Edge, LogicFlow, Node, Point, Port, fresh_id
from builder_app.flow.wording import block_name


def ungroup(flow: LogicFlow, catalogue: Catalogue, instance: str, whole: LogicFlow | None = None) -> Batch:
    """One step that puts the blocks of a group in the place of this instance. Raises GroupingRefused.

    The group itself goes with its last instance; `whole` is the strategy, where `flow` is what is drawn in a group.
    """
    known = catalogue_with_groups(flow, catalogue)
    node = flow.nodes.get(instance)
    template = known.of(node) if node is not None else None
    group = group_of(node.template) if node is not None else None
    if node is None or template is None or not template.body:
        raise GroupingRefused("Only a group can be taken apart: select one.")
    if group is None:
        raise GroupingRefused(f"'{block_name(node, known)}' is a block of your own; its inside is not this strategy's.")
    if node.muted:
        raise GroupingRefused(f"'{block_name(node, known)}' is muted; bring it back before you take it apart.")
    body = body_of(node, template)
    edits = _taken_apart(flow, node, body)
    if instances_of(whole if whole is not None else flow, group) == 1:
        edits.append(SetGroup(group, None))
    return Batch(tuple(edits), f"Ungroup {block_name(node, known)}")


def _taken_apart(flow: LogicFlow, instance: Node, body: LogicFlow) -> list[Edit]:
    inner = {id: node for id, node in body.nodes.items() if id not in BOUNDARY}
    taken = {*flow.nodes} - {instance.id}
    ids: dict[str, str] = {}
    for id in sorted(inner):
        ids[id] = fresh_id(id, taken)
        taken.add(ids[id])
    middle = middle_of(inner.values()) if inner else Point(0.0, 0.0)
    shift = Point(instance.position.x - middle.x, instance.position.y - middle.y)

    def shifted(place: Point) -> Point:
        return Point(place.x + shift.x, place.y + shift.y)

    edits: list[Edit] = [RemoveNodes(frozenset({instance.id}))]
    edits += [AddNode(replace(node, id=ids[id], position=shifted(node.position))) for id, node in sorted(inner.items())]
    edits += [Connect(edge) for edge in sorted(_rewired(flow, instance.id, body, ids))]
    for edge, points in body.routes.items():
        if edge.source.node in ids and edge.target.node in ids:
            edits.append(SetRoute(_with_ids(edge, ids), tuple(map(shifted, points))))
    for frame in body.frames.values():
        x, y = shifted(Point(frame.rect.x, frame.rect.y))
        edits.append(AddFrame(replace(frame, id=fresh_id(frame.id, flow.frames), rect=frame.rect._replace(x=x, y=y))))
    for note in body.notes.values():
        x, y = shifted(Point(note.rect.x, note.rect.y))
        edits.append(AddNote(replace(note, id=fresh_id(note.id, flow.notes), rect=note.rect._replace(x=x, y=y))))
    return edits


def _with_ids(edge: Edge, ids: Mapping[str, str]) -> Edge:
    return Edge(Port(ids[edge.source.node], edge.source.port), Port(ids[edge.target.node], edge.target.port))


def _rewired(flow: LogicFlow, instance: str, body: LogicFlow, ids: Mapping[str, str]) -> set[Edge]:
    """The wires inside, and those through the group's ports from block to block."""
    feeding: dict[str, list[Port]] = {}
    for edge in flow.edges:
        if edge.target.node == instance:
            feeding.setdefault(edge.target.port, []).append(edge.source)
    giving: dict[str, list[Port]] = {}
    found: set[Edge] = set()
    for (source, output), (target, entry) in body.edges:
        sources = feeding.get(output, []) if source == GROUP_INPUTS else [Port(ids[source], output)]
        if target == GROUP_OUTPUTS:
            giving.setdefault(entry, []).extend(sources)
        else:
            found |= {Edge(port, Port(ids[target], entry)) for port in sources}
    for edge in flow.edges:
        if edge.source.node == instance:
            found |= {Edge(port, edge.target) for port in giving.get(edge.source.port, ())}
    return found
