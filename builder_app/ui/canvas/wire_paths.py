"""The curve of a wire: one cubic that leaves its output to the right and enters its input from the left."""

import itertools
from math import hypot
from typing import Final, NamedTuple

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from builder_app.flow.values import Point, PortType
from builder_app.ui.canvas.boxes import Box

WIRE_WIDTH: Final = 2.0
_SHORTEST_HANDLE: Final = 32.0
_LONGEST_BACKWARD_HANDLE: Final = 160.0
_OUTSIDE: Final = 3.0
"""How far the painted wire reaches around its curve, a highlight included; twice as far where points are on it."""


class Run(NamedTuple):
    """Where a wire runs, from (x, y) at an output to (to_x, to_y) at an input, in canvas units, and what runs along."""

    x: float
    y: float
    to_x: float
    to_y: float
    type: PortType | None
    via: tuple[Point, ...] = ()
    """The points through which it is led."""


def legs_of(run: Run) -> list[Run]:
    """The curves from point to point that a wire is made of."""
    if not run.via:
        return [run]
    ends = [(run.x, run.y), *run.via, (run.to_x, run.to_y)]
    return [Run(*one, *other, run.type) for one, other in itertools.pairwise(ends)]


def wire_path(start: QPointF, end: QPointF) -> QPainterPath:
    """The wire from an output at `start` to an input at `end`, in canvas units."""
    return run_path(Run(start.x(), start.y(), end.x(), end.y(), None))


def run_path(run: Run) -> QPainterPath:
    """The curve of a wire."""
    path = QPainterPath()
    add_curve(path, run)
    return path


def add_curve(path: QPainterPath, run: Run) -> None:
    """Add a wire to a path that may hold others."""
    if run.via:
        for leg in legs_of(run):
            add_curve(path, leg)
        return
    x, y, to_x, to_y, _, _ = run
    handle = _handle(to_x - x, to_y - y)
    path.moveTo(x, y)
    path.cubicTo(x + handle, y, to_x - handle, to_y, to_x, to_y)


def _handle(across: float, down: float) -> float:
    if across < 0:
        return min(_SHORTEST_HANDLE - across / 2, _LONGEST_BACKWARD_HANDLE)
    # A short wire gets short handles, or it would curl.
    return max(across / 2, min(_SHORTEST_HANDLE, hypot(across, down) / 2))


def run_box(run: Run) -> Box:
    """A rectangle around the painted wire: a cubic never leaves the hull of its ends and handles."""
    if run.via:
        lefts, tops, rights, bottoms = zip(*map(run_box, legs_of(run)), strict=True)
        return min(lefts) - _OUTSIDE, min(tops) - _OUTSIDE, max(rights) + _OUTSIDE, max(bottoms) + _OUTSIDE
    x, y, to_x, to_y, _, _ = run
    handle = _handle(to_x - x, to_y - y)
    left, right = min(x, to_x - handle), max(to_x, x + handle)
    top, bottom = (y, to_y) if y < to_y else (to_y, y)
    return min(left, to_x) - _OUTSIDE, top - _OUTSIDE, max(right, x) + _OUTSIDE, bottom + _OUTSIDE


def is_on_wire(path: QPainterPath, place: QPointF, reach: float) -> bool:
    """Whether `place` is within `reach` canvas units of the curve."""
    stroker = QPainterPathStroker()
    stroker.setWidth(2 * reach)
    return stroker.createStroke(path).contains(place)
