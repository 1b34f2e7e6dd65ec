"""A strategy's curve and its benchmark's as a small picture: on cards, and in the dialog about a strategy."""

import math
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPainterPath, QPen

from builder_app.ui.theme import GAP, Theme

LEAST: Final = 1e-6
SHARE: Final = 0.38
"""How much of the height the curves take, from the bottom up."""


def paint_curves(
    painter: QPainter,
    ground: QRectF,
    theme: Theme,
    curves: tuple[Sequence[float], Sequence[float]],
    share: float = SHARE,
) -> None:
    """Paint the strategy's curve, filled, over the benchmark's, on the lower `share` of the ground.

    Both are in one logarithmic scale: equal gains are equally high, whenever they were made.
    """
    curve, benchmark = ([math.log(max(value, LEAST)) for value in values] for values in curves)
    values = [*curve, *benchmark]
    low, high = min(values), max(values)
    height = ground.height() * share - GAP
    box = QRectF(ground.left(), ground.bottom() - height - GAP / 2, ground.width(), height)

    def path(points: Sequence[float]) -> QPainterPath:
        found = QPainterPath()
        for place, value in enumerate(points):
            x = box.left() + box.width() * place / max(1, len(points) - 1)
            y = box.bottom() - box.height() * ((value - low) / (high - low) if high > low else 0.5)
            found.lineTo(QPointF(x, y)) if place else found.moveTo(QPointF(x, y))
        return found

    token = "gain" if curve[-1] >= curve[0] else "loss"
    line = path(curve)
    filled = QPainterPath(line)
    filled.lineTo(ground.right(), ground.bottom())
    filled.lineTo(ground.left(), ground.bottom())
    veil = QLinearGradient(0, box.top() - 2 * GAP, 0, ground.bottom())
    veil.setColorAt(0.0, theme.color("canvas", 0.0))
    veil.setColorAt(0.45, theme.color("canvas", 0.85))
    veil.setColorAt(1.0, theme.color("canvas", 0.95))
    painter.fillRect(QRectF(ground.left(), box.top() - 2 * GAP, ground.width(), height + 3 * GAP), veil)
    painter.fillPath(filled, theme.color(token, 0.18))
    if benchmark:
        painter.setPen(QPen(theme.color("quiet_text", 0.7), 1.0, Qt.PenStyle.DotLine))
        painter.drawPath(path(benchmark))
    painter.setPen(QPen(theme.color(token), 1.5))
    painter.drawPath(line)
