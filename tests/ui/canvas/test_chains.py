"""Blocks put into wires, gaps closed, wires cut: under real mouse and key events."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from builder_app.flow.edits import AddNode, Batch, Connect, Disconnect, MoveNodes, RemoveNodes, SetRoute, apply
from builder_app.flow.rules import connection_refusal
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Edge, LogicFlow, Point
from builder_app.ui.canvas.chains import healing_edges
from builder_app.ui.palette.groups import TEMPLATE_MIME
from tests.ui.canvas.desk import Desk, edge, flow_of, node

ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
CHAIN = flow_of(
    [
        node("p", "prices"),
        node("fast", "sma", 340),
        node("over", "greater_than", 700),
        node("enter", "enter_long", 700, 240),
    ],
    edge("p.close", "fast.price"),
    edge("fast.value", "over.a"),
    edge("over.result", "enter.condition"),
)


def middle_of(desk: Desk, wire: Edge) -> QPoint:
    place = desk.view.canvas.picture.wires[wire].pointAtPercent(0.5)
    return desk.pixel(place.x(), place.y())


def drop(desk: Desk, name: str, at: QPoint) -> None:
    data = QMimeData()
    data.setData(TEMPLATE_MIME, QByteArray(name.encode()))
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    QApplication.sendEvent(desk.view.viewport(), QDragEnterEvent(at, copy, data, left, NONE))
    QApplication.sendEvent(desk.view.viewport(), QDropEvent(QPointF(at), copy, data, left, NONE))


# ── into a wire ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_block_dropped_from_the_palette_on_a_wire_is_put_into_it_as_one_step(desk: Desk) -> None:
    desk.become(CHAIN)
    drop(desk, "sma", middle_of(desk, edge("fast.value", "over.a")))
    (edit,) = desk.edits
    assert isinstance(edit, Batch)
    assert edit.title == "Insert Simple moving average into a wire"
    assert {edge("fast.value", "sma.price"), edge("sma.value", "over.a")} <= set(desk.flow.edges)
    assert edge("fast.value", "over.a") not in desk.flow.edges
    assert desk.view.selected_nodes() == {"sma"}


def test_searched_block_is_put_into_the_wire_that_was_double_clicked(desk: Desk) -> None:
    desk.become(CHAIN)
    QTest.mouseDClick(
        desk.view.viewport(), Qt.MouseButton.LeftButton, pos=middle_of(desk, edge("p.close", "fast.price"))
    )
    QTest.keyClicks(desk.view.search.field, "ema")
    QTest.keyClick(desk.view.search.field, Qt.Key.Key_Return)
    assert {edge("p.close", "ema.price"), edge("ema.value", "fast.price")} <= set(desk.flow.edges)


def test_block_whose_types_do_not_fit_is_only_put_beside_the_wire(desk: Desk) -> None:
    desk.become(CHAIN)
    drop(desk, "enter_short", middle_of(desk, edge("fast.value", "over.a")))
    assert isinstance(desk.edits[0], AddNode)
    assert desk.flow.edges == CHAIN.edges


def test_block_without_wires_dragged_onto_a_wire_lights_it_and_is_put_into_it(desk: Desk) -> None:
    desk.become(apply(CHAIN, AddNode(node("slow", "sma", 300, 300)))[0])
    wire = edge("fast.value", "over.a")
    start = desk.title("slow")
    desk.hold(start, middle_of(desk, wire))
    assert desk.view.canvas.wires.lit == {wire}
    desk.release(middle_of(desk, wire))
    (edit,) = desk.edits
    assert isinstance(edit, Batch)
    assert isinstance(edit.edits[0], MoveNodes)
    assert {edge("fast.value", "slow.price"), edge("slow.value", "over.a")} <= set(desk.flow.edges)
    assert desk.view.canvas.wires.lit == frozenset()


def test_block_that_has_wires_is_only_moved_over_a_wire(desk: Desk) -> None:
    flow = apply(CHAIN, AddNode(node("slow", "sma", 300, 300)))[0]
    desk.become(apply(flow, Connect(edge("p.open", "slow.price")))[0])
    before = desk.flow.edges
    desk.drag(desk.title("slow"), middle_of(desk, edge("fast.value", "over.a")))
    assert isinstance(desk.edits[0], MoveNodes)
    assert desk.flow.edges == before


# ── closing the gap ──────────────────────────────────────────────────────────────────────────────────────────────


def test_delete_closes_the_gap_where_types_allow_as_one_step(desk: Desk) -> None:
    desk.become(CHAIN)
    desk.view.select({"fast"})
    desk.view.delete_selection()
    (edit,) = desk.edits
    assert isinstance(edit, Batch)
    assert edit.title == "Remove Simple moving average"
    assert set(desk.flow.edges) == {edge("p.close", "over.a"), edge("over.result", "enter.condition")}


def test_delete_leaves_the_gap_where_types_do_not_allow(desk: Desk) -> None:
    desk.become(CHAIN)
    desk.view.select({"over"})
    desk.view.delete_selection()
    assert desk.edits == [RemoveNodes(frozenset({"over"}))]
    assert set(desk.flow.edges) == {edge("p.close", "fast.price")}


def test_delete_of_a_run_of_blocks_closes_the_whole_gap(desk: Desk) -> None:
    row = [node("p", "prices"), *(node(f"s{number}", "sma", 300 * number) for number in range(1, 5))]
    desk.become(
        flow_of(row, edge("p.close", "s1.price"), *(edge(f"s{at}.value", f"s{at + 1}.price") for at in range(1, 4)))
    )
    desk.view.select({"s2", "s3"})
    desk.view.delete_selection()
    assert set(desk.flow.edges) == {edge("p.close", "s1.price"), edge("s1.value", "s4.price")}


@given(st.sets(st.integers(0, 9)), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_every_healing_wire_could_have_been_drawn_by_hand(
    catalogue: Catalogue, gone: set[int], pairs: list[tuple[int, int]]
) -> None:
    flow = flow_of([node(f"n{number}", "add") for number in range(10)])
    for one, other in pairs:
        wire = edge(f"n{min(one, other)}.value", f"n{max(one, other)}.{'ab'[(one + other) % 2]}")
        if connection_refusal(flow, catalogue, wire) is None:
            flow, _ = apply(flow, Connect(wire))
    ids = {f"n{number}" for number in gone}
    healed = healing_edges(flow, catalogue, ids)
    rest, _ = apply(flow, RemoveNodes(frozenset(ids)))
    for wire in healed:
        assert connection_refusal(rest, catalogue, wire) is None
        rest, _ = apply(rest, Connect(wire))


def test_healing_leaves_other_muted_blocks_in_their_chains(catalogue: Catalogue) -> None:
    muted = node("b", "sma")
    flow = flow_of(
        [node("p", "prices"), node("a", "sma"), type(muted)("b", "sma", muted=True), node("c", "sma")],
        edge("p.close", "a.price"),
        edge("a.value", "b.price"),
        edge("b.value", "c.price"),
    )
    assert healing_edges(flow, catalogue, {"a"}) == (edge("p.close", "b.price"),)


# ── cutting ──────────────────────────────────────────────────────────────────────────────────────────────────────


def cut(desk: Desk, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier, *corners: QPoint) -> None:
    port = desk.view.viewport()
    QTest.mousePress(port, button, modifiers, corners[0])
    for corner in corners[1:]:
        QTest.mouseMove(port, corner)
    QTest.mouseRelease(port, button, modifiers, corners[-1])


@pytest.mark.parametrize(
    ("button", "modifiers"), [(Qt.MouseButton.LeftButton, ALT), (Qt.MouseButton.RightButton, CONTROL)]
)
def test_drawn_line_cuts_every_wire_it_crosses_as_one_step(
    desk: Desk, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier
) -> None:
    desk.become(CHAIN)
    one, other = (middle_of(desk, wire) for wire in (edge("p.close", "fast.price"), edge("fast.value", "over.a")))
    cut(desk, button, modifiers, one - QPoint(0, 80), one + QPoint(0, 80), other + QPoint(0, 90), other - QPoint(0, 80))
    (edit,) = desk.edits
    assert isinstance(edit, Batch)
    assert edit.title == "Cut 2 wires"
    assert desk.flow.edges == (edge("over.result", "enter.condition"),)


def test_wires_that_the_line_crosses_are_lit_and_escape_spares_them(desk: Desk) -> None:
    desk.become(CHAIN)
    wire = edge("p.close", "fast.price")
    middle = middle_of(desk, wire)
    desk.press(middle - QPoint(0, 60), ALT)
    desk.move(middle + QPoint(0, 60))
    assert desk.view.canvas.wires.lit == {wire}
    desk.key(Qt.Key.Key_Escape)
    assert desk.view.canvas.wires.lit == frozenset()
    desk.release(middle + QPoint(0, 60))
    assert desk.edits == []


def test_line_beside_every_wire_cuts_nothing(desk: Desk) -> None:
    desk.become(CHAIN)
    cut(desk, Qt.MouseButton.LeftButton, ALT, desk.pixel(0, 300), desk.pixel(600, 320))
    assert desk.edits == []


def test_line_cuts_a_wire_where_it_is_led_through_points_and_not_where_it_would_run_without(desk: Desk) -> None:
    wire = edge("p.close", "fast.price")
    desk.become(CHAIN)
    straight = middle_of(desk, wire)
    at = desk.view.place_at(straight.toPointF())
    desk.become(apply(CHAIN, SetRoute(wire, (Point(at.x(), at.y() + 320),)))[0])
    cut(desk, Qt.MouseButton.LeftButton, ALT, straight - QPoint(0, 20), straight + QPoint(0, 20))
    assert desk.edits == []
    there = desk.pixel(at.x(), at.y() + 320)
    cut(desk, Qt.MouseButton.LeftButton, ALT, there - QPoint(0, 20), there + QPoint(0, 20))
    assert desk.edits == [Disconnect(wire)]


def test_single_cut_wire_is_one_plain_step(desk: Desk) -> None:
    desk.become(CHAIN)
    middle = middle_of(desk, edge("p.close", "fast.price"))
    cut(desk, Qt.MouseButton.LeftButton, ALT, middle - QPoint(0, 60), middle + QPoint(0, 60))
    assert desk.edits == [Disconnect(edge("p.close", "fast.price"))]
    assert isinstance(desk.flow, LogicFlow)
    assert desk.flow.nodes["fast"].position == Point(340, 0)
