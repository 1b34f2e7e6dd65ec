"""The strategy as a whole in the inspector."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from builder_app.flow.codec import loads
from builder_app.flow.edits import RenameStrategy, SetParameter, SetStrategyParameter, apply
from builder_app.flow.values import ParameterReference, StrategyParameter
from builder_app.ui.inspector.strategy_parameter_row import StrategyParameterRow
from builder_app.ui.inspector.strategy_parameter_values import misfit, read_number, value_text
from tests.codegen.flows import CATALOGUE
from tests.ui.inspector.owner import Owner


def row(owner: Owner, name: str) -> StrategyParameterRow:
    return owner.view.strategy_page.parameters.rows[name]


def retype(qtbot: QtBot, widget: QWidget, text: str, end: Qt.Key = Qt.Key.Key_Return) -> None:
    widget.setFocus()
    QTest.keyClick(widget, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(widget, text)
    QTest.keyClick(widget, end)


@pytest.fixture
def strategy(owner: Owner) -> Owner:
    owner.select()
    return owner


def test_the_name_is_shown_and_changed(strategy: Owner, qtbot: QtBot) -> None:
    assert strategy.view.strategy_page.name.text() == "Crossover"
    retype(qtbot, strategy.view.strategy_page.name, "Golden cross")
    assert strategy.asked == [RenameStrategy("Golden cross"), "|"]


def test_the_logic_is_told_only_where_there_is_some(strategy: Owner) -> None:
    page = strategy.view.strategy_page
    assert not page.summary.isVisible()
    examples = Path(__file__).parents[3] / "resources" / "examples"
    crossover = loads((examples / "moving_average_crossover.flow.json").read_text(encoding="utf-8"))
    strategy.view.show_selection(crossover, CATALOGUE, frozenset(), ())
    assert page.summary.isVisible()
    assert page.summary.text().startswith("Buy when the 10-bar average of the close crosses above the 30-bar average")


def test_a_chosen_block_is_told_and_follows_its_parameter(owner: Owner) -> None:
    examples = Path(__file__).parents[3] / "resources" / "examples"
    crossover = loads((examples / "moving_average_crossover.flow.json").read_text(encoding="utf-8"))
    head = owner.view.block_page.head
    owner.view.show_selection(crossover, CATALOGUE, frozenset({"stop"}), ())
    assert (head.sentence.isVisible(), head.sentence.text()) == (
        True,
        "The position is left at a stop 5 % from the entry price.",
    )
    wider, _ = apply(crossover, SetParameter("stop", "percent", 7.5))
    owner.view.show_selection(wider, CATALOGUE, frozenset({"stop"}), ())
    assert "a stop 7.5 % from" in head.sentence.text()
    owner.view.show_selection(wider, CATALOGUE, frozenset({"stop", "enter"}), ())
    assert not head.sentence.isVisible()


def test_parameters_are_rows_with_value_bounds_and_step(strategy: Owner) -> None:
    shown = row(strategy, "slow_period")
    assert (shown.name.text(), shown.value.text()) == ("slow_period", "30")
    assert [line.text() for line in shown.bounds.values()] == ["5", "200", "1"]
    assert shown.slider.isVisible()
    assert [line.text() for line in row(strategy, "threshold").bounds.values()] == ["", "", "0.05"]
    assert not row(strategy, "threshold").slider.isVisible()


def test_every_field_says_of_which_strategy_parameter_it_is(strategy: Owner) -> None:
    rows = strategy.view.strategy_page.parameters.rows
    said = [
        field.accessibleName() for row in rows.values() for field in (*row._lines(), row.lock, row.remove, row.slider)
    ]
    assert len(said) == len(set(said)) == 8 * len(rows)
    assert all(any(name in words for name in rows) for words in said)


def test_a_typed_value_keeps_its_kind(strategy: Owner, qtbot: QtBot) -> None:
    retype(qtbot, row(strategy, "slow_period").value, "50")
    retype(qtbot, row(strategy, "threshold").value, "1")
    whole, other = (strategy.flow.parameters[name].value for name in ("slow_period", "threshold"))
    assert (whole, type(whole), other, type(other)) == (50, int, 1.0, float)


def test_dragging_a_strategy_parameter_is_live_and_ends_once(strategy: Owner, qtbot: QtBot) -> None:
    slider = row(strategy, "slow_period").slider
    start = QPoint(slider.width() // 2, slider.height() // 2)
    QTest.mousePress(slider, Qt.MouseButton.LeftButton, pos=start)
    for way in (4, 8, 12):
        QTest.mouseMove(slider, start + QPoint(way, 0))
    assert "|" not in strategy.asked
    QTest.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=start + QPoint(12, 0))
    assert strategy.asked.count("|") == 1
    assert len(strategy.edits) == 4
    assert row(strategy, "slow_period").slider is slider
    value = strategy.flow.parameters["slow_period"].value
    assert isinstance(value, int)
    assert row(strategy, "slow_period").value.text() == str(value)


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("value", "many", "'many' is not a number."),
        ("value", "500", "The value 500 is above the maximum 200."),
        ("minimum", "300", "The minimum 300 must be below the maximum 200."),
        ("maximum", "20", "The value 30 is above the maximum 20."),
        ("step", "0", "The step must be above 0."),
        ("name", "threshold", "There is a strategy parameter 'threshold' already; choose another name."),
        ("name", " ", "A strategy parameter needs a name."),
    ],
)
def test_what_does_not_fit_is_said_and_not_asked_for(
    strategy: Owner, qtbot: QtBot, field: str, text: str, sentence: str
) -> None:
    shown = row(strategy, "slow_period")
    line = {"value": shown.value, "name": shown.name, **shown.bounds}[field]
    retype(qtbot, line, text)
    assert strategy.edits == []
    assert (shown.message.isVisible(), shown.message.text()) == (True, sentence)
    assert line.property("invalid") == "true"


def test_a_bound_can_be_taken_away(strategy: Owner, qtbot: QtBot) -> None:
    line = row(strategy, "slow_period").bounds["maximum"]
    line.setFocus()
    line.selectAll()
    QTest.keyClick(line, Qt.Key.Key_Delete)
    QTest.keyClick(line, Qt.Key.Key_Return)
    assert strategy.edits == [SetStrategyParameter("slow_period", StrategyParameter(30, 5.0, None, 1.0))]
    assert not row(strategy, "slow_period").slider.isVisible()


def test_renaming_goes_to_the_blocks_too(strategy: Owner, qtbot: QtBot) -> None:
    retype(qtbot, row(strategy, "slow_period").name, "long_period")
    assert strategy.flow.nodes["bound"].parameters["period"] == ParameterReference("long_period")
    assert set(strategy.view.strategy_page.parameters.rows) == {"long_period", "threshold"}


def test_removing_leaves_the_value_in_the_blocks(strategy: Owner, qtbot: QtBot) -> None:
    QTest.mouseClick(row(strategy, "slow_period").remove, Qt.MouseButton.LeftButton)
    assert strategy.flow.nodes["bound"].parameters["period"] == 30
    assert set(strategy.view.strategy_page.parameters.rows) == {"threshold"}


def test_adding_makes_a_row_whose_name_is_ready_to_be_typed(strategy: Owner, qtbot: QtBot) -> None:
    QTest.mouseClick(strategy.view.strategy_page.parameters.add, Qt.MouseButton.LeftButton)
    name = row(strategy, "parameter").name
    assert name.hasFocus()
    QTest.keyClicks(name, "speed")
    QTest.keyClick(name, Qt.Key.Key_Return)
    assert "speed" in strategy.flow.parameters
    assert "parameter" not in strategy.flow.parameters


def test_a_sensitive_value_is_not_readable(strategy: Owner) -> None:
    strategy.edit(SetStrategyParameter("key", StrategyParameter("secret", sensitive=True)))
    assert "secret" not in row(strategy, "key").value.displayText()


def test_numbers_are_read_with_point_or_comma_and_nothing_else() -> None:
    assert [read_number(text) for text in ("1.5", "1,5", " 2 ", "−3", "1e3")] == [1.5, 1.5, 2.0, -3.0, 1000.0]
    assert [read_number(text) for text in ("", "x", "nan", "inf", "1.2.3")] == [None] * 5


def test_values_are_written_as_they_are_typed() -> None:
    assert [value_text(value) for value in (10, 0.25, 2.0, True, "x", None)] == ["10", "0.25", "2", "true", "x", ""]


def test_a_value_between_its_bounds_fits() -> None:
    assert misfit(StrategyParameter(10, 1.0, 100.0, 1.0)) == ""
    assert misfit(StrategyParameter(10)) == ""
    assert misfit(StrategyParameter(0.5, 1.0)) == "The value 0.5 is below the minimum 1."
