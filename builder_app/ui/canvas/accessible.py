"""The canvas for those who hear it: its blocks with names, parameters and problems, and under each its wires.

Qt exposes nothing of a graphics scene by itself. A block's interface asks the picture each time it is asked, so
nothing has to be kept in step with the flow.
"""

from functools import cache
from typing import Any

from PySide6.QtCore import QObject, QPoint, QPointF, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget

from builder_app.flow.groups import group_of
from builder_app.flow.values import Edge
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.scene import CanvasScene
from builder_app.ui.canvas.selecting_by_keys import wire_words, wires_in_order
from builder_app.ui.canvas.stage import Stage

_KEPT: "dict[int, CanvasInterface]" = {}
"""Qt holds interfaces by bare pointers, so that Python must not let go of one before its canvas is gone."""


class NodeInterface(QAccessibleInterface):
    """One block."""

    def __init__(self, canvas: "CanvasInterface", view: Stage, node: str) -> None:
        super().__init__()
        self._canvas, self._view, self._node = canvas, view, node

    def isValid(self) -> bool:
        """Whether the block is still there."""
        return self._node in self._view.canvas.picture.faces

    def object(self) -> QObject | None:  # type: ignore[override]
        """It is painted; it is no object of Qt's."""
        return None

    def parent(self) -> QAccessibleInterface:
        """The canvas."""
        return self._canvas

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """One of its wires: those that come in from top to bottom, then those that go out."""
        wires = self._wires()
        return self._canvas.wire(self, wires[index]) if 0 <= index < len(wires) else None

    def childCount(self) -> int:
        """How many wires it has; its ports are told in its description."""
        return len(self._wires())

    def _wires(self) -> list[Edge]:
        return wires_in_order(self._view.canvas.picture, self._node) if self.isValid() else []

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """None."""
        del x, y
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """A wire's place in the order."""
        wires = self._wires()
        return wires.index(child.edge) if isinstance(child, WireInterface) and child.edge in wires else -1

    def text(self, kind: QAccessible.Text) -> str:
        """Its title as the name; parameters, wires and problems as the description."""
        scene = self._view.canvas
        if not self.isValid():
            return ""
        if kind == QAccessible.Text.Name:
            return scene.picture.faces[self._node].title
        return described(scene, self._node) if kind == QAccessible.Text.Description else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Its name is changed in the inspector."""

    def rect(self) -> QRect:
        """Where it is on the screen."""
        if not self.isValid():
            return QRect()
        box = self._view.viewportTransform().mapRect(self._view.canvas.picture.rect_of(self._node)).toAlignedRect()
        return QRect(self._view.viewport().mapToGlobal(box.topLeft()), box.size())

    def role(self) -> QAccessible.Role:
        """One of a list."""
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        """Whether it is selected, has the keyboard, and is in sight."""
        selected = self._view.selected_nodes()
        state = QAccessible.State()
        state.selectable = state.focusable = state.multiSelectable = True
        state.selected = self._node in selected
        state.focused = selected == {self._node} and self._view.hasFocus()
        state.offscreen = (
            not self._view.viewport()
            .rect()
            .intersects(self.rect().translated(-self._view.viewport().mapToGlobal(QPoint(0, 0))))
        )
        return state

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        """None beside this one."""
        del kind


class WireInterface(QAccessibleInterface):
    """One wire, as a part of a block that it begins or ends at."""

    def __init__(self, node: NodeInterface, view: Stage, edge: Edge) -> None:
        super().__init__()
        self._node, self._view, self.edge = node, view, edge

    def isValid(self) -> bool:
        """Whether the wire is still there."""
        return self.edge in self._view.canvas.picture.wires.runs

    def object(self) -> QObject | None:  # type: ignore[override]
        """It is painted; it is no object of Qt's."""
        return None

    def parent(self) -> QAccessibleInterface:
        """The block."""
        return self._node

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """None."""
        del index
        return None

    def childCount(self) -> int:
        """None."""
        return 0

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """None."""
        del x, y
        return None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """None."""
        del child
        return -1

    def text(self, kind: QAccessible.Text) -> str:
        """From which output to which input it runs."""
        named = kind == QAccessible.Text.Name and self.isValid()
        return wire_words(self._view.canvas.picture, self.edge) if named else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """It has no words of its own."""

    def rect(self) -> QRect:
        """Where it is on the screen."""
        if not self.isValid():
            return QRect()
        path = self._view.canvas.picture.wires[self.edge]
        box = self._view.viewportTransform().mapRect(path.boundingRect()).toAlignedRect()
        return QRect(self._view.viewport().mapToGlobal(box.topLeft()), box.size())

    def role(self) -> QAccessible.Role:
        """A line between two blocks."""
        return QAccessible.Role.Link

    def state(self) -> QAccessible.State:
        """Whether it is selected."""
        state = QAccessible.State()
        state.selectable = True
        state.selected = self.edge in self._view.canvas.selected_wires
        return state

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        """None beside this one."""
        del kind


