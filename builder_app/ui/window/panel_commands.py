"""Going to a panel, or back to the canvas, by keys: it comes to the front, with the keyboard in it."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow

PANELS: Final = ("Blocks", "Inspector", "Results", "Code", "Problems", "History", "Health")
"""Those that have no action of their own that brings them to the front."""


def panel_handlers(window: "MainWindow") -> dict[str, Callable[[], None]]:
    """A handler for each of its rows in the table of actions."""
    panels = {f"go_to_{title.lower()}": partial(go_to_panel, window, title) for title in PANELS}
    return {**panels, "go_to_canvas": partial(go_to_canvas, window)}


def go_to_panel(window: "MainWindow", title: str) -> None:
    """Bring a panel to the front, and give the keyboard to the first of its parts that takes it."""
    window.show_dock(title)
    part = first_part(window.views[title])
    if part is not None:
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)


def go_to_canvas(window: "MainWindow") -> None:
    """Give the keyboard to the canvas in front, or to the start page."""
    shown = window.centre.tabs.currentWidget()
    part = window.canvas if window.canvas is not None else first_part(shown) if shown is not None else None
    if part is not None:
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)


def first_part(view: QWidget) -> QWidget | None:
    """The first widget in a view, or the view itself, that Tab would stop at."""
    part: QWidget | None = view
    for _ in range(len(view.findChildren(QWidget)) + 1):
        if part is None or not (part is view or view.isAncestorOf(part)):
            return None
        if part.focusPolicy() & Qt.FocusPolicy.TabFocus and part.isVisibleTo(view) and part.isEnabled():
            return part
        part = part.nextInFocusChain()
    return None
