"""Hands and eyes on one canvas, and the flow that it shows."""

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from builder_app.flow.edits import AddNode, Connect, Edit, apply
from builder_app.flow.values import EMPTY_FLOW, Edge, LogicFlow, Node, ParameterValue, Point, Port, frozen_mapping
from builder_app.ui.canvas.arranging import boxes_of, laid_out_edit
from builder_app.ui.canvas.layered_layout import layered
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.view import CanvasView

LEFT = Qt.MouseButton.LeftButton


def edge(source: str, target: str) -> Edge:
    """A wire from "node.port" to "node.port"."""
    return Edge(Port(*source.split(".")), Port(*target.split(".")))


def end_of(text: str, is_input: bool) -> PortEnd:
    """The port "node.port"."""
    id, port = text.split(".")
    return PortEnd(id, port, is_input)


def node(id: str, template: str, x: float = 0, y: float = 0, **parameters: ParameterValue) -> Node:
    """A block."""
    return Node(id, template, position=Point(x, y), parameters=frozen_mapping(parameters))


def flow_of(nodes: list[Node], *edges: Edge) -> LogicFlow:
    """A flow of these."""
    flow = EMPTY_FLOW
    steps: list[Edit] = [*map(AddNode, nodes), *map(Connect, edges)]
    for edit in steps:
        flow, _ = apply(flow, edit)
    return flow


def layout_edit(picture: Picture, nodes: Iterable[str]) -> Edit | None:
    """The step that lays these blocks out (none: all)."""
    return laid_out_edit(picture, layered(boxes_of(picture, nodes), picture.flow.edges))


class Desk:
    """The canvas, what it wished, and the flow after it."""

    def __init__(self, qtbot: QtBot, view: CanvasView) -> None:
        self.qtbot, self.view = qtbot, view
        self.flow = EMPTY_FLOW
        self.edits: list[Edit] = []
        self.said: list[str] = []
        self.selections: list[frozenset[str]] = []
        view.edit_requested.connect(self._do)
        view.message_requested.connect(self.said.append)
        view.selection_changed.connect(self.selections.append)

    def _do(self, edit: Edit) -> None:
        self.edits.append(edit)
        self.become(apply(self.flow, edit)[0])

    def become(self, flow: LogicFlow) -> None:
        """Show this flow."""
        before, self.flow = self.flow, flow
        self.view.show_flow(before, flow)

    # ── places, in pixels ────────────────────────────────────────────────────────────────────────────────────────

    def pixel(self, x: float, y: float) -> QPoint:
        """A place of the canvas."""
        return self.view.viewportTransform().map(QPointF(x, y)).toPoint()

    def title(self, id: str) -> QPoint:
        """Where a block's title is."""
        at = self.view.canvas.picture.places[id]
        return self.pixel(at.x + 60, at.y + 18)

    def port(self, text: str, is_input: bool) -> QPoint:
        """Where "node.port" is."""
        place = self.view.canvas.picture.place_of(end_of(text, is_input))
        return self.pixel(place.x(), place.y())

    def output(self, text: str) -> QPoint:
        return self.port(text, False)

    def input(self, text: str) -> QPoint:
        return self.port(text, True)

    # ── hands ────────────────────────────────────────────────────────────────────────────────────────────────────

    def press(self, at: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mousePress(self.view.viewport(), LEFT, modifiers, at)

    def move(self, at: QPoint) -> None:
        QTest.mouseMove(self.view.viewport(), at)

    def release(self, at: QPoint) -> None:
        QTest.mouseRelease(self.view.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, at)

    def click(self, at: QPoint, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.mouseClick(self.view.viewport(), LEFT, modifiers, at)

    def hold(self, start: QPoint, end: QPoint) -> None:
        """Press, and move in steps; the button stays down."""
        self.press(start)
        for step in range(1, 5):
            self.move(start + (end - start) * step / 4)

    def drag(self, start: QPoint, end: QPoint) -> None:
        """Press, move, let go."""
        self.hold(start, end)
        self.release(end)

    def key(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.view, key, modifiers)

    # ── eyes ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def color_at(self, at: QPoint) -> QColor:
        """The colour of a pixel of the view."""
        return self.view.viewport().grab().toImage().pixelColor(at)

    def colors_in(self, left_top: QPoint, right_bottom: QPoint) -> set[str]:
        """The colours in a rectangle of the view."""
        image = self.view.viewport().grab().toImage()
        return {
            image.pixelColor(x, y).name()
            for x in range(left_top.x(), right_bottom.x())
            for y in range(left_top.y(), right_bottom.y())
        }
