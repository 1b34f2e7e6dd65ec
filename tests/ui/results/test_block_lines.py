"""A block's values in the chart of prices: where they belong, in the styles of their template, and always of now."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from builder_app.session.runs.charted_blocks import ChartedBlock, ChartedLine
from builder_app.ui.results.chart_data import chart_as_text
from builder_app.ui.results.charts import PRICES, Charts
from builder_app.ui.results.price_chart import PATIENCE_MILLISECONDS, PriceChart
from builder_app.ui.results.price_choices import BLOCKS_HINT, NO_SERIES
from builder_app.ui.results.sampling import FloatArray
from tests.ui.results.samples import result, theme

BARS = 200


@pytest.fixture
def charts(qtbot: QtBot) -> Iterator[Charts]:
    widget = Charts(theme())
    qtbot.addWidget(widget)
    widget.resize(1000, 340)
    flat = np.linspace(90.0, 110.0, BARS)
    prices = {"open": flat, "high": flat + 1.0, "low": flat - 1.0, "close": flat}
    widget.prices_requested.connect(lambda symbol: widget.prices.show_prices(symbol, prices))
    with qtbot.waitExposed(widget):
        widget.show()
    widget.show_result(result(BARS), stale=False)
    widget.choose(PRICES)
    yield widget
    widget.close()


def block(*lines: tuple[str, FloatArray, str], own: bool = False) -> ChartedBlock:
    return ChartedBlock(tuple(ChartedLine(*line) for line in lines), own)


def chosen(chart: PriceChart, shown: ChartedBlock, name: str = "Mine") -> PriceChart:
    chart.show_blocks(chart.symbol, {name: shown, "Other": shown})
    chart.blocks.setFocus()
    QTest.keyClick(chart.blocks, Qt.Key.Key_Down)
    assert chart.blocks.currentText() == name
    QApplication.processEvents()
    return chart


AVERAGE = np.linspace(92.0, 108.0, BARS)


def test_what_is_of_the_size_of_prices_is_drawn_over_them_and_the_rest_below(charts: Charts) -> None:
    chart = chosen(charts.prices, block(("Average", AVERAGE, "line")))
    assert chart.points(50)[1].plot is chart.plots[0]
    chart.show_blocks(chart.symbol, {"Mine": block(("RSI", AVERAGE / 3.0, "line"))})
    assert chart.points(50)[1].plot is chart.plots[1]
    low, high = chart.plots[1].vb.viewRange()[1]
    assert low < AVERAGE[0] / 3.0 < AVERAGE[-1] / 3.0 < high
    assert chart.plots[0].vb.viewRange()[1][0] > 80.0, "the prices keep their axis"


def test_of_a_block_with_prices_and_a_volume_each_output_has_its_place(charts: Charts) -> None:
    chart = chosen(charts.prices, block(("Close", AVERAGE, "line"), ("Volume", AVERAGE * 1e4, "line")))
    assert [point.plot for point in chart.points(50)[1:]] == chart.plots
    assert chart.plots[0].vb.viewRange()[1][1] < 200.0


def test_what_its_template_puts_into_a_pane_of_its_own_is_there_whatever_its_size(charts: Charts) -> None:
    chart = chosen(charts.prices, block(("RSI", AVERAGE, "line"), own=True))
    assert chart.points(50)[1].plot is chart.plots[1]
    charts.grab()
    assert chart.rect_of(chart.plots[1]).height() > 30


def test_each_output_is_drawn_in_the_style_that_its_template_says(charts: Charts) -> None:
    wave = np.sin(np.arange(BARS) / 9.0)
    marks = np.where(np.arange(BARS) % 50 == 0, 1.0, 0.0)
    lines = (
        ("MACD", wave, "line"), ("Signal", wave * 0.9, "dashed_line"), ("Difference", wave * 0.1, "histogram"),
        ("Dots", wave * 0.5, "dots"), ("Marks", marks, "marks"), ("Upper", wave + 1.0, "upper_limit"),
    )  # fmt: skip
    chart = chosen(charts.prices, block(*lines))
    line, dashed, bars, dots, sparse, limit = chart.lines._items
    assert line.opts["pen"].style() == Qt.PenStyle.SolidLine
    assert dashed.opts["pen"].style() == Qt.PenStyle.DashLine
    assert limit.opts["pen"].widthF() < line.opts["pen"].widthF()
    xs, ys = bars.getData()
    np.testing.assert_array_equal(ys[::2], 0.0)
    np.testing.assert_array_equal(ys[1::2], wave * 0.1)
    np.testing.assert_array_equal(xs[::2], xs[1::2])
    assert bars.opts["connect"] == "pairs"
    np.testing.assert_array_equal(dots.getData()[1], wave * 0.5)
    assert sparse.getData()[0][1::2].tolist() == [0.0, 50.0, 100.0, 150.0], "a mark of nothing is none"
    colors = {item.opts["pen"].color().name() for item in (line, dashed, bars)}
    assert len(colors) == 3
    charts.set_theme(theme("light"))
    charts.grab()
    assert line.opts["pen"].color() == theme("light").color("accent")


def test_several_outputs_are_named_in_the_readout_at_the_ends_and_in_what_is_copied(charts: Charts) -> None:
    chart = chosen(
        charts.prices, block(("Upper", AVERAGE + 1.0, "upper_limit"), ("Lower", AVERAGE - 1.0, "lower_limit"))
    )
    assert chart.readout(BARS - 1)[-1] == "Mine   Upper 109.00   Lower 107.00"
    assert [point.name for point in chart.points(BARS - 1)] == [chart.symbol, "Upper", "Lower"]
    head = chart_as_text(chart, result(BARS)).splitlines()[0].split("\t")
    assert head[-2:] == ["Mine, Upper", "Mine, Lower"]


def test_a_condition_says_yes_and_no(charts: Charts) -> None:
    said = np.where(np.arange(BARS) % 2 == 0, 1.0, 0.0)
    chart = chosen(charts.prices, ChartedBlock((ChartedLine("Result", said, is_condition=True),)), "Crosses")
    assert chart.points(50)[1].plot is chart.plots[1]
    assert chart.readout(50)[-1] == "Crosses yes"
    assert chart.readout(51)[-1] == "Crosses no"
    assert chart.plots[1].getAxis("left")._tickLevels == [[(0.0, "no"), (1.0, "yes")]]


def test_the_values_before_stay_until_those_of_a_new_result_are_there(charts: Charts) -> None:
    chart = chosen(charts.prices, block(("Average", AVERAGE, "line")))
    asked: list[str] = []
    charts.blocks_requested.connect(asked.append)
    charts.show_result(result(BARS, seed=1), stale=False)
    assert asked == [chart.symbol], "at once, since a block is drawn"
    np.testing.assert_array_equal(chart.columns()["Mine"], AVERAGE)
    chart.show_blocks(chart.symbol, {"Mine": block(("Average", AVERAGE + 1.0, "line"))})
    np.testing.assert_array_equal(chart.columns()["Mine"], AVERAGE + 1.0)


def test_another_symbol_has_none_of_the_values_before(charts: Charts) -> None:
    chart = chosen(charts.prices, block(("Average", AVERAGE, "line")))
    other = next(name for name in ("AAPL", "MSFT") if name != chart.symbol)
    before = chart.symbol
    chart.choose(other)
    assert chart.lines.block is None
    chart.show_blocks(before, {"Mine": block(("Average", AVERAGE, "line"))})
    assert chart.lines.block is None, "an answer that came too late"
    chart.show_blocks(other, {"Mine": block(("Average", AVERAGE, "line"))})
    assert chart.lines.block is not None, "the choice was kept"


def test_while_results_come_quickly_and_no_block_is_drawn_nothing_is_asked(qtbot: QtBot, charts: Charts) -> None:
    charts.prices.show_blocks(charts.prices.symbol, {"Mine": block(("Average", AVERAGE, "line"))})
    asked: list[str] = []
    charts.blocks_requested.connect(asked.append)
    for seed in range(1, 20):
        charts.show_result(result(BARS, seed=seed), stale=False)
    assert asked == []
    qtbot.waitUntil(lambda: len(asked) == 1, timeout=20 * PATIENCE_MILLISECONDS)
    qtbot.wait(2 * PATIENCE_MILLISECONDS)
    assert len(asked) == 1


def test_why_there_are_no_values_is_said(charts: Charts) -> None:
    chart = chosen(charts.prices, block(("Average", AVERAGE, "line")))
    chart.show_blocks(chart.symbol, {}, "The prices were changed after this test.")
    assert chart.blocks.count() == 1
    assert chart.blocks.currentText() == NO_SERIES
    assert chart.blocks.toolTip() == "The prices were changed after this test."
    assert NO_SERIES not in chart.columns()
    chart.show_blocks(chart.symbol, {"Mine": block(("Average", AVERAGE, "line"))})
    assert chart.blocks.toolTip() == BLOCKS_HINT


def test_no_result_and_no_values_draw_nothing(charts: Charts) -> None:
    chart = chosen(charts.prices, block(("Nothing", np.full(BARS, np.nan), "line"), ("Marks", np.zeros(BARS), "marks")))
    charts.grab()
    assert len(chart.readout(60)) == 2, "the date with its prices, and the mark"
    assert chart.lines._items[0].getData()[0].size == chart.lines._items[1].getData()[0].size == 0
    charts.show_result(None, stale=False)
    charts.grab()
    assert chart.symbol == ""
