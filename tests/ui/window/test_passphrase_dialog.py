"""The dialog about how sensitive values are kept."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialogButtonBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from builder_app.flow.edits import SetStrategyParameter
from builder_app.flow.values import Secret, StrategyParameter
from builder_app.session.secrecy.secret_keeping import Keeping
from builder_app.ui.window.passphrase_dialog import PassphraseDialog
from tests.store.secrets.keyrings import MemoryKeyring
from tests.ui.window.strategist import USER, Strategist, application


def opened(qtbot: QtBot, keeping: Keeping) -> PassphraseDialog:
    dialog = PassphraseDialog(keeping)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def accept(dialog: PassphraseDialog) -> None:
    role = QDialogButtonBox.ButtonRole.AcceptRole
    (button,) = (one for one in dialog.buttons.buttons() if dialog.buttons.buttonRole(one) is role)
    assert isinstance(button, QPushButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("keeping", list(Keeping))
def test_it_says_in_words_how_values_are_kept(qtbot: QtBot, keeping: Keeping) -> None:
    dialog = opened(qtbot, keeping)
    assert "ensitive values are" in dialog.words.text()
    assert dialog.passphrase.isVisible() is (keeping is not Keeping.KEYRING)
    assert dialog.again.isVisible() is (keeping in (Keeping.MEMORY, Keeping.PASSPHRASE))


def test_a_locked_store_is_opened_with_one_passphrase(qtbot: QtBot) -> None:
    dialog = opened(qtbot, Keeping.LOCKED)
    said: list[str] = []
    dialog.unlock_requested.connect(said.append)
    QTest.keyClicks(dialog.passphrase, "correct horse")
    assert "correct" not in dialog.passphrase.displayText()
    accept(dialog)
    assert said == ["correct horse"]


def test_a_new_passphrase_is_typed_twice_alike(qtbot: QtBot) -> None:
    dialog = opened(qtbot, Keeping.MEMORY)
    said: list[str] = []
    dialog.set_requested.connect(said.append)
    QTest.keyClicks(dialog.passphrase, "correct horse")
    QTest.keyClicks(dialog.again, "correct hose")
    accept(dialog)
    assert said == []
    assert "differ" in dialog.trouble.text()
    assert dialog.passphrase.text() == dialog.again.text() == ""
    for line in (dialog.passphrase, dialog.again):
        QTest.keyClicks(line, "correct horse")
    accept(dialog)
    assert said == ["correct horse"]


def test_what_was_typed_does_not_outlive_the_dialog(qtbot: QtBot) -> None:
    dialog = opened(qtbot, Keeping.LOCKED)
    QTest.keyClicks(dialog.passphrase, "correct horse")
    dialog.say("That is not the passphrase; nothing was opened.")
    assert dialog.trouble.isVisible()
    assert dialog.passphrase.text() == ""
    QTest.keyClicks(dialog.passphrase, "correct horse")
    dialog.reject()
    assert dialog.passphrase.text() == ""


@pytest.mark.parametrize("keeping", [Keeping.KEYRING, Keeping.PASSPHRASE])
def test_the_key_is_replaced_from_here_with_the_present_passphrase_where_one_keeps_it(
    qtbot: QtBot, keeping: Keeping
) -> None:
    dialog = opened(qtbot, keeping)
    said: list[str] = []
    dialog.rotate_requested.connect(said.append)
    assert "older backups cannot be opened" in dialog.more_words.text()
    QTest.mouseClick(dialog.more, Qt.MouseButton.LeftButton)
    if keeping is Keeping.KEYRING:
        assert said == [""]
        return
    assert said == []
    assert "present passphrase first" in dialog.trouble.text()
    QTest.keyClicks(dialog.passphrase, "correct horse")
    QTest.mouseClick(dialog.more, Qt.MouseButton.LeftButton)
    assert said == ["correct horse"]


def test_a_locked_store_has_neither_rotation_nor_another_try(qtbot: QtBot) -> None:
    dialog = opened(qtbot, Keeping.LOCKED)
    assert not dialog.more.isVisible()
    assert not dialog.more_words.isVisible()


def test_a_keyring_that_was_unlocked_meanwhile_is_tried_again_and_the_key_replaced_in_the_window(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        keyring = MemoryKeyring()
        keyring.is_locked = True
        vault = hands.session.rooms.vault
        vault.__init__(tmp_path / "strategies.db.keys", USER, keyring)  # type: ignore[misc]
        hands.press("Ctrl+N")
        hands.session.edit(hands.document, SetStrategyParameter("token", StrategyParameter(Secret("canary-7f3a9"))))
        hands.window.show_dock("Problems")
        hands.sees(lambda: "kept in memory only" in words_in(hands.window.problems))
        dialog = asked_for(hands)
        QTest.mouseClick(dialog.more, Qt.MouseButton.LeftButton)
        assert "did not" in dialog.trouble.text()
        keyring.is_locked = False
        QTest.mouseClick(dialog.more, Qt.MouseButton.LeftButton)
        hands.sees(lambda: not words_in(hands.window.problems).count("kept in memory only"))
        assert hands.session.flush()
        first = set(keyring.kept)
        dialog = asked_for(hands)
        QTest.mouseClick(dialog.more, Qt.MouseButton.LeftButton)
        hands.sees(lambda: "The old key is destroyed" in words_in(hands.window))
        assert len(first) == len(keyring.kept) == 1
        assert first != set(keyring.kept)
        assert not vault.retired()


def asked_for(hands: Strategist) -> PassphraseDialog:
    """The dialog as the menu opens it."""
    hands.sees(lambda: hands.window.findChild(PassphraseDialog) is None)
    hands.window.actions_by_id["secrets"].trigger()
    hands.sees(lambda: hands.window.findChild(PassphraseDialog) is not None)
    dialog = hands.window.findChild(PassphraseDialog)
    assert dialog is not None
    return dialog


def test_without_a_keyring_the_window_says_in_plain_words_that_nothing_is_kept(qtbot: QtBot, tmp_path: Path) -> None:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.press("Ctrl+N")
        sensitive = SetStrategyParameter("token", StrategyParameter(Secret("canary-7f3a9")))
        hands.session.edit(hands.document, sensitive)
        hands.window.show_dock("Problems")
        hands.sees(lambda: "kept in memory only" in words_in(hands.window.problems))
        assert "canary" not in words_in(hands.window)
        hands.window.actions_by_id["secrets"].trigger()
        hands.sees(lambda: hands.window.findChild(PassphraseDialog) is not None)
        dialog = hands.window.findChild(PassphraseDialog)
        assert dialog is not None
        assert "in memory only" in dialog.words.text()
        for line in (dialog.passphrase, dialog.again):
            QTest.keyClicks(line, "correct horse")
        accept(dialog)
        assert "no place for keys" in dialog.trouble.text()
        dialog.reject()


def words_in(widget: QWidget) -> str:
    """What the labels, fields and lists of this widget say."""
    labels = [label.text() for label in widget.findChildren(QLabel)]
    return "\n".join([*labels, *(line.text() for line in widget.findChildren(QLineEdit))])
