"""The graphics items of what is in sight, in step with the picture: one for each block, and one for all wires."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy.typing as npt
from PySide6.QtCore import QObject, QRectF
from PySide6.QtWidgets import QGraphicsScene

from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Edge
from builder_app.ui.canvas.difference import Difference
from builder_app.ui.canvas.gestures.pull_wire import PullWire
from builder_app.ui.canvas.inks import Inks, make_inks
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.node_item import NodeItem
from builder_app.ui.canvas.node_painting import PortKey, sparkline_box, value_words
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.sparklines import sparkline_path
from builder_app.ui.canvas.wires_item import WiresItem
from builder_app.ui.theme import Theme

_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.REMARK)
_ROOM = 2000.0
_RIM = 8
"""How far outlines and dots reach around a block that is seen from far away, in pixels."""
_MOST_ITEMS = 400
"""Blocks that went out of sight keep their items until there are so many."""


class SceneItems(QGraphicsScene):
    """Items for the blocks in sight, each showing what is known of its block, and whatever must be painted anew."""

    def __init__(self, catalogue: Catalogue, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.picture = Picture(catalogue)
        self.inks: Inks = make_inks(theme)
        self.items_by_node: dict[str, NodeItem] = {}
        self.wires = WiresItem(self.picture, self.inks)
        self.addItem(self.wires)
        self.selected_nodes: frozenset[str] = frozenset()
        self.selected_wires: frozenset[Edge] = frozenset()
        self.problems: Mapping[str, tuple[Problem, ...]] = {}
        self.traces: Mapping[str, npt.NDArray[Any]] = {}
        self._pull: PullWire | None = None
        self._sight: QRectF | None = None
        self._zoom = 1.0
        self._cursor: tuple[Mapping[str, Mapping[str, float]], float | None] = ({}, None)

    # ── in step with the picture ──────────────────────────────────────────────────────────────────────────────────────

    def look(self, shown: QRectF | None, zoom: float = 1.0) -> None:
        """Have items for the blocks in this part of the canvas (canvas units); None: for none, as from far away."""
        if shown is None:
            self._sight = None
            self._drop(list(self.items_by_node))
            return
        if zoom != self._zoom:
            self._zoom = zoom
            for item in self.items_by_node.values():
                item.fit_zoom(zoom)
        if self._sight is None or not self._sight.contains(shown):
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
        item = self.items_by_node[id] = NodeItem(self.picture.faces[id], self.inks, self._zoom)
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
            self._keep_index_rect(difference.rects)
            self._fill_sight()
        if difference.rects and self._sight is None:
            self._repaint_places([*difference.rects, *difference.dirty])
        elif difference:
            self._repaint_far()

    # ── what an item shows ────────────────────────────────────────────────────────────────────────────────────────────

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
        item.state.badge = worst_of(found)
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

    def _show_cursor_on(self, id: str) -> None:
        values, share = self._cursor
        item = self.items_by_node[id]
        types = {port.name: port.type for port in item.face.ports if not port.is_input}
        item.state.values = {name: value_words(value, types.get(name)) for name, value in values.get(id, {}).items()}
        item.state.cursor = share if id in self.traces else None
        item.update()

    # ── painting anew ─────────────────────────────────────────────────────────────────────────────────────────────────

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

    def _keep_index_rect(self, moved: Sequence[QRectF]) -> None:
        """The scene's own rectangle only serves its spatial index; it follows the blocks in large steps.

        Where it is known what `moved`, nothing else is looked at.
        """
        room = self.sceneRect()
        if moved and all(map(room.contains, moved)):
            return
        bounds = self.picture.bounds()
        if not room.contains(bounds) or room.isEmpty():
            self.setSceneRect(bounds.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM))


def worst_of(problems: tuple[Problem, ...]) -> Severity | None:
    """The severity of the worst of these problems; None where there are none."""
    return next((worst for worst in _WORST_FIRST if any(problem.severity is worst for problem in problems)), None)
