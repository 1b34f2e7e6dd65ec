"""What the actions on the canvas do: each calls a function of the canvas in front."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from builder_app.ui.canvas import order

if TYPE_CHECKING:
    from builder_app.ui.canvas.view import CanvasView
    from builder_app.ui.window.main_window import MainWindow


def canvas_handlers(window: "MainWindow") -> dict[str, Callable[[], None]]:
    """A handler for each action that works on the canvas in front; without one, nothing is done."""

    def on_canvas(call: Callable[["CanvasView"], object]) -> Callable[[], None]:
        def handler() -> None:
            canvas = window.canvas
            if canvas is not None:
                call(canvas)

        return handler

    return {
        "frame": on_canvas(order.add_frame),
        "frame_color": on_canvas(order.choose_frame_color),
        "note": on_canvas(order.add_note),
        "write": on_canvas(order.write),
    }
