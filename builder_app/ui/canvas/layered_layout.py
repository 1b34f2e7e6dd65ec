"""A layered layout, left to right: blocks in columns by how far they are from their sources, with few crossings.

The method is Sugiyama's: columns by the longest way, wires over several columns as rows of invisible knots, the order
in each column by the barycentres of the neighbours (kept only where it lowers the crossings, so that a picture stays
as its author has it where that is as good), heights by the medians of the neighbours under the order (an isotonic
regression: pool adjacent violators). Values only; no window is needed.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from builder_app.flow.values import Edge, Point
from builder_app.ui.canvas.layer_heights import Link, heights
from builder_app.ui.canvas.layer_orders import Layers, untangled

COLUMN_GAP: Final = 96.0
ROW_GAP: Final = 40.0
_PARTS_GAP: Final = 64.0
_GRID: Final = 8.0
_MOST_KNOTS: Final = 20_000
"""Beyond so many, wires over several columns are not given a way of their own: it would take seconds."""
_ROUNDS: Final = 3
_MANY: Final = 300
"""Beyond so many blocks a second look at the answer takes longer than anyone would wait."""


@dataclass(frozen=True, slots=True)
class Box:
    """What the layout knows of a block: its size, the height of each port (by name and side) on it, and where it is."""

    width: float
    height: float
    ports: Mapping[tuple[str, bool], float]
    place: Point

    def port(self, name: str, is_input: bool) -> float:
        """The port's height on the block; of one that is not drawn, the middle."""
        return self.ports.get((name, is_input), self.height / 2)


class _Placed(NamedTuple):
    places: dict[str, Point]
    width: float
    height: float


def layered(boxes: Mapping[str, Box], edges: Sequence[Edge]) -> dict[str, Point]:
    """A place for each box, on the grid, the upper left corner of all where it was. Laying out the answer again gives
    the answer again, but for large pictures and rare ones that go back and forth between two equally good orders.
    """
    inside = [edge for edge in edges if edge.source.node in boxes and edge.target.node in boxes]
    places = {id: box.place for id, box in boxes.items()}
    for _ in range(_ROUNDS if len(boxes) <= _MANY else 1):
        before = places
        moved = {id: Box(box.width, box.height, box.ports, places[id]) for id, box in boxes.items()}
        places = _laid_out(moved, inside)
        if places == before:
            break
    return places


def _laid_out(boxes: Mapping[str, Box], edges: Sequence[Edge]) -> dict[str, Point]:
    left = _on_grid(min((box.place.x for box in boxes.values()), default=0.0))
    top = _on_grid(min((box.place.y for box in boxes.values()), default=0.0))
    by_part = _parts(boxes, edges)
    edges_of: defaultdict[str, list[Edge]] = defaultdict(list)
    for edge in edges:
        edges_of[by_part[edge.source.node]].append(edge)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for id in sorted(boxes, key=lambda id: (boxes[id].place.y, boxes[id].place.x, id)):
        members[by_part[id]].append(id)
    wired = [_part({id: boxes[id] for id in ids}, edges_of[part]) for part, ids in members.items() if len(ids) > 1]
    alone = [ids[0] for ids in members.values() if len(ids) == 1]
    if alone:
        wired.append(_in_rows({id: boxes[id] for id in alone}, max((part.width for part in wired), default=0.0)))
    places: dict[str, Point] = {}
    for part in wired:
        places |= {id: Point(left + at.x, top + at.y) for id, at in part.places.items()}
        top += _on_grid(part.height + _PARTS_GAP)
    return places


def _parts(boxes: Mapping[str, Box], edges: Sequence[Edge]) -> dict[str, str]:
    """For each block one that stands for all that it is wired to, however far."""
    leader = {id: id for id in boxes}

    def find(id: str) -> str:
        while leader[id] != id:
            leader[id] = leader[leader[id]]
            id = leader[id]
        return id

    for (source, _), (target, _) in edges:
        leader[find(source)] = find(target)
    return {id: find(id) for id in boxes}


def _in_rows(boxes: Mapping[str, Box], width: float) -> _Placed:
    """Blocks without wires, side by side in their order, in rows about as wide as the rest."""
    room = max(width, 4 * (max(box.width for box in boxes.values()) + ROW_GAP))
    places: dict[str, Point] = {}
    x = y = row = 0.0
    for id, box in boxes.items():
        if x and x + box.width > room:
            x, y, row = 0.0, y + _on_grid(row + ROW_GAP), 0.0
        places[id] = Point(x, y)
        x += _on_grid(box.width + ROW_GAP)
        row = max(row, box.height)
    return _Placed(places, room, y + row)


