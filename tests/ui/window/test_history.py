"""The list of steps in the window: each by its name, a way to any of them, and all of it back after a restart."""

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.window.strategist import Strategist, application


def listed(hands: Strategist) -> list[str]:
    """What the list says, from the oldest step on."""
    history = hands.window.history
    return [history.item(row).text() for row in range(history.count())]


def test_every_step_is_named_gone_to_and_there_after_a_restart(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        hands.sees(lambda: hands.window.document is not None)
        hands.canvas.setFocus()
        hands.canvas.select({"fast_average"})
        hands.press("M", hands.canvas)
        hands.press("Right", hands.canvas)
        hands.canvas.select({"slow_average"})
        hands.press("Del", hands.canvas)
        hands.press("Ctrl+Z", hands.canvas)
        before = listed(hands)
        assert before[0] == "Start"
        assert len(before) == 4
        assert all(
            name in step
            for name, step in zip(("Fast average", "Fast average", "Slow average"), before[1:], strict=True)
        )
        hands.sees(lambda: hands.document.durable == hands.document.sequence)
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.sees(lambda: hands.window.document is not None)
        assert listed(hands) == before
        assert hands.document.history.position == 2
        muted = hands.document.flow
        hands.window.show_dock("History")
        history = hands.window.history
        for row, missing in ((3, True), (0, False), (2, False)):
            spot = history.visualItemRect(history.item(row)).center()
            hands.qtbot.mouseClick(history.viewport(), Qt.MouseButton.LeftButton, pos=spot)
            assert hands.document.history.position == row
            assert ("slow_average" not in hands.document.flow.nodes) is missing
        assert hands.document.flow == muted
