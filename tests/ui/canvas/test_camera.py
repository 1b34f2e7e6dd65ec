"""Looking around on the canvas: zooming, panning with wheel, button and fingers, fitting, the map."""

import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import (
    QImage,
    QNativeGestureEvent,
    QPointingDevice,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from builder_app.flow.edits import AddFrame, MoveNodes, apply
from builder_app.flow.values import Frame, Point, Rect, frozen_mapping
from tests.ui.canvas.desk import Desk, flow_of, node
from tests.ui.canvas.test_view import WIRED

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


def wheel(
    desk: Desk,
    at: QPoint,
    y: int,
    modifiers: Qt.KeyboardModifier,
    pixels: QPoint = QPoint(),  # noqa: B008
) -> None:
    pixel = QPointF(at)
    event = QWheelEvent(
        pixel,
        QPointF(desk.view.viewport().mapToGlobal(at)),
        pixels,
        QPoint(0, y),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(desk.view.viewport(), event)


@pytest.mark.parametrize("turn", [120, -120, 240, -480])
def test_control_wheel_zooms_and_keeps_the_place_under_the_pointer(desk: Desk, turn: int) -> None:
    desk.become(WIRED)
    at = QPoint(730, 120)
    held = desk.view.place_at(QPointF(at))
    wheel(desk, at, turn, CONTROL)
    assert desk.view.zoom() == pytest.approx(1.25 ** (turn / 120))
    now = desk.view.place_at(QPointF(at))
    assert (now - held).manhattanLength() <= 1.5 / desk.view.zoom()


def test_wheel_scrolls_and_shift_wheel_scrolls_sideways(desk: Desk) -> None:
    wheel(desk, QPoint(50, 50), -120, NONE)
    assert desk.view.viewport_state() == (1.0, 400.0, 260.0)
    wheel(desk, QPoint(50, 50), -120, SHIFT)
    assert desk.view.viewport_state() == (1.0, 460.0, 260.0)


def two_fingers(desk: Desk, at: QPoint, kind: Qt.NativeGestureType, value: float, delta: QPointF) -> None:
    pixel, fingers = QPointF(at), QPointingDevice.primaryPointingDevice()
    place = QPointF(desk.view.viewport().mapToGlobal(at))
    event = QNativeGestureEvent(kind, fingers, 2, pixel, pixel, place, value, delta)
    QApplication.sendEvent(desk.view.viewport(), event)


@pytest.mark.parametrize("spread", [0.03, -0.04])
def test_pinch_zooms_to_where_the_fingers_are(desk: Desk, spread: float) -> None:
    desk.become(WIRED)
    at = QPoint(730, 120)
    held = desk.view.place_at(QPointF(at))
    for _ in range(40):
        two_fingers(desk, at, Qt.NativeGestureType.ZoomNativeGesture, spread, QPointF())
    assert desk.view.zoom() == pytest.approx((1 + spread) ** 40)
    assert (desk.view.place_at(QPointF(at)) - held).manhattanLength() <= 1.5 / desk.view.zoom()  # nothing creeps
    assert desk.edits == []


def test_two_fingers_move_the_canvas_by_their_very_pixels(desk: Desk) -> None:
    for way in (QPoint(7, -13), QPoint(-3, 1)):
        wheel(desk, QPoint(50, 50), 120, NONE, way)  # the turn is what a wheel would have told
    assert desk.view.viewport_state() == (1.0, 396.0, 212.0)
    two_fingers(desk, QPoint(50, 50), Qt.NativeGestureType.PanNativeGesture, 0.0, QPointF(-4.0, 12.0))
    assert desk.view.viewport_state() == (1.0, 400.0, 200.0)


def test_gesture_that_means_nothing_here_changes_nothing(desk: Desk) -> None:
    two_fingers(desk, QPoint(50, 50), Qt.NativeGestureType.RotateNativeGesture, 30.0, QPointF())
    assert desk.view.viewport_state() == (1.0, 400.0, 200.0)


def test_middle_button_and_space_drag_pan(desk: Desk) -> None:
    desk.become(WIRED)
    port = desk.view.viewport()
    QTest.mousePress(port, Qt.MouseButton.MiddleButton, NONE, QPoint(300, 300))
    desk.move(QPoint(250, 340))
    QTest.mouseRelease(port, Qt.MouseButton.MiddleButton, NONE, QPoint(250, 340))
    assert desk.view.viewport_state() == (1.0, 450.0, 160.0)
    QTest.keyPress(desk.view, Qt.Key.Key_Space)
    desk.drag(desk.title("fast"), desk.title("fast") + QPoint(40, 0))
    QTest.keyRelease(desk.view, Qt.Key.Key_Space)
    assert desk.view.viewport_state() == (1.0, 410.0, 160.0)
    assert desk.edits == []


def test_viewport_is_restored_exactly_and_told_when_it_changes(desk: Desk) -> None:
    told: list[tuple[float, float, float]] = []
    desk.view.viewport_changed.connect(lambda *state: told.append(state))
    desk.view.restore_viewport(0.73, 123.25, -45.5)
    assert desk.view.viewport_state() == (0.73, 123.25, -45.5)
    assert told == [(0.73, 123.25, -45.5)]
    middle = desk.view.place_at(QPointF(desk.view.viewport().width() / 2, desk.view.viewport().height() / 2))
    assert (middle - QPointF(123.25, -45.5)).manhattanLength() < 2


def test_fit_all_shows_every_block_and_never_magnifies(desk: Desk) -> None:
    desk.become(flow_of([node("a", "sma", -3000, -2000), node("b", "sma", 3000, 2500)]))
    desk.view.fit_all()
    assert desk.view.shown_rect().contains(desk.view.canvas.picture.bounds())
    desk.become(flow_of([node("a", "sma", 5000, 5000)]))
    desk.view.fit_all()
    assert desk.view.zoom() == 1.0
    assert desk.view.shown_rect().contains(desk.view.canvas.picture.bounds())


def test_zoom_stays_in_its_bounds(desk: Desk) -> None:
    for _ in range(60):
        desk.view.zoom_in()
    assert desk.view.zoom() == 4.0
    for _ in range(60):
        desk.view.zoom_out()
    assert desk.view.zoom() == pytest.approx(0.05)


def test_click_on_the_minimap_looks_there(desk: Desk) -> None:
    desk.become(flow_of([node("a", "sma"), node("b", "sma", 6000, 4000)]))
    desk.view.restore_viewport(1.0, 0.0, 0.0)
    corner = desk.view.viewport().rect().bottomRight() - QPoint(24, 24)
    desk.click(corner)
    _, x, y = desk.view.viewport_state()
    assert x > 5000
    assert y > 3000


def test_the_map_follows_what_moves_a_moment_later(desk: Desk) -> None:
    desk.become(flow_of([node("a", "sma"), node("b", "sma", 6000, 4000), node("c", "sma", 6000, 0)]))
    desk.view.restore_viewport(1.0, 0.0, 0.0)
    room = desk.view.viewport().rect()
    left_top, right_bottom = room.bottomRight() - QPoint(188, 124), room.bottomRight() - QPoint(12, 12)

    def seen() -> QImage:
        return desk.view.viewport().grab(QRect(left_top, right_bottom)).toImage()

    before = seen()
    desk.become(apply(desk.flow, MoveNodes(frozen_mapping({"b": Point(3000, 4000)})))[0])
    desk.qtbot.waitUntil(lambda: seen() != before, timeout=1000)
    desk.become(apply(desk.flow, MoveNodes(frozen_mapping({"b": Point(6000, 4000)})))[0])
    desk.qtbot.waitUntil(lambda: seen() == before, timeout=1000)


def test_the_map_stays_as_it_is_while_a_block_is_dragged_beyond_it(desk: Desk) -> None:
    desk.become(flow_of([node("a", "sma"), node("b", "sma", 6000, 400)]))
    desk.view.restore_viewport(1.0, 0.0, 0.0)
    desk.view.viewport().grab()
    corner = QPointF(desk.view.viewport().rect().bottomRight() - QPoint(20, 20))
    meant = desk.view.minimap_place(corner)
    assert meant is not None
    desk.view.canvas.put({"a": Point(0, 4000)})
    desk.view.viewport().grab()
    assert desk.view.minimap_place(corner) == meant
    desk.become(apply(desk.flow, MoveNodes(frozen_mapping({"a": Point(0, 4000)})))[0])
    desk.qtbot.waitUntil(lambda: desk.view.minimap_place(corner) not in (None, meant), timeout=1000)


def test_the_map_follows_a_frame_that_reaches_beyond_all_blocks(desk: Desk) -> None:
    desk.become(flow_of([node("a", "sma"), node("b", "sma", 6000, 400)]))
    desk.view.restore_viewport(1.0, 0.0, 0.0)
    desk.view.viewport().grab()
    corner = QPointF(desk.view.viewport().rect().bottomRight() - QPoint(20, 20))
    meant = desk.view.minimap_place(corner)
    desk.become(apply(desk.flow, AddFrame(Frame("f", "Far", Rect(0, 0, 9000, 6000))))[0])
    desk.qtbot.waitUntil(lambda: desk.view.minimap_place(corner) not in (None, meant), timeout=1000)


def test_drag_over_the_minimap_takes_the_eye_along(desk: Desk) -> None:
    desk.become(flow_of([node("a", "sma"), node("b", "sma", 6000, 4000)]))
    desk.view.restore_viewport(1.0, 0.0, 0.0)
    corner = desk.view.viewport().rect().bottomRight() - QPoint(24, 24)
    desk.press(corner)
    far = desk.view.viewport_state()
    desk.move(corner - QPoint(80, 40))
    near = desk.view.viewport_state()
    assert far[1] > near[1] > 0
    assert far[2] > near[2] > 0
    desk.release(corner - QPoint(80, 40))
    desk.move(corner)
    assert desk.view.viewport_state() == near  # let go
    assert desk.edits == []
