"""Putting blocks in order by a command: aligned, at equal distances, with straight wires, or laid out as a whole."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final

from PySide6.QtCore import QRectF

from builder_app.flow.edits import Batch, ChangeFrame, Edit
from builder_app.flow.topology import order_of, successors
from builder_app.flow.values import Edge, Frame, Point, Rect, frozen_mapping
from builder_app.ui.canvas.furniture import TITLE, Thing, all_things, around, carried, frame, rect_of
from builder_app.ui.canvas.layered_layout import Box
from builder_app.ui.canvas.moving import Places, move_edit
from builder_app.ui.canvas.node_face import GRID
from builder_app.ui.canvas.picture import Picture, source_end, target_end

_Line = Callable[[QRectF], float]
ALIGNMENTS: Final[Mapping[str, tuple[bool, _Line]]] = frozen_mapping(
    {
        "left": (True, lambda rect: rect.left()),
        "right": (True, lambda rect: rect.right()),
        "centre": (True, lambda rect: rect.center().x()),
        "top": (False, lambda rect: rect.top()),
        "bottom": (False, lambda rect: rect.bottom()),
        "middle": (False, lambda rect: rect.center().y()),
    }
)
"""What of blocks is put on one line, and whether that line runs from top to bottom."""
_AROUND: Final = 3 * GRID


def align_edit(picture: Picture, nodes: Iterable[str], side: str) -> Edit | None:
    """Put this side of the blocks (a key of `ALIGNMENTS`) on one line: the outermost one's, or the middle of all."""
    rects = {id: picture.rect_of(id) for id in sorted(nodes)}
    if len(rects) < 2:
        return None
    vertical, line_of = ALIGNMENTS[side]
    lines = [line_of(rect) for rect in rects.values()]
    aim = {"left": min, "top": min, "right": max, "bottom": max}.get(side, _halfway)(lines)
    places = {}
    for id, rect in rects.items():
        way = aim - line_of(rect)
        places[id] = Point(rect.left() + way, rect.top()) if vertical else Point(rect.left(), rect.top() + way)
    return _titled(picture, places, f"Align {len(rects)} blocks")


def _halfway(lines: Iterable[float]) -> float:
    known = list(lines)
    return (min(known) + max(known)) / 2


def distribute_edit(picture: Picture, nodes: Iterable[str], *, across: bool) -> Edit | None:
    """Give the blocks equal gaps, side by side or one above the other; the first and the last stay where they are."""
    rects = {id: picture.rect_of(id) for id in nodes}
    low: _Line = (lambda rect: rect.left()) if across else (lambda rect: rect.top())
    length: _Line = (lambda rect: rect.width()) if across else (lambda rect: rect.height())
    order = sorted(rects, key=lambda id: (low(rects[id]) + length(rects[id]) / 2, id))
    if len(order) < 3:
        return None
    first, last = rects[order[0]], rects[order[-1]]
    room = low(last) + length(last) - low(first) - sum(length(rect) for rect in rects.values())
    gap = room / (len(order) - 1)
    places = {}
    at = low(first)
    for id in order:
        rect = rects[id]
        places[id] = Point(round(at), rect.top()) if across else Point(rect.left(), round(at))
        at += length(rect) + gap
    places |= {id: Point(rects[id].left(), rects[id].top()) for id in (order[0], order[-1])}
    return _titled(picture, places, f"Distribute {len(order)} blocks")


def straighten_edit(picture: Picture, nodes: Iterable[str]) -> Edit | None:
    """Raise or lower each of the blocks so that the first wire into it is straight, if there is room for it there."""
    chosen = set(nodes)
    tops = {id: place.y for id, place in picture.places.items()}
    moved: dict[str, Point] = {}
    for id in order_of(successors(picture.flow)):
        wire = min((edge for edge in picture.wires_at(id) if edge.target.node == id), default=None)
        if id not in chosen or wire is None:
            continue
        top = tops[wire.source.node] + _rise(picture, wire)
        rect = picture.rect_of(id)
        rect.moveTop(top)
        in_the_way = [
            other
            for other in picture.nodes_touching(rect)
            if other not in (id, *moved) and picture.rect_of(other).intersects(rect)
        ]
        in_the_way += [other for other, at in moved.items() if _rect_at(picture, other, at).intersects(rect)]
        if not in_the_way:
            tops[id] = top
            moved[id] = Point(rect.left(), top)
    return _titled(picture, moved, "Straighten wires")


def _rise(picture: Picture, wire: Edge) -> float:
    """How far the target's top is below the source's where the wire between them is straight."""
    start = picture.place_of(source_end(wire)).y() - picture.places[wire.source.node].y
    end = picture.place_of(target_end(wire)).y() - picture.places[wire.target.node].y
    return start - end


def _rect_at(picture: Picture, id: str, at: Point) -> QRectF:
    face = picture.faces[id]
    return QRectF(at.x, at.y, face.width, face.height)


def _titled(picture: Picture, places: Mapping[str, Point], title: str) -> Edit | None:
    edit = move_edit(picture.flow, Places(places, {}))
    return Batch((edit,), title) if edit is not None else None


def boxes_of(picture: Picture, nodes: Iterable[str]) -> dict[str, Box]:
    """What the layout must know of these blocks (none: of all)."""
    chosen = [id for id in nodes if id in picture.faces] or list(picture.faces)
    return {
        id: Box(
            face.width,
            face.height,
            {(port.name, port.is_input): port.place.y() for port in face.ports},
            picture.flow.nodes[id].position,
        )
        for id in chosen
        for face in (picture.faces[id],)
    }


def laid_out_edit(picture: Picture, places: Mapping[str, Point]) -> Edit | None:
    """The step that puts the blocks where the layout has them, with frames and notes that go along."""
    move = move_edit(picture.flow, Places(places, _following_notes(picture, places)))
    frames = [ChangeFrame(held) for held in _refitted(picture, places)]
    return Batch((move, *frames), f"Lay out {len(places)} blocks") if move is not None else None


def _refitted(picture: Picture, places: Mapping[str, Point]) -> Iterable[Frame]:
    """The frames that held some of the moved blocks, around them in their new places."""
    for held in picture.flow.frames.values():
        inside, _ = carried(picture, (frame(held.id),))
        if not inside & places.keys():
            continue
        rect = _room_for([_rect_at(picture, id, places.get(id, picture.places[id])) for id in inside])
        if rect != held.rect:
            yield replace(held, rect=rect)


def _room_for(rects: Iterable[QRectF]) -> Rect:
    whole = around(rects).adjusted(-_AROUND, -_AROUND - TITLE, _AROUND, _AROUND)
    return Rect(whole.left(), whole.top(), whole.width(), whole.height())


def _following_notes(picture: Picture, places: Mapping[str, Point]) -> dict[Thing, Rect]:
    """Where notes go: each keeps its distance to the moved block that it lies nearest to."""
    found: dict[Thing, Rect] = {}
    for thing in all_things(picture.flow):
        if thing.is_frame or not places:
            continue
        rect = rect_of(picture.flow, thing)
        nearest = min(places, key=lambda id: (_distance(picture.places[id], rect), id))
        across, down = (new - old for new, old in zip(places[nearest], picture.places[nearest], strict=True))
        found[thing] = rect._replace(x=rect.x + across, y=rect.y + down)
    return found


def _distance(place: Point, rect: Rect) -> float:
    return abs(place.x - rect.x) + abs(place.y - rect.y)
