"""Blocks, frames and notes as text on the system's clipboard."""

from functools import reduce
from typing import TYPE_CHECKING

from PySide6.QtCore import QSizeF
from PySide6.QtGui import QGuiApplication

from builder_app.flow import clipboard
from builder_app.flow.edits import AddFrame, AddNode, AddNote, Batch, Edit
from builder_app.flow.templates import Catalogue
from builder_app.flow.unreadable import FlowUnreadable
from builder_app.flow.values import LogicFlow, Point
from builder_app.ui.canvas.free_ground import place_beside
from builder_app.ui.canvas.furniture import Thing
from builder_app.ui.canvas.gestures.drag_nodes import snapped
from builder_app.ui.canvas.moving import places_of
from builder_app.ui.canvas.node_face import make_face
from builder_app.ui.canvas.picture import Picture

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage


def chosen_part(picture: Picture, nodes: frozenset[str], things: frozenset[Thing]) -> LogicFlow | None:
    """These blocks with the wires between them, frames with what they hold, and notes; None where there is nothing."""
    places = places_of(picture, nodes, things)
    if not places.nodes and not places.things:
        return None
    frames = [thing.id for thing in places.things if thing.is_frame]
    notes = [thing.id for thing in places.things if not thing.is_frame]
    return clipboard.part_of(picture.flow, places.nodes.keys(), frames, notes)


def copy_selection(picture: Picture, nodes: frozenset[str], things: frozenset[Thing]) -> None:
    """Put these on the clipboard; with nothing selected, what is on it stays."""
    part = chosen_part(picture, nodes, things)
    if part is not None:
        QGuiApplication.clipboard().setText(clipboard.part_text(part))


def paste_blocks(view: "Stage") -> Edit | str:
    """The edit that brings what is on the clipboard, its upper left corner under the pointer, or without one over the
    canvas on free ground beside what is selected; or a sentence why nothing comes.
    """
    flow = view.canvas.picture.flow
    text = QGuiApplication.clipboard().text()
    if not text.strip():
        return "There is nothing on the clipboard to paste; copy some blocks first."
    try:
        part = clipboard.pasted_part(text)
    except FlowUnreadable as unreadable:
        return f"The clipboard holds no blocks that can be pasted. {unreadable.problems[0].message}"
    if view.has_pointer():
        pointer = view.pointer_place()
        return clipboard.add_part(part, flow, Point(snapped(pointer.x()), snapped(pointer.y())))
    pasted = clipboard.add_part(part, flow, Point(0, 0))
    at = place_beside(view, _size_of(pasted, view.canvas.picture.catalogue))
    return clipboard.add_part(part, flow, at)


def _size_of(edit: Edit, catalogue: Catalogue) -> QSizeF:
    """How much room the blocks, frames and notes that an edit brings take, from (0, 0) on."""
    match edit:
        case AddNode(node):
            face = make_face(node, catalogue)
            return QSizeF(node.position.x + face.width, node.position.y + face.height)
        case AddFrame(added) | AddNote(added):
            return QSizeF(added.rect.x + added.rect.width, added.rect.y + added.rect.height)
        case Batch(edits):
            sizes = [_size_of(part, catalogue) for part in edits]
            return reduce(QSizeF.expandedTo, sizes, QSizeF(0, 0))
        case _:
            return QSizeF(0, 0)


def duplicate_selection(picture: Picture, nodes: frozenset[str], things: frozenset[Thing], shift: float) -> Edit | None:
    """The edit that brings copies of these, a little further down right; the clipboard is left alone."""
    part = chosen_part(picture, nodes, things)
    if part is None:
        return None
    corner = clipboard.corner_of(part)
    return clipboard.add_part(part, picture.flow, Point(corner.x + shift, corner.y + shift))
