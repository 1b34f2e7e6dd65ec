"""The metrics table."""

import dataclasses
import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from builder_app.quicktest.request import Reading
from builder_app.session.runs.result_series import Convention, definitions_of, measure_as
from builder_app.ui.results.figures import number, percent
from builder_app.ui.results.meanings import meaning
from builder_app.ui.results.metrics_table import MetricRow, MetricsTable
from tests.ui.results.samples import DEFINITIONS, result, theme, trade


def shown(table: MetricsTable) -> dict[str, tuple[str, str]]:
    rows = [table.model.row_at(row) for row in range(table.model.rowCount())]
    return {row.title: (row.value.replace("\xa0", " "), row.benchmark.replace("\xa0", " ")) for row in rows}


def made(qtbot: QtBot) -> MetricsTable:
    table = MetricsTable(theme(), DEFINITIONS)
    qtbot.addWidget(table)
    return table


def fall(curve: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> int:
    bottom = int((curve / np.maximum.accumulate(curve)).argmin())
    return bottom - int(curve[: bottom + 1].argmax())


def test_metrics_stand_in_the_order_of_their_definitions_with_the_benchmark_beside_its_like(qtbot: QtBot) -> None:
    table = made(qtbot)
    one = result()
    table.show_result(None, one, stale=False)
    moves = one.benchmark[1:] / one.benchmark[:-1] - 1.0
    sharpe = moves.mean() / moves.std(ddof=1) * math.sqrt(252)
    deepest = float((one.benchmark / np.maximum.accumulate(one.benchmark)).min()) - 1.0
    assert list(shown(table).items()) == [
        ("Total return", ("+12.40 %", "+7.21 %")),
        ("Sharpe ratio", ("1.30", number(sharpe))),
        ("Deepest drawdown", ("−8.10 %", percent(deepest).replace("\xa0", " "))),
        ("Winning trades", ("50.00 %", "")),
        ("Mean profit a trade", ("+328.08", "")),
        ("Trades", ("3", "")),
        ("Fall, in bars", ("1,312", number(fall(one.benchmark), 0))),
    ]


def test_no_value_is_a_dash_and_its_tooltip_says_why(qtbot: QtBot) -> None:
    table = made(qtbot)
    table.show_result(None, result(trades=()), stale=False)
    row = next(row for row in map(table.model.row_at, range(7)) if row.title == "Winning trades")
    assert row.value == "–"
    assert "No value without trades." in row.hint


def test_the_tooltip_holds_definition_formula_and_the_value_before(qtbot: QtBot) -> None:
    table = made(qtbot)
    table.show_result(result(total_return=0.1), result(), stale=False)
    hint = str(table.model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole))
    assert "Growth of the equity." in hint
    assert "last / first − 1" in hint
    assert "In the test before: +10.00" in hint
    unchanged = str(table.model.index(1, 1).data(Qt.ItemDataRole.ToolTipRole))
    assert "before" not in unchanged


def test_stale_figures_are_quiet(qtbot: QtBot) -> None:
    table = made(qtbot)
    one = result()
    table.show_result(None, one, stale=False)
    fresh = table.model.index(0, 1).data(Qt.ItemDataRole.ForegroundRole)
    table.show_result(None, one, stale=True)
    stale = table.model.index(0, 1).data(Qt.ItemDataRole.ForegroundRole)
    assert fresh == theme().color("gain")
    assert stale == theme().color("quiet_text")


def test_a_metric_the_result_does_not_have_has_no_row(qtbot: QtBot) -> None:
    table = made(qtbot)
    one = result(sharpe_ratio=math.nan)
    without = {name: value for name, value in one.metrics.items() if name != "expectancy"}
    table.show_result(None, dataclasses.replace(one, metrics=without), stale=False)
    assert "Mean profit a trade" not in shown(table)
    assert shown(table)["Sharpe ratio"][0] == "–"


def titles(table: MetricsTable) -> list[str]:
    return [table.model.row_at(row).title for row in range(table.model.rowCount())]


def test_the_convention_is_switched_by_keys_and_told(qtbot: QtBot) -> None:
    table = made(qtbot)
    table.show()
    one = result(300)
    table.show_result(None, one, stale=False)
    own = titles(table)
    table.conventions.setFocus()
    with qtbot.waitSignal(table.convention_chosen, timeout=1000) as told:
        QTest.keyClick(table.conventions, Qt.Key.Key_Down)
    assert told.args == [Convention.QUANTSTATS.value]
    values = measure_as(Convention.QUANTSTATS, one).values
    assert shown(table)["Ulcer index"][0] == percent(values["ulcer_index"]).replace("\xa0", " ")
    assert "√(Σ fall²" in next(row.hint for row in rows(table) if row.title == "Ulcer index")
    for convention in Convention:
        table.choose_convention(convention.value)
        if convention is not Convention.OWN:
            expected = measure_as(convention, one)
            assert titles(table) == [one.title for one in expected.definitions if one.name != "benchmark_return"]
    table.choose_convention("of nobody")
    table.choose_convention(Convention.OWN.value)
    assert titles(table) == own


