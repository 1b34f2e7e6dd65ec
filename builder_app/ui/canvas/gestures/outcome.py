"""What a gesture shows while it runs, and what it wishes at its end."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QPolygonF

from builder_app.flow.edits import Edit
from builder_app.flow.values import Edge, Point, PortType, Rect, frozen_mapping
from builder_app.ui.canvas.furniture import Thing
from builder_app.ui.canvas.node_face import PortEnd


@dataclass(frozen=True, slots=True)
class PulledWire:
    """A wire in the hand: drawn from the output's place to the input's; `type` gives its colour."""

    start: QPointF
    end: QPointF
    type: PortType | None
    snapped: PortEnd | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What to draw now. None means: as it is."""

    places: Mapping[str, Point] = field(default_factory=frozen_mapping)
    rects: Mapping[Thing, Rect] = field(default_factory=frozen_mapping)
    band: QRectF | None = None
    selection: frozenset[str] | None = None
    selected_things: frozenset[Thing] = frozenset()
    wire: PulledWire | None = None
    route: tuple[Edge, tuple[Point, ...]] | None = None
    """A wire that is led through other points."""
    lit: frozenset[Edge] = frozenset()
    """Wires that the gesture is about to change."""
    cut: tuple[QPointF, ...] = ()
    """The corners of a line that cuts wires."""
    guides: tuple[QLineF, ...] = ()
    """Lines that what is dragged lies on."""
    message: str = ""
    """Why something cannot be done, at the pointer."""
    hint: str = ""
    """What the keys would do, at the end of the wire."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the gesture comes to: at most one edit, a selection, a search for a block behind `search_from`."""

    edit: Edit | None = None
    selection: frozenset[str] | None = None
    search_from: PortEnd | None = None
    message: str = ""


class Gesture(Protocol):
    """Something that hands do from a press to a release. Places are on the canvas; `zoom` turns pixels into units."""

    def moved_to(self, place: QPointF, zoom: float) -> Preview:
        """The hand is here now."""

    def finish(self) -> Outcome:
        """The hand let go where it was last."""


def preview_rects(preview: Preview) -> list[QRectF]:
    """The places on the canvas where a preview paints over the blocks."""
    rects = []
    if preview.band is not None:
        rects.append(preview.band)
    rects += [QRectF(line.p1(), line.p2()).normalized() for line in preview.guides]
    if preview.cut:
        rects.append(QPolygonF(preview.cut).boundingRect())
    if preview.wire is not None:
        start, end = preview.wire.start, preview.wire.end
        reach = max(160.0, abs(start.x() - end.x()) / 2)
        rects.append(QRectF(start, end).normalized().adjusted(-reach, -12, reach, 12))
    return rects
