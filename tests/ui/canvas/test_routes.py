"""Wires led through points: by dragging a wire, by R, moved, taken away, carried along, kept."""

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from builder_app.flow.edits import Batch, SetRoute
from builder_app.flow.values import Edge, Point
from builder_app.ui.canvas.routes import Bend, add_bend, straighten
from tests.ui.canvas.desk import Desk, edge, flow_of, layout_edit, node

WIRE = edge("fast.value", "cross.a")


@pytest.fixture
def led(desk: Desk) -> Desk:
    """Two averages far from what they feed; the upper wire runs at 100 %."""
    blocks = [node("fast", "sma", 0, 0), node("slow", "sma", 0, 240), node("cross", "crosses_above", 520, 0)]
    desk.become(flow_of(blocks, WIRE, edge("slow.value", "cross.b")))
    desk.view.restore_viewport(1.0, 350.0, 200.0)
    return desk


def _middle(desk: Desk, wire: Edge = WIRE) -> QPointF:
    return desk.view.canvas.picture.wires[wire].pointAtPercent(0.5)


def _bend(desk: Desk) -> None:
    """Drag the wire 120 down."""
    at = _middle(desk)
    desk.drag(desk.pixel(at.x(), at.y()), desk.pixel(at.x(), at.y() + 120))


def test_dragging_a_wire_leads_it_through_a_point_as_one_step(led: Desk) -> None:
    at = _middle(led)
    _bend(led)
    (edit,) = led.edits
    assert isinstance(edit, SetRoute)
    (point,) = led.flow.routes[WIRE]
    assert abs(point.y - at.y() - 120) <= 4
    path = led.view.canvas.picture.wires[WIRE]
    assert path.intersects(led.view.canvas.picture.rect_of("fast").__class__(point.x - 1, point.y - 1, 2, 2))
    assert led.view.canvas.wires.selected_bend == Bend(WIRE, 0)


def test_a_click_on_a_wire_only_selects_it(led: Desk) -> None:
    at = _middle(led)
    led.click(led.pixel(at.x(), at.y()))
    assert led.view.canvas.selected_wires == frozenset({WIRE})
    assert not led.edits


def test_a_point_is_moved_by_dragging_it_and_by_the_arrows(led: Desk) -> None:
    _bend(led)
    (point,) = led.flow.routes[WIRE]
    led.drag(led.pixel(point.x, point.y), led.pixel(point.x + 48, point.y + 16))
    (moved,) = led.flow.routes[WIRE]
    assert (abs(moved.x - point.x - 48) <= 4, abs(moved.y - point.y - 16) <= 4) == (True, True)
    led.view.setFocus()
    led.key(Qt.Key.Key_Right)
    assert led.flow.routes[WIRE] == (Point(moved.x + 8, moved.y),)


def test_escape_while_a_wire_is_bent_leaves_it_as_it_was(led: Desk) -> None:
    before = led.view.canvas.picture.wires.runs[WIRE]
    at = _middle(led)
    led.hold(led.pixel(at.x(), at.y()), led.pixel(at.x(), at.y() + 90))
    assert led.view.canvas.picture.wires.runs[WIRE] != before
    led.key(Qt.Key.Key_Escape)
    assert led.view.canvas.picture.wires.runs[WIRE] == before
    assert not led.edits


def test_delete_takes_the_selected_point_and_not_the_wire(led: Desk) -> None:
    _bend(led)
    led.view.delete_selection()
    assert not led.flow.routes
    assert WIRE in led.flow.edges


def test_the_key_bends_the_selected_wire_in_its_middle_and_again_elsewhere(led: Desk) -> None:
    led.view.select_parts(frozenset(), frozenset({WIRE}))
    add_bend(led.view)
    assert len(led.flow.routes[WIRE]) == 1
    straighten(led.view, [WIRE])
    assert not led.flow.routes
    led.view.select_parts(frozenset())
    QTest.mouseMove(led.view.viewport(), led.pixel(300, 600))
    add_bend(led.view)
    assert "Point at a wire" in led.said[-1]


def test_points_go_along_where_both_blocks_move_and_stay_where_one_does(led: Desk) -> None:
    _bend(led)
    (point,) = led.flow.routes[WIRE]
    led.view.select_parts(frozenset({"cross"}))
    led.view.nudge(0, 2)
    assert led.flow.routes[WIRE] == (point,)
    led.view.select({"fast", "cross"})
    led.drag(led.title("fast"), led.title("fast") + (led.pixel(0, 80) - led.pixel(0, 0)))
    assert isinstance(led.edits[-1], Batch)
    (moved,) = led.flow.routes[WIRE]
    assert moved.y - point.y == led.flow.nodes["fast"].position.y
    assert led.view.canvas.picture.wires.runs[WIRE].via == (moved,)


def test_the_automatic_layout_keeps_points(led: Desk) -> None:
    _bend(led)
    led.view.request(layout_edit(led.view.canvas.picture, frozenset()))
    assert len(led.flow.routes[WIRE]) == 1
    before = led.flow
    led.become(flow_of([]))
    led.become(before)
    assert led.view.canvas.picture.wires.runs[WIRE].via == before.routes[WIRE]


def test_a_point_is_seen_near_and_the_wire_runs_through_it_from_far(led: Desk) -> None:
    _bend(led)
    (point,) = led.flow.routes[WIRE]
    around = led.pixel(point.x, point.y)
    led.view.select_parts(frozenset())
    step = led.pixel(6, 6) - led.pixel(0, 0)
    ring = led.colors_in(around - step, around + step)
    assert led.view.canvas.inks.body.name() in ring
    led.view.restore_viewport(0.3, 350.0, 200.0)
    at = led.pixel(point.x, point.y)
    seen = led.colors_in(at - step, at + step)
    assert len(seen) > 1
