"""A block's outputs in the chart of prices: over the prices where they are of their size, else in a pane below."""

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from builder_app.ui.results.figures import number as number_words
from builder_app.ui.results.plotting import make_curve, pen_of
from builder_app.ui.results.sampling import FloatArray, extremes
from builder_app.ui.results.sheet import Point
from builder_app.ui.theme import Theme

if TYPE_CHECKING:
    from builder_app.session.runs.charted_blocks import ChartedBlock, ChartedLine

TOKENS: Final = ("accent", "CONDITION", "POSITION", "RISK_MANAGEMENT")
"""The colours of a block's outputs in their order; a fifth one begins anew."""
_DASHED: Final = frozenset({"dashed_line"})
_LIMITS: Final = frozenset({"upper_limit", "lower_limit"})
_BARS: Final = frozenset({"histogram", "marks"})
_DOTS: Final = frozenset({"dots"})
_DOT_SIZE: Final = 4.0
_ANSWERS: Final = ("no", "yes")
ANSWER_TICKS: Final = [(0.0, "no"), (1.0, "yes")]
ANSWER_SPAN: Final = (-0.3, 1.3)
"""Of an axis that has room for both words."""
_ROOM: Final = (0.7, 1.3)
"""An output is over the prices where its middle value lies within these shares of the lowest and the highest price."""


class BlockLines:
    """The lines of the block that is chosen; `plots` are that of the prices and the pane below it."""

    def __init__(self, plots: "list[pg.PlotItem]") -> None:
        self._plots = plots
        self.block: ChartedBlock | None = None
        self._items: list[pg.PlotCurveItem | pg.ScatterPlotItem] = []
        self._places: list[int] = []
        """Which of the plots each output is drawn in."""

    def show(self, block: "ChartedBlock | None") -> None:
        """Draw this block from the next drawing on, or none."""
        if _styles(block) != _styles(self.block):
            for item, place in zip(self._items, self._places, strict=True):
                self._plots[place].removeItem(item)
            self._items = [] if block is None else [self._make(line) for line in block.lines]
            self._places = [0] * len(self._items)
        self.block = block

    def _make(self, line: "ChartedLine") -> "pg.PlotCurveItem | pg.ScatterPlotItem":
        if line.style in _DOTS:
            dots = pg.ScatterPlotItem(size=_DOT_SIZE, pen=None)
            self._plots[0].addItem(dots, ignoreBounds=True)
            return dots
        return make_curve(self._plots[0])

    def set_pens(self, theme: Theme, opacity: float) -> None:
        """Take the theme's colours; each style in a form of its own."""
        lines = self.block.lines if self.block is not None else ()
        for place, (item, line) in enumerate(zip(self._items, lines, strict=True)):
            token = TOKENS[place % len(TOKENS)]
            if isinstance(item, pg.ScatterPlotItem):
                item.setBrush(theme.color(token, opacity))
                continue
            pen = pen_of(theme, token, 1.0 if line.style in _LIMITS else 1.5, opacity)
            pen.setStyle(Qt.PenStyle.DashLine if line.style in _DASHED else Qt.PenStyle.SolidLine)
            item.setPen(pen)

    def clear(self) -> None:
        """Draw nothing."""
        for item in self._items:
            item.setData([], [])

    def redraw(self, bars: tuple[int, int], buckets: int, prices: tuple[float, float]) -> tuple[FloatArray, FloatArray]:
        """Draw the bars in view where they belong beside the span of `prices`; the values that the axes of both plots
        must hold."""
        held: tuple[list[FloatArray], list[FloatArray]] = ([np.zeros(0)], [np.zeros(0)])
        for number, line in enumerate(self.block.lines if self.block is not None else ()):
            xs, ys = _points(line, bars, buckets)
            is_below = self.block is not None and (self.block.has_own_pane or not _is_among(ys, prices))
            self._move(number, 1 if is_below else 0)
            if line.style in _BARS:
                xs, ys = np.repeat(xs, 2), np.column_stack((np.zeros(len(ys)), ys)).ravel()
                self._items[number].setData(xs, ys, connect="pairs")
            else:
                self._items[number].setData(xs, ys)
            held[self._places[number]].append(ys)
        return np.concatenate(held[0]), np.concatenate(held[1])

    def _move(self, number: int, place: int) -> None:
        if place != self._places[number]:
            self._plots[self._places[number]].removeItem(self._items[number])
            self._plots[place].addItem(self._items[number], ignoreBounds=True)
            self._places[number] = place

    def points(self, bar: int, name: str) -> list[Point]:
        """Each output's value at a bar where it has one; one alone is called as the block is."""
        lines = self.block.lines if self.block is not None else ()
        found = []
        for number, line in enumerate(lines):
            value = float(line.values[bar]) if bar < len(line.values) else math.nan
            if math.isfinite(value):
                called = name if len(lines) == 1 else line.name
                found.append(Point(self._plots[self._places[number]], value, TOKENS[number % len(TOKENS)], called))
        return found

    def words(self, bar: int, name: str) -> list[str]:
        """`MACD   Signal 0.12   Difference −0.03`, or nothing."""
        lines = self.block.lines if self.block is not None else ()
        said = []
        for line in lines:
            value = float(line.values[bar]) if bar < len(line.values) else math.nan
            if math.isfinite(value):
                words = _ANSWERS[value != 0.0] if line.is_condition else number_words(value)
                said.append(f"{name if len(lines) == 1 else line.name} {words}")
        return ["   ".join([name, *said] if len(lines) > 1 else said)] if said else []

    @property
    def are_conditions(self) -> bool:
        """Whether all that is drawn says yes or no."""
        return self.block is not None and all(line.is_condition for line in self.block.lines)

    def columns(self, name: str) -> dict[str, FloatArray]:
        """The outputs over all bars, by name."""
        lines = self.block.lines if self.block is not None else ()
        return {name if len(lines) == 1 else f"{name}, {line.name}": line.values for line in lines}


def _styles(block: "ChartedBlock | None") -> tuple[str, ...]:
    return () if block is None else tuple(line.style for line in block.lines)


def _points(line: "ChartedLine", bars: tuple[int, int], buckets: int) -> tuple[FloatArray, FloatArray]:
    xs, ys = extremes(line.values, *bars, buckets) if len(line.values) > bars[1] else (np.zeros(0), np.zeros(0))
    known = np.isfinite(ys) & ((ys != 0.0) | (line.style != "marks"))  # a mark of nothing is none
    return xs[known], ys[known]


def _is_among(values: FloatArray, prices: tuple[float, float]) -> bool:
    return len(values) == 0 or bool(prices[0] * _ROOM[0] <= float(np.median(values)) <= prices[1] * _ROOM[1])
