"""The menu of the strategy's name."""

from pathlib import Path

from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from builder_app.ui.window.main_window import MainWindow
from tests.ui.window.strategist import Strategist, application


def opened_menu(window: MainWindow) -> QMenu:
    menu = window.name_button.menu()
    menu.aboutToShow.emit()
    return menu


def test_open_strategies_are_offered_and_the_one_in_front_is_ticked(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        for _ in range(2):
            hands.window.commands.open_example("moving_average_crossover")
        menu = opened_menu(hands.window)
        offered = [(action.text(), action.isChecked()) for action in menu.actions() if action.isCheckable()]
        assert offered == [("Moving average crossover", False), ("Moving average crossover", True)]
        front = hands.window.canvas
        menu.actions()[0].trigger()
        assert hands.window.canvas is not front
        assert [action.isChecked() for action in opened_menu(hands.window).actions()[:2]] == [True, False]
        next(action for action in menu.actions() if action.text() == "Start page").trigger()
        assert hands.window.canvas is None
