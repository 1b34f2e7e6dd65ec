"""Free ground: where something that comes without a pointer to put it lies on nothing that is there."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSizeF

from builder_app.flow.values import Point
from builder_app.ui.canvas.gestures.drag_nodes import snapped
from builder_app.ui.canvas.node_face import GRID, PortEnd
from builder_app.ui.canvas.picture import Picture

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage

_GAP: Final = 2 * GRID
"""What stays free around it, in canvas units."""
_BESIDE: Final = 8 * GRID
"""How far it stands from the block whose neighbour it is: a wire between them can be read."""


def free_ground(picture: Picture, wanted: QRectF, gone: Collection[str] = ()) -> Point:
    """The place on the grid above or below `wanted`, the nearer one, where a body of its size covers no block and no
    note. `gone` are blocks that will not be there.
    """
    start = QRectF(snapped(wanted.x()), snapped(wanted.y()), wanted.width(), wanted.height())
    below, above = _clear(picture, start, gone, 1), _clear(picture, start, gone, -1)
    nearer = above if start.top() - above.top() < below.top() - start.top() else below
    return Point(nearer.x(), nearer.y())


def _clear(picture: Picture, start: QRectF, gone: Collection[str], way: int) -> QRectF:
    """The body, so far down (`way` 1) or up (−1) that it covers nothing."""
    body = QRectF(start)
    notes = [QRectF(*note.rect) for note in picture.flow.notes.values()]
    while True:
        around = body.adjusted(-_GAP, -_GAP, _GAP, _GAP)
        under = [picture.rect_of(id) for id in picture.nodes_in(around) if id not in gone]
        under += [rect for rect in notes if rect.intersects(around)]
        if not under:
            return body
        if way > 0:
            body.moveTop(snapped(max(rect.bottom() for rect in under) + _GAP + GRID))
        else:
            body.moveTop(snapped(min(rect.top() for rect in under) - _GAP - GRID - body.height()))


def place_beside(view: "Stage", size: QSizeF, dangling: PortEnd | None = None) -> Point:
    """Where something of this size goes without a pointer: right of what is selected, or of the block whose output a
    wire hangs from (`dangling`; left of it where that is an input), over a selected wire, or else into the middle of
    the view.
    """
    picture, scene = view.canvas.picture, view.canvas
    across, down = size.width(), size.height()
    nodes = scene.selected_nodes if dangling is None else frozenset({dangling.node})
    rects = [picture.rect_of(id) for id in nodes]
    if dangling is None:
        rects += [scene.things.rect_of(picture.flow, thing) for thing in scene.things.selected if not thing.is_frame]
    if dangling is not None and dangling.is_input:
        corner = rects[0].topLeft() - QPointF(_BESIDE + across, 0)
    elif rects:
        rightmost = max(rects, key=lambda rect: (rect.right(), -rect.top()))
        corner = rightmost.topRight() + QPointF(_BESIDE, 0)
    else:
        wires = scene.selected_wires
        (wire,) = wires if len(wires) == 1 else (None,)
        middle = view.shown_rect().center() if wire is None else picture.wires[wire].pointAtPercent(0.5)
        corner = middle - QPointF(across / 2, down / 2)
    return free_ground(picture, QRectF(corner, size))
