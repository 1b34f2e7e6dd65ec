"""Where everything of the shown flow is drawn, with answers by place; it needs no window.

The picture holds the flow it was last shown and what follows from it (faces, wires, boxes). While a gesture runs,
blocks may be put at other places for the eye (`put`); the next `show` or `put_home` brings them home.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF

from builder_app.flow.changes import changed_edges, changed_nodes
from builder_app.flow.templates import Catalogue
from builder_app.flow.topological_order import TopologicalOrder
from builder_app.flow.values import EMPTY_FLOW, Edge, LogicFlow, NodeType, Point, PortType
from builder_app.ui.canvas.boxes import BoxIndex
from builder_app.ui.canvas.difference import FEW, Difference
from builder_app.ui.canvas.face_cache import FaceCache, PortPlace, looks_changed
from builder_app.ui.canvas.far_tiles import Blocks, FarTiles
from builder_app.ui.canvas.node_face import OUTSIDE, NodeFace, PortEnd
from builder_app.ui.canvas.routes import shift_of
from builder_app.ui.canvas.wire_layout import WireLayout
from builder_app.ui.canvas.wire_paths import Run, is_on_wire


class Picture:
    """The shown flow, laid out."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.flow: LogicFlow = EMPTY_FLOW
        self.faces: dict[str, NodeFace] = {}
        self.places: dict[str, Point] = {}
        self.wires = WireLayout()
        self._face_cache = FaceCache()
        self._ports: dict[str, dict[tuple[str, bool], PortPlace]] = {}
        self._node_boxes: BoxIndex[str] = BoxIndex()
        self._blocks = FarTiles(self._node_boxes, self._bodies)
        self._traced: frozenset[str] = frozenset()
        self._strayed: set[str] = set()
        self._led: dict[Edge, tuple[Point, ...]] = {}
        self._order: dict[str, int] = {}
        self._last_order = 0
        self._topological: TopologicalOrder | None = None

    # ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────

    def show(self, before: LogicFlow | None, after: LogicFlow) -> Difference:
        """Lay out `after`. Where `before` is what is shown, only the difference is touched; otherwise everything."""
        difference = Difference()
        if before is None or before is not self.flow:
            self._clear(difference)
            before = EMPTY_FLOW
        self.flow = after
        self._show_nodes(before, after, difference)
        self._show_edges(before, after, difference)
        self._show_faces(difference)
        self._lay_wires_at([*difference.changed, *difference.moved, *difference.added], difference)
        return difference

    def show_traced(self, nodes: frozenset[str]) -> Difference:
        """Make room for a sparkline on these blocks, and on no other."""
        difference = Difference(changed={id for id in nodes ^ self._traced if id in self.flow.nodes})
        self._traced = nodes
        self._show_faces(difference)
        return difference

    def put(self, places: Mapping[str, Point]) -> Difference:
        """Draw blocks elsewhere for the eye, while a gesture runs."""
        difference = Difference()
        shown, is_few = self.places, len(places) <= FEW
        for id, place in places.items():
            if id in shown and shown[id] != place:
                if is_few:
                    difference.rects.append(self.rect_of(id))
                shown[id] = place
                self._box_node(id)
                difference.moved.add(id)
        if is_few:
            difference.rects += map(self.rect_of, difference.moved)
        self._strayed |= difference.moved
        self._lay_wires_at(difference.moved, difference)
        return difference

    def put_home(self) -> Difference:
        """Draw every block where the flow has it."""
        nodes = self.flow.nodes
        difference = self.put({id: nodes[id].position for id in self._strayed if id in nodes})
        self._strayed = set()
        if self._led:
            difference.led = set(self._led)
            self._led = {}
            self._lay_wires_at((), difference)
        return difference

    def _clear(self, difference: Difference) -> None:
        difference.removed = set(self.faces)
        difference.note_runs(list(self.wires.runs.values()))
        self.faces, self.places, self._ports = {}, {}, {}
        self._order, self._strayed = {}, set()
        self.wires.clear()
        self._node_boxes.clear()

    def _show_nodes(self, before: LogicFlow, after: LogicFlow, difference: Difference) -> None:
        gone, pairs = changed_nodes(before.nodes, after.nodes)
        for id in gone:
            for held in (self.faces, self.places, self._ports, self._order):
                del held[id]
            self._node_boxes.remove(id)
            difference.removed.add(id)
        places = self.places
        for old, node in pairs:
            id = node.id
            if old is None:
                self._last_order += 1
                self._order[id] = self._last_order
                difference.added.append(id)
            elif looks_changed(old, node):
                difference.changed.add(id)
            if places.get(id) != node.position:
                difference.moved.add(id)
                places[id] = node.position
        strayed, self._strayed = self._strayed, set()
        for id in strayed:
            home = after.nodes.get(id)
            if home is not None and places[id] != home.position:
                places[id] = home.position
                difference.moved.add(id)

    def _show_edges(self, before: LogicFlow, after: LogicFlow, difference: Difference) -> None:
        gone, new = changed_edges(before.edges, after.edges)
        runs = [self.wires.remove(edge) for edge in gone]
        if runs:
            difference.note_runs(runs)
        for edge in new:
            self.wires.tie(edge)
        nodes = after.nodes
        if before.routes is not after.routes or self._led:
            self._led = {}
            for edge in before.routes.keys() | after.routes.keys():
                if before.routes.get(edge) != after.routes.get(edge) or edge in self.wires.runs:
                    difference.led.add(edge)
        if len(difference.added) < len(nodes):  # a new block's face is made anyway
            difference.changed.update(
                end.node for edges in (gone, new) for edge in edges for end in edge if end.node in nodes
            )

    def _show_faces(self, difference: Difference) -> None:
        difference.changed.difference_update(difference.added)
        nodes, catalogue, traced = self.flow.nodes, self.catalogue, self._traced
        anew = (*difference.added, *difference.changed)
        stays = not difference.removed and difference.moved.issubset(difference.added)
        is_few = stays and len(anew) <= FEW
        if is_few:
            difference.rects += [self.rect_of(id) for id in anew if id in self.faces]
        for id in anew:
            laid = self._face_cache.laid(nodes[id], catalogue, self.wires.at(id), id in traced)
            self.faces[id], self._ports[id] = laid
            self._box_node(id)
        if is_few:
            difference.rects += map(self.rect_of, anew)
        for id in difference.moved.difference(difference.changed, difference.added):
            self._box_node(id)

    def _lay_wires_at(self, nodes: Iterable[str], difference: Difference) -> None:
        touched = {edge for id in nodes for edge in self.wires.at(id)}
        touched |= {edge for edge in difference.led if edge in self.wires.runs}
        runs = self.wires.runs
        difference.note_runs([runs[edge] for edge in touched if edge in runs])
        for edge in touched:
            self.wires.lay(edge, self._run(edge))
        difference.note_runs([runs[edge] for edge in touched])

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

    @property
    def has_led_wires(self) -> bool:
        """Whether a wire is being led through points."""
        return bool(self._led)

    def lead(self, edge: Edge, points: tuple[Point, ...]) -> Difference:
        """Draw a wire through these points for the eye, while a gesture runs."""
        difference = Difference()
        if edge in self.wires.runs:
            self._led[edge] = points
            difference.led.add(edge)
            self._lay_wires_at((), difference)
        return difference

    def _box_node(self, id: str) -> None:
        face, (x, y) = self.faces[id], self.places[id]
        box = (x - OUTSIDE, y - OUTSIDE, x + face.width + OUTSIDE, y + face.height + OUTSIDE)
        self._node_boxes.put(id, box)

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

    def blocks_touching(self, rects: Iterable[QRectF]) -> list[Blocks]:
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


def source_end(edge: Edge) -> PortEnd:
    """The output a wire starts in."""
    return PortEnd(edge.source.node, edge.source.port, False)


def target_end(edge: Edge) -> PortEnd:
    """The input a wire ends in."""
    return PortEnd(edge.target.node, edge.target.port, True)
