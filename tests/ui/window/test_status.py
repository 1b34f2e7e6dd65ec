"""The line at the bottom."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from builder_app.ui.window.status import StatusLine
from tests.ui.window.strategist import Strategist, application


@pytest.fixture
def line(qtbot: QtBot) -> StatusLine:
    line = StatusLine()
    qtbot.addWidget(line)
    line.setStyleSheet("QWidget { background: white; color: black; } QStatusBar::item { border: none; }")
    line.resize(600, 24)
    line.show_part("zoom", "HHHH")
    with qtbot.waitExposed(line):
        line.show()
    return line


def first_ink(image: QImage) -> int:
    """The first column in which something dark is drawn."""
    dark = (
        x for x in range(image.width()) for y in range(image.height()) if QColor(image.pixel(x, y)).lightness() < 160
    )
    return next(dark)


def test_a_message_begins_where_the_parts_begin(line: StatusLine) -> None:
    label = line.findChild(QLabel, "status_zoom")
    assert label is not None
    parts = first_ink(line.grab().toImage())
    line.showMessage("HHHH", 6000)
    assert line.message_rectangle().left() == label.mapTo(line, label.rect().topLeft()).x()
    assert abs(first_ink(line.grab().toImage()) - parts) <= 1


def test_a_message_gives_way_to_the_parts_again(line: StatusLine) -> None:
    before = line.grab().toImage()
    line.showMessage("A block cannot be wired to itself.")
    assert line.grab().toImage() != before
    line.clearMessage()
    assert line.grab().toImage() == before


def test_who_comes_back_from_the_start_page_sees_zoom_and_that_all_is_saved(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.press("Ctrl+N")
        hands.place_block("Simple moving average", 0, 0)
        hands.sees(lambda: hands.window.saved_mark.text() == "saved ✓")
        hands.window.centre.tabs.setCurrentIndex(0)
        assert hands.window.saved_mark.text() == ""
        hands.window.centre.tabs.setCurrentIndex(1)
        status = hands.window.statusBar()
        assert isinstance(status, StatusLine)
        assert hands.window.saved_mark.text() == "saved ✓"
        assert status.text("zoom") == f"{hands.canvas.zoom() * 100:.0f} %"


def test_what_is_said_of_one_strategys_draft_is_not_said_of_another(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.press("Ctrl+N")
        hands.sees(lambda: hands.window.saved_mark.text() == "saved ✓")
        hands.press("Ctrl+N")
        hands.place_block("Simple moving average", 0, 0)
        hands.sees(lambda: hands.window.saved_mark.text() == "saved ✓")
        hands.document.durable -= 1
        hands.window.centre.tabs.setCurrentIndex(1)
        assert hands.window.saved_mark.text() == "saved ✓"
        hands.window.centre.tabs.setCurrentIndex(2)
        assert hands.window.saved_mark.text() == "saving…"
        hands.window.centre.tabs.setCurrentIndex(1)
        assert hands.window.saved_mark.text() == "saved ✓"


def test_a_message_is_not_written_over_the_parts(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        hands.sees(lambda: hands.window.document is not None)
        bar = hands.window.statusBar()
        assert isinstance(bar, StatusLine)
        labels = bar.findChildren(QLabel)
        hands.sees(lambda: any(label.isVisible() for label in labels))
        height = bar.height()
        for _ in range(2):
            hands.canvas.message_requested.emit("What was selected by keys.")
        qtbot.wait(200)
        assert not any(label.isVisible() for label in labels)
        assert bar.height() == height
        bar.clearMessage()
        assert any(label.isVisible() for label in labels)
