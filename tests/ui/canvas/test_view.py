"""The canvas under real mouse and key events: what it wishes, and what it shows."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QDragEnterEvent,
    QDropEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit

from builder_app.flow.edits import AddNode, Annotate, Batch, Connect, Disconnect, MoveNodes, RemoveNodes, Rename, apply
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.values import EMPTY_FLOW, Frame, LogicFlow, Point, Rect, StickyNote
from builder_app.ui.canvas.overlay import message_rect
from builder_app.ui.canvas.tooltips import tooltip_at
from builder_app.ui.palette.groups import TEMPLATE_MIME
from builder_app.ui.theme import Theme, load_theme
from tests.ui.canvas.conftest import RESOURCES
from tests.ui.canvas.desk import Desk, edge, flow_of, node

SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


def line(*edges: str) -> LogicFlow:
    """Prices, two averages, a crossing and an entry, with these wires of "a.b>c.d"."""
    return flow_of(
        [
            node("p", "prices"),
            node("fast", "sma", 280),
            node("slow", "sma", 280, 240),
            node("over", "crosses_above", 560),
            node("enter", "enter_long", 816, 240),
        ],
        *(edge(*wire.split(">")) for wire in edges),
    )


WIRED = line("p.close>fast.price", "p.close>slow.price", "fast.value>over.a")


# ── selecting ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_click_selects_and_shift_click_adds_and_takes_away(desk: Desk) -> None:
    desk.become(WIRED)
    desk.click(desk.title("fast"))
    assert desk.view.selected_nodes() == {"fast"}
    desk.click(desk.title("over"), SHIFT)
    assert desk.view.selected_nodes() == {"fast", "over"}
    desk.click(desk.title("fast"), SHIFT)
    assert desk.view.selected_nodes() == {"over"}
    desk.click(desk.pixel(500, 420))
    assert desk.view.selected_nodes() == frozenset()
    assert desk.selections == [{"fast"}, {"fast", "over"}, {"over"}, set()]
    assert desk.edits == []


def test_click_on_one_of_many_selected_selects_only_it(desk: Desk) -> None:
    desk.become(WIRED)
    desk.view.select_all()
    desk.click(desk.title("slow"))
    assert desk.view.selected_nodes() == {"slow"}


def test_rubber_band_selects_what_it_touches_and_escape_takes_it_back(desk: Desk) -> None:
    desk.become(WIRED)
    desk.drag(desk.pixel(250, -60), desk.pixel(470, 300))
    assert desk.view.selected_nodes() == {"fast", "slow"}
    desk.hold(desk.pixel(540, 200), desk.pixel(600, 60))
    assert desk.view.selected_nodes() == {"over"}
    desk.key(Qt.Key.Key_Escape)
    assert desk.view.selected_nodes() == {"fast", "slow"}
    desk.release(desk.pixel(600, 60))
    assert desk.view.selected_nodes() == {"fast", "slow"}


def test_selected_block_is_framed_in_the_accent_colour(desk: Desk, theme: Theme) -> None:
    desk.become(WIRED)
    edge_pixel = desk.pixel(280 + 90, 0) - QPoint(0, 1)
    assert desk.color_at(edge_pixel) != theme.color("accent")
    desk.view.select({"fast", "no such block"})
    assert desk.view.selected_nodes() == {"fast"}
    assert desk.color_at(edge_pixel) == theme.color("accent")


def test_wires_that_do_not_lead_to_the_selection_are_dimmed(desk: Desk) -> None:
    desk.become(WIRED)
    wires = desk.view.canvas.picture.wires
    near, far = (
        desk.view.viewportTransform().map(wires[wire].pointAtPercent(0.5)).toPoint()
        for wire in (edge("fast.value", "over.a"), edge("p.close", "slow.price"))
    )
    before = [desk.color_at(near).lightness(), desk.color_at(far).lightness()]
    desk.view.select({"over"})
    assert desk.color_at(near).lightness() > before[0]
    assert desk.color_at(far).lightness() < before[1]


def test_selection_forgets_blocks_that_are_gone(desk: Desk) -> None:
    desk.become(WIRED)
    desk.view.select({"fast", "over"})
    desk.become(apply(desk.flow, RemoveNodes(frozenset({"fast"})))[0])
    assert desk.view.selected_nodes() == {"over"}
    assert desk.selections[-1] == {"over"}


# ── moving ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_drag_moves_the_selection_live_and_wishes_one_step_at_its_end(desk: Desk) -> None:
    desk.become(WIRED)
    desk.view.select({"fast", "slow"})
    start, end = desk.title("fast"), desk.title("fast") + QPoint(53, 21)
    desk.hold(start, end)
    assert desk.edits == []
    assert desk.view.canvas.items_by_node["slow"].pos() == QPointF(280 + 56, 240 + 24)
    desk.release(end)
    assert desk.edits == [MoveNodes({"fast": Point(336, 24), "slow": Point(336, 264)})]
    assert desk.view.selected_nodes() == {"fast", "slow"}


def test_escape_brings_a_dragged_block_home(desk: Desk) -> None:
    desk.become(WIRED)
    desk.hold(desk.title("fast"), desk.title("fast") + QPoint(80, 40))
    desk.key(Qt.Key.Key_Escape)
    assert desk.view.canvas.items_by_node["fast"].pos() == QPointF(280, 0)
    desk.release(desk.title("fast") + QPoint(80, 40))
    assert desk.edits == []


def test_refused_move_leaves_the_block_where_the_flow_has_it(new_desk: Callable[[], Desk]) -> None:
    desk = new_desk()
    desk.become(WIRED)
    desk.view.edit_requested.disconnect()
    desk.drag(desk.title("fast"), desk.title("fast") + QPoint(80, 40))
    assert desk.view.canvas.items_by_node["fast"].pos() == QPointF(280, 0)
    assert desk.view.canvas.picture.places["fast"] == Point(280, 0)


def test_arrow_keys_nudge_by_the_grid_and_pan_where_nothing_is_selected(desk: Desk) -> None:
    desk.become(WIRED)
    desk.view.select({"fast"})
    desk.key(Qt.Key.Key_Right)
    desk.key(Qt.Key.Key_Up, SHIFT)
    assert desk.flow.nodes["fast"].position == Point(288, -32)
    desk.view.select(())
    desk.key(Qt.Key.Key_Down)
    assert desk.view.viewport_state() == (1.0, 400.0, 264.0)
    assert len(desk.edits) == 2


# ── wires ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_wire_pulled_from_output_to_input_is_wished(desk: Desk) -> None:
    desk.become(line())
    desk.drag(desk.output("p.close"), desk.input("fast.price"))
    assert desk.edits == [Connect(edge("p.close", "fast.price"))]


def test_wire_pulled_from_input_back_to_output_is_wished(desk: Desk) -> None:
    desk.become(line())
    desk.drag(desk.input("over.b"), desk.output("slow.value"))
    assert desk.edits == [Connect(edge("slow.value", "over.b"))]


def test_wire_into_a_taken_input_replaces_the_old_one_as_one_step(desk: Desk) -> None:
    desk.become(WIRED)
    desk.drag(desk.output("slow.value"), desk.input("over.a"))
    (edit,) = desk.edits
    assert isinstance(edit, Batch)
    assert edge("slow.value", "over.a") in desk.flow.edges
    assert edge("fast.value", "over.a") not in desk.flow.edges


def test_refused_wire_is_not_drawn_and_its_reason_is_said(desk: Desk) -> None:
    desk.become(WIRED)
    desk.drag(desk.output("fast.value"), desk.input("enter.condition"))
    assert desk.edits == []
    assert len(desk.said) == 1
    assert desk.said[0].startswith("A series can't be wired into 'When'")


def test_reason_is_shown_at_the_pointer_while_the_wire_is_held(desk: Desk, theme: Theme) -> None:
    desk.become(WIRED)
    target = desk.input("enter.condition")
    desk.hold(desk.output("fast.value"), target)
    message = desk.view.hands.preview.message
    assert "can't be wired" in message
    box = message_rect(message, QPointF(target), desk.view.viewport().rect()).toRect()
    assert (box.topLeft() - target).manhattanLength() < 300
    assert theme.color("loss").name() in desk.colors_in(box.topLeft(), box.topLeft() + QPoint(12, 40))
    desk.key(Qt.Key.Key_Escape)
    assert theme.color("loss").name() not in desk.colors_in(box.topLeft(), box.topLeft() + QPoint(12, 40))


def test_ports_that_fit_stay_bright_and_others_dim_while_a_wire_is_pulled(desk: Desk) -> None:
    desk.become(line("p.close>fast.price", "fast.value>over.a", "over.result>enter.condition"))
    fitting, other = desk.input("over.a"), desk.input("enter.condition")
    before = desk.color_at(other)
    desk.hold(desk.output("slow.value"), desk.pixel(500, 420))
    assert desk.view.canvas.items_by_node["over"].state.fits is not None
    assert desk.color_at(fitting).saturation() > 100
    assert desk.color_at(other).lightness() < before.lightness()
    desk.key(Qt.Key.Key_Escape)
    assert desk.color_at(other) == before


def test_end_pulled_off_a_wired_input_into_the_empty_cuts_the_wire(desk: Desk) -> None:
    desk.become(WIRED)
    desk.drag(desk.input("over.a"), desk.pixel(500, 420))
    assert desk.edits == [Disconnect(edge("fast.value", "over.a"))]
    assert not desk.view.search.isVisible()


def test_click_on_a_port_changes_nothing(desk: Desk) -> None:
    desk.become(WIRED)
    for port in (desk.input("over.a"), desk.output("fast.value")):
        desk.click(port)
    assert desk.edits == []
    assert not desk.view.search.isVisible()


def test_clicked_wire_is_selected_and_deleted(desk: Desk) -> None:
    desk.become(WIRED)
    wire = edge("p.close", "slow.price")
    place = desk.view.canvas.picture.wires[wire].pointAtPercent(0.5)
    desk.click(desk.pixel(place.x(), place.y()))
    assert desk.view.canvas.selected_wires == {wire}
    desk.view.delete_selection()
    assert desk.edits == [Disconnect(wire)]
    assert desk.view.canvas.selected_wires == frozenset()


# ── adding ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_wire_let_go_in_the_empty_offers_only_what_fits_and_connects_the_chosen_block(desk: Desk) -> None:
    desk.become(WIRED)
    desk.drag(desk.output("over.result"), desk.pixel(560, 400))
    search = desk.view.search
    assert search.isVisible()
    offered = set(search.offered())
    assert {"enter_long", "all_of", "not"} <= offered
    assert offered.isdisjoint({"prices", "sma", "percent_of_equity", "maximum_positions"})
    QTest.keyClicks(search.field, "exit l")
    QTest.keyClick(search.field, Qt.Key.Key_Return)
    (edit,) = desk.edits
    assert isinstance(edit, Batch)
    assert desk.flow.nodes["exit_long"].template == "exit_long"
    assert edge("over.result", "exit_long.condition") in desk.flow.edges
    assert desk.view.selected_nodes() == {"exit_long"}
    assert not search.isVisible()
    assert abs(desk.input("exit_long.condition").y() - desk.pixel(560, 400).y()) <= 4


def test_tab_opens_the_search_and_enter_adds_a_block(desk: Desk) -> None:
    desk.view.setFocus()
    desk.key(Qt.Key.Key_Tab)
    assert desk.view.search.isVisible()
    QTest.keyClicks(desk.view.search.field, "sma")
    QTest.keyClick(desk.view.search.field, Qt.Key.Key_Return)
    assert [edit.node.template for edit in desk.edits if isinstance(edit, AddNode)] == ["sma"]
    assert desk.view.selected_nodes() == {"sma"}


def test_escape_closes_the_search_and_adds_nothing(desk: Desk) -> None:
    QTest.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, NONE, desk.pixel(100, 100))
    assert desk.view.search.isVisible()
    QTest.keyClick(desk.view.search.field, Qt.Key.Key_Escape)
    assert not desk.view.search.isVisible()
    assert desk.view.hasFocus()
    assert desk.edits == []


def test_search_closes_when_the_keyboard_goes_elsewhere_and_does_not_take_it_back(desk: Desk) -> None:
    field = QLineEdit(desk.view)
    field.show()
    desk.view.open_search()
    desk.qtbot.waitUntil(desk.view.search.field.hasFocus)
    field.setFocus(Qt.FocusReason.MouseFocusReason)
    assert not desk.view.search.isVisible()
    assert field.hasFocus()


def test_double_click_on_a_block_opens_it(desk: Desk) -> None:
    desk.become(WIRED)
    with desk.qtbot.waitSignal(desk.view.node_activated) as opened:
        QTest.mouseDClick(desk.view.viewport(), Qt.MouseButton.LeftButton, NONE, desk.title("slow"))
    assert opened.args == ["slow"]
    assert not desk.view.search.isVisible()


def drop(desk: Desk, name: str, at: QPoint) -> bool:
    """Drop a palette's data there; whether it was taken."""
    data = QMimeData()
    data.setData(TEMPLATE_MIME, QByteArray(name.encode()))
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    enter = QDragEnterEvent(at, copy, data, left, NONE)
    QApplication.sendEvent(desk.view.viewport(), enter)
    event = QDropEvent(QPointF(at), copy, data, left, NONE)
    QApplication.sendEvent(desk.view.viewport(), event)
    return event.isAccepted()


