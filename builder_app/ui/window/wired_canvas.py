"""A canvas for a strategy, wired to what the window does with its wishes."""

from typing import TYPE_CHECKING

from builder_app.ui.canvas.view import CanvasView
from builder_app.ui.window.actions import offer_on_canvas
from builder_app.ui.window.context_menu import open_context_menu

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow


def wired_canvas(window: "MainWindow") -> CanvasView:
    """A canvas that shows nothing yet; what it tells and wishes reaches the window's parts."""
    canvas = CanvasView(window.session.catalogue, window.theme)
    following, actions = window.following, window.actions_by_id
    canvas.edit_requested.connect(window.edit_drawn)
    canvas.selection_changed.connect(lambda _ids: following.show_selection())
    canvas.level_changed.connect(following.show_selection)
    canvas.level_changed.connect(lambda: window.results_commands.on_canvas.look_inside())
    canvas.viewport_changed.connect(lambda *_where: following.remember_view())
    canvas.message_requested.connect(lambda message: window.statusBar().showMessage(message, 6000))
    canvas.node_activated.connect(lambda _id: window.inspector.edit_label())
    offer_on_canvas(actions, canvas)
    canvas.context_requested.connect(lambda at, kind: open_context_menu(window, actions, kind, at))
    return canvas
