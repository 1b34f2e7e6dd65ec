"""The start page."""

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from builder_app.ui.start.card_menu import CardWish
from builder_app.ui.start.cards import Card
from builder_app.ui.start.faces import StrategyCard
from builder_app.ui.start.grid import CardGrid, columns_in
from builder_app.ui.start.page import StartPage
from tests.ui.results.samples import theme
from tests.ui.start.samples import CATALOGUE, NOW, example, strategy


def made(qtbot: QtBot, recents: Sequence[StrategyCard], width: int = 1280) -> StartPage:
    page = StartPage(theme(), CATALOGUE, now=lambda: NOW)
    qtbot.addWidget(page)
    page.resize(width, 640)
    page.show_recents(recents)
    page.show_examples([example("a"), example("b")])
    with qtbot.waitExposed(page):
        page.show()
    page.activateWindow()
    QApplication.processEvents()
    return page


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[StartPage]:
    widget = made(qtbot, [strategy(str(number)) for number in range(6)])
    yield widget
    widget.close()


def test_every_action_is_a_button_with_a_tooltip(qtbot: QtBot, page: StartPage) -> None:
    actions = {
        "New strategy": page.new_requested,
        "Open file…": page.open_file_requested,
        "Import prices…": page.import_prices_requested,
        "Prices…": page.price_library_requested,
    }
    buttons = {button.text(): button for button in page.findChildren(QPushButton)}
    for text, signal in actions.items():
        assert buttons[text].toolTip()
        with qtbot.waitSignal(signal, timeout=1000):
            QTest.mouseClick(buttons[text], Qt.MouseButton.LeftButton)


def test_a_click_on_a_card_opens_its_strategy_or_its_example(qtbot: QtBot, page: StartPage) -> None:
    with qtbot.waitSignal(page.open_requested, timeout=1000) as asked:
        QTest.mouseClick(page.recents.cards[2], Qt.MouseButton.LeftButton)
    assert asked.args == ["2"]
    with qtbot.waitSignal(page.example_requested, timeout=1000) as asked:
        QTest.mouseClick(page.examples.cards[1], Qt.MouseButton.LeftButton)
    assert asked.args == ["b"]


def test_a_card_says_figure_age_and_draft(qtbot: QtBot) -> None:
    page = made(qtbot, [strategy("x", is_draft=True), strategy("y", figure="")])
    first, second = (card.accessibleName() for card in page.recents.cards)
    assert first == "Strategy x. draft. total return +12.4 %. edited 3 hours ago"
    assert second == "Strategy y. never tested. edited 3 hours ago"
    page.close()


def test_arrows_walk_the_cards_and_go_on_to_the_examples_and_back(qtbot: QtBot, page: StartPage) -> None:
    columns = columns_in(page.recents.width())
    assert columns == 4
    page.recents.cards[0].setFocus()

    def press(key: Qt.Key) -> Card:
        focused = QApplication.focusWidget()
        assert isinstance(focused, Card)
        QTest.keyClick(focused, key)
        after = QApplication.focusWidget()
        assert isinstance(after, Card)
        return after

    assert press(Qt.Key.Key_Right) is page.recents.cards[1]
    assert press(Qt.Key.Key_Down) is page.recents.cards[5]
    assert press(Qt.Key.Key_Left) is page.recents.cards[4]
    assert press(Qt.Key.Key_Down) is page.examples.cards[0]
    assert press(Qt.Key.Key_Left) is page.examples.cards[0]
    assert press(Qt.Key.Key_Up) is page.recents.cards[5]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_enter_and_space_open_the_focused_card(qtbot: QtBot, page: StartPage, key: Qt.Key) -> None:
    with qtbot.waitSignal(page.open_requested, timeout=1000) as asked:
        QTest.keyClick(page.recents.cards[3], key)
    assert asked.args == ["3"]


def test_delete_asks_to_delete_a_strategy_but_never_an_example(qtbot: QtBot, page: StartPage) -> None:
    with qtbot.waitSignal(page.delete_requested, timeout=1000) as asked:
        QTest.keyClick(page.recents.cards[1], Qt.Key.Key_Delete)
    assert asked.args == ["1"]
    with qtbot.assertNotEmitted(page.delete_requested):
        QTest.keyClick(page.examples.cards[0], Qt.Key.Key_Delete)


def test_the_dots_of_a_card_open_its_menu_and_not_the_strategy(qtbot: QtBot, page: StartPage) -> None:
    card = page.recents.cards[0]
    with qtbot.assertNotEmitted(page.open_requested):
        QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(card.width() - 20, 20))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    delete = next(action for action in menu.actions() if action.text() == "Delete")
    with qtbot.waitSignal(page.delete_requested, timeout=1000) as asked:
        delete.trigger()
    assert asked.args == ["0"]
    menu.close()