def test_block_dropped_from_the_palette_is_added_on_the_grid_and_selected(desk: Desk) -> None:
    desk.become(line())
    assert drop(desk, "sma", desk.pixel(501, 433))
    (edit,) = desk.edits
    assert isinstance(edit, AddNode)
    assert edit.node.id == "sma"
    assert edit.node.position.x % 8 == edit.node.position.y % 8 == 0
    assert desk.view.canvas.picture.rect_of("sma").contains(QPointF(501, 433))
    assert desk.view.selected_nodes() == {"sma"}
    drop(desk, "sma", desk.pixel(501, 633))
    assert "sma_2" in desk.flow.nodes


def test_unknown_block_may_not_be_dropped_and_asking_for_it_says_so(desk: Desk) -> None:
    assert not drop(desk, "no_such_block", desk.pixel(100, 100))
    desk.view.add_block("no_such_block")
    assert desk.edits == []
    assert "no_such_block" in desk.said[0]


def test_blocks_added_from_elsewhere_do_not_cover_each_other(desk: Desk) -> None:
    for _ in range(3):
        desk.view.add_block("sma")
    assert len({found.position for found in desk.flow.nodes.values()}) == 3


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────


def test_empty_canvas_says_what_goes_there(desk: Desk, theme: Theme) -> None:
    middle = desk.view.viewport().rect().center()
    there = (middle - QPoint(150, 10), middle + QPoint(150, 10))
    assert theme.color("quiet_text").name() in desk.colors_in(*there)
    desk.become(flow_of([node("a", "sma", -2000, -2000)]))
    assert theme.color("quiet_text").name() not in desk.colors_in(*there)


