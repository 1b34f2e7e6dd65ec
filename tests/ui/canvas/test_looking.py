"""Going places on the canvas: fitting the selection, places visited, finding in the flow; by real keys."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from builder_app.flow.edits import AddFrame, AddNote, apply
from builder_app.flow.values import Frame, LogicFlow, Rect, StickyNote, with_node
from builder_app.ui.canvas.furniture import frame, note
from builder_app.ui.canvas.looking import fit_selection, go_back, go_forward
from builder_app.ui.theme import load_theme
from tests.ui.canvas.conftest import RESOURCES
from tests.ui.canvas.desk import Desk, flow_of, node


def wide() -> LogicFlow:
    flow = flow_of(
        [
            node("p", "prices", -2000, -900),
            node("fast", "sma", 0, 0, period=10),
            node("slow", "sma", 2400, 900, period=55),
            node("up", "crosses_above", 5000, 0),
        ]
    )
    flow = with_node(flow, replace(flow.nodes["fast"], label="Fast average", note="for the trend"))
    for edit in (
        AddFrame(Frame("f", "Trend part", Rect(-60, -80, 400, 300))),
        AddNote(StickyNote("n", "Ask about the\ncommission", Rect(3000, 3000, 200, 90))),
    ):
        flow, _ = apply(flow, edit)
    return flow


def test_fit_selection_shows_what_is_selected_and_says_when_nothing_is(desk: Desk) -> None:
    desk.become(wide())
    desk.view.select({"slow", "up"})
    fit_selection(desk.view)
    picture = desk.view.canvas.picture
    assert desk.view.shown_rect().contains(picture.rect_of("slow").united(picture.rect_of("up")))
    assert not desk.view.shown_rect().intersects(picture.rect_of("p"))
    desk.view.select_parts(frozenset(), things=frozenset({note("n")}))
    fit_selection(desk.view)
    assert desk.view.shown_rect().contains(QPointF(3100, 3045))
    desk.view.select(())
    fit_selection(desk.view)
    assert desk.said == ["Select what shall be seen first."]


def test_back_and_forward_go_through_the_places_visited(desk: Desk) -> None:
    desk.become(wide())
    visited = []
    for id in ("p", "slow", "up"):
        desk.view.reveal(id)
        desk.view.visited.settle()
        visited.append(desk.view.viewport_state())
    go_back(desk.view)
    assert desk.view.viewport_state() == visited[1]
    go_back(desk.view)
    assert desk.view.viewport_state() == visited[0]
    go_forward(desk.view)
    assert desk.view.viewport_state() == visited[1]
    desk.view.reveal("fast")
    go_forward(desk.view)
    assert desk.said == ["There is no place visited after this one."]
    go_back(desk.view)
    assert desk.view.viewport_state() == visited[1]


def test_place_counts_as_visited_when_the_eye_rests_there(desk: Desk) -> None:
    desk.become(wide())
    desk.view.visited.settle()
    start = desk.view.viewport_state()
    desk.view.restore_viewport(1.0, 2400.0, 900.0)
    desk.qtbot.wait(750)
    desk.view.restore_viewport(1.0, 5000.0, 0.0)
    go_back(desk.view)
    assert desk.view.viewport_state() == (1.0, 2400.0, 900.0)
    go_back(desk.view)
    assert desk.view.viewport_state() == start


def test_small_pan_is_not_another_place(desk: Desk) -> None:
    desk.become(wide())
    desk.view.visited.settle()
    desk.view.pan_by(QPointF(40, 0))
    go_back(desk.view)
    assert desk.said == ["There is no place visited before this one."]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("fast", "Fast average"),
        ("period 55", "Simple moving average"),
        ("sma 55", "Simple moving average"),
        ("crosses", "Crosses above"),
        ("for the trend", "Fast average"),
        ("trend part", "Trend part"),
        ("commission", "Ask about the commission"),
    ],
)
def test_find_looks_into_labels_kinds_parameters_and_notes(desk: Desk, typed: str, first: str) -> None:
    desk.become(wide())
    desk.view.finder.open()
    desk.qtbot.waitUntil(desk.view.finder.field.hasFocus)
    QTest.keyClicks(desk.view.finder.field, typed)
    assert desk.view.finder.offered()[0] == first


def test_find_jumps_as_rows_are_chosen_and_enter_stays_there(desk: Desk) -> None:
    desk.become(wide())
    desk.view.finder.open()
    field = desk.view.finder.field
    QTest.keyClicks(field, "average")
    assert desk.view.finder.offered() == ["Fast average", "Simple moving average"]
    assert desk.view.selected_nodes() == {"fast"}
    QTest.keyClick(field, Qt.Key.Key_Down)
    assert desk.view.selected_nodes() == {"slow"}
    assert desk.view.shown_rect().contains(desk.view.canvas.picture.rect_of("slow"))
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not desk.view.finder.isVisible()
    assert desk.view.hasFocus()
    assert desk.view.selected_nodes() == {"slow"}
    go_back(desk.view)
    assert desk.view.viewport_state() == (1.0, 400.0, 200.0)


def test_escape_goes_back_to_where_the_eye_was(desk: Desk) -> None:
    desk.become(wide())
    desk.view.select({"up"})
    desk.view.finder.open()
    QTest.keyClicks(desk.view.finder.field, "trend part")
    assert desk.view.canvas.things.selected == {frame("f")}
    QTest.keyClick(desk.view.finder.field, Qt.Key.Key_Escape)
    assert desk.view.viewport_state() == (1.0, 400.0, 200.0)
    assert desk.view.selected_nodes() == {"up"}


def test_find_says_when_nothing_is_found_and_stays_in_the_canvas(desk: Desk) -> None:
    desk.become(wide())
    desk.view.resize(320, 400)
    desk.view.finder.open()
    QTest.keyClicks(desk.view.finder.field, "zzz")
    assert desk.view.finder.count.text() == "Nothing in this flow holds these words."
    assert desk.view.rect().contains(desk.view.finder.geometry())
    desk.view.set_theme(load_theme(RESOURCES / "themes", "light"))
    assert "#FFFFFF" in desk.view.finder.styleSheet()
