"""The results in the window: real mouse and keys from a trade to the canvas and back."""

from pathlib import Path

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider
from pytestqt.qtbot import QtBot

from builder_app.session.runs.result_series import Convention
from builder_app.session.runs.traced_values import values_at
from builder_app.ui.results.charts import EQUITY, PRICES
from builder_app.ui.results.lists import TRADES
from tests.ui.window.strategist import Strategist, application
from tests.ui.window.test_live import drag


def opened_and_tested(hands: Strategist) -> None:
    hands.window.commands.open_and_test_example("moving_average_crossover")
    hands.sees_result()
    hands.window.show_dock("Results")
    QTest.qWait(100)
    hands.canvas.fit_all()


def test_the_cursor_over_a_chart_shows_each_ports_value_on_the_canvas(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened_and_tested(hands)
        charts = hands.window.results.charts
        result = hands.document.result
        assert result is not None
        bar = len(result.times) - 40
        charts.curves.show_span(bar - 30, len(result.times))
        QApplication.processEvents()
        place = charts.curves.place(bar, float(result.equity[bar])).toPoint()
        viewport = charts.curves.graphics.viewport()
        QTest.mouseMove(viewport, QPoint(place.x() - 30, place.y()))
        QTest.mouseMove(viewport, place)
        hands.sees(lambda: charts.bar == bar)
        expected = values_at(hands.document, bar, result.symbols[0])
        assert "fast_average" in expected
        scene = hands.canvas.canvas
        ((port, value),) = expected["fast_average"].items()
        hands.sees(lambda: scene.items_by_node["fast_average"].state.values == {port: f"{value:,.2f}"})
        assert scene.items_by_node["fast_average"].state.cursor is not None
        QTest.mouseMove(hands.window.results.status)
        QTest.mouseMove(viewport, QPoint(1, 1))
        hands.sees(lambda: not scene.items_by_node["fast_average"].state.values)


def test_a_click_on_a_trade_brings_its_prices_and_its_bar_into_view(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened_and_tested(hands)
        view = hands.window.results
        charts = view.charts
        QTest.mouseClick(charts.buttons.button(PRICES), Qt.MouseButton.LeftButton)
        hands.sees(lambda: bool(charts.prices.columns()))
        hands.sees(lambda: charts.prices.blocks.count() > 1)
        average = "Fast average"
        charts.prices.blocks.setFocus()
        while charts.prices.blocks.currentText() != average:
            QTest.keyClick(charts.prices.blocks, Qt.Key.Key_Down)
        shown = charts.prices.columns()
        known = shown["Close"][~np.isnan(shown["Close"])]
        means = np.convolve(known, np.ones(10) / 10.0, "valid")
        np.testing.assert_allclose(shown[average][~np.isnan(shown[average])], means, rtol=1e-9)
        tabs = view.lists.tabs
        QTest.mouseClick(tabs, Qt.MouseButton.LeftButton, pos=tabs.tabRect(TRADES).center())
        table = view.lists.trades.table
        model = view.lists.trades.model
        place = table.visualRect(model.index(4, 0)).center()
        QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        trade = model.row_at(4)
        hands.sees(charts.isVisible)
        hands.sees(lambda: bool(charts.prices.columns()) and charts.prices.symbol == trade.symbol)
        first, last = charts.prices.bars_in_view()
        assert first <= trade.entry_bar <= trade.exit_bar <= last
        assert charts.bar == trade.entry_bar
        bar = trade.entry_bar
        prices = charts.prices.columns()
        assert prices["Low"][bar] * 0.99 <= trade.entry_price <= prices["High"][bar] * 1.01


def test_the_chosen_convention_is_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened_and_tested(hands)
        metrics = hands.window.results.metrics
        metrics.conventions.setFocus()
        QTest.keyClick(metrics.conventions, Qt.Key.Key_Down)
        assert metrics.convention is Convention.QUANTSTATS
        titles = [metrics.model.row_at(row).title for row in range(metrics.model.rowCount())]
        assert "Ulcer index" in titles
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        assert hands.window.results.metrics.convention is Convention.QUANTSTATS
        assert hands.window.results.charts.chosen == EQUITY


def test_after_a_restart_the_chart_of_prices_shows_where_stops_and_targets_stood(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_and_test_example("bollinger_long_short")
        hands.sees_result()
        hands.sees(lambda: hands.window.saved_mark.text() == "saved ✓")
        hands.window.results.charts.choose(PRICES)
        hands.sees(lambda: "Stop" in hands.window.results.charts.prices.columns())
        before = hands.window.results.charts.prices.columns()
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.sees(lambda: hands.window.document is not None and hands.document.result is not None)
        hands.sees(lambda: hands.document.is_coded and hands.document.program is not None)
        assert hands.document.result is not None
        assert hands.document.result.replay is None
        hands.window.results.charts.choose(PRICES)
        prices = hands.window.results.charts.prices
        hands.sees(lambda: "Stop" in prices.columns())
        for name in ("Stop", "Target"):
            np.testing.assert_array_equal(prices.columns()[name], before[name])


def test_a_block_that_is_drawn_with_the_prices_follows_a_dragged_slider(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        opened_and_tested(hands)
        prices = hands.window.results.charts.prices
        hands.window.results.charts.choose(PRICES)
        hands.sees(lambda: prices.blocks.count() > 1 and bool(prices.columns()))
        prices.blocks.setFocus()
        while prices.blocks.currentText() != "Fast average":
            QTest.keyClick(prices.blocks, Qt.Key.Key_Down)
        hands.press("Ctrl+L")
        hands.sees(lambda: hands.window.actions_by_id["live"].isChecked())
        drag(next(one for one in hands.window.inspector.findChildren(QSlider) if one.isVisible()), 24)
        hands.sees_result()
        period = hands.document.flow.parameters["fast_period"].value
        assert isinstance(period, int)
        assert period != 10
        known = prices.columns()["Close"]
        means = np.convolve(known[~np.isnan(known)], np.ones(period) / period, "valid")

        def is_of_now() -> bool:
            shown = prices.columns()["Fast average"]
            shown = shown[~np.isnan(shown)]
            return len(shown) == len(means) and bool(np.allclose(shown, means, rtol=1e-9))

        hands.sees(is_of_now)
        assert prices.blocks.currentText() == "Fast average"
