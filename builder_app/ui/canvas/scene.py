"""The graphics scene: keeps an item for each block in sight, and one for all wires, in step with the picture."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy.typing as npt
from PySide6.QtCore import QObject, QRectF, Signal
from PySide6.QtWidgets import QGraphicsScene

from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Edge, LogicFlow, Point
from builder_app.ui.canvas.difference import FEW, Difference
from builder_app.ui.canvas.furniture import Thing, ThingsShown, is_there
from builder_app.ui.canvas.gestures.pull_wire import PullWire
from builder_app.ui.canvas.inks import Inks, make_inks
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.node_item import NodeItem
from builder_app.ui.canvas.node_painting import PortKey, sparkline_box, value_words
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.routes import Bend
from builder_app.ui.canvas.sparklines import sparkline_path
from builder_app.ui.canvas.wires_item import WiresItem
from builder_app.ui.theme import Theme

_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.REMARK)
_ROOM = 2000.0
_RIM = 8
"""How far outlines and dots reach around a block that is seen from far away, in pixels."""
_MOST_ITEMS = 400
"""Blocks that went out of sight keep their items until there are so many."""


class CanvasScene(QGraphicsScene):
    """The items, and what the eye sees on them: selection, hovering, problems, sparklines.

    `parts_selected` tells that other blocks, wires, frames or notes are selected; `flow_shown(before, after)` that
    another flow is shown.
    """

    parts_selected = Signal()
    flow_shown = Signal(object, object)

    def __init__(self, catalogue: Catalogue, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.picture = Picture(catalogue)
        self.inks: Inks = make_inks(theme)
        self.items_by_node: dict[str, NodeItem] = {}
        self.wires = WiresItem(self.picture, self.inks)
        self.addItem(self.wires)
        self.selected_nodes: frozenset[str] = frozenset()
        self.selected_wires: frozenset[Edge] = frozenset()
        self.things = ThingsShown()
        self.problems: Mapping[str, tuple[Problem, ...]] = {}
        self.traces: Mapping[str, npt.NDArray[Any]] = {}
        self._hovered: PortEnd | Edge | None = None
        self._pull: PullWire | None = None
        self._badges: dict[str, Severity] = {}
        self._sight: QRectF | None = None
        self._cursor: tuple[Mapping[str, Mapping[str, float]], float | None] = ({}, None)

    # ── facts shown ──────────────────────────────────────────────────────────────────────────────────────────────

    def show_flow(self, before: LogicFlow | None, after: LogicFlow) -> None:
        """Show `after`, touching only what differs from `before`."""
        frames_differ = before is None or before.frames is not after.frames or before.notes is not after.notes
        self._hovered = None
        self.wires.hovered = None
        self._take(self.picture.show(before, after))
        if frames_differ:
            self.things.rects = {}
            self.repaint_all()
        edges = set(after.edges) if self.selected_wires else set()
        self.select(
            frozenset(id for id in self.selected_nodes if id in after.nodes),
            frozenset(edge for edge in self.selected_wires if edge in edges),
            frozenset(thing for thing in self.things.selected if is_there(after, thing)),
        )
        self.flow_shown.emit(before, after)

    def show_problems(self, problems: Iterable[Problem]) -> None:
        """Badge the blocks that have problems, and only those."""
        by_node: dict[str, list[Problem]] = defaultdict(list)
        for problem in problems:
            if problem.node is not None:
                by_node[problem.node].append(problem)
        old, self.problems = self.problems, {id: tuple(found) for id, found in by_node.items()}
        if old == self.problems:
            return
        self._badges = {id: worst for id, found in self.problems.items() if (worst := _worst(found))}
        changed = {id for id in old.keys() | self.problems.keys() if old.get(id) != self.problems.get(id)}
        for id in changed & self.items_by_node.keys():
            self._show_badge(id)
        if len(changed) > FEW:
            self._repaint_far()
        elif self._sight is None:
            self._repaint_places([self.picture.rect_of(id) for id in changed if id in self.picture.faces])

    def show_traces(self, traces: Mapping[str, npt.NDArray[Any]]) -> None:
        """Draw these blocks' newest values on them."""
        self.traces = dict(traces)
        self._take(self.picture.show_traced(frozenset(traces)))
        for id in self.items_by_node.keys() & self.traces.keys():
            self._show_sparkline(id)

    def show_cursor(self, values: Mapping[str, Mapping[str, float]], share: float | None) -> None:
        """Write these values in the place of the outputs' names, and mark this share of the sparklines' width."""
        before, self._cursor = self._cursor, (values, share)
        touched = before[0].keys() | values.keys() | (self.traces.keys() if share != before[1] else set())
        for id in touched & self.items_by_node.keys():
            self._show_cursor_on(id)

    def _show_cursor_on(self, id: str) -> None:
        values, share = self._cursor
        item = self.items_by_node[id]
        types = {port.name: port.type for port in item.face.ports if not port.is_input}
        item.state.values = {name: value_words(value, types.get(name)) for name, value in values.get(id, {}).items()}
        item.state.cursor = share if id in self.traces else None
        item.update()

    def set_theme(self, theme: Theme) -> None:
        """Paint in this theme from now on."""
        self.inks = make_inks(theme)
        self.wires.set_inks(self.inks)
        for item in self.items_by_node.values():
            item.set_inks(self.inks)
        self.repaint_all()

    def badges(self) -> Mapping[str, Severity]:
        """The worst severity of each block that has problems."""
        return self._badges

    # ── what hands do to the eye ─────────────────────────────────────────────────────────────────────────────────

    def select(
        self,
        nodes: frozenset[str],
        wires: frozenset[Edge] = frozenset(),
        things: frozenset[Thing] = frozenset(),
    ) -> None:
        """Show these blocks, wires, frames and notes as selected, and no other."""
        if things != self.things.selected:
            self.things.selected = things
            self.repaint_all()
        elif (nodes, wires) == (self.selected_nodes, self.selected_wires):
            return
        for id, item in self.items_by_node.items():
            if item.state.selected is not (id in nodes):
                item.state.selected = id in nodes
                item.update()
        self.selected_nodes, self.selected_wires = nodes, wires
        self.wires.selected_nodes, self.wires.selected_wires = nodes, wires
        self.wires.repaint_all()
        self._repaint_far()
        self.parts_selected.emit()

    def hover(self, what: PortEnd | Edge | None) -> None:
        """Show a port or a wire as under the pointer."""
        if what == self._hovered:
            return
        old, self._hovered = self._hovered, what
        for end in (old, what):
            if isinstance(end, PortEnd) and end.node in self.items_by_node:
                item = self.items_by_node[end.node]
                item.state.hovered_port = (end.port, end.is_input) if end == what else None
                item.update()
            elif isinstance(end, Edge):
                self.wires.hovered = end if end == what else None
                self.wires.repaint_all()
                self._repaint_far()

    def light(self, wires: frozenset[Edge]) -> None:
        """Show these wires as those that a gesture is about to change."""
        if wires != self.wires.lit:
            self.wires.lit = wires
            self.wires.repaint_all()
            self._repaint_far()

    def put(self, places: Mapping[str, Point]) -> None:
        """Draw blocks elsewhere while they are dragged."""
        self._take(self.picture.put(places))

    def lead(self, edge: Edge, points: tuple[Point, ...]) -> None:
        """Draw a wire through these points while one of them is dragged."""
        self._take(self.picture.lead(edge, points))

    def select_bend(self, bend: Bend | None) -> None:
        """Show one of the points of a wire as selected, or none."""
        if bend != self.wires.selected_bend:
            self.wires.selected_bend = bend
            self.wires.repaint_all()

    def put_home(self) -> None:
        """Draw every block where the flow has it."""
        self._take(self.picture.put_home())

    def show_pull(self, pull: PullWire | None) -> None:
        """While a wire is in the hand, light the ports that fit and dim the others; None: as always."""
        self._pull = pull
        self.wires.leave_out(pull.taken if pull else None)
        self._repaint_far()
        for id, item in self.items_by_node.items():
            self._show_fits(id, item)
            item.update()

    # ── keeping items in step ────────────────────────────────────────────────────────────────────────────────────

    def look(self, shown: QRectF | None) -> None:
        """Have items for the blocks in this part of the canvas (canvas units); None: for none, as from far away."""
        if shown is None:
            self._sight = None
            self._drop(list(self.items_by_node))
        elif self._sight is None or not self._sight.contains(shown):
            across, down = shown.width() / 4, shown.height() / 4
            self._sight = shown.adjusted(-across, -down, across, down)
            self._fill_sight()

    def _fill_sight(self) -> None:
        if self._sight is None:
            return
        seen = self.picture.nodes_touching(self._sight)
        for id in seen:
            if id not in self.items_by_node:
                self._add_item(id)
        if len(self.items_by_node) > _MOST_ITEMS + len(seen):
            self._drop(self.items_by_node.keys() - set(seen))

    def _add_item(self, id: str) -> None:
        item = self.items_by_node[id] = NodeItem(self.picture.faces[id], self.inks)
        item.state.selected = id in self.selected_nodes
        item.setPos(*self.picture.places[id])
        item.setZValue(self.picture.stacking(id))
        self._show_wired(id)
        self._show_fits(id, item)
        self.addItem(item)
        self._show_sparkline(id)
        self._show_badge(id)
        self._show_cursor_on(id)

    def _drop(self, ids: Iterable[str]) -> None:
        for id in ids:
            self.removeItem(self.items_by_node.pop(id))

    def _take(self, difference: Difference) -> None:
        items = self.items_by_node
        self._drop(items.keys() & difference.removed)
        for id in items.keys() & difference.changed:
            items[id].show_face(self.picture.faces[id])
            self._show_wired(id)
            self._show_sparkline(id)
        for id in items.keys() & difference.moved:
            items[id].setPos(*self.picture.places[id])
        if difference.wires:
            self.wires.repaint_at(difference.dirty)
        if difference.added or difference.removed or difference.moved:
            self._keep_index_rect()
            self._fill_sight()
        if difference.rects and self._sight is None:
            self._repaint_places([*difference.rects, *difference.dirty])
        elif difference:
            self._repaint_far()

    def repaint_all(self) -> None:
        """Paint everything anew. (Qt's own `update` of a scene reaches no view that painted from far away.)"""
        for view in self.views():
            view.viewport().update()

    def _repaint_places(self, rects: Iterable[QRectF]) -> None:
        for view in self.views():
            transform = view.viewportTransform()
            for rect in rects:
                pixels = transform.mapRect(rect).toAlignedRect()
                view.viewport().update(pixels.adjusted(-_RIM, -_RIM, _RIM, _RIM))

    def _repaint_far(self) -> None:
        """From far away no item is painted, so nothing is repainted by their updates."""
        if self._sight is None:
            self.repaint_all()

    def _keep_index_rect(self) -> None:
        """The scene's own rectangle only serves its spatial index; it follows the blocks in large steps."""
        bounds = self.picture.bounds()
        if not self.sceneRect().contains(bounds) or self.sceneRect().isEmpty():
            self.setSceneRect(bounds.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM))

    def _show_wired(self, id: str) -> None:
        ends = self.picture.ends_at(id)
        self.items_by_node[id].state.wired = frozenset((end.port, end.is_input) for end in ends)

    def _show_sparkline(self, id: str) -> None:
        item = self.items_by_node.get(id)
        if item is None:
            return
        values = self.traces.get(id)
        item.state.sparkline = None if values is None else sparkline_path(values, sparkline_box(item.face))
        item.update()

    def _show_badge(self, id: str) -> None:
        item = self.items_by_node.get(id)
        if item is None:
            return
        found = self.problems.get(id, ())
        item.state.badge = _worst(found)
        item.state.ports_in_trouble = {
            (port.name, port.is_input): problem.severity
            for problem in found
            for port in item.face.ports
            if problem.port == port.name and (port.is_input or item.face.port(port.name, True) is None)
        }
        item.update()

    def _show_fits(self, id: str, item: NodeItem) -> None:
        pull = self._pull
        if pull is None:
            item.state.fits = None
            return

        def fits(key: PortKey) -> bool:
            return pull.fits(PortEnd(id, *key))

        item.state.fits = fits


def _worst(problems: tuple[Problem, ...]) -> Severity | None:
    return next((worst for worst in _WORST_FIRST if any(problem.severity is worst for problem in problems)), None)
