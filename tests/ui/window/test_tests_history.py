"""The history of tests in the window, by mouse and keys: from two tests to their comparison, and back from Delete."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from builder_app.flow.edits import SetStrategyParameter
from builder_app.flow.values import StrategyParameter
from builder_app.ui.tests_history import TestsView
from builder_app.ui.tests_history.view import Which
from builder_app.ui.window.line_dialog import LineDialog
from tests.ui.window.strategist import Strategist, application

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def hands(qtbot: QtBot, tmp_path: Path) -> Iterator[Strategist]:
    with application(tmp_path) as opened:
        yield Strategist(qtbot, opened)


def run_with(hands: Strategist, period: int) -> None:
    """Give the fast average this period, and press F5."""
    before = hands.document.flow.parameters["fast_period"]
    parameter = StrategyParameter(period, before.minimum, before.maximum, before.step)
    hands.session.edit(hands.document, SetStrategyParameter("fast_period", parameter))
    hands.press("F5")
    hands.sees_result()


def history(hands: Strategist, rows: int) -> TestsView:
    """The panel, brought to the front, when it lists so many tests."""
    hands.window.show_dock("Tests")
    view = hands.window.tests
    hands.sees(lambda: view.list.model.rowCount() == rows)
    return view


def click(view: TestsView, row: int, *, more: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ControlModifier if more else Qt.KeyboardModifier.NoModifier
    place = view.list.table.visualRect(view.list.model.index(row, 1)).center()
    QTest.mouseClick(view.list.table.viewport(), LEFT, modifier, place)


def said(hands: Strategist) -> str:
    return hands.window.centre.messages.text


def test_two_tests_are_compared_by_two_clicks(hands: Strategist) -> None:
    hands.window.commands.open_example("moving_average_crossover")
    run_with(hands, 8)
    run_with(hands, 21)
    view = history(hands, 2)
    click(view, 0)
    hands.sees(lambda: len(view.figures.model.columns) == 2)
    click(view, 1, more=True)
    hands.sees(lambda: [column.title for column in view.figures.model.columns] == ["Metric", "A", "B", "B − A"])
    assert "its value is 21 instead of 8" in view.differences.toPlainText()
    assert "Both ran on the same set-up." in view.differences.toPlainText()
    hands.sees(lambda: "B earned" in view.differences.toPlainText())
    run_with(hands, 13)
    hands.sees(lambda: view.list.model.rowCount() == 3)
    assert len(view.list.chosen) == 2, "a finished test takes nothing away from what is looked at"


def test_names_stars_deletes_and_undoes(hands: Strategist) -> None:
    hands.window.commands.open_example("moving_average_crossover")
    run_with(hands, 8)
    view = history(hands, 1)
    click(view, 0)
    QTest.keyClick(view.list.table, Qt.Key.Key_F2)
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LineDialog)
    dialog.field.selectAll()
    QTest.keyClicks(dialog.field, "The quick pair")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    hands.sees(lambda: view.list.model.rowCount() == 1 and view.list.model.row_at(0).name == "The quick pair")
    QTest.keyClick(view.list.table, Qt.Key.Key_S)
    hands.sees(lambda: view.list.model.row_at(0).is_starred)
    QTest.keyClick(view.list.table, Qt.Key.Key_Delete)
    hands.sees(lambda: view.list.model.rowCount() == 0)
    assert said(hands) == "The test 'The quick pair' was deleted."
    hands.click_button("Undo", hands.window.centre.messages)
    hands.sees(lambda: view.list.model.rowCount() == 1)
    assert view.list.model.row_at(0).is_starred
    view.which_box.setCurrentIndex(tuple(Which).index(Which.DELETED))
    hands.sees(lambda: view.empty.isVisible() and view.empty.text() == "No test is deleted.")
    view.which_box.setCurrentIndex(tuple(Which).index(Which.STARRED))
    hands.sees(lambda: view.list.model.rowCount() == 1)


def test_run_again_says_identical_and_keeps_the_second_run(hands: Strategist) -> None:
    hands.window.commands.open_example("moving_average_crossover")
    run_with(hands, 8)
    view = history(hands, 1)
    click(view, 0)
    hands.click_button("Run again", view)
    hands.sees(lambda: "identical to the byte" in said(hands))
    hands.sees(lambda: view.list.model.rowCount() == 2)
    assert view.list.model.row_at(0).name.endswith(", again")


def test_another_strategy_has_another_history_and_all_are_found_together(hands: Strategist) -> None:
    hands.window.commands.open_example("moving_average_crossover")
    run_with(hands, 8)
    first = hands.canvas
    hands.window.commands.open_example("moving_average_crossover")
    run_with(hands, 9)
    run_with(hands, 10)
    view = history(hands, 2)
    hands.window.centre.tabs.setCurrentWidget(first)
    hands.sees(lambda: view.list.model.rowCount() == 1)
    view.which_box.setCurrentIndex(tuple(Which).index(Which.ALL))
    hands.sees(lambda: view.list.model.rowCount() == 3)


def test_keys_bring_the_history_to_the_front_and_choose_in_it(hands: Strategist) -> None:
    hands.window.commands.open_example("moving_average_crossover")
    run_with(hands, 8)
    hands.press("Ctrl+H")
    view = hands.window.tests
    hands.sees(lambda: view.list.model.rowCount() == 1)
    QTest.keyClick(view.list.table, Qt.Key.Key_Down)
    hands.sees(lambda: len(view.list.chosen) == 1)


def test_older_tests_are_listed_on_request_and_stay_listed(hands: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder_app.ui.window.tests_commands.PAGE", 1)
    hands.window.commands.open_example("moving_average_crossover")
    run_with(hands, 8)
    run_with(hands, 9)
    view = history(hands, 1)
    hands.sees(view.list.older_button.isVisible)
    hands.click_button("Show older tests", view)
    hands.sees(lambda: view.list.model.rowCount() == 2)
    hands.sees(view.list.older_button.isHidden)
    run_with(hands, 10)
    hands.sees(lambda: view.list.model.rowCount() == 2 and view.list.older_button.isVisible())


def test_undo_brings_deleted_tests_back_whatever_is_chosen_meanwhile(hands: Strategist) -> None:
    hands.window.commands.open_example("moving_average_crossover")
    run_with(hands, 8)
    run_with(hands, 9)
    view = history(hands, 2)
    click(view, 0)
    view.delete_action.trigger()
    click(view, 1)
    hands.sees(lambda: view.list.model.rowCount() == 1)
    hands.click_button("Undo", hands.window.centre.messages)
    hands.sees(lambda: view.list.model.rowCount() == 2)


def test_history_is_not_read_while_nobody_looks_at_it(hands: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    hands.window.commands.open_example("moving_average_crossover")
    hands.window.show_dock("Results")
    QTest.qWait(50)
    asked: list[object] = []
    monkeypatch.setattr(hands.session.tests, "ask", asked.append)
    run_with(hands, 8)
    assert asked == []
    hands.window.show_dock("Tests")
    hands.sees(lambda: bool(asked))
