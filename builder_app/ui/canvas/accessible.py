"""The canvas for those who hear it: its blocks with names, parameters and problems, under each its wires, and the
frames and notes around them; and what is told while one goes about.

Qt exposes nothing of a graphics scene by itself.
"""

from collections.abc import Iterator
from functools import cache
from typing import Final

from PySide6.QtCore import QObject, QPoint, QPointF
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from builder_app.flow.changes import changed_nodes
from builder_app.flow.values import Edge, LogicFlow
from builder_app.ui.canvas.accessible_parts import BlockPart, Part, ThingPart, WirePart
from builder_app.ui.canvas.furniture import Thing, all_things, rect_of, thing_at
from builder_app.ui.canvas.hearing import announce
from builder_app.ui.canvas.stage import Stage

_KEPT: "dict[int, CanvasInterface]" = {}
"""Qt holds interfaces by bare pointers, so that Python must not let go of one before its canvas is gone."""
_MOST_TOLD: Final = 20
"""Of more blocks that a step changes at once nothing is told one by one."""


class CanvasInterface(QAccessibleWidget):
    """The canvas: its children are the blocks, from left to right, then frames and notes, from top to bottom."""

    def __init__(self, view: Stage) -> None:
        super().__init__(view, QAccessible.Role.List, "Canvas")
        self._view = view
        self._blocks: dict[str, BlockPart] = {}
        self._things: dict[Thing, ThingPart] = {}
        self._wires: dict[tuple[str, Edge], WirePart] = {}
        self._ordered: tuple[LogicFlow | None, tuple[str | Thing, ...]] = (None, ())

    def order(self) -> tuple[str | Thing, ...]:
        """Blocks (by their ids), frames and notes in the order in which they are told; worked out once for a flow."""
        flow = self._view.canvas.picture.flow
        if self._ordered[0] is not flow:
            blocks = sorted(flow.nodes, key=lambda id: (*flow.nodes[id].position, id))
            things = sorted(
                all_things(flow),
                key=lambda thing: (not thing.is_frame, rect_of(flow, thing).y, rect_of(flow, thing).x, thing.id),
            )
            self._ordered = flow, (*blocks, *things)
        return self._ordered[1]

    def childCount(self) -> int:
        """How many blocks, frames and notes there are."""
        return len(self.order())

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The part at this place of the order."""
        order = self.order()
        return self._of(order[index]) if 0 <= index < len(order) else None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The block, frame or note at this place of the screen."""
        picture = self._view.canvas.picture
        place = self._view.place_at(QPointF(self._view.viewport().mapFromGlobal(QPoint(x, y))))
        node = picture.node_at(place)
        held = thing_at(picture.flow, place, self._view.zoom()) if node is None else None
        return self._of(node) if node is not None else self._of(held[0]) if held is not None else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """A part's place in the order."""
        order = self.order()
        key = child.node if isinstance(child, BlockPart) else child.thing if isinstance(child, ThingPart) else None
        return order.index(key) if key in order else -1

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """What the keys work on."""
        return self.chosen_part()

    def state(self) -> QAccessible.State:
        """As of any widget; several parts can be selected."""
        state = super().state()
        state.multiSelectable = state.extSelectable = True
        return state

    def chosen_part(self) -> Part | None:
        """The block, wire, frame or note that is selected, where it is the only one."""
        scene = self._view.canvas
        chosen: tuple[str | Thing | Edge, ...] = (*scene.selected_nodes, *scene.things.selected, *scene.selected_wires)
        if len(chosen) != 1:
            return None
        (part,) = chosen
        if not isinstance(part, Edge):
            return self._of(part)
        beside = self._view.keyed_block
        ends = (part.target.node, part.source.node)
        return self.wire(self._block(beside if beside in ends else ends[0]), part)

    def wire(self, block: BlockPart, edge: Edge) -> WirePart:
        """The wire, as a part of this block."""
        key = block.node, edge
        if key not in self._wires:
            self._wires[key] = WirePart(block, edge)
        return self._wires[key]

    def _of(self, key: str | Thing) -> Part:
        if not isinstance(key, Thing):
            return self._block(key)
        if key not in self._things:
            self._things[key] = ThingPart(self, self._view, key)
        return self._things[key]

    def _block(self, node: str) -> BlockPart:
        if node not in self._blocks:
            self._blocks[node] = BlockPart(self, self._view, node)
        return self._blocks[node]

    def forget(self) -> None:
        """The canvas is going: so do its parts."""
        for held in (*self._wires.values(), *self._blocks.values(), *self._things.values()):
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(held))
        for kept in (self._wires, self._blocks, self._things):
            kept.clear()

    # ── telling ──────────────────────────────────────────────────────────────────────────────────────────────────

    def tell_selection(self) -> None:
        """Whoever listens hears what the keyboard went to, or that several are selected."""
        if not QAccessible.isActive():
            return
        part = self.chosen_part()
        event = QAccessible.Event.Focus if part is not None else QAccessible.Event.SelectionWithin
        QAccessible.updateAccessibility(QAccessibleEvent(part if part is not None else self, event))

    def tell_flow(self, before: LogicFlow | None, after: LogicFlow) -> None:
        """Whoever listens learns that parts came or went, or which ones changed."""
        if not QAccessible.isActive():
            return
        if before is None or {*before.nodes, *all_things(before)} != {*after.nodes, *all_things(after)}:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.ObjectReorder))
            return
        changed = list(_changed(before, after))
        for key in changed if len(changed) <= _MOST_TOLD else ():
            for event in (QAccessible.Event.NameChanged, QAccessible.Event.DescriptionChanged):
                QAccessible.updateAccessibility(QAccessibleEvent(self._of(key), event))

    def tell_words(self, message: str) -> None:
        """Whoever listens hears a sentence that others read at the pointer, or in the status line."""
        announce(self._view, message)


def _changed(before: LogicFlow, after: LogicFlow) -> Iterator[str | Thing]:
    """Blocks, frames and notes that are not what they were."""
    yield from (node.id for _, node in changed_nodes(before.nodes, after.nodes)[1])
    for thing in all_things(after):
        held = (before.frames, after.frames) if thing.is_frame else (before.notes, after.notes)
        if held[0][thing.id] != held[1][thing.id]:
            yield thing


@cache
def install() -> None:
    """Let Qt ask for interfaces of canvases here; once in a program."""
    QAccessible.installFactory(_interface_of)


def _interface_of(_name: str, thing: QObject) -> QAccessibleInterface | None:
    if not isinstance(thing, Stage):
        return None
    key = id(thing)
    if key not in _KEPT:
        made = _KEPT[key] = CanvasInterface(thing)
        thing.destroyed.connect(lambda: _drop(key))
        thing.canvas.parts_selected.connect(made.tell_selection)
        thing.canvas.flow_shown.connect(made.tell_flow)
        thing.message_requested.connect(made.tell_words)
    return _KEPT[key]


def _drop(key: int) -> None:
    held = _KEPT.pop(key, None)
    if held is not None:
        held.forget()
