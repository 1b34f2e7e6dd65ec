"""Blocks of one's own at the window, by mouse and keys: made, drawn, edited, shared, deleted, brought back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from builder_app.ui.block_maker.window import BlockMaker
from builder_app.ui.palette.delegate import MARK_ROLE, TEMPLATE_ROLE
from tests.ui.window.strategist import Strategist, application
from tests.ui.window.test_screenshots import cut_texts


@pytest.fixture
def hands(qtbot: QtBot, tmp_path: Path) -> Iterator[Strategist]:
    with application(tmp_path) as opened:
        hands = Strategist(qtbot, opened)
        hands.window.commands.new()
        hands.sees(lambda: hands.session.blocks.is_idle)
        yield hands


def form_of(hands: Strategist) -> BlockMaker:
    hands.sees(lambda: bool(hands.window.blocks.forms))
    (form,) = hands.window.blocks.forms.values()
    return form


def retype(hands: Strategist, field: QWidget, text: str) -> None:
    """Click a field, select all of it, type."""
    target = field.viewport() if isinstance(field, QPlainTextEdit) else field
    hands.qtbot.mouseClick(target, Qt.MouseButton.LeftButton)
    QTest.keySequence(field, "Ctrl+A")
    hands.qtbot.keyClicks(field, text)


def click(hands: Strategist, button: QWidget) -> None:
    hands.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def make_block(hands: Strategist, name: str = "Distance") -> None:
    """Click the palette's button, type a name, click Save."""
    click(hands, hands.window.palette_view.new_button)
    form = form_of(hands)
    hands.qtbot.keyClicks(form.head["display_name"], name)
    hands.sees(form.save_button.isEnabled)
    click(hands, form.save_button)
    hands.sees(lambda: name.lower() in hands.session.catalogue.templates)
    hands.sees(lambda: not hands.window.blocks.forms)


def menu_of(hands: Strategist, words: str) -> QMenu:
    """Search a block in the palette, and open its menu by the right button."""
    palette = hands.window.palette_view
    palette.search.setFocus()
    palette.search.clear()
    hands.qtbot.keyClicks(palette.search, words)
    index = palette.tree.currentIndex()
    assert index.data(TEMPLATE_ROLE).display_name == words
    at = palette.tree.visualRect(index).center()
    palette.tree.customContextMenuRequested.emit(at)
    hands.sees(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(hands: Strategist, menu: QMenu, title: str) -> None:
    action = next(action for action in menu.actions() if action.text() == title)
    hands.qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=menu.actionGeometry(action).center())


def mark(hands: Strategist, name: str) -> str:
    palette = hands.window.palette_view
    palette.search.clear()
    blocks = palette.model.blocks()
    return str(next(row.data(MARK_ROLE) for row in blocks if row.data(TEMPLATE_ROLE).name == name))


def come_back(hands: Strategist) -> None:
    """To the window, from a menu or a form that was closed."""
    with hands.qtbot.waitActive(hands.window):
        hands.window.activateWindow()


def message(hands: Strategist) -> str:
    return hands.window.centre.messages.text


def test_a_block_is_made_from_an_expression_and_drawn(hands: Strategist) -> None:
    click(hands, hands.window.palette_view.new_button)
    form = form_of(hands)
    hands.sees(lambda: form.head["display_name"].hasFocus())
    hands.qtbot.keyClicks(form.head["display_name"], "Percent over average")
    (output,) = form.outputs.rows
    retype(hands, output.fields["expression"], "(price / ta.SMA(price, timeperiod=perod) - 1) * 100")
    hands.sees(lambda: output.fault.isVisible())
    assert "did you mean 'period'?" in output.fault.text()
    assert not form.save_button.isEnabled()
    retype(hands, output.fields["expression"], "(price / ta.SMA(price, timeperiod=period) - 1) * 100")
    hands.sees(form.save_button.isEnabled)
    assert not output.fault.isVisible()
    assert form.values_heading.text() == "On AAPL, newest bars"
    assert form.draft.name == "percent_over_average"
    QTest.keySequence(form, "Ctrl+S")
    hands.sees(lambda: "percent_over_average" in hands.session.catalogue.templates)
    assert message(hands) == "'Percent over average' is one of your blocks now."
    hands.click_button("Add it", hands.window.centre.messages)
    hands.sees(lambda: len(hands.document.flow.nodes) == 1)
    (node,) = hands.document.flow.nodes.values()
    assert (node.template, node.template_version) == ("percent_over_average", "1.0.0")
    assert mark(hands, "percent_over_average") == "yours"


def test_rows_are_added_and_taken_away_by_their_buttons(hands: Strategist) -> None:
    hands.window.actions_by_id["new_block"].trigger()
    form = form_of(hands)
    hands.qtbot.keyClicks(form.head["display_name"], "Range of the bar")
    click(hands, form.inputs.add_button)
    added = form.inputs.rows[-1]
    hands.sees(lambda: added.fields["name"].hasFocus())
    hands.sees(lambda: added.fault.isVisible())
    assert "would change nothing" in added.fault.text()
    click(hands, added.remove_button)
    hands.sees(form.save_button.isEnabled)
    for row in (*form.inputs.rows, *form.parameters.rows):
        click(hands, row.remove_button)
    assert form.inputs.empty.isVisible()
    assert form.parameters.empty.isVisible()
    retype(hands, form.outputs.rows[0].fields["expression"], 'prices["high"] - prices["low"]')
    hands.sees(form.save_button.isEnabled)
    assert form.draft.inputs == ()
    QTest.keyClick(form, Qt.Key.Key_Escape)
    hands.sees(lambda: not hands.window.blocks.forms)


