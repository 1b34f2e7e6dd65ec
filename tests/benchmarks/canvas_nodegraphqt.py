"""The benchmark's hands on NodeGraphQt, run by the Python of an environment that has it.

Its cycle check is off, but where a circle is to be refused: it takes twice as long with every diamond in a row.
`python -m tests.benchmarks.canvas_nodegraphqt BLOCKS REPEATS`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.measuring import (  # isort: skip  (it chooses Qt's platform)
    HEIGHT,
    WIDTH,
    application,
    arguments,
    measure,
    mouse,
    report,
    settle,
    timed,
)
from NodeGraphQt import BaseNode, NodeGraph  # type: ignore[import-not-found]  # only in an environment of its own
from PySide6.QtCore import QEvent, QPointF, QRectF

from tests.benchmarks.grid_graph import KINDS, Graph, Kind, Wire, diamonds, grid_graph, wires_to_try

DIAMONDS: Final = 14


def node_class(kind: Kind) -> type:
    """A NodeGraphQt node of this kind."""

    def fill(self: Any) -> None:
        BaseNode.__init__(self)
        for name in kind.inputs:
            self.add_input(name, multi_input=True)
        for name in kind.outputs:
            self.add_output(name)

    name = f"Block{kind.name.title().replace('_', '')}"
    return type(name, (BaseNode,), {"__identifier__": "blocks", "NODE_NAME": kind.name, "__init__": fill})


class Library:
    """A NodeGraphQt graph."""

    def __init__(self) -> None:
        application()
        self.graph = NodeGraph()
        self.classes = {kind.name: node_class(kind) for kind in KINDS}
        for node in self.classes.values():
            self.graph.register_node(node)
        self.graph.set_acyclic(False)
        self.view = self.graph.viewer()
        self.graph.widget.resize(WIDTH, HEIGHT)
        self.graph.widget.show()
        self.viewport = self.view.viewport()
        self.nodes: dict[str, Any] = {}
        self._held = QPointF()
        settle()

    def create(self, graph: Graph) -> None:
        for block in graph.blocks:
            type = f"blocks.{self.classes[block.kind.name].__name__}"
            name, place = block.label or block.id, [block.x, block.y]
            self.nodes[block.id] = self.graph.create_node(type, name, selected=False, pos=place, push_undo=False)
        for wire in graph.wires:
            self.connect(wire)

    def connect(self, wire: Wire) -> None:
        output = self.nodes[wire.source].get_output(wire.output)
        output.connect_to(self.nodes[wire.target].get_input(wire.input), push_undo=False)

    def save(self, file: Path) -> None:
        self.graph.save_session(str(file))

    def open(self, file: Path) -> None:
        ids = list(self.nodes)
        self.graph.load_session(str(file))
        self.nodes = dict(zip(ids, self.graph.all_nodes(), strict=True))

    def clear(self) -> None:
        self.graph.clear_session()

    def fit(self) -> None:
        # Its own `fit_to_selection` groups every item and takes seconds: that would not be fair.
        bounds = QRectF()
        for node in self.nodes.values():
            bounds = bounds.united(node.view.sceneBoundingRect())
        self.view._scene_range = bounds
        self.view._update_scene()

    def look_near(self, id: str) -> None:
        self.graph.center_on([self.nodes[id]])
        self.graph.reset_zoom()
        self.graph.center_on([self.nodes[id]])

    def pan(self, pixels: int) -> None:
        zoom = self.view.transform().m11()
        self.view._set_viewer_pan(-pixels / zoom, -pixels / 2 / zoom)

    def zoom(self, factor: float) -> None:
        self.view.scale(factor, factor)

    def drag(self, ids: list[str]) -> Callable[[int], None]:
        self._held = QPointF(self.view.mapFromScene(self.nodes[ids[0]].view.sceneBoundingRect().center()))
        if len(ids) > 1:
            self.graph.select_all()
        mouse(self.viewport, QEvent.Type.MouseButtonPress, self._held)

        def move_to(pixels: int) -> None:
            mouse(self.viewport, QEvent.Type.MouseMove, self._held + QPointF(pixels, pixels))

        return move_to

    def drop(self) -> None:
        mouse(self.viewport, QEvent.Type.MouseButtonRelease, self._held + QPointF(48, 48))

    def take_back(self) -> None:
        self.undo()

    def select_all(self) -> None:
        self.graph.select_all()

    def select_none(self) -> None:
        self.graph.clear_selection()

    def delete_all(self) -> None:
        self.graph.delete_nodes(self.graph.all_nodes())

    def undo(self) -> None:
        self.graph.undo_stack().undo()


def main() -> None:
    """Measure, and print the samples as JSON."""
    count, repeats = arguments()
    found = measure(Library(), count, repeats)
    for what, graph in (("connect", grid_graph(min(count, 1000))), (f"{DIAMONDS} diamonds", diamonds(DIAMONDS))):
        library = Library()
        library.create(graph)
        library.graph.set_acyclic(True)
        fitting, circle = wires_to_try(graph)
        connected = timed(library.connect, fitting)
        refused = timed(library.connect, circle)
        names = ("connect", "refuse a circle") if what == "connect" else (f"connect, {what}", f"refuse, {what}")
        found[names[0]], found[names[1]] = [connected], [refused]
    report(found)


if __name__ == "__main__":
    main()
