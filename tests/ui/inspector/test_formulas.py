"""Formulas in the inspector, written with real keys."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from builder_app.flow.edits import Batch, SetParameter, SetStrategyParameter, apply
from builder_app.flow.values import Formula, ParameterReference, ParameterValue, StrategyParameter, frozen_mapping
from builder_app.ui.inspector.editors import NumberEditor
from builder_app.ui.inspector.formula_answers import written_formula
from builder_app.ui.inspector.parameter_form import parameter_forms
from builder_app.ui.inspector.parameter_row import ParameterRow
from builder_app.ui.theme import load_theme
from tests.ui.inspector.owner import Owner
from tests.ui.inspector.samples import FLOW, KINDS, RESOURCES, SMA


def row(owner: Owner, name: str = "period") -> ParameterRow:
    return owner.view.block_page.rows[name]


def focused() -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def press(key: Qt.Key, *, shift: bool = False) -> None:
    modifier = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(focused(), key, modifier)


def write(text: str) -> None:
    QTest.keyClicks(focused(), text)


def begin(owner: Owner, *ids: str) -> ParameterRow:
    """Choose blocks and ask for a formula as keys do it."""
    owner.select(*ids)
    shown = row(owner)
    shown.editor.setFocus()
    write("=")
    return shown


def test_the_equals_key_begins_a_formula_and_return_takes_it_as_one_step(owner: Owner) -> None:
    shown = begin(owner, "fast")
    assert focused() is shown.formula.line
    assert shown.formula.line.selectedText() == "10", "The value stands ready to be written over."
    write("2*slow_period+1")
    assert shown.chip.text() == "61 bars", "It says what it comes to before it is taken."
    assert owner.edits == []
    press(Qt.Key.Key_Return)
    assert owner.asked == [SetParameter("fast", "period", Formula("2 * slow_period + 1")), "|"]
    assert (shown.formula.line.text(), shown.chip.text()) == ("2 * slow_period + 1", "61 bars")
    assert not shown.editor.isVisible()
    assert "formula 2 * slow_period + 1, 61 bars" in shown.chip.accessibleName()


def test_a_name_alone_is_bound_as_it_always_was(owner: Owner) -> None:
    shown = begin(owner, "fast")
    write("slow_period")
    press(Qt.Key.Key_Return)
    assert owner.edits == [SetParameter("fast", "period", ParameterReference("slow_period"))]
    assert (shown.chip.text(), shown.formula.isVisible()) == ("slow_period", False)


def test_a_number_alone_is_a_plain_value_again(owner: Owner) -> None:
    owner.edit(SetParameter("fast", "period", Formula("2 * slow_period")))
    owner.select("fast")
    shown = row(owner)
    shown.formula.start()
    write("17")
    press(Qt.Key.Key_Return)
    assert owner.edits[-1] == SetParameter("fast", "period", 17)
    assert shown.editor.isVisible()
    assert not shown.formula.isVisible()


def test_an_empty_line_gives_the_value_back_to_the_block(owner: Owner) -> None:
    owner.edit(SetParameter("fast", "period", Formula("2 * slow_period")))
    owner.select("fast")
    row(owner).formula.start()
    press(Qt.Key.Key_Delete)
    press(Qt.Key.Key_Return)
    assert owner.edits[-1] == SetParameter("fast", "period", 60)


def test_the_button_gives_the_value_back_to_the_block(owner: Owner) -> None:
    owner.edit(SetParameter("fast", "period", Formula("2 * slow_period")))
    owner.select("fast")
    row(owner).reset.setFocus()
    press(Qt.Key.Key_Space)
    assert owner.edits[-1] == SetParameter("fast", "period", 60)
    assert row(owner).editor.isVisible()


def test_escape_gives_up_what_was_written(owner: Owner) -> None:
    shown = begin(owner, "fast")
    write("2 * slow")
    press(Qt.Key.Key_Escape)  # the list of names
    press(Qt.Key.Key_Escape)
    assert owner.edits == []
    assert shown.editor.isVisible()
    assert isinstance(shown.editor, NumberEditor)
    assert shown.editor.field.hasFocus()
    owner.edit(SetParameter("fast", "period", Formula("2 * slow_period")))
    shown.formula.start()
    write("99 -")
    press(Qt.Key.Key_Escape)
    assert shown.formula.line.text() == "2 * slow_period"
    assert len(owner.edits) == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2 *", "Ends where a number or a strategy parameter should follow."),
        ("sqrt(slow_period)", "Uses sqrt(…), which a formula does not know."),
        ("500", "A whole number between 1 and 200 is needed; it comes to 500."),
    ],
)
def test_what_cannot_be_taken_is_said_under_the_line_and_stays_there(owner: Owner, text: str, sentence: str) -> None:
    shown = begin(owner, "fast")
    write(text)
    assert shown.formula.message.property("role") == "quiet", "It is being written still."
    assert shown.formula.line.property("invalid") == "false"
    press(Qt.Key.Key_Return)
    assert owner.edits == []
    assert shown.formula.message.isVisible()
    assert shown.formula.message.property("role") == "loss"
    assert shown.formula.message.text().startswith(sentence)
    assert shown.formula.line.text() == text
    assert shown.formula.line.property("invalid") == "true"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("slow_period * 20", "A whole number between 1 and 200 is needed; it comes to 600."),
        ("slow_period / 2", "Comes to 15 here, but not always to a whole number. Write round(slow_period / 2)."),
        ("slow_perod * 2", "Uses the strategy parameter 'slow_perod', which does not exist. Did you mean"),
        ("slow_period // (slow_period - 30)", "Divides by slow_period - 30, which is 0."),
    ],
)
def test_what_does_not_fit_now_is_taken_and_said(owner: Owner, text: str, sentence: str) -> None:
    shown = begin(owner, "fast")
    write(text)
    press(Qt.Key.Key_Return)
    assert owner.edits == [SetParameter("fast", "period", Formula(text))]
    assert shown.formula.message.text().startswith(sentence)


def test_names_are_completed_by_keys(owner: Owner, qtbot: QtBot) -> None:
    shown = begin(owner, "fast")
    write("2 * sl")
    assert shown.formula.line.offers.isVisible()
    assert not shown.formula.message.isVisible(), "Half a name is no mistake."
    QTest.keyClick(shown.formula.line, Qt.Key.Key_Tab)
    assert shown.formula.line.text() == "2 * slow_period"
    assert not shown.formula.line.offers.isVisible()
    write(" + ro")
    QTest.keyClick(shown.formula.line.offers, Qt.Key.Key_Down)
    QTest.keyClick(shown.formula.line.offers, Qt.Key.Key_Return)
    assert shown.formula.line.text() == "2 * slow_period + round("
    write("threshold)")
    press(Qt.Key.Key_Return)
    assert owner.edits == [SetParameter("fast", "period", Formula("2 * slow_period + round(threshold)"))]


def test_return_takes_what_is_written_where_a_list_is_only_offered(owner: Owner) -> None:
    owner.flow = replace(owner.flow, parameters=frozen_mapping({**owner.flow.parameters, "slow": StrategyParameter(7)}))
    begin(owner, "fast")
    write("2 * slow")
    press(Qt.Key.Key_Return)
    assert owner.edits == [SetParameter("fast", "period", Formula("2 * slow"))]


def test_tab_goes_on_where_nothing_is_offered(owner: Owner) -> None:
    shown = begin(owner, "fast")
    write("2 * 5")
    press(Qt.Key.Key_Tab)
    assert focused() is not shown.formula.line
    assert owner.edits == [SetParameter("fast", "period", Formula("2 * 5"))]


def test_several_blocks_take_one_formula_in_one_step(owner: Owner) -> None:
    shown = begin(owner, "fast", "slow")
    write("slow_period + 2")
    press(Qt.Key.Key_Return)
    (edit,) = owner.edits
    assert isinstance(edit, Batch)
    assert [owner.flow.nodes[id].parameters["period"] for id in ("fast", "slow")] == [Formula("slow_period + 2")] * 2
    assert shown.chip.text() == "32 bars"
    owner.edit(SetParameter("slow", "period", Formula("slow_period + 3")))
    assert not shown.formula.isVisible(), "They differ: there is no one formula to show."


def test_the_value_follows_the_strategy_parameter_while_it_is_dragged(owner: Owner) -> None:
    owner.edit(SetParameter("fast", "period", Formula("2 * slow_period + 1")))
    owner.select("fast")
    line, shown = row(owner).formula.line, []
    line.setFocus()
    line.setCursorPosition(3)
    for value in (31, 32, 150):
        owner.edit(SetStrategyParameter("slow_period", StrategyParameter(value)))
        shown.append(row(owner).chip.text())
    assert shown == ["63 bars", "65 bars", "301 bars"]
    assert row(owner).formula.message.text() == "A whole number between 1 and 200 is needed; it comes to 301."
    assert line.cursorPosition() == 3


def test_what_is_being_written_is_not_lost_to_an_edit_elsewhere(owner: Owner) -> None:
    shown = begin(owner, "fast")
    write("2 * slow_p")
    owner.edit(SetParameter("slow", "period", 31))
    assert shown.formula.line.text() == "2 * slow_p"
    owner.edit(SetStrategyParameter("slow_period", StrategyParameter(40)))
    write("eriod")
    assert shown.chip.text() == "80 bars"


def test_what_was_written_goes_to_the_block_it_was_written_for(owner: Owner) -> None:
    begin(owner, "fast")
    write("2 * slow_period")
    owner.select("slow")
    assert owner.edits == [SetParameter("fast", "period", Formula("2 * slow_period"))]
    assert not row(owner).formula.isVisible()


def test_what_could_not_be_taken_does_not_follow_to_the_next_block(owner: Owner) -> None:
    owner.edit(SetParameter("slow", "period", 10))
    shown = begin(owner, "fast")
    write("2 *")
    owner.select("slow")
    assert shown.editor.isVisible()
    assert not shown.formula.isVisible()
    for id in ("fast", "slow"):
        owner.edit(SetParameter(id, "period", Formula("2 * slow_period")))
    shown.formula.start()
    write("nothing +")
    owner.select("fast")
    assert shown.formula.line.text() == "2 * slow_period"
    assert len(owner.edits) == 3


def test_the_menu_begins_a_formula_for_numbers_only(owner: Owner) -> None:
    owner.select("bound")
    shown = row(owner)
    action = next(action for action in shown.menu().actions() if action.text().startswith("Write a formula"))
    action.trigger()
    assert shown.formula.line.selectedText() == "slow_period"
    assert not any(action.text().startswith("Write") for action in row(owner, "source").menu().actions())


def test_a_long_formula_is_seen_from_its_beginning(owner: Owner) -> None:
    shown = begin(owner, "fast")
    write("max(slow_period * 2, slow_period + 1) + max(slow_period, 2) + slow_period // 3")
    assert shown.formula.line.cursorPosition() > 40
    press(Qt.Key.Key_Return)
    owner.view.strategy_page.setFocus()
    row(owner, "source").editor.setFocus()
    assert shown.formula.line.cursorPosition() == 0


def test_looking_at_a_formula_and_leaving_changes_nothing(owner: Owner) -> None:
    owner.edit(SetParameter("fast", "period", Formula("2 * slow_period")))
    for chosen in (["fast"], ["slow"], ["fast"], []):
        owner.select(*chosen)
        if chosen == ["fast"]:
            row(owner).formula.start()
    assert len(owner.edits) == 1


def test_undoing_brings_the_plain_value_and_its_control_back(owner: Owner) -> None:
    before = owner.flow
    shown = begin(owner, "fast")
    write("2 * slow_period")
    press(Qt.Key.Key_Return)
    edit = owner.edits[-1]
    assert isinstance(edit, SetParameter)
    after, back = apply(before, edit)
    assert after == owner.flow
    owner.edit(back)
    assert owner.flow == before
    assert shown.editor.isVisible()


def test_nothing_of_a_formula_is_cut_off_at_the_smallest_width(owner: Owner, qtbot: QtBot) -> None:
    owner.edit(SetParameter("fast", "period", Formula("max(slow_period * 123, slow_period + slow_period * 2)")))
    owner.select("fast")
    owner.view.setFixedWidth(owner.view.minimumSizeHint().width())
    qtbot.wait(20)
    content = owner.view.widget()
    assert content is not None
    assert content.width() <= owner.view.viewport().width()
    message = row(owner).formula.message
    assert message.height() >= message.heightForWidth(message.width())
    owner.view.set_theme(load_theme(RESOURCES / "themes", "light"))
    assert row(owner).formula.mapTo(owner.view, QPoint(0, 0)).x() >= 0


STRATEGY: Mapping[str, StrategyParameter] = FLOW.parameters


@pytest.mark.parametrize(
    ("text", "value", "number"),
    [
        ("-3.5", -3.5, -3.5),
        ("12", 12, 12),
        ("threshold", ParameterReference("threshold"), 0.25),
        ("threshold*4", Formula("threshold * 4"), 1.0),
        ("threshold *", None, None),
        ("other", ParameterReference("other"), None),
    ],
)
def test_a_text_is_a_number_a_name_or_a_formula(text: str, value: ParameterValue, number: float | None) -> None:
    form = next(form for form in parameter_forms(KINDS) if form.name == "open_number")
    found = written_formula(text, form, STRATEGY)
    assert (found.value, found.number) == (value, number)
    assert bool(found.sentence) == (number is None)


def test_a_whole_parameter_takes_ten_point_nought_as_ten() -> None:
    found = written_formula("10.0", parameter_forms(SMA)[0], STRATEGY)
    assert (found.value, type(found.value)) == (10, int)
