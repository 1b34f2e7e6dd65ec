"""What a block looks like and what it gives: its face as on the canvas, and each output at the newest bars."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import Node, frozen_mapping
from builder_app.session.blocks.block_probe import BlockPreview, OutputValues
from builder_app.ui.canvas.inks import make_inks
from builder_app.ui.canvas.node_face import make_face
from builder_app.ui.canvas.node_painting import NodeState, paint_node
from builder_app.ui.canvas.sparklines import SHOWN_VALUES, sparkline_path
from builder_app.ui.theme import CORNER, GAP, MARGIN, TEXT, TEXT_SMALL, Theme, elided, text_font

_CHART: Final = 72
_WORDS: Final = 20
_WIDTH: Final = 280


class BlockPicture(QWidget):
    """The block as it stands on the canvas, on a piece of canvas."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._template: NodeTemplate | None = None
        self.setMinimumSize(_WIDTH, 160)
        self.setAccessibleName("The block as it looks on the canvas")

    def show_template(self, template: NodeTemplate | None) -> None:
        """Show this block; None keeps the last one, paler."""
        if template is not None:
            self._template = template
            face = make_face(Node("face", template.name, template.version), _alone(template))
            self.setMinimumHeight(int(face.height) + 2 * MARGIN)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground of the canvas, and the block in its middle."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("canvas"))
        painter.drawRoundedRect(QRectF(self.rect()), CORNER, CORNER)
        if self._template is None:
            painter.setPen(self.theme.color("quiet_text"))
            painter.setFont(text_font(TEXT))
            words = "The block is shown here as soon as its checks pass."
            area = self.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
            painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), words)
            return
        face = make_face(Node("face", self._template.name, self._template.version), _alone(self._template))
        scale = min(1.0, (self.width() - 2 * MARGIN) / face.width)
        painter.translate((self.width() - face.width * scale) / 2, (self.height() - face.height * scale) / 2)
        painter.scale(scale, scale)
        paint_node(painter, face, NodeState(), make_inks(self.theme))


class ValuesView(QWidget):
    """Each output as a small line over the newest bars, with its newest value as a figure."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self._outputs: tuple[OutputValues, ...] = ()
        self.setAccessibleName("The values of the outputs at the newest bars")

    def show_values(self, preview: BlockPreview) -> None:
        """Show these outputs."""
        self._outputs = preview.outputs
        self.setFixedHeight(max(1, len(self._outputs)) * (_CHART + _WORDS + GAP) if self._outputs else 0)
        said = [f"{output.title}: {newest_words(output.values)}" for output in self._outputs]
        self.setAccessibleDescription("; ".join(said))
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as the block's picture."""
        return QSize(_WIDTH, self.minimumHeight())

    def paintEvent(self, event: QPaintEvent) -> None:
        """One band for each output: its name and newest value, and the line below."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = 0.0
        for output in self._outputs:
            words = QRectF(0, top, self.width(), _WORDS)
            painter.setFont(text_font(TEXT))
            painter.setPen(self.theme.color("text"))
            newest = newest_words(output.values)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), newest)
            room = self.width() - painter.fontMetrics().horizontalAdvance(newest) - 2 * GAP
            painter.setPen(self.theme.color("quiet_text"))
            left = elided(output.title, text_font(TEXT), room)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), left)
            self._paint_line(painter, output, QRectF(0, top + _WORDS, self.width(), _CHART))
            top += _CHART + _WORDS + GAP

    def _paint_line(self, painter: QPainter, output: OutputValues, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.theme.color("canvas"))
        painter.drawRoundedRect(box, CORNER, CORNER)
        inside = box.adjusted(GAP, GAP, -GAP, -GAP)
        path = sparkline_path(output.values, inside)
        if path.isEmpty():
            painter.setPen(self.theme.color("quiet_text"))
            painter.setFont(text_font(TEXT_SMALL))
            painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), "No value at these bars.")
            return
        painter.setPen(QPen(self.theme.color("accent"), 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)


def newest_words(values: npt.NDArray[Any]) -> str:
    """The newest value as a figure; of a condition how often it holds at the bars that are shown."""
    shown = np.asarray(values)[-SHOWN_VALUES:]
    if shown.dtype == np.bool_:
        return f"true at {int(shown.sum())} of {len(shown)} bars"
    finite = shown[np.isfinite(shown)]
    return f"{float(finite[-1]):,.6g}" if len(finite) else "no value"


def _alone(template: NodeTemplate) -> Catalogue:
    return Catalogue(frozen_mapping({template.name: template}))
