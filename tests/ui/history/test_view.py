"""The history as a list."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from builder_app.ui.history import HistoryView
from builder_app.ui.theme import load_theme

THEME = load_theme(Path(__file__).parents[3] / "resources" / "themes", "dark")
HISTORIES = st.lists(st.sampled_from(["Add", "Move", "Set period"]), max_size=6).flatmap(
    lambda titles: st.tuples(st.just(titles), st.integers(0, len(titles)))
)


@pytest.fixture
def view(qtbot: QtBot) -> HistoryView:
    view = HistoryView(THEME)
    qtbot.addWidget(view)
    view.resize(240, 200)
    view.show()
    return view


def looks(view: HistoryView) -> list[tuple[str, bool, str, bool]]:
    """Text, bold, colour, and whether the mark is there, line by line."""
    lines = []
    for row in range(view.count()):
        item = view.item(row)
        icon = item.icon().pixmap(16, 16).toImage()
        marked = any(icon.pixelColor(x, y).alpha() for x in range(icon.width()) for y in range(icon.height()))
        lines.append((item.text(), item.font().bold(), item.foreground().color().name(), marked))
    return lines


def test_the_place_is_marked_and_undone_steps_are_quiet(view: HistoryView) -> None:
    view.show_history(["Add", "Move", "Rename"], 2)
    text, quiet = THEME.color("text").name(), THEME.color("quiet_text").name()
    bold = [line[1] for line in looks(view)]
    assert [(line[0], line[2], line[3]) for line in looks(view)] == [
        ("Start", text, False),
        ("Add", text, False),
        ("Move", text, True),
        ("Rename", quiet, False),
    ]
    assert bold == [False, False, view.item(2).font().bold(), False]
    assert view.item(2).font().weight() > view.item(1).font().weight()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(HISTORIES, min_size=2, max_size=5))
def test_a_changed_history_looks_like_a_fresh_one(view: HistoryView, histories: list[tuple[list[str], int]]) -> None:
    for titles, current in histories:
        view.show_history(titles, current)
        fresh = HistoryView(THEME)
        fresh.show_history(titles, current)
        assert looks(view) == looks(fresh)
        assert view.currentRow() == current
        fresh.deleteLater()


@pytest.mark.parametrize("row", [0, 1, 3])
def test_a_click_asks_to_go_there(view: HistoryView, qtbot: QtBot, row: int) -> None:
    view.show_history(["Add", "Move", "Rename"], 2)
    place = view.visualItemRect(view.item(row)).center()
    with qtbot.waitSignal(view.jump_requested) as asked:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [row]


def test_arrows_and_return_ask_to_go_there_once(view: HistoryView, qtbot: QtBot) -> None:
    jumps: list[int] = []
    view.jump_requested.connect(jumps.append)
    view.show_history(["Add", "Move", "Rename"], 3)
    view.setFocus()
    QTest.keyClick(view, Qt.Key.Key_Up)
    QTest.keyClick(view, Qt.Key.Key_Up)
    assert jumps == []
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert jumps == [1]


def test_showing_a_history_asks_for_nothing(view: HistoryView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.jump_requested):
        view.show_history(["Add", "Move"], 1)


def test_the_place_is_scrolled_into_view(view: HistoryView) -> None:
    view.show_history([f"Step {number}" for number in range(200)], 150)
    assert view.viewport().rect().intersects(view.visualItemRect(view.item(150)))