class CanvasInterface(QAccessibleWidget):
    """The canvas: its children are the blocks, from left to right."""

    def __init__(self, view: Stage) -> None:
        super().__init__(view, QAccessible.Role.List, "Canvas")
        self._view = view
        self._nodes: dict[str, NodeInterface] = {}
        self._wires: dict[tuple[NodeInterface, Edge], WireInterface] = {}

    def order(self) -> list[str]:
        """The blocks' ids in the order in which they are told."""
        places = self._view.canvas.picture.places
        return sorted(places, key=lambda id: (places[id].x, places[id].y, id))

    def childCount(self) -> int:
        """How many blocks there are."""
        return len(self._view.canvas.picture.faces)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The block at this place of the order."""
        order = self.order()
        return self._of(order[index]) if 0 <= index < len(order) else None

    def childAt(self, x: int, y: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """The block at this place of the screen."""
        place = self._view.place_at(QPointF(self._view.viewport().mapFromGlobal(QPoint(x, y))))
        node = self._view.canvas.picture.node_at(place)
        return self._of(node) if node is not None else None

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """A block's place in the order."""
        found = next((id for id, held in self._nodes.items() if held is child), None)
        order = self.order()
        return order.index(found) if found in order else -1

    def focusChild(self) -> QAccessibleInterface | None:  # type: ignore[override]
        """The selected block, where it is the only one."""
        selected = self._view.selected_nodes()
        return self._of(next(iter(selected))) if len(selected) == 1 else None

    def _of(self, node: str) -> NodeInterface:
        if node not in self._nodes:
            self._nodes[node] = NodeInterface(self, self._view, node)
        return self._nodes[node]

    def wire(self, node: NodeInterface, edge: Edge) -> WireInterface:
        """The wire, as a part of this block."""
        if (node, edge) not in self._wires:
            self._wires[node, edge] = WireInterface(node, self._view, edge)
        return self._wires[node, edge]

    def forget(self) -> None:
        """The canvas is going: so do its blocks and wires."""
        for held in (*self._nodes.values(), *self._wires.values()):
            QAccessible.deleteAccessibleInterface(QAccessible.uniqueId(held))
        self._nodes.clear()
        self._wires.clear()


def described(scene: CanvasScene, node: str) -> str:
    """What is to be heard of a block beside its name: parameters, wires port by port, problems."""
    picture = scene.picture
    face = picture.faces[node]
    group = group_of(picture.flow.nodes[node].template)
    parts = ["Group: Enter opens it" if group is not None else "", face.subtitle, "muted" if face.muted else ""]
    for port in face.ports:
        others = [
            _end_name(scene, source if port.is_input else target)
            for source, target in (
                (PortEnd(*edge.source, False), PortEnd(*edge.target, True)) for edge in sorted(picture.wires_at(node))
            )
            if (target if port.is_input else source) == PortEnd(node, port.name, port.is_input)
        ]
        side, way = ("Input", "from") if port.is_input else ("Output", "to")
        wires = f"{way} {', '.join(others)}" if others else "not wired"
        parts.append(f"{side} {port.title} {wires}")
    parts += [problem.message.rstrip(".") for problem in scene.problems.get(node, ())]
    return ". ".join(part for part in parts if part) + "."


def _end_name(scene: CanvasScene, end: PortEnd) -> str:
    face = scene.picture.faces[end.node]
    port = face.port(end.port, end.is_input)
    return f"{face.title} {port.title if port else end.port}"


@cache
def install() -> None:
    """Let Qt ask for interfaces of canvases here; once in a program."""
    QAccessible.installFactory(_interface_of)


def _interface_of(_name: str, thing: QObject) -> QAccessibleInterface | None:
    if not isinstance(thing, Stage):
        return None
    key = id(thing)
    if key not in _KEPT:
        _KEPT[key] = CanvasInterface(thing)
        thing.destroyed.connect(lambda: _drop(key))
        thing.selection_changed.connect(lambda _nodes: _tell_focus(thing))
    return _KEPT[key]


def _drop(key: int) -> None:
    held = _KEPT.pop(key, None)
    if held is not None:
        held.forget()


def _tell_focus(view: Stage) -> None:
    """Whoever listens hears which block the keyboard went to."""
    held = _KEPT.get(id(view))
    selected = view.selected_nodes()
    if held is not None and len(selected) == 1 and QAccessible.isActive():
        event = QAccessibleEvent(view, QAccessible.Event.Focus)
        event.setChild(held.order().index(next(iter(selected))))
        QAccessible.updateAccessibility(event)
