"""The rubber band, played through without a window."""

import pytest
from PySide6.QtCore import QPointF

from builder_app.flow.templates import Catalogue
from builder_app.ui.canvas.gestures.rubber_band import RubberBand
from builder_app.ui.canvas.picture import Picture
from tests.ui.canvas.desk import flow_of, node

pytestmark = pytest.mark.usefixtures("qapp")


def test_band_selects_what_it_touches_in_every_direction_and_keeps_what_it_was_given(catalogue: Catalogue) -> None:
    picture = Picture(catalogue)
    picture.show(None, flow_of([node("a", "sma"), node("b", "sma", 400), node("c", "sma", 0, 400)]))
    band = RubberBand(picture, QPointF(450, 150), frozenset({"c"}))
    preview = band.moved_to(QPointF(410, 20), 1.0)
    assert preview.selection == frozenset({"b", "c"})
    assert preview.band is not None
    assert preview.band.width() == 40
    assert band.moved_to(QPointF(-10, -10), 1.0).selection == frozenset({"a", "b", "c"})
    assert band.moved_to(QPointF(449, 149), 1.0).selection == frozenset({"c"})
    assert band.finish().selection == frozenset({"c"})
