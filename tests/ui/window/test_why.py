"""Why in the window: real clicks on a trade, a row of the chain, the days, and the change that is offered."""

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from builder_app.session.runs.why_trading import bar_words
from builder_app.ui.results.lists import REJECTED, TRADES
from builder_app.ui.why.chain import NODE
from tests.ui.window.strategist import Strategist, application


def rows(hands: Strategist) -> list[QTreeWidgetItem]:
    chain = hands.window.why.chain
    found, waiting = [], [chain.topLevelItem(row) for row in range(chain.topLevelItemCount())]
    while waiting:
        item = waiting.pop(0)
        assert item is not None
        found.append(item)
        waiting += [item.child(row) for row in range(item.childCount())]
    return found


def opened_with_why(hands: Strategist, example: str = "moving_average_crossover") -> None:
    hands.window.commands.open_and_test_example(example)
    hands.sees_result()
    hands.press("Ctrl+Shift+Y")
    hands.sees(hands.window.why.isVisible)
    hands.sees(lambda: bool(rows(hands)))


def wait_for(hands: Strategist, words: str) -> None:
    hands.sees(lambda: words in hands.window.why.sentence.text())


def click_row(hands: Strategist, item: QTreeWidgetItem) -> None:
    chain = hands.window.why.chain
    chain.scrollToItem(item)
    at = chain.visualItemRect(item).center()
    QTest.mouseClick(chain.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(at.x() // 2, at.y()))


def test_click_on_a_trade_explains_the_close_that_decided_it(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened_with_why(hands)
        hands.window.show_dock("Results")
        lists = hands.window.results.lists
        lists.tabs.setCurrentIndex(1)
        table = lists.trades.table
        hands.sees(table.isVisible)
        trade = lists.trades.model.row_at(0)
        place = table.visualRect(lists.trades.model.index(0, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        hands.sees(hands.window.why.isVisible)
        wait_for(hands, f"{trade.symbol} was to be bought on")
        assert hands.window.why.at == (trade.symbol, trade.entry_bar - 1)
        assert f"{trade.entry_price:,.2f}" in hands.window.why.did.text()


def test_click_on_a_bar_of_the_chart_asks_about_that_bar(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened_with_why(hands)
        hands.window.show_dock("Results")
        curves, result = hands.window.results.charts.curves, hands.document.result
        hands.sees(curves.isVisible)
        assert result is not None
        place = curves.place(1000, float(result.equity[1000])).toPoint()
        QTest.mouseClick(curves.graphics.viewport(), Qt.MouseButton.LeftButton, pos=place)
        hands.sees(lambda: hands.window.why.at is not None and abs(hands.window.why.at[1] - 1000) < 10)
        at = hands.window.why.at
        assert at is not None
        hands.press("Ctrl+Shift+Y")
        day = bar_words(result.times[at[1]])
        wait_for(hands, f"{at[0]} was not bought on {day}")


def test_click_on_a_row_of_the_chain_selects_its_block_on_the_canvas(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened_with_why(hands)
        item = next(item for item in rows(hands) if "Slow average" in item.text(0))
        click_row(hands, item)
        hands.sees(lambda: hands.canvas.selected_nodes() == frozenset({item.data(0, NODE)}))


def test_click_on_a_refused_entry_names_the_block_that_refused_it(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened_with_why(hands, "turtle_breakout")
        hands.window.show_dock("Results")
        lists = hands.window.results.lists
        lists.tabs.setCurrentIndex(REJECTED)
        table, model = lists.rejections.table, lists.rejections.model
        hands.sees(table.isVisible)
        row = next(row for row in range(model.rowCount()) if "free cash" in model.row_at(row).reason)
        table.scrollTo(model.index(row, 0))
        place = table.visualRect(model.index(row, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        hands.sees(hands.window.why.isVisible)
        refusal = model.row_at(row)
        wait_for(hands, f"The long entry of {refusal.symbol} was refused")
        assert rows(hands)[0].text(0) == "✗ Entry refused"
        item = next(item for item in rows(hands) if item.text(1) == "refused")
        assert item.foreground(0).color() == hands.window.theme.color("loss")
        assert "the free cash was less than" in hands.window.why.change.text()
        assert not hands.window.why.apply.isVisible()
        click_row(hands, item)
        hands.sees(lambda: hands.canvas.selected_nodes() == frozenset({"size"}))


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_click_on_the_exit_of_a_trade_shows_the_stop_that_closed_it(qtbot: QtBot, tmp_path: Path, scheme: str) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.actions_by_id[f"theme_{scheme}"].trigger()
        hands.window.resize(1440, 900)
        opened_with_why(hands, "bollinger_long_short")
        hands.window.show_dock("Results")
        lists = hands.window.results.lists
        lists.tabs.setCurrentIndex(TRADES)
        table, model = lists.trades.table, lists.trades.model
        hands.sees(table.isVisible)
        row = next(row for row in range(model.rowCount()) if model.row_at(row).exit_reason == "stop")
        column = next(place for place, held in enumerate(model.columns) if held.title == "Exit")
        table.scrollTo(model.index(row, column))
        place = table.visualRect(model.index(row, column)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        hands.sees(hands.window.why.isVisible)
        trade = model.row_at(row)
        wait_for(hands, f"{trade.symbol} was held long")
        assert "'Stop at 2 ATR' closed it on" in hands.window.why.sentence.text()
        assert f"{trade.exit_price:,.2f}" in hands.window.why.sentence.text()
        stop = next(item for item in rows(hands) if "Stop at 2 ATR" in item.text(0))
        assert stop.text(0).startswith("✓")
        click_row(hands, stop)
        hands.sees(lambda: hands.canvas.selected_nodes() == frozenset({"stop"}))
        folder = os.environ.get("STRATEGY_BUILDER_SCREENSHOTS")
        if folder:
            QTest.qWait(200)
            hands.window.grab().save(str(Path(folder) / f"why-stop-{scheme}.png"))


def test_change_that_is_offered_is_one_step_and_lets_the_entry_through(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened_with_why(hands, "rsi_reversal")
        why = hands.window.why
        for month in range(1, 13):
            why.day.setFocus()
            why.day.selectAll()
            qtbot.keyClicks(why.day, f"2006-{month:02}-14")
            qtbot.keyClick(why.day, Qt.Key.Key_Return)
            day = why.day.text()
            wait_for(hands, f"{int(day[-2:])} ")
            hands.sees(lambda: not why._waits.isActive() and "Looking" not in why.change.text())
            if why.apply.isVisible():
                break
        assert why.apply.isVisible(), "on one of twelve days a change of a parameter would have done"
        at, steps, flow = why.at, len(hands.document.history.steps), hands.document.flow
        qtbot.mouseClick(why.apply, Qt.MouseButton.LeftButton)
        assert len(hands.document.history.steps) == steps + 1
        assert not why.apply.isEnabled()
        hands.press("F5")
        hands.sees_result()
        wait_for(hands, "was to be bought")
        assert why.at == at, "the day and the symbol stay where they were"
        hands.press("Ctrl+Z")
        assert hands.document.flow == flow


def test_arrows_go_bar_by_bar_and_a_wrong_day_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened_with_why(hands)
        why = hands.window.why
        assert why.at is not None
        last = why.at[1]
        qtbot.mouseClick(why.earlier, Qt.MouseButton.LeftButton)
        assert why.at[1] == last - 1
        qtbot.mouseClick(why.later, Qt.MouseButton.LeftButton)
        assert why.at[1] == last
        assert not why.later.isEnabled()
        why.day.selectAll()
        qtbot.keyClicks(why.day, "someday")
        qtbot.keyClick(why.day, Qt.Key.Key_Return)
        assert "no day" in why.line.text()
        assert why.at[1] == last


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_picture_of_the_panel(qtbot: QtBot, tmp_path: Path, scheme: str) -> None:
    """The rows say the chain in words, indented below what they feed; pictures are made on request."""
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.actions_by_id[f"theme_{scheme}"].trigger()
        hands.window.resize(1440, 900)
        opened_with_why(hands, "macd_with_trend")
        first = rows(hands)[0]
        assert first.text(0).startswith(("✗", "✓"))
        assert first.child(0) is not None
        QTest.qWait(200)
        QApplication.processEvents()
        folder = os.environ.get("STRATEGY_BUILDER_SCREENSHOTS")
        if folder:
            hands.window.grab().save(str(Path(folder) / f"why-{scheme}.png"))
