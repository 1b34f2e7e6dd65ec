"""The rubber band: what it touches is selected."""

from PySide6.QtCore import QPointF, QRectF

from builder_app.ui.canvas.gestures.outcome import Outcome, Preview
from builder_app.ui.canvas.picture import Picture


class RubberBand:
    """A rectangle drawn on the empty canvas. `kept` stays selected beside what the band touches."""

    def __init__(self, picture: Picture, pressed: QPointF, kept: frozenset[str]) -> None:
        self._picture = picture
        self._pressed = pressed
        self._kept = kept
        self._selection = kept

    def moved_to(self, place: QPointF, zoom: float) -> Preview:
        """The band reaches from where it began to here."""
        del zoom
        band = QRectF(self._pressed, place).normalized()
        self._selection = self._kept | frozenset(self._picture.nodes_in(band))
        return Preview(band=band, selection=self._selection)

    def finish(self) -> Outcome:
        """The selection stays."""
        return Outcome(selection=self._selection)
