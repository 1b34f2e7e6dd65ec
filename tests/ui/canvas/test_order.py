"""Frames and sticky notes under real mouse and key events."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from builder_app.flow.edits import AddFrame, AddNote, Batch, ChangeFrame, ChangeNote, RemoveFrame, RemoveNote, apply
from builder_app.flow.values import Frame, LogicFlow, Point, Rect, StickyNote
from builder_app.ui.canvas import order
from builder_app.ui.canvas.furniture import frame, note
from builder_app.ui.theme import Theme, load_theme
from tests.ui.canvas.conftest import RESOURCES
from tests.ui.canvas.desk import Desk, flow_of, node
from tests.ui.canvas.test_inks import contrast

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier


def furnished() -> LogicFlow:
    """A frame with a block and a note in it, a block half in it, and a block beside it."""
    flow = flow_of([node("in", "sma", 40, 60), node("half", "sma", 300, 208), node("out", "sma", 600, 60)])
    for edit in (
        AddFrame(Frame("trend", "Trend", Rect(0, 0, 400, 320))),
        AddNote(StickyNote("why", "Because", Rect(40, 216, 160, 80))),
    ):
        flow, _ = apply(flow, edit)
    return flow


def type_into(desk: Desk, words: str) -> None:
    assert desk.view.words.isVisible()
    desk.qtbot.waitUntil(desk.view.words.hasFocus)
    QTest.keyClicks(desk.view.words, words)


# ── frames ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_frame_goes_around_the_selection_and_its_title_is_written_at_once(desk: Desk) -> None:
    desk.become(flow_of([node("a", "sma", 0, 0), node("b", "sma", 300, 160)]))
    desk.view.select({"a", "b"})
    order.add_frame(desk.view)
    type_into(desk, "My trend")
    QTest.keyClick(desk.view.words, Qt.Key.Key_Return)
    (held,) = desk.flow.frames.values()
    assert held.title == "My trend"
    rects = [desk.view.canvas.picture.rect_of(id) for id in ("a", "b")]
    assert held.rect.x < 0
    assert held.rect.y <= -32
    assert held.rect.x + held.rect.width > max(rect.right() for rect in rects)
    assert held.rect.y + held.rect.height > max(rect.bottom() for rect in rects)
    assert not desk.view.words.isVisible()
    assert desk.view.hasFocus()


def test_frame_without_a_selection_is_refused_with_a_sentence(desk: Desk) -> None:
    order.add_frame(desk.view)
    assert desk.edits == []
    assert desk.said == ["Select the blocks that the frame shall hold first."]


def test_frame_dragged_by_its_title_carries_what_lies_wholly_in_it_as_one_step(desk: Desk) -> None:
    desk.become(furnished())
    start = desk.pixel(200, 14)
    desk.hold(start, start + QPoint(80, 40))
    assert desk.edits == []
    assert desk.view.canvas.picture.places["in"] == Point(120, 100)
    desk.release(start + QPoint(80, 40))
    (edit,) = desk.edits
    assert isinstance(edit, Batch)
    assert edit.title == "Move the frame Trend"
    assert desk.flow.frames["trend"].rect == Rect(80, 40, 400, 320)
    assert desk.flow.notes["why"].rect == Rect(120, 256, 160, 80)
    places = {id: found.position for id, found in desk.flow.nodes.items()}
    assert places == {"in": Point(120, 100), "half": Point(300, 208), "out": Point(600, 60)}


def test_escape_brings_a_dragged_frame_and_its_blocks_home(desk: Desk) -> None:
    desk.become(furnished())
    start = desk.pixel(200, 14)
    corner = desk.pixel(478, 20)
    before = desk.color_at(corner)
    desk.hold(start, start + QPoint(80, 40))
    desk.key(Qt.Key.Key_Escape)
    assert desk.view.canvas.picture.places["in"] == Point(40, 60)
    assert desk.color_at(corner) == before
    desk.release(start + QPoint(80, 40))
    assert desk.edits == []


def test_inside_of_a_frame_is_canvas_where_a_rubber_band_begins(desk: Desk) -> None:
    desk.become(furnished())
    desk.drag(desk.pixel(20, 40), desk.pixel(60, 100))
    assert desk.view.selected_nodes() == {"in"}
    assert desk.view.canvas.things.selected == frozenset()
    assert desk.edits == []


@pytest.mark.parametrize(
    ("press", "way", "rect"),
    [
        ((400, 320), (48, 24), Rect(0, 0, 448, 344)),
        ((0, 200), (-48, 24), Rect(-48, 0, 448, 320)),
        ((200, 320), (48, 24), Rect(0, 0, 400, 344)),
        ((0, 0), (-16, -16), Rect(-16, -16, 416, 336)),
        ((400, 320), (-390, -310), Rect(0, 0, 64, 48)),
    ],
)
def test_frame_is_resized_by_its_edges(desk: Desk, press: tuple[int, int], way: tuple[int, int], rect: Rect) -> None:
    desk.become(furnished())
    desk.drag(desk.pixel(*press), desk.pixel(*press) + QPoint(*way))
    (edit,) = desk.edits
    assert edit == ChangeFrame(Frame("trend", "Trend", rect))
    assert desk.flow.nodes["in"].position == Point(40, 60)


@pytest.mark.parametrize(
    ("place", "shape"),
    [
        ((0, 200), Qt.CursorShape.SizeHorCursor),
        ((200, 320), Qt.CursorShape.SizeVerCursor),
        ((400, 320), Qt.CursorShape.SizeFDiagCursor),
        ((400, 0), Qt.CursorShape.SizeBDiagCursor),
    ],
)
def test_pointer_over_an_edge_says_which_way_it_can_be_moved(
    desk: Desk, place: tuple[int, int], shape: Qt.CursorShape
) -> None:
    desk.become(furnished())
    desk.move(desk.pixel(*place))
    desk.qtbot.waitUntil(lambda: desk.view.viewport().cursor().shape() == shape)
    desk.move(desk.pixel(220, 180))
    desk.qtbot.waitUntil(lambda: desk.view.viewport().cursor().shape() == Qt.CursorShape.ArrowCursor)


def test_double_click_on_a_title_writes_it_and_escape_takes_it_back(desk: Desk) -> None:
    desk.become(furnished())
    QTest.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=desk.pixel(200, 14))
    type_into(desk, "Something else")
    QTest.keyClick(desk.view.words, Qt.Key.Key_Escape)
    assert desk.edits == []
    assert not desk.view.words.isVisible()
    assert not desk.view.search.isVisible()


def test_click_elsewhere_keeps_the_title(desk: Desk) -> None:
    desk.become(furnished())
    QTest.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=desk.pixel(200, 14))
    type_into(desk, "Slow side")
    desk.view.setFocus(Qt.FocusReason.MouseFocusReason)
    assert desk.flow.frames["trend"].title == "Slow side"


def test_frame_takes_the_chosen_colour(desk: Desk) -> None:
    desk.become(furnished())
    spot = desk.pixel(380, 120)
    before = desk.color_at(spot)
    desk.click(desk.pixel(200, 14))
    menu = order.choose_frame_color(desk.view)
    assert menu is not None
    desk.qtbot.waitUntil(menu.isVisible)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Down)
    QTest.keyClick(menu, Qt.Key.Key_Return)
    assert desk.flow.frames["trend"].color == order.FRAME_COLORS["Blue"]
    after = desk.color_at(spot)
    assert after.blue() - after.red() > before.blue() - before.red() + 5


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_every_frame_colour_leaves_its_title_readable(desk: Desk, scheme: str) -> None:
    theme = load_theme(RESOURCES / "themes", scheme)
    desk.view.set_theme(theme)
    for name, color in order.FRAME_COLORS.items():
        desk.become(LogicFlow(frames={"f": Frame("f", name, Rect(0, 0, 400, 320), color)}))
        assert contrast(desk.color_at(desk.pixel(300, 250)), theme.color("text")) >= 4.5


def test_deleted_frame_leaves_its_blocks(desk: Desk) -> None:
    desk.become(furnished())
    desk.click(desk.pixel(200, 14))
    assert desk.view.canvas.things.selected == {frame("trend")}
    desk.view.delete_selection()
    assert desk.edits == [RemoveFrame("trend")]
    assert set(desk.flow.nodes) == {"in", "half", "out"}
    assert desk.view.canvas.things.selected == frozenset()


# ── notes ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_note_is_put_at_the_pointer_and_written_at_once(desk: Desk) -> None:
    desk.move(desk.pixel(163, 77))
    desk.view.hands.pointer = desk.pixel(163, 77).toPointF()
    order.add_note(desk.view)
    type_into(desk, "First line")
    QTest.keyClick(desk.view.words, Qt.Key.Key_Return)
    QTest.keyClicks(desk.view.words, "second")
    QTest.keyClick(desk.view.words, Qt.Key.Key_Return, CONTROL)
    (held,) = desk.flow.notes.values()
    assert held.text == "First line\nsecond"
    assert isinstance(desk.edits[0], AddNote)
    assert len(desk.edits) == 2


def test_note_is_moved_resized_written_and_deleted_by_hand(desk: Desk) -> None:
    desk.become(furnished())
    desk.drag(desk.pixel(120, 250), desk.pixel(120, 250) + QPoint(400, 80))
    assert desk.flow.notes["why"].rect == Rect(440, 296, 160, 80)
    desk.drag(desk.pixel(600, 376), desk.pixel(600, 376) + QPoint(40, 16))
    assert desk.edits[-1] == ChangeNote(StickyNote("why", "Because", Rect(440, 296, 200, 96)))
    QTest.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, pos=desk.pixel(520, 330))
    type_into(desk, "So that")
    desk.view.restore_viewport(1.0, 420.0, 200.0)
    assert desk.flow.notes["why"].text == "So that"
    assert desk.view.canvas.things.selected == {note("why")}
    desk.view.delete_selection()
    assert desk.edits[-1:] == [RemoveNote("why")]


def test_arrow_keys_nudge_a_note_and_a_frame_with_its_blocks(desk: Desk) -> None:
    desk.become(furnished())
    desk.click(desk.pixel(200, 14))
    desk.key(Qt.Key.Key_Right)
    assert desk.flow.frames["trend"].rect.x == 8
    assert desk.flow.nodes["in"].position == Point(48, 60)
    assert len(desk.edits) == 1


def test_rubber_band_around_everything_and_shift_click_select_things_too(desk: Desk) -> None:
    desk.become(furnished())
    desk.drag(desk.pixel(-40, -40), desk.pixel(420, 340))
    assert desk.view.canvas.things.selected == {frame("trend"), note("why")}
    desk.click(desk.pixel(120, 250), SHIFT)
    assert desk.view.canvas.things.selected == {frame("trend")}
    desk.view.select_all()
    assert desk.view.canvas.things.selected == {frame("trend"), note("why")}
    assert desk.view.selected_nodes() == {"in", "half", "out"}


def test_frame_is_copied_with_what_lies_in_it_and_a_note_alone(new_desk: Callable[[], Desk]) -> None:
    one, other = new_desk(), new_desk()
    one.become(furnished())
    one.view.select_parts(frozenset(), things=frozenset({frame("trend")}))
    one.view.copy_selection()
    other.view.paste()
    assert set(other.flow.nodes) == {"in"}
    (held,), (text,) = other.flow.frames.values(), other.flow.notes.values()
    assert (held.title, text.text) == ("Trend", "Because")
    assert other.view.selected_nodes() == {"in"}
    assert other.view.canvas.things.selected == {frame(held.id), note(text.id)}
    place = other.flow.nodes["in"].position
    assert (place.x - held.rect.x, place.y - held.rect.y) == (40, 60)
    one.view.select_parts(frozenset(), things=frozenset({note("why")}))
    one.view.duplicate()
    assert one.flow.notes["why_2"].rect == Rect(72, 248, 160, 80)
    assert isinstance(one.edits[-1], Batch)
    assert one.edits[-1].title == "Paste 1 note"
    assert one.view.canvas.things.selected == {note("why_2")}
    QTest.keyClick(one.view, Qt.Key.Key_Right)  # what was pasted is in the hand
    assert one.flow.notes["why_2"].rect == Rect(80, 248, 160, 80)


def test_cut_frame_goes_with_what_lies_in_it_and_comes_back_by_paste(desk: Desk) -> None:
    desk.become(furnished())
    desk.view.select_parts(frozenset(), things=frozenset({frame("trend")}))
    desk.view.cut_selection()
    assert len(desk.edits) == 1
    assert (set(desk.flow.nodes), dict(desk.flow.frames), dict(desk.flow.notes)) == ({"half", "out"}, {}, {})
    desk.view.paste()
    assert set(desk.flow.nodes) == {"half", "out", "in"}
    assert set(desk.flow.frames) == {"trend"}
    assert set(desk.flow.notes) == {"why"}


def test_words_of_what_is_selected_can_be_asked_for_by_command(desk: Desk) -> None:
    desk.become(furnished())
    order.write(desk.view)
    assert desk.said == ["Select one block, frame or note first; then its words can be changed."]
    desk.view.select_parts(frozenset(), things=frozenset({note("why")}))
    order.write(desk.view)
    assert desk.view.words.toPlainText() == "Because"
    desk.view.words.keep()
    desk.view.select({"in"})
    with desk.qtbot.waitSignal(desk.view.node_activated) as opened:
        order.write(desk.view)
    assert opened.args == ["in"]
    assert desk.edits == []


def test_selected_note_is_framed_in_the_accent_colour(desk: Desk, theme: Theme) -> None:
    desk.become(furnished())
    spot = (desk.pixel(100, 214), desk.pixel(104, 219))
    assert theme.color("accent").name() not in desk.colors_in(*spot)
    desk.click(desk.pixel(120, 250))
    assert theme.color("accent").name() in desk.colors_in(*spot)