def test_problem_badges_a_block_and_its_tooltip_says_message_and_hint(desk: Desk, theme: Theme) -> None:
    desk.become(WIRED)
    face = desk.view.canvas.picture.faces["fast"]
    badge = desk.pixel(280 + face.width - 4, 2)
    around = (badge - QPoint(8, 8), badge + QPoint(8, 8))
    assert theme.color("loss").name() not in desk.colors_in(*around)
    desk.view.show_problems((Problem(Severity.ERROR, "r", "Something <is> wrong.", "fast", hint="Mend it."),))
    assert theme.color("loss").name() in desk.colors_in(*around)
    text = tooltip_at(desk.view.canvas, QPointF(280 + face.width - 4, 2), 1.0)
    assert "Something &lt;is&gt; wrong." in text
    assert "Mend it." in text
    desk.view.show_problems(())
    assert theme.color("loss").name() not in desk.colors_in(*around)


def test_worst_problem_gives_the_badge(desk: Desk) -> None:
    desk.become(WIRED)
    found = [Problem(severity, "r", "It is so.", "fast") for severity in (Severity.REMARK, Severity.WARNING)]
    desk.view.show_problems(tuple(found))
    assert desk.view.canvas.items_by_node["fast"].state.badge is Severity.WARNING


def test_trace_is_drawn_on_its_block_only(desk: Desk) -> None:
    desk.become(WIRED)
    heights = {id: face.height for id, face in desk.view.canvas.picture.faces.items()}
    desk.view.show_traces({"fast": np.sin(np.arange(300) / 9), "gone": np.ones(3)})
    assert desk.view.canvas.picture.faces["fast"].height == heights["fast"] + 32
    assert desk.view.canvas.picture.faces["slow"].height == heights["slow"]
    line = desk.view.canvas.items_by_node["fast"].state.sparkline
    assert line is not None
    assert not line.isEmpty()
    desk.view.show_traces({})
    assert desk.view.canvas.picture.faces["fast"].height == heights["fast"]


