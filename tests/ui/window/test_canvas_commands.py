"""The actions on the canvas by their keys, in the whole window."""

from pathlib import Path

from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.window.strategist import Strategist, application


def test_keys_of_the_canvas_are_heard_by_it_and_by_no_field(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.press("Ctrl+N")
        hands.place_block("Simple moving average", 0, 0)
        hands.sees(hands.canvas.hasFocus)
        hands.press("Ctrl+G", hands.canvas)
        hands.sees(hands.canvas.words.hasFocus)
        QTest.keyClicks(hands.canvas.words, "Named")
        hands.press("Return", hands.canvas.words)
        assert [frame.title for frame in hands.document.flow.frames.values()] == ["Named"]
        hands.press("N", hands.canvas)
        hands.sees(hands.canvas.words.hasFocus)
        hands.press("Escape", hands.canvas.words)
        assert len(hands.document.flow.notes) == 1
        search = hands.window.palette_view.search
        search.setFocus()
        hands.sees(search.hasFocus)
        QTest.keyClicks(search, "n")
        assert search.text() == "n"
        assert len(hands.document.flow.notes) == 1
