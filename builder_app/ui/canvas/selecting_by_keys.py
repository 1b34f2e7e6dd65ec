"""Selecting by keys: more than one block, a wire, a point of it, a frame or a note; and resizing these two."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF

from builder_app.flow.edits import Edit
from builder_app.flow.values import Edge, Rect
from builder_app.ui.canvas.connecting import as_one
from builder_app.ui.canvas.furniture import all_things, rect_of
from builder_app.ui.canvas.gestures.resize_thing import SMALLEST
from builder_app.ui.canvas.hearing import thing_words, wire_words
from builder_app.ui.canvas.moving import reshaped
from builder_app.ui.canvas.node_face import GRID
from builder_app.ui.canvas.picture import Picture, source_end, target_end
from builder_app.ui.canvas.routes import Bend
from builder_app.ui.canvas.walking import bring_into_sight, go_to, nearest, next_block

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage


def extend(view: "Stage", across: int, down: int) -> None:
    """Select the next block that way beside those that are selected."""
    picture, selected = view.canvas.picture, view.selected_nodes()
    if not picture.faces:
        view.say("There is no block yet; press Tab to add one.")
        return
    if not selected:
        go_to(view, nearest(picture, view.shown_rect().center()))
        return
    order = sorted(selected, key=lambda id: (picture.places[id].x * across + picture.places[id].y * down, id))
    for id in reversed(order):
        found = next_block(picture, id, across, down)
        if found is not None and found not in selected:
            view.select(selected | {found})
            bring_into_sight(view, picture.rect_of(found))
            view.message_requested.emit(f"{len(selected) + 1} blocks, with '{picture.faces[found].title}'.")
            return
    view.say("There is no other block that way.")


def next_wire(view: "Stage", step: int) -> None:
    """Select the first wire of the selected block, or the next one (`step` 1) or the one before (−1) of that block.

    With nothing selected, as when a wire was just deleted, it is the block whose wires were gone through.
    """
    picture, nodes, chosen = view.canvas.picture, view.selected_nodes(), view.canvas.selected_wires
    if len(nodes) == 1:
        (view.keyed_block,) = nodes
    elif len(chosen) != 1 and (nodes or chosen or view.keyed_block not in picture.faces):
        view.say("Select one block first; then its wires can be gone through.")
        return
    held = next(iter(chosen)) if chosen and not nodes else None
    if held is not None and view.keyed_block not in (held.source.node, held.target.node):
        view.keyed_block = held.target.node
    wires = wires_in_order(picture, view.keyed_block)
    if not wires:
        view.say(f"'{picture.faces[view.keyed_block].title}' has no wires; C pulls one.")
        return
    at = (wires.index(held) + step) % len(wires) if held in wires else 0 if step > 0 else -1
    wire = wires[at]
    view.select_parts(frozenset(), frozenset({wire}))
    middle = picture.wires[wire].pointAtPercent(0.5)
    bring_into_sight(view, QRectF(middle.x() - 1, middle.y() - 1, 2, 2))
    view.message_requested.emit(wire_words(picture, wire))  # it is seen already; a bubble would cover it


def wires_in_order(picture: Picture, node: str) -> list[Edge]:
    """A block's wires: those that come in from top to bottom, then those that go out."""

    def place(wire: Edge) -> tuple[bool, float, float, Edge]:
        leaves = wire.source.node == node
        near, far = (source_end(wire), target_end(wire)) if leaves else (target_end(wire), source_end(wire))
        return leaves, picture.place_of(near).y(), picture.place_of(far).y(), wire

    return sorted(picture.wires_at(node), key=place)


def next_bend(view: "Stage") -> None:
    """Select the next of the points through which the one selected wire is led; behind the last the first."""
    wires = view.canvas.selected_wires
    (wire,) = wires if len(wires) == 1 else (None,)
    points = view.canvas.picture.flow.routes.get(wire, ()) if wire is not None else ()
    if wire is None or not points:
        view.say("Select a wire that is led through points first; R leads it through one.")
        return
    chosen = view.canvas.wires.selected_bend
    number = (chosen.number + 1) % len(points) if chosen is not None and chosen.edge == wire else 0
    view.select_bend(Bend(wire, number))
    at = QPointF(*points[number])
    bring_into_sight(view, QRectF(at, at).adjusted(-1, -1, 1, 1))
    view.message_requested.emit(f"Point {number + 1} of {len(points)} of this wire; the arrows move it.")


def next_thing(view: "Stage") -> None:
    """Select the next frame or note, from top to bottom; behind the last one the first."""
    flow = view.canvas.picture.flow
    things = sorted(all_things(flow), key=lambda thing: (rect_of(flow, thing).y, rect_of(flow, thing).x, thing))
    if not things:
        view.say("There is no frame and no note yet; N puts a note here.")
        return
    selected = view.canvas.things.selected
    at = max((number for number, thing in enumerate(things) if thing in selected), default=-1)
    thing = things[(at + 1) % len(things)]
    view.select_parts(frozenset(), things=frozenset({thing}))
    rect = QRectF(*rect_of(flow, thing))
    bring_into_sight(view, rect)
    view.message_requested.emit(thing_words(view.canvas.picture, thing))


def resize(view: "Stage", columns: int, rows: int) -> None:
    """Wish that the selected frames and notes become so many steps of the grid wider and higher."""
    flow, things = view.canvas.picture.flow, sorted(view.canvas.things.selected)
    if not things:
        view.say("Select a frame or a note first (F); then its size can be changed.")
        return
    edits: list[Edit] = []
    for thing in things:
        was = rect_of(flow, thing)
        width, height = max(was.width + columns * GRID, SMALLEST[0]), max(was.height + rows * GRID, SMALLEST[1])
        if (width, height) != (was.width, was.height):
            edits.append(reshaped(flow, thing, Rect(was.x, was.y, width, height)))
    view.request(as_one(tuple(edits), f"Resize {len(edits)} parts"))
