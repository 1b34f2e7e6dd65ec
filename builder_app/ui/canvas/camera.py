"""The view's eye: zoom to the pointer, pan without bounds, and painting by level of detail."""

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QNativeGestureEvent, QPainter, QPaintEvent, QPixmapCache, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from builder_app.ui.canvas.backdrop import GridDots, paint_frames_and_notes
from builder_app.ui.canvas.far_painting import FAR, NEAR, paint_far, paint_far_badges
from builder_app.ui.canvas.minimap import Minimap
from builder_app.ui.canvas.scene import CanvasScene

SMALLEST_ZOOM: Final = 0.05
LARGEST_ZOOM: Final = 4.0
_ZOOM_STEP: Final = 1.25
_ROUNDING: Final = 1e-9
_FIT_MARGIN: Final = 48.0
_EVERYWHERE: Final = QRectF(-1e6, -1e6, 2e6, 2e6)
_CACHE_KILOBYTES: Final = 64 * 1024
_MAP_MILLISECONDS: Final = 60
"""The map follows when there was no further edit for so long: nobody should wait for it."""


class Camera(QGraphicsView):
    """A view on a canvas scene. `viewport_changed(zoom, pan_x, pan_y)` tells where it looks."""

    viewport_changed = Signal(float, float, float)

    def __init__(self, canvas: CanvasScene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = canvas
        self.setScene(canvas)
        self.setSceneRect(_EVERYWHERE)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.SmartViewportUpdate)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing)
        self._dots = GridDots()
        self._minimap = Minimap()
        self._map_wait = QTimer(self)
        self._map_wait.setSingleShot(True)
        self._map_wait.setInterval(_MAP_MILLISECONDS)
        self._map_wait.timeout.connect(self.forget_minimap)
        canvas.bodies_changed.connect(self._map_wait.start)
        self._middle = QPointF(0, 0)
        self._painted = QRegion()
        # Each block keeps its painted picture; Qt's default of 10 MB would throw them out again.
        QPixmapCache.setCacheLimit(max(QPixmapCache.cacheLimit(), _CACHE_KILOBYTES))

    # ── where it looks ───────────────────────────────────────────────────────────────────────────────────────────

    def zoom(self) -> float:
        """Pixels per canvas unit."""
        return self.transform().m11()

    def viewport_state(self) -> tuple[float, float, float]:
        """Zoom, and the place on the canvas that is in the middle of the view."""
        return self.zoom(), self._middle.x(), self._middle.y()

    def restore_viewport(self, zoom: float, pan_x: float, pan_y: float) -> None:
        """Look there again: the place (pan_x, pan_y) comes to the middle of the view."""
        self._look_at(QPointF(pan_x, pan_y), zoom)

    def zoom_at(self, factor: float, pixel: QPointF) -> None:
        """Zoom, keeping the place under `pixel` where it is."""
        zoom = min(max(self.zoom() * factor, SMALLEST_ZOOM), LARGEST_ZOOM)
        away = pixel - self._middle_pixel()
        held = self._middle + away / self.zoom()  # the exact place: fingers zoom in many small steps
        self._look_at(held - away / zoom, zoom)

    def zoom_in(self) -> None:
        """One step nearer."""
        self.zoom_at(_ZOOM_STEP, self._middle_pixel())

    def zoom_out(self) -> None:
        """One step away."""
        self.zoom_at(1 / _ZOOM_STEP, self._middle_pixel())

    def pan_by(self, pixels: QPointF) -> None:
        """Move the canvas under the view by so many pixels."""
        self._look_at(self._middle - pixels / self.zoom(), self.zoom())

    def fit_all(self) -> None:
        """Show everything, at 100 % at most."""
        self.fit(self.canvas.picture.bounds())

    def fit(self, rect: QRectF) -> None:
        """Show this part of the canvas, at 100 % at most."""
        if rect.isEmpty():
            self._look_at(QPointF(0, 0), 1.0)
            return
        self._look_at(rect.center(), self.fitting_zoom(rect))

    def fitting_zoom(self, rect: QRectF) -> float:
        """The largest zoom, 1 at most, at which the view shows this part of the canvas with some room around it."""
        width = max(self.viewport().width() - 2 * _FIT_MARGIN, 1)
        height = max(self.viewport().height() - 2 * _FIT_MARGIN, 1)
        return min(width / rect.width(), height / rect.height(), 1.0)

    def place_at(self, pixel: QPointF) -> QPointF:
        """The place on the canvas under a pixel of the view."""
        inverse, _ = self.viewportTransform().inverted()
        return inverse.map(pixel)

    def shown_rect(self) -> QRectF:
        """The part of the canvas that is in sight."""
        rect = self.viewport().rect()
        return QRectF(self.place_at(QPointF(rect.topLeft())), self.place_at(QPointF(rect.bottomRight())))

    def _middle_pixel(self) -> QPointF:
        return QPointF(self.viewport().width() / 2, self.viewport().height() / 2)

    def _look_at(self, middle: QPointF, zoom: float) -> None:
        zoom = min(max(zoom, SMALLEST_ZOOM), LARGEST_ZOOM)
        if abs(zoom - 1.0) < _ROUNDING:  # steps there and back add up to nearly 1, and Qt paints exactly 1 much faster
            zoom = 1.0
        was = self.viewport_state()
        self._middle = middle
        if zoom != self.zoom():  # everything is painted anew, so that moving the old pixels would be for nothing
            self.viewport().setUpdatesEnabled(False)
            self.resetTransform()
            self.scale(zoom, zoom)
            self._scroll_to_middle()
            self.viewport().setUpdatesEnabled(True)
        else:
            self._scroll_to_middle()
        self._bring_into_sight()
        if was != self.viewport_state():
            self.viewport_changed.emit(*self.viewport_state())

    def _scroll_to_middle(self) -> None:
        """Qt scrolls in whole pixels; `_middle` keeps the exact place, so that nothing creeps."""
        zoom = self.zoom()
        half = self._middle_pixel()
        self.horizontalScrollBar().setValue(round(self._middle.x() * zoom - half.x()))
        self.verticalScrollBar().setValue(round(self._middle.y() * zoom - half.y()))

    def _bring_into_sight(self) -> None:
        """Blocks have items only where they are painted one by one."""
        self.canvas.look(self.shown_rect() if self.zoom() >= NEAR else None, self.zoom())

    # ── Qt's events ──────────────────────────────────────────────────────────────────────────────────────────────

    def make_room_above(self, height: int) -> None:
        """Leave so many pixels above the canvas to something else."""
        if self.viewportMargins().top() != height:
            self.setViewportMargins(0, height, 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The middle stays in the middle."""
        super().resizeEvent(event)
        self._scroll_to_middle()
        self._bring_into_sight()
        self._minimap.forget()

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """Qt moves the painted pixels; what does not move with the canvas is painted anew."""
        super().scrollContentsBy(dx, dy)
        for rect in self._fixed_rects():
            box = rect.toAlignedRect().adjusted(-2, -2, 2, 2)
            self.viewport().update(box)
            self.viewport().update(box.translated(dx, dy))

    def _fixed_rects(self) -> list[QRectF]:
        """Where something is painted that stays in its place while the canvas moves."""
        return [self._minimap.rect(self.canvas.picture, self.viewport().rect())]

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel pans (with Shift sideways); with Ctrl it zooms to the pointer."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom_at(_ZOOM_STEP ** (event.angleDelta().y() / 120), event.position())
        else:
            pixels = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and not pixels.x():
                pixels = QPoint(pixels.y(), 0)
            self.pan_by(QPointF(pixels))
        event.accept()

    def pinch(self, event: QNativeGestureEvent) -> bool:
        """Two fingers zoom to where they are, and take the canvas along; whether it was one of these."""
        match event.gestureType():
            case Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_at(1 + event.value(), event.position())
            case Qt.NativeGestureType.PanNativeGesture:
                self.pan_by(event.delta())
            case _:
                return False
        return True

    # ── painting ─────────────────────────────────────────────────────────────────────────────────────────────────

    def paintEvent(self, event: QPaintEvent) -> None:
        """Near, the scene paints its items. Far away, everything is painted here in one batch."""
        self._painted = event.region()
        if self.zoom() >= NEAR:
            self.canvas.wires.exposed = [self._transformed(QRectF(rect)) for rect in _rects(event.region())]
            super().paintEvent(event)
            self.canvas.wires.exposed = None
            return
        painter = QPainter(self.viewport())
        painter.setClipRegion(event.region())
        painter.setWorldTransform(self.viewportTransform())
        shown = self._transformed(QRectF(event.rect()))
        self.drawBackground(painter, shown)
        exposed = [self._transformed(QRectF(rect)) for rect in _rects(event.region())]
        self.canvas.wires.paint_far(painter, exposed)
        paint_far(painter, self.canvas.picture, exposed, self.canvas.selected_nodes, self.canvas.inks)
        if self.zoom() >= FAR:
            paint_far_badges(painter, self.canvas.picture, exposed, self.canvas.badges(), self.canvas.inks)
        self.drawForeground(painter, shown)
        painter.end()

    def _transformed(self, pixels: QRectF) -> QRectF:
        inverse, _ = self.viewportTransform().inverted()
        return inverse.mapRect(pixels)

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The canvas, its dots, frames and notes."""
        painter.save()
        self._dots.paint(painter, self.viewport().size(), self.canvas.inks, self.devicePixelRatioF())
        paint_frames_and_notes(painter, self.canvas, QRectF(rect))
        painter.restore()

    def paint_minimap(self, painter: QPainter) -> None:
        """The map, in pixels of the view, where it helps, and where something is painted anew."""
        picture, view, shown = self.canvas.picture, self.viewport().rect(), self.shown_rect()
        if self._painted.intersects(self._minimap.room(view)) and self._minimap.is_shown(picture, view, shown):
            self._minimap.paint(painter, picture, view, shown, self.canvas.inks)

    def minimap_place(self, pixel: QPointF) -> QPointF | None:
        """The place on the canvas that a press on the map means; None where the pixel is not on the map."""
        picture, view = self.canvas.picture, self.viewport().rect()
        on_map = self._minimap.rect(picture, view).contains(pixel)
        if not on_map or not self._minimap.is_shown(picture, view, self.shown_rect()):
            return None
        return self._minimap.place_at(pixel, picture, view)

    def forget_minimap(self) -> None:
        """The map is to be drawn anew."""
        self._minimap.forget()
        self.viewport().update(self._minimap.room(self.viewport().rect()))


def _rects(region: QRegion) -> list[QRect]:
    """The rectangles a region is made of (Qt's stubs do not know that it can be walked over)."""
    rects: list[QRect] = list(region)  # type: ignore[call-overload]
    return rects