def test_muted_block_is_paler(desk: Desk, theme: Theme) -> None:
    desk.become(WIRED)
    band = desk.pixel(280 + 2, 30)
    assert desk.color_at(band) == theme.color("INDICATOR")
    muted = desk.flow.nodes["fast"]
    changed = flow_of([type(muted)(muted.id, muted.template, position=muted.position, muted=True)])
    desk.become(changed)
    assert desk.color_at(band).lightness() < theme.color("INDICATOR").lightness()


def test_frames_and_notes_are_painted_under_the_blocks(desk: Desk) -> None:
    desk.become(flow_of([node("a", "sma", 100, 100)]))
    spots = [desk.pixel(40, 60), desk.pixel(600, 60)]
    before = [desk.color_at(spot) for spot in spots]
    flow = LogicFlow(
        desk.flow.nodes,
        frames={"f": Frame("f", "Trend", Rect(0, 0, 400, 300), "#ff0000")},
        notes={"n": StickyNote("n", "Remember", Rect(560, 0, 200, 90))},
    )
    desk.become(flow)
    assert [desk.color_at(spot) != old for spot, old in zip(spots, before, strict=True)] == [True, True]
    desk.become(LogicFlow(desk.flow.nodes))
    assert [desk.color_at(spot) for spot in spots] == before


