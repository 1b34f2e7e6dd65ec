"""The list of problems."""

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from builder_app.flow.edits import RemoveNodes
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import LogicFlow, Node, NodeType, frozen_mapping
from builder_app.ui.problems import ProblemsView
from builder_app.ui.problems.row import ProblemRow
from builder_app.ui.problems.view import ROWS_AT_ONCE, block_label
from builder_app.ui.theme import load_theme

THEME = load_theme(Path(__file__).parents[3] / "resources" / "themes", "dark")
CATALOGUE = Catalogue(
    frozen_mapping({"sma": NodeTemplate("sma", "Simple moving average", NodeType.INDICATOR, "Averages")})
)
FLOW = LogicFlow(
    nodes=frozen_mapping(
        {"a": Node("a", "sma", label="Fast"), "b": Node("b", "sma"), "c": Node("c", "gone"), "d": Node("d", "sma")}
    )
)
REMARK = Problem(Severity.REMARK, "warm_up", "The average needs 30 bars.", node="b")
WARNING = Problem(
    Severity.WARNING,
    "dead",
    "'Fast' is used by nothing.",
    node="a",
    hint="Wire it.",
    fix=RemoveNodes(frozenset({"a"})),
    fix_title="Remove it",
)
ERROR = Problem(Severity.ERROR, "no_entry", "The strategy never enters.", hint="Add an entry.")


@pytest.fixture
def view(qtbot: QtBot) -> ProblemsView:
    view = ProblemsView(THEME)
    qtbot.addWidget(view)
    view.resize(600, 300)
    view.show()
    return view


def show(view: ProblemsView, *problems: Problem) -> None:
    view.show_problems(problems, FLOW, CATALOGUE)


def words(view: ProblemsView) -> str:
    page = view.currentWidget()
    assert page is not None
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_errors_come_first_and_equal_ones_keep_their_order(view: ProblemsView) -> None:
    second = Problem(Severity.ERROR, "other", "Another error.")
    show(view, REMARK, ERROR, WARNING, second)
    assert [row.problem for row in view.rows] == [ERROR, second, WARNING, REMARK]


def test_a_severity_is_a_word_and_an_icon_of_its_own_shape(view: ProblemsView) -> None:
    show(view, ERROR, WARNING, REMARK)
    assert [row.accessibleName().split(".")[0] for row in view.rows] == ["Error", "Warning", "Remark"]
    shapes = set()
    for row in view.rows:
        icon = row.findChildren(QLabel)[0].pixmap().toImage()
        alpha = bytes(icon.pixelColor(x, y).alpha() > 100 for x in range(icon.width()) for y in range(icon.height()))
        assert any(alpha)
        shapes.add(alpha)
    assert len(shapes) == 3


def test_a_row_says_block_message_and_hint(view: ProblemsView) -> None:
    show(view, WARNING)
    assert view.rows[0].accessibleName() == "Warning. Fast: 'Fast' is used by nothing. Wire it."
    for part in ("Fast", "'Fast' is used by nothing.", "Wire it."):
        assert part in words(view)


def test_a_click_chooses_the_block(view: ProblemsView, qtbot: QtBot) -> None:
    show(view, REMARK)
    with qtbot.waitSignal(view.node_requested) as asked:
        QTest.mouseClick(view.rows[0], Qt.MouseButton.LeftButton)
    assert asked.args == ["b"]


def test_a_click_on_the_words_chooses_the_block_too(view: ProblemsView, qtbot: QtBot) -> None:
    show(view, REMARK)
    message = next(label for label in view.rows[0].findChildren(QLabel) if label.text() == REMARK.message)
    with qtbot.waitSignal(view.node_requested) as asked:
        QTest.mouseClick(message, Qt.MouseButton.LeftButton)
    assert asked.args == ["b"]


def test_a_problem_of_the_whole_strategy_chooses_nothing(view: ProblemsView, qtbot: QtBot) -> None:
    show(view, ERROR)
    with qtbot.assertNotEmitted(view.node_requested):
        QTest.mouseClick(view.rows[0], Qt.MouseButton.LeftButton)


