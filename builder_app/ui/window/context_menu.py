"""The menus on the canvas, made from the table of actions."""

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

LINE: Final = ""
MENUS: Final[Mapping[str, tuple[str, ...]]] = {
    "blocks": (
        "cut",
        "copy",
        "duplicate",
        "delete",
        LINE,
        "connect",
        "add_wired",
        "cut_wires",
        "mute",
        "collapse",
        "show_problems",
        LINE,
        "group",
        "open_group",
        "ungroup",
        "save_block",
        "frame",
        "straighten",
        "layout",
        "fit_selection",
    ),
    "wires": ("connect", "bend", "straighten_wire", "delete", LINE, "fit_selection"),
    "frame": ("write", "frame_color", LINE, "delete", "fit_selection"),
    "note": ("write", LINE, "delete", "fit_selection"),
    "canvas": ("undo", "redo", LINE, "add_block", "note", "paste", "select_all", LINE, "layout", "fit", "find"),
}
"""For each kind of thing on the canvas the actions offered for it, by id."""


def open_context_menu(owner: QWidget, actions: Mapping[str, QAction], kind: str, at: QPoint) -> QMenu:
    """Show the menu for a kind of thing at a place of the screen."""
    menu = QMenu(owner)
    menu.setObjectName("canvasMenu")
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    menu.setToolTipsVisible(True)
    for id in MENUS[kind]:
        if id == LINE:
            menu.addSeparator()
        else:
            menu.addAction(actions[id])
    menu.popup(at)
    return menu
