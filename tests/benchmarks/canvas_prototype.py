"""The benchmark's yardstick: a canvas on a bare QGraphicsView that does no more than draw.

One painted item a block with a device-coordinate cache, one item for all wires; under a zoom of 0.4 the view paints
everything itself in batches. No problems, no undo history, no checks of files, no typed ports: what a canvas costs at
the least. `python -m tests.benchmarks.canvas_prototype BLOCKS REPEATS`.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from tests.benchmarks.measuring import HEIGHT, WIDTH, application, arguments, measure, report  # isort: skip
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen, QPixmapCache
from PySide6.QtWidgets import QGraphicsItem, QGraphicsScene, QGraphicsView, QStyleOptionGraphicsItem, QWidget

from tests.benchmarks.grid_graph import KINDS, Block, Graph, Wire

NEAR: Final = 0.4
BODY: Final = 200.0
BACKGROUND: Final = QColor("#1B1D22")
WIRE: Final = QColor("#7AA2D6")
TEXT: Final = QColor("#E6E8EC")
EVERYWHERE: Final = QRectF(-1e6, -1e6, 2e6, 2e6)
COLORS: Final = {kind.name: QColor(kind.color) for kind in KINDS}


class BlockItem(QGraphicsItem):
    """A block that paints its title and ports."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.block = block
        rows = max(len(block.kind.inputs), len(block.kind.outputs), 1)
        self.body = QRectF(0, 0, BODY, 40 + 24 * rows)
        self.bounds = self.body.adjusted(-8, -8, 8, 8)
        self.chosen = False
        self.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        self.setPos(block.x, block.y)

    def boundingRect(self) -> QRectF:  # noqa: N802  (Qt calls it by this name)
        return self.bounds

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(TEXT if self.chosen else QColor("#363A43"), 1))
        painter.setBrush(QColor("#2C3038"))
        painter.drawRoundedRect(self.body, 6, 6)
        painter.setPen(TEXT)
        painter.drawText(QPointF(16, 22), self.block.label or self.block.kind.name)
        for names, x, text_x in ((self.block.kind.inputs, 0.0, 12.0), (self.block.kind.outputs, BODY, BODY - 60)):
            for row, name in enumerate(names):
                painter.setPen(TEXT)
                painter.drawText(QPointF(text_x, 52 + 24 * row), name)
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(COLORS[self.block.kind.name])
                painter.drawEllipse(QPointF(x, 48 + 24 * row), 5, 5)


class WiresItem(QGraphicsItem):
    """All wires."""

    def __init__(self) -> None:
        super().__init__()
        self.paths: list[tuple[QRectF, QPainterPath]] = []
        self.setZValue(-1)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def boundingRect(self) -> QRectF:  # noqa: N802  (Qt calls it by this name)
        return EVERYWHERE

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(WIRE, 2))
        shown = option.exposedRect
        for box, path in self.paths:
            if box.intersects(shown):
                painter.drawPath(path)