@pytest.mark.parametrize(("width", "columns"), [(600, 2), (1280, 4), (1920, 6), (3840, 6)])
def test_the_grid_fills_the_width_in_even_columns_and_nothing_is_cut_off(
    qtbot: QtBot, width: int, columns: int
) -> None:
    page = made(qtbot, [strategy(str(number)) for number in range(13)], width)
    cards = page.recents.cards
    assert len({card.y() for card in cards}) == -(-13 // columns)
    assert len({card.size().toTuple() for card in cards}) == 1
    assert max(card.geometry().right() for card in cards) < page.recents.width()
    assert max(card.geometry().bottom() for card in cards) < page.recents.height()
    assert page.horizontalScrollBar().maximum() == 0
    content = page.widget()
    assert content is not None
    assert content.width() <= page.viewport().width()
    page.close()


def test_a_page_that_fits_has_nothing_to_scroll(qtbot: QtBot) -> None:
    page = made(qtbot, [strategy("x")])
    assert page.verticalScrollBar().maximum() == 0
    page.close()


def test_without_strategies_it_says_what_will_be_there(qtbot: QtBot) -> None:
    page = made(qtbot, [])
    assert page.no_recents.isVisible()
    assert not page.recents.isVisible()
    page.show_recents([strategy("x")])
    page.show_examples([example("a")])
    assert not page.no_recents.isVisible()
    assert page.recents.isVisible()
    page.close()


def test_unchanged_cards_keep_their_widgets_and_their_focus(page: StartPage) -> None:
    page.recents.cards[1].setFocus()
    before = page.recents.cards
    page.show_recents([strategy(str(number)) for number in range(6)])
    page.show_examples([example("a"), example("b")])
    assert page.recents.cards == before
    assert page.recents.cards[1].hasFocus()


def test_the_hints_are_three_and_can_be_put_away(qtbot: QtBot, page: StartPage) -> None:
    assert not page.hints.isVisible()
    page.show_hints(True)
    assert page.hints.isVisible()
    assert len([label for label in page.hints.findChildren(QLabel) if label.wordWrap()]) == 3
    with qtbot.waitSignal(page.hints_dismissed, timeout=1000):
        QTest.mouseClick(page.hints.close_button, Qt.MouseButton.LeftButton)
    assert not page.hints.isVisible()


def test_every_card_can_be_painted_in_both_schemes_with_long_and_empty_texts(qtbot: QtBot) -> None:
    page = made(qtbot, [strategy("x", name="A" * 300, figure="total return −3.1 %"), strategy("y", name="")])
    dark = page.recents.cards[0].grab().toImage()
    page.set_theme(theme("light"))
    QApplication.processEvents()
    light = page.recents.cards[0].grab().toImage()
    assert dark.pixelColor(20, 20) == theme("dark").color("canvas")
    assert light.pixelColor(20, 20) == theme("light").color("canvas")
    page.close()


def test_columns_are_at_least_one_and_at_most_six() -> None:
    assert columns_in(1) == 1
    assert columns_in(100_000) == 6
    assert all(columns_in(width) <= columns_in(width + 1) for width in range(1, 4000))


def test_a_grid_without_cards_needs_no_height(qtbot: QtBot) -> None:
    grid = CardGrid()
    qtbot.addWidget(grid)
    assert grid.heightForWidth(1280) == 0


def test_menu_key_opens_the_menu_and_its_rows_say_which_strategy(qtbot: QtBot) -> None:
    page = made(qtbot, [strategy("x", tags=("us",)), strategy("y", is_saved=False), strategy("z", is_archived=True)])
    saved, draft, archived = page.recents.cards
    assert saved.face.lines[1] == "edited 3 hours ago · us"
    assert CardWish.ARCHIVE in saved.face.wishes
    assert not {CardWish.ARCHIVE, CardWish.TAGS, CardWish.VERSIONS} & set(draft.face.wishes)
    assert {CardWish.BRING_BACK} == {CardWish.ARCHIVE, CardWish.BRING_BACK} & set(archived.face.wishes)
    by_key = QContextMenuEvent.Reason.Keyboard
    QApplication.sendEvent(saved, QContextMenuEvent(by_key, QPoint(5, 5), saved.mapToGlobal(QPoint(5, 5))))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    with qtbot.waitSignal(page.wished, timeout=1000) as asked:
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
    assert asked.args == [CardWish.RENAME, "x"]
    page.close()


def test_filter_asks_for_a_name_a_tag_and_archived_ones(qtbot: QtBot, page: StartPage) -> None:
    page.show_tags([f"tag {number}" for number in range(9)])
    chips = page.filter.chips
    assert len(chips) == 5
    with qtbot.waitSignal(page.filter_changed, timeout=1000) as asked:
        QTest.mouseClick(chips[1], Qt.MouseButton.LeftButton)
    assert asked.args == ["", "tag 1", False]
    with qtbot.waitSignal(page.filter_changed, timeout=1000) as asked:
        QTest.keyClicks(page.filter.field, "ab")
    assert asked.args == ["ab", "tag 1", False]
    with qtbot.waitSignal(page.filter_changed, timeout=1000) as asked:
        QTest.keyClick(page.filter.archived, Qt.Key.Key_Space)
    assert asked.args == ["ab", "tag 1", True]
