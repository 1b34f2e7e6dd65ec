"""Where blocks, notes and pasted parts land that come without a pointer to put them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtTest import QTest

from builder_app.flow.edits import AddNote, apply
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow, Rect, StickyNote
from builder_app.ui.canvas import order
from builder_app.ui.canvas.free_ground import free_ground
from builder_app.ui.canvas.node_face import GRID
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.selecting_by_keys import next_wire
from builder_app.ui.canvas.wiring_by_keys import add_wired, connect_by_keys
from tests.ui.canvas.desk import Desk, edge, flow_of, node
from tests.ui.canvas.test_keyboard import FORK

PLACES = st.tuples(st.integers(-40, 40), st.integers(-40, 40))


def crowd() -> LogicFlow:
    """A wall of blocks around the middle of the view."""
    return flow_of([node(f"n{x}_{y}", "sma", 240 * x, 120 * y) for x in range(-4, 8) for y in range(-4, 8)])


def type_and_enter(desk: Desk, name: str) -> None:
    """Tab, a name, Enter."""
    desk.key(Qt.Key.Key_Tab)
    QTest.keyClicks(desk.view.search.field, name)
    QTest.keyClick(desk.view.search.field, Qt.Key.Key_Return)


def is_free(desk: Desk, id: str) -> bool:
    """Whether a block touches no other block."""
    picture = desk.view.canvas.picture
    return not any(picture.rect_of(id).intersects(picture.rect_of(other)) for other in picture.faces if other != id)


@pytest.mark.usefixtures("qapp")
@given(blocks=st.lists(PLACES, max_size=25), wanted=PLACES, note=PLACES)
def test_free_ground_is_on_the_grid_straight_above_or_below_and_covers_nothing(
    catalogue: Catalogue, blocks: list[tuple[int, int]], wanted: tuple[int, int], note: tuple[int, int]
) -> None:
    flow = flow_of([node(f"n{at}", "sma", x * 24, y * 24) for at, (x, y) in enumerate(blocks)])
    flow, _ = apply(flow, AddNote(StickyNote("note", "", Rect(note[0] * 24, note[1] * 24, 200, 96))))
    picture = Picture(catalogue)
    picture.show(None, flow)
    start = QRectF(wanted[0] * 20, wanted[1] * 20, 180, 96)
    found = free_ground(picture, start)
    body = QRectF(found.x, found.y, 180, 96)
    held = [*(picture.rect_of(id) for id in picture.faces), QRectF(*flow.notes["note"].rect)]
    assert not any(body.intersects(rect) for rect in held)
    assert (found.x % GRID, found.y % GRID) == (0, 0)
    assert abs(found.x - start.x()) <= GRID / 2
    if not any(start.adjusted(-32, -32, 32, 32).intersects(rect) for rect in held):
        assert abs(found.y - start.y()) <= GRID / 2


def test_searched_block_stands_free_beside_the_selected_one_and_is_seen(desk: Desk) -> None:
    desk.become(FORK)
    desk.view.setFocus()
    desk.view.select({"mid"})
    desk.view.restore_viewport(1.0, 4000.0, 4000.0)
    type_and_enter(desk, "Simple moving average")
    (made,) = desk.flow.nodes.keys() - FORK.nodes.keys()
    picture = desk.view.canvas.picture
    assert picture.rect_of(made).left() > picture.rect_of("mid").right()
    assert picture.rect_of(made).left() - picture.rect_of("mid").right() < 100
    assert is_free(desk, made)
    assert desk.flow.edges == FORK.edges  # nothing was asked to be connected
    assert desk.view.selected_nodes() == {made}
    assert desk.view.shown_rect().contains(picture.rect_of(made))


@pytest.mark.parametrize("zoom", [1.0, 0.5])
def test_searched_block_finds_free_ground_in_a_crowd(desk: Desk, zoom: float) -> None:
    desk.become(crowd())
    desk.view.restore_viewport(zoom, 400.0, 200.0)
    desk.view.setFocus()
    for _ in range(3):
        before = set(desk.flow.nodes)
        type_and_enter(desk, "Prices")
        (made,) = desk.flow.nodes.keys() - before
        assert is_free(desk, made)
        assert desk.view.shown_rect().contains(desk.view.canvas.picture.rect_of(made))
        assert desk.view.zoom() == zoom


def test_searched_block_over_a_wire_in_the_middle_of_the_view_is_not_put_into_it(desk: Desk) -> None:
    flow = flow_of([node("p", "prices", -400, 0), node("s", "sma", 900, 24)], edge("p.close", "s.price"))
    desk.become(flow)
    desk.view.restore_viewport(1.0, 400.0, 80.0)
    desk.view.setFocus()
    type_and_enter(desk, "Simple moving average")
    assert desk.flow.edges == flow.edges


def test_block_asked_for_while_a_wire_is_selected_is_put_into_it_and_only_what_fits_is_offered(desk: Desk) -> None:
    desk.become(FORK)
    desk.view.setFocus()
    desk.view.select({"fast"})
    next_wire(desk.view, 1)
    desk.key(Qt.Key.Key_Tab)
    offered = desk.view.search.offered()
    assert "rsi" in offered
    assert "enter_long" not in offered
    QTest.keyClicks(desk.view.search.field, "Relative strength")
    QTest.keyClick(desk.view.search.field, Qt.Key.Key_Return)
    (made,) = desk.flow.nodes.keys() - FORK.nodes.keys()
    assert edge("p.close", f"{made}.price") in desk.flow.edges
    assert edge(f"{made}.value", "fast.price") in desk.flow.edges
    assert edge("p.close", "fast.price") not in desk.flow.edges
    assert is_free(desk, made)
    assert len(desk.edits) == 1


def test_wire_pulled_by_keys_into_the_empty_offers_what_fits_and_connects_it(desk: Desk) -> None:
    desk.become(FORK)
    desk.view.setFocus()
    desk.view.select({"over"})
    connect_by_keys(desk.view)
    desk.key(Qt.Key.Key_Tab)
    assert desk.view.search.isVisible()
    assert "sma" not in desk.view.search.offered()  # it takes no truth values
    QTest.keyClicks(desk.view.search.field, "Enter short")
    QTest.keyClick(desk.view.search.field, Qt.Key.Key_Return)
    (made,) = desk.flow.nodes.keys() - FORK.nodes.keys()
    assert edge("over.result", f"{made}.condition") in desk.flow.edges
    assert is_free(desk, made)
    picture = desk.view.canvas.picture
    assert picture.rect_of(made).left() > picture.rect_of("over").right()
    assert len(desk.edits) == 1


def test_block_that_is_asked_for_wired_comes_with_a_wire_to_the_selected_one(desk: Desk) -> None:
    add_wired(desk.view)
    assert desk.said == ["Select one block with ports first; what is added will be wired to it."]
    desk.become(flow_of([node("p", "prices")]))
    desk.view.setFocus()
    desk.view.select({"p"})
    add_wired(desk.view)
    QTest.keyClicks(desk.view.search.field, "Simple moving average")
    QTest.keyClick(desk.view.search.field, Qt.Key.Key_Return)
    assert desk.flow.edges == (edge("p.open", "sma.price"),)
    assert len(desk.edits) == 1


def test_wire_pulled_by_keys_from_an_input_brings_its_block_to_the_left(desk: Desk) -> None:
    desk.become(flow_of([node("all", "maximum_positions", 600, 0), node("p", "percent_of_equity", 0, 0)]))
    desk.view.setFocus()
    desk.view.add_block("fixed_cash", None, desk.view.canvas.picture.ports_of("all", QPointF(600, 0))[0][1])
    (made,) = desk.flow.nodes.keys() - {"all", "p"}
    picture = desk.view.canvas.picture
    assert picture.rect_of(made).right() < picture.rect_of("all").left()
    assert is_free(desk, made)


def test_note_and_pasted_blocks_stand_free_beside_the_selection_and_are_seen(desk: Desk) -> None:
    desk.become(FORK)
    desk.view.setFocus()
    desk.view.select({"mid", "over"})
    desk.view.copy_selection()
    desk.view.restore_viewport(1.0, 4000.0, 4000.0)
    desk.view.paste()
    made = desk.flow.nodes.keys() - FORK.nodes.keys()
    assert len(made) == 2
    assert all(is_free(desk, id) for id in made)
    assert all(desk.view.shown_rect().contains(desk.view.canvas.picture.rect_of(id)) for id in made)
    desk.view.restore_viewport(1.0, -4000.0, 4000.0)
    order.add_note(desk.view)
    assert desk.view.words.isVisible()
    desk.key(Qt.Key.Key_Escape)
    (held,) = desk.flow.notes.values()
    rect = QRectF(*held.rect)
    assert not any(rect.intersects(desk.view.canvas.picture.rect_of(id)) for id in desk.flow.nodes)
    assert desk.view.shown_rect().contains(rect)
