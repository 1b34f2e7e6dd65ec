"""Where words may stand in a plot so that they lie neither on its curve nor on each other."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF

from builder_app.ui.results.sampling import FloatArray

_AIR: Final = 3
"""Pixels between words and the curve, and beside them."""
_STEP: Final = 6
_FARTHEST: Final = 72.0
"""Pixels between what words are about and their middle, at most: farther away they would seem to be of others."""
_ABOVE_COSTS: Final = 40.0
"""So many pixels farther away below the curve is as good as above it."""


class Columns(NamedTuple):
    """A curve by columns of pixels from `left` on: where it is highest and where it is lowest, as y coordinates.

    Columns that it does not come to have ∞ and −∞, as if it were nowhere.
    """

    left: int
    highest: FloatArray
    lowest: FloatArray

    def between(self, left: float, right: float) -> tuple[float, float]:
        """The curve's smallest and largest y coordinate between two x coordinates."""
        first, last = math.floor(left) - self.left, math.ceil(right) - self.left + 1
        part = slice(max(first, 0), max(last, 0))
        return float(self.highest[part].min(initial=math.inf)), float(self.lowest[part].max(initial=-math.inf))


def columns_of(xs: FloatArray, ys: FloatArray, area: QRectF) -> Columns:
    """A curve through these points, `xs` rising, by the columns of an area; both in pixels."""
    left = math.floor(area.left())
    columns = np.arange(left, math.ceil(area.right()) + 1, dtype=np.float64)
    if len(xs) == 0:
        return Columns(left, np.full(len(columns), math.inf), np.full(len(columns), -math.inf))
    line = np.interp(columns, xs, ys)
    beside = (columns < xs[0] - 1.0) | (columns > xs[-1] + 1.0)
    highest, lowest = np.where(beside, math.inf, line), np.where(beside, -math.inf, line)
    for side in (np.floor(xs), np.ceil(xs)):  # a point between two columns belongs to both
        places = np.clip(side.astype(np.int64) - left, 0, len(columns) - 1)
        np.minimum.at(highest, places, ys)
        np.maximum.at(lowest, places, ys)
    return Columns(left, highest, lowest)


def free_box(curve: Columns, area: QRectF, place: QPointF, size: QSizeF, taken: Sequence[QRectF]) -> QRectF | None:
    """A box of this size in the area that is free of the curve and of those taken, the nearest to a place of the curve
    that there is, rather below the curve than above; None where there is none near it."""
    best, found = math.inf, None
    width, height = size.width(), size.height()
    for aside in range(0, int(_FARTHEST) + 1, _STEP):
        if aside >= best:  # all that is left is farther away
            break
        for left in (place.x() + _AIR + aside, place.x() - _AIR - width - aside, place.x() - width / 2 + aside):
            if not area.left() <= left <= area.right() - width:
                continue
            highest, lowest = curve.between(left - _AIR, left + width + _AIR)
            below = max(lowest + _AIR, place.y() - height, area.top())
            above = min(highest - _AIR - height, place.y())
            for top, cost in ((below, 0.0), (above, _ABOVE_COSTS)):
                box = QRectF(left, top, width, height)
                if top < area.top() or box.bottom() > area.bottom() or any(box.intersects(one) for one in taken):
                    continue
                away = math.hypot(box.center().x() - place.x(), box.center().y() - place.y())
                if away <= _FARTHEST and away + cost < best:
                    best, found = away + cost, box
    return found


def spread(places: Sequence[float], height: float, room: tuple[float, float]) -> list[float]:
    """The middles of lines of text that are so high, moved down and then up so that none touch and all lie in the room.

    Their order from above stays; where there is not room enough, the upper ones stand above it.
    """
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = [0.0] * len(places)
    least = room[0] + height / 2
    for index in order:
        moved[index] = max(places[index], least)
        least = moved[index] + height
    most = room[1] - height / 2
    for index in reversed(order):
        moved[index] = min(moved[index], most)
        most = moved[index] - height
    return moved
