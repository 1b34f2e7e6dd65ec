"""The code panel."""

import hashlib
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from builder_app.session import CheckReport, Finding, Program
from builder_app.ui.code import CodeView
from builder_app.ui.theme import load_theme

THEME = load_theme(Path(__file__).parents[3] / "resources" / "themes", "light")
SOURCE = "import talib as ta\n\n\ndef signals(prices):\n    fast = ta.SMA(prices)\n    return {'a': fast}\n"
OWNERS = ((), (), (), (), ("fast",), ("fast", "enter"))


def program(source: str = SOURCE, remarks: tuple[str, ...] = ()) -> Program:
    digest = hashlib.sha256(source.encode()).hexdigest()
    return Program("standalone", source, digest, "f", OWNERS, ("talib",), remarks=remarks)


@pytest.fixture
def view(qtbot: QtBot) -> CodeView:
    view = CodeView(THEME)
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    return view


def reason(view: CodeView) -> str:
    page = view.widget(0)
    assert page is not None
    return " ".join(label.text() for label in page.findChildren(QLabel))


def button(view: CodeView, text: str) -> QPushButton:
    return next(button for button in view.findChildren(QPushButton) if button.text() == text)


def test_the_header_says_what_the_checks_found(view: CodeView) -> None:
    made = program()
    view.show_program(made, CheckReport(complexity_score=3, line_count=6))
    assert view.header.text == f"standalone VALID · 6 lines · complexity 3 · sha {made.sha256[:8]}"


def test_code_that_was_not_checked_is_not_called_valid(view: CodeView) -> None:
    view.show_program(program(), None)
    assert "VALID" not in view.header.text
    assert "NOT CHECKED YET" in view.header.text


def test_a_click_on_a_line_asks_for_its_blocks(view: CodeView, qtbot: QtBot) -> None:
    view.show_program(program(), None)
    view.text.show_line(6)
    with qtbot.waitSignal(view.nodes_requested) as asked:
        QTest.mouseClick(view.text.viewport(), Qt.MouseButton.LeftButton, pos=view.text.cursorRect().center())
    assert asked.args == [frozenset({"fast", "enter"})]


def test_a_line_of_no_block_asks_for_nothing(view: CodeView, qtbot: QtBot) -> None:
    view.show_program(program(), None)
    view.text.show_line(1)
    with qtbot.assertNotEmitted(view.nodes_requested):
        QTest.keyClick(view.text, Qt.Key.Key_Return)


def test_the_lines_of_chosen_blocks_are_lit_and_stay_lit_in_new_code(view: CodeView) -> None:
    view.show_program(program(), None)
    view.highlight_nodes(frozenset({"enter"}))
    assert view.text.lit_lines == {6}
    view.highlight_nodes(frozenset({"fast"}))
    assert view.text.lit_lines == {5, 6}
    view.show_program(program(SOURCE.replace("SMA", "EMA")), None)
    assert view.text.lit_lines == {5, 6}


def test_errors_take_the_place_of_the_code_and_give_it_back(view: CodeView, qtbot: QtBot) -> None:
    view.show_program(program(), None)
    view.show_problem_count(2)
    assert not view.text.isVisible()
    assert "The code appears when the 2 problems are solved" in reason(view)
    with qtbot.waitSignal(view.problems_requested):
        QTest.mouseClick(button(view, "Show the problems"), Qt.MouseButton.LeftButton)
    view.show_problem_count(1)
    assert "when the problem is solved" in reason(view)
    view.show_problem_count(0)
    assert view.text.isVisible()


def test_no_program_and_no_errors_is_an_empty_state_without_a_button(view: CodeView) -> None:
    view.show_program(None, None)
    assert not view.text.isVisible()
    assert not button(view, "Show the problems").isVisible()


def test_findings_are_listed_worst_first_and_jump_to_their_line(view: CodeView, qtbot: QtBot) -> None:
    report = CheckReport(
        lint_warnings=(Finding(5, "Line too long."),),
        security_warnings=(Finding(1, "The name 'eval' may not be used."),),
        forbidden_imports=("os",),
        runtime_error="The dry run divided by zero.",
    )
    view.show_program(program(remarks=("The size is 10 %.",)), report)
    shown = [view.findings.item(row).text() for row in range(view.findings.count())]
    assert shown == [
        "Line 1 · Security: The name 'eval' may not be used.",
        "Security: The module 'os' may not be imported.",
        "Dry run: The dry run divided by zero.",
        "Line 5 · Style: Line too long.",
        "Note: The size is 10 %.",
    ]
    place = view.findings.visualItemRect(view.findings.item(3)).center()
    QTest.mouseClick(view.findings.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert view.text.textCursor().blockNumber() == 4


def test_copy_takes_the_whole_text_and_save_is_asked_for(view: CodeView, qtbot: QtBot) -> None:
    view.show_program(program(), None)
    QTest.mouseClick(button(view, "Copy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == SOURCE
    with qtbot.waitSignal(view.save_requested):
        QTest.mouseClick(button(view, "Save…"), Qt.MouseButton.LeftButton)


def test_the_same_program_shown_again_marks_nothing(view: CodeView) -> None:
    view.show_program(program(), None)
    view.show_program(program(), CheckReport())
    assert view.text.marked_lines == frozenset()


def test_another_scheme_recolours_the_text(view: CodeView) -> None:
    view.show_program(program(), None)
    dark = load_theme(Path(__file__).parents[3] / "resources" / "themes", "dark")
    view.set_theme(dark)
    formats = view.text.document().begin().layout().formats()
    assert {form.format.foreground().color().name() for form in formats} == {dark.color("code_keyword").name()}


def test_a_view_that_nobody_sees_writes_its_text_when_it_is_shown(qtbot: QtBot) -> None:
    hidden = CodeView(THEME)
    qtbot.addWidget(hidden)
    made = program()
    hidden.show_program(made, None)
    hidden.highlight_nodes(frozenset({"enter"}))
    assert hidden.program is made
    assert hidden._text.source == "", "nothing is written for nobody"
    hidden.show()
    assert hidden._text.source == SOURCE
    assert hidden._text.lit_lines == {6}


def test_whoever_asks_a_hidden_view_for_its_text_gets_the_newest(qtbot: QtBot) -> None:
    hidden = CodeView(THEME)
    qtbot.addWidget(hidden)
    hidden.show_program(program(), None)
    assert hidden.text.toPlainText() == SOURCE
