"""What a menu on the canvas is for: the right button takes what is under it into the selection."""

from PySide6.QtCore import QPoint, QPointF

from builder_app.ui.canvas.furniture import Thing, thing_at
from builder_app.ui.canvas.hands import WIRE_REACH
from builder_app.ui.canvas.stage import Stage


def take_under(view: Stage, pixel: QPointF) -> None:
    """Select what is under the pixel, unless it is selected already; over the empty canvas, nothing."""
    place = view.place_at(pixel)
    scene = view.canvas
    node = scene.picture.node_at(place)
    wire = scene.picture.wire_at(place, WIRE_REACH / view.zoom()) if node is None else None
    held = thing_at(scene.picture.flow, place, view.zoom()) if node is None and wire is None else None
    thing = held[0] if held else None
    if node in scene.selected_nodes or wire in scene.selected_wires or thing in scene.things.selected:
        return
    nodes = frozenset({node}) if node is not None else frozenset[str]()
    wires = frozenset({wire}) if wire is not None else frozenset()
    view.select_parts(nodes, wires, frozenset({thing}) if thing is not None else frozenset[Thing]())


def kind_of_selection(view: Stage) -> str:
    """What the menu is for: "blocks", "wires", "frame", "note" or "canvas"."""
    scene = view.canvas
    if scene.selected_nodes:
        return "blocks"
    if scene.things.selected:
        return "frame" if any(thing.is_frame for thing in scene.things.selected) else "note"
    return "wires" if scene.selected_wires else "canvas"


def menu_place(view: Stage) -> QPoint:
    """Where a menu that was asked for by key appears, as a pixel of the view: on the selection, or in the middle."""
    shown = view.shown_rect()
    seen = [rect for rect in view.selected_rects() if rect.intersects(shown)]
    return view.pixel_of(seen[0].center() if seen else shown.center()).toPoint()
