"""The text of a program on the screen."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from builder_app.ui.code.editor import MARK_MILLISECONDS, ProgramText
from builder_app.ui.theme import load_theme

THEME = load_theme(Path(__file__).parents[3] / "resources" / "themes", "dark")
LINES = st.lists(
    st.sampled_from(["a = 1", "", "def f():", '    """x', 'y"""', "    return 2"]), min_size=1, max_size=10
)


@pytest.fixture
def text(qtbot: QtBot) -> ProgramText:
    view = ProgramText(THEME)
    qtbot.addWidget(view)
    view.resize(500, 200)
    view.show()
    return view


def colours(view: ProgramText) -> list[list[tuple[int, int, str]]]:
    """What is really coloured, line by line."""
    found = []
    block = view.document().begin()
    while block.isValid():
        formats = block.layout().formats()
        found.append([(form.start, form.length, form.format.foreground().color().name()) for form in formats])
        block = block.next()
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(LINES, min_size=2, max_size=4))
def test_exchanged_lines_give_the_same_text_and_colours_as_a_fresh_view(
    text: ProgramText, versions: list[list[str]]
) -> None:
    for lines in versions:
        text.show_source("\n".join(lines))
        assert text.toPlainText() == "\n".join(lines)
        fresh = ProgramText(THEME)
        fresh.show_source("\n".join(lines))
        assert colours(text) == colours(fresh)
        fresh.deleteLater()


def test_the_place_stays_when_a_line_in_view_changes(text: ProgramText) -> None:
    lines = [f"x{number} = {number}" for number in range(100)]
    text.show_source("\n".join(lines))
    text.verticalScrollBar().setValue(40)
    lines[42] = "y = 0"
    text.show_source("\n".join(lines))
    assert text.verticalScrollBar().value() == 40


def test_what_is_in_view_stays_when_lines_above_come_and_go(text: ProgramText) -> None:
    lines = [f"x{number} = {number}" for number in range(100)]
    text.show_source("\n".join(lines))
    text.verticalScrollBar().setValue(40)
    text.show_source("\n".join(["new = 1", "newer = 2", *lines]))
    assert text.firstVisibleBlock().text() == "x40 = 40"
    text.show_source("\n".join(lines))
    assert text.firstVisibleBlock().text() == "x40 = 40"


def test_changed_lines_are_marked_for_a_while(text: ProgramText, qtbot: QtBot) -> None:
    text.show_source("a = 1\nb = 2\nc = 3")
    assert text.marked_lines == frozenset()
    text.show_source("a = 1\nb = 9\nc = 3")
    assert text.marked_lines == {2}
    qtbot.waitUntil(lambda: not text.marked_lines, timeout=MARK_MILLISECONDS * 3)


def test_a_click_on_a_line_names_it(text: ProgramText, qtbot: QtBot) -> None:
    text.show_source("a = 1\nb = 2\nc = 3")
    block = text.document().findBlockByNumber(1)
    place = text.blockBoundingGeometry(block).translated(text.contentOffset()).center().toPoint()
    place.setX(20)
    with qtbot.waitSignal(text.line_clicked) as clicked:
        QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert clicked.args == [2]


def test_selecting_text_is_no_click(text: ProgramText, qtbot: QtBot) -> None:
    text.show_source("alpha = 1")
    with qtbot.assertNotEmitted(text.line_clicked):
        QTest.mouseDClick(text.viewport(), Qt.MouseButton.LeftButton, pos=text.cursorRect().center())


def test_return_names_the_line_of_the_cursor(text: ProgramText, qtbot: QtBot) -> None:
    text.show_source("a = 1\nb = 2")
    text.show_line(2)
    with qtbot.waitSignal(text.line_clicked) as clicked:
        QTest.keyClick(text, Qt.Key.Key_Return)
    assert clicked.args == [2]


def test_a_lit_line_out_of_view_is_brought_into_view(text: ProgramText) -> None:
    text.show_source("\n".join(f"x{number} = {number}" for number in range(200)))
    text.light_lines(frozenset({150}))
    first = text.firstVisibleBlock().blockNumber()
    assert first < 150 < first + 20


def test_a_lit_line_is_painted_and_so_is_its_number(text: ProgramText, qtbot: QtBot) -> None:
    text.show_source("a = 1\nb = 2\nc = 3")
    text.light_lines(frozenset({2}))
    qtbot.waitExposed(text)
    picture = text.grab().toImage()
    accent = QColor(THEME.colors["accent"]).name()
    band = [y for y in range(picture.height()) if any(picture.pixelColor(x, y).name() == accent for x in range(4))]
    height = text.blockBoundingRect(text.document().begin()).height()
    assert len(band) == pytest.approx(height, abs=2)
    assert min(band) == pytest.approx(height, abs=8)


def test_of_thousands_of_lit_lines_each_one_in_view_has_its_ground(text: ProgramText, qtbot: QtBot) -> None:
    text.show_source("\n".join(f"x{number} = {number}" for number in range(3000)))
    qtbot.waitExposed(text)
    text.verticalScrollBar().setValue(1000)
    dark = ground(text, 3)
    text.light_lines(frozenset(range(1, 3001, 2)))
    assert text.verticalScrollBar().value() == 1000  # some of them are in view already
    assert [ground(text, row) == dark for row in range(6)] == [False, True, False, True, False, True]
    text.light_lines(frozenset())
    assert all(ground(text, row) == dark for row in range(6))


def ground(view: ProgramText, row: int) -> str:
    """The colour of the ground of the row that is so far down in the view, at its right end."""
    height = view.blockBoundingRect(view.document().begin()).height()
    picture = view.viewport().grab().toImage()
    return picture.pixelColor(picture.width() - 8, round((row + 0.5) * height)).name()


def test_changes_far_apart_keep_what_is_in_view(text: ProgramText) -> None:
    lines = [f"x{number} = {number}" for number in range(100)]
    text.show_source("\n".join(lines))
    text.verticalScrollBar().setValue(40)
    text.show_source("\n".join(["new = 1", *lines[:99], "z = 'last'", "more = 1"]))
    assert text.firstVisibleBlock().text() == "x40 = 40"
    assert text.marked_lines == {1, 101, 102}


def test_the_text_cannot_be_typed_into(text: ProgramText, qtbot: QtBot) -> None:
    text.show_source("a = 1")
    QTest.keyClicks(text, "zzz")
    assert text.toPlainText() == "a = 1"
