"""The form of the test's configuration."""

import datetime
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCalendarWidget, QStyle, QStyleOptionViewItem, QWidget
from pytestqt.qtbot import QtBot

from builder_app.session import IntrabarOrder, TestConfig
from builder_app.ui.inspector import TestSetupForm
from tests.ui.inspector.owner import Owner

SYMBOLS = ("AAPL", "GOOG", "IBM")
CONFIG = TestConfig(
    start_date=datetime.date(2003, 1, 2),
    stock_pool=("AAPL", "IBM"),
    commission_rate=0.0007,
    minimum_commission=1.5,
    seed=7,
    benchmark="IBM",
)


@pytest.fixture
def form(owner: Owner) -> TestSetupForm:
    owner.select()
    owner.view.show_symbols(SYMBOLS)
    owner.view.show_config(CONFIG)
    return owner.view.test_setup


@pytest.fixture
def asked(owner: Owner, form: TestSetupForm) -> list[TestConfig]:
    asked: list[TestConfig] = []
    owner.view.config_requested.connect(asked.append)
    owner.view.config_requested.connect(owner.view.show_config)
    return asked


def retype(qtbot: QtBot, widget: QWidget, text: str) -> None:
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(widget, text)
    QTest.keyClick(widget, Qt.Key.Key_Return)


def tick(qtbot: QtBot, form: TestSetupForm, symbol: str) -> None:
    """Click on the box of a symbol."""
    shown = form.pool.list
    item = next(shown.item(row) for row in range(shown.count()) if shown.item(row).text().startswith(symbol))
    option = QStyleOptionViewItem()
    option.initFrom(shown)
    option.rect = shown.visualItemRect(item)
    option.features = QStyleOptionViewItem.ViewItemFeature.HasCheckIndicator
    box = shown.style().subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, option, shown)
    QTest.mouseClick(shown.viewport(), Qt.MouseButton.LeftButton, pos=box.center())


def ticked(form: TestSetupForm) -> list[str]:
    shown = form.pool.list
    items = [shown.item(row) for row in range(shown.count())]
    return [item.text() for item in items if item.checkState() is Qt.CheckState.Checked]


def test_a_configuration_is_shown_in_words_and_percent(form: TestSetupForm) -> None:
    assert (form.start_date.text(), form.end_date.text()) == ("2003-01-02", "")
    assert form.end_date.placeholderText() == "last price"
    assert form.initial_capital.text() == "100,000.00"
    assert (form.commission_rate.text(), form.slippage.text()) == ("0.07 %", "0.05 %")
    assert (form.lot_size.text(), form.maximum_positions.text()) == ("fractional", "as drawn")
    assert (form.price_limit.text(), form.maximum_volume_share.text()) == ("none", "any")
    assert (form.benchmark.currentText(), form.intrabar_order.currentText()) == ("IBM", "Stop first")
    assert ticked(form) == ["AAPL", "IBM"]


def test_showing_asks_for_nothing(form: TestSetupForm, asked: list[TestConfig]) -> None:
    form.show_config(TestConfig(), SYMBOLS)
    assert asked == []


@pytest.mark.parametrize(
    ("field", "text", "changes"),
    [
        ("initial_capital", "250,000", {"initial_capital": 250_000.0}),
        ("commission_rate", "0.3", {"commission_rate": 0.003}),
        ("slippage", "0.07", {"slippage": 0.0007}),
        ("lot_size", "100", {"lot_size": 100.0}),
        ("maximum_positions", "4", {"maximum_positions": 4}),
        ("price_limit", "10", {"price_limit": 0.1}),
        ("maximum_volume_share", "5", {"maximum_volume_share": 0.05}),
        ("end_date", "2010-12-31", {"end_date": datetime.date(2010, 12, 31)}),
        ("start_date", "2004-02-29", {"start_date": datetime.date(2004, 2, 29)}),
    ],
)
def test_a_typed_field_changes_only_itself(
    form: TestSetupForm, asked: list[TestConfig], qtbot: QtBot, field: str, text: str, changes: dict[str, object]
) -> None:
    retype(qtbot, getattr(form, field), text)
    assert asked == [replace(CONFIG, **changes)]  # type: ignore[arg-type]


def test_choices_change_only_themselves(form: TestSetupForm, asked: list[TestConfig], qtbot: QtBot) -> None:
    form.intrabar_order.setFocus()
    QTest.keyClick(form.intrabar_order, Qt.Key.Key_Down)
    form.benchmark.setFocus()
    QTest.keyClick(form.benchmark, Qt.Key.Key_Home)
    first = replace(CONFIG, intrabar_order=IntrabarOrder.TARGET_FIRST)
    assert asked == [first, replace(first, benchmark=None)]


