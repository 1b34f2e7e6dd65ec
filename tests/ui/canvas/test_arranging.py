"""Guides while dragging, and blocks put in order by a command."""

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt

from builder_app.flow.edits import AddFrame, AddNote, Batch, Edit, apply
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Frame, LogicFlow, Point, Rect, StickyNote
from builder_app.ui.canvas.arranging import align_edit, distribute_edit, straighten_edit
from builder_app.ui.canvas.furniture import frame, note
from builder_app.ui.canvas.picture import Picture, source_end, target_end
from tests.ui.canvas.desk import Desk, edge, flow_of, layout_edit, node

pytestmark = pytest.mark.usefixtures("qapp")
SCATTERED = flow_of([node("a", "sma", 3, 11), node("b", "prices", 290, 205), node("c", "sma", 700, 431)])


def picture_of(catalogue: Catalogue, flow: LogicFlow) -> Picture:
    picture = Picture(catalogue)
    picture.show(None, flow)
    return picture


def after(picture: Picture, edit: Edit | None) -> Picture:
    assert edit is not None
    return picture_of(picture.catalogue, apply(picture.flow, edit)[0])


# ── guides ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_dragged_block_is_drawn_to_the_edge_of_another_and_the_line_is_shown(desk: Desk) -> None:
    desk.become(flow_of([node("a", "sma", 3, 0), node("b", "sma", 400, 240)]))
    start = desk.title("b")
    way = QPoint(3 - 400 + 4, 61)
    desk.hold(start, start + way)
    assert desk.view.canvas.picture.places["b"].x == 3
    assert any(line.x1() == line.x2() == 3 for line in desk.view.hands.preview.guides)
    accent = desk.view.canvas.inks.accent.name()
    assert accent in desk.colors_in(desk.pixel(1, 150), desk.pixel(6, 160))
    desk.release(start + way)
    assert desk.flow.nodes["b"].position.x == 3
    assert accent not in desk.colors_in(desk.pixel(1, 150), desk.pixel(6, 160))


def test_dragged_block_is_drawn_to_where_its_wire_is_straight(desk: Desk) -> None:
    desk.become(flow_of([node("p", "prices", 0, 3), node("s", "sma", 400, 240)], edge("p.close", "s.price")))
    picture = desk.view.canvas.picture
    aim = desk.output("p.close").y() - desk.input("s.price").y()
    start = desk.title("s")
    desk.drag(start, start + QPoint(120, aim + 4))
    assert desk.output("p.close").y() == desk.input("s.price").y()
    assert picture.places["s"].x == 520


def test_block_far_from_every_line_lands_on_the_grid(desk: Desk) -> None:
    desk.become(flow_of([node("a", "sma", 3, 0), node("b", "sma", 400, 240)]))
    start = desk.title("b")
    desk.drag(start, start + QPoint(101, 171))
    assert desk.flow.nodes["b"].position == Point(504, 408)


def test_dragged_note_is_drawn_to_edges_of_blocks_notes_and_frames(desk: Desk) -> None:
    flow = flow_of([node("a", "sma", 3, 0)])
    for edit in (
        AddNote(StickyNote("held", "Drag me", Rect(400, 240, 160, 80))),
        AddNote(StickyNote("other", "Beside", Rect(611, 7, 160, 80))),
        AddFrame(Frame("frame", "Around", Rect(-109, 301, 120, 101))),
    ):
        flow, _ = apply(flow, edit)
    desk.become(flow)
    start = desk.pixel(480, 280)
    for way, left in ((-393, 3), (215, 611), (-506, -109)):
        desk.hold(start, start + QPoint(way, 0))
        assert desk.view.canvas.things.rects[note("held")].x == left
        assert any(line.x1() == line.x2() == left for line in desk.view.hands.preview.guides)
        desk.key(Qt.Key.Key_Escape)
        desk.release(start)
    desk.drag(start, start + QPoint(203, -230))
    assert desk.flow.notes["held"].rect.y == 7


def test_dragged_frame_is_drawn_to_what_lies_outside_it_only(desk: Desk) -> None:
    flow = flow_of([node("in", "sma", 43, 61), node("out", "sma", 187, 360)])
    flow, _ = apply(flow, AddFrame(Frame("trend", "Trend", Rect(0, 0, 320, 240))))
    desk.become(flow)
    start = desk.pixel(200, 14)
    desk.hold(start, start + QPoint(45, 0))
    assert desk.view.canvas.things.rects[frame("trend")].x == 48  # on the grid, not at the 43 of the block in it
    desk.move(start + QPoint(183, 0))
    assert desk.view.canvas.things.rects[frame("trend")].x == 187
    assert {line.x1() for line in desk.view.hands.preview.guides} == {187}
    desk.release(start + QPoint(183, 0))
    assert desk.flow.nodes["in"].position.x == 43 + 187


# ── align, distribute, straighten ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("side", ["left", "right", "centre", "top", "bottom", "middle"])
def test_aligned_blocks_share_their_line_and_keep_their_other_place(catalogue: Catalogue, side: str) -> None:
    picture = picture_of(catalogue, SCATTERED)
    edit = align_edit(picture, SCATTERED.nodes, side)
    assert isinstance(edit, Batch)
    moved = after(picture, edit)
    lines: dict[str, Callable[[QRectF], float]] = {
        "left": lambda rect: rect.left(),
        "right": lambda rect: rect.right(),
        "centre": lambda rect: rect.center().x(),
        "top": lambda rect: rect.top(),
        "bottom": lambda rect: rect.bottom(),
        "middle": lambda rect: rect.center().y(),
    }
    line = lines[side]
    before = [line(picture.rect_of(id)) for id in SCATTERED.nodes]
    now = {line(moved.rect_of(id)) for id in SCATTERED.nodes}
    assert len(now) == 1
    outermost = {"left": min, "top": min, "right": max, "bottom": max}.get(side)
    assert now == {outermost(before) if outermost else (min(before) + max(before)) / 2}
    kept = 1 if side in ("left", "right", "centre") else 0
    assert all(moved.places[id][kept] == picture.places[id][kept] for id in SCATTERED.nodes)


