"""Laying blocks out: a few at once, many by a thread of the session while one can go on drawing."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from builder_app.flow.values import LogicFlow, Point
from builder_app.ui.canvas.arranging import boxes_of, laid_out_edit
from builder_app.ui.canvas.layered_layout import layered
from builder_app.ui.canvas.looking import show_beginning
from builder_app.ui.canvas.view import CanvasView

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow

AT_ONCE: Final = 80
"""Up to so many blocks are laid out before the next event: however they are wired, it takes less than 50 ms."""


def lay_out(window: "MainWindow", canvas: CanvasView, nodes: Iterable[str], *, from_beginning: bool = False) -> None:
    """Lay these blocks (none: all) out as one step; then look at the beginning of the picture, if that is wanted.

    Of many, the answer comes later. It is dropped, which is said, where another picture is shown by then.
    """
    picture = canvas.canvas.picture
    flow, boxes = picture.flow, boxes_of(picture, nodes)
    id = next(id for id, held in window.canvases.items() if held is canvas)

    def put(places: Mapping[str, Point]) -> None:
        document = window.session.documents.get(id)
        if document is None or window.canvases.get(id) is not canvas:
            return
        if picture.flow is not flow or canvas.hands.busy:
            canvas.say("The picture changed while it was laid out, so it was left as it is; lay it out again.")
            return
        edit = laid_out_edit(picture, places)
        if edit is not None:  # of this strategy, whichever is in front by now
            window.session.edit(document, canvas.levels.outward(edit))
        if from_beginning:
            QTimer.singleShot(0, canvas, lambda: show_beginning(canvas))

    if len(boxes) <= AT_ONCE:
        put(layered(boxes, flow.edges))
        return
    canvas.say(f"Laying out {len(boxes):,} blocks…")
    window.session.layouts.ask(lambda _is_overtaken: layered(boxes, flow.edges), put, canvas.say, id)


def lay_out_unplaced(window: "MainWindow", canvas: CanvasView, flow: LogicFlow) -> None:
    """Lay a picture out that came without places, out of a file of code: of several blocks all lie at one place."""
    if len(flow.nodes) > 1 and len({node.position for node in flow.nodes.values()}) == 1:
        lay_out(window, canvas, (), from_beginning=True)
