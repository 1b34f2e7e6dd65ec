"""The graphics scene: the facts it is shown, and what hands do to the eye."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy.typing as npt
from PySide6.QtCore import QObject, Signal

from builder_app.flow.problems import Problem, Severity
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Edge, LogicFlow, Point
from builder_app.ui.canvas.difference import FEW
from builder_app.ui.canvas.furniture import Thing, ThingsShown, is_there
from builder_app.ui.canvas.gestures.pull_wire import PullWire
from builder_app.ui.canvas.inks import make_inks
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.routes import Bend
from builder_app.ui.canvas.scene_items import SceneItems, worst_of
from builder_app.ui.theme import Theme


class CanvasScene(SceneItems):
    """What the eye sees on the items: selection, hovering, problems, sparklines.

    `parts_selected` tells that other blocks, wires, frames or notes are selected; `flow_shown(before, after)` that
    another flow is shown, `bodies_changed` that a map of it looks different.
    """

    parts_selected = Signal()
    flow_shown = Signal(object, object)
    bodies_changed = Signal()

    def __init__(self, catalogue: Catalogue, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(catalogue, theme, parent)
        self.things = ThingsShown()
        self._hovered: PortEnd | Edge | None = None
        self._badges: dict[str, Severity] = {}

    # ── facts shown ──────────────────────────────────────────────────────────────────────────────────────────────

    def show_flow(self, before: LogicFlow | None, after: LogicFlow) -> None:
        """Show `after`, touching only what differs from `before`."""
        frames_differ = before is None or before.frames is not after.frames or before.notes is not after.notes
        self._hovered = None
        self.wires.hovered = None
        difference = self.picture.show(before, after)
        self._take(difference)
        if difference.is_of_bodies or frames_differ:
            self.bodies_changed.emit()
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
        self._badges = {id: worst for id, found in self.problems.items() if (worst := worst_of(found))}
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
        difference = self.picture.show_traced(frozenset(traces))
        self._take(difference)
        if difference.is_of_bodies:
            self.bodies_changed.emit()
        for id in self.items_by_node.keys() & self.traces.keys():
            self._show_sparkline(id)

    def show_cursor(self, values: Mapping[str, Mapping[str, float]], share: float | None) -> None:
        """Write these values in the place of the outputs' names, and mark this share of the sparklines' width."""
        before, self._cursor = self._cursor, (values, share)
        touched = before[0].keys() | values.keys() | (self.traces.keys() if share != before[1] else set())
        for id in touched & self.items_by_node.keys():
            self._show_cursor_on(id)

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
