"""Strategies to begin from, in the real window: chips, cards with curves, all about one, and templates of one's own."""

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from builder_app.ui.start.about_dialog import AboutDialog
from builder_app.ui.start.cards import Card
from builder_app.ui.window.save_template_dialog import SaveTemplateDialog
from tests.ui.window.strategist import Strategist, application

LEFT = Qt.MouseButton.LeftButton


def _cards(hands: Strategist) -> dict[str, Card]:
    return {card.face.name: card for card in hands.window.start_page.examples.cards}


def _choose(hands: Strategist, name: str, title: str) -> None:
    card = _cards(hands)[name]
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(9, 9), card.mapToGlobal(QPoint(9, 9)))
    QApplication.sendEvent(card, event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    (action,) = (one for one in menu.actions() if one.text() == title)
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())


def test_cards_are_narrowed_by_kind_marked_looked_at_rated_and_used(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.sees(lambda: len(_cards(hands)) >= 15)
        assert all(card.face.curve and card.face.lines[0].startswith("total return") for card in _cards(hands).values())
        kinds = hands.window.start_page.kinds
        QTest.mouseClick(kinds.chips["Oscillation"], LEFT)
        assert 5 <= len(_cards(hands)) < 15
        _choose(hands, "RSI-2", "Mark as favourite")
        hands.sees(lambda: "♥" in _cards(hands)["RSI-2"].face.mark)
        QTest.mouseClick(kinds.chips["Favourites"], LEFT)
        assert set(_cards(hands)) == {"RSI-2"}

        _choose(hands, "RSI-2", "About it…")
        (dialog,) = hands.window.findChildren(AboutDialog)
        hands.sees(dialog.isVisible)
        QTest.mouseClick(dialog.stars[3], LEFT)
        hands.sees(lambda: [star.text() for star in dialog.stars] == ["★", "★", "★", "★", "☆"])
        QTest.mouseClick(dialog.use_button, LEFT)
        assert hands.document.name == "RSI-2"
        assert hands.document.instance is None


def test_a_strategy_is_saved_as_a_template_used_deleted_and_brought_back(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.open_example("moving_average_crossover")
        opened.session.run_test(hands.document)
        hands.sees_result()
        hands.window.actions_by_id["save_template"].trigger()
        (dialog,) = hands.window.findChildren(SaveTemplateDialog)
        dialog.name.setFocus()
        dialog.name.selectAll()
        QTest.keyClicks(dialog.name, "My crossover")
        QTest.mouseClick(dialog.save_button, LEFT)
        hands.window.centre.tabs.setCurrentIndex(0)
        hands.sees(lambda: "My crossover" in _cards(hands))
        assert _cards(hands)["My crossover"].face.mark == "yours"
        QTest.mouseClick(_cards(hands)["My crossover"], LEFT)
        assert hands.document.name == "My crossover"
        hands.window.centre.tabs.setCurrentIndex(0)
        _choose(hands, "My crossover", "Delete")
        hands.sees(lambda: "My crossover" not in _cards(hands))
        messages = hands.window.centre.messages
        hands.sees(lambda: "was deleted" in messages.text)
        QTest.mouseClick(messages._do, LEFT)
        hands.sees(lambda: "My crossover" in _cards(hands))