def test_distributed_blocks_have_equal_gaps_and_the_outer_ones_stay(catalogue: Catalogue) -> None:
    picture = picture_of(catalogue, SCATTERED)
    moved = after(picture, distribute_edit(picture, SCATTERED.nodes, across=True))
    rects = [moved.rect_of(id) for id in ("a", "b", "c")]
    gaps = [other.left() - one.right() for one, other in pairwise(rects)]
    assert gaps[0] == pytest.approx(gaps[1], abs=1)
    assert moved.places["a"] == picture.places["a"]
    assert moved.places["c"] == picture.places["c"]
    tall = after(picture, distribute_edit(picture, SCATTERED.nodes, across=False))
    rects = [tall.rect_of(id) for id in ("a", "b", "c")]
    gaps = [other.top() - one.bottom() for one, other in pairwise(rects)]
    assert gaps[0] == pytest.approx(gaps[1], abs=1)


def test_too_few_blocks_are_left_alone(catalogue: Catalogue) -> None:
    picture = picture_of(catalogue, SCATTERED)
    assert align_edit(picture, ["a"], "left") is None
    assert distribute_edit(picture, ["a", "b"], across=True) is None


def test_straightened_chain_has_level_wires(catalogue: Catalogue) -> None:
    flow = flow_of(
        [node("p", "prices"), node("a", "sma", 300, 17), node("b", "sma", 600, 91), node("c", "sma", 900, -40)],
        edge("p.close", "a.price"),
        edge("a.value", "b.price"),
        edge("b.value", "c.price"),
    )
    picture = picture_of(catalogue, flow)
    moved = after(picture, straighten_edit(picture, flow.nodes))
    for wire in moved.flow.edges:
        assert moved.place_of(source_end(wire)).y() == moved.place_of(target_end(wire)).y()
    assert {id: place.x for id, place in moved.places.items()} == {
        id: held.position.x for id, held in flow.nodes.items()
    }


def test_straightening_never_puts_a_block_on_another(catalogue: Catalogue) -> None:
    flow = flow_of(
        [node("p", "prices"), node("a", "sma", 300, 17), node("b", "sma", 320, 191)],
        edge("p.close", "a.price"),
        edge("p.close", "b.price"),
    )
    picture = picture_of(catalogue, flow)
    moved = after(picture, straighten_edit(picture, flow.nodes))
    assert moved.places["b"] == Point(320, 191)
    assert not moved.rect_of("a").intersects(moved.rect_of("b"))


# ── the whole layout ─────────────────────────────────────────────────────────────────────────────────────────────


def tangled() -> LogicFlow:
    flow = flow_of(
        [
            node("enter", "enter_long", 0, 0),
            node("over", "crosses_above", 100, 300),
            node("slow", "sma", 700, 0),
            node("fast", "sma", 700, 400),
            node("p", "prices", 1000, 200),
        ],
        edge("p.close", "fast.price"),
        edge("p.close", "slow.price"),
        edge("fast.value", "over.a"),
        edge("slow.value", "over.b"),
        edge("over.result", "enter.condition"),
    )
    for edit in (
        AddFrame(Frame("averages", "Averages", Rect(680, -40, 300, 560))),
        AddNote(StickyNote("why", "Because", Rect(720, 100, 100, 60))),
    ):
        flow, _ = apply(flow, edit)
    return flow


def test_layout_runs_from_left_to_right_as_one_step_and_a_second_one_changes_nothing(catalogue: Catalogue) -> None:
    picture = picture_of(catalogue, tangled())
    edit = layout_edit(picture, ())
    assert isinstance(edit, Batch)
    assert edit.title == "Lay out 5 blocks"
    moved = after(picture, edit)
    for wire in moved.flow.edges:
        assert moved.rect_of(wire.source.node).right() < moved.rect_of(wire.target.node).left()
    assert layout_edit(moved, ()) is None
    back, _ = apply(moved.flow, apply(picture.flow, edit)[1])
    assert back == picture.flow


def test_layout_takes_frames_and_notes_along(catalogue: Catalogue) -> None:
    picture = picture_of(catalogue, tangled())
    moved = after(picture, layout_edit(picture, ()))
    held = moved.flow.frames["averages"].rect
    for id in ("slow", "fast"):
        rect = moved.rect_of(id)
        assert held.x < rect.left()
        assert held.x + held.width > rect.right()
        assert held.y < rect.top()
        assert held.y + held.height > rect.bottom()
    before, after_it = picture.flow.notes["why"].rect, moved.flow.notes["why"].rect
    shift = Point(after_it.x - before.x, after_it.y - before.y)
    slow = picture.places["slow"]
    assert moved.places["slow"] == Point(slow.x + shift.x, slow.y + shift.y)


def test_layout_of_a_selection_leaves_the_others_alone(catalogue: Catalogue) -> None:
    picture = picture_of(catalogue, tangled())
    edit = layout_edit(picture, ("fast", "over"))
    assert isinstance(edit, Batch)
    moved = after(picture, edit)
    assert {id for id in moved.places if moved.places[id] != picture.places[id]} <= {"fast", "over"}
    assert moved.places["fast"].x < moved.places["over"].x
    assert replace(moved.flow, nodes=picture.flow.nodes, frames=picture.flow.frames, notes=picture.flow.notes) == (
        picture.flow
    )