def _part(boxes: Mapping[str, Box], edges: Sequence[Edge]) -> _Placed:
    """One connected picture, its upper left corner at (0, 0)."""
    forward, columns = _columns(boxes, edges)
    layers = _layers(boxes, forward, columns)
    order = untangled(layers)
    tops = heights(order, layers.links, {id: box.height for id, box in boxes.items()}, ROW_GAP)
    lefts, width = _lefts(boxes, columns)
    places = {id: Point(lefts[columns[id]], _on_grid(tops[id])) for id in boxes}
    highest = min(at.y for at in places.values())
    lowest = max(places[id].y + boxes[id].height for id in boxes)
    return _Placed({id: Point(x, y - highest) for id, (x, y) in places.items()}, width, lowest - highest)


def _columns(boxes: Mapping[str, Box], edges: Sequence[Edge]) -> tuple[list[Edge], dict[str, int]]:
    """The wires that run forward, and each block's column: right of all it depends on, a source next to who needs it.

    In a circle the block that is leftmost as drawn comes first, and the wires that run back to it do not count.
    """
    into: defaultdict[str, set[str]] = defaultdict(set)
    out: defaultdict[str, set[str]] = defaultdict(set)
    for (source, _), (target, _) in edges:
        if source != target:
            into[target].add(source)
            out[source].add(target)
    order = _order(boxes, into, out)
    rank = {id: number for number, id in enumerate(order)}
    forward = [edge for edge in edges if rank[edge.source.node] < rank[edge.target.node]]
    columns = dict.fromkeys(order, 0)
    for id in order:
        before = [columns[source] + 1 for source in into[id] if rank[source] < rank[id]]
        columns[id] = max(before, default=0)
    for id in reversed(order):
        after = [columns[target] - 1 for target in out[id] if rank[target] > rank[id]]
        if after and not any(rank[source] < rank[id] for source in into[id]):
            columns[id] = min(after)
    return forward, columns


def _order(boxes: Mapping[str, Box], into: Mapping[str, set[str]], out: Mapping[str, set[str]]) -> list[str]:
    """A topological order; where only circles are left, it goes on with their leftmost block."""
    waiting = {id: len(into.get(id, ())) for id in boxes}
    ready = sorted((id for id, count in waiting.items() if not count), reverse=True)
    left = sorted(boxes, key=lambda id: (boxes[id].place.x, id), reverse=True)
    order: dict[str, None] = {}
    while len(order) < len(boxes):
        if not ready:
            while left[-1] in order:
                left.pop()
            ready.append(left.pop())
        id = ready.pop()
        if id in order:
            continue
        order[id] = None
        for target in sorted(out.get(id, ())):
            waiting[target] -= 1
            if not waiting[target] and target not in order:
                ready.append(target)
    return list(order)


def _layers(boxes: Mapping[str, Box], edges: Sequence[Edge], columns: Mapping[str, int]) -> Layers:
    """The columns with their blocks, and knots where a wire passes a column, each from top to bottom as drawn."""
    count = max(columns.values()) + 1
    heights_drawn: dict[str, float] = {id: box.place.y + box.height / 2 for id, box in boxes.items()}
    members: list[list[str]] = [[] for _ in range(count)]
    for id, column in columns.items():
        members[column].append(id)
    links: list[list[Link]] = [[] for _ in range(max(count - 1, 0))]
    spare = _MOST_KNOTS
    for number, edge in enumerate(edges):
        first, last = columns[edge.source.node], columns[edge.target.node]
        source, target = boxes[edge.source.node], boxes[edge.target.node]
        spare -= last - first - 1
        if spare < 0 and last - first > 1:
            continue
        start = source.port(edge.source.port, False)
        from_id, from_port = edge.source.node, start
        drawn = (source.place.y + start, target.place.y + target.port(edge.target.port, True))
        for column in range(first + 1, last):
            knot = f"\0{number}\0{column}"
            share = (column - first) / (last - first)
            heights_drawn[knot] = drawn[0] + (drawn[1] - drawn[0]) * share
            members[column].append(knot)
            links[column - 1].append(Link(from_id, from_port, knot, 0.0))
            from_id, from_port = knot, 0.0
        links[last - 1].append(Link(from_id, from_port, edge.target.node, target.port(edge.target.port, True)))
    for held in members:
        held.sort(key=lambda id: (heights_drawn[id], id))
    return Layers(members, links)


def _lefts(boxes: Mapping[str, Box], columns: Mapping[str, int]) -> tuple[list[float], float]:
    """Where each column begins, and how wide all are."""
    widths = [0.0] * (max(columns.values()) + 1)
    for id, column in columns.items():
        widths[column] = max(widths[column], boxes[id].width)
    lefts = []
    x = 0.0
    for width in widths:
        lefts.append(x)
        x += _on_grid(width + COLUMN_GAP)
    return lefts, x - COLUMN_GAP


def _on_grid(value: float) -> float:
    return round(value / _GRID) * _GRID
