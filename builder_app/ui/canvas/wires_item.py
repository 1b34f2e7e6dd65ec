"""All wires as one graphics item: only those that touch what is repainted are drawn, colour by colour."""

from collections import defaultdict
from collections.abc import Iterable

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from builder_app.flow.values import Edge
from builder_app.ui.canvas.inks import Inks
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.wire_paths import WIRE_WIDTH

_FAR = QRectF(-1e6, -1e6, 2e6, 2e6)


class WiresItem(QGraphicsItem):
    """The wires of the picture."""

    def __init__(self, picture: Picture, inks: Inks) -> None:
        super().__init__()
        self._picture = picture
        self._inks = inks
        self.selected_nodes: frozenset[str] = frozenset()
        self.selected_wires: frozenset[Edge] = frozenset()
        self.hovered: Edge | None = None
        self.lit: frozenset[Edge] = frozenset()
        """What a gesture is about to change."""
        self.hidden: Edge | None = None
        self.exposed: list[QRectF] | None = None
        """What a view repaints now, in canvas units: after a scroll two strips, of which Qt tells only the hull."""
        self._combined: dict[tuple[int, float], QPainterPath] | None = None
        self.setZValue(-1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def set_inks(self, inks: Inks) -> None:
        """Paint with these pens from now on."""
        self._inks = inks
        self.repaint_all()

    def repaint_all(self) -> None:
        """Something that may concern every wire has changed."""
        self._combined = None
        self.update()

    def repaint_at(self, rects: Iterable[QRectF]) -> None:
        """Wires were or are in these places."""
        self._combined = None
        for rect in rects:
            self.update(rect)

    def boundingRect(self) -> QRectF:
        """Everywhere, so that moving a wire never moves the item."""
        return _FAR

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the wires that touch what is exposed."""
        del widget
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        rects = [option.exposedRect] if self.exposed is None else self.exposed
        touched = dict.fromkeys(edge for rect in rects for edge in self._picture.wires_touching(rect))
        for (name, width), edges in self._by_pen(touched).items():
            painter.setPen(_pen(QColor.fromRgba(name), width))
            for edge in edges:
                painter.drawPath(self._picture.wires[edge])

    def paint_far(self, painter: QPainter) -> None:
        """Paint every wire one pixel thin, in one path per colour: for zooms where nothing can be read."""
        if self._combined is None:
            self._combined = {}
            for (name, width), edges in self._by_pen(self._picture.wires).items():
                path = QPainterPath()
                for edge in edges:
                    path.addPath(self._picture.wires[edge])
                self._combined[name, width] = path
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for (name, width), path in self._combined.items():
            pen = QPen(QColor.fromRgba(name), width / WIRE_WIDTH)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawPath(path)

    def _by_pen(self, edges: Iterable[Edge]) -> dict[tuple[int, float], list[Edge]]:
        """The wires in groups of one colour and width, those that stand out last."""
        groups: dict[tuple[int, float], list[Edge]] = defaultdict(list)
        standing_out: dict[tuple[int, float], list[Edge]] = defaultdict(list)
        inks, nodes, chosen = self._inks, self.selected_nodes, self.selected_wires
        something = bool(nodes or chosen)
        for edge in edges:
            if edge == self.hidden:
                continue
            type = self._picture.type_of(edge)
            if edge in chosen or edge in self.lit:
                standing_out[inks.accent.rgba(), WIRE_WIDTH * 1.5].append(edge)
            elif edge == self.hovered or (nodes and (edge.source.node in nodes or edge.target.node in nodes)):
                standing_out[inks.wires_bright[type].rgba(), WIRE_WIDTH].append(edge)
            else:
                groups[(inks.wires_dim if something else inks.ports)[type].rgba(), WIRE_WIDTH].append(edge)
        return {**groups, **standing_out}


def _pen(color: QColor, width: float) -> QPen:
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen
