"""The canvas by keys alone."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRectF, Qt

from builder_app.flow.edits import AddFrame, AddNote, Batch, Connect, SetRoute, apply
from builder_app.flow.values import Edge, Frame, Point, Rect, StickyNote
from builder_app.ui.canvas.furniture import frame, note
from builder_app.ui.canvas.gestures.resize_thing import SMALLEST
from builder_app.ui.canvas.selecting_by_keys import extend, next_bend, next_thing, next_wire, resize
from builder_app.ui.canvas.walking import bring_into_sight, next_block, walk
from builder_app.ui.canvas.wiring_by_keys import connect_by_keys, cut_wires
from builder_app.ui.theme import Theme
from tests.ui.canvas.desk import Desk, edge, flow_of, node

FORK = flow_of(
    [
        node("p", "prices", 0, 0),
        node("fast", "sma", 320, -120),
        node("mid", "sma", 320, 20),
        node("slow", "sma", 320, 160),
        node("over", "crosses_above", 660, 0),
        node("enter", "enter_long", 960, 20),
    ],
    edge("p.close", "fast.price"),
    edge("p.close", "mid.price"),
    edge("p.close", "slow.price"),
    edge("fast.value", "over.a"),
    edge("slow.value", "over.b"),
)


# ── walking ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "ways", "end"),
    [
        ("p", [(1, 0)], "mid"),
        ("mid", [(0, -1)], "fast"),
        ("mid", [(0, 1)], "slow"),
        ("fast", [(0, 1), (0, 1)], "slow"),
        ("slow", [(1, 0), (-1, 0)], "fast"),
        ("over", [(1, 0)], "enter"),
        ("enter", [(-1, 0)], "over"),
        ("p", [(1, 0), (-1, 0)], "p"),
    ],
)
def test_walk_goes_along_wires_and_among_blocks_beside_each_other(
    desk: Desk, start: str, ways: list[tuple[int, int]], end: str
) -> None:
    desk.become(FORK)
    desk.view.select({start})
    for way in ways:
        walk(desk.view, *way)
    assert desk.view.selected_nodes() == {end}


def test_every_block_can_be_reached_by_walking(desk: Desk) -> None:
    desk.become(FORK)
    picture = desk.view.canvas.picture
    reached, waiting = {"p"}, ["p"]
    while waiting:
        at = waiting.pop()
        for way in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            found = next_block(picture, at, *way)
            if found is not None and found not in reached:
                reached.add(found)
                waiting.append(found)
    assert reached == set(FORK.nodes)


def test_walk_begins_in_the_middle_brings_into_sight_and_says_where_it_ends(desk: Desk) -> None:
    walk(desk.view, 1, 0)
    assert desk.said == ["There is no block yet; press Tab to add one."]
    desk.become(FORK)
    desk.view.restore_viewport(1.0, 5000.0, 20.0)
    walk(desk.view, 1, 0)
    assert desk.view.selected_nodes() == {"enter"}
    assert desk.view.shown_rect().contains(desk.view.canvas.picture.rect_of("enter"))
    walk(desk.view, 1, 0)
    assert desk.said[-1] == "There is no block right of 'Enter long'."


# ── connecting ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_wire_is_connected_by_keys_to_the_nearest_port_that_fits(desk: Desk) -> None:
    desk.become(FORK)
    desk.view.setFocus()
    desk.view.select({"over"})
    connect_by_keys(desk.view)
    wire = desk.view.hands.preview.wire
    assert wire is not None
    assert wire.snapped == ("enter", "condition", True)
    assert "Crosses above · Result → Enter long · When" in desk.view.hands.preview.hint
    desk.key(Qt.Key.Key_Return)
    assert desk.edits == [Connect(edge("over.result", "enter.condition"))]
    assert not desk.view.hands.busy


def test_arrows_choose_port_and_target_and_only_what_fits_is_offered(desk: Desk, theme: Theme) -> None:
    desk.become(FORK)
    desk.view.setFocus()
    desk.view.select({"mid"})
    connect_by_keys(desk.view)
    seen = set()
    for _ in range(12):
        wire = desk.view.hands.preview.wire
        assert wire is not None
        assert wire.snapped is not None
        seen.add(wire.snapped)
        desk.key(Qt.Key.Key_Down)
    # Not into itself, not back into what it comes from, not where booleans or signals go.
    assert seen == {
        ("fast", "price", True),
        ("slow", "price", True),
        ("over", "a", True),
        ("over", "b", True),
        ("enter", "strength", True),
    }
    wire = desk.view.hands.preview.wire
    assert wire is not None
    at = desk.view.pixel_of(wire.end).toPoint()
    assert theme.color("accent").name() in desk.colors_in(at, at + desk.pixel(60, 60) - desk.pixel(0, 0))
    assert wire.snapped is not None
    target = wire.snapped
    desk.key(Qt.Key.Key_Return)
    assert edge("mid.value", f"{target.node}.{target.port}") in desk.flow.edges


def test_left_and_right_choose_which_output_the_wire_begins_at(desk: Desk) -> None:
    desk.become(flow_of([node("p", "prices"), node("s", "sma", 400)]))
    desk.view.setFocus()
    desk.view.select({"p"})
    connect_by_keys(desk.view)
    desk.key(Qt.Key.Key_Right)
    desk.key(Qt.Key.Key_Return)
    assert desk.edits == [Connect(edge("p.high", "s.price"))]


def test_wire_into_a_taken_input_replaces_it_by_keys_too(desk: Desk) -> None:
    desk.become(flow_of([node("p", "prices"), node("s", "sma", 400)], edge("p.open", "s.price")))
    desk.view.setFocus()
    desk.view.select({"p"})
    connect_by_keys(desk.view)
    desk.key(Qt.Key.Key_Return)
    assert isinstance(desk.edits[0], Batch)
    assert desk.flow.edges == (edge("p.high", "s.price"),)


def test_escape_and_a_click_leave_the_wire(desk: Desk) -> None:
    desk.become(FORK)
    desk.view.setFocus()
    ways: list[Callable[[], None]] = [
        lambda: desk.key(Qt.Key.Key_Escape),
        lambda: desk.click(desk.pixel(500, 420)),
    ]
    for leave in ways:
        desk.view.select({"over"})
        connect_by_keys(desk.view)
        assert desk.view.canvas.items_by_node["enter"].state.fits is not None
        leave()
        assert not desk.view.hands.busy
        assert desk.view.canvas.items_by_node["enter"].state.fits is None
    assert desk.edits == []


def test_connecting_without_a_block_or_a_place_to_go_is_said(desk: Desk) -> None:
    connect_by_keys(desk.view)
    desk.become(flow_of([node("p", "prices")]))
    desk.view.select({"p"})
    connect_by_keys(desk.view)
    assert desk.said == [
        "Select one block first, and the wire begins there; or one wire, to move its end.",
        "No other block has a free port that fits 'Prices'.",
    ]
    assert not desk.view.hands.busy


def test_blocks_are_taken_in_one_by_one_by_keys(desk: Desk) -> None:
    desk.become(FORK)
    desk.view.select({"mid"})
    extend(desk.view, 0, 1)
    extend(desk.view, 0, -1)
    extend(desk.view, 1, 0)
    assert desk.view.selected_nodes() == {"fast", "mid", "slow", "over"}
    desk.view.select({"enter"})
    extend(desk.view, 1, 0)
    assert desk.said[-1] == "There is no other block that way."
    assert desk.view.selected_nodes() == {"enter"}


@pytest.mark.parametrize("start", ["p", "fast", "over"])
def test_every_wire_of_a_block_is_gone_through_and_named(desk: Desk, start: str) -> None:
    desk.become(FORK)
    desk.view.select({start})
    seen = []
    for _ in desk.view.canvas.picture.wires_at(start):
        next_wire(desk.view, 1)
        assert desk.view.selected_nodes() == frozenset()
        (wire,) = desk.view.canvas.selected_wires
        seen.append(wire)
        names = [desk.view.canvas.picture.faces[end.node].title for end in (wire.source, wire.target)]
        assert all(name in desk.said[-1] for name in names)
    assert sorted(seen) == sorted(desk.view.canvas.picture.wires_at(start))
    next_wire(desk.view, 1)  # round again
    assert desk.view.canvas.selected_wires == {seen[0]}
    next_wire(desk.view, -1)
    assert desk.view.canvas.selected_wires == {seen[-1]}


def test_walk_from_a_wire_goes_to_its_end_and_from_a_deleted_one_to_its_block(desk: Desk) -> None:
    desk.become(FORK)
    desk.view.select({"over"})
    next_wire(desk.view, 1)
    walk(desk.view, -1, 0)
    assert desk.view.selected_nodes() == {"fast"}
    next_wire(desk.view, -1)
    walk(desk.view, 1, 0)
    assert desk.view.selected_nodes() == {"over"}
    next_wire(desk.view, 1)
    desk.view.delete_selection()
    assert edge("fast.value", "over.a") not in desk.flow.edges
    walk(desk.view, 1, 0)
    assert desk.view.selected_nodes() == {"over"}


def test_frames_and_notes_are_gone_through_and_resized_by_keys(desk: Desk) -> None:
    flow = FORK
    for edit in (
        AddFrame(Frame("trend", "Trend", Rect(300, -160, 320, 480))),
        AddNote(StickyNote("why", "Because\nof it", Rect(0, 400, 160, 80))),
    ):
        flow, _ = apply(flow, edit)
    desk.become(flow)
    next_thing(desk.view)
    assert desk.view.canvas.things.selected == {frame("trend")}
    assert desk.said[-1] == "Frame Trend"
    resize(desk.view, 2, -1)
    assert desk.flow.frames["trend"].rect == Rect(300, -160, 336, 472)
    next_thing(desk.view)
    assert desk.view.canvas.things.selected == {note("why")}
    assert desk.said[-1] == "Note Because of it"
    assert desk.view.shown_rect().contains(QRectF(0, 400, 160, 80))
    for _ in range(40):
        resize(desk.view, -1, -1)
    assert desk.flow.notes["why"].rect == Rect(0, 400, *SMALLEST)
    steps = len(desk.edits)
    resize(desk.view, -1, 0)
    assert len(desk.edits) == steps  # it is as small as it can be
    next_thing(desk.view)
    assert desk.view.canvas.things.selected == {frame("trend")}


def test_what_is_not_there_to_be_selected_by_keys_is_said(desk: Desk) -> None:
    next_thing(desk.view)
    next_wire(desk.view, 1)
    extend(desk.view, 1, 0)
    resize(desk.view, 1, 0)
    desk.become(flow_of([node("a", "sma")]))
    desk.view.select({"a"})
    next_wire(desk.view, 1)
    assert len(desk.said) == 5
    assert all(sentence.endswith(".") for sentence in desk.said)
    assert desk.edits == []


# ── wires that are there ─────────────────────────────────────────────────────────────────────────────────────────


def select_wire(desk: Desk, wire: Edge) -> None:
    """Select a wire as W does."""
    desk.become(FORK)
    desk.view.setFocus()
    desk.view.select_parts(frozenset(), frozenset({wire}))


def test_the_end_of_a_wire_is_moved_to_another_input_by_keys_as_one_step(desk: Desk) -> None:
    wire = edge("fast.value", "over.a")
    select_wire(desk, wire)
    connect_by_keys(desk.view)
    assert desk.view.canvas.wires.hidden == wire  # its end is in the hand
    seen = []
    for _ in range(6):
        held = desk.view.hands.preview.wire
        assert held is not None
        assert held.snapped is not None
        seen.append(held.snapped)
        if held.snapped == ("enter", "strength", True):
            break
        desk.key(Qt.Key.Key_Down)
    assert ("over", "a", True) not in seen  # there it is already
    desk.key(Qt.Key.Key_Return)
    moved = edge("fast.value", "enter.strength")
    assert set(desk.flow.edges) == (set(FORK.edges) - {wire}) | {moved}
    assert len(desk.edits) == 1
    assert desk.view.canvas.selected_wires == {moved}


def test_the_other_end_of_a_wire_is_moved_to_another_output_by_keys(desk: Desk) -> None:
    wire = edge("p.close", "fast.price")
    select_wire(desk, wire)
    connect_by_keys(desk.view)
    desk.key(Qt.Key.Key_Right)
    held = desk.view.hands.preview.wire
    assert held is not None
    assert held.snapped is not None
    assert not held.snapped.is_input
    assert held.snapped != ("p", "close", False)
    desk.key(Qt.Key.Key_Return)
    (moved,) = set(desk.flow.edges) - set(FORK.edges)
    assert moved.target == wire.target
    assert wire not in desk.flow.edges
    assert desk.view.canvas.selected_wires == {moved}


def test_escape_leaves_a_wire_that_was_picked_up_where_it_was(desk: Desk) -> None:
    wire = edge("fast.value", "over.a")
    select_wire(desk, wire)
    connect_by_keys(desk.view)
    desk.key(Qt.Key.Key_Escape)
    assert desk.view.canvas.wires.hidden is None
    assert desk.view.canvas.selected_wires == {wire}
    assert desk.edits == []


def test_a_wire_that_can_run_nowhere_else_says_so(desk: Desk) -> None:
    wire = edge("p.signal", "all.signal")
    desk.become(flow_of([node("p", "enter_long"), node("all", "percent_of_equity", 400)], wire))
    desk.view.select_parts(frozenset(), frozenset({wire}))
    connect_by_keys(desk.view)
    assert desk.said == ["There is no other port that this wire could run to."]
    assert not desk.view.hands.busy


def test_all_wires_of_the_selected_blocks_are_cut_as_one_step(desk: Desk) -> None:
    cut_wires(desk.view)
    assert desk.said == ["Select blocks that have wires first; then these can be cut."]
    desk.become(FORK)
    desk.view.select({"p", "fast"})
    cut_wires(desk.view)
    assert desk.flow.edges == (edge("slow.value", "over.b"),)
    assert len(desk.edits) == 1
    desk.view.select_parts(frozenset(), frozenset(desk.flow.edges))
    cut_wires(desk.view)
    assert len(desk.flow.edges) == 0


def test_wires_are_gone_through_on_after_one_was_deleted(desk: Desk) -> None:
    desk.become(FORK)
    desk.view.select({"p"})
    for left in (2, 1, 0):
        next_wire(desk.view, 1)
        desk.view.delete_selection()
        assert len(desk.view.canvas.picture.wires_at("p")) == left
    next_wire(desk.view, 1)
    assert desk.said[-1] == "'Prices' has no wires; C pulls one."


def test_the_points_of_a_wire_are_gone_through_and_moved_by_keys(desk: Desk) -> None:
    wire = edge("p.close", "fast.price")
    select_wire(desk, wire)
    next_bend(desk.view)
    assert desk.said[-1] == "Select a wire that is led through points first; R leads it through one."
    desk.become(apply(FORK, SetRoute(wire, (Point(240, 0), Point(280, -40))))[0])
    desk.view.select_parts(frozenset(), frozenset({wire}))
    for number in (0, 1, 0, 1):
        next_bend(desk.view)
        assert desk.view.canvas.wires.selected_bend == (wire, number)
        assert desk.said[-1] == f"Point {number + 1} of 2 of this wire; the arrows move it."
    desk.key(Qt.Key.Key_Down)
    assert desk.flow.routes[wire] == (Point(240, 0), Point(280, -32))


def test_pages_look_on_by_most_of_the_view(desk: Desk) -> None:
    desk.become(FORK)
    desk.view.setFocus()
    desk.view.select({"p"})
    x, y = desk.view.viewport_state()[1:]
    desk.key(Qt.Key.Key_PageDown)
    assert desk.view.viewport_state()[1:] == (x, y + 0.75 * 700)
    desk.key(Qt.Key.Key_PageUp)
    desk.key(Qt.Key.Key_PageDown, Qt.KeyboardModifier.ShiftModifier)
    assert desk.view.viewport_state()[1:] == (x + 0.75 * 1000, y)
    assert desk.edits == []  # what is selected stays where it is


@pytest.mark.parametrize(
    ("rect", "middle"),
    [
        (QRectF(100, 100, 200, 100), (400, 200)),  # in sight: nothing moves
        (QRectF(850, 150, 200, 100), (582, 200)),  # a part of it is out of sight: no further than needed
        (QRectF(100, -200, 200, 100), (400, 118)),
        (QRectF(100, -900, 200, 100), (200, -850)),  # out of sight: into the middle
        (QRectF(100, 500, 200, 100), (400, 282)),
        (QRectF(-2000, 0, 4000, 100), (0, 50)),  # too wide for any margin
    ],
)
def test_what_is_gone_to_is_brought_into_sight_by_no_more_than_needed(
    desk: Desk, rect: QRectF, middle: tuple[float, float]
) -> None:
    bring_into_sight(desk.view, rect)
    zoom, x, y = desk.view.viewport_state()
    assert zoom == 1.0
    assert (x, y) == pytest.approx(middle, abs=2)
