"""Blocks as text on the system's clipboard."""

from PySide6.QtGui import QGuiApplication

from builder_app.flow import clipboard
from builder_app.flow.edits import Edit
from builder_app.flow.unreadable import FlowUnreadable
from builder_app.flow.values import LogicFlow, Point


def copy_blocks(flow: LogicFlow, nodes: frozenset[str]) -> None:
    """Put these blocks and the wires between them on the clipboard; with no blocks, what is on it stays."""
    if nodes:
        QGuiApplication.clipboard().setText(clipboard.copy(flow, nodes))


def paste_blocks(flow: LogicFlow, at: Point) -> Edit | str:
    """The edit that brings what is on the clipboard, its upper left corner at `at`; or a sentence why nothing comes."""
    text = QGuiApplication.clipboard().text()
    if not text.strip():
        return "There is nothing on the clipboard to paste; copy some blocks first."
    try:
        return clipboard.paste(text, flow, at)
    except FlowUnreadable as unreadable:
        return f"The clipboard holds no blocks that can be pasted. {unreadable.problems[0].message}"


def duplicate_blocks(flow: LogicFlow, nodes: frozenset[str], shift: float) -> Edit | None:
    """The edit that brings copies of these blocks, a little further down right; the clipboard is left alone."""
    if not nodes:
        return None
    places = [flow.nodes[id].position for id in nodes]
    corner = Point(min(place.x for place in places) + shift, min(place.y for place in places) + shift)
    return clipboard.paste(clipboard.copy(flow, nodes), flow, corner)
