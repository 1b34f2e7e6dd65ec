"""The points through which wires are led: found under the pointer, put on a wire, moved, taken away."""

from collections.abc import Iterable, Mapping
from math import hypot
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QPointF

from builder_app.flow.edits import Edit, SetRoute
from builder_app.flow.values import Edge, LogicFlow, Point
from builder_app.ui.canvas.connecting import as_one
from builder_app.ui.canvas.node_face import GRID

if TYPE_CHECKING:
    from builder_app.ui.canvas.picture import Picture
    from builder_app.ui.canvas.stage import Stage

REACH: Final = 8.0
"""How near, in pixels, a point is under the pointer."""


class Bend(NamedTuple):
    """One of the points of a wire."""

    edge: Edge
    number: int


def bend_at(picture: "Picture", place: QPointF, reach: float) -> Bend | None:
    """The nearest point of a wire within `reach`."""
    found: list[tuple[float, Bend]] = []
    for edge, points in picture.flow.routes.items():
        for index, at in enumerate(points):
            far = hypot(at.x - place.x(), at.y - place.y())
            if far <= reach:
                found.append((far, Bend(edge, index)))
    return min(found)[1] if found else None


def bent(picture: "Picture", edge: Edge, place: QPointF) -> tuple[tuple[Point, ...], int]:
    """The wire's points with a new one at `place`, and the index of that."""
    points = picture.flow.routes.get(edge, ())
    run = picture.wires.runs[edge]
    anchors = [Point(run.x, run.y), *points, Point(run.to_x, run.to_y)]
    index = min(range(len(anchors) - 1), key=lambda at: _distance(place, anchors[at], anchors[at + 1]))
    return (*points[:index], Point(snapped(place.x()), snapped(place.y())), *points[index:]), index


def moved_point(points: tuple[Point, ...], index: int, place: Point) -> tuple[Point, ...]:
    """The points with one of them elsewhere."""
    return (*points[:index], place, *points[index + 1 :])


def without_point(flow: LogicFlow, bend: Bend) -> Edit | None:
    """The edit that takes a point away; None where it is gone."""
    points = flow.routes.get(bend.edge, ())
    if bend.number >= len(points):
        return None
    return SetRoute(bend.edge, (*points[: bend.number], *points[bend.number + 1 :]))


def nudged(flow: LogicFlow, bend: Bend, across: float, down: float) -> Edit | None:
    """The edit that moves a point."""
    points = flow.routes.get(bend.edge, ())
    if bend.number >= len(points):
        return None
    at = points[bend.number]
    return SetRoute(bend.edge, moved_point(points, bend.number, Point(at.x + across, at.y + down)))


def carried_routes(flow: LogicFlow, places: Mapping[str, Point]) -> list[Edit]:
    """The edits that let points go along where both blocks of their wire move: as far as these do on the average."""
    edits: list[Edit] = []
    for edge, points in flow.routes.items():
        shift = shift_of(flow, edge, places)
        if shift is not None and shift != (0.0, 0.0):
            moved = tuple(Point(at.x + shift.x, at.y + shift.y) for at in points)
            edits.append(SetRoute(edge, moved))
    return edits


def shift_of(flow: LogicFlow, edge: Edge, places: Mapping[str, Point]) -> Point | None:
    """How far both blocks of a wire move on the average; None where one stays."""
    source, target = edge.source.node, edge.target.node
    if source not in places or target not in places:
        return None
    one, other = flow.nodes[source].position, flow.nodes[target].position
    return Point(
        (places[source].x - one.x + places[target].x - other.x) / 2,
        (places[source].y - one.y + places[target].y - other.y) / 2,
    )


def add_bend(view: "Stage") -> None:
    """Wish a point on the wire under the pointer, or in the middle of the one wire that is selected."""
    picture = view.canvas.picture
    place = view.pointer_place()
    wire = picture.wire_at(place, REACH / view.zoom())
    if wire is None and len(view.canvas.selected_wires) == 1:
        (wire,) = view.canvas.selected_wires
        place = picture.wires[wire].pointAtPercent(0.5)
    if wire is None:
        view.say("Point at a wire, or select one; then it can be led through a point.")
        return
    points, index = bent(picture, wire, place)
    view.request(SetRoute(wire, points))
    view.select_bend(Bend(wire, index))


def straighten(view: "Stage", wires: Iterable[Edge]) -> None:
    """Wish that these wires run from end to end again."""
    led = tuple(SetRoute(edge) for edge in sorted(wires) if edge in view.canvas.picture.flow.routes)
    view.request(as_one(led, f"Straighten {len(led)} wires"))


def snapped(value: float) -> float:
    """On the grid, of which half steps count here: wires run between ports."""
    return round(value / (GRID / 2)) * (GRID / 2)


def _distance(place: QPointF, one: Point, other: Point) -> float:
    """How far a place is from the straight line between two others."""
    across, down = other.x - one.x, other.y - one.y
    length = across * across + down * down
    part = ((place.x() - one.x) * across + (place.y() - one.y) * down) / length if length else 0.0
    part = min(max(part, 0.0), 1.0)
    return hypot(place.x() - one.x - part * across, place.y() - one.y - part * down)
