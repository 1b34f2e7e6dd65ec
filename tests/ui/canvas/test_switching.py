"""Muting, collapsing, badges with their fixes, menus and picture files: by real mouse and key events."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QByteArray, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from builder_app.flow.edits import AddFrame, AddNote, Batch, Collapse, Connect, Mute, apply
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.values import Frame, LogicFlow, Rect, StickyNote, with_node
from builder_app.ui.canvas.picture_file import picture_file
from builder_app.ui.canvas.switching import collapse, mute, show_problems
from builder_app.ui.theme import Theme
from tests.ui.canvas.desk import Desk, edge, flow_of, node

CONTROL = Qt.KeyboardModifier.ControlModifier
FLOW = flow_of(
    [node("p", "prices"), node("fast", "sma", 320), node("over", "crosses_above", 660)],
    edge("p.close", "fast.price"),
    edge("fast.value", "over.a"),
)
FIX = Connect(edge("p.open", "over.b"))
LACK = Problem(Severity.ERROR, "lack", "'B' needs a series.", "over", "b", "Wire one in.", FIX, "Wire in the open")


# ── mute and collapse ────────────────────────────────────────────────────────────────────────────────────────────


def test_mute_switches_all_selected_blocks_as_one_step_and_back(desk: Desk) -> None:
    desk.become(apply(FLOW, Mute("fast", True))[0])
    desk.view.select({"fast", "over", "p"})
    mute(desk.view)
    assert isinstance(desk.edits[-1], Batch)
    assert all(held.muted for held in desk.flow.nodes.values())
    mute(desk.view)
    assert not any(held.muted for held in desk.flow.nodes.values())
    desk.view.select(())
    mute(desk.view)
    assert desk.said == ["Select one block or more first."]
    assert len(desk.edits) == 2


def test_collapsed_block_shows_its_title_only_and_its_wires_meet_at_it(desk: Desk) -> None:
    desk.become(FLOW)
    picture = desk.view.canvas.picture
    whole = picture.faces["p"].height
    desk.view.select({"p"})
    collapse(desk.view)
    assert desk.edits == [Collapse("p", True)]
    face = picture.faces["p"]
    assert face.height < whole / 2
    assert {port.place.y() for port in face.ports} == {face.height / 2}
    start = picture.wires[edge("p.close", "fast.price")].pointAtPercent(0)
    assert (start.x(), start.y()) == (face.width, face.height / 2)
    collapse(desk.view)
    assert picture.faces["p"].height == whole


def test_wire_can_be_pulled_onto_a_collapsed_block(desk: Desk) -> None:
    flow = flow_of([node("p", "prices"), node("s", "sma", 400)])
    desk.become(with_node(flow, replace(flow.nodes["s"], collapsed=True)))
    desk.drag(desk.output("p.high"), desk.title("s"))
    assert desk.edits == [Connect(edge("p.high", "s.price"))]


def test_collapsed_block_draws_no_sparkline_and_no_port_names(desk: Desk, theme: Theme) -> None:
    desk.become(with_node(FLOW, replace(FLOW.nodes["fast"], collapsed=True)))
    desk.view.show_traces({"fast": np.sin(np.arange(90) / 5)})
    face = desk.view.canvas.picture.faces["fast"]
    assert face.height == 40
    below = desk.colors_in(desk.pixel(330, 42), desk.pixel(500, 90))
    assert theme.color("node_body").name() not in below


# ── badges ───────────────────────────────────────────────────────────────────────────────────────────────────────


def badge(desk: Desk, id: str) -> QPoint:
    corner = desk.view.canvas.picture.rect_of(id).topRight()
    return desk.pixel(corner.x() - 4, corner.y() + 2)


def test_click_on_a_badge_says_the_problem_and_its_button_mends_it(desk: Desk) -> None:
    desk.become(FLOW)
    desk.view.show_problems((LACK,))
    desk.click(badge(desk, "over"))
    popup = desk.view.badge_popup
    assert popup.isVisible()
    assert desk.view.rect().contains(popup.geometry())
    said = [label.text() for label in popup.findChildren(QLabel) if label.text()]
    assert said == ["Error", "'B' needs a series.", "Wire one in."]
    (button,) = popup.findChildren(QPushButton)
    assert button.text() == "Wire in the open"
    assert desk.view.canvas.inks.theme.color("loss").name() in {
        popup.grab().toImage().pixelColor(x, 20).name() for x in range(popup.width())
    }
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert desk.edits == [FIX]
    assert not popup.isVisible()


def test_badge_is_read_and_mended_by_keys(desk: Desk) -> None:
    desk.become(FLOW)
    desk.view.show_problems((LACK, replace(LACK, fix=None, message="It is alone.", hint="")))
    desk.view.select({"over"})
    show_problems(desk.view)
    popup = desk.view.badge_popup
    (button,) = [found for found in popup.findChildren(QPushButton) if found.isVisible()]
    desk.qtbot.waitUntil(button.hasFocus)
    assert "It is alone." in [label.text() for label in popup.findChildren(QLabel)]
    QTest.keyClick(button, Qt.Key.Key_Escape)
    assert not popup.isVisible()
    assert desk.edits == []
    show_problems(desk.view)
    (button,) = [found for found in popup.findChildren(QPushButton) if found.isVisible()]
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert desk.edits == [FIX]
    desk.view.select({"fast"})
    show_problems(desk.view)
    assert desk.said == ["This block has no problems."]


def test_press_elsewhere_and_another_flow_close_the_badges_words(desk: Desk) -> None:
    desk.become(FLOW)
    desk.view.show_problems((LACK,))
    popup = desk.view.badge_popup
    desk.click(badge(desk, "over"))
    desk.click(desk.pixel(100, 420))
    assert not popup.isVisible()
    desk.click(badge(desk, "over"))
    assert popup.isVisible()
    desk.become(LogicFlow())
    assert not popup.isVisible()


# ── menus ────────────────────────────────────────────────────────────────────────────────────────────────────────


def right_click(desk: Desk, at: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    port = desk.view.viewport()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, port.mapToGlobal(at), modifiers)
    QTest.mousePress(port, Qt.MouseButton.RightButton, modifiers, at)
    QTest.mouseRelease(port, Qt.MouseButton.RightButton, modifiers, at)
    QApplication.sendEvent(port, event)


def furnished() -> LogicFlow:
    flow, _ = apply(FLOW, AddFrame(Frame("f", "Trend", Rect(-40, 300, 300, 160))))
    return apply(flow, AddNote(StickyNote("n", "Why", Rect(300, 320, 120, 60))))[0]


@pytest.mark.parametrize(
    ("at", "kind"),
    [((380, 18), "blocks"), ((40, 316), "frame"), ((340, 350), "note"), ((600, 420), "canvas")],
)
def test_right_click_selects_what_is_under_it_and_asks_for_its_menu(desk: Desk, at: tuple[int, int], kind: str) -> None:
    desk.become(furnished())
    asked: list[str] = []
    desk.view.context_requested.connect(lambda _at, kind: asked.append(kind))
    right_click(desk, desk.pixel(*at))
    assert asked == [kind]
    assert (desk.view.selected_nodes() == {"fast"}) == (kind == "blocks")
    assert desk.edits == []


def test_right_click_keeps_a_selection_that_it_is_part_of(desk: Desk) -> None:
    desk.become(FLOW)
    desk.view.select({"fast", "over"})
    right_click(desk, desk.title("fast"))
    assert desk.view.selected_nodes() == {"fast", "over"}
    wire = desk.view.canvas.picture.wires[edge("p.close", "fast.price")].pointAtPercent(0.5)
    right_click(desk, desk.pixel(wire.x(), wire.y()))
    assert desk.view.canvas.selected_wires == {edge("p.close", "fast.price")}


def test_right_button_with_control_cuts_and_asks_for_no_menu(desk: Desk) -> None:
    desk.become(FLOW)
    asked: list[str] = []
    desk.view.context_requested.connect(lambda _at, kind: asked.append(kind))
    right_click(desk, desk.pixel(600, 420), CONTROL)
    assert asked == []


def test_menu_asked_for_by_key_appears_at_the_selection(desk: Desk) -> None:
    desk.become(FLOW)
    desk.view.select({"over"})
    places: list[QPoint] = []
    desk.view.context_requested.connect(lambda at, _kind: places.append(at))
    QApplication.sendEvent(
        desk.view.viewport(), QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(0, 0), QPoint(0, 0))
    )
    at = desk.view.place_at(QPointF(desk.view.viewport().mapFromGlobal(places[0])))
    assert desk.view.canvas.picture.rect_of("over").contains(at)


# ── picture files ────────────────────────────────────────────────────────────────────────────────────────────────


def picture(desk: Desk, kind: str) -> QImage:
    data = picture_file(desk.view.canvas, kind)
    if kind == "png":
        return QImage.fromData(data)
    drawn = QSvgRenderer(QByteArray(data))
    assert drawn.isValid()
    image = QImage(drawn.viewBox().size(), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    drawn.render(painter)
    painter.end()
    return image


@pytest.mark.parametrize(("kind", "scale"), [("svg", 1), ("png", 2)])
def test_picture_file_shows_the_whole_picture_and_no_selection(desk: Desk, theme: Theme, kind: str, scale: int) -> None:
    desk.become(furnished())
    desk.view.show_problems((LACK,))
    desk.view.select({"over", "fast"})
    desk.view.restore_viewport(0.2, 5000.0, 5000.0)
    image = picture(desk, kind)
    bounds = desk.view.canvas.picture.bounds().adjusted(-24, -24, 24, 24)
    assert abs(image.width() - bounds.width() * scale) <= 1
    assert abs(image.height() - bounds.height() * scale) <= 1

    def color(x: float, y: float) -> str:
        return image.pixelColor(int((x - bounds.left()) * scale), int((y - bounds.top()) * scale)).name()

    assert color(-35, -20) == theme.color("canvas").name()
    for id in ("p", "fast", "over"):
        rect = desk.view.canvas.picture.rect_of(id)
        assert color(rect.left() + 20, rect.bottom() - 5) == theme.color("node_body").name()
    colors = {image.pixelColor(x, y).name() for x in range(0, image.width(), 1) for y in range(0, image.height(), 1)}
    assert theme.color("loss").name() in colors
    assert theme.color("accent").name() not in colors


def test_svg_is_made_of_lines_and_letters_and_not_of_pixels(desk: Desk) -> None:
    desk.become(FLOW)
    text = picture_file(desk.view.canvas, "svg").decode()
    assert "<image" not in text
    assert text.count("<path") > 10


def test_empty_canvas_makes_no_picture_file(desk: Desk) -> None:
    with pytest.raises(ValueError, match="nothing on the canvas"):
        picture_file(desk.view.canvas, "svg")
