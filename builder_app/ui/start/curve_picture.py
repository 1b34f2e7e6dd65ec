"""A strategy's curve and its benchmark's as a small picture: on cards, and in the dialog about a strategy."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QLinearGradient, QPainter, QPainterPath, QPen, QPolygonF

from builder_app.ui.results.sampling import FloatArray, extremes
from builder_app.ui.theme import GAP, Theme

LEAST: Final = 1e-6
SHARE: Final = 0.38
"""How much of the height the curves take, from the bottom up."""
STRETCH: Final = 2.0
"""Pixels; within so many of a curve only its lowest and its highest point are seen."""


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
    curve, benchmark = (np.log(np.maximum(np.asarray(values, dtype=np.float64), LEAST)) for values in curves)
    values = np.concatenate((curve, benchmark))
    low, high = float(values.min()), float(values.max())
    height = ground.height() * share - GAP
    box = QRectF(ground.left(), ground.bottom() - height - GAP / 2, ground.width(), height)

    def path(points: FloatArray) -> QPainterPath:
        places, seen = extremes(points, 0, len(points) - 1, round(box.width() / STRETCH))
        across = box.left() + box.width() * places / max(1, len(points) - 1)
        shares = (seen - low) / (high - low) if high > low else np.full(len(places), 0.5)
        up = box.bottom() - box.height() * shares
        found = QPainterPath()
        found.addPolygon(QPolygonF([QPointF(x, y) for x, y in zip(across.tolist(), up.tolist(), strict=True)]))
        return found

    token = "gain" if curve[-1] >= curve[0] else "loss"
    line = path(curve)
    filled = QPainterPath(line)
    filled.lineTo(ground.right(), ground.bottom())
    filled.lineTo(ground.left(), ground.bottom())
    veil = QRectF(ground.left(), box.top() - 2 * GAP, ground.width(), height + 3 * GAP)
    painter.fillRect(veil, _veil(veil.top(), ground.bottom(), theme))
    painter.fillPath(filled, theme.color(token, 0.18))
    if len(benchmark):
        painter.setPen(QPen(theme.color("quiet_text", 0.7), 1.0, Qt.PenStyle.DotLine))
        painter.drawPath(path(benchmark))
    painter.setPen(QPen(theme.color(token), 1.5))
    painter.drawPath(line)


def _veil(top: float, bottom: float, theme: Theme) -> QLinearGradient:
    """What dims the picture under the curves, from nothing at the top."""
    veil = QLinearGradient(0, top, 0, bottom)
    for place, share in ((0.0, 0.0), (0.45, 0.85), (1.0, 0.95)):
        veil.setColorAt(place, theme.color("canvas", share))
    return veil
