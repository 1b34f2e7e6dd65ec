"""The library window: symbols with curves, groups that narrow, deleting and restoring, and what may be undone."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from builder_app.market.groups import GroupsFile, SymbolGroups
from builder_app.market.importing.preparing import prepare
from builder_app.ui.prices.library_menus import show_deleted_menu, show_group_menu, show_symbol_menu
from builder_app.ui.prices.library_window import LibraryWindow
from builder_app.ui.prices.symbol_table import COLUMNS, CURVE, CURVE_ROLE
from builder_app.ui.theme import Theme
from builder_app.ui.window.line_dialog import LineDialog
from tests.cli.test_bad_prices import prices, rows
from tests.market.csv_files import import_files
from tests.market.importing.faulty_rows import quiet
from tests.ui.prices.desk import Desk


def column(shelf: LibraryWindow, title: str) -> list[str]:
    model = shelf.table.model()
    place = COLUMNS.index(title)
    return [str(model.index(row, place).data()) for row in range(model.rowCount())]


def choose(shelf: LibraryWindow, *symbols: str) -> None:
    shelf.table.clearSelection()
    for row, symbol in enumerate(column(shelf, "Symbol")):
        if symbol in symbols:
            index = shelf.table.model().index(row, 0)
            flags = shelf.table.selectionModel().SelectionFlag
            shelf.table.selectionModel().select(index, flags.Select | flags.Rows)


def menu_actions() -> dict[str, QMenu]:
    menus = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, QMenu) and widget.isVisible()]
    return {action.text(): menu for menu in menus for action in menu.actions() if action.text()}


def pick(title: str) -> None:
    menu = menu_actions()[title]
    action = next(action for action in menu.actions() if action.text() == title)
    action.trigger()
    menu.close()


def test_each_symbol_is_a_row_with_range_bars_source_and_prices(shelf: LibraryWindow) -> None:
    assert column(shelf, "Symbol") == ["AAPL", "FB", "GOOG", "IBM", "MSFT"]
    assert column(shelf, "Bars") == ["3,270", "196", "2,148", "3,270", "3,270"]
    assert column(shelf, "From")[1] == "2012-05-18"
    assert set(column(shelf, "Prices")) == {"adjusted"}
    assert shelf.count.text() == "5 rows"


def test_small_curves_come_for_every_row(shelf: LibraryWindow, desk: Desk) -> None:
    desk.until(lambda: not shelf.table.symbols.missing_curves())
    assert all(len(shelf.table.model().index(row, CURVE).data(CURVE_ROLE)) > 10 for row in range(5))
    assert not shelf.table.grab().isNull()


def test_a_click_on_a_title_sorts_by_number_not_by_text(shelf: LibraryWindow) -> None:
    shelf.table.sortByColumn(COLUMNS.index("Bars"), Qt.SortOrder.AscendingOrder)
    assert column(shelf, "Bars")[:2] == ["196", "2,148"]


def test_a_group_and_a_search_narrow_the_rows(shelf: LibraryWindow, desk: Desk) -> None:
    groups = GroupsFile(desk.library.folder)
    groups.keep_group("Big", ["AAPL", "IBM", "NONE"])
    groups.take(SymbolGroups({}, {"IBM": "Technology"}))
    shelf.refresh()
    assert [shelf.groups.item(row).text() for row in range(2)] == ["All symbols", "Big · 3"]
    shelf.groups.setCurrentRow(1)
    assert column(shelf, "Symbol") == ["AAPL", "IBM"]
    assert column(shelf, "Sector") == ["", "Technology"]
    assert shelf.count.text() == "2 of 5 rows · 1 symbol of the group without prices"
    QTest.keyClicks(shelf.search, "ib")
    assert column(shelf, "Symbol") == ["IBM"]


def test_selected_symbols_become_a_group(qtbot: QtBot, shelf: LibraryWindow, desk: Desk) -> None:
    assert not shelf.buttons["group"].isEnabled()
    choose(shelf, "FB", "GOOG")
    QTest.mouseClick(shelf.buttons["group"], Qt.MouseButton.LeftButton)
    dialog = shelf.findChild(LineDialog)
    assert isinstance(dialog, LineDialog)
    QTest.keyClicks(dialog.field, "Social")
    with qtbot.waitSignal(shelf.groups_changed, timeout=1):
        dialog.accept_button.click()
        desk.until(lambda: shelf.groups.count() == 2)
    assert GroupsFile(desk.library.folder).read().groups == {"Social": ("FB", "GOOG")}


def test_deleted_symbols_are_restored_from_their_menu(shelf: LibraryWindow, desk: Desk) -> None:
    assert not shelf.buttons["deleted"].isVisible()
    choose(shelf, "IBM")
    QTest.mouseClick(shelf.buttons["delete"], Qt.MouseButton.LeftButton)
    desk.until(lambda: "IBM" not in column(shelf, "Symbol"))
    assert shelf.messages.text == "IBM was deleted; it can be restored for 90 days."
    assert shelf.buttons["deleted"].isVisible()
    show_deleted_menu(shelf)
    pick("Restore IBM, daily")
    desk.until(lambda: "IBM" in column(shelf, "Symbol"))


def test_the_menu_of_a_symbol_switches_to_raw_prices(shelf: LibraryWindow, desk: Desk) -> None:
    choose(shelf, "AAPL")
    show_symbol_menu(shelf, QPoint(5, 5))
    pick("Test on raw prices")
    desk.until(lambda: column(shelf, "Prices")[0] == "raw")
    assert desk.library.load(("AAPL",)).close[0, 0] == 130.31


def test_what_cannot_be_updated_is_said(shelf: LibraryWindow, desk: Desk) -> None:
    choose(shelf, "IBM")
    QTest.mouseClick(shelf.buttons["update"], Qt.MouseButton.LeftButton)
    desk.until(lambda: "It is not known where" in shelf.messages.text)
    assert not shelf.progress.isVisible()


def test_all_are_updated_whose_origin_is_known(shelf: LibraryWindow, desk: Desk, tmp_path: Path) -> None:
    QTest.mouseClick(shelf.buttons["update"], Qt.MouseButton.LeftButton)
    assert "Of none of these prices it is known where they came from" in shelf.messages.text
    path = tmp_path / "ABC.csv"
    path.write_text(prices(rows()))
    import_files(desk.library, [path])
    path.write_text(prices(rows(count=25)))
    assert shelf.buttons["update"].text() == "Update all"
    QTest.mouseClick(shelf.buttons["update"], Qt.MouseButton.LeftButton)
    desk.until(lambda: "ABC was brought up to date." in shelf.messages.text)
    assert column(shelf, "Bars")[1] == "25"


@pytest.mark.parametrize("theme", ["dark", "light"], indirect=True)
def test_an_empty_library_offers_the_one_next_step(qtbot: QtBot, tmp_path: Path, theme: Theme) -> None:
    window = LibraryWindow(Desk(tmp_path), theme)  # type: ignore[arg-type]
    window.show()
    assert window.pages.currentIndex() == 0
    page = window.pages.widget(0)
    assert page is not None
    (button,) = page.findChildren(QPushButton)
    with qtbot.waitSignal(window.import_requested, timeout=1):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    window.close()


def test_a_group_is_removed_from_its_menu_and_its_symbols_stay(shelf: LibraryWindow, desk: Desk) -> None:
    GroupsFile(desk.library.folder).keep_group("Big", ["AAPL", "IBM"])
    shelf.refresh()
    show_group_menu(shelf, shelf.groups.visualItemRect(shelf.groups.item(0)).center())
    assert "Remove the group 'Big'" not in menu_actions(), "all symbols are no group"
    show_group_menu(shelf, shelf.groups.visualItemRect(shelf.groups.item(1)).center())
    pick("Remove the group 'Big'")
    desk.until(lambda: shelf.groups.count() == 1)
    assert len(column(shelf, "Symbol")) == 5


def test_the_menu_of_a_repaired_symbol_undoes_its_repairs(shelf: LibraryWindow, desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "ABC.csv"
    path.write_text(prices([*rows()[:9], "ABC,2020-01-10,30,22,19,21,1000", *rows()[10:]]))
    found = prepare([path], quiet, exchange="")
    desk.library.keep(found, {"ABC": [finding.repairs[0] for finding in found.findings]})
    shelf.refresh()
    assert column(shelf, "Source")[1] == "ABC.csv · 1 repaired"
    choose(shelf, "ABC")
    show_symbol_menu(shelf, QPoint(5, 5))
    pick("Undo repair: widen high and low (open or close outside low to high)")
    desk.until(lambda: column(shelf, "Source")[1] == "ABC.csv")
    assert desk.library.load(("ABC",)).high[9, 0] == 22.0
