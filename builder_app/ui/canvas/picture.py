"""Where everything of the shown flow is drawn, with answers by place; it needs no window.

The picture holds the flow it was last shown and what follows from it (faces, wires, boxes). While a gesture runs,
blocks may be put at other places for the eye (`put`); the next `show` or `put` brings them home.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from builder_app.flow.templates import Catalogue
from builder_app.flow.topological_order import TopologicalOrder
from builder_app.flow.values import EMPTY_FLOW, Edge, LogicFlow, Node, Point, PortType
from builder_app.ui.canvas.boxes import BoxIndex
from builder_app.ui.canvas.node_face import OUTSIDE, NodeFace, PortEnd, make_face
from builder_app.ui.canvas.wire_paths import is_on_wire, wire_box, wire_path


@dataclass(slots=True)
class Difference:
    """What a call changed, for those who paint it."""

    removed: set[str] = field(default_factory=set)
    added: list[str] = field(default_factory=list)
    changed: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    wires: bool = False
    dirty: list[QRectF] = field(default_factory=list)
    """Where wires were or are, in canvas units."""


class Picture:
    """The shown flow, laid out."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.flow: LogicFlow = EMPTY_FLOW
        self.faces: dict[str, NodeFace] = {}
        self.places: dict[str, Point] = {}
        self.wires: dict[Edge, QPainterPath] = {}
        self._wires_at: dict[str, set[Edge]] = {}
        self._node_boxes: BoxIndex[str] = BoxIndex()
        self._wire_boxes: BoxIndex[Edge] = BoxIndex()
        self._traced: frozenset[str] = frozenset()
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
        self._lay_wires_at(difference.changed | difference.moved | set(difference.added), difference)
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
        for id, place in places.items():
            if id in self.faces and self.places[id] != place:
                self.places[id] = place
                self._box_node(id)
                difference.moved.add(id)
        self._lay_wires_at(difference.moved, difference)
        return difference

    def put_home(self) -> Difference:
        """Draw every block where the flow has it."""
        nodes = self.flow.nodes
        return self.put({id: nodes[id].position for id, place in self.places.items() if nodes[id].position != place})

    def _clear(self, difference: Difference) -> None:
        difference.removed = set(self.faces)
        difference.dirty = [self._wire_boxes.bounds()] if self.wires else []
        difference.wires = bool(self.wires)
        self.faces, self.places, self.wires = {}, {}, {}
        self._wires_at, self._order = {}, {}
        self._node_boxes.clear()
        self._wire_boxes.clear()

    def _show_nodes(self, before: LogicFlow, after: LogicFlow, difference: Difference) -> None:
        if before.nodes is after.nodes:
            return
        for id in [id for id in before.nodes if id not in after.nodes]:
            self.faces.pop(id)
            self.places.pop(id)
            self._order.pop(id)
            self._node_boxes.remove(id)
            difference.removed.add(id)
        for id, node in after.nodes.items():
            old = before.nodes.get(id)
            if old is node:
                continue
            if old is None:
                self._last_order += 1
                self._order[id] = self._last_order
                difference.added.append(id)
            elif _looks_changed(old, node):
                difference.changed.add(id)
            if self.places.get(id) != node.position:
                difference.moved.add(id)
            self.places[id] = node.position

    def _show_edges(self, before: LogicFlow, after: LogicFlow, difference: Difference) -> None:
        if before.edges is after.edges:
            return
        old, new = set(before.edges), set(after.edges)
        for edge in old - new:
            difference.wires = True
            difference.dirty.append(wire_box(self.wires.pop(edge)))
            self._wire_boxes.remove(edge)
            for end in edge:
                self._wires_at[end.node].discard(edge)
        for edge in new - old:
            for end in edge:
                self._wires_at.setdefault(end.node, set()).add(edge)
        difference.changed |= {end.node for edge in old ^ new for end in edge} & set(after.nodes)

    def _show_faces(self, difference: Difference) -> None:
        difference.changed -= set(difference.added)
        for id in (*difference.added, *difference.changed):
            node = self.flow.nodes[id]
            self.faces[id] = make_face(node, self.catalogue, self.ends_at(id), id in self._traced)
            self._box_node(id)
        for id in difference.moved - difference.changed - set(difference.added):
            self._box_node(id)

    def _lay_wires_at(self, nodes: Iterable[str], difference: Difference) -> None:
        touched = {edge for id in nodes for edge in self._wires_at.get(id, ())}
        for edge in touched:
            old = self.wires.get(edge)
            path = wire_path(self.place_of(source_end(edge)), self.place_of(target_end(edge)))
            if old is not None:
                difference.dirty.append(wire_box(old))
            self.wires[edge] = path
            box = wire_box(path)
            self._wire_boxes.put(edge, box)
            difference.dirty.append(box)
        difference.wires = difference.wires or bool(touched)

    def _box_node(self, id: str) -> None:
        self._node_boxes.put(id, self.rect_of(id).adjusted(-OUTSIDE, -OUTSIDE, OUTSIDE, OUTSIDE))

    # ── questions ────────────────────────────────────────────────────────────────────────────────────────────────

    def rect_of(self, id: str) -> QRectF:
        """The block's body on the canvas."""
        face, place = self.faces[id], self.places[id]
        return QRectF(place.x, place.y, face.width, face.height)

    def place_of(self, end: PortEnd) -> QPointF:
        """The middle of a port on the canvas; of a port that is not drawn, the block's edge."""
        face, place = self.faces[end.node], self.places[end.node]
        port = face.port(end.port, end.is_input)
        at = port.place if port else QPointF(0 if end.is_input else face.width, face.height / 2)
        return QPointF(place.x + at.x(), place.y + at.y())

    def ends_at(self, id: str) -> list[PortEnd]:
        """The wired ports of a block; one with several wires comes several times."""
        ends: list[PortEnd] = []
        for edge in self._wires_at.get(id, ()):
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
        return frozenset(self._wires_at.get(id, ()))

    def wires_into(self, end: PortEnd) -> list[Edge]:
        """The wires that end in this input, in natural order."""
        return sorted(edge for edge in self._wires_at.get(end.node, ()) if edge.target == end.place_in_flow)

    def type_of(self, edge: Edge) -> PortType | None:
        """What runs along the wire: the type of its source, or where that is unknown, of its target."""
        for end in (source_end(edge), target_end(edge)):
            port = self.faces[end.node].port(end.port, end.is_input)
            if port and port.type:
                return port.type
        return None

    def nodes_touching(self, rect: QRectF) -> list[str]:
        """The blocks whose painted area touches `rect`, the undermost first."""
        return sorted(self._node_boxes.touching(rect), key=self._order.__getitem__)

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
        return self._wire_boxes.touching(rect)

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


def _looks_changed(old: Node, new: Node) -> bool:
    return (old.template, old.parameters, old.label, old.muted, old.note, old.template_version) != (
        new.template,
        new.parameters,
        new.label,
        new.muted,
        new.note,
        new.template_version,
    )
