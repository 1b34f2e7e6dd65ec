"""Tables as models."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPersistentModelIndex, QPoint, Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot

from builder_app.ui.results.tables import Column, RowsModel
from builder_app.ui.results.trades_table import RejectionsTable, TradesTable
from tests.ui.results.samples import REJECTIONS, TRADES, result, theme

UP, DOWN = Qt.SortOrder.AscendingOrder, Qt.SortOrder.DescendingOrder


def numbers(rows: list[float]) -> RowsModel[float]:
    model: RowsModel[float] = RowsModel((Column("Value", str, lambda row: row, "0"),), theme())
    model.set_rows(rows)
    return model


@given(st.lists(st.floats(-9, 9) | st.just(float("nan"))))
@pytest.mark.parametrize("order", [UP, DOWN])
def test_sorting_orders_numbers_with_no_value_last_and_loses_no_row(order: Qt.SortOrder, rows: list[float]) -> None:
    model = numbers(rows)
    model.sort(0, order)
    shown = [model.row_at(place) for place in range(model.rowCount())]
    known = [value for value in rows if value == value]
    assert shown[: len(known)] == sorted(known, reverse=order is DOWN)
    assert len(shown) == len(rows)
    model.sort(-1)
    assert [repr(model.row_at(place)) for place in range(len(rows))] == [repr(value) for value in rows]


def test_the_chosen_row_stays_chosen_when_the_table_is_sorted(qtbot: QtBot) -> None:
    model = numbers([3.0, 1.0, 2.0])
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    chosen = QPersistentModelIndex(model.index(0, 0))
    model.sort(0, UP)
    assert chosen.row() == 2
    assert model.row_at(chosen.row()) == 3.0
    tester.deleteLater()


def cell(table: TradesTable, row: int, title: str) -> str:
    column = [column.title for column in table.model.columns].index(title)
    return str(table.model.index(row, column).data()).replace("\N{NO-BREAK SPACE}", " ")


def test_a_trade_is_written_with_dates_signs_and_mark(qtbot: QtBot) -> None:
    table = TradesTable(theme())
    qtbot.addWidget(table)
    table.show_result(result())
    row = {column.title: cell(table, 1, column.title) for column in table.model.columns}
    assert row == {
        "Symbol": "AAPL",
        "Side": "Long",
        "Entry": "2003-01-11",
        "Entry price": "100.00",
        "Exit": "2003-01-16",
        "Exit price": "74.95",
        "Reason": "stop",
        "Profit": "−250.50",
        "Return": "−25.05 %",
        "Quantity": "10",
        "Costs": "2.00",
        "Slippage": "0.00",
        "Best": "0.00 %",
        "Worst": "0.00 %",
        "Bars": "5",
        "Mark": "ambiguous",
    }
    assert cell(table, 0, "Profit") == "+1,234.50"


def test_a_click_on_the_exit_asks_for_the_exits_bar_and_elsewhere_for_the_entrys(qtbot: QtBot) -> None:
    table = TradesTable(theme())
    qtbot.addWidget(table)
    table.resize(1200, 200)
    table.show_result(result())
    with qtbot.waitExposed(table):
        table.show()
    titles = [column.title for column in table.model.columns]
    for title, bar in (("Symbol", TRADES[1].entry_bar), ("Exit", TRADES[1].exit_bar)):
        place = table.table.visualRect(table.model.index(1, titles.index(title))).center()
        with qtbot.waitSignal(table.bar_requested, timeout=1000) as asked:
            QTest.mouseClick(table.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert asked.args == [bar]


def test_a_click_on_a_title_sorts_by_it_and_the_order_outlives_the_next_result(qtbot: QtBot) -> None:
    table = TradesTable(theme())
    qtbot.addWidget(table)
    table.resize(1400, 200)
    table.show_result(result())
    with qtbot.waitExposed(table):
        table.show()
    header = table.table.horizontalHeader()
    profit = [column.title for column in table.model.columns].index("Profit")
    x = header.sectionViewportPosition(profit) + 20
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(x, 8))
    profits = [table.model.row_at(row).pnl for row in range(3)]
    assert profits == sorted(profits)
    table.show_result(result(trades=TRADES[::-1]))
    assert [table.model.row_at(row).pnl for row in range(3)] == profits


def test_figures_are_right_aligned_and_words_left(qtbot: QtBot) -> None:
    table = TradesTable(theme())
    qtbot.addWidget(table)
    table.show_result(result())
    for place, column in enumerate(table.model.columns):
        side = table.model.index(0, place).data(Qt.ItemDataRole.TextAlignmentRole)
        wanted = Qt.AlignmentFlag.AlignRight if column.is_figure else Qt.AlignmentFlag.AlignLeft
        assert side & wanted


def test_a_rejected_entry_says_when_what_and_why(qtbot: QtBot) -> None:
    table = RejectionsTable(theme())
    qtbot.addWidget(table)
    table.show_result(result())
    texts = [table.model.index(0, column).data() for column in range(table.model.columnCount())]
    assert texts == ["2003-01-08", "IBM", "Long", REJECTIONS[0].reason]