class Prototype(QGraphicsView):
    """The view, and the benchmark's hands on it."""

    def __init__(self) -> None:
        super().__init__()
        self.canvas = QGraphicsScene()
        self.setScene(self.canvas)
        self.setSceneRect(EVERYWHERE)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        QPixmapCache.setCacheLimit(64 * 1024)
        self.blocks: dict[str, BlockItem] = {}
        self.links: list[Wire] = []
        self.wires_at: dict[str, list[int]] = {}
        self.wires = WiresItem()
        self.far: tuple[dict[str, list[QRectF]], QPainterPath] | None = None
        self.canvas.addItem(self.wires)
        self.resize(WIDTH, HEIGHT)
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  (Qt calls it by this name)
        if self.transform().m11() >= NEAR:
            super().paintEvent(event)
            return
        if self.far is None:
            rects: dict[str, list[QRectF]] = defaultdict(list)
            for item in self.blocks.values():
                rects[item.block.kind.name].append(item.body.translated(item.pos()))
            lines = QPainterPath()
            for wire in self.links:
                start, end = self.ends(wire)
                lines.moveTo(start)
                lines.lineTo(end)
            self.far = rects, lines
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), BACKGROUND)
        painter.setWorldTransform(self.viewportTransform())
        pen = QPen(WIRE, 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.drawPath(self.far[1])
        painter.setPen(Qt.PenStyle.NoPen)
        for name, boxes in self.far[0].items():
            painter.setBrush(COLORS[name])
            painter.drawRects(boxes)
        painter.end()

    def drawBackground(self, painter: QPainter, rect: object) -> None:  # noqa: N802  (Qt calls it by this name)
        painter.fillRect(self.mapToScene(self.viewport().rect()).boundingRect(), BACKGROUND)

    def ends(self, wire: Wire) -> tuple[QPointF, QPointF]:
        source, target = self.blocks[wire.source], self.blocks[wire.target]
        output, entry = source.block.kind.outputs.index(wire.output), target.block.kind.inputs.index(wire.input)
        return source.pos() + QPointF(BODY, 48 + 24 * output), target.pos() + QPointF(0, 48 + 24 * entry)

    def path(self, wire: Wire) -> tuple[QRectF, QPainterPath]:
        start, end = self.ends(wire)
        path = QPainterPath(start)
        half = max((end.x() - start.x()) / 2, 32)
        path.cubicTo(start.x() + half, start.y(), end.x() - half, end.y(), end.x(), end.y())
        return path.boundingRect().adjusted(-2, -2, 2, 2), path

    def lay_wires(self) -> None:
        self.wires_at = defaultdict(list)
        for place, wire in enumerate(self.links):
            self.wires_at[wire.source].append(place)
            self.wires_at[wire.target].append(place)
        self.wires.paths = [self.path(wire) for wire in self.links]
        self.far = None
        self.wires.update()
        self.viewport().update()

    def move_wires(self, ids: Iterable[str]) -> None:
        for place in {place for id in ids for place in self.wires_at[id]}:
            self.wires.update(self.wires.paths[place][0])
            self.wires.paths[place] = self.path(self.links[place])
            self.wires.update(self.wires.paths[place][0])
        self.far = None
        if self.transform().m11() < NEAR:
            self.viewport().update()


class Hands:
    """What the benchmark does with it."""

    def __init__(self) -> None:
        application()
        self.view = Prototype()
        self.viewport = self.view.viewport()
        self.deleted: tuple[list[Block], list[Wire]] = ([], [])

    def show(self, blocks: list[Block], wires: list[Wire]) -> None:
        for item in self.view.blocks.values():
            self.view.canvas.removeItem(item)
        self.view.blocks = {block.id: BlockItem(block) for block in blocks}
        for item in self.view.blocks.values():
            self.view.canvas.addItem(item)
        self.view.links = wires
        self.view.lay_wires()

    def create(self, graph: Graph) -> None:
        self.show(list(graph.blocks), list(graph.wires))

    def save(self, file: Path) -> None:
        blocks = [
            [it.id, it.kind.name, it.label, it.x, it.y] for it in (item.block for item in self.view.blocks.values())
        ]
        file.write_text(json.dumps({"blocks": blocks, "wires": self.view.links}), encoding="utf-8")

    def open(self, file: Path) -> None:
        kinds = {kind.name: kind for kind in KINDS}
        document = json.loads(file.read_bytes())
        blocks = [Block(id, kinds[kind], label, x, y) for id, kind, label, x, y in document["blocks"]]
        self.show(blocks, [Wire(*wire) for wire in document["wires"]])

    def clear(self) -> None:
        self.show([], [])

    def fit(self) -> None:
        bounds = QRectF()
        for item in self.view.blocks.values():
            bounds = bounds.united(item.body.translated(item.pos()))
        zoom = min(WIDTH / bounds.width(), HEIGHT / bounds.height(), 1.0) if self.view.blocks else 1.0
        self.view.resetTransform()
        self.view.scale(zoom, zoom)
        self.view.centerOn(bounds.center())

    def look_near(self, id: str) -> None:
        self.view.resetTransform()
        self.view.centerOn(self.view.blocks[id])

    def pan(self, pixels: int) -> None:
        across, down = self.view.horizontalScrollBar(), self.view.verticalScrollBar()
        across.setValue(across.value() - pixels)
        down.setValue(down.value() - pixels // 2)

    def zoom(self, factor: float) -> None:
        middle = self.view.mapToScene(self.viewport.rect().center())
        self.view.scale(factor, factor)
        self.view.centerOn(middle)

    def drag(self, ids: list[str]) -> Callable[[int], None]:
        items = [self.view.blocks[id] for id in dict.fromkeys(ids)]
        starts = [item.pos() for item in items]
        zoom = self.view.transform().m11()

        def move_to(pixels: int) -> None:
            for item, start in zip(items, starts, strict=True):
                item.setPos(start + QPointF(pixels, pixels) / zoom)
            self.view.move_wires(ids)

        return move_to

    def drop(self) -> None:
        pass

    def take_back(self) -> None:
        pass

    def choose(self, chosen: bool) -> None:
        for item in self.view.blocks.values():
            item.chosen = chosen
            item.update()
        self.viewport.update()

    def select_all(self) -> None:
        self.choose(True)

    def select_none(self) -> None:
        self.choose(False)

    def delete_all(self) -> None:
        self.deleted = [item.block for item in self.view.blocks.values()], self.view.links
        self.show([], [])

    def undo(self) -> None:
        self.show(*self.deleted)


if __name__ == "__main__":
    count, repeats = arguments()
    report(measure(Hands(), count, repeats))
