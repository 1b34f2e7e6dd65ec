"""What actions wish of a canvas: blocks added, deleted, cut, pasted, duplicated, moved by keys."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from builder_app.flow.groups import BOUNDARY
from builder_app.flow.values import Edge
from builder_app.ui.canvas.chains import add_edit, wire_under
from builder_app.ui.canvas.clipboard import copy_selection, duplicate_selection, paste_blocks
from builder_app.ui.canvas.free_ground import place_beside
from builder_app.ui.canvas.furniture import around, carried
from builder_app.ui.canvas.moving import move_edit, places_of
from builder_app.ui.canvas.node_face import GRID, PortEnd, make_face
from builder_app.ui.canvas.routes import nudged, without_point
from builder_app.ui.canvas.walking import bring_into_sight
from builder_app.ui.canvas.wishes import Chosen, delete_edit, new_node, place_under

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage


def add_block(view: "Stage", template: str, place: QPointF | None, dangling: PortEnd | None, wire: Edge | None) -> None:
    """Wish a block of this template under `place` (None: on free ground beside what is selected, brought into sight),
    wired to `dangling`, or put into `wire`; one that is put on a wire goes into that.
    """
    picture = view.canvas.picture
    found = picture.catalogue.templates.get(template) if template not in BOUNDARY else None
    if found is None:
        view.say(f"There is no block '{template}' in the catalogue.")
        return
    node = new_node(picture.flow, found)
    face = make_face(node, picture.catalogue)
    at = place_beside(view, face.rect.size(), dangling) if place is None else place_under(face, place, dangling)
    placed = replace(node, position=at)
    if place is not None and dangling is None:
        wire = wire_under(picture, placed, place, view.zoom())
    view.request(add_edit(picture, placed, dangling, wire))
    if place is None and placed.id in picture.faces:
        bring_into_sight(view, picture.rect_of(placed.id))


def delete_selection(view: "Stage") -> None:
    """Wish that what is selected goes: the point of a wire, or blocks, wires, frames and notes."""
    canvas = view.canvas
    if canvas.wires.selected_bend is not None:
        bend = canvas.wires.selected_bend
        canvas.select_bend(None)
        view.request(without_point(canvas.picture.flow, bend))
        return
    chosen = Chosen(view.selected_nodes(), canvas.selected_wires, canvas.things.selected)
    view.request(delete_edit(canvas.picture, chosen))


def cut_selection(view: "Stage") -> None:
    """Copy what is selected, and wish that it goes; a frame with what it holds, as that is copied too."""
    picture, things = view.canvas.picture, view.canvas.things.selected
    copy_selection(picture, view.selected_nodes(), things)
    inside, held = carried(picture, things)
    view.request(delete_edit(picture, Chosen(view.selected_nodes() | inside, things=held)))


def paste(view: "Stage") -> None:
    """Wish what is on the clipboard: under the pointer, or on free ground."""
    pasted = paste_blocks(view)
    if isinstance(pasted, str):
        view.say(pasted)
        return
    view.request(pasted)
    bring_into_sight(view, around(view.selected_rects()))


def duplicate(view: "Stage") -> None:
    """Wish copies of what is selected, a little further down right."""
    canvas = view.canvas
    view.request(duplicate_selection(canvas.picture, view.selected_nodes(), canvas.things.selected, 4 * GRID))


def nudge(view: "Stage", columns: int, rows: int) -> None:
    """Wish that what is selected moves by so many steps of the grid: the point of a wire, or blocks and things."""
    flow, bend = view.canvas.picture.flow, view.canvas.wires.selected_bend
    if bend is not None:
        view.request(nudged(flow, bend, columns * GRID, rows * GRID))
        return
    places = places_of(view.canvas.picture, view.selected_nodes(), view.canvas.things.selected)
    view.request(move_edit(flow, places.shifted(columns * GRID, rows * GRID)))
