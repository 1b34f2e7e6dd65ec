"""Dragging, played through without a window."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF

from builder_app.flow.edits import MoveNodes
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Point
from builder_app.ui.canvas.gestures.drag_nodes import DragNodes
from builder_app.ui.canvas.picture import Picture
from tests.ui.canvas.desk import flow_of, node

pytestmark = pytest.mark.usefixtures("qapp")


@given(st.floats(-900, 900), st.floats(-900, 900), st.integers(-50, 50), st.integers(-50, 50))
def test_grabbed_block_lands_on_the_grid_and_the_others_keep_their_distance(
    catalogue: Catalogue, across: float, down: float, x: int, y: int
) -> None:
    picture = Picture(catalogue)
    picture.show(None, flow_of([node("a", "sma", x, y), node("b", "sma", x + 301, y + 55)]))
    drag = DragNodes(picture, frozenset({"a", "b"}), "a", QPointF(5, 5))
    preview = drag.moved_to(QPointF(5 + across, 5 + down), 1.0)
    outcome = drag.finish()
    if outcome.edit is None:
        assert preview.places == {"a": Point(x, y), "b": Point(x + 301, y + 55)}
        return
    assert isinstance(outcome.edit, MoveNodes)
    moved = outcome.edit.positions
    assert moved == preview.places
    assert moved["a"].x % 8 == 0 or moved["a"].x == x
    assert abs(moved["a"].x - (x + across)) <= 4 + 1e-9 or moved["a"].x == x
    assert moved["b"].x - moved["a"].x == 301
    assert moved["b"].y - moved["a"].y == 55


def test_a_drag_back_to_the_start_wishes_nothing(catalogue: Catalogue) -> None:
    picture = Picture(catalogue)
    picture.show(None, flow_of([node("a", "sma", 3, 5)]))
    drag = DragNodes(picture, frozenset({"a"}), "a", QPointF(0, 0))
    drag.moved_to(QPointF(300, 0), 1.0)
    drag.moved_to(QPointF(1, 1), 1.0)
    assert drag.finish().edit is None
