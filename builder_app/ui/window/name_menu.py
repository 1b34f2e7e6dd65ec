"""The menu of the strategy's name in the toolbar."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow


def add_name_menu(window: "MainWindow") -> None:
    """Give the name a menu, which is filled whenever it opens."""
    menu = QMenu(window.name_button)
    window.name_button.setMenu(menu)
    menu.aboutToShow.connect(lambda: _fill(menu, window))


def _fill(menu: QMenu, window: "MainWindow") -> None:
    """The open strategies, the one in front ticked, and a way to rename it."""
    menu.clear()
    for id, canvas in window.canvases.items():
        action = menu.addAction(window.session.documents[id].name)
        action.setCheckable(True)
        action.setChecked(canvas is window.canvas)
        action.triggered.connect(lambda _checked=False, shown=canvas: window.centre.tabs.setCurrentWidget(shown))
    menu.addSeparator()
    menu.addAction("Rename…", window.commands.rename)
    menu.addAction("Start page", lambda: window.centre.tabs.setCurrentIndex(0))
