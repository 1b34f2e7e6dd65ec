"""What is heard of the parts of a canvas: blocks, the wires under each of them, frames and sticky notes.

A part asks the picture each time it is asked, so nothing has to be kept in step with the flow.
"""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, QRect, QRectF
from PySide6.QtGui import QAccessible, QAccessibleActionInterface, QAccessibleInterface

from builder_app.flow.values import Edge
from builder_app.ui.canvas.furniture import Thing, is_there
from builder_app.ui.canvas.hearing import block_words, contents_words, thing_words, wire_words
from builder_app.ui.canvas.selecting_by_keys import wires_in_order
from builder_app.ui.canvas.walking import go_to

if TYPE_CHECKING:
    from builder_app.ui.canvas.accessible import CanvasInterface
    from builder_app.ui.canvas.stage import Stage


class Part(QAccessibleInterface):
    """Something that is painted on a canvas: a child of it without children of its own, as far as nothing else is said.

    `key` tells parts of one canvas apart.
    """

    def __init__(self, canvas: "CanvasInterface", view: "Stage") -> None:
        super().__init__()
        self.canvas, self.view = canvas, view
        self._actions = _Actions(self)

    def place(self) -> QRectF:
        """Where it is on the canvas."""
        raise NotImplementedError

    def is_selected(self) -> bool:
        """Whether it is selected."""
        raise NotImplementedError

    def choose(self) -> None:
        """Select it and bring it into sight."""

    def press(self) -> None:
        """Do what Enter does to it."""

    def object(self) -> QObject | None:  # type: ignore[override]
        """It is painted; it is no object of Qt's."""
        return None

    def parent(self) -> QAccessibleInterface:
        """The canvas."""
        return self.canvas

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

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """Words are changed in the inspector, or by F2."""

    def rect(self) -> QRect:
        """Where it is on the screen."""
        if not self.isValid():
            return QRect()
        box = self.view.viewportTransform().mapRect(self.place()).toAlignedRect()
        return QRect(self.view.viewport().mapToGlobal(box.topLeft()), box.size())

    def state(self) -> QAccessible.State:
        """Whether it is selected, has the keyboard, and is in sight."""
        state = QAccessible.State()
        if not self.isValid():
            state.invalid = True
            return state
        state.selectable = state.focusable = state.multiSelectable = True
        state.selected = self.is_selected()
        state.focused = self.canvas.chosen_part() is self and self.view.hasFocus()
        room = self.view.viewport().rect().translated(self.view.viewport().mapToGlobal(QPoint(0, 0)))
        state.offscreen = not room.intersects(self.rect())
        return state

    def interface_cast(self, kind: QAccessible.InterfaceType) -> Any:
        """What can be done with it."""
        return self._actions if kind == QAccessible.InterfaceType.ActionInterface else None


class _Actions(QAccessibleActionInterface):
    """To press a part, and to go to it."""

    def __init__(self, part: Part) -> None:
        super().__init__()
        self._part = part

    def actionNames(self) -> list[str]:
        """Both."""
        return [self.pressAction(), self.setFocusAction()]

    def doAction(self, action: str, /) -> None:
        """Do one of them, as long as the part is there."""
        if not self._part.isValid():
            return
        if action == self.pressAction():
            self._part.press()
        elif action == self.setFocusAction():
            self._part.view.setFocus()
            self._part.choose()

    def keyBindingsForAction(self, action: str, /) -> list[str]:
        """Enter presses."""
        return ["Return"] if action == self.pressAction() else []


