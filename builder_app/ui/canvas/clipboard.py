"""Blocks, frames and notes as text on the system's clipboard."""

from PySide6.QtGui import QGuiApplication

from builder_app.flow import clipboard
from builder_app.flow.edits import Edit
from builder_app.flow.unreadable import FlowUnreadable
from builder_app.flow.values import LogicFlow, Point
from builder_app.ui.canvas.furniture import Thing
from builder_app.ui.canvas.moving import places_of
from builder_app.ui.canvas.picture import Picture


def copied(picture: Picture, nodes: frozenset[str], things: frozenset[Thing]) -> tuple[str, Point] | None:
    """These blocks with the wires between them, frames with what they hold, and notes, as text, and their upper left
    corner; None where there is nothing to copy.
    """
    places = places_of(picture, nodes, things)
    corners = [*places.nodes.values(), *(Point(rect.x, rect.y) for rect in places.things.values())]
    if not corners:
        return None
    frames = [thing.id for thing in places.things if thing.is_frame]
    notes = [thing.id for thing in places.things if not thing.is_frame]
    text = clipboard.copy(picture.flow, places.nodes.keys(), frames, notes)
    return text, Point(min(at.x for at in corners), min(at.y for at in corners))


def copy_selection(picture: Picture, nodes: frozenset[str], things: frozenset[Thing]) -> None:
    """Put these on the clipboard; with nothing selected, what is on it stays."""
    found = copied(picture, nodes, things)
    if found is not None:
        QGuiApplication.clipboard().setText(found[0])


def paste_blocks(flow: LogicFlow, at: Point) -> Edit | str:
    """The edit that brings what is on the clipboard, its upper left corner at `at`; or a sentence why nothing comes."""
    text = QGuiApplication.clipboard().text()
    if not text.strip():
        return "There is nothing on the clipboard to paste; copy some blocks first."
    try:
        return clipboard.paste(text, flow, at)
    except FlowUnreadable as unreadable:
        return f"The clipboard holds no blocks that can be pasted. {unreadable.problems[0].message}"


def duplicate_selection(picture: Picture, nodes: frozenset[str], things: frozenset[Thing], shift: float) -> Edit | None:
    """The edit that brings copies of these, a little further down right; the clipboard is left alone."""
    found = copied(picture, nodes, things)
    if found is None:
        return None
    text, corner = found
    return clipboard.paste(text, picture.flow, Point(corner.x + shift, corner.y + shift))
