"""Strategies as wholes in the window: a card's menu, the filter, one file to give away, and versions."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from builder_app.flow.edits import RenameStrategy
from builder_app.session.drafts.document import Document
from builder_app.session.shelf.bundles import read_bundle
from builder_app.ui.start.cards import Card
from builder_app.ui.versions import VersionsDialog
from builder_app.ui.window.line_dialog import LineDialog
from tests.ui.window.strategist import Strategist, application

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def hands(qtbot: QtBot, tmp_path: Path) -> Iterator[Strategist]:
    with application(tmp_path) as opened:
        yield Strategist(qtbot, opened)


def saved(hands: Strategist, name: str) -> Document:
    """An example that was opened, renamed and saved, in front."""
    hands.window.commands.open_example("moving_average_crossover")
    document = hands.document
    hands.session.edit(document, RenameStrategy(name))
    hands.press("Ctrl+S")
    hands.sees(lambda: document.instance is not None and not document.is_draft)
    return document


def start(hands: Strategist) -> None:
    hands.window.centre.tabs.setCurrentIndex(0)
    hands.sees(hands.window.start_page.isVisible)


def names(hands: Strategist) -> set[str]:
    return {card.face.name for card in hands.window.start_page.recents.cards}


def card(hands: Strategist, name: str) -> Card:
    hands.sees(lambda: name in names(hands))
    return next(one for one in hands.window.start_page.recents.cards if one.face.name == name)


def open_menu(hands: Strategist, name: str) -> QMenu:
    """The right button on a card."""
    shown = card(hands, name)
    middle = shown.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, shown.mapToGlobal(middle))
    QApplication.sendEvent(shown, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(hands: Strategist, name: str, title: str) -> None:
    """Right click on a card, then a click on a row of its menu."""
    menu = open_menu(hands, name)
    (action,) = (one for one in menu.actions() if one.text() == title)
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def type_line(hands: Strategist, text: str) -> None:
    """Type into the dialog that asks for one line, and press Enter."""
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LineDialog)
    dialog.field.selectAll()
    QTest.keyClicks(dialog.field, text)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)


def versions(hands: Strategist) -> VersionsDialog:
    hands.sees(lambda: any(one.isVisible() for one in hands.window.findChildren(VersionsDialog)))
    return next(one for one in hands.window.findChildren(VersionsDialog) if one.isVisible())


def said(hands: Strategist) -> str:
    return hands.window.centre.messages.text


def test_strategy_is_renamed_open_or_closed_and_its_undo_history_stays(hands: Strategist) -> None:
    document = saved(hands, "First")
    start(hands)
    choose(hands, "First", "Rename…")
    type_line(hands, "Second")
    hands.sees(lambda: "Second" in names(hands) and "First" not in names(hands))
    assert document.name == "Second"
    document.undo()
    assert document.name == "First"
    hands.session.close_document(document)
    choose(hands, "First", "Rename…")
    type_line(hands, "Third")
    hands.sees(lambda: names(hands) == {"Third"})
    hands.window.commands.open_strategy(card(hands, "Third").face.id)
    assert hands.document.name == "Third"


def test_closed_draft_that_was_never_saved_is_renamed_without_staying_open(hands: Strategist) -> None:
    hands.window.commands.open_example("moving_average_crossover")
    hands.session.edit(hands.document, RenameStrategy("Sketch"))
    hands.press("Ctrl+W")
    start(hands)
    menu = open_menu(hands, "Sketch")
    shown = [action.text() for action in menu.actions() if action.text()]
    assert shown == ["Open", "Rename…", "Duplicate", "Export as one file…", "Delete"]
    menu.close()
    choose(hands, "Sketch", "Rename…")
    type_line(hands, "Drawing")
    hands.sees(lambda: names(hands) == {"Drawing"})
    assert not hands.session.documents
    hands.window.commands.open_strategy(card(hands, "Drawing").face.id)
    assert [step.title for step in hands.document.history.steps][-1] == "Rename the strategy to Drawing"


def test_duplicate_has_what_is_drawn_and_can_be_opened_from_the_message(hands: Strategist) -> None:
    document = saved(hands, "Mine")
    hands.session.edit(document, RenameStrategy("Mine, drawn on"))
    start(hands)
    choose(hands, "Mine, drawn on", "Duplicate")
    hands.sees(lambda: "Mine, drawn on 2" in names(hands))
    hands.click_button("Open", hands.window.centre.messages)
    assert hands.document.name == "Mine, drawn on 2"
    assert hands.document.flow.nodes == document.flow.nodes


def test_tags_become_chips_and_name_and_chip_narrow_the_cards(hands: Strategist) -> None:
    for name in ("Alpha", "Beta"):
        saved(hands, name)
    start(hands)
    choose(hands, "Alpha", "Tags…")
    type_line(hands, " momentum , us , momentum")
    page = hands.window.start_page
    hands.sees(lambda: [chip.text() for chip in page.filter.chips] == ["momentum", "us"])
    hands.sees(lambda: card(hands, "Alpha").face.lines[1].endswith("momentum · us"))
    QTest.mouseClick(page.filter.chips[0], LEFT)
    hands.sees(lambda: names(hands) == {"Alpha"})
    QTest.mouseClick(page.filter.chips[0], LEFT)
    hands.sees(lambda: names(hands) == {"Alpha", "Beta"})
    QTest.keyClicks(page.filter.field, "bEt")
    hands.sees(lambda: names(hands) == {"Beta"})
    QTest.keyClicks(page.filter.field, "x")
    hands.sees(page.no_recents.isVisible)
    assert "Clear the search" in page.no_recents.text()
    QTest.keyClick(page.filter.field, Qt.Key.Key_Escape)
    hands.sees(lambda: names(hands) == {"Alpha", "Beta"})


def test_archived_strategy_goes_away_with_its_draft_and_comes_back_by_undo_or_menu(hands: Strategist) -> None:
    document = saved(hands, "Old")
    hands.session.edit(document, RenameStrategy("Old, drawn on"))
    start(hands)
    page = hands.window.start_page
    choose(hands, "Old, drawn on", "Archive")
    hands.sees(lambda: not names(hands) and "archived" in said(hands))
    assert not hands.session.documents
    hands.click_button("Undo", hands.window.centre.messages)
    hands.sees(lambda: names(hands) == {"Old, drawn on"})
    choose(hands, "Old, drawn on", "Archive")
    hands.sees(lambda: not names(hands))
    QTest.mouseClick(page.filter.archived, LEFT, pos=QPoint(8, page.filter.archived.height() // 2))
    hands.sees(lambda: names(hands) == {"Old, drawn on"})
    choose(hands, "Old, drawn on", "Bring back")
    hands.sees(lambda: not names(hands))
    QTest.mouseClick(page.filter.archived, LEFT, pos=QPoint(8, page.filter.archived.height() // 2))
    hands.sees(lambda: names(hands) == {"Old, drawn on"})


def test_one_file_holds_what_is_drawn_and_comes_in_by_button_and_by_drop(hands: Strategist, tmp_path: Path) -> None:
    document = saved(hands, "Gift")
    hands.session.edit(document, RenameStrategy("Gift, drawn on"))
    start(hands)
    choose(hands, "Gift, drawn on", "Export as one file…")
    hands.choose_path(tmp_path / "gift")
    path = tmp_path / "gift.strategy.zip"
    hands.sees(path.exists)
    assert read_bundle(path.read_bytes()).flow == document.flow
    hands.click_button("Import strategy…", hands.window.start_page)
    hands.choose_path(path)
    hands.sees(lambda: "Gift, drawn on" in said(hands) and "was imported" in said(hands))
    drop(hands, path)
    hands.sees(lambda: "There is a strategy" in said(hands))
    shown = sorted(one.face.name for one in hands.window.start_page.recents.cards)
    assert shown == ["Gift, drawn on", "Gift, drawn on", "Gift, drawn on 2"]  # a draft, and two that came in


def drop(hands: Strategist, path: Path) -> None:
    """Drag a file over the window and let it go."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    action, none = Qt.DropAction.CopyAction, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(600, 400), action, data, LEFT, none)
    QApplication.sendEvent(hands.window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(hands.window, QDropEvent(QPointF(600, 400), action, data, LEFT, none))


def test_file_that_is_no_strategy_is_refused_with_a_sentence(hands: Strategist, tmp_path: Path) -> None:
    path = tmp_path / "broken.strategy.zip"
    path.write_bytes(b"no zip")
    hands.window.actions_by_id["import_strategy"].trigger()
    hands.choose_path(path)
    hands.sees(lambda: hands.window.centre.messages.isVisible())
    assert said(hands).endswith(".")
    assert names(hands) == set()


def test_version_is_kept_compared_while_drawing_restored_and_undone(hands: Strategist) -> None:
    document = saved(hands, "Grown")
    hands.press("Ctrl+Shift+K")
    dialog = versions(hands)
    QTest.keyClicks(dialog.note, "before the change")
    QTest.keyClick(dialog.note, Qt.Key.Key_Return)
    hands.sees(lambda: dialog.list.count() == 1)
    assert dialog.list.item(0).text().startswith("before the change\nVersion ")
    hands.sees(lambda: dialog.line.text() == "The strategy is drawn as it was then.")
    assert not dialog.restore_button.isEnabled()
    kept = document.flow
    hands.click_block("fast_average")
    hands.window.actions_by_id["delete"].trigger()
    hands.sees(lambda: "fast_average" not in document.flow.nodes)
    hands.sees(lambda: dialog.line.text() == "1 block removed, 2 wires added.")
    hands.sees(lambda: "was removed, with its wires." in dialog.changes.item(0).text())
    drawn_on = document.flow
    QTest.mouseClick(dialog.restore_button, LEFT)
    hands.sees(lambda: document.flow == kept)
    assert "Undo brings back" in said(hands)
    hands.click_button("Undo", hands.window.centre.messages)
    assert document.flow == drawn_on


def test_keeping_a_version_saves_what_is_drawn_first(hands: Strategist) -> None:
    hands.window.commands.open_example("moving_average_crossover")
    document = hands.document
    assert hands.document.is_draft
    hands.press("Ctrl+Shift+K")
    dialog = versions(hands)
    QTest.mouseClick(dialog.keep_button, LEFT)
    hands.sees(lambda: dialog.list.count() == 1)
    assert document.instance is not None
    assert not document.is_draft
    hands.session.edit(document, RenameStrategy("Another name"))
    QTest.mouseClick(dialog.keep_button, LEFT)
    hands.sees(lambda: dialog.list.count() == 2)
    assert not document.is_draft
    dialog.list.setCurrentRow(1)
    hands.sees(lambda: "1 property of the strategy changed." in dialog.line.text())


def test_versions_of_a_card_open_its_strategy_and_go_when_it_closes(hands: Strategist) -> None:
    document = saved(hands, "Shelved")
    hands.press("Ctrl+W")
    start(hands)
    choose(hands, "Shelved", "Versions…")
    dialog = versions(hands)
    assert hands.document.instance == document.instance
    assert not dialog.isModal()
    assert "No version is kept yet" in dialog.line.text()
    hands.session.close_document(hands.document)
    hands.sees(lambda: not hands.window.findChildren(VersionsDialog))


def test_every_button_of_the_start_page_has_a_tooltip(hands: Strategist) -> None:
    saved(hands, "Any")
    start(hands)
    assert all(button.toolTip() for button in hands.window.start_page.findChildren(QPushButton))


def test_comparison_follows_an_edit_while_files_are_slow(hands: Strategist) -> None:
    document = saved(hands, "Compared")
    hands.press("Ctrl+Shift+K")
    dialog = versions(hands)
    QTest.keyClick(dialog.note, Qt.Key.Key_Return)
    hands.sees(lambda: dialog.line.text() == "The strategy is drawn as it was then.")
    gate = threading.Event()
    hands.session.slow_writes.submit(gate.wait, 60)
    try:
        hands.session.edit(document, RenameStrategy("Another name"))
        assert dialog.restore_button.isEnabled(), "no timer has to fire in a busy window before Restore can be pressed"
        hands.qtbot.waitUntil(lambda: "1 property of the strategy changed." in dialog.line.text(), timeout=10_000)
    finally:
        gate.set()
