"""Making a group of chosen blocks, and taking one apart again, each as one edit of the level where it is drawn."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from builder_app.flow.edit_kinds import (
    AddNode,
    Batch,
    Connect,
    Edit,
    InGroup,
    RemoveFrame,
    RemoveNodes,
    RemoveNote,
    RenameStrategy,
    SetGroup,
    SetStrategyParameter,
)
from builder_app.flow.group_paths import PATH_JOINT
from builder_app.flow.groups import BOUNDARY, catalogue_with_groups, template_name
from builder_app.flow.templates import Catalogue
from builder_app.flow.topology import successors
from builder_app.flow.values import (
    EMPTY_FLOW,
    GROUP_INPUTS,
    GROUP_OUTPUTS,
    Edge,
    Group,
    GroupPort,
    LogicFlow,
    Node,
    Point,
    Port,
    PortType,
    Secret,
    fresh_id,
    frozen_mapping,
)
from builder_app.flow.wording import block_name, listed, words

COLUMN: Final = 280.0
"""How far the blocks of a group's ports stand from the other blocks."""
ROOM: Final = 80.0
"""So much further on the right, where blocks end later than they begin."""


class GroupingRefused(ValueError):
    """The blocks can't become a group, or the group can't be taken apart; the text says why."""


def in_group(group: str | None, edit: Edit) -> Edit:
    """An edit of what is drawn inside a group, as an edit of the strategy; what belongs to the strategy stays outside.

    Neighbouring parts of a batch are put together, so that a large one copies the group once.
    """
    if group is None:
        return edit
    match edit:
        case Batch(edits, title):
            parts: list[Edit] = []
            for part in edits:
                inside = in_group(group, part)
                last = parts[-1] if parts else None
                if isinstance(inside, InGroup) and isinstance(last, InGroup):
                    before = last.edit.edits if isinstance(last.edit, Batch) else (last.edit,)
                    parts[-1] = InGroup(group, Batch((*before, inside.edit)))
                else:
                    parts.append(inside)
            return Batch(tuple(parts), title)
        case SetGroup() | InGroup() | SetStrategyParameter() | RenameStrategy():
            return edit
        case _:
            return InGroup(group, edit)


@dataclass(slots=True)
class _Cut:
    """The wires that cross the edge of a group: for each outer output an input, for each inner output an output."""

    inputs: dict[Port, str] = field(default_factory=dict)
    outputs: dict[Port, str] = field(default_factory=dict)
    ports: dict[str, list[GroupPort]] = field(default_factory=lambda: {GROUP_INPUTS: [], GROUP_OUTPUTS: []})
    inside: list[Edge] = field(default_factory=list)
    outside: list[Edge] = field(default_factory=list)


def group_nodes(
    flow: LogicFlow,
    catalogue: Catalogue,
    ids: Collection[str],
    title: str = "",
    things: tuple[Collection[str], Collection[str]] = ((), ()),
) -> Batch:
    """One step that puts an instance of a new group in the place of these blocks, its ports made of the cut wires.

    `flow` is what is drawn at one level, with all groups of the strategy; `things` are frames and notes (ids) that go
    along. Raises GroupingRefused.
    """
    known = catalogue_with_groups(flow, catalogue)
    chosen = {id: flow.nodes[id] for id in sorted(ids) if id in flow.nodes and id not in BOUNDARY}
    _refuse_wrong_choice(flow, known, chosen)
    group_id = fresh_id("group", flow.groups)
    inner_ids = _inner_ids(chosen)
    instance_id = fresh_id(group_id, flow.nodes.keys() - chosen.keys())
    cut = _cut(flow, known, (chosen, inner_ids), (group_id, instance_id))
    body = _body(flow, chosen, inner_ids, cut, things)
    said = title.strip() or _title(flow)
    group = Group(group_id, said, body, tuple(cut.ports[GROUP_INPUTS]), tuple(cut.ports[GROUP_OUTPUTS]))
    instance = Node(instance_id, template_name(group_id), position=middle_of(chosen.values()))
    edits: list[Edit] = [
        SetGroup(group_id, group),
        RemoveNodes(frozenset(chosen)),
        AddNode(instance),
        *(Connect(edge) for edge in sorted(set(cut.outside))),
        *(RemoveFrame(id) for id in things[0]),
        *(RemoveNote(id) for id in things[1]),
    ]
    return Batch(tuple(edits), f"Group {len(chosen)} block{'' if len(chosen) == 1 else 's'}")