def rows(table: MetricsTable) -> list[MetricRow]:
    return [table.model.row_at(row) for row in range(table.model.rowCount())]


def test_the_range_of_ambiguous_bars_has_a_column_only_where_there_is_one(qtbot: QtBot) -> None:
    table = made(qtbot)
    one = result(300)
    table.show_result(None, dataclasses.replace(one, lower=one.metrics, upper=one.metrics), stale=False)
    assert table.table.isColumnHidden(3)
    lower = {**one.metrics, "total_return": -0.01}
    with qtbot.waitSignal(table.range_shown, timeout=1000):
        table.show_result(None, dataclasses.replace(one, lower=lower, upper=one.metrics), stale=False)
    assert not table.table.isColumnHidden(3)
    first = table.model.row_at(0)
    assert first.between.replace("\xa0", " ") == "−1.00 % … +12.40 %"
    assert first.between in first.hint
    table.choose_convention(Convention.FREQTRADE.value)
    assert table.table.isColumnHidden(3), "a test that was kept without the other reading"


@pytest.mark.parametrize("convention", list(Convention)[1:])
def test_the_range_is_there_in_every_convention(qtbot: QtBot, convention: Convention) -> None:
    table = made(qtbot)
    one = result(300, trades=[trade("IBM", 5, 20, 300.0), trade("AAPL", 30, 40, -80.0, ambiguous=True)])
    worse = (one.trades[0], dataclasses.replace(one.trades[1], pnl=-900.0, return_fraction=-0.9))
    other = Reading(one.equity * np.linspace(1.0, 0.9, 300), worse, 0)
    table.show_result(None, dataclasses.replace(one, read_otherwise=other), stale=False)
    assert table.table.isColumnHidden(3), "the metrics of this result say that both readings are alike"
    table.choose_convention(convention.value)
    assert not table.table.isColumnHidden(3)
    both = measure_as(convention, dataclasses.replace(one, read_otherwise=other))
    low, high = (percent(ends["total_return"], signed=True) for ends in (both.lower, both.upper))
    title = next(one.title for one in both.definitions if one.name == "total_return")
    assert next(row for row in rows(table) if row.title == title).between == f"{low} … {high}"


@pytest.mark.parametrize(("count", "warned"), [(0, True), (29, True), (30, False), (300, False)])
def test_fewer_than_thirty_trades_are_warned_of(qtbot: QtBot, count: int, warned: bool) -> None:
    table = made(qtbot)
    table.show()
    trades = [trade("IBM", place % 50, place % 50 + 1, 1.0) for place in range(count)]
    table.show_result(None, result(60, trades=trades), stale=False)
    assert table.warning.isVisible() is warned
    assert ("fewer than 30" in table.warning.text()) is warned
    table.show_result(None, None, stale=False)
    assert not table.warning.isVisible()


def test_the_metric_under_the_mouse_is_said_in_a_sentence(qtbot: QtBot) -> None:
    table = made(qtbot)
    table.resize(380, 420)
    table.show()
    table.show_result(None, result(300), stale=False)
    place = table.table.visualRect(table.model.index(0, 0)).center()
    QTest.mouseMove(table.table.viewport(), place)
    QTest.mouseMove(table.table.viewport(), place + QPoint(3, 0))
    qtbot.waitUntil(table.sentence.isVisible, timeout=1000)
    assert table.sentence.text() == "Total return: 100.00 at the start were 112.40 at the end."
    assert "Unit: percent." in table.model.row_at(0).hint


@pytest.mark.parametrize("convention", list(Convention))
@pytest.mark.parametrize("value", [-1.5, -0.2, 0.0, 0.3, 2.0, 40.0])
def test_every_sentence_is_whole(convention: Convention, value: float) -> None:
    for definition in definitions_of(convention):
        said = meaning(definition.name, value)
        assert said == "" or ((said[0].isupper() or said[0].isdigit()) and said.endswith("."))
        assert meaning(definition.name, math.nan) == ""


def test_the_metrics_that_everybody_asks_for_have_a_sentence() -> None:
    for definition in definitions_of(Convention.OWN):
        assert meaning(definition.name, 0.5), definition.name
