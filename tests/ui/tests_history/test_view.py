"""The panel of the tests' history: what it lists, what is chosen, and which wishes go out."""

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from builder_app import paths
from builder_app.session import METRIC_DEFINITIONS
from builder_app.session.runs.history_events import QueuedTest
from builder_app.store.vocabulary import TestStatus
from builder_app.ui.tests_history import TestsView
from builder_app.ui.tests_history.view import CURVES, DIFFERENCES, FIGURES, Which
from builder_app.ui.theme import load_theme
from tests.ui.tests_history.samples import compared, comparison, kept

LEFT, CONTROL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
THEMES = Path(paths.resources() / "themes")


@pytest.fixture
def view(qtbot: QtBot) -> TestsView:
    made = TestsView(load_theme(THEMES, "light"), METRIC_DEFINITIONS)
    qtbot.addWidget(made)
    made.resize(1000, 320)
    with qtbot.waitExposed(made):
        made.show()
    return made


def click(view: TestsView, row: int, *, more: bool = False) -> None:
    table = view.list.table
    place = table.visualRect(view.list.model.index(row, 1)).center()
    modifier = CONTROL if more else Qt.KeyboardModifier.NoModifier
    QTest.mouseClick(table.viewport(), LEFT, modifier, place)


def cell(view: TestsView, row: int, column: int) -> str:
    return str(view.list.model.index(row, column).data())


def button(view: TestsView, title: str) -> QPushButton:
    return next(found for found in view.findChildren(QPushButton) if found.text() == title)


def test_empty_list_says_what_comes_here_and_nothing_can_be_done(view: TestsView) -> None:
    view.show_tests(())
    assert view.empty.text().startswith("This strategy was not tested yet.")
    assert view.empty.isVisible()
    for title in ("Rename…", "Star", "Run again", "Delete"):
        assert not button(view, title).isEnabled()
    assert "Ctrl+click" in view.hint.text()


def test_nothing_is_said_of_tests_and_nothing_done_with_them_until_they_are_read(view: TestsView) -> None:
    assert view.empty.text() == ""
    view.show_tests([kept(2), kept(1)])
    click(view, 0)
    assert button(view, "Delete").isEnabled()
    view.show_waiting()
    assert not any(button(view, title).isEnabled() for title in ("Rename…", "Star", "Run again", "Delete"))
    view.show_tests([kept(2), kept(1)])
    assert [test.id for test in view.list.chosen] == [kept(2).id]
    assert button(view, "Delete").isEnabled()


def test_older_tests_are_offered_where_there_are_some(qtbot: QtBot, view: TestsView) -> None:
    view.show_tests([kept(2), kept(1)])
    assert not view.list.older_button.isVisible()
    view.show_tests([kept(2)], has_more=True)
    with qtbot.waitSignal(view.older_requested):
        view.list.older_button.click()


def test_chosen_tests_get_letters_from_the_oldest_on(qtbot: QtBot, view: TestsView) -> None:
    view.show_tests([kept(number) for number in (5, 4, 3, 2, 1)])
    with qtbot.waitSignal(view.compare_requested):
        click(view, 0)
    click(view, 3, more=True)
    click(view, 2, more=True)
    assert [test.name for test in view.list.chosen] == ["Test 2", "Test 3", "Test 5"]
    assert [cell(view, row, 0) for row in range(5)] == ["C", "", "B", "A", ""]
    click(view, 3, more=True)
    assert [cell(view, row, 0) for row in range(5)] == ["B", "", "A", "", ""]


def test_choice_survives_newer_tests_and_other_names(view: TestsView) -> None:
    view.show_tests([kept(2), kept(1)])
    click(view, 1)
    view.show_tests([kept(3), kept(2), kept(1, is_starred=True)])
    assert [test.id for test in view.list.chosen] == ["id 1"]
    assert cell(view, 2, 1) == "★ Test 1"
    view.show_tests([kept(3)])
    assert view.list.chosen == ()


def test_failed_test_says_so_with_its_reason_and_cannot_be_run_again(view: TestsView) -> None:
    failed = kept(1, status=TestStatus.FAILED, reason="the worker was gone")
    view.show_tests([failed])
    assert cell(view, 0, 3) == "failed"
    assert view.list.model.index(0, 3).data(Qt.ItemDataRole.ToolTipRole) == "The worker was gone"
    click(view, 0)
    assert not button(view, "Run again").isEnabled()
    assert button(view, "Delete").isEnabled()


def test_keys_and_buttons_wish_for_the_same(qtbot: QtBot, view: TestsView) -> None:
    view.show_tests([kept(1)])
    click(view, 0)
    for key, signal in (
        (Qt.Key.Key_F2, view.rename_requested),
        (Qt.Key.Key_S, view.star_requested),
        (Qt.Key.Key_Delete, view.delete_requested),
    ):
        with qtbot.waitSignal(signal, timeout=1000):
            QTest.keyClick(view.list.table, key)
    with qtbot.waitSignal(view.star_requested, timeout=1000) as wished:
        QTest.mouseClick(button(view, "Star"), LEFT)
    assert wished.args == [True]
    view.show_tests([kept(1, is_starred=True)])
    with qtbot.waitSignal(view.star_requested, timeout=1000) as wished:
        QTest.mouseClick(button(view, "Unstar"), LEFT)
    assert wished.args == [False]
    with qtbot.waitSignal(view.run_again_requested, timeout=1000):
        QTest.mouseClick(button(view, "Run again"), LEFT)