def _refuse_wrong_choice(flow: LogicFlow, catalogue: Catalogue, chosen: Mapping[str, Node]) -> None:
    if not chosen:
        raise GroupingRefused("Select the blocks that are to become a group first.")
    for node in chosen.values():
        if any(isinstance(value, Secret) and value.kept for value in node.parameters.values()):
            name = block_name(node, catalogue)
            raise GroupingRefused(f"A sensitive value of '{name}' can't be opened now; in a group it would be lost.")
    between = _between(flow, chosen)
    if between:
        names = tuple(block_name(flow.nodes[id], catalogue) for id in between)
        one = len(names) == 1
        raise GroupingRefused(
            f"{listed(names)} {'stands' if one else 'stand'} between the chosen blocks: "
            f"choose {'it' if one else 'them'} too, or the wires would go in a circle."
        )


def _between(flow: LogicFlow, chosen: Collection[str]) -> list[str]:
    """The blocks outside that are reached from the chosen ones and lead back into them."""
    following = successors(flow)
    preceding: dict[str, set[str]] = {id: set() for id in following}
    for id, targets in following.items():
        for target in targets:
            preceding[target].add(id)
    behind, before = _walk(following, chosen), _walk(preceding, chosen)
    return sorted(behind & before)


def _walk(links: Mapping[str, Collection[str]], chosen: Collection[str]) -> set[str]:
    """The blocks outside that are reached from the chosen ones."""
    found: set[str] = set()
    waiting = list(chosen)
    while waiting:
        fresh = {id for id in links[waiting.pop()] if id not in chosen and id not in found}
        found |= fresh
        waiting += fresh
    return found


def _inner_ids(chosen: Collection[str]) -> dict[str, str]:
    """The ids inside the group: their own, unless the group needs that one or its paths could not name it."""
    taken = {*BOUNDARY}
    ids: dict[str, str] = {}
    for id in chosen:
        ids[id] = fresh_id(id.replace(PATH_JOINT, "_"), taken)
        taken.add(ids[id])
    return ids


def _cut(
    flow: LogicFlow,
    catalogue: Catalogue,
    inner: tuple[Mapping[str, Node], Mapping[str, str]],
    names: tuple[str, str],
) -> _Cut:
    chosen, ids = inner
    instance = names[1]
    cut = _Cut()
    for edge in flow.edges:
        (source, output), (target, entry) = edge
        if source in chosen and target in chosen:
            cut.inside.append(Edge(Port(ids[source], output), Port(ids[target], entry)))
        elif target in chosen:
            name = cut.inputs.get(edge.source) or _new_port(cut, flow, catalogue, edge)
            cut.inputs[edge.source] = name
            cut.inside.append(Edge(Port(GROUP_INPUTS, name), Port(ids[target], entry)))
            cut.outside.append(Edge(edge.source, Port(instance, name)))
        elif source in chosen:
            name = cut.outputs.get(edge.source) or _new_output(cut, flow, catalogue, edge.source)
            if edge.source not in cut.outputs:
                cut.outputs[edge.source] = name
                cut.inside.append(Edge(Port(ids[source], output), Port(GROUP_OUTPUTS, name)))
            cut.outside.append(Edge(Port(instance, name), edge.target))
    wired = {edge.source.node for edge in flow.edges}
    for id, node in chosen.items():  # what leads nowhere yet is what the group is for
        template = catalogue.of(node)
        for port in template.output_ports if template is not None and id not in wired else ():
            name = _new_output(cut, flow, catalogue, Port(id, port.name))
            cut.inside.append(Edge(Port(ids[id], port.name), Port(GROUP_OUTPUTS, name)))
    return cut


