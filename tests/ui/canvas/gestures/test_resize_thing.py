"""Resizing, played through without a window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from builder_app.flow.edits import ChangeNote
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow, Rect, StickyNote
from builder_app.ui.canvas.furniture import Grip, note
from builder_app.ui.canvas.gestures.resize_thing import SMALLEST, ResizeThing
from builder_app.ui.canvas.picture import Picture

pytestmark = pytest.mark.usefixtures("qapp")
SIDES = st.sampled_from([-1, 0, 1])


@given(SIDES, SIDES, st.floats(-900, 900), st.floats(-900, 900))
def test_opposite_edge_stays_and_nothing_gets_smaller_than_the_smallest(
    catalogue: Catalogue, across: int, down: int, right: float, below: float
) -> None:
    picture = Picture(catalogue)
    before = Rect(3, 5, 200, 100)
    picture.show(None, LogicFlow(notes={"n": StickyNote("n", "", before)}))
    gesture = ResizeThing(picture, note("n"), Grip(across, down), QPointF(0, 0))
    preview = gesture.moved_to(QPointF(right, below), 1.0)
    after = preview.rects[note("n")]
    for side, start, length, now, long in (
        (across, before.x, before.width, after.x, after.width),
        (down, before.y, before.height, after.y, after.height),
    ):
        if side >= 0:
            assert now == start
        if side <= 0:
            assert now + long == start + length
    assert after.width >= SMALLEST[0]
    assert after.height >= SMALLEST[1]
    edit = gesture.finish().edit
    assert (edit is None) == (after == before)
    assert edit is None or edit == ChangeNote(StickyNote("n", "", after))
