"""From mouse events to gestures: which press begins which gesture, and what becomes of its preview and outcome."""

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from builder_app.ui.canvas.far_painting import NEAR
from builder_app.ui.canvas.furniture import WHOLE, Grip, Thing, thing_at
from builder_app.ui.canvas.gestures.bend_wire import BendWire
from builder_app.ui.canvas.gestures.cut_wires import CutWires, cuts
from builder_app.ui.canvas.gestures.drag_nodes import DragNodes
from builder_app.ui.canvas.gestures.outcome import Gesture
from builder_app.ui.canvas.gestures.pan import Pan
from builder_app.ui.canvas.gestures.pull_wire import PullWire, pull_from
from builder_app.ui.canvas.gestures.resize_thing import ResizeThing
from builder_app.ui.canvas.gestures.rubber_band import RubberBand
from builder_app.ui.canvas.hand import Hand
from builder_app.ui.canvas.node_face import PORT_REACH, PortEnd
from builder_app.ui.canvas.routes import REACH, Bend, bend_at
from builder_app.ui.canvas.tooltips import badge_at

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage

WIRE_REACH = 6.0
_CURSORS = {
    (0, 0): Qt.CursorShape.ArrowCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
}
_ADDING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class _Click(Enum):
    """What a release without a drag does to the block or thing that was pressed."""

    NOTHING = auto()
    ONLY_THIS = auto()
    DROP_THIS = auto()


