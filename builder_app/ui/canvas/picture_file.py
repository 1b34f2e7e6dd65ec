"""The whole picture as a file: SVG, that stays sharp, or PNG."""

from typing import Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsItem

from builder_app.ui.canvas.backdrop import paint_frames_and_notes
from builder_app.ui.canvas.scene import CanvasScene

_MARGIN: Final = 24.0
_SCALE: Final = 2.0
_DOTS_PER_INCH: Final = 96
"""What a browser takes a pixel for, so that it shows the picture in its own size."""
_LARGEST: Final = 16_000


def picture_file(shown: CanvasScene, kind: str) -> bytes:
    """The picture that a scene shows, whole and with nothing selected, as the bytes of an "svg" or a "png" file.

    Raises ValueError where there is nothing to draw.
    """
    scene = _copy(shown)
    whole = scene.picture.bounds().adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
    if not scene.picture.faces and not scene.picture.flow.frames and not scene.picture.flow.notes:
        raise ValueError("There is nothing on the canvas to save as a picture; add a block first.")
    return _svg(scene, whole) if kind == "svg" else _png(scene, whole)


def _copy(shown: CanvasScene) -> CanvasScene:
    """A scene of its own, so that nothing is seen of what hands do to the shown one."""
    scene = CanvasScene(shown.picture.catalogue, shown.inks.theme)
    scene.show_flow(None, shown.picture.flow)
    scene.show_traces(shown.traces)
    scene.show_problems([problem for found in shown.problems.values() for problem in found])
    scene.look(scene.picture.bounds())
    for item in scene.items_by_node.values():
        item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
    return scene


def _svg(scene: CanvasScene, whole: QRectF) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(_DOTS_PER_INCH)
    generator.setSize(whole.size().toSize())
    generator.setViewBox(QRectF(0, 0, whole.width(), whole.height()))
    generator.setTitle(scene.picture.flow.name)
    painter = QPainter(generator)
    _paint(painter, scene, whole)
    painter.end()
    buffer.close()
    return bytes(data.data())


def _png(scene: CanvasScene, whole: QRectF) -> bytes:
    scale = min(_SCALE, _LARGEST / max(whole.width(), whole.height()))
    image = QImage(QSize(round(whole.width() * scale), round(whole.height() * scale)), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.scale(scale, scale)
    _paint(painter, scene, whole)
    painter.end()
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())


def _paint(painter: QPainter, scene: CanvasScene, whole: QRectF) -> None:
    painter.fillRect(QRectF(0, 0, whole.width(), whole.height()), scene.inks.canvas)
    painter.translate(-whole.left(), -whole.top())
    painter.save()
    paint_frames_and_notes(painter, scene, whole)
    painter.restore()
    painter.translate(whole.left(), whole.top())
    scene.render(painter, QRectF(0, 0, whole.width(), whole.height()), whole, Qt.AspectRatioMode.IgnoreAspectRatio)
