"""Where stops and targets stood over the lives of a symbol's positions, as stepped lines in the chart of prices."""

import math
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from builder_app.session.runs.result_series import Levels
from builder_app.ui.results.figures import money
from builder_app.ui.results.plotting import make_curve, pen_of
from builder_app.ui.results.sampling import FloatArray
from builder_app.ui.theme import CORNER_CONTROL, GAP, GAP_SMALL, Theme

Style = tuple[str, str, Qt.PenStyle]
"""What a line is called, the theme's colour and how it is drawn."""
STYLES: Final[tuple[Style, ...]] = (
    ("Stop", "STOP_LOSS", Qt.PenStyle.SolidLine),
    ("Target", "STOP_PROFIT", Qt.PenStyle.DashLine),
)
"""In the colours of the blocks that set them."""
_STEPS_A_BUCKET: Final = 4
_FARTHEST: Final = 0.5
"""Levels farther from the prices in view than this share of their span do not stretch the axis."""
_SAMPLE: Final = 22.0
"""Pixels of a line in the legend."""
AT_A_LEVEL: Final = frozenset({"stop", "trailing stop", "break even", "target"})
"""Why a trade ended that left at such a level."""


class LevelLines:
    """The lines of stops and of targets in one plot, each in a style of its own."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.curves = [make_curve(plot, smooth=False) for _ in STYLES]
        self.levels: Levels | None = None

    def show(self, levels: Levels | None) -> None:
        """These levels are drawn from the next drawing on."""
        self.levels = levels

    def set_pens(self, theme: Theme, opacity: float) -> None:
        """Take the theme's colours."""
        for curve, (_, token, style) in zip(self.curves, STYLES, strict=True):
            pen = pen_of(theme, token, 1.0, opacity)
            pen.setStyle(style)
            curve.setPen(pen)

    def clear(self) -> None:
        """Draw nothing."""
        for curve in self.curves:
            curve.setData([], [])

    def redraw(self, bars: tuple[int, int], buckets: int, prices: tuple[float, float]) -> FloatArray:
        """Draw the bars in view; what of the levels the axis should hold beside the span of `prices`."""
        if self.levels is None:
            self.clear()
            return np.zeros(0)
        held, (low, high) = [], prices
        room = (high - low) * _FARTHEST
        for curve, values in zip(self.curves, (self.levels.stop, self.levels.target), strict=True):
            xs, ys, joins = steps(values, self.levels.entry_bar, bars, buckets * _STEPS_A_BUCKET)
            curve.setData(xs, ys, connect=joins)
            held.append(ys[(ys >= low - room) & (ys <= high + room)])
        return np.concatenate(held)

    def drawn(self) -> list[Style]:
        """The lines that have anything to show."""
        pairs = zip(self.curves, STYLES, strict=True)
        return [style for curve, style in pairs if curve.xData is not None and len(curve.xData)]

    def words(self, bar: int) -> list[str]:
        """What stood at a bar, for each leg that held a position: `Trailing stop 95.20   Target 110.00`."""
        if self.levels is None:
            return []
        lines = []
        for leg in np.flatnonzero(self.levels.entry_bar[bar] >= 0).tolist():
            stop, target = float(self.levels.stop[bar, leg]), float(self.levels.target[bar, leg])
            parts = [f"{self.levels.stop_name(bar, leg).capitalize()} {money(stop)}"] if math.isfinite(stop) else []
            parts += [f"Target {money(target)}"] if math.isfinite(target) else []
            lines += ["   ".join(parts)] if parts else []
        return lines

    def columns(self) -> dict[str, FloatArray]:
        """Stops and targets over all bars, by name, with the leg's number where there are several."""
        if self.levels is None:
            return {}
        legs = self.levels.stop.shape[1]
        found = {}
        for (name, _, _), values in zip(STYLES, (self.levels.stop, self.levels.target), strict=True):
            for leg in range(legs):
                if np.isfinite(values[:, leg]).any():
                    found[f"{name} {leg + 1}" if legs > 1 else name] = values[:, leg]
        return found


def steps(
    values: FloatArray, positions: NDArray[np.int64], bars: tuple[int, int], most: int
) -> tuple[FloatArray, FloatArray, NDArray[np.int32]]:
    """Points of stepped lines through the levels of the bars in view, and whether each is joined to the next.

    `values` and `positions` have shape (bars, legs). A level holds from half a bar before its bar to half a bar behind,
    and, over gaps, from the position's bar before on; two positions are never joined. Of more than `most` levels of a
    leg every so many are taken.
    """
    xs, ys, joins = [], [], []
    for leg in range(values.shape[1]):
        rows = bars[0] + np.flatnonzero(np.isfinite(values[bars[0] : bars[1] + 1, leg]))
        rows = rows[:: max(1, math.ceil(len(rows) / most))]
        goes_on = np.append(False, positions[rows[1:], leg] == positions[rows[:-1], leg]) if len(rows) else rows > 0
        begins = rows - 0.5
        begins[goes_on] = rows[:-1][goes_on[1:]] + 0.5
        xs.append(np.column_stack((begins, rows + 0.5)).ravel())
        ys.append(np.repeat(values[rows, leg], 2))
        joins.append(np.column_stack((np.ones(len(rows)), np.append(goes_on[1:], False)[: len(rows)])).ravel())
    return np.concatenate(xs), np.concatenate(ys), np.concatenate(joins).astype(np.int32)


def paint_legend(
    painter: QPainter, theme: Theme, lines: Sequence[Style], where: tuple[QRectF, Callable[[QRectF], bool]]
) -> None:
    """A piece of each line and its name, in the first corner of the plot that is free; `where`: the plot, and whether
    nothing is drawn in a rectangle. The lower corners come first, since the readout is in the upper ones."""
    if not lines:
        return
    area, is_free = where
    metrics = QFontMetricsF(painter.font())
    widths = [_SAMPLE + GAP_SMALL + metrics.horizontalAdvance(name) + GAP for name, _, _ in lines]
    height = metrics.height() + GAP_SMALL
    inner = area.adjusted(GAP_SMALL, GAP_SMALL, -GAP_SMALL - sum(widths) - GAP, -GAP_SMALL - height)
    corners = (inner.bottomLeft(), inner.bottomRight(), inner.topLeft(), inner.topRight())
    grounds = [QRectF(corner, QSizeF(sum(widths) + GAP, height)) for corner in corners]
    ground = next((one for one in grounds if is_free(one)), grounds[0])
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("panel", 0.85))
    painter.drawRoundedRect(ground, CORNER_CONTROL, CORNER_CONTROL)
    x, y = ground.left() + GAP, ground.center().y()
    for (name, token, style), width in zip(lines, widths, strict=True):
        painter.setPen(QPen(theme.color(token), 1.5, style))
        painter.drawLine(QPointF(x, y), QPointF(x + _SAMPLE, y))
        painter.setPen(theme.color("quiet_text"))
        words = QRectF(x + _SAMPLE + GAP_SMALL, ground.top(), width, height)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, name)
        x += width
