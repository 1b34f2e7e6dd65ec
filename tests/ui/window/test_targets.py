"""The strategist chooses the engine that the code is written for, and sees what it refuses.

`STRATEGY_BUILDER_SCREENSHOTS=FOLDER` keeps pictures of the panel.
"""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from tests.ui.window.strategist import Strategist, application


def choose(hands: Strategist, title: str) -> None:
    """Take an engine from the menu of the code panel."""
    menu = hands.window.code.header.target.menu()
    next(action for action in menu.actions() if action.text() == title).trigger()


def picture_of(hands: Strategist, name: str) -> None:
    """Keep a picture of the window where one is wanted."""
    folder = os.environ.get("STRATEGY_BUILDER_SCREENSHOTS")
    if folder:
        QTest.qWait(200)
        hands.window.grab().save(str(Path(folder) / f"{name}.png"))


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_another_engine_shows_its_text_or_what_it_refuses(qtbot: QtBot, tmp_path: Path, scheme: str) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        window, code = hands.window, hands.window.code
        window.actions_by_id[f"theme_{scheme}"].trigger()
        window.resize(1440, 900)
        window.commands.open_and_test_example("moving_average_crossover")
        hands.sees_result()
        window.show_dock("Code")
        standalone = code.text.source
        choose(hands, "backtrader")
        hands.sees(lambda: "import backtrader as bt" in code.text.source)
        assert window.target_button.text() == code.header.target.text() == "backtrader ▾"
        assert "REFUSED" not in code.header.text
        picture_of(hands, f"target-text-{scheme}")
        choose(hands, "Qlib")
        hands.sees(lambda: bool(code.refusals.rows) and "REFUSED" in code.header.text)
        row = code.refusals.rows[0]
        assert row.problem is not None
        assert "Qlib cannot say" in row.problem.message
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
        hands.sees(lambda: hands.canvas.selected_nodes() == frozenset({row.problem and row.problem.node}))
        assert hands.document.result is not None, "tests go on with the standalone text"
        picture_of(hands, f"target-refused-{scheme}")
        choose(hands, "Standalone")
        hands.sees(lambda: code.text.source == standalone)


def test_the_chosen_engine_is_remembered_with_the_draft(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_and_test_example("moving_average_crossover")
        hands.sees_result()
        choose(hands, "backtrader")
        hands.sees(lambda: hands.document.target_code is not None)
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.sees(lambda: bool(opened.session.documents))
        hands.sees(lambda: hands.document.target_code is not None)
        assert hands.document.target == "backtrader"
        assert hands.window.target_button.text() == "backtrader ▾"
