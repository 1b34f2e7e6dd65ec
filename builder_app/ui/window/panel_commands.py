"""Going to a panel, or back to the canvas, by keys: it comes to the front, with the keyboard in it."""

from collections.abc import Callable
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from builder_app.ui.inspector.tab_order import tab_stops

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow

PANELS: Final = ("Blocks", "Inspector", "Results", "Why", "Tests", "Code", "Problems", "History", "Health")
"""From left to right, and below from tab to tab."""


_MESSAGE_MILLISECONDS: Final = 6000


def panel_handlers(window: "MainWindow") -> dict[str, Callable[[], None]]:
    """A handler for each of its rows in the table of actions."""
    panels = {f"go_to_{title.lower()}": partial(go_to_panel, window, title) for title in PANELS}
    return {**panels, "go_to_canvas": partial(go_to_canvas, window)}


def go_to_panel(window: "MainWindow", title: str) -> None:
    """Bring a panel to the front, and give the keyboard to the first of its parts that takes it, if there is one."""
    window.show_dock(title)
    part = first_part(window.views[title])
    if part is not None:
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)
    else:
        window.statusBar().showMessage(f"There is nothing to choose in {title} yet.", _MESSAGE_MILLISECONDS)


def go_to_canvas(window: "MainWindow") -> None:
    """Give the keyboard to the canvas in front, or to the start page."""
    shown = window.centre.tabs.currentWidget()
    part = window.canvas if window.canvas is not None else first_part(shown) if shown is not None else None
    if part is not None:
        part.setFocus(Qt.FocusReason.ShortcutFocusReason)


def first_part(view: QWidget) -> QWidget | None:
    """The first widget in a view, or the view itself, that Tab stops at: as it is laid out, or else as it was made."""
    made = (part for part in view.findChildren(QWidget) if part.focusPolicy() & Qt.FocusPolicy.TabFocus)
    parts = chain(tab_stops(view), made)
    return next((part for part in parts if part.isVisibleTo(view) and part.isEnabled()), None)
