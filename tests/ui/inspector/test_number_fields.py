"""Numbers to type, step and drag."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QStyle, QStyleOptionSlider, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from builder_app.ui.inspector import hint
from builder_app.ui.inspector.hint import FieldHint
from builder_app.ui.inspector.number_fields import MIXED, NumberField, NumberSlider
from builder_app.ui.inspector.number_text import LARGEST, number_bounds


class Said:
    """What a control said, in order; `|` is the end of a gesture."""

    def __init__(self, control: NumberField | NumberSlider) -> None:
        self.said: list[object] = []
        control.number_edited.connect(self.said.append)
        control.finished.connect(lambda: self.said.append("|"))


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    return window


def put(qtbot: QtBot, window: QWidget, control: QWidget) -> None:
    """Show the control in the window, with another field that has the focus."""
    lines = QVBoxLayout(window)
    other = QLineEdit()
    lines.addWidget(control)
    lines.addWidget(other)
    window.resize(240, 120)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    other.setFocus()


@pytest.fixture
def field(qtbot: QtBot, window: QWidget) -> NumberField:
    field = NumberField(whole=True)
    field.set_form(1, 200, 1, "bars")
    field.show_number(20)
    put(qtbot, window, field)
    return field


def retype(qtbot: QtBot, field: NumberField, text: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, end)


def test_a_typed_number_is_said_once_at_return(field: NumberField, qtbot: QtBot) -> None:
    said = Said(field).said
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "150")
    assert said == []
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert said == [150, "|"]
    assert isinstance(said[0], int)


def test_a_typed_number_is_said_when_the_focus_leaves(field: NumberField, qtbot: QtBot) -> None:
    said = Said(field).said
    retype(qtbot, field, "42", Qt.Key.Key_Tab)
    assert said == [42, "|"]


def test_the_number_that_was_there_is_not_said(field: NumberField, qtbot: QtBot) -> None:
    said = Said(field).said
    retype(qtbot, field, "20")
    assert said == []


def test_showing_a_number_says_nothing(field: NumberField) -> None:
    said = Said(field).said
    field.show_number(33)
    assert (said, field.text()) == ([], "33 bars")


def test_a_number_outside_the_bounds_becomes_the_nearest(field: NumberField, qtbot: QtBot) -> None:
    said = Said(field).said
    retype(qtbot, field, "999")
    assert said == [200, "|"]
    assert field.text() == "200 bars"


def test_a_value_outside_the_bounds_is_shown_as_it_is(field: NumberField) -> None:
    field.show_number(500)
    assert field.text() == "500 bars"


def test_escape_brings_the_number_back(field: NumberField, qtbot: QtBot) -> None:
    said = Said(field).said
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "77")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "20 bars"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert said == []


def test_steps_are_said_at_once_and_end_as_one_gesture(field: NumberField, qtbot: QtBot) -> None:
    said = Said(field).said
    field.setFocus()
    for _ in range(3):
        QTest.keyClick(field, Qt.Key.Key_Up)
    assert said == [21, 22, 23]
    qtbot.waitUntil(lambda: said == [21, 22, 23, "|"])


def test_mixed_values_are_a_dash_without_a_unit(field: NumberField) -> None:
    field.show_number(10, MIXED)
    assert field.text() == MIXED


def test_leaving_mixed_values_alone_says_nothing(field: NumberField, qtbot: QtBot) -> None:
    said = Said(field).said
    field.show_number(10, MIXED)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert (said, field.text()) == ([], MIXED)


def test_mixed_values_deleted_and_left_empty_stay_mixed(field: NumberField, qtbot: QtBot) -> None:
    said = Said(field).said
    field.show_number(10, MIXED)
    field.setFocus()
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert (said, field.text()) == ([], MIXED)


def test_typing_over_mixed_values_says_even_the_first_ones_number(field: NumberField, qtbot: QtBot) -> None:
    said = Said(field).said
    field.show_number(10, MIXED)
    retype(qtbot, field, "10")
    assert said == [10, "|"]


def test_stepping_from_mixed_values_starts_at_the_first(field: NumberField, qtbot: QtBot) -> None:
    said = Said(field).said
    field.show_number(10, MIXED)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert said == [11]


def wheel(widget: QWidget) -> QWheelEvent:
    place = QPointF(widget.rect().center())
    return QWheelEvent(
        place,
        QPointF(widget.mapToGlobal(place.toPoint())),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )


def test_the_wheel_turns_the_number_only_inside_the_field(field: NumberField) -> None:
    said = Said(field).said
    QApplication.sendEvent(field, wheel(field))
    assert said == []
    field.setFocus()
    QApplication.sendEvent(field, wheel(field))
    assert said == [21]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.decimals(-10_000, 10_000, places=6))
def test_no_digit_is_lost_between_showing_and_reading(qtbot: QtBot, number: object) -> None:
    value = float(str(number))
    field = NumberField()
    field.set_form(None, None, 0.1)
    field.show_number(value)
    assert float(field.text()) == value
    assert field.value() == value
    field.deleteLater()


def test_a_comma_is_a_decimal_point_where_thousands_are_not_grouped(qtbot: QtBot, window: QWidget) -> None:
    field = NumberField()
    field.set_form(0, 100, 0.1, "%")
    put(qtbot, window, field)
    said = Said(field).said
    retype(qtbot, field, "1,5")
    assert said == [1.5, "|"]
    assert field.text() == "1.5 %"


def test_money_is_grouped_to_the_cent(qtbot: QtBot, window: QWidget) -> None:
    field = NumberField(grouped=True)
    field.set_form(0, None, 1000)
    field.set_least_digits(2)
    field.show_number(1234567.5)
    put(qtbot, window, field)
    assert field.text() == "1,234,567.50"
    said = Said(field).said
    retype(qtbot, field, "2,000")
    assert said == [2000.0, "|"]
    assert field.text() == "2,000.00"


@pytest.fixture
def slider(qtbot: QtBot, window: QWidget) -> NumberSlider:
    slider = NumberSlider()
    slider.set_form(0.1, 10.0, 0.1)
    slider.show_number(0.1)
    put(qtbot, window, slider)
    return slider


def handle(slider: NumberSlider) -> QPoint:
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    part = QStyle.SubControl.SC_SliderHandle
    return slider.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, slider).center()


def test_a_drag_says_every_value_and_ends_once(slider: NumberSlider, qtbot: QtBot) -> None:
    said = Said(slider).said
    start = handle(slider)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    for way in (40, 80, 120):
        QTest.mouseMove(slider, start + QPoint(way, 0))
    assert "|" not in said
    assert len(said) == 3
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(120, 0))
    assert said[-1] == "|"
    assert said.count("|") == 1
    numbers = [number for number in said if isinstance(number, float)]
    assert numbers == sorted(numbers)
    assert all(round(number * 10) / 10 == number for number in numbers)


def test_a_click_beside_the_handle_brings_it_there(slider: NumberSlider, qtbot: QtBot) -> None:
    said = Said(slider).said
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    assert isinstance(said[0], float)
    assert said[0] == pytest.approx(5.05, abs=0.3)
    assert said[1:] == ["|"]


def test_arrow_keys_move_by_a_step(slider: NumberSlider, qtbot: QtBot) -> None:
    said = Said(slider).said
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert said == [0.2, 0.3]
    qtbot.waitUntil(lambda: said[-1] == "|")


def test_a_slider_shows_what_is_beyond_its_end_at_its_end(slider: NumberSlider) -> None:
    slider.show_number(99.0)
    assert slider.value() == slider.maximum()


def hint_of(field: NumberField) -> str:
    """The words under the field, or nothing."""
    label = field.window().findChild(FieldHint)
    return label.text() if label is not None and label.isVisible() else ""


@pytest.mark.parametrize(
    ("typed", "taken"), [("0", 1), ("999", 200), ("-5", 1), ("1e9", 200), ("1E400", 200), ("2.6", 3)]
)
def test_a_number_that_is_changed_says_the_bounds(field: NumberField, qtbot: QtBot, typed: str, taken: int) -> None:
    said = Said(field).said
    retype(qtbot, field, typed, Qt.Key.Key_Tab)
    assert said == [taken, "|"]
    assert hint_of(field) == "A whole number between 1 and 200"


@pytest.mark.parametrize(("typed", "taken"), [("1", 1), ("200", 200), ("1e2", 100), ("20e0", 20)])
def test_a_number_that_is_taken_as_typed_says_no_bounds(
    field: NumberField, qtbot: QtBot, typed: str, taken: int
) -> None:
    retype(qtbot, field, typed)
    assert field.value() == taken
    assert hint_of(field) == ""


def test_the_hint_goes_by_itself(field: NumberField, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hint, "SECONDS_SHOWN", 0.05)
    retype(qtbot, field, "999")
    qtbot.waitUntil(lambda: hint_of(field) == "")


@pytest.mark.parametrize(
    ("minimum", "maximum", "words"),
    [
        (0.5, 100.0, "A number between 0.5 and 100"),
        (0.0, LARGEST, "A number of at least 0"),
        (-LARGEST, 7.25, "A number of at most 7.25"),
    ],
)
def test_bounds_are_said_where_they_are(minimum: float, maximum: float, words: str) -> None:
    assert number_bounds(minimum, maximum, whole=False) == words
