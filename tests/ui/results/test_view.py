"""The results panel."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from builder_app.quicktest.request import FailureKind, RunFailure, RunProgress
from builder_app.ui.results.lists import CHARTS, NOTES, REJECTED, SYMBOLS, TRADES
from builder_app.ui.results.view import ResultsView
from tests.ui.results.samples import DEFINITIONS, REJECTIONS, result, theme
from tests.ui.results.samples import TRADES as ROUND_TRIPS


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[ResultsView]:
    widget = ResultsView(theme(), DEFINITIONS, fill_rules="1. Decided at the close, filled at the next open.")
    qtbot.addWidget(widget)
    widget.resize(1280, 240)
    with qtbot.waitExposed(widget):
        widget.show()
    yield widget
    widget.close()


def test_without_a_test_it_says_so_and_offers_one(qtbot: QtBot, view: ResultsView) -> None:
    assert view.empty_title.text() == "No test yet"
    with qtbot.waitSignal(view.test_requested, timeout=1000):
        QTest.mouseClick(view.test_button, Qt.MouseButton.LeftButton)


def test_enter_on_the_test_button_asks_for_a_test(qtbot: QtBot, view: ResultsView) -> None:
    view.test_button.setFocus()
    with qtbot.waitSignal(view.test_requested, timeout=1000):
        QTest.keyClick(view.test_button, Qt.Key.Key_Space)


def test_a_low_dock_shows_the_charts_or_one_list_by_tabs(qtbot: QtBot, view: ResultsView) -> None:
    view.show_result(None, result(), stale=False)
    assert view.height() == 240
    assert view.charts.isVisible()
    assert not view.lists.isVisible()
    tabs = view.lists.tabs
    assert [tabs.tabText(tab) for tab in range(5)] == ["Charts", "Trades 3", "Symbols", "Rejected 1", "Notes 1"]
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(TRADES).center())
    assert not view.charts.isVisible()
    assert view.lists.trades.isVisible()
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(REJECTED).center())
    assert view.lists.rejections.isVisible()
    assert view.lists.rejections.model.row_at(0) == REJECTIONS[0]
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(CHARTS).center())
    assert view.charts.isVisible()


@pytest.mark.parametrize("size", [(1600, 900), (2560, 300), (900, 700)])
def test_where_there_is_room_charts_and_lists_show_together(view: ResultsView, size: tuple[int, int]) -> None:
    view.show_result(None, result(), stale=False)
    view.resize(*size)
    QApplication.processEvents()
    assert view.charts.isVisible()
    assert view.lists.trades.isVisible()
    assert not view.lists.tabs.isTabVisible(CHARTS)
    view.resize(1280, 240)
    QApplication.processEvents()
    assert view.height() == 240, "it can be made low again"
    assert view.charts.isVisible() != view.lists.isVisible()


def test_nothing_reaches_out_of_a_low_dock(view: ResultsView) -> None:
    view.show_result(None, result(), stale=True)
    view.show_failure(RunFailure(FailureKind.STRATEGY_ERROR, "Something in the strategy is wrong. " * 6, 3))
    view.resize(900, 240)
    QApplication.processEvents()
    for part in (view.status, view.failure, view.charts, view.metrics, view.failure.go, view.status.again):
        corner = part.mapTo(view, part.rect().bottomRight())
        assert view.rect().contains(corner), type(part).__name__


def test_progress_moves_nothing_and_can_be_cancelled(qtbot: QtBot, view: ResultsView) -> None:
    view.show_result(None, result(), stale=False)
    QApplication.processEvents()
    place = view.charts.mapTo(view, view.charts.rect().topLeft())
    view.show_progress(RunProgress("Running the strategy", 0.42))
    QApplication.processEvents()
    assert view.charts.mapTo(view, view.charts.rect().topLeft()) == place
    assert view.progress_bar.value() == 420
    assert "42 %" in view.status.words.text()
    with qtbot.waitSignal(view.cancel_requested, timeout=1000):
        QTest.mouseClick(view.status.cancel, Qt.MouseButton.LeftButton)
    view.show_progress(None)
    assert not view.progress_bar.isVisible()


def test_a_failure_keeps_the_last_result_and_goes_with_the_next(qtbot: QtBot, view: ResultsView) -> None:
    view.show_result(None, result(), stale=False)
    view.show_failure(RunFailure(FailureKind.STRATEGY_ERROR, "The period is 0.", 7))
    assert view.charts.isVisible()
    with qtbot.waitSignal(view.line_requested, timeout=1000) as asked:
        QTest.mouseClick(view.failure.go, Qt.MouseButton.LeftButton)
    assert asked.args == [7]
    view.show_result(None, result(seed=2), stale=False)
    assert not view.failure.isVisible()


def test_a_failure_before_any_result_offers_another_test(view: ResultsView) -> None:
    view.show_failure(RunFailure(FailureKind.TIMED_OUT, "The test took longer than 60 s."))
    assert view.empty_title.text() == "No result"
    assert view.test_button.text() == "Test again"


def test_a_click_on_a_trade_asks_for_its_bar_and_points_at_it(qtbot: QtBot, view: ResultsView) -> None:
    view.resize(1600, 900)
    view.show_result(None, result(), stale=False)
    QApplication.processEvents()
    table = view.lists.trades.table
    with qtbot.waitSignal(view.bar_requested, timeout=1000) as asked:
        place = table.visualRect(view.lists.trades.model.index(0, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [ROUND_TRIPS[0].entry_bar]
    assert view.charts.annotations.bar == ROUND_TRIPS[0].entry_bar


def test_a_click_on_a_trade_in_a_low_dock_brings_the_charts_back_at_its_bar(view: ResultsView) -> None:
    view.show_result(None, result(), stale=False)
    tabs = view.lists.tabs
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(TRADES).center())
    table = view.lists.trades.table
    place = table.visualRect(view.lists.trades.model.index(1, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert view.charts.isVisible()
    assert view.charts.bar == ROUND_TRIPS[1].entry_bar


def test_a_click_on_a_symbol_shows_its_trades(view: ResultsView) -> None:
    view.resize(1600, 900)
    view.show_result(None, result(), stale=False)
    tabs = view.lists.tabs
    QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(SYMBOLS).center())
    symbols = view.lists.symbols
    assert [symbols.model.row_at(row).symbol for row in range(3)] == ["IBM", "MSFT", "AAPL"]
    place = symbols.table.visualRect(symbols.model.index(2, 0)).center()
    QTest.mouseClick(symbols.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert view.lists.trades.isVisible()
    assert [view.lists.trades.model.row_at(0)] == [ROUND_TRIPS[1]]
    assert view.lists.trades.model.rowCount() == 1


def test_more_refusals_than_are_listed_are_said(view: ResultsView) -> None:
    view.show_result(None, result(rejected_entries=5000.0), stale=False)
    assert view.lists.tabs.tabText(REJECTED) == "Rejected 1 of 5,000"


def test_ctrl_c_in_a_table_copies_it_as_text(qtbot: QtBot, view: ResultsView) -> None:
    view.resize(1600, 900)
    view.show_result(None, result(), stale=False)
    QApplication.processEvents()
    view.activateWindow()
    table = view.lists.trades.table
    table.setFocus()
    qtbot.waitUntil(table.hasFocus, timeout=1000)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().splitlines()
    assert lines[0].split("\t")[:3] == ["Symbol", "Side", "Entry"]
    assert len(lines) == 4


def test_empty_lists_say_what_would_stand_there_and_notes_hold_the_fill_rules(view: ResultsView) -> None:
    view.resize(1600, 900)
    view.show_result(None, result(trades=(), rejections=()), stale=False)
    assert not view.lists.trades.isVisible()
    view.lists.tabs.setCurrentIndex(NOTES)
    assert "Nothing to remark" in view.lists.notes.text()
    assert "filled at the next open" in view.lists.notes.text()


def test_a_new_result_never_takes_the_focus(qtbot: QtBot, view: ResultsView) -> None:
    view.show_result(None, result(), stale=False)
    view.lists.tabs.setFocus()
    before = QApplication.focusWidget()
    view.show_result(None, result(seed=5), stale=False)
    view.show_progress(RunProgress("Running", 0.5))
    view.show_progress(None)
    assert QApplication.focusWidget() is before


def test_the_same_result_again_touches_no_table(view: ResultsView) -> None:
    one = result()
    view.show_result(None, one, stale=False)
    resets: list[int] = []
    for model in (view.lists.trades.model, view.metrics.model):
        model.modelReset.connect(lambda: resets.append(1))
    view.show_result(None, one, stale=False)
    assert resets == []


def test_the_other_scheme_can_be_taken_on(view: ResultsView) -> None:
    view.show_result(None, result(), stale=False)
    dark = view.charts.curves.grab().toImage().pixelColor(2, 2)
    view.set_theme(theme("light"))
    light = view.charts.curves.grab().toImage().pixelColor(2, 2)
    assert dark == theme("dark").color("panel")
    assert light == theme("light").color("panel")