def test_only_what_differs_is_painted_anew(desk: Desk) -> None:
    desk.become(WIRED)
    items = dict(desk.view.canvas.items_by_node)
    desk.become(apply(desk.flow, Rename("slow", "Slow average"))[0])
    assert desk.view.canvas.items_by_node == items
    assert desk.view.canvas.items_by_node["slow"].face.title == "Slow average"


def test_theme_changes_every_colour_at_once(desk: Desk) -> None:
    light = load_theme(RESOURCES / "themes", "light")
    desk.become(WIRED)
    desk.view.set_theme(light)
    assert desk.color_at(desk.pixel(280 + 100, 4)) == light.color("node_body")
    assert desk.color_at(desk.pixel(517, 405)) == light.color("canvas")


@pytest.mark.parametrize("zoom", [0.1, 0.3, 0.39, 0.4, 1.0, 2.5])
def test_blocks_are_seen_at_every_zoom(desk: Desk, zoom: float) -> None:
    desk.become(WIRED)
    desk.view.restore_viewport(zoom, 280.0, 40.0)
    rect = desk.view.viewportTransform().mapRect(desk.view.canvas.picture.rect_of("fast"))
    inside = desk.color_at(rect.center().toPoint())
    assert inside != desk.view.canvas.inks.canvas


@pytest.mark.parametrize("zoom", [0.3, 0.12])
def test_blocks_can_be_dragged_from_far_away(desk: Desk, zoom: float) -> None:
    desk.become(WIRED)
    desk.view.restore_viewport(zoom, 280.0, 40.0)
    middle = desk.view.canvas.picture.rect_of("fast").center()
    desk.drag(desk.pixel(middle.x(), middle.y()), desk.pixel(middle.x(), middle.y()) + QPoint(30, 0))
    (edit,) = desk.edits
    assert isinstance(edit, MoveNodes)
    assert edit.positions["fast"].x == pytest.approx(280 + 30 / zoom, abs=8)


def test_hovered_port_gets_a_halo(desk: Desk) -> None:
    desk.become(WIRED)
    beside = desk.input("fast.price") + QPoint(-6, -7)
    before = desk.color_at(beside)
    desk.move(desk.input("fast.price"))
    assert desk.view.canvas.items_by_node["fast"].state.hovered_port == ("price", True)
    assert desk.color_at(beside) != before
    desk.move(desk.pixel(500, 420))
    assert desk.color_at(beside) == before


def test_tooltips_tell_port_and_block(desk: Desk) -> None:
    desk.become(WIRED)
    scene = desk.view.canvas
    at = scene.picture.places["fast"]
    port = tooltip_at(scene, QPointF(at.x, at.y + scene.picture.faces["fast"].ports[0].place.y()), 1.0)
    assert "series input" in port
    assert "Simple moving average" in tooltip_at(scene, QPointF(at.x + 60, at.y + 20), 1.0)
    desk.become(apply(desk.flow, Annotate("fast", "Ten days of trading"))[0])
    assert "Ten days of trading" in tooltip_at(scene, QPointF(at.x + 60, at.y + 20), 1.0)
    assert tooltip_at(scene, QPointF(-900, -900), 1.0) == ""


def test_keyboard_focus_is_seen(desk: Desk, theme: Theme) -> None:
    desk.view.clearFocus()
    corner = (QPoint(20, 0), QPoint(40, 3))
    assert theme.color("accent").name() not in desk.colors_in(*corner)
    desk.view.setFocus(Qt.FocusReason.TabFocusReason)
    desk.qtbot.waitUntil(desk.view.hasFocus)
    assert theme.color("accent").name() in desk.colors_in(*corner)


def test_a_flow_shown_in_the_middle_of_a_drag_ends_the_drag(desk: Desk) -> None:
    desk.become(WIRED)
    desk.hold(desk.title("fast"), desk.title("fast") + QPoint(80, 40))
    desk.become(EMPTY_FLOW)
    desk.release(QPoint(10, 10))
    assert desk.edits == []
