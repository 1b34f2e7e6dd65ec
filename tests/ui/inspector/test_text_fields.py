"""Text to type."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from builder_app.ui.inspector.text_fields import TextBox, TextLine


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    window = QWidget()
    QVBoxLayout(window)
    qtbot.addWidget(window)
    window.resize(300, 200)
    return window


def put(qtbot: QtBot, window: QWidget, *widgets: QWidget) -> None:
    for widget in widgets:
        layout = window.layout()
        assert layout is not None
        layout.addWidget(widget)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    widgets[0].setFocus()


@pytest.fixture
def line(qtbot: QtBot, window: QWidget) -> TextLine:
    line = TextLine()
    line.show_text("Fast")
    put(qtbot, window, line, TextLine())
    return line


def test_a_line_is_said_at_return_and_only_once(line: TextLine, qtbot: QtBot) -> None:
    said: list[str] = []
    line.text_committed.connect(said.append)
    QTest.keyClick(line, Qt.Key.Key_End)
    QTest.keyClicks(line, "er")
    assert said == []
    QTest.keyClick(line, Qt.Key.Key_Return)
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert said == ["Faster"]


def test_escape_brings_the_line_back(line: TextLine, qtbot: QtBot) -> None:
    said: list[str] = []
    line.text_committed.connect(said.append)
    QTest.keyClicks(line, "zzz")
    QTest.keyClick(line, Qt.Key.Key_Escape)
    QTest.keyClick(line, Qt.Key.Key_Tab)
    assert (line.text(), said) == ("Fast", [])


def test_what_is_being_typed_survives_being_shown_again(line: TextLine, qtbot: QtBot) -> None:
    QTest.keyClick(line, Qt.Key.Key_End)
    QTest.keyClicks(line, "er")
    line.setCursorPosition(2)
    line.show_text("Fast")
    assert (line.text(), line.cursorPosition(), line.hasFocus()) == ("Faster", 2, True)


def test_a_changed_text_replaces_what_was_typed_and_keeps_the_cursor(line: TextLine, qtbot: QtBot) -> None:
    line.setCursorPosition(2)
    line.show_text("Slow")
    assert (line.text(), line.cursorPosition()) == ("Slow", 2)


@pytest.fixture
def box(qtbot: QtBot, window: QWidget) -> TextBox:
    box = TextBox(code=True)
    box.show_text("a + b")
    put(qtbot, window, box, TextLine())
    return box


def test_a_box_is_said_after_a_pause_and_the_gesture_goes_on(box: TextBox, qtbot: QtBot) -> None:
    said: list[str] = []
    box.text_committed.connect(said.append)
    box.finished.connect(lambda: said.append("|"))
    QTest.keyClick(box, Qt.Key.Key_End)
    QTest.keyClicks(box, " + c")
    assert said == []
    qtbot.waitUntil(lambda: said == ["a + b + c"], timeout=3000)
    box.show_text("a + b + c")
    assert box.textCursor().position() == len("a + b + c")
    QTest.keyClick(box, Qt.Key.Key_Tab)
    assert said == ["a + b + c", "|"]


def test_control_return_says_a_box_at_once(box: TextBox, qtbot: QtBot) -> None:
    said: list[str] = []
    box.text_committed.connect(said.append)
    QTest.keyClicks(box, "x")
    QTest.keyClick(box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert said == ["xa + b"]


def test_a_formula_is_in_the_fixed_font(box: TextBox) -> None:
    assert box.fontMetrics().horizontalAdvance("iiii") == box.fontMetrics().horizontalAdvance("WWWW")


def test_showing_a_text_says_nothing(box: TextBox, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(box.text_committed, wait=900):
        box.show_text("other")
    assert box.toPlainText() == "other"
