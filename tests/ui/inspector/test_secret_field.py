"""Sensitive values in the inspector: dots, a button that reveals while it is held down, typing that replaces."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from builder_app.flow.edits import SetParameter, SetStrategyParameter
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import (
    Json,
    LogicFlow,
    Node,
    NodeType,
    Secret,
    StrategyParameter,
    frozen_mapping,
)
from builder_app.ui.inspector import InspectorView
from builder_app.ui.inspector.editors import SecretEditor, typed_as
from builder_app.ui.inspector.parameter_form import parameter_forms
from builder_app.ui.inspector.secret_field import MASK, SecretField
from tests.ui.inspector.owner import Owner
from tests.ui.inspector.samples import CATALOGUE, THEME
from tests.ui.inspector.test_strategy_page import row

CANARY = "canary-7f3a9"
SCHEMA: dict[str, Json] = {
    "type": "object",
    "properties": {
        "password": {"type": "string", "title": "Password", "x-sensitive": True},
        "pin": {"type": "integer", "title": "Pin", "x-sensitive": True, "minimum": 1, "maximum": 9999},
    },
}
FEED = NodeTemplate("feed", "Feed", NodeType.CUSTOM, "Feeds", parameter_schema=frozen_mapping(SCHEMA))


@pytest.fixture
def field(qtbot: QtBot, desk: QWidget) -> SecretField:
    field = SecretField()
    field.set_theme(THEME)
    lines = QVBoxLayout(desk)
    lines.addWidget(field)
    lines.addWidget(QLineEdit())
    with qtbot.waitActive(desk):
        desk.show()
        desk.activateWindow()
    field.show_secret(Secret(CANARY))
    field.line.setFocus()
    return field


def shown_in(widget: QWidget) -> str:
    """Everything that this widget and those in it say or hold."""
    words = []
    for one in (widget, *widget.findChildren(QWidget)):
        words += [one.toolTip(), one.accessibleName(), one.accessibleDescription(), one.statusTip(), one.whatsThis()]
        for name in ("text", "displayText", "placeholderText", "toPlainText"):
            asked = getattr(one, name, None)
            words.append(str(asked()) if callable(asked) else "")
    return "\n".join(words)


def test_a_value_is_dots_of_one_length_and_is_not_even_in_the_line(field: SecretField) -> None:
    assert field.line.placeholderText() == MASK
    assert CANARY not in shown_in(field)
    field.show_secret(Secret("x"))
    assert field.line.placeholderText() == MASK


def test_it_is_revealed_exactly_while_the_button_is_held_down(field: SecretField) -> None:
    QTest.mousePress(field.reveal, Qt.MouseButton.LeftButton)
    assert field.line.displayText() == CANARY
    assert field.line.isReadOnly()
    QTest.mouseRelease(field.reveal, Qt.MouseButton.LeftButton)
    assert CANARY not in shown_in(field)
    assert field.line.echoMode() is QLineEdit.EchoMode.Password
    QTest.keyClick(field.line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert CANARY not in shown_in(field), "the line's own undo does not bring it back"


def test_looking_at_it_changes_nothing(field: SecretField) -> None:
    said: list[str] = []
    field.secret_committed.connect(said.append)
    QTest.mousePress(field.reveal, Qt.MouseButton.LeftButton)
    field.commit()
    QTest.mouseRelease(field.reveal, Qt.MouseButton.LeftButton)
    field.commit()
    assert said == []


def test_hiding_the_field_ends_the_reveal(field: SecretField) -> None:
    QTest.mousePress(field.reveal, Qt.MouseButton.LeftButton)
    field.hide()
    assert CANARY not in shown_in(field)


def test_typing_replaces_the_whole_value_and_shows_dots(field: SecretField) -> None:
    said: list[str] = []
    field.secret_committed.connect(said.append)
    QTest.keyClicks(field.line, "new")
    assert "new" not in field.line.displayText()
    QTest.keyClick(field.line, Qt.Key.Key_Return)
    assert said == ["new"]
    assert field.line.text() == ""


def test_leaving_without_typing_says_nothing_and_escape_gives_up(field: SecretField) -> None:
    said: list[str] = []
    field.secret_committed.connect(said.append)
    QTest.keyClicks(field.line, "new")
    QTest.keyClick(field.line, Qt.Key.Key_Escape)
    QTest.keyClick(field.line, Qt.Key.Key_Tab)
    assert said == []


def test_nothing_is_copied_neither_masked_nor_revealed(field: SecretField) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("before")
    for revealed in (False, True):
        if revealed:
            QTest.mousePress(field.reveal, Qt.MouseButton.LeftButton)
        else:
            QTest.keyClicks(field.line, CANARY)
        for key in (Qt.Key.Key_A, Qt.Key.Key_C, Qt.Key.Key_X, Qt.Key.Key_Insert):
            QTest.keyClick(field.line, key, Qt.KeyboardModifier.ControlModifier)
        assert clipboard.text() == "before"
    QTest.mouseRelease(field.reveal, Qt.MouseButton.LeftButton)
    assert field.line.contextMenuPolicy() is Qt.ContextMenuPolicy.NoContextMenu


def test_an_empty_one_says_so_and_one_that_could_not_be_opened_says_why(field: SecretField) -> None:
    field.show_secret(Secret())
    assert field.line.placeholderText() == "not set"
    assert not field.reveal.isEnabled()
    field.show_secret(Secret(why="Its key is lost."))
    assert field.line.placeholderText() == "could not be opened"
    assert field.toolTip() == "Its key is lost."


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("string", "12", "12"),
        ("integer", "12", 12),
        ("integer", "x", "x"),
        ("number", "1.5", 1.5),
        ("number", "nan", "nan"),
        ("boolean", "True", True),
        ("boolean", "perhaps", "perhaps"),
    ],
)
def test_what_is_typed_becomes_a_value_of_the_parameter_s_type(kind: str, text: str, value: object) -> None:
    typed = typed_as(kind, text)
    assert (typed, type(typed)) == (value, type(value))


def test_every_sensitive_parameter_gets_the_masked_field_whatever_its_type() -> None:
    assert [form.kind.value for form in parameter_forms(FEED)] == ["secret", "secret"]


@pytest.fixture
def feed(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Owner:
    view = InspectorView(THEME)
    qtbot.addWidget(view)
    monkeypatch.setattr(
        "tests.ui.inspector.owner.CATALOGUE", Catalogue(frozen_mapping({**CATALOGUE.templates, "feed": FEED}))
    )
    values = frozen_mapping({"password": Secret(CANARY), "pin": Secret(4711)})
    flow = LogicFlow(nodes=frozen_mapping({"feed": Node("feed", "feed", parameters=values)}))
    owner = Owner(view, flow)
    with qtbot.waitExposed(view):
        view.show()
    owner.select("feed")
    return owner


def test_the_inspector_shows_no_word_of_a_block_s_secrets(feed: Owner) -> None:
    said = shown_in(feed.view)
    assert "Password" in said
    assert CANARY not in said
    assert "4711" not in said
    menus = [action.text() for shown in feed.view.block_page.rows.values() for action in shown.menu().actions()]
    assert not any(CANARY in text for text in menus)


def test_a_typed_secret_is_asked_for_as_a_secret(feed: Owner) -> None:
    editor = feed.view.block_page.rows["pin"].editor
    assert isinstance(editor, SecretEditor)
    QTest.keyClicks(editor.field.line, "1234")
    editor.commit()
    assert feed.edits == [SetParameter("feed", "pin", Secret(1234))]
    assert "1234" not in repr(feed.asked)


def test_binding_a_secret_to_a_new_strategy_parameter_makes_it_sensitive(feed: Owner) -> None:
    feed.view.block_page.rows["password"].bind_new_requested.emit()
    assert feed.flow.parameters["password"] == StrategyParameter(Secret(CANARY))
    assert feed.flow.parameters["password"].sensitive
    assert CANARY not in shown_in(feed.view)
    feed.select()
    assert CANARY not in shown_in(feed.view)


def test_a_strategy_parameter_becomes_sensitive_by_its_lock_and_its_old_value_goes(owner: Owner) -> None:
    owner.select()
    QTest.mouseClick(row(owner, "threshold").lock, Qt.MouseButton.LeftButton)
    assert owner.flow.parameters["threshold"] == StrategyParameter(Secret())
    shown = row(owner, "threshold")
    assert (shown.value.isHidden(), shown.secret.isHidden(), shown.lock.isChecked()) == (True, False, True)
    QTest.keyClicks(shown.secret.line, CANARY)
    QTest.keyClick(shown.secret.line, Qt.Key.Key_Return)
    assert owner.edits[-1] == SetStrategyParameter("threshold", StrategyParameter(Secret(CANARY)))
    assert CANARY not in shown_in(owner.view)
    QTest.mouseClick(row(owner, "threshold").lock, Qt.MouseButton.LeftButton)
    assert owner.flow.parameters["threshold"] == StrategyParameter(0)
    QApplication.processEvents()
    assert CANARY not in shown_in(owner.view)
