"""The seven charts, chosen by the mouse, with one cursor."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from builder_app.quicktest.request import RunResult
from builder_app.session.runs.charted_blocks import ChartedBlock, ChartedLine
from builder_app.session.runs.result_series import deepest_falls
from builder_app.ui.results.bar_charts import ReturnsChart, YearsChart
from builder_app.ui.results.chart_data import chart_as_text
from builder_app.ui.results.charts import EQUITY, EXPOSURE, MONTHS, PRICES, RETURNS, ROLLING, YEARS, Charts
from builder_app.ui.results.exposure_chart import ExposureChart
from builder_app.ui.results.months_chart import MonthsChart
from builder_app.ui.results.price_chart import PriceChart
from builder_app.ui.results.price_choices import NO_SERIES
from builder_app.ui.results.rolling_chart import RollingChart
from tests.ui.results.samples import result, theme, trade

ALL = (EQUITY, PRICES, ROLLING, MONTHS, YEARS, RETURNS, EXPOSURE)


@pytest.fixture
def charts(qtbot: QtBot) -> Iterator[Charts]:
    widget = Charts(theme())
    qtbot.addWidget(widget)
    widget.resize(1000, 340)
    widget.prices_requested.connect(lambda symbol: widget.prices.show_prices(symbol, prices_of(shown(widget))))
    with qtbot.waitExposed(widget):
        widget.show()
    yield widget
    widget.close()


def shown(charts: Charts) -> RunResult:
    found = charts.curves.result
    assert found is not None
    return found


def prices_of(one: RunResult) -> dict[str, np.ndarray[tuple[int], np.dtype[np.float64]]]:
    close = one.equity / 1000.0
    return {"open": close * 0.99, "high": close * 1.02, "low": close * 0.98, "close": close}


def click(charts: Charts, number: int) -> None:
    QTest.mouseClick(charts.buttons.button(number), Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def hover(charts: Charts, bar: int) -> QPoint:
    """Move the mouse to a bar of the chart that is in front; where that is in its viewport."""
    chart = charts.shown
    assert isinstance(chart, RollingChart | ExposureChart | PriceChart)
    low, high = chart.plots[0].vb.viewRange()[1]
    place = chart.place_in(chart.plots[0], bar, (low + high) / 2).toPoint()
    QTest.mouseMove(chart.graphics.viewport(), place - QPoint(7, 0))
    QTest.mouseMove(chart.graphics.viewport(), place)
    return place


@pytest.mark.parametrize("number", ALL)
def test_a_click_shows_a_chart_and_only_that_one_takes_the_result(charts: Charts, number: int) -> None:
    charts.show_result(result(400), stale=False)
    click(charts, number)
    assert charts.chosen == number
    assert charts.shown.isVisible()
    made = set(charts._made)
    assert made == {EQUITY, number}, "charts that nobody looked at are not made"
    assert charts.grab().toImage().height() > 0


def test_the_dates_in_view_and_the_cursor_go_along_from_chart_to_chart(charts: Charts) -> None:
    charts.show_result(result(400), stale=False)
    charts.curves.show_span(100.0, 200.0)
    for number in (ROLLING, PRICES, MONTHS, EXPOSURE):
        click(charts, number)
    assert isinstance(charts.shown, ExposureChart)
    assert charts.shown.span() == pytest.approx((100.0, 200.0), abs=0.01)
    place = hover(charts, 150)
    QTest.mouseClick(charts.shown.graphics.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert charts.bar == 150
    click(charts, MONTHS)
    assert charts.bar == 150, "a click has pinned it"
    months = charts._made[MONTHS]
    assert isinstance(months, MonthsChart)
    date = shown_times(charts)[150].astype("datetime64[D]").item()
    assert months.table.cell == (date.year - 2003, date.month - 1)
    click(charts, YEARS)
    years = charts._made[YEARS]
    assert isinstance(years, YearsChart)
    assert years.years[years.place] == date.year


def shown_times(charts: Charts) -> np.ndarray[tuple[int], np.dtype[np.datetime64]]:
    return shown(charts).times


def test_the_cursor_is_told_and_ends_when_the_mouse_leaves(qtbot: QtBot, charts: Charts) -> None:
    charts.show_result(result(400), stale=False)
    click(charts, ROLLING)
    told: list[int] = []
    charts.cursor_moved.connect(told.append)
    hover(charts, 300)
    assert told[-1] == 300
    rolling = charts.shown
    assert isinstance(rolling, RollingChart)
    (line,) = rolling.readout(300)
    assert line.startswith("2003-10-28")
    QTest.mouseMove(rolling.graphics.viewport(), QPoint(2, 2))
    assert told[-1] == -1
    place = hover(charts, 200)
    QTest.mouseClick(rolling.graphics.viewport(), Qt.MouseButton.LeftButton, pos=place)
    hover(charts, 250)
    QTest.mouseMove(rolling.graphics.viewport(), QPoint(2, 2))
    assert told[-1] == 200, "back to where it is pinned"
    assert rolling.sheet.bar == 200


def test_the_days_of_the_rolling_ratio_are_chosen_by_keys(charts: Charts) -> None:
    charts.show_result(result(400), stale=False)
    click(charts, ROLLING)
    rolling = charts.shown
    assert isinstance(rolling, RollingChart)
    assert rolling.days == 126
    before = np.isfinite(rolling.columns()["Strategy"]).sum()
    rolling.options.setFocus()
    QTest.keyClick(rolling.options, Qt.Key.Key_Up)
    assert rolling.days == 63
    assert np.isfinite(rolling.columns()["Strategy"]).sum() == before + 63


def test_the_logarithmic_axis_gives_equal_shares_equal_heights(charts: Charts) -> None:
    one = result(100)
    one.equity[:] = 1000.0 * 1.05 ** np.arange(100)
    one.benchmark[:] = 1000.0
    charts.show_result(one, stale=False)
    QApplication.processEvents()

    def rise(first: int) -> float:
        curves = charts.curves
        return curves.place(first, one.equity[first]).y() - curves.place(first + 10, one.equity[first + 10]).y()

    assert rise(80) > 5 * rise(0)
    QTest.mouseClick(charts.equity.options, Qt.MouseButton.LeftButton)
    assert rise(80) == pytest.approx(rise(0), abs=0.01)
    ticks = charts.curves.equity_plot.getAxis("left")._tickLevels[0]
    assert all(10.0**place == pytest.approx(float(text.replace(",", ""))) for place, text in ticks)


def test_the_five_deepest_falls_are_those_of_the_drawdown(charts: Charts) -> None:
    one = result(900)
    charts.show_result(one, stale=False)
    assert charts.annotations._falls == deepest_falls(one.drawdown)
    assert len(charts.annotations._falls) == 5


def test_months_show_what_each_month_and_year_brought(qtbot: QtBot, charts: Charts) -> None:
    one = result(500)
    charts.show_result(one, stale=False)
    click(charts, MONTHS)
    chart = charts.shown
    assert isinstance(chart, MonthsChart)
    table = chart.table
    january = one.equity[30] / one.equity[0] - 1.0
    assert table.value(0, 0) == pytest.approx(january)
    assert np.prod(1.0 + table.months.totals) == pytest.approx(one.equity[-1] / one.equity[0])
    QTest.mouseMove(table, table.rect_of_cell(1, 2).center().toPoint())
    qtbot.waitUntil(lambda: table.cell == (1, 2), timeout=1000)
    assert table.toolTip().startswith("March 2004: ")
    assert table.words(0, 12).startswith("2003: ")


def test_the_histogram_says_how_many_days_are_in_the_bin_at_the_mouse(qtbot: QtBot, charts: Charts) -> None:
    charts.show_result(result(500), stale=False)
    click(charts, RETURNS)
    chart = charts.shown
    assert isinstance(chart, ReturnsChart)
    assert chart.counts.sum() == 499
    place = int(chart.counts.argmax())
    spot = chart.plot.vb.mapViewToScene(QPointF(place, 1.0))
    QTest.mouseMove(chart.graphics.viewport(), chart.graphics.mapFromScene(spot) - QPoint(3, 0))
    QTest.mouseMove(chart.graphics.viewport(), chart.graphics.mapFromScene(spot))
    assert chart.place == place
    assert f"{chart.counts[place]} days of 499" in chart.readout(place)[0]
    returns = np.diff(shown(charts).equity) / shown(charts).equity[:-1]
    for bar in (0, 1, 250, 499):
        chart.point_at(bar)
        if bar == 0:
            assert chart.place == -1, "the first date has no return"
        else:
            assert chart.edges[chart.place] <= returns[bar - 1] <= chart.edges[chart.place + 1]


def test_prices_show_the_symbols_trades_and_a_blocks_values(charts: Charts) -> None:
    trades = [trade("IBM", 20, 30, 50.0), trade("AAPL", 40, 45, -20.0, exit_reason="stop")]
    charts.show_result(result(200, trades=trades), stale=False)
    kept = np.append(np.full(140, np.nan), np.linspace(99.0, 101.0, 60))
    block = ChartedBlock((ChartedLine("Average", kept),))
    charts.blocks_requested.connect(lambda symbol: charts.prices.show_blocks(symbol, {"Fast average": block}))
    click(charts, PRICES)
    chart = charts.prices
    assert chart.symbol == "IBM", "the first traded symbol"
    assert chart._trades == [trades[0]]
    assert [chart.blocks.itemText(place) for place in range(2)] == [NO_SERIES, "Fast average"]
    chart.blocks.setFocus()
    QTest.keyClick(chart.blocks, Qt.Key.Key_Down)
    np.testing.assert_array_equal(chart.columns()["Fast average"], kept)
    assert "Fast average 101.00" in chart.readout(199)[1]
    assert chart.readout(20)[1] == "▲ long IBM at 100.00"
    assert chart.readout(30)[1].startswith("▼ IBM")
    charts.show_trade(trades[1], trades[1].exit_bar)
    assert chart.symbol == "AAPL"
    first, last = chart.bars_in_view()
    assert first <= 40 < 45 <= last
    assert charts.bar == 45
    assert chart.draws_candles


def test_prices_that_cannot_be_had_are_said_in_a_sentence(charts: Charts) -> None:
    charts.show_result(result(200), stale=False)
    click(charts, PRICES)
    charts.prices.show_prices(charts.prices.symbol, None)
    assert "no prices" in charts.prices._words
    assert charts.prices.readout(3) == ["2003-01-04"]
    charts.grab()


@pytest.mark.parametrize("number", ALL)
def test_what_is_copied_is_what_is_drawn(charts: Charts, number: int) -> None:
    one = result(400)
    charts.show_result(one, stale=False)
    click(charts, number)
    lines = chart_as_text(charts.shown, one).splitlines()
    assert len(lines) > 2
    assert {len(line.split("\t")) for line in lines} == {len(lines[0].split("\t"))}


@pytest.mark.parametrize("number", ALL)
@pytest.mark.parametrize("bars", [1, 2, 30])
def test_short_results_without_trades_are_drawn_without_a_fault(charts: Charts, number: int, bars: int) -> None:
    charts.show_result(result(bars, trades=(), rejections=()), stale=True)
    click(charts, number)
    charts.point_at(0)
    charts.set_theme(theme("light"))
    charts.grab()
    charts.show_result(None, stale=False)
    charts.grab()


def test_where_the_buttons_would_be_cut_off_the_charts_are_one_list(charts: Charts) -> None:
    charts.show_result(result(100), stale=False)
    assert charts.buttons.button(EQUITY).isVisible()
    assert not charts.choice.isVisible()
    charts.resize(420, 300)
    QApplication.processEvents()
    assert charts.choice.isVisible()
    assert not charts.buttons.button(EQUITY).isVisible()
    charts.choice.setFocus()
    QTest.keyClick(charts.choice, Qt.Key.Key_End)
    charts.choice.activated.emit(charts.choice.currentIndex())
    assert charts.chosen == EXPOSURE
    charts.resize(1000, 300)
    QApplication.processEvents()
    assert charts.buttons.button(EXPOSURE).isVisible()
    assert charts.buttons.button(EXPOSURE).isChecked()
