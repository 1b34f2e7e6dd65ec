"""The benchmark's hands on this program's canvas: `python -m tests.benchmarks.canvas_program BLOCKS REPEATS`."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.benchmarks.measuring import (  # isort: skip  (it chooses Qt's platform)
    HEIGHT,
    WIDTH,
    Samples,
    application,
    arguments,
    measure,
    mouse,
    report,
    settle,
    timed,
)
from PySide6.QtCore import QEvent, QPointF

from builder_app.flow.codec import dumps, loads
from builder_app.flow.edits import AddNode, Connect, Edit, RemoveNodes, SetParameter, apply
from builder_app.flow.rules import check
from builder_app.flow.values import EMPTY_FLOW, Edge, LogicFlow, Node, Point, Port, frozen_mapping
from builder_app.nodes import load_catalogue, validate_parameters
from builder_app.ui.canvas.connecting import refusal_of
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.view import CanvasView
from builder_app.ui.collecting import Collector
from builder_app.ui.theme import load_theme
from tests.benchmarks.grid_graph import Graph, Wire, diamonds, grid_graph, middle_block, wires_to_try

RESOURCES: Final = Path(__file__).parents[2] / "resources"
DIAMONDS: Final = 1000


def flow_of(graph: Graph) -> LogicFlow:
    """The graph as a flow."""
    nodes = [
        Node(block.id, block.kind.name, label=block.label, position=Point(block.x, block.y)) for block in graph.blocks
    ]
    edges = [Edge(Port(wire.source, wire.output), Port(wire.target, wire.input)) for wire in graph.wires]
    return LogicFlow(frozen_mapping((node.id, node) for node in nodes), tuple(sorted(edges)))


class Program:
    """The canvas, and what stands behind it in the window: the flow, one step of undo, the problems."""

    def __init__(self) -> None:
        application()
        self.collector = Collector()
        self.collector.start()
        self.catalogue = load_catalogue(RESOURCES / "node_templates")
        self.view = CanvasView(self.catalogue, load_theme(RESOURCES / "themes", "dark"))
        self.view.resize(WIDTH, HEIGHT)
        self.view.show()
        self.viewport = self.view.viewport()
        self.view.edit_requested.connect(self.edit)
        self.flow = EMPTY_FLOW
        self.inverse: Edit | None = None
        self._held = QPointF()

    def edit(self, edit: Edit) -> None:
        before = self.flow
        self.flow, self.inverse = apply(before, edit)
        self.view.show_flow(before, self.flow)

    def check(self) -> None:
        self.view.show_problems(check(self.flow, self.catalogue, validate_parameters))

    def edit_and_check(self, edit: Edit) -> None:
        self.edit(edit)
        self.check()

    def show(self, flow: LogicFlow) -> None:
        self.flow = flow
        self.view.show_flow(None, flow)

    def create(self, graph: Graph) -> None:
        self.show(flow_of(graph))

    def save(self, file: Path) -> None:
        self.check()
        file.write_text(dumps(self.flow), encoding="utf-8")

    def open(self, file: Path) -> None:
        self.show(loads(file.read_bytes()))

    def clear(self) -> None:
        self.show(EMPTY_FLOW)

    def fit(self) -> None:
        self.view.fit_all()

    def look_near(self, id: str) -> None:
        middle = self.view.canvas.picture.rect_of(id).center()
        self.view.restore_viewport(1.0, middle.x(), middle.y())

    def pan(self, pixels: int) -> None:
        self.view.pan_by(QPointF(pixels, pixels / 2))

    def zoom(self, factor: float) -> None:
        self.view.zoom_at(factor, QPointF(WIDTH / 2 + 100, HEIGHT / 2 - 50))

    def drag(self, ids: list[str]) -> Callable[[int], None]:
        at = self.view.canvas.picture.places[ids[0]]
        self._held = self.view.viewportTransform().map(QPointF(at.x + 80, at.y + 18))
        mouse(self.viewport, QEvent.Type.MouseButtonPress, self._held)

        def move_to(pixels: int) -> None:
            mouse(self.viewport, QEvent.Type.MouseMove, self._held + QPointF(pixels, pixels))

        return move_to

    def drop(self) -> None:
        mouse(self.viewport, QEvent.Type.MouseButtonRelease, self._held + QPointF(48, 48))

    def take_back(self) -> None:
        self.undo()

    def select_all(self) -> None:
        self.view.select_all()

    def select_none(self) -> None:
        self.view.select(())

    def delete_all(self) -> None:
        self.view.delete_selection()

    def undo(self) -> None:
        assert self.inverse is not None
        self.edit(self.inverse)


def measure_wires(program: Program, found: Samples, repeats: int) -> None:
    """Take a port in the hand, and one edit after the other from the event to the painted canvas, problems checked."""
    middle = middle_block(grid_graph(len(program.flow.nodes)))
    program.edit(RemoveNodes(frozenset(list(program.flow.nodes)[-repeats:])))  # a flow has room for so many
    program.check()
    found["check"] = [timed(program.check) for _ in range(max(2, repeats // 4))]
    for where, look in (("whole", program.fit), ("near", lambda: program.look_near(middle))):
        look()
        settle()
        found[f"edit {where}"] = []
        for edit in _edits(program, repeats):
            found[f"edit {where}"].append(timed(program.edit_and_check, edit))
    picture, shown = program.view.canvas.picture, program.view.shown_rect()
    seen = next(id for id in picture.nodes_in(shown) if shown.contains(picture.rect_of(id)) and picture.faces[id].ports)
    end = PortEnd(seen, next(port.name for port in picture.faces[seen].ports if not port.is_input), False)
    place = program.view.viewportTransform().map(picture.place_of(end))
    press, release = QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease
    found["pull"] = []
    for _ in range(max(3, repeats // 4)):
        found["pull"].append(timed(mouse, program.viewport, press, place))
        timed(mouse, program.viewport, release, place)


def _edits(program: Program, repeats: int) -> list[Edit]:
    """In turn: set a parameter, add a block, wire it."""
    edits: list[Edit] = []
    averages = [id for id, node in program.flow.nodes.items() if node.template == "sma"]
    middle = program.view.shown_rect().center()
    for step in range(max(2, repeats // 4)):
        id = f"new_{len(program.flow.nodes)}_{step}"
        edits += [
            SetParameter(averages[step * 7 % len(averages)], "period", 3 + len(program.flow.nodes) % 90 + step),
            AddNode(Node(id, "sma", position=Point(middle.x() + 40 * step, middle.y()))),
            Connect(Edge(Port(averages[len(averages) // 2], "value"), Port(id, "price"))),
        ]
    return edits


def measure_connecting(program: Program, graph: Graph, repeats: int) -> tuple[list[float], list[float]]:
    """Connect two blocks (asked, applied, laid out, ordered), and refuse the wire that would close a circle."""
    fitting, circle = map(_edge, wires_to_try(graph))
    flow = flow_of(graph)
    picture = Picture(program.catalogue)
    picture.show(None, flow)
    picture.order()

    def connect() -> None:
        assert _refusal(picture, fitting) is None
        picture.show(flow, apply(flow, Connect(fitting))[0])
        picture.order()

    def refuse() -> None:
        assert "circle" in (_refusal(picture, circle) or "")

    connected, refused = [], []
    for _ in range(repeats):
        connected.append(timed(connect))
        picture.show(picture.flow, flow)
        picture.order()
        refused.append(timed(refuse))
    return connected, refused


def _edge(wire: Wire) -> Edge:
    return Edge(Port(wire.source, wire.output), Port(wire.target, wire.input))


def _refusal(picture: Picture, edge: Edge) -> str | None:
    one, other = PortEnd(*edge.source, False), PortEnd(*edge.target, True)
    return refusal_of(picture.flow, picture.catalogue, (one, other), picture.order())


def main() -> None:
    """Measure, and print the samples as JSON."""
    count, repeats = arguments()
    program = Program()
    found = measure(program, count, repeats)
    measure_wires(program, found, repeats)
    found["connect"], found["refuse a circle"] = measure_connecting(program, grid_graph(count), repeats)
    chain = diamonds(DIAMONDS)
    found["connect, 1,000 diamonds"], found["refuse, 1,000 diamonds"] = measure_connecting(program, chain, repeats)
    report(found)


if __name__ == "__main__":
    main()
