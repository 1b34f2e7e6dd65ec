"""A sparkline stays in its box, breaks at gaps, and is not drawn from too little."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF

from builder_app.ui.canvas.sparklines import SHOWN_VALUES, sparkline_path

BOX = QRectF(10, 20, 160, 24)
values = st.lists(st.floats(-1e9, 1e9) | st.just(float("nan")), max_size=300)


@given(values)
def test_line_stays_in_its_box(values: list[float]) -> None:
    path = sparkline_path(np.array(values, dtype=float), BOX)
    shown = np.array(values[-SHOWN_VALUES:], dtype=float)
    if path.isEmpty():
        joined = np.isfinite(shown[1:]) & np.isfinite(shown[:-1])
        assert not joined.any()
    else:
        drawn, nearly = path.controlPointRect(), 1e-6
        assert drawn.left() >= BOX.left() - nearly
        assert drawn.right() <= BOX.right() + nearly
        assert drawn.top() >= BOX.top() - nearly
        assert drawn.bottom() <= BOX.bottom() + nearly


def test_highest_value_is_at_the_top_and_lowest_at_the_bottom() -> None:
    path = sparkline_path(np.array([1.0, 3.0, 2.0]), BOX)
    heights = [path.elementAt(bar).y for bar in range(3)]
    assert heights == [BOX.bottom(), BOX.top(), BOX.center().y()]


def test_gap_breaks_the_line_and_truth_values_are_drawn() -> None:
    gap = sparkline_path(np.array([1.0, 2.0, np.nan, 2.0, 1.0]), BOX)
    assert sum(gap.elementAt(at).isMoveTo() for at in range(gap.elementCount())) == 2
    assert not sparkline_path(np.array([False, True, True]), BOX).isEmpty()


def test_flat_line_runs_through_the_middle() -> None:
    path = sparkline_path(np.full(5, 7.0), BOX)
    assert path.boundingRect().center().y() == BOX.center().y()
