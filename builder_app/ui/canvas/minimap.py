"""The minimap: all blocks as small rectangles, and the part that the view shows."""

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform

from builder_app.ui.canvas.far_painting import FAR, paint_far
from builder_app.ui.canvas.inks import Inks
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.theme import CORNER, CORNER_CONTROL

_LARGEST: Final = (176.0, 112.0)
_SMALLEST: Final = (64.0, 40.0)
"""Width and height of the map: it has the shape of the picture, as far as these allow."""
_SHARES: Final = (1 / 6, 1 / 3)
"""How much of a small view's width and height it takes at most."""
_FROM_EDGE: Final = 12.0
_INSIDE: Final = 8.0
_SMALLEST_VIEW: Final = (420, 220)
_LARGEST_SCALE: Final = FAR * 0.99


class Minimap:
    """A small map in the bottom right corner of a view. It is there only while some block is out of sight."""

    def __init__(self) -> None:
        self._drawn = QPixmap()
        self._bounds: QRectF | None = None
        """What it was drawn of; None: it is to be drawn anew."""

    def forget(self) -> None:
        """The picture changed: draw it anew when it is next painted."""
        self._bounds = None

    def rect(self, picture: Picture, view: QRect) -> QRectF:
        """Where the map is, in pixels of the view."""
        bounds = self._bounds_of(picture)
        scale = _scale(bounds, view)
        width = max(bounds.width() * scale + 2 * _INSIDE, _SMALLEST[0])
        height = max(bounds.height() * scale + 2 * _INSIDE, _SMALLEST[1])
        return QRectF(view.right() - width - _FROM_EDGE, view.bottom() - height - _FROM_EDGE, width, height)

    def room(self, view: QRect) -> QRect:
        """Where a map may be, whatever shape it has."""
        width, height = (int(length + _FROM_EDGE) + 1 for length in _LARGEST)
        return QRect(view.right() - width, view.bottom() - height, width, height)

    def is_shown(self, picture: Picture, view: QRect, shown: QRectF) -> bool:
        """Whether it helps: some block is out of sight, and the view has room. `shown` is in canvas units."""
        if not picture.faces or view.width() < _SMALLEST_VIEW[0] or view.height() < _SMALLEST_VIEW[1]:
            return False
        return not shown.contains(picture.bounds())

    def place_at(self, pixel: QPointF, picture: Picture, view: QRect) -> QPointF:
        """The place on the canvas that a pixel of the map stands for."""
        inverse, _ = self._transform(picture, view).inverted()
        return inverse.map(pixel)

    def paint(self, painter: QPainter, picture: Picture, view: QRect, shown: QRectF, inks: Inks) -> None:
        """Paint it, in pixels of the view."""
        ratio = painter.device().devicePixelRatio() if painter.device() else 1.0
        if self._bounds is None or self._drawn.devicePixelRatio() != ratio:
            self._draw(picture, view, inks, ratio)
        box = self.rect(picture, view)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(inks.hairline_pen)
        painter.setBrush(inks.panel)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
        painter.drawPixmap(box.topLeft(), self._drawn)
        window = self._transform(picture, view).mapRect(shown).intersected(box.adjusted(1.5, 1.5, -1.5, -1.5))
        wash = QColor(inks.accent)
        wash.setAlphaF(0.12)
        painter.setPen(QPen(inks.accent, 1))
        painter.setBrush(wash)
        painter.drawRoundedRect(window, CORNER_CONTROL - 2, CORNER_CONTROL - 2)

    def _draw(self, picture: Picture, view: QRect, inks: Inks, ratio: float) -> None:
        self._bounds = picture.bounds()
        box = self.rect(picture, view)
        self._drawn = QPixmap((box.size() * ratio).toSize())
        self._drawn.setDevicePixelRatio(ratio)
        self._drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(self._drawn)
        to_map = self._transform(picture, view) * QTransform.fromTranslate(-box.left(), -box.top())
        painter.setWorldTransform(to_map)
        paint_far(painter, picture, [self._bounds], frozenset(), inks)
        painter.end()

    def _transform(self, picture: Picture, view: QRect) -> QTransform:
        bounds = self._bounds_of(picture)
        scale = _scale(bounds, view)
        middle = self.rect(picture, view).center()
        return (
            QTransform.fromTranslate(-bounds.center().x(), -bounds.center().y())
            * QTransform.fromScale(scale, scale)
            * QTransform.fromTranslate(middle.x(), middle.y())
        )

    def _bounds_of(self, picture: Picture) -> QRectF:
        """The part of the canvas that the map shows: it stays while the map does, whatever a hand is moving."""
        return picture.bounds() if self._bounds is None else self._bounds


def _scale(bounds: QRectF, view: QRect) -> float:
    """How many pixels of the map a canvas unit is."""
    lengths = zip(_LARGEST, _SMALLEST, _SHARES, (view.width(), view.height()), strict=True)
    across, down = (min(most, max(least, share * room)) - 2 * _INSIDE for most, least, share, room in lengths)
    return min(across / max(bounds.width(), 1), down / max(bounds.height(), 1), _LARGEST_SCALE)