def test_an_emptied_date_is_as_far_as_the_prices_go(form: TestSetupForm, asked: list[TestConfig], qtbot: QtBot) -> None:
    form.start_date.setFocus()
    form.start_date.selectAll()
    QTest.keyClick(form.start_date, Qt.Key.Key_Delete)
    QTest.keyClick(form.start_date, Qt.Key.Key_Return)
    assert asked == [replace(CONFIG, start_date=None)]


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("start_date", "31.1.2003", "'31.1.2003' is not a day; write it as 2003-01-31."),
        ("start_date", "2003-02-30", "'2003-02-30' is not a day; write it as 2003-01-31."),
        ("end_date", "2001-01-01", "The start 2003-01-02 is after the end 2001-01-01; nothing would be tested."),
    ],
)
def test_days_that_cannot_be_are_said_and_not_asked_for(
    form: TestSetupForm, asked: list[TestConfig], qtbot: QtBot, field: str, text: str, sentence: str
) -> None:
    retype(qtbot, getattr(form, field), text)
    assert asked == []
    assert (form.message.isVisible(), form.message.text()) == (True, sentence)


def test_a_day_is_picked_from_the_calendar(form: TestSetupForm, asked: list[TestConfig], qtbot: QtBot) -> None:
    form.start_date.actions()[0].trigger()
    calendar = form.start_date.findChild(QCalendarWidget)
    assert calendar is not None
    assert calendar.selectedDate().toString("yyyy-MM-dd") == "2003-01-02"
    day = calendar.selectedDate().addDays(4)
    calendar.setSelectedDate(day)
    calendar.clicked.emit(day)
    assert asked == [replace(CONFIG, start_date=datetime.date(2003, 1, 6))]


def test_ticking_symbols_makes_the_pool(form: TestSetupForm, asked: list[TestConfig], qtbot: QtBot) -> None:
    tick(qtbot, form, "GOOG")
    title = form.pool.title.text()
    tick(qtbot, form, "AAPL")
    assert [config.stock_pool for config in asked] == [(), ("GOOG", "IBM")]
    assert (title, form.pool.title.text()) == ("Pool · all symbols", "Pool · 2 of 3")


def test_the_last_symbol_stays(form: TestSetupForm, asked: list[TestConfig], qtbot: QtBot) -> None:
    tick(qtbot, form, "AAPL")
    tick(qtbot, form, "IBM")
    assert [config.stock_pool for config in asked] == [("IBM",)]
    assert ticked(form) == ["IBM"]
    assert "at least one symbol" in form.message.text()


def test_a_pool_symbol_without_prices_is_kept_and_named(owner: Owner, form: TestSetupForm) -> None:
    owner.view.show_config(replace(CONFIG, stock_pool=("AAPL", "ZZZ"), benchmark="YYY"))
    assert ticked(form) == ["AAPL", "ZZZ — no prices in the library"]
    assert form.benchmark.currentText() == "YYY"


def test_new_prices_show_in_pool_and_benchmark(owner: Owner, form: TestSetupForm) -> None:
    owner.view.show_symbols((*SYMBOLS, "MSFT"))
    names = [form.benchmark.itemText(index) for index in range(form.benchmark.count())]
    assert names == ["Pool, held", *SYMBOLS, "MSFT"]
    assert form.pool.list.count() == 4
    assert ticked(form) == ["AAPL", "IBM"]


def test_a_group_is_taken_as_the_pool_by_its_name(owner: Owner, form: TestSetupForm, asked: list[TestConfig]) -> None:
    assert not form.pool.groups.isVisibleTo(form)
    owner.view.show_groups({"Tech": ("AAPL", "GOOG"), "Old": ("IBM",)})
    assert [form.pool.groups.itemText(place) for place in range(3)] == ["Choose a group…", "Old · 1", "Tech · 2"]
    form.pool.groups.setCurrentIndex(2)
    form.pool.groups.activated.emit(2)
    assert asked[-1].stock_pool == ("AAPL", "GOOG")
    form.show_config(replace(CONFIG, stock_pool=("IBM",)), SYMBOLS)
    assert form.pool.groups.currentText() == "Old · 1"
    form.show_config(replace(CONFIG, stock_pool=()), SYMBOLS)
    assert form.pool.groups.currentText() == "Choose a group…"


def test_the_frequency_of_the_bars_is_chosen(form: TestSetupForm, asked: list[TestConfig]) -> None:
    place = form.frequency.findData("weekly")
    form.frequency.setCurrentIndex(place)
    form.frequency.activated.emit(place)
    assert asked[-1].frequency == "weekly"
    form.show_config(replace(CONFIG, frequency="5min"), SYMBOLS)
    assert form.frequency.currentText() == "5 minutes"
