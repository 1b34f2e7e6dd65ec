"""Frames and sticky notes as things on the canvas: where they are, what a hand holds of them, what a frame carries."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF

from builder_app.flow.values import LogicFlow, Rect
from builder_app.ui.canvas.far_painting import NEAR
from builder_app.ui.canvas.picture import Picture

TITLE: Final = 32.0
"""The height of a frame's title, in canvas units."""
_TITLE_FAR: Final = 20.0
"""Its height in pixels where the title keeps its size on the screen."""
_EDGE_REACH: Final = 6.0


class Thing(NamedTuple):
    """A frame or a sticky note. Both may have the same id, so the kind belongs to it."""

    is_frame: bool
    id: str


class Grip(NamedTuple):
    """What a hand holds of a thing: −1, 0 or 1 across and down. (1, 1) is the bottom right corner, (0, 0) the whole."""

    across: int
    down: int


WHOLE: Final = Grip(0, 0)


@dataclass(slots=True)
class ThingsShown:
    """What the eye sees on frames and notes beside the flow: which are selected, which are held somewhere else."""

    selected: frozenset[Thing] = frozenset()
    rects: dict[Thing, Rect] = field(default_factory=dict)

    def rect_of(self, flow: LogicFlow, thing: Thing) -> QRectF:
        """Where it is drawn now."""
        return QRectF(*self.rects.get(thing, rect_of(flow, thing)))


def frame(id: str) -> Thing:
    """The frame with this id."""
    return Thing(True, id)


def note(id: str) -> Thing:
    """The sticky note with this id."""
    return Thing(False, id)


def all_things(flow: LogicFlow) -> Iterable[Thing]:
    """Every frame and every note."""
    return (*map(frame, flow.frames), *map(note, flow.notes))


def is_there(flow: LogicFlow, thing: Thing) -> bool:
    """Whether the flow has it."""
    return thing.id in (flow.frames if thing.is_frame else flow.notes)


def rect_of(flow: LogicFlow, thing: Thing) -> Rect:
    """Its rectangle in the flow."""
    return flow.frames[thing.id].rect if thing.is_frame else flow.notes[thing.id].rect


def thing_at(flow: LogicFlow, place: QPointF, zoom: float) -> tuple[Thing, Grip] | None:
    """The thing under `place` and what of it: a note wherever it is, a frame at its title and its edges.

    Notes lie above frames, later ones above earlier ones; of two frames the smaller one is meant.
    """
    for id in reversed(list(flow.notes)):
        if (grip := _grip_at(QRectF(*flow.notes[id].rect), place, zoom)) is not None:
            return note(id), grip
    frames = sorted(flow.frames.values(), key=lambda held: held.rect.width * held.rect.height)
    for held in frames:
        rect = QRectF(*held.rect)
        grip = _grip_at(rect, place, zoom)
        if grip is not None and (grip != WHOLE or title_rect(rect, zoom).contains(place)):
            return frame(held.id), grip
    return None


def around(rects: Iterable[QRectF]) -> QRectF:
    """The smallest rectangle around all of these; empty where there is none."""
    whole = QRectF()
    for rect in rects:
        whole = whole.united(rect)
    return whole


def title_rect(rect: QRectF, zoom: float) -> QRectF:
    """The part of a frame that shows its title, by which it is held."""
    height = TITLE if zoom >= NEAR else _TITLE_FAR / zoom
    return QRectF(rect.left(), rect.top(), rect.width(), min(height, rect.height()))


def _grip_at(rect: QRectF, place: QPointF, zoom: float) -> Grip | None:
    reach = min(_EDGE_REACH / zoom, rect.width() / 4, rect.height() / 4)
    if not rect.adjusted(-reach, -reach, reach, reach).contains(place):
        return None
    across = _side(rect.left(), rect.right(), place.x(), reach)
    return Grip(across, _side(rect.top(), rect.bottom(), place.y(), reach))


def _side(low: float, high: float, at: float, reach: float) -> int:
    return -1 if at <= low + reach else int(at >= high - reach)


def carried(picture: Picture, things: Iterable[Thing]) -> tuple[frozenset[str], frozenset[Thing]]:
    """The blocks and things that move with these: all that lies wholly inside a frame, through frames in frames."""
    flow = picture.flow
    nodes: set[str] = set()
    found = {thing for thing in things if is_there(flow, thing)}
    for holder in [thing for thing in found if thing.is_frame]:
        whole = QRectF(*rect_of(flow, holder))
        nodes |= {id for id in picture.nodes_in(whole) if whole.contains(picture.rect_of(id))}
        found |= {thing for thing in all_things(flow) if whole.contains(QRectF(*rect_of(flow, thing)))}
    return frozenset(nodes), frozenset(found)