class BlockPart(Part):
    """One block; its wires are its children."""

    def __init__(self, canvas: "CanvasInterface", view: "Stage", node: str) -> None:
        super().__init__(canvas, view)
        self.node = node

    def isValid(self) -> bool:
        """Whether the block is still there."""
        return self.node in self.view.canvas.picture.faces

    def place(self) -> QRectF:
        """Its body."""
        return self.view.canvas.picture.rect_of(self.node)

    def is_selected(self) -> bool:
        """Whether it is selected."""
        return self.node in self.view.selected_nodes()

    def choose(self) -> None:
        """Select it alone and bring it into sight."""
        go_to(self.view, self.node)

    def press(self) -> None:
        """Open it, or its page in the inspector."""
        self.choose()
        self.view.activate(self.node)

    def child(self, index: int) -> QAccessibleInterface | None:  # type: ignore[override]
        """One of its wires: those that come in from top to bottom, then those that go out."""
        wires = self._wires()
        return self.canvas.wire(self, wires[index]) if 0 <= index < len(wires) else None

    def childCount(self) -> int:
        """How many wires it has; its ports are told in its description."""
        return len(self._wires())

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        """A wire's place in the order."""
        wires = self._wires()
        return wires.index(child.edge) if isinstance(child, WirePart) and child.edge in wires else -1

    def _wires(self) -> list[Edge]:
        return wires_in_order(self.view.canvas.picture, self.node) if self.isValid() else []

    def text(self, kind: QAccessible.Text) -> str:
        """Its title as the name; kind, parameters, wires and problems as the description."""
        if not self.isValid():
            return ""
        if kind == QAccessible.Text.Name:
            return self.view.canvas.picture.faces[self.node].title
        return block_words(self.view.canvas, self.node) if kind == QAccessible.Text.Description else ""

    def role(self) -> QAccessible.Role:
        """One of a list."""
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        """Beside what every part has: whether it is folded, or opens, and whether its badge says something."""
        state = super().state()
        if not state.invalid:
            face = self.view.canvas.picture.faces[self.node]
            state.movable = True
            state.expandable = face.is_group or face.collapsed
            state.collapsed = face.collapsed
            state.hasPopup = bool(self.view.canvas.problems.get(self.node))
        return state


class WirePart(Part):
    """One wire, as a part of a block that it begins or ends at."""

    def __init__(self, block: BlockPart, edge: Edge) -> None:
        super().__init__(block.canvas, block.view)
        self.block, self.edge = block, edge

    def isValid(self) -> bool:
        """Whether the wire is still there."""
        return self.edge in self.view.canvas.picture.wires.runs

    def place(self) -> QRectF:
        """The box around its curve."""
        return self.view.canvas.picture.wires[self.edge].boundingRect()

    def is_selected(self) -> bool:
        """Whether it is selected."""
        return self.edge in self.view.canvas.selected_wires

    def choose(self) -> None:
        """Select it alone."""
        self.view.keyed_block = self.block.node
        self.view.select_parts(frozenset(), frozenset({self.edge}))

    def parent(self) -> QAccessibleInterface:
        """The block."""
        return self.block

    def text(self, kind: QAccessible.Text) -> str:
        """From which output to which input it runs."""
        named = kind == QAccessible.Text.Name and self.isValid()
        return wire_words(self.view.canvas.picture, self.edge) if named else ""

    def role(self) -> QAccessible.Role:
        """A line between two blocks."""
        return QAccessible.Role.Link


class ThingPart(Part):
    """A frame with its title and what it holds, or a sticky note with its words."""

    def __init__(self, canvas: "CanvasInterface", view: "Stage", thing: Thing) -> None:
        super().__init__(canvas, view)
        self.thing = thing

    def isValid(self) -> bool:
        """Whether it is still there."""
        return is_there(self.view.canvas.picture.flow, self.thing)

    def place(self) -> QRectF:
        """Its rectangle."""
        return self.view.canvas.things.rect_of(self.view.canvas.picture.flow, self.thing)

    def is_selected(self) -> bool:
        """Whether it is selected."""
        return self.thing in self.view.canvas.things.selected

    def choose(self) -> None:
        """Select it alone and bring it into sight."""
        self.view.reveal_thing(self.thing)

    def press(self) -> None:
        """Write on it."""
        self.choose()
        self.view.words.open(self.thing)

    def text(self, kind: QAccessible.Text) -> str:
        """Its words as the name, and what a frame holds as the description."""
        if not self.isValid():
            return ""
        if kind == QAccessible.Text.Name:
            return thing_words(self.view.canvas.picture, self.thing)
        if kind == QAccessible.Text.Description:
            return contents_words(self.view.canvas.picture, self.thing)
        return ""

    def role(self) -> QAccessible.Role:
        """A grouping of blocks, or a note."""
        return QAccessible.Role.Grouping if self.thing.is_frame else QAccessible.Role.Note

    def state(self) -> QAccessible.State:
        """Beside what every part has: it can be moved and resized."""
        state = super().state()
        if not state.invalid:
            state.movable = state.sizeable = True
        return state
