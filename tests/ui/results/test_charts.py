"""The charts."""

import statistics
import time
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from builder_app.ui.results.charts import Charts
from builder_app.ui.results.free_places import spread
from builder_app.ui.results.price_marks import triangle
from tests.ui.results.samples import result, theme, trade


@pytest.fixture
def charts(qtbot: QtBot) -> Iterator[Charts]:
    widget = Charts(theme())
    qtbot.addWidget(widget)
    widget.resize(900, 320)
    with qtbot.waitExposed(widget):
        widget.show()
    yield widget
    widget.close()


def at(charts: Charts, bar: int) -> QPoint:
    """Where a bar is, in the viewport of the graphics."""
    curves = charts.curves
    assert curves.result is not None
    return curves.place(bar, float(curves.result.equity[bar])).toPoint()


def test_every_bar_is_in_view_at_first_and_the_plots_share_their_dates(charts: Charts) -> None:
    charts.show_result(result(200), stale=False)
    assert charts.curves.bars_in_view() == (0, 199)
    ranges = [plot.vb.viewRange()[0] for plot in (charts.curves.equity_plot, charts.curves.drawdown_plot)]
    assert ranges[0] == pytest.approx(ranges[1])
    assert charts.curves.equity_rect().left() == pytest.approx(charts.curves.drawdown_rect().left())
    assert charts.curves.equity_rect().bottom() <= charts.curves.drawdown_rect().top()


def test_the_curves_that_are_drawn_are_those_of_the_result(charts: Charts) -> None:
    one = result(200)
    charts.show_result(one, stale=False)
    bars, equity = charts.curves._equity.getData()
    assert np.array_equal(equity, one.equity[bars.astype(int)])
    assert np.array_equal(charts.curves._benchmark.getData()[1], one.benchmark)
    low, high = charts.curves.equity_plot.vb.viewRange()[1]
    assert low < min(one.equity.min(), one.benchmark.min())
    assert high > max(one.equity.max(), one.benchmark.max())
    deepest = charts.curves.drawdown_plot.vb.viewRange()[1][0]
    assert deepest < one.drawdown.min()


def test_the_mouse_over_a_bar_shows_its_values_and_its_trades(qtbot: QtBot, charts: Charts) -> None:
    one = result(60)
    charts.show_result(one, stale=False)
    QApplication.processEvents()
    viewport = charts.curves.graphics.viewport()
    QTest.mouseMove(viewport, at(charts, 3))
    QTest.mouseMove(viewport, at(charts, 15))
    qtbot.waitUntil(lambda: charts.annotations.bar == 15, timeout=1000)
    first, *trades = charts.annotations.readout()
    assert first.startswith("2003-01-16")
    assert f"Strategy {one.equity[15]:,.2f}" in first
    assert f"Benchmark {one.benchmark[15]:,.2f}" in first
    assert [line.replace("\xa0", " ") for line in trades] == ["▼ AAPL at 74.95, stop, −25.05 %"]


def test_many_trades_of_one_bar_are_told_in_a_few_lines(charts: Charts) -> None:
    charts.show_result(result(60, trades=[trade("IBM", 5, 9, 1.0)] * 30), stale=False)
    charts.point_at(5)
    lines = charts.annotations.readout()
    assert len(lines) == 5
    assert lines[-1] == "and 27 more"


def test_a_click_asks_for_its_bar_and_a_double_click_brings_all_back(qtbot: QtBot, charts: Charts) -> None:
    charts.show_result(result(60), stale=False)
    QApplication.processEvents()
    viewport = charts.curves.graphics.viewport()
    with qtbot.waitSignal(charts.bar_clicked, timeout=1000) as asked:
        QTest.mouseMove(viewport, at(charts, 20))
        QTest.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=at(charts, 20))
    assert asked.args == [20]
    charts.curves.equity_plot.vb.setXRange(10, 30, padding=0)
    assert charts.curves.bars_in_view() == (10, 30)
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=at(charts, 20))
    assert charts.curves.bars_in_view() == (0, 59)