class Hands(Hand):
    """A hand that is moved by the mouse, too."""

    def __init__(self, view: "Stage") -> None:
        super().__init__(view)
        self._waiting: DragNodes | ResizeThing | BendWire | None = None
        self._pan: Pan | None = None
        self._on_map = False
        self._pressed = QPoint()
        self._button = Qt.MouseButton.NoButton
        self._grabbed: str | Thing = ""
        self._click = _Click.NOTHING
        self._selection_before: tuple[frozenset[str], frozenset[Thing]] = (frozenset(), frozenset())
        self.space_held = False
        self.has_pointer = False
        """Whether the pointer is over the canvas: it was moved there, and has not left since."""

    @property
    def busy(self) -> bool:
        """Whether a gesture runs."""
        return super().busy or self._waiting is not None or self._pan is not None or self._on_map

    # ── press ────────────────────────────────────────────────────────────────────────────────────────────────────

    def press(self, event: QMouseEvent) -> None:
        """Begin what this place and button begin."""
        if self.by_keys:
            self.cancel()
        if self.busy:
            return
        self._view.speech.hush()
        pixel = event.position()
        self._pressed = pixel.toPoint()
        self.pointer, self.has_pointer = pixel, True
        self._button = event.button()
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self.space_held):
            self._pan = Pan(self._pressed)
            self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        elif left and self._look_on_map(pixel):
            self._on_map = True
        elif cuts(event):
            self._start(CutWires(self._view.canvas.picture, self._view.place_at(pixel)))
        elif left:
            self._press_left(self._view.place_at(pixel), event.modifiers())

    def _press_left(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        scene, picture = self._view.canvas, self._view.canvas.picture
        self._selection_before = scene.selected_nodes, scene.things.selected
        adding = bool(modifiers & _ADDING)
        end = self._port_at(place)
        node = picture.node_at(place)
        self._view.badge_popup.close_popup()
        if self._view.zoom() >= NEAR and (badge := badge_at(scene, place)) is not None:
            self._view.badge_popup.open(badge, self._pressed)
        elif end is not None:
            shift = bool(modifiers & Qt.KeyboardModifier.ShiftModifier)
            self._start(pull_from(picture, end, new_wire=shift))
        elif node is not None:
            self._press_body(node, place, adding)
        elif (bend := bend_at(picture, place, REACH / self._view.zoom())) is not None:
            self._view.select_bend(bend)
            self._click, self._waiting = _Click.NOTHING, BendWire(picture, bend.edge, place, bend)
        elif (wire := picture.wire_at(place, WIRE_REACH / self._view.zoom())) is not None:
            wires = scene.selected_wires ^ {wire} if adding else frozenset({wire})
            self._view.select_parts(scene.selected_nodes if adding else frozenset(), wires)
            self._click, self._waiting = _Click.NOTHING, BendWire(picture, wire, place)
        elif (held := thing_at(picture.flow, place, self._view.zoom())) is not None:
            self._press_thing(*held, place, adding)
        else:
            kept = self._selection_before if adding else (frozenset(), frozenset())
            self._start(RubberBand(picture, place, *kept))
            if not adding:
                self._view.select_parts(frozenset())

    def _press_thing(self, thing: Thing, grip: Grip, place: QPointF, adding: bool) -> None:
        self._press_body(thing, place, adding)
        if grip != WHOLE:
            self._waiting = ResizeThing(self._view.canvas.picture, thing, grip, place)

    def _press_body(self, grabbed: str | Thing, place: QPointF, adding: bool) -> None:
        """Select what was pressed, and be ready to drag the selection."""
        scene = self._view.canvas
        if grabbed in scene.selected_nodes or grabbed in scene.things.selected:
            self._click = _Click.DROP_THIS if adding else _Click.ONLY_THIS
        else:
            self._click = _Click.NOTHING
            self._view.select_toggled(grabbed, adding)
        self._grabbed = grabbed
        self._waiting = DragNodes(scene.picture, scene.selected_nodes, grabbed, place, scene.things.selected)

    def _port_at(self, place: QPointF) -> PortEnd | None:
        zoom = self._view.zoom()
        return self._view.canvas.picture.port_at(place, PORT_REACH / max(zoom, 1.0)) if zoom >= NEAR else None

    def _start(self, gesture: Gesture) -> None:
        self._gesture = gesture
        self._view.canvas.hover(None)
        if isinstance(gesture, PullWire):
            self._view.canvas.show_pull(gesture)

    # ── move ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def move(self, event: QMouseEvent) -> None:
        """Carry on with the gesture; without one, show what is under the pointer."""
        pixel = event.position()
        self.pointer, self.has_pointer = pixel, True
        if self._pan is not None:
            self._view.pan_by(QPointF(self._pan.moved_by(pixel.toPoint())))
        elif self._on_map:
            self._look_on_map(pixel)
        elif self._waiting is not None:
            far = (pixel.toPoint() - self._pressed).manhattanLength() >= QApplication.startDragDistance()
            if far:
                self._gesture, self._waiting = self._waiting, None
                self._advance(pixel)
        elif self.by_keys:
            return
        elif self._gesture is not None:
            self._advance(pixel)
        else:
            self._hover(self._view.place_at(pixel))

    def _look_on_map(self, pixel: QPointF) -> bool:
        """Look where a pixel of the map means; whether it is one."""
        place = self._view.minimap_place(pixel)
        if place is not None:
            self._view.restore_viewport(self._view.zoom(), place.x(), place.y())
        return place is not None

    def _advance(self, pixel: QPointF) -> None:
        if self._gesture is not None:
            self._show(self._gesture.moved_to(self._view.place_at(pixel), self._view.zoom()))

    def _hover(self, place: QPointF) -> None:
        scene, zoom = self._view.canvas, self._view.zoom()
        end = self._port_at(place)
        is_free = end is None and scene.picture.node_at(place) is None
        wire = scene.picture.wire_at(place, WIRE_REACH / zoom) if is_free else None
        scene.hover(end if end is not None else wire)
        held = thing_at(scene.picture.flow, place, zoom) if is_free and wire is None else None
        self.show_cursor(end is not None, held[1] if held else WHOLE)

    def show_cursor(self, over_port: bool = False, grip: Grip = WHOLE) -> None:
        """The pointer's shape: a hand while space is held, a cross over a port, arrows on an edge that can be moved."""
        shape = Qt.CursorShape.CrossCursor if over_port else _CURSORS[abs(grip.across), abs(grip.down)]
        if grip.across * grip.down < 0:
            shape = Qt.CursorShape.SizeBDiagCursor
        if self.space_held:
            shape = Qt.CursorShape.OpenHandCursor
        if self._view.viewport().cursor().shape() != shape:
            self._view.viewport().setCursor(shape)

    # ── release, cancel ──────────────────────────────────────────────────────────────────────────────────────────

    def release(self, event: QMouseEvent) -> None:
        """End the gesture and pass on what it wishes."""
        if self._pan is not None or self._on_map:
            self._pan, self._on_map = None, False
            self.show_cursor()
        elif self._waiting is not None:
            self._waiting = None
            self._finish_click()
        elif self._gesture is not None and event.button() == self._button:
            gesture, pixel = self._gesture, event.position()
            moved = (pixel.toPoint() - self._pressed).manhattanLength() >= QApplication.startDragDistance()
            self._advance(pixel)
            outcome = gesture.finish()
            self._let_go(homeward=False)
            # A click on a port that never moved wishes nothing: neither a search nor a cut wire.
            if moved or not isinstance(gesture, PullWire):
                self._view.take_outcome(outcome, pixel)
            if isinstance(gesture, BendWire):
                self._view.select_bend(Bend(gesture.edge, gesture.index))
            # What the flow does not take over goes home; most often it took everything, and nothing is left to do.
            self._view.canvas.put_home()

    def _finish_click(self) -> None:
        if self._click is _Click.ONLY_THIS:
            self._view.select_toggled(self._grabbed, adding=False)
        elif self._click is _Click.DROP_THIS:
            self._view.select_toggled(self._grabbed, adding=True)

    def cancel(self) -> bool:
        """Take back what the gesture shows; whether there was one."""
        if not self.busy:
            return False
        if isinstance(self._gesture, RubberBand):
            nodes, things = self._selection_before
            self._view.select_parts(nodes, things=things)
        self._pan, self._waiting, self._on_map = None, None, False
        self._let_go()
        self.show_cursor()
        return True
