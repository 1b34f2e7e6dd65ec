"""What a canvas shows above everything: the gesture's preview, the map, what is said, the words where nothing is."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QTimer
from PySide6.QtGui import QPainter

from builder_app.ui.canvas.overlay import (
    message_rect,
    paint_band,
    paint_cut,
    paint_drop,
    paint_empty,
    paint_focus,
    paint_guides,
    paint_message,
    paint_pulled_wire,
)

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage

_MESSAGE_MILLISECONDS: Final = 3500


class Speech:
    """A sentence at a pixel of the view, for a moment: until the next gesture, key or step, or a few seconds."""

    def __init__(self, view: "Stage") -> None:
        self._view = view
        self.text = ""
        self.at = QPointF()
        self._silence = QTimer(view)
        self._silence.setSingleShot(True)
        self._silence.timeout.connect(self.hush)
        view.viewport_changed.connect(lambda *_where: self.hush())

    def say(self, text: str, at: QPointF) -> None:
        """Show it."""
        self.text, self.at = text, at
        self._silence.start(_MESSAGE_MILLISECONDS)
        self._view.viewport().update()

    def hush(self) -> None:
        """Show it no longer: it was about something that is past."""
        if self.text:
            self.text = ""
            self._silence.stop()
            self._view.viewport().update()


def paint_foreground(painter: QPainter, view: "Stage") -> None:
    """Paint it; the painter is in canvas units, and is given back as it was."""
    inks, preview, room = view.canvas.inks, view.hands.preview, view.viewport().rect()
    painter.save()
    if preview.band is not None:
        paint_band(painter, preview.band, inks)
    if preview.guides:
        paint_guides(painter, preview.guides, inks)
    if preview.cut:
        paint_cut(painter, preview.cut, inks)
    if (wire := preview.wire or view.searching.held) is not None:
        paint_pulled_wire(painter, wire, inks)
    if view.ghost is not None:
        paint_drop(painter, view.ghost, inks)
    painter.resetTransform()
    if not view.canvas.picture.flow.nodes and view.ghost is None:
        paint_empty(painter, room, inks)
    view.paint_minimap(painter)
    said = (preview.message, view.hands.pointer) if preview.message else (view.speech.text, view.speech.at)
    if said[0]:
        paint_message(painter, said[0], message_rect(*said, room), inks)
    if preview.hint:
        at = view.pixel_of(preview.wire.end) if preview.wire else QPointF(room.center())
        paint_message(painter, preview.hint, message_rect(preview.hint, at, room), inks, "accent")
    if view.focus_by_key and view.hasFocus():
        paint_focus(painter, room, inks)
    painter.restore()
