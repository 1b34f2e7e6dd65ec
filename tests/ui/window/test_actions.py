"""The table of actions feeds everything that can be done."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from builder_app.ui.window.actions import ACTIONS
from builder_app.ui.window.shortcuts_page import ShortcutsPage
from tests.ui.window.strategist import Strategist, application


def test_no_two_actions_share_a_shortcut() -> None:
    keys = [row.shortcut for row in ACTIONS if row.shortcut]
    assert len(keys) == len(set(keys))


def test_every_action_has_a_menu_a_title_and_a_hint() -> None:
    assert all(row.menu and row.title and row.hint for row in ACTIONS)


def test_command_palette_finds_by_words_and_does_what_is_chosen(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.press("Ctrl+K")
        palette = hands.window.command_palette
        hands.sees(palette.isVisible)
        qtbot.keyClicks(palette.search, "new strat")
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
        hands.sees(lambda: hands.window.document is not None)
        assert not palette.isVisible()


def test_command_palette_says_when_nothing_is_found(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.press("Ctrl+K")
        palette = hands.window.command_palette
        qtbot.keyClicks(palette.search, "zzz")
        only = palette.found.topLevelItem(0)
        assert only is not None
        assert only.text(0).startswith("Nothing found")
        qtbot.keyClick(palette.search, Qt.Key.Key_Return)
        assert palette.isVisible()
        palette.hide()


def test_what_needs_a_strategy_is_disabled_on_the_start_page(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        actions = hands.window.actions_by_id
        assert not actions["test"].isEnabled()
        assert actions["new"].isEnabled()
        hands.press("Ctrl+N")
        assert actions["test"].isEnabled()
        assert not actions["undo"].isEnabled()


def test_shortcuts_page_lists_every_shortcut(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.press("F1")
        hands.sees(lambda: hands.window.findChild(ShortcutsPage) is not None)
        page = hands.window.findChild(ShortcutsPage)
        assert page is not None
        said = {label.text() for label in page.findChildren(QLabel)}
        assert {row.title for row in ACTIONS if row.shortcut} <= said
        page.close()
        QApplication.processEvents()


def test_focus_hides_the_docks_but_not_the_strip_and_brings_them_back(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.press("Ctrl+N")
        shown = [title for title, dock in hands.window.docks.items() if not dock.isHidden()]
        assert shown
        hands.press("F11")
        assert all(dock.isHidden() for dock in hands.window.docks.values())
        assert hands.window.strip.isVisible()
        hands.press("F11")
        assert [title for title, dock in hands.window.docks.items() if not dock.isHidden()] == shown


def test_theme_choice_is_remembered(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.actions_by_id["theme_light"].trigger()
        assert hands.window.theme.scheme == "light"
    with application(tmp_path) as opened:
        assert Strategist(qtbot, opened).window.theme.scheme == "light"


def test_closed_dock_stays_closed_after_restart(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.press("Ctrl+N")
        hands.place_block("Simple moving average", 0, 0)
        hands.window.docks["History"].close()
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.sees(lambda: hands.window.document is not None)
        assert hands.window.docks["History"].isHidden()
        assert not hands.window.docks["Results"].isHidden()