def _new_port(cut: _Cut, flow: LogicFlow, catalogue: Catalogue, edge: Edge) -> str:
    """A new input: named after the inner port that it feeds first."""
    source, target = catalogue.of(flow.nodes[edge.source.node]), catalogue.of(flow.nodes[edge.target.node])
    output = source.output_port(edge.source.port) if source is not None else None
    entry = target.input_port(edge.target.port) if target is not None else None
    type = output.type if output is not None else entry.type if entry is not None else PortType.SERIES
    name = entry.display_name if entry is not None else ""
    return _port(
        cut.ports[GROUP_INPUTS], edge.target.port, type, (name, block_name(flow.nodes[edge.target.node], catalogue))
    )


def _new_output(cut: _Cut, flow: LogicFlow, catalogue: Catalogue, port: Port) -> str:
    template = catalogue.of(flow.nodes[port.node])
    output = template.output_port(port.port) if template is not None else None
    type = output.type if output is not None else PortType.SERIES
    node = flow.nodes[port.node]
    name = output.display_name if output is not None else ""
    if node.label and template is not None and len(template.output_ports) == 1:
        name = node.label  # who named a block, named what it gives
    return _port(cut.ports[GROUP_OUTPUTS], port.port, type, (name, block_name(node, catalogue)))


def _port(there: list[GroupPort], stem: str, type: PortType, said: tuple[str, str]) -> str:
    """A port under a name that no other has; the second of a name says whose it is."""
    name = fresh_id(stem or "port", [port.name for port in there])
    shown, block = said
    spoken = shown or words(stem)
    taken = {port.display_name or words(port.name) for port in there}
    display = f"{spoken} of {block}" if spoken in taken else shown if shown or name == stem else spoken
    there.append(GroupPort(name, type, display))
    return name


def _body(
    flow: LogicFlow,
    chosen: Mapping[str, Node],
    ids: Mapping[str, str],
    cut: _Cut,
    things: tuple[Collection[str], Collection[str]],
) -> LogicFlow:
    left, right = min(node.position.x for node in chosen.values()), max(node.position.x for node in chosen.values())
    middle = middle_of(chosen.values()).y
    nodes = {ids[id]: replace(node, id=ids[id]) for id, node in chosen.items()}
    nodes[GROUP_INPUTS] = Node(GROUP_INPUTS, GROUP_INPUTS, position=Point(left - COLUMN, middle))
    nodes[GROUP_OUTPUTS] = Node(GROUP_OUTPUTS, GROUP_OUTPUTS, position=Point(right + COLUMN + ROOM, middle))
    routes = {
        Edge(Port(ids[edge.source.node], edge.source.port), Port(ids[edge.target.node], edge.target.port)): points
        for edge, points in flow.routes.items()
        if edge.source.node in chosen and edge.target.node in chosen
    }
    return LogicFlow(
        nodes=frozen_mapping(nodes),
        edges=tuple(sorted(set(cut.inside))),
        frames=frozen_mapping((id, flow.frames[id]) for id in things[0]),
        notes=frozen_mapping((id, flow.notes[id]) for id in things[1]),
        routes=frozen_mapping(routes),
    )


def _title(flow: LogicFlow) -> str:
    """A title that no other group has."""
    taken = {group.title for group in flow.groups.values()}
    number = 1
    while (title := "Group" if number == 1 else f"Group {number}") in taken:
        number += 1
    return title


def middle_of(nodes: Iterable[Node]) -> Point:
    """The middle of where the blocks begin, in whole units."""
    places = [node.position for node in nodes]
    return Point(
        (min(place.x for place in places) + max(place.x for place in places)) // 2,
        (min(place.y for place in places) + max(place.y for place in places)) // 2,
    )


EMPTY_BODY: Final = replace(
    EMPTY_FLOW,
    nodes=frozen_mapping(
        {
            GROUP_INPUTS: Node(GROUP_INPUTS, GROUP_INPUTS, position=Point(0.0, 0.0)),
            GROUP_OUTPUTS: Node(GROUP_OUTPUTS, GROUP_OUTPUTS, position=Point(2 * COLUMN, 0.0)),
        }
    ),
)
"""What is inside a group in which nothing was drawn yet."""
