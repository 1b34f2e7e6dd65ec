"""The inspector as the strategist uses it: by mouse and keys, with an owner that answers each wish."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QWidget
from pytestqt.qtbot import QtBot

from builder_app.flow.edits import Annotate, Batch, Mute, Rename, SetParameter, SetStrategyParameter
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.values import ParameterReference
from builder_app.ui.inspector.editors import CheckEditor, ChoiceEditor, ExpressionEditor, NumberEditor, TextEditor
from builder_app.ui.inspector.number_fields import MIXED
from builder_app.ui.inspector.parameter_row import ParameterRow
from builder_app.ui.theme import load_theme
from tests.ui.inspector.owner import Owner
from tests.ui.inspector.samples import CATALOGUE, RESOURCES


def row(owner: Owner, name: str) -> ParameterRow:
    return owner.view.block_page.rows[name]


def number(owner: Owner, name: str = "period") -> NumberEditor:
    editor = row(owner, name).editor
    assert isinstance(editor, NumberEditor)
    return editor


def words(widget: QWidget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def click(qtbot: QtBot, widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def retype(qtbot: QtBot, widget: QWidget, text: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(widget, text)
    QTest.keyClick(widget, end)


# -- one block --------------------------------------------------------------------------------------------------------


def test_a_block_is_named_with_its_kind_and_what_it_does(owner: Owner) -> None:
    owner.select("fast")
    assert owner.view.block_page.head.label_line.text() == "Fast average"
    assert "Indicator · Simple moving average" in words(owner.view.block_page)
    assert "The mean of the last bars." in words(owner.view.block_page)


def test_each_kind_of_parameter_has_its_control_with_help(owner: Owner) -> None:
    owner.select("kinds")
    kinds = {name: type(shown.editor) for name, shown in owner.view.block_page.rows.items()}
    assert kinds == {
        "factor": NumberEditor,
        "open_number": NumberEditor,
        "strict": CheckEditor,
        "tag": TextEditor,
        "expression": ExpressionEditor,
    }
    assert number(owner, "factor").slider is not None
    assert number(owner, "open_number").slider is None
    owner.select("fast")
    assert number(owner).field.text() == "10 bars"
    assert number(owner).field.toolTip() == "How many bars are averaged."


def test_a_typed_number_becomes_an_edit(owner: Owner, qtbot: QtBot) -> None:
    owner.select("fast")
    retype(qtbot, number(owner).field, "25")
    assert owner.asked == [SetParameter("fast", "period", 25), "|"]
    slider = number(owner).slider
    assert slider is not None
    assert slider.value() == 24


def test_a_drag_is_live_and_ends_once_with_the_same_widget(owner: Owner, qtbot: QtBot) -> None:
    owner.select("fast")
    slider = number(owner).slider
    assert slider is not None
    start = QPoint(slider.width() // 2, slider.height() // 2)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    for way in (20, 40, 60):
        QTest.mouseMove(slider, start + QPoint(way, 0))
        assert number(owner).slider is slider
        assert slider.isSliderDown()
    assert len(owner.edits) == 4
    assert "|" not in owner.asked
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(60, 0))
    assert owner.asked[-1] == "|"
    assert owner.asked.count("|") == 1
    last = owner.edits[-1]
    assert isinstance(last, SetParameter)
    assert number(owner).field.text() == f"{last.value} bars"
    assert owner.flow.nodes["fast"].parameters["period"] == last.value


def test_a_choice_a_check_and_a_text_become_edits(owner: Owner, qtbot: QtBot) -> None:
    owner.select("fast")
    choice = row(owner, "source").editor
    assert isinstance(choice, ChoiceEditor)
    choice.combo.setFocus()
    QTest.keyClick(choice.combo, Qt.Key.Key_Down)
    owner.select("kinds")
    check, text = row(owner, "strict").editor, row(owner, "tag").editor
    assert isinstance(check, CheckEditor)
    assert isinstance(text, TextEditor)
    QTest.mouseClick(check.check, Qt.MouseButton.LeftButton, pos=QPoint(6, check.check.height() // 2))
    retype(qtbot, text.line, "core")
    assert owner.edits == [
        SetParameter("fast", "source", "open"),
        SetParameter("kinds", "strict", True),
        SetParameter("kinds", "tag", "core"),
    ]


def test_a_formula_is_edited_over_the_whole_width_without_losing_the_cursor(owner: Owner, qtbot: QtBot) -> None:
    owner.select("kinds")
    editor = row(owner, "expression").editor
    assert isinstance(editor, ExpressionEditor)
    box = editor.box
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_End)
    QTest.keyClicks(box, " * 2")
    qtbot.waitUntil(lambda: owner.edits == [SetParameter("kinds", "expression", "a + b * 2")], timeout=3000)
    assert (box.hasFocus(), box.textCursor().position()) == (True, 9)
    assert box.width() > row(owner, "expression").width() - 4


def test_the_default_is_marked_and_a_button_goes_back_to_it(owner: Owner, qtbot: QtBot) -> None:
    owner.select("fast")
    assert row(owner, "period").reset.isVisible()
    assert not row(owner, "source").reset.isVisible()
    click(qtbot, row(owner, "period").reset)
    assert owner.asked == [SetParameter("fast", "period", is_set=False), "|"]
    assert number(owner).field.text() == "20 bars"
    assert not row(owner, "period").reset.isVisible()


def test_label_note_and_mute_become_edits(owner: Owner, qtbot: QtBot) -> None:
    owner.select("fast")
    page = owner.view.block_page
    retype(qtbot, page.head.label_line, "Quick")
    page.note.setFocus()
    QTest.keyClicks(page.note, "why")
    QTest.keyClick(page.note, Qt.Key.Key_Tab)
    QTest.mouseClick(page.muted, Qt.MouseButton.LeftButton, pos=QPoint(6, page.muted.height() // 2))
    assert owner.edits == [Rename("fast", "Quick"), Annotate("fast", "why"), Mute("fast", True)]
    assert page.muted.isChecked()


def test_the_problems_of_the_block_are_shown_with_their_fix(owner: Owner, qtbot: QtBot) -> None:
    fix = Mute("fast", True)
    owner.problems = (
        Problem(
            Severity.WARNING, "dead", "'Fast' is used by nothing.", "fast", hint="Wire it.", fix=fix, fix_title="Mute"
        ),
        Problem(Severity.ERROR, "other", "Something else.", "slow"),
    )
    owner.select("fast")
    (shown,) = owner.view.block_page.problem_rows
    assert shown.accessibleName() == "Warning. 'Fast' is used by nothing. Wire it."
    with qtbot.waitSignal(owner.view.fix_requested) as asked:
        click(qtbot, shown.fix_button)
    assert asked.args == [fix]
    owner.problems = ()
    owner.show()
    assert owner.view.block_page.problem_rows == []


def test_a_block_that_nobody_knows_says_so_and_shows_what_is_kept(owner: Owner) -> None:
    owner.select("lost")
    assert "does not know the block 'gone'. It is kept as it is, with x = 1." in words(owner.view)


# -- several blocks ---------------------------------------------------------------------------------------------------


def test_several_blocks_of_one_kind_are_edited_together(owner: Owner, qtbot: QtBot) -> None:
    owner.select("fast", "slow")
    assert "2 blocks" in words(owner.view)
    assert number(owner).field.text() == MIXED
    retype(qtbot, number(owner).field, "10")
    (edit,) = owner.edits
    assert isinstance(edit, Batch)
    assert edit.edits == (SetParameter("fast", "period", 10), SetParameter("slow", "period", 10))
    assert number(owner).field.text() == "10 bars"


def test_half_muted_blocks_show_neither_and_one_click_mutes_all(owner: Owner, qtbot: QtBot) -> None:
    owner.edit(Mute("fast", True))
    owner.asked.clear()
    owner.select("fast", "slow")
    muted = owner.view.block_page.muted
    assert muted.checkState() is Qt.CheckState.PartiallyChecked
    QTest.mouseClick(muted, Qt.MouseButton.LeftButton, pos=QPoint(6, muted.height() // 2))
    assert all(owner.flow.nodes[id].muted for id in ("fast", "slow"))
    assert muted.checkState() is Qt.CheckState.Checked


def test_blocks_of_several_kinds_have_no_common_parameters(owner: Owner) -> None:
    owner.select("fast", "kinds")
    assert owner.view.block_page.rows == {}
    assert "several kinds" in words(owner.view)


# -- strategy parameters of blocks ------------------------------------------------------------------------------------


def test_a_parameter_is_bound_by_its_menu_and_unbound_by_its_button(owner: Owner, qtbot: QtBot) -> None:
    owner.select("fast")
    menu = row(owner, "period").menu()
    choose = menu.actions()[0].menu()
    assert isinstance(choose, QMenu)
    menu.popup(owner.view.mapToGlobal(QPoint(0, 0)))
    action = next(action for action in choose.actions() if action.text().startswith("slow_period"))
    choose.popup(owner.view.mapToGlobal(QPoint(20, 20)))
    choose.setActiveAction(action)
    QTest.keyClick(choose, Qt.Key.Key_Return)
    menu.close()
    assert owner.edits == [SetParameter("fast", "period", ParameterReference("slow_period"))]
    chip = row(owner, "period").chip
    assert (chip.isVisible(), chip.text()) == (True, "slow_period")
    assert not number(owner).field.isVisible()
    click(qtbot, row(owner, "period").reset)
    assert owner.edits[-1] == SetParameter("fast", "period", 30)
    assert number(owner).field.isVisible()


def test_a_new_strategy_parameter_takes_value_and_bounds_of_the_block(owner: Owner) -> None:
    owner.select("fast")
    menu = row(owner, "period").menu()
    choose = menu.actions()[0].menu()
    assert isinstance(choose, QMenu)
    next(action for action in choose.actions() if action.text() == "New strategy parameter").trigger()
    made = owner.flow.parameters["period"]
    assert (made.value, made.minimum, made.maximum, made.step) == (10, 1.0, 200.0, 1.0)
    assert owner.flow.nodes["fast"].parameters["period"] == ParameterReference("period")
    assert row(owner, "period").chip.text() == "period"


def test_a_chip_says_what_its_strategy_parameter_is_now(owner: Owner) -> None:
    owner.select("bound")
    assert "which is 30 now" in row(owner, "period").chip.toolTip()
    owner.edit(SetStrategyParameter("slow_period", None))
    assert "There is no strategy parameter 'slow_period'" in row(owner, "period").chip.toolTip()


# -- not under the strategist's hands ---------------------------------------------------------------------------------


def test_typing_survives_problems_and_edits_elsewhere(owner: Owner, qtbot: QtBot) -> None:
    owner.select("fast")
    field = number(owner).field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "4")
    owner.problems = (Problem(Severity.ERROR, "e", "Something.", "fast"),)
    owner.edit(Mute("slow", True))
    assert number(owner).field is field
    assert field.hasFocus()
    QTest.keyClicks(field, "2")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert owner.edits[-1] == SetParameter("fast", "period", 42)


def test_what_was_typed_goes_to_the_block_it_was_typed_for(owner: Owner, qtbot: QtBot) -> None:
    owner.select("fast")
    field = number(owner).field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "42")
    owner.select("slow")
    assert owner.edits == [SetParameter("fast", "period", 42)]
    assert owner.flow.nodes["slow"].parameters["period"] == 30
    assert number(owner).field.text() == "30 bars"


def test_what_was_typed_for_a_block_that_is_gone_is_dropped(owner: Owner, qtbot: QtBot) -> None:
    owner.select("fast")
    field = number(owner).field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "42")
    kept = {id: node for id, node in owner.flow.nodes.items() if id != "fast"}
    owner.flow = type(owner.flow)(nodes=kept, name="Crossover")
    owner.select("slow")
    assert owner.edits == []
    assert number(owner).field.text() == "30 bars"


def test_blocks_of_one_kind_share_the_controls(owner: Owner) -> None:
    owner.select("fast")
    before = row(owner, "period")
    owner.select("slow")
    assert row(owner, "period") is before
    assert number(owner).field.text() == "30 bars"


def test_another_scheme_keeps_what_is_shown(owner: Owner) -> None:
    owner.select("fast")
    owner.view.set_theme(load_theme(RESOURCES / "themes", "light"))
    assert number(owner).field.text() == "10 bars"


def test_an_edit_said_on_leaving_is_not_overwritten_by_the_flow_of_before(owner: Owner, qtbot: QtBot) -> None:
    owner.select("fast")
    field = number(owner).field
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "30")
    owner.select("fast", "slow")
    assert number(owner).field.text() == "30 bars"


def test_a_held_slider_is_not_pulled_back_by_a_late_answer(owner: Owner, qtbot: QtBot) -> None:
    owner.select("fast")
    late = owner.flow
    slider = number(owner).slider
    assert slider is not None
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())
    held = slider.value()
    owner.view.show_selection(late, CATALOGUE, owner.selected, ())
    assert slider.value() == held
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=slider.rect().center())


def test_nothing_is_cut_off_at_the_smallest_width(owner: Owner, qtbot: QtBot) -> None:
    for ids in ((), ("fast",), ("kinds",), ("bound",), ("fast", "slow"), ("lost",)):
        owner.select(*ids)
        owner.view.setFixedWidth(owner.view.minimumSizeHint().width())
        qtbot.wait(20)
        content = owner.view.widget()
        assert content is not None
        assert content.width() <= owner.view.viewport().width()
        assert owner.view.width() <= 312


def test_looking_at_a_bound_parameter_and_leaving_changes_nothing(owner: Owner, qtbot: QtBot) -> None:
    for chosen in (["bound"], ["fast"], ["bound"], []):
        owner.select(*chosen)
    assert owner.edits == []
    assert owner.flow.nodes["bound"].parameters["period"] == ParameterReference("slow_period")
