"""All wires as one graphics item: only those that touch what is repainted are drawn, colour by colour."""

from collections import defaultdict
from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from builder_app.flow.values import Edge, PortType
from builder_app.ui.canvas.far_painting import FAR
from builder_app.ui.canvas.far_tiles import FarTiles
from builder_app.ui.canvas.inks import Inks
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.routes import Bend
from builder_app.ui.canvas.wire_paths import WIRE_WIDTH, Run, add_curve

BEND_RADIUS = 4.0
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
        self.selected_bend: Bend | None = None
        self.lit: frozenset[Edge] = frozenset()
        """What a gesture is about to change."""
        self.hidden: Edge | None = None
        self.exposed: list[QRectF] | None = None
        """What a view repaints now, in canvas units: after a scroll two strips, of which Qt tells only the hull."""
        self._far = FarTiles(picture.wires.boxes, self._far_wires)
        self._outstanding: dict[tuple[int, float], QPainterPath] | None = None
        self.setZValue(-1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def set_inks(self, inks: Inks) -> None:
        """Paint with these pens from now on."""
        self._inks = inks
        self.repaint_all()

    def repaint_all(self) -> None:
        """Something that may concern every wire has changed."""
        self._outstanding = None
        self.update()

    def repaint_at(self, rects: Iterable[QRectF]) -> None:
        """Wires were or are in these places."""
        self._outstanding = None
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
        if self._picture.flow.routes or self._picture.has_led_wires:
            self._paint_bends(painter, touched)

    def _paint_bends(self, painter: QPainter, edges: Iterable[Edge]) -> None:
        """The points through which wires are led, as rings; the selected one is filled."""
        for edge in edges:
            run = self._picture.wires.runs[edge]
            chosen = edge in self.selected_wires or edge in self.lit
            for index, at in enumerate(run.via):
                is_selected = self.selected_bend == (edge, index)
                color = self._inks.accent if chosen or is_selected else self._inks.ports[run.type]
                painter.setPen(_pen(color, WIRE_WIDTH))
                painter.setBrush(color if is_selected else self._inks.body)
                painter.drawEllipse(QPointF(at.x, at.y), BEND_RADIUS, BEND_RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def leave_out(self, edge: Edge | None) -> None:
        """Leave out this wire, whose end is in the hand."""
        for changed in (self.hidden, edge):
            if changed is not None:
                self._picture.wires.touch(changed)
        self.hidden = edge
        self.repaint_all()

    def paint_far(self, painter: QPainter, shown: Iterable[QRectF]) -> None:
        """Paint the wires that may touch `shown` (canvas units) one pixel thin: for zooms where nothing can be read.

        Where blocks are only blocks, wires are straight and their edges rough: nobody sees more of so short a curve.
        """
        curved = painter.worldTransform().m11() >= FAR
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, curved)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        tiles = self._far.touching(shown)
        nodes = self.selected_nodes
        all_bright = bool(nodes) and len(nodes) == len(self._picture.faces)
        something = bool(nodes or self.selected_wires)
        inks = self._inks
        colors = inks.wires_bright if all_bright else inks.wires_dim if something else inks.ports
        for type, color in colors.items():
            painter.setPen(_far_pen(color, WIRE_WIDTH))
            for tile, away in tiles:
                if type in tile:
                    painter.translate(*away)
                    painter.drawPath(tile[type].path(curved))
                    painter.translate(-away.x, -away.y)
        if self._outstanding is None:
            self._outstanding = {} if all_bright and not self.selected_wires else self._paths_of(self._special())
        for (name, width), path in self._outstanding.items():
            painter.setPen(_far_pen(QColor.fromRgba(name), width))
            painter.drawPath(path)

    def _far_wires(self, edges: list[Edge]) -> dict[PortType | None, "_FarWires"]:
        """The wires of one tile, by type."""
        runs: dict[PortType | None, list[Run]] = defaultdict(list)
        for edge in edges:
            if edge != self.hidden:
                run = self._picture.wires.runs[edge]
                runs[run.type].append(run)
        return {type: _FarWires(found) for type, found in runs.items()}

    def _special(self) -> set[Edge]:
        """The wires that do not look like all others."""
        at_nodes = {edge for id in self.selected_nodes for edge in self._picture.wires.at(id)}
        special = at_nodes | self.selected_wires | self.lit
        if self.hovered is not None:
            special.add(self.hovered)
        return {edge for edge in special if edge in self._picture.wires.runs}

    def _paths_of(self, edges: Iterable[Edge]) -> dict[tuple[int, float], QPainterPath]:
        paths: dict[tuple[int, float], QPainterPath] = {}
        for pen, group in self._by_pen(edges).items():
            path = paths[pen] = QPainterPath()
            for edge in group:
                add_curve(path, self._picture.wires.runs[edge])
        return paths

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


def _far_pen(color: QColor, width: float) -> QPen:
    pen = QPen(color, width / WIRE_WIDTH)
    pen.setCosmetic(True)
    return pen


class _FarWires:
    """Wires of one type in one tile, as one path: straight, or curved once that was asked for."""

    def __init__(self, runs: list[Run]) -> None:
        self._runs = runs
        self._paths: dict[bool, QPainterPath] = {}

    def path(self, curved: bool) -> QPainterPath:
        """All of them."""
        path = self._paths.get(curved)
        if path is None:
            path = self._paths[curved] = QPainterPath()
            for run in self._runs:
                if curved:
                    add_curve(path, run)
                else:
                    path.moveTo(run.x, run.y)
                    for at in run.via:
                        path.lineTo(at.x, at.y)
                    path.lineTo(run.to_x, run.to_y)
        return path
