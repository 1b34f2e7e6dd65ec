"""The metrics table."""

import dataclasses
import math

import numpy as np
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from builder_app.ui.results.figures import number, percent
from builder_app.ui.results.metrics_table import MetricsTable
from tests.ui.results.samples import DEFINITIONS, result, theme


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
