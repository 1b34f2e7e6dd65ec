"""The filter of trades."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from builder_app.quicktest.request import Trade
from builder_app.ui.results.trade_columns import slipped
from builder_app.ui.results.trade_filter import FIGURES, read_filter
from builder_app.ui.results.trades_table import TradesTable
from tests.ui.results.samples import result, theme, trade

TRADES = (
    trade("IBM", 5, 20, 1234.5, exit_reason="target"),
    trade("AAPL", 10, 15, -250.5, exit_reason="trailing stop", ambiguous=True),
    trade("MSFT", 30, 31, 0.0, direction=-1),
    trade("AAPL", 40, 60, 80.0, favourable_excursion=0.1, adverse_excursion=-0.03),
)


def chosen(text: str) -> list[int]:
    wanted = read_filter(text)
    return [place for place, one in enumerate(TRADES) if wanted.passes(one)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [0, 1, 2, 3]),
        ("aapl", [1, 3]),
        ("AAPL winners", [3]),
        ("losers", [1]),
        ("short", [2]),
        ("stop", [1]),
        ("trailing", [1]),
        ("amb", [1]),
        ("profit < 0", [1]),
        ("profit<-1,000", []),
        ("profit >= 80 bars>10", [0, 3]),
        ("aapl return < -25 %", [1]),
        ("best>=10", [3]),
        ("worst<−2", [3]),
        ("nothing of the kind", []),
    ],
)
def test_words_and_figures_must_all_hold(text: str, expected: list[int]) -> None:
    assert chosen(text) == expected


@given(st.sampled_from(sorted(FIGURES)), st.sampled_from(["<", ">", "<=", ">=", "="]), st.integers(-2000, 2000))
def test_a_condition_and_its_opposite_part_all_trades(figure: str, sign: str, limit: int) -> None:
    opposite = {"<": ">=", ">": "<=", "<=": ">", ">=": "<"}.get(sign)
    found = chosen(f"{figure} {sign} {limit}")
    if opposite is not None:
        assert sorted(found + chosen(f"{figure} {opposite} {limit}")) == [0, 1, 2, 3]
    else:
        assert set(found) <= set(chosen(f"{figure} >= {limit}"))


@given(st.text(max_size=40))
def test_no_text_is_a_fault(text: str) -> None:
    chosen(text)


def test_typing_filters_the_table_and_says_how_many_are_left(qtbot: QtBot) -> None:
    table = TradesTable(theme())
    qtbot.addWidget(table)
    table.show()
    table.show_result(result(80, trades=TRADES))
    assert table.found.text() == "4 trades"
    qtbot.keyClicks(table.filter, "aapl profit > 0")
    assert table.model.rowCount() == 1
    assert table.model.row_at(0) == TRADES[3]
    assert table.found.text() == "1 of 4"
    table.filter.clear()
    assert table.model.rowCount() == 4
    qtbot.keyClicks(table.filter, "luck > 3")
    assert table.found.text() == "No figure is called 'luck'."


def test_many_trades_are_filtered_aside_and_the_newest_filter_holds(qtbot: QtBot) -> None:
    trades = [trade("AAPL" if place % 3 else "IBM", place, place + 1, float(place)) for place in range(9000)]
    table = TradesTable(theme())
    qtbot.addWidget(table)
    table.show_result(result(9010, trades=trades))
    qtbot.keyClicks(table.filter, "ibm")
    qtbot.waitUntil(lambda: table.found.text() == "3,000 of 9,000", timeout=5000)
    assert {table.model.row_at(row).symbol for row in range(3000)} == {"IBM"}


def test_a_click_on_the_exit_jumps_to_the_exits_bar(qtbot: QtBot) -> None:
    table = TradesTable(theme())
    qtbot.addWidget(table)
    table.resize(1400, 300)
    table.show()
    table.show_result(result(80, trades=TRADES))
    titles = [column.title for column in table.model.columns]
    for title, bar in (("Exit", TRADES[1].exit_bar), ("Symbol", TRADES[1].entry_bar)):
        place = table.table.visualRect(table.model.index(1, titles.index(title))).center()
        with qtbot.waitSignal(table.trade_requested, timeout=1000) as asked:
            QTest.mouseClick(table.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert asked.args == [TRADES[1], bar]


@given(st.sampled_from([1, -1]), st.floats(1, 500), st.floats(1, 500), st.floats(0, 0.05))
def test_slippage_is_what_worse_prices_cost(direction: int, bought: float, sold: float, rate: float) -> None:
    one = Trade(
        "AAPL", direction, 7.0, 1, bought * (1 + direction * rate), 2, sold * (1 - direction * rate), "signal", 0, 0, 0
    )
    assert slipped(one, rate) == pytest.approx(7.0 * rate * (bought + sold), abs=1e-6)
