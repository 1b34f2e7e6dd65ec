"""The versions of one strategy: what is shown, and which wishes go out."""

import datetime

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidgetItem
from pytestqt.qtbot import QtBot

from builder_app.flow.difference import Change, ChangeKind, Subject
from builder_app.session.shelf.shelving import KeptVersion
from builder_app.ui.versions import VersionsDialog

THEN = datetime.datetime(2024, 5, 20, 15, 0, tzinfo=datetime.UTC)
NEWER, OLDER = KeptVersion("b", 4, "wider stop", THEN), KeptVersion("a", 2, "", THEN)
REMOVED = Change(ChangeKind.REMOVED, Subject.BLOCK, "The block 'Stop' was removed, with its wires.", "stop")


@pytest.fixture
def dialog(qtbot: QtBot) -> VersionsDialog:
    widget = VersionsDialog("Trend")
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    return widget


def test_newest_version_is_compared_first_and_arrows_compare_the_next(qtbot: QtBot, dialog: VersionsDialog) -> None:
    with qtbot.waitSignal(dialog.compare_requested, timeout=1000) as asked:
        dialog.show_versions((NEWER, OLDER))
    assert asked.args == ["b"]
    assert [dialog.list.item(row).text().splitlines()[0] for row in (0, 1)] == ["wider stop", "Version 2"]
    with qtbot.waitSignal(dialog.compare_requested, timeout=1000) as asked:
        QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    assert asked.args == ["a"]


def test_answer_about_another_version_is_not_shown_and_restore_needs_a_difference(
    qtbot: QtBot, dialog: VersionsDialog
) -> None:
    dialog.show_versions((NEWER, OLDER))
    dialog.show_difference("a", (REMOVED,))
    assert not dialog.restore_button.isEnabled()
    dialog.show_difference("b", (REMOVED,))
    assert dialog.line.text() == "1 block removed."
    assert dialog.changes.item(0).text() == f"−  {REMOVED.text}"
    with qtbot.waitSignal(dialog.restore_requested, timeout=1000) as asked:
        QTest.mouseClick(dialog.restore_button, Qt.MouseButton.LeftButton)
    assert asked.args == ["b"]
    dialog.show_difference("b", ())
    assert not dialog.restore_button.isEnabled()
    assert not dialog.changes.isVisible()


def test_chosen_version_stays_chosen_and_a_kept_one_is_chosen(dialog: VersionsDialog) -> None:
    dialog.show_versions((NEWER, OLDER))
    dialog.list.setCurrentRow(1)
    dialog.show_versions((NEWER, OLDER))
    assert dialog.chosen == OLDER
    kept = KeptVersion("c", 5, "", THEN)
    dialog.show_kept(kept)
    assert dialog.chosen == kept
    assert dialog.list.count() == 3


def test_note_is_handed_over_on_one_line(qtbot: QtBot, dialog: VersionsDialog) -> None:
    QTest.keyClicks(dialog.note, "  two   words ")
    with qtbot.waitSignal(dialog.keep_requested, timeout=1000) as asked:
        QTest.keyClick(dialog.note, Qt.Key.Key_Return)
    assert asked.args == ["two words"]


def test_edit_allows_restore_at_once_and_says_comparing_until_the_answer_is_there(
    qtbot: QtBot, dialog: VersionsDialog
) -> None:
    dialog.show_versions((NEWER, OLDER))
    dialog.show_difference("b", ())
    dialog.show_overtaken()
    assert dialog.restore_button.isEnabled()
    assert dialog.line.text() == "The strategy is drawn as it was then.", (
        "an answer that comes at once does not flicker"
    )
    qtbot.waitUntil(lambda: dialog.line.text() == "Comparing…", timeout=5000)
    dialog.show_difference("b", (REMOVED,))
    assert dialog.line.text() == "1 block removed."
    qtbot.wait(200)
    assert dialog.line.text() == "1 block removed."


def test_long_sentences_are_shown_whole_at_every_width(qtbot: QtBot, dialog: VersionsDialog) -> None:
    sentence = f"The block 'Stop' was changed: {'it is called otherwise ' * 12}end."
    long = Change(ChangeKind.CHANGED, Subject.BLOCK, sentence)
    dialog.show_versions((NEWER,))
    dialog.show_difference("b", (long, REMOVED))
    for width in (900, 560):
        dialog.resize(width, 440)
        viewport = dialog.changes.viewport()
        qtbot.waitUntil(
            lambda: dialog.changes.sizeHintForRow(0) == dialog.changes.visualItemRect(_first(dialog)).height()
        )
        rect = dialog.changes.visualItemRect(_first(dialog))
        words = dialog.changes.fontMetrics().boundingRect(
            QRect(0, 0, viewport.width() - 28, 10_000), int(Qt.TextFlag.TextWordWrap), sentence
        )
        assert rect.width() <= viewport.width()
        assert rect.height() >= words.height()


def test_of_thousands_of_changes_the_first_are_listed_and_the_rest_are_counted(dialog: VersionsDialog) -> None:
    dialog.show_versions((NEWER,))
    dialog.show_difference("b", (REMOVED,) * 1_500)
    assert dialog.changes.item(dialog.changes.count() - 1).text() == "…  and 1,200 more."


def _first(dialog: VersionsDialog) -> QListWidgetItem:
    return dialog.changes.item(0)
