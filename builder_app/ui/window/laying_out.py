"""A picture that came without places, out of a file of code, is laid out when it is opened."""

from PySide6.QtCore import QTimer

from builder_app.flow.values import LogicFlow
from builder_app.ui.canvas.arranging import layout_edit
from builder_app.ui.canvas.looking import show_beginning
from builder_app.ui.canvas.view import CanvasView


def lay_out_unplaced(canvas: CanvasView, flow: LogicFlow) -> None:
    """Lay the blocks out and show them from their beginning, where there are several and all lie at one place."""
    if len(flow.nodes) < 2 or len({node.position for node in flow.nodes.values()}) > 1:
        return
    canvas.request(layout_edit(canvas.canvas.picture, ()))
    QTimer.singleShot(0, canvas, lambda: show_beginning(canvas))