def test_deleted_tests_can_only_be_restored(qtbot: QtBot, view: TestsView) -> None:
    with qtbot.waitSignal(view.wanted, timeout=1000):
        view.which_box.setCurrentIndex(tuple(Which).index(Which.DELETED))
    view.show_tests([kept(1)])
    click(view, 0)
    assert not button(view, "Delete").isVisible()
    assert not button(view, "Rename…").isEnabled()
    with qtbot.waitSignal(view.restore_requested, timeout=1000):
        QTest.mouseClick(button(view, "Restore"), LEFT)


def test_queue_is_said_and_the_last_of_it_can_be_cancelled(qtbot: QtBot, view: TestsView) -> None:
    assert not view.cancel_button.isVisible()
    view.show_queue((QueuedTest(4, "A", True), QueuedTest(5, "B", True), QueuedTest(6, "C", False)))
    assert view.queue_line.text() == "2 running · 1 waiting"
    assert "C: waiting" in view.queue_line.toolTip()
    with qtbot.waitSignal(view.cancel_requested, timeout=1000) as wished:
        QTest.mouseClick(view.cancel_button, LEFT)
    assert wished.args == [6]
    view.show_queue(())
    assert view.queue_line.text() == ""


def test_figures_stand_side_by_side_with_their_differences(view: TestsView) -> None:
    view.show_comparison(comparison(compared(10), compared(12), compared(7)))
    model = view.figures.model
    assert [column.title for column in model.columns] == ["Metric", "A", "B", "B − A", "C", "C − A"]
    rows = {str(model.index(row, 0).data()): row for row in range(model.rowCount())}
    total = [str(model.index(rows["Total return"], column).data()) for column in range(1, 6)]
    assert [" ".join(text.split()) for text in total] == ["+10.00 %", "+12.00 %", "+2.00 pp", "+7.00 %", "−3.00 pp"]
    assert str(model.index(rows["Trades"], 3).data()) == "+2"


def test_differences_page_says_how_sure_it_is_and_what_differs(view: TestsView) -> None:
    view.show_comparison(comparison(compared(10), compared(40)))
    text = view.differences.toPlainText()
    assert "B · Test 40" in text
    assert "percentage points a year more than A" in text
    assert "With 95 % confidence it is between" in text
    assert "Both ran on the same set-up." in text
    assert "Both are drawn the same." in text
    view.show_comparison(comparison(compared(10)))
    assert "Choose another test" in view.differences.toPlainText()


def test_names_of_tests_cannot_bring_markup_into_the_page(view: TestsView) -> None:
    evil = dataclasses.replace(compared(11), name="<b>bold</b><img src=x>")
    view.show_comparison(comparison(compared(10), evil))
    assert "<b>bold</b><img src=x>" in view.differences.toPlainText()


def test_curves_have_a_tab_where_it_is_narrow_and_a_place_where_it_is_wide(qtbot: QtBot, view: TestsView) -> None:
    view.show_comparison(comparison(compared(10), compared(12)))
    assert view.tabs.isTabVisible(CURVES)
    assert view.curves.isVisible()
    assert not view.figures.isVisible()
    view.tabs.setCurrentIndex(FIGURES)
    assert view.figures.isVisible()
    assert not view.curves.isVisible()
    view.resize(1600, 320)
    qtbot.waitUntil(lambda: view.curves.isVisible() and view.figures.isVisible())
    assert not view.tabs.isTabVisible(CURVES)
    view.tabs.setCurrentIndex(DIFFERENCES)
    assert view.differences.isVisible()
    view.resize(1000, 320)
    qtbot.waitUntil(lambda: view.tabs.isTabVisible(CURVES))
    assert view.tabs.width() >= view.tabs.sizeHint().width(), "no tab is cut off"


@pytest.mark.parametrize("width", [720, 900, 1280, 1920, 2560])
def test_names_have_room_at_every_width(view: TestsView, width: int) -> None:
    view.show_tests([kept(2), kept(1)])
    view.resize(width, 320)
    table = view.list.table
    assert table.columnWidth(1) >= 100
    last = max(column for column in range(6) if not table.isColumnHidden(column))
    assert table.columnViewportPosition(last) + table.columnWidth(last) <= table.viewport().width() + 1
    assert not table.isColumnHidden(3), "the return is always seen"


def test_theme_changes_every_part(view: TestsView) -> None:
    view.show_comparison(comparison(compared(10), compared(12)))
    dark = load_theme(THEMES, "dark")
    view.set_theme(dark)
    assert dark.colors["quiet_text"].lower() in view.differences.toHtml().lower()
