"""The scene keeps items only where they are seen, and what is painted from far away follows every change."""

import random

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from builder_app.flow.edits import AddNode, Connect, EditRefused, MoveNodes, Mute, RemoveNodes, apply
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import EMPTY_FLOW, LogicFlow, Point, frozen_mapping
from builder_app.ui.canvas import node_item
from builder_app.ui.canvas.far_painting import FAR
from builder_app.ui.canvas.inks import Inks
from builder_app.ui.canvas.node_face import NodeFace
from builder_app.ui.canvas.node_painting import NodeState, paint_node
from builder_app.ui.canvas.picture import Picture
from tests.ui.canvas.desk import Desk, edge, flow_of, node
from tests.ui.canvas.test_picture import random_edit

FAR_ZOOMS = (0.08, 0.3)


def row(count: int) -> LogicFlow:
    """Averages in a row, each wired to the next."""
    wires = (edge(f"n{number}.value", f"n{number + 1}.price") for number in range(count - 1))
    return flow_of([node(f"n{number}", "sma", 300 * number) for number in range(count)], *wires)


def image(desk: Desk) -> QImage:
    """What the window shows, without asking it to paint again."""
    desk.qtbot.wait(1)
    return desk.view.screen().grabWindow(desk.view.winId()).toImage()


def test_only_blocks_in_sight_have_items(desk: Desk) -> None:
    desk.become(row(60))
    assert 0 < len(desk.view.canvas.items_by_node) < 12
    desk.view.restore_viewport(1.0, 300.0 * 50, 0.0)
    assert {"n49", "n50", "n51"} <= desk.view.canvas.items_by_node.keys()
    desk.view.restore_viewport(0.1, 300.0 * 50, 0.0)
    assert not desk.view.canvas.items_by_node


def test_items_that_come_into_sight_show_what_happened_before(desk: Desk) -> None:
    desk.become(row(60))
    desk.view.select({"n50"})
    desk.view.show_problems((Problem(Severity.WARNING, "rule", "Something.", node="n51"),))
    desk.become(apply(desk.flow, MoveNodes(frozen_mapping({"n52": Point(300 * 52, 80)})))[0])
    desk.view.restore_viewport(1.0, 300.0 * 50, 0.0)
    items = desk.view.canvas.items_by_node
    assert items["n50"].state.selected
    assert items["n51"].state.badge is Severity.WARNING
    assert items["n52"].pos() == QPointF(300 * 52, 80)
    assert items["n52"].state.wired == {("price", True), ("value", False)}


def test_a_newer_block_lies_on_top_wherever_the_view_was_first(desk: Desk) -> None:
    desk.become(flow_of([node("under", "sma", 5000), node("over", "prices", 5040, 16)]))
    desk.view.restore_viewport(1.0, 5100, 50)
    items = desk.view.canvas.items_by_node
    assert items["over"].zValue() > items["under"].zValue() > desk.view.canvas.wires.zValue()


@pytest.mark.parametrize("zoom", FAR_ZOOMS)
def test_every_change_is_painted_from_far_away(desk: Desk, zoom: float) -> None:
    desk.become(row(8))
    desk.view.restore_viewport(zoom, 1000, 0)
    view, seen = desk.view, [image(desk)]

    def differs() -> bool:
        seen.append(image(desk))
        view.viewport().update()
        assert image(desk) == seen[-1], "painting everything anew shows something else"
        return seen[-1] != seen[-2]

    view.select({"n3"})
    assert differs()
    view.select_all()
    assert differs()
    view.select(())
    assert differs()
    assert seen[-1] == seen[0]
    view.canvas.put({"n2": Point(600, 400)})
    assert differs()
    view.canvas.put_home()
    assert differs()
    assert seen[-1] == seen[0]
    for change in (RemoveNodes(frozenset({"n5"})), Mute("n4", True), AddNode(node("new", "prices", 900, 300))):
        desk.become(apply(desk.flow, change)[0])
        assert differs(), change
    desk.become(apply(desk.flow, Connect(edge("new.close", "n0.price")))[0])
    assert differs()
    if zoom >= FAR:
        view.show_problems((Problem(Severity.ERROR, "rule", "Something.", node="n1"),))
        assert differs()


def rows_of(picture: Picture, everywhere: QRectF) -> list[tuple[object, ...]]:
    """What the tiles hold, in an order of its own."""
    return sorted(
        (str(type), muted, rect.x() + away.x, rect.y() + away.y, rect.width(), rect.height())
        for tile, away in picture.blocks_touching([everywhere])
        for (type, muted), rects in tile.items()
        for rect in rects
    )


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("seed", range(12))
def test_tiles_that_followed_edits_hold_what_tiles_made_anew_hold(catalogue: Catalogue, seed: int) -> None:
    dice, everywhere = random.Random(seed), QRectF(-9999, -9999, 19999, 19999)
    followed, flow = Picture(catalogue), EMPTY_FLOW
    followed.show(None, flow)
    for step in range(60):
        try:
            after, _ = apply(flow, random_edit(flow, dice))
        except EditRefused:
            continue
        followed.show(flow, after)
        flow = after
        if step % 5 == 0:
            anew = Picture(catalogue)
            anew.show(None, flow)
            assert rows_of(followed, everywhere) == rows_of(anew, everywhere)


def test_what_was_painted_of_a_block_is_kept_while_it_moves_at_any_zoom(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    painted: list[str] = []

    def count(painter: QPainter, face: NodeFace, state: NodeState, inks: Inks) -> None:
        painted.append(face.title)
        paint_node(painter, face, state, inks)

    monkeypatch.setattr(node_item, "paint_node", count)
    desk.become(row(4))
    for zoom in (0.47, 0.83, 1.0, 1.7):
        desk.view.restore_viewport(zoom, 300.0, 50.0)
        image(desk)
        painted.clear()
        for step in range(1, 12):
            desk.view.canvas.put({"n0": Point(8.0 * step, 16.0 * step)})
            image(desk)
        assert painted == []
        desk.view.canvas.put_home()
