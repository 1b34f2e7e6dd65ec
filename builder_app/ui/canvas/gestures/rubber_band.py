"""The rubber band: blocks that it touches are selected, frames and notes that it holds whole."""

from PySide6.QtCore import QPointF, QRectF

from builder_app.ui.canvas.furniture import Thing, all_things, rect_of
from builder_app.ui.canvas.gestures.outcome import Outcome, Preview
from builder_app.ui.canvas.picture import Picture


class RubberBand:
    """A rectangle drawn on the empty canvas. What was kept stays selected beside what the band takes."""

    def __init__(
        self, picture: Picture, pressed: QPointF, kept: frozenset[str], kept_things: frozenset[Thing] = frozenset()
    ) -> None:
        self._picture = picture
        self._pressed = pressed
        self._kept, self._kept_things = kept, kept_things
        self._selection = kept

    def moved_to(self, place: QPointF, zoom: float) -> Preview:
        """The band reaches from where it began to here."""
        del zoom
        band = QRectF(self._pressed, place).normalized()
        self._selection = self._kept | frozenset(self._picture.nodes_in(band))
        flow = self._picture.flow
        held = {thing for thing in all_things(flow) if band.contains(QRectF(*rect_of(flow, thing)))}
        return Preview(band=band, selection=self._selection, selected_things=self._kept_things | held)

    def finish(self) -> Outcome:
        """The selection stays."""
        return Outcome(selection=self._selection)
