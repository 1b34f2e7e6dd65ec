"""Where everything of the shown flow is drawn, with answers by place; it needs no window.

The picture holds the flow it was last shown and what follows from it (faces, wires, boxes). While a gesture runs,
blocks may be put at other places for the eye (`put`); the next `show` or `put_home` brings them home.
"""

from collections.abc import Collection, Iterable, Mapping

from builder_app.flow.changes import changed_edges, changed_nodes
from builder_app.flow.values import EMPTY_FLOW, Edge, LogicFlow, NodeType, Point
from builder_app.ui.canvas.difference import FEW, Difference
from builder_app.ui.canvas.face_cache import looks_changed
from builder_app.ui.canvas.laid_out import LaidOut, source_end, target_end
from builder_app.ui.canvas.node_face import OUTSIDE, NodeFace

__all__ = ["Picture", "source_end", "target_end"]


class Picture(LaidOut):
    """The shown flow, laid out: what differs is laid out anew, and what a gesture holds is elsewhere for a while."""

    # ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────

    def show(self, before: LogicFlow | None, after: LogicFlow) -> Difference:
        """Lay out `after`. Where `before` is what is shown, only the difference is touched; otherwise everything."""
        difference = Difference()
        if before is None or before is not self.flow or not after.nodes:
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
        if len(places) > FEW and (outer := self._carrying.carry(self.places, places)) is not None:
            self.places.update(places)
            difference.moved = set(places)
            difference.note_everywhere()
            self._strayed |= difference.moved
            self._lay(outer, difference)
            return difference
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
        self._carrying.set_down()
        self._strayed = set()
        if self._led:
            difference.led = set(self._led)
            self._led = {}
            self._lay_wires_at((), difference)
        return difference

    def _clear(self, difference: Difference) -> None:
        difference.removed = set(self.faces)
        if self.wires:
            difference.note_everywhere()
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
        if gone:
            difference.note_runs([run for edge in gone if (run := self.wires.remove(edge)) is not None])
            difference.wires = True
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
            if id in self.faces and _body(laid.face) != _body(self.faces[id]):
                difference.reshaped.add(id)
            self.faces[id], self._ports[id] = laid
        if is_few:
            difference.rects += map(self.rect_of, anew)
        for id in {*difference.added, *difference.moved, *difference.reshaped}:
            self._box_node(id)

    def _lay_wires_at(self, nodes: Iterable[str], difference: Difference) -> None:
        touched = {edge for id in nodes for edge in self.wires.at(id)}
        touched |= {edge for edge in difference.led if edge in self.wires.runs}
        self._lay(touched, difference)

    def _lay(self, edges: Collection[Edge], difference: Difference) -> None:
        runs = self.wires.runs
        difference.note_runs([run for edge in edges if (run := runs.known(edge)) is not None])
        for edge in edges:
            self.wires.lay(edge, self._run(edge))
        difference.note_runs([runs[edge] for edge in edges])

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


def _body(face: NodeFace) -> tuple[float, float, NodeType | None, bool]:
    """What of a block's face is seen from far away."""
    return face.width, face.height, face.node_type, face.muted