def test_the_fix_button_asks_for_the_fix_and_chooses_nothing(view: ProblemsView, qtbot: QtBot) -> None:
    show(view, WARNING, ERROR)
    button = view.rows[1].fix_button
    assert (button.text(), view.rows[0].fix_button.isVisible()) == ("Remove it", False)
    with qtbot.assertNotEmitted(view.node_requested), qtbot.waitSignal(view.fix_requested) as asked:
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert asked.args == [WARNING.fix]


def test_arrows_go_through_the_rows_and_return_chooses_the_block(view: ProblemsView, qtbot: QtBot) -> None:
    show(view, ERROR, WARNING, REMARK)
    view.rows[0].setFocus()
    QTest.keyClick(view.rows[0], Qt.Key.Key_Down)
    QTest.keyClick(view.rows[1], Qt.Key.Key_Down)
    assert view.rows[2].hasFocus()
    with qtbot.waitSignal(view.node_requested) as asked:
        QTest.keyClick(view.rows[2], Qt.Key.Key_Return)
    assert asked.args == ["b"]


def test_nothing_wrong_says_no_problems(view: ProblemsView) -> None:
    show(view, ERROR)
    assert "No problems" not in words(view)
    show(view)
    assert "No problems" in words(view)


def test_rows_stay_the_same_widgets_when_shown_again(view: ProblemsView) -> None:
    show(view, ERROR, WARNING)
    before = view.rows
    show(view, ERROR, WARNING, REMARK)
    assert view.rows[:2] == before


def test_a_thousand_problems_are_shown_a_page_at_a_time(view: ProblemsView) -> None:
    show(view, *[Problem(Severity.ERROR, "r", f"Problem {number}.") for number in range(1000)])
    assert len(view.rows) == ROWS_AT_ONCE
    assert view.more.text() == f"Show more ({1000 - ROWS_AT_ONCE} left)"
    QTest.mouseClick(view.more, Qt.MouseButton.LeftButton)
    assert [row.problem.message for row in view.rows if row.problem] == [
        f"Problem {number}." for number in range(2 * ROWS_AT_ONCE)
    ]
    show(view, ERROR)
    assert not view.more.isVisible()


@pytest.mark.parametrize(
    ("node", "label"),
    [("a", "Fast"), ("b", "Simple moving average"), ("c", "gone"), ("not there", "not there"), (None, "")],
)
def test_a_block_is_called_by_label_template_or_id(node: str | None, label: str) -> None:
    assert block_label(node, FLOW, CATALOGUE) == label


def test_a_row_that_says_something_else_is_filled_anew(view: ProblemsView) -> None:
    show(view, ERROR, WARNING)
    show(view, ERROR, REMARK)
    assert [row.accessibleName() for row in view.rows] == [
        "Error. The strategy never enters. Add an entry.",
        "Remark. Simple moving average: The average needs 30 bars.",
    ]


def test_a_list_that_nobody_sees_writes_its_rows_when_it_is_shown(qtbot: QtBot) -> None:
    view = ProblemsView(THEME)
    qtbot.addWidget(view)
    show(view, ERROR, WARNING)
    assert view.findChildren(ProblemRow) == []
    view.show()
    assert [row.problem for row in view.findChildren(ProblemRow)] == [ERROR, WARNING]


def test_rows_that_go_come_back_for_other_problems_in_their_order(view: ProblemsView) -> None:
    show(view, ERROR, WARNING, REMARK)
    made = list(view.rows)
    show(view)
    assert not view.rows
    assert not any(row.isVisible() for row in made)
    show(view, WARNING, REMARK, ERROR)
    assert list(view.rows) == made
    assert [row.problem for row in view.rows] == [ERROR, WARNING, REMARK]
    QTest.qWait(0)
    tops = [row.mapTo(view, QPoint(0, 0)).y() for row in view.rows]
    assert tops == sorted(set(tops))
    assert all(row.isVisible() for row in view.rows)
