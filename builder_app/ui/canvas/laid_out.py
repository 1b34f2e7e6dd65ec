"""A flow as it is laid out on the canvas, and the answers to what is where."""

from collections import defaultdict
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF

from builder_app.flow.templates import Catalogue
from builder_app.flow.topological_order import TopologicalOrder
from builder_app.flow.values import EMPTY_FLOW, Edge, LogicFlow, NodeType, Point, PortType
from builder_app.ui.canvas.boxes import BoxIndex
from builder_app.ui.canvas.carrying import Carrying
from builder_app.ui.canvas.face_cache import FaceCache, PortPlace
from builder_app.ui.canvas.far_tiles import Blocks, FarTiles, Kept
from builder_app.ui.canvas.node_face import NodeFace, PortEnd
from builder_app.ui.canvas.routes import shift_of
from builder_app.ui.canvas.wire_layout import WireLayout
from builder_app.ui.canvas.wire_paths import Run, is_on_wire


class LaidOut:
    """Blocks, ports and wires with their places. Of what is asked here nothing changes."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.flow: LogicFlow = EMPTY_FLOW
        self.faces: dict[str, NodeFace] = {}
        self.places: dict[str, Point] = {}
        self.wires = WireLayout(self._run)
        self._face_cache = FaceCache()
        self._ports: dict[str, dict[tuple[str, bool], PortPlace]] = {}
        self._node_boxes: BoxIndex[str] = BoxIndex()
        self._blocks = FarTiles(self._node_boxes, self._bodies)
        self._carrying = Carrying(self._node_boxes, self.wires)
        self._traced: frozenset[str] = frozenset()
        self._strayed: set[str] = set()
        self._led: dict[Edge, tuple[Point, ...]] = {}
        self._order: dict[str, int] = {}
        self._last_order = 0
        self._topological: TopologicalOrder | None = None

    # ── questions ────────────────────────────────────────────────────────────────────────────────────────────────

    def rect_of(self, id: str) -> QRectF:
        """The block's body on the canvas."""
        face, place = self.faces[id], self.places[id]
        return QRectF(place.x, place.y, face.width, face.height)

    def place_of(self, end: PortEnd) -> QPointF:
        """The middle of a port on the canvas; of a port that is not drawn, the block's edge."""
        face, place = self.faces[end.node], self.places[end.node]
        port = self._ports[end.node].get((end.port, end.is_input))
        x, y = port[:2] if port else (0.0 if end.is_input else face.width, face.height / 2)
        return QPointF(place.x + x, place.y + y)

    def ends_at(self, id: str) -> list[PortEnd]:
        """The wired ports of a block; one with several wires comes several times."""
        ends: list[PortEnd] = []
        for edge in self.wires.at(id):
            ends += [end for end in (source_end(edge), target_end(edge)) if end.node == id]
        return ends

    def order(self) -> TopologicalOrder:
        """The blocks' topological order, kept from one question to the next, so that circles are found quickly."""
        if self._topological is None:
            self._topological = TopologicalOrder(self.flow)
        self._topological.follow(self.flow)
        return self._topological

    def wires_at(self, id: str) -> frozenset[Edge]:
        """The wires that start or end in a block."""
        return frozenset(self.wires.at(id))

    def wires_into(self, end: PortEnd) -> list[Edge]:
        """The wires that end in this input, in natural order."""
        return sorted(edge for edge in self.wires.at(end.node) if edge.target == end.place_in_flow)

    def type_of(self, edge: Edge) -> PortType | None:
        """What runs along the wire: the type of its source, or where that is unknown, of its target."""
        return self.wires.runs[edge].type

    def stacking(self, id: str) -> int:
        """Of two blocks, the one with the higher number lies on top."""
        return self._order[id]

    def blocks_touching(self, rects: Iterable[QRectF]) -> list[Kept[Blocks]]:
        """The bodies of all blocks in the squares of the canvas that have something in one of these rectangles."""
        return self._blocks.touching(rects)

    def _bodies(self, ids: Iterable[str]) -> Blocks:
        blocks: dict[tuple[NodeType | None, bool], list[QRectF]] = defaultdict(list)
        for id in ids:
            blocks[self.faces[id].node_type, self.faces[id].muted].append(self.rect_of(id))
        return blocks

    def nodes_touching(self, rect: QRectF) -> list[str]:
        """The blocks whose painted area touches `rect`, the undermost first."""
        return sorted(self._node_boxes.touching(rect), key=self._order.__getitem__)

    def nodes_touching_any(self, rects: Iterable[QRectF]) -> list[str]:
        """The blocks whose painted area touches one of these rectangles, the undermost first."""
        return sorted(self.seen_in(rects), key=self._order.__getitem__)

    def seen_in(self, rects: Iterable[QRectF]) -> set[str]:
        """The same blocks, in no order."""
        return {id for rect in rects for id in self._node_boxes.touching(rect)}

    def nodes_in(self, rect: QRectF) -> list[str]:
        """The blocks whose body touches `rect`."""
        return [id for id in self.nodes_touching(rect) if self.rect_of(id).intersects(rect)]

    def node_at(self, place: QPointF) -> str | None:
        """The topmost block under `place`."""
        here = self.nodes_touching(QRectF(place, place))
        return next((id for id in reversed(here) if self.rect_of(id).contains(place)), None)

    def ports_near(self, place: QPointF, reach: float) -> list[tuple[float, PortEnd]]:
        """The ports within `reach` of `place`, each with its distance, the nearest first."""
        around = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
        found = [pair for id in self.nodes_touching(around) for pair in self.ports_of(id, place)]
        return sorted(pair for pair in found if pair[0] <= reach)

    def ports_of(self, id: str, place: QPointF) -> list[tuple[float, PortEnd]]:
        """A block's ports, each with its distance to `place`."""
        at = self.places[id]
        x, y = place.x() - at.x, place.y() - at.y
        return [
            (((port.place.x() - x) ** 2 + (port.place.y() - y) ** 2) ** 0.5, PortEnd(id, port.name, port.is_input))
            for port in self.faces[id].ports
        ]

    def port_at(self, place: QPointF, reach: float) -> PortEnd | None:
        """The nearest port within `reach`."""
        near = self.ports_near(place, reach)
        return near[0][1] if near else None

    def wires_touching(self, rect: QRectF) -> list[Edge]:
        """The wires whose box touches `rect`."""
        return self.wires.boxes.touching(rect)

    def wire_at(self, place: QPointF, reach: float) -> Edge | None:
        """A wire within `reach` of `place`."""
        around = QRectF(place.x() - reach, place.y() - reach, 2 * reach, 2 * reach)
        hits = [edge for edge in self.wires_touching(around) if is_on_wire(self.wires[edge], place, reach)]
        return min(hits, default=None)

    def bounds(self) -> QRectF:
        """The smallest rectangle around every block, frame and note."""
        rects = [self._node_boxes.bounds()] if self.faces else []
        rects += [QRectF(*frame.rect) for frame in self.flow.frames.values()]
        rects += [QRectF(*note.rect) for note in self.flow.notes.values()]
        whole = QRectF()
        for rect in rects:
            whole = whole.united(rect)
        return whole

    # ── where a wire runs ────────────────────────────────────────────────────────────────────────────────────────

    def _run(self, edge: Edge) -> Run:
        (source, output), (target, entry) = edge
        start, end = self.places[source], self.places[target]
        out, into = self._ports[source].get((output, False)), self._ports[target].get((entry, True))
        if out is None:
            face = self.faces[source]
            out = PortPlace(face.width, face.height / 2, None)
        if into is None:
            into = PortPlace(0.0, self.faces[target].height / 2, None)
        via = self._via(edge) if self.flow.routes or self._led else ()
        return Run(start.x + out.x, start.y + out.y, end.x + into.x, end.y + into.y, out.type or into.type, via)

    def _via(self, edge: Edge) -> tuple[Point, ...]:
        """The points of a wire: as they are led now, or carried along by its two blocks."""
        if edge in self._led:
            return self._led[edge]
        points = self.flow.routes.get(edge, ())
        if not points or not self._strayed.issuperset((edge.source.node, edge.target.node)):
            return points
        shift = shift_of(self.flow, edge, self.places)
        return points if shift is None else tuple(Point(at.x + shift.x, at.y + shift.y) for at in points)


def source_end(edge: Edge) -> PortEnd:
    """The output a wire starts in."""
    return PortEnd(edge.source.node, edge.source.port, False)


def target_end(edge: Edge) -> PortEnd:
    """The input a wire ends in."""
    return PortEnd(edge.target.node, edge.target.port, True)
