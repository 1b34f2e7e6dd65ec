"""A node's newest values as a small line."""

from typing import Any, Final

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath, QPolygonF

SHOWN_VALUES: Final = 120
"""How many of the last bars a sparkline shows: about half a year of days."""


def sparkline_path(values: npt.NDArray[Any], box: QRectF) -> QPainterPath:
    """The last finite values as a line that fills `box`; empty where there are fewer than two.

    `values` is one-dimensional; true and false are drawn as 1 and 0. A gap (NaN, infinity) breaks the line.
    """
    path = QPainterPath()
    shown = np.asarray(values, dtype=np.float64).ravel()[-SHOWN_VALUES:]
    finite = np.isfinite(shown)
    if finite.sum() < 2:
        return path
    low, high = shown[finite].min(), shown[finite].max()
    span = high - low
    across = box.left() + np.arange(len(shown)) * (box.width() / (len(shown) - 1))
    share = (shown - low) / span if span > 0 else np.where(finite, 0.5, np.nan)
    down = box.bottom() - share * box.height()
    edges = np.flatnonzero(np.diff(finite.astype(np.int8)))
    for part in np.split(np.arange(len(shown)), edges + 1):
        if len(part) > 1 and finite[part[0]]:
            path.addPolygon(QPolygonF([QPointF(across[bar], down[bar]) for bar in part]))
    return path