def test_an_edited_block_offers_its_newer_version_at_the_blocks_that_are_drawn(hands: Strategist) -> None:
    make_block(hands)
    node = hands.place_block("Distance", 100, 100)
    choose(hands, menu_of(hands, "Distance"), "Edit…")
    form = form_of(hands)
    assert not form.head["name"].isEnabled()
    retype(hands, form.parameters.rows[0].fields["default"], "30")
    hands.sees(form.changes_line.isVisible)
    assert form.changes_heading.text() == "Saving makes version 1.1.0"
    assert form.changes_line.text() == "The default of 'period' is 30 instead of 20."
    click(hands, form.save_button)
    hands.sees(lambda: any(it.rule == "newer-version" for it in hands.document.problems))
    assert hands.document.flow.nodes[node].template_version == "1.0.0"
    hands.sees(lambda: not hands.window.blocks.forms)
    come_back(hands)
    hands.click_block(node)
    hands.press("P", hands.canvas)
    popup = hands.canvas.badge_popup
    hands.sees(popup.isVisible)
    button = next(it for it in popup.findChildren(QPushButton) if it.text() == "Take version 1.1.0")
    click(hands, button)
    hands.sees(lambda: hands.document.flow.nodes[node].template_version == "1.1.0")
    hands.press("Ctrl+Z")
    hands.sees(lambda: hands.document.flow.nodes[node].template_version == "1.0.0")


def test_a_group_is_saved_as_a_block(hands: Strategist) -> None:
    hands.window.commands.open_example("moving_average_crossover")
    hands.sees(lambda: hands.document.is_coded)
    averages = frozenset(id for id in hands.document.flow.nodes if "average" in id)
    hands.window.commands.select_blocks(averages)
    hands.window.actions_by_id["group"].trigger()
    hands.sees(lambda: bool(hands.document.flow.groups))
    (group,) = (id for id, node in hands.document.flow.nodes.items() if node.template.startswith("group:"))
    hands.click_block(group)
    hands.window.actions_by_id["save_block"].trigger()
    form = form_of(hands)
    retype(hands, form.head["display_name"], "Two averages")
    hands.sees(form.save_button.isEnabled)
    assert not form.inputs.add_button.isVisible()
    name = form.draft.name
    click(hands, form.save_button)
    hands.sees(lambda: name in hands.session.catalogue.templates)
    assert hands.session.catalogue.templates[name].body


def test_a_block_is_shared_deleted_and_brought_back_from_the_palettes_menu(hands: Strategist) -> None:
    make_block(hands)
    choose(hands, menu_of(hands, "Distance"), "Share")
    hands.sees(lambda: "distance" in hands.session.catalogue.shared_by)
    assert mark(hands, "distance") == "yours, shared"
    node = hands.place_block("Distance", 100, 100)
    choose(hands, menu_of(hands, "Distance"), "Delete")
    hands.sees(lambda: "was not deleted" in message(hands))
    assert hands.document.name in message(hands)
    choose(hands, menu_of(hands, "Distance"), "Where used…")
    hands.sees(lambda: message(hands).startswith("'Distance' is used in:"))
    come_back(hands)
    hands.click_block(node)
    hands.press("Del", hands.canvas)
    hands.sees(lambda: not hands.document.flow.nodes)
    choose(hands, menu_of(hands, "Distance"), "Delete")
    hands.sees(lambda: "distance" not in hands.session.catalogue.templates)
    hands.click_button("Undo", hands.window.centre.messages)
    hands.sees(lambda: "distance" in hands.session.catalogue.templates)


def test_save_as_new_makes_a_second_block_and_leaves_the_first(hands: Strategist) -> None:
    make_block(hands)
    choose(hands, menu_of(hands, "Distance"), "Edit…")
    form = form_of(hands)
    hands.sees(form.save_button.isEnabled)
    click(hands, form.copy_button)
    hands.sees(lambda: form.head["display_name"].hasFocus())
    hands.sees(form.save_button.isEnabled)
    click(hands, form.save_button)
    hands.sees(lambda: "distance_copy" in hands.session.catalogue.templates)
    assert hands.session.catalogue.templates["distance"].version == "1.0.0"


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_no_word_of_the_form_is_cut_off(hands: Strategist, scheme: str) -> None:
    hands.window.actions_by_id[f"theme_{scheme}"].trigger()
    make_block(hands)
    choose(hands, menu_of(hands, "Distance"), "Edit…")
    form = form_of(hands)
    form.resize(form.minimumSize())
    hands.sees(form.save_button.isEnabled)
    assert not cut_texts(form)


def test_the_form_is_left_and_walked_by_keys(hands: Strategist) -> None:
    hands.press("Ctrl+K")
    hands.sees(lambda: hands.window.command_palette.isVisible())
    hands.qtbot.keyClicks(QApplication.focusWidget(), "New block")
    hands.qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)
    form = form_of(hands)
    hands.sees(lambda: form.head["display_name"].hasFocus())
    seen = []
    for _ in range(5):
        field = QApplication.focusWidget()
        assert field is not None
        seen.append(field.accessibleName())
        hands.qtbot.keyClick(field, Qt.Key.Key_Tab)
    assert seen == ["Display name", "Name", "Type of the block", "Category", "Description"]
    assert form.inputs.add_button.hasFocus()
    QTest.keyClick(form, Qt.Key.Key_Escape)
    hands.sees(lambda: not hands.window.blocks.forms)
