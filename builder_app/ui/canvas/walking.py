"""Going from block to block by keys: along the wires, and between the blocks beside each other on them."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF

from builder_app.ui.canvas.picture import Picture

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage

_MARGIN: Final = 32.0
"""How far from the view's edge something is brought into sight, in pixels."""


def walk(view: "Stage", across: int, down: int) -> None:
    """Select the next block that way, and bring it into sight; from a wire, the block at that end of it.

    With nothing selected it is the block whose wires were gone through, or the one nearest to the middle.
    """
    picture, wires = view.canvas.picture, view.canvas.selected_wires
    selected = sorted(view.selected_nodes(), key=lambda id: (picture.places[id].x, picture.places[id].y, id))
    if not picture.faces:
        view.say("There is no block yet; press Tab to add one.")
    elif not selected and len(wires) == 1:
        (wire,) = wires
        go_to(view, wire.source.node if across < 0 or down < 0 else wire.target.node)
    elif not selected:
        go_to(view, view.keyed_block if view.keyed_block in picture.faces else _in_the_middle(view))
        view.keyed_block = ""
    elif (found := next_block(picture, selected[-1], across, down)) is not None:
        go_to(view, found)
    else:
        where = {(1, 0): "right of", (-1, 0): "left of", (0, -1): "above", (0, 1): "below"}[across, down]
        view.say(f"There is no block {where} '{picture.faces[selected[-1]].title}'.")


def go_to(view: "Stage", id: str) -> None:
    """Select a block, and look there where it is out of sight."""
    view.select({id})
    bring_into_sight(view, view.canvas.picture.rect_of(id))


def bring_into_sight(view: "Stage", rect: QRectF) -> None:
    """Look at this part of the canvas where some of it is out of sight: no further away than needed, but what is far
    away comes to the middle.
    """
    shown = view.shown_rect()
    if shown.contains(rect):
        return
    margin = min(_MARGIN / view.zoom(), (shown.width() - rect.width()) / 2, (shown.height() - rect.height()) / 2)
    middle = rect.center()
    if shown.intersects(rect) and margin > 0:
        around = rect.adjusted(-margin, -margin, margin, margin)
        across = min(around.left() - shown.left(), 0.0) + max(around.right() - shown.right(), 0.0)
        down = min(around.top() - shown.top(), 0.0) + max(around.bottom() - shown.bottom(), 0.0)
        middle = shown.center() + QPointF(across, down)
    view.restore_viewport(view.zoom(), middle.x(), middle.y())


def _in_the_middle(view: "Stage") -> str:
    return nearest(view.canvas.picture, view.shown_rect().center())


def nearest(picture: Picture, place: QPointF) -> str:
    """The block whose middle is nearest to a place."""
    return min(picture.faces, key=lambda id: ((picture.rect_of(id).center() - place).manhattanLength(), id))


def next_block(picture: Picture, id: str, across: int, down: int) -> str | None:
    """The block after (across 1) or before (−1) this one on its wires, or above (down −1) or below (1) it; or None.

    Up and down go through the blocks that share a neighbour with this one; where there is none, and where no wire
    leads on, through all blocks that lie more that way than aside.
    """
    middle = picture.rect_of(id).center()
    if across:
        wired = after(picture, id) if across > 0 else before(picture, id)
        if wired:
            return min(wired, key=lambda other: (abs(picture.rect_of(other).center().y() - middle.y()), other))
        return _lying(picture, id, set(picture.faces), across, 0)
    beside = {other for one in before(picture, id) for other in after(picture, one)}
    beside |= {other for one in after(picture, id) for other in before(picture, one)}
    found = _towards(picture, id, beside, down)
    return found if found is not None else _lying(picture, id, set(picture.faces), 0, down)


def after(picture: Picture, id: str) -> set[str]:
    """The blocks that wires lead to from here."""
    return {wire.target.node for wire in picture.wires_at(id) if wire.source.node == id} - {id}


def before(picture: Picture, id: str) -> set[str]:
    """The blocks that wires come from."""
    return {wire.source.node for wire in picture.wires_at(id) if wire.target.node == id} - {id}


def _towards(picture: Picture, id: str, others: set[str], down: int) -> str | None:
    """The nearest of the others that is above or below."""
    top = picture.places[id].y
    ways = {other: (picture.places[other].y - top) * down for other in others - {id}}
    return min((other for other, way in ways.items() if way > 0), key=lambda other: (ways[other], other), default=None)


def _lying(picture: Picture, id: str, others: set[str], across: int, down: int) -> str | None:
    """The nearest of the others that lies more that way than aside."""
    middle = picture.rect_of(id).center()
    found = []
    for other in others - {id}:
        way = picture.rect_of(other).center() - middle
        ahead, aside = (way.x() * across, abs(way.y())) if across else (way.y() * down, abs(way.x()))
        if ahead > 0 and ahead >= aside:
            found.append((ahead + aside, other))
    return min(found)[1] if found else None
