"""The canvas as a widget: Qt's events, passed on to hands and wishes."""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import (
    QContextMenuEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from builder_app.flow.templates import Catalogue
from builder_app.ui.canvas import accessible
from builder_app.ui.canvas.chains import wire_under
from builder_app.ui.canvas.context import kind_of_selection, menu_place, take_under
from builder_app.ui.canvas.furniture import thing_at
from builder_app.ui.canvas.node_face import make_face
from builder_app.ui.canvas.stage import Stage
from builder_app.ui.canvas.tooltips import tooltip_at
from builder_app.ui.canvas.wishes import new_node, place_under
from builder_app.ui.palette.groups import TEMPLATE_MIME
from builder_app.ui.theme import Theme

_ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_PAGES: Final = {Qt.Key.Key_PageUp: 1, Qt.Key.Key_PageDown: -1}
_PAGE_SHARE: Final = 0.75
"""How much of what is seen goes out of sight with a page."""
_MODIFIERS: Final = {
    Qt.Key.Key_Shift,
    Qt.Key.Key_Control,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
}
_LONG_STEP: Final = 4
_PAN_STEP: Final = 64.0
_BY_KEY: Final = {
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
}


class CanvasView(Stage):
    """The canvas. Keys that belong to a gesture are handled here; all others are the action table's."""

    def __init__(self, catalogue: Catalogue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(catalogue, theme, parent)
        accessible.install()

    # ── mouse ────────────────────────────────────────────────────────────────────────────────────────────────────

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture."""
        self.hands.press(event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Carry on with it, or hover."""
        self.hands.move(event)
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End it."""
        self.hands.release(event)
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open a block, write on a frame or a note, or search for a block on the empty canvas."""
        event.accept()
        if event.button() != Qt.MouseButton.LeftButton or self.hands.busy or self.hands.space_held:
            return
        place = self.place_at(event.position())
        node = self.canvas.picture.node_at(place)
        if node is not None:
            self.activate(node)
        elif self.minimap_place(event.position()) is not None:
            return
        elif (held := thing_at(self.canvas.picture.flow, place, self.zoom())) is not None:
            self.hands.cancel()
            self.words.open(held[0])
        else:
            self.open_search(event.position())

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu for what is under the pointer, or by key for what is selected."""
        event.accept()
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        if self.hands.busy or (by_mouse and event.modifiers() & Qt.KeyboardModifier.ControlModifier):
            return
        if by_mouse:
            take_under(self, QPointF(event.pos()))
        at = event.globalPos() if by_mouse else self.viewport().mapToGlobal(menu_place(self))
        self.context_requested.emit(at, kind_of_selection(self))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the pointer any more."""
        self.canvas.hover(None)
        super().leaveEvent(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """Pinches and tool tips, and that the pointer leaves."""
        if event.type() == QEvent.Type.Leave:
            self.hands.has_pointer = False
        if isinstance(event, QNativeGestureEvent) and self.pinch(event):
            return True
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            text = tooltip_at(self.canvas, self.place_at(QPointF(event.pos())), self.zoom())
            QToolTip.showText(event.globalPos(), text, self.viewport()) if text else QToolTip.hideText()
            return True
        return super().viewportEvent(event)

    # ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def event(self, event: QEvent) -> bool:
        """Every key ends what is said at the pointer, also one that an action takes; Shift and its like do not."""
        pressed = event.type() == QEvent.Type.ShortcutOverride
        if pressed and isinstance(event, QKeyEvent) and Qt.Key(event.key()) not in _MODIFIERS:
            self.speech.hush()
        return super().event(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        """Tab searches blocks here; Shift+Tab leaves the canvas."""
        return False if next else super().focusNextPrevChild(next)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape, Tab, Space, Enter, pages and the arrows."""
        key = Qt.Key(event.key())
        if self.hands.by_keys and self._press_for_wire(key):
            return
        if key == Qt.Key.Key_Escape:
            if not self.hands.cancel() and not self._deselect():
                self.go_up()
        elif key == Qt.Key.Key_Backspace and self.levels.path:
            self.go_up()
        elif key == Qt.Key.Key_Tab and not event.modifiers():
            self.open_search()
        elif key == Qt.Key.Key_Space:
            self.hands.space_held = True
            self.hands.show_cursor()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and len(self.selected_nodes()) == 1:
            self.activate(next(iter(self.selected_nodes())))
        elif key in _PAGES and not self.hands.busy:
            sideways = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            across, down = (self.viewport().width(), 0) if sideways else (0, self.viewport().height())
            self.pan_by(QPointF(across, down) * _PAGES[key] * _PAGE_SHARE)
        elif key in _ARROWS and not self.hands.busy:
            self._press_arrow(*_ARROWS[key], bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
        else:
            event.ignore()

    def _deselect(self) -> bool:
        """Select nothing; whether anything was."""
        held = bool(self.selected_nodes() or self.canvas.selected_wires or self.canvas.things.selected)
        self.select_parts(frozenset())
        return held

    def _press_for_wire(self, key: Qt.Key) -> bool:
        """The keys while a wire is pulled by keys; whether this was one of them."""
        if key in _ARROWS:
            self.hands.steer(*_ARROWS[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.hands.finish_by_keys()
        elif key == Qt.Key.Key_Tab:
            self.hands.search_by_keys()
        else:
            return False
        return True

    def _press_arrow(self, columns: int, rows: int, far: bool) -> None:
        if self.selected_nodes() or self.canvas.things.selected or self.canvas.wires.selected_bend:
            steps = _LONG_STEP if far else 1
            self.nudge(columns * steps, rows * steps)
        else:
            self.pan_by(QPointF(-columns, -rows) * _PAN_STEP)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space let go."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.hands.space_held = False
            self.hands.show_cursor()
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The ring is shown to those who came by key."""
        self.focus_by_key = event.reason() in _BY_KEY
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whatever is held is let go."""
        self.hands.space_held = False
        super().focusOutEvent(event)
        self.viewport().update()

    # ── blocks dropped from the palette ──────────────────────────────────────────────────────────────────────────

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Only blocks may enter."""
        self._show_drop(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """The block would land here."""
        self._show_drop(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """It lands elsewhere."""
        self.show_drop(None)
        event.accept()

    def dropEvent(self, event: QDropEvent) -> None:
        """Wish the block."""
        self.show_drop(None)
        name = _dragged_template(event)
        if name:
            event.acceptProposedAction()
            self.setFocus()
            self.add_block(name, self.place_at(event.position()))
        else:
            event.ignore()

    def _show_drop(self, event: QDragMoveEvent) -> None:
        picture = self.canvas.picture
        template = picture.catalogue.templates.get(_dragged_template(event))
        if template is None:
            event.ignore()
            return
        face = make_face(new_node(picture.flow, template), picture.catalogue)
        at = place_under(face, self.place_at(event.position()), None)
        self.show_drop(QRectF(at.x, at.y, face.width, face.height))
        wire = wire_under(picture, new_node(picture.flow, template), self.place_at(event.position()), self.zoom())
        self.canvas.light(frozenset({wire}) if wire else frozenset())
        event.acceptProposedAction()


def _dragged_template(event: QDropEvent) -> str:
    """The name of the block that is dragged; empty where it is something else."""
    data = event.mimeData()
    return bytes(data.data(TEMPLATE_MIME).data()).decode("utf-8", "replace") if data.hasFormat(TEMPLATE_MIME) else ""
