"""What is said at the pointer, and how long."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import (
    QGuiApplication,
)
from PySide6.QtTest import QTest

from builder_app.flow.values import EMPTY_FLOW
from tests.ui.canvas.desk import Desk
from tests.ui.canvas.test_camera import wheel
from tests.ui.canvas.test_view import WIRED

NONE = Qt.KeyboardModifier.NoModifier


def _refuse(desk: Desk) -> None:
    desk.view.say("No.", QPointF(300, 300))
    assert desk.view.speech.text == "No."


@pytest.mark.parametrize(
    "act",
    [
        lambda desk: desk.press(desk.pixel(700, 500)),
        lambda desk: desk.key(Qt.Key.Key_Right),
        lambda desk: desk.key(Qt.Key.Key_F5),
        lambda desk: wheel(desk, QPoint(300, 300), 120, NONE),
        lambda desk: desk.view.add_block("sma"),
        lambda desk: desk.become(EMPTY_FLOW),
        lambda desk: desk.view.zoom_in(),
    ],
    ids=["press", "key", "key of an action", "wheel", "edit", "undo", "zoom"],
)
def test_a_refusal_is_said_until_the_next_gesture_key_or_step(desk: Desk, act: Callable[[Desk], None]) -> None:
    desk.become(WIRED)
    _refuse(desk)
    desk.move(desk.pixel(10, 10))
    QTest.keyPress(desk.view, Qt.Key.Key_Shift)
    assert desk.view.speech.text == "No."  # neither the pointer on its way nor Shift does anything
    act(desk)
    assert desk.view.speech.text == ""


def test_a_refusal_of_the_next_step_is_said_in_the_place_of_the_one_before(desk: Desk) -> None:
    desk.become(WIRED)
    _refuse(desk)
    QGuiApplication.clipboard().setText("")
    desk.key(Qt.Key.Key_Right)
    desk.view.paste()
    assert desk.view.speech.text.startswith("There is nothing on the clipboard")