def test_the_zoom_outlives_a_new_result_over_the_same_bars_only(charts: Charts) -> None:
    charts.show_result(result(60), stale=False)
    charts.curves.equity_plot.vb.setXRange(10, 30, padding=0)
    charts.show_result(result(60, seed=2), stale=False)
    assert charts.curves.bars_in_view() == (10, 30)
    charts.show_result(result(80), stale=False)
    assert charts.curves.bars_in_view() == (0, 79)


def test_a_zoom_draws_every_bar_in_view(charts: Charts) -> None:
    one = result(30_000)
    charts.show_result(one, stale=False)
    assert len(charts.curves._equity.getData()[0]) < 3000
    charts.curves.equity_plot.vb.setXRange(1000, 1100, padding=0)
    bars, _ = charts.curves._equity.getData()
    assert bars.tolist() == list(range(1000, 1101))


@pytest.mark.parametrize("bars", [1, 2, 3])
def test_a_test_of_a_few_bars_and_a_flat_equity_can_be_shown(charts: Charts, bars: int) -> None:
    one = result(bars, trades=())
    one.equity[:] = one.benchmark[:] = 100_000.0
    one.drawdown[:] = 0.0
    charts.show_result(one, stale=False)
    charts.point_at(bars - 1)
    assert not charts.grab().isNull()


def test_gaps_in_the_benchmark_are_left_out(charts: Charts) -> None:
    one = result(60)
    one.benchmark[:] = np.nan
    charts.show_result(one, stale=True)
    assert len(charts.curves._benchmark.getData()[0]) == 0
    assert np.isfinite(charts.curves.equity_plot.vb.viewRange()).all()
    charts.grab()


def test_right_click_offers_copies_and_no_menu_of_the_chart_library(qtbot: QtBot, charts: Charts) -> None:
    one = result(60)
    charts.show_result(one, stale=False)
    graphics = charts.curves.graphics
    graphics.customContextMenuRequested.emit(QPoint(200, 60))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert [action.text() for action in menu.actions()] == ["Copy as data", "Copy as picture"]
    menu.actions()[0].trigger()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert len(lines) == 61
    assert float(lines[7].split("\t")[1]) == one.equity[6]
    menu.actions()[1].trigger()
    assert QGuiApplication.clipboard().pixmap().size() == charts.equity.size() * charts.devicePixelRatioF()
    menu.close()


def test_names_of_curves_never_touch_and_stay_inside() -> None:
    for places in ([50.0, 51.0], [2.0, 3.0], [98.0, 99.0], [51.0, 50.0], [-20.0, 300.0]):
        upper, lower = sorted(spread(places, 12.0, (0.0, 100.0)))
        assert lower - upper >= 12.0
        assert upper >= 6.0
        assert lower <= 94.0


def test_an_entry_points_up_from_below_and_an_exit_down_from_above() -> None:
    entry = triangle(QPointF(10, 50), pointing_up=True)
    exit_ = triangle(QPointF(10, 50), pointing_up=False)
    assert entry.boundingRect().top() > 50
    assert entry.at(0).y() == entry.boundingRect().top()
    assert exit_.boundingRect().bottom() < 50
    assert exit_.at(0).y() == exit_.boundingRect().bottom()


def test_a_long_result_with_many_trades_is_thinned_before_it_is_painted(charts: Charts) -> None:
    trades = [trade("IBM", 6 * place, 6 * place + 4, (-1.0) ** place * place) for place in range(500)]
    both = [result(3270, trades=trades, seed=seed) for seed in (1, 2)]
    updates, paints = [], []
    for step in range(21):
        began = time.perf_counter()
        charts.show_result(both[step % 2], stale=False)
        updated = time.perf_counter()
        charts.repaint()
        updates.append(updated - began)
        paints.append(time.perf_counter() - updated)
        QApplication.processEvents()
    assert statistics.median(updates) < 0.15  # about 0.003; every point and mark by itself takes a second
    assert statistics.median(paints) < 0.5  # about 0.01
