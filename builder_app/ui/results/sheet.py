"""What is written over a chart over time: names at the right ends, the crosshair, the values at its bar."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from builder_app.ui.results.free_places import spread
from builder_app.ui.results.time_chart import TimeChart
from builder_app.ui.theme import CORNER_CONTROL, GAP, GAP_SMALL, TEXT_SMALL, Theme, text_font

if TYPE_CHECKING:
    from builder_app.session import RunResult

_MOST_LINES: Final = 6


@dataclass(frozen=True, slots=True)
class Point:
    """A value on one of a chart's plots, as its y axis has it, and the colour of what is there."""

    plot: pg.PlotItem
    value: float
    token: str
    name: str = ""


class SheetedChart(TimeChart):
    """A chart over time with its sheet: a kind of chart says what stands at a bar."""

    def __init__(self, theme: Theme, heights: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(theme, heights, parent)
        self.sheet = Sheet(self)
        self.view_changed.connect(self.sheet.update)
        self.bar_hovered.connect(self.point_at)
        self.installEventFilter(self.sheet)

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Show this result. Each kind has its own."""
        raise NotImplementedError

    def readout(self, bar: int) -> list[str]:
        """The lines at the crosshair."""
        raise NotImplementedError

    def points(self, bar: int) -> list[Point]:
        """The values at a bar that are drawn, with the names of their curves."""
        raise NotImplementedError

    def paint_marks(self, painter: QPainter, theme: Theme) -> None:
        """Draw what pyqtgraph does not: marks of trades, bars of prices."""

    def point_at(self, bar: int) -> None:
        """Put the crosshair on this bar; −1 takes it away."""
        if bar != self.sheet.bar:
            self.sheet.bar = bar if bar < len(self._times) else -1
            self.sheet.update()

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        super().set_theme(theme)
        self.sheet.update()

    @property
    def theme(self) -> Theme:
        """The colours in use."""
        return self._theme


class Sheet(QWidget):
    """A clear sheet over a chart. It takes no mouse."""

    def __init__(self, chart: SheetedChart) -> None:
        super().__init__(chart)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.chart = chart
        self.bar = -1

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lie over the chart at every size."""
        if watched is self.chart and isinstance(event, QResizeEvent):
            self.resize(event.size())
            self.raise_()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Marks, names, then the crosshair on top."""
        first, last = self.chart.bars_in_view()
        if last < first:
            return
        painter = QPainter(self)
        painter.setFont(text_font(TEXT_SMALL))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.chart.paint_marks(painter, self.chart.theme)
        self._paint_names(painter, self.chart.points(last))
        if first <= self.bar <= last:
            paint_crosshair(painter, self.chart, self.bar)
        painter.end()

    def _paint_names(self, painter: QPainter, points: list[Point]) -> None:
        """The names at the right ends, each plot's moved apart where they would touch."""
        height = QFontMetricsF(painter.font()).height()
        for plot in self.chart.plots:
            named = sorted(
                ((self.chart.place_in(plot, 0.0, point.value).y(), point) for point in points if point.plot is plot),
                key=lambda pair: pair[0],
            )
            area = self.chart.rect_of(plot)
            room = area.top(), area.bottom()
            for middle, (_, point) in zip(spread([y for y, _ in named], height, room), named, strict=True):
                painter.setPen(self.chart.theme.color(point.token))
                box = QRectF(area.right() + GAP, middle - 10, self.width() - area.right() - GAP, 20)
                words = QFontMetricsF(painter.font()).elidedText(point.name, Qt.TextElideMode.ElideRight, box.width())
                painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, words)


def paint_crosshair(painter: QPainter, chart: SheetedChart, bar: int) -> None:
    """The line through all plots, a dot at each value, and what they are."""
    theme = chart.theme
    painter.setPen(QPen(theme.color("quiet_text"), 1.0))
    areas = [chart.rect_of(plot) for plot in chart.plots if plot.isVisible()]
    x = round(chart.place_in(chart.plots[0], bar, 0.0).x()) + 0.5
    for area in areas:
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))
    painter.setPen(QPen(theme.color("panel"), 1.5))
    for point in chart.points(bar):
        painter.setBrush(theme.color(point.token))
        painter.drawEllipse(chart.place_in(point.plot, bar, point.value), 3.5, 3.5)
    paint_readout(painter, theme, areas[0], x, chart.readout(bar))


def paint_readout(painter: QPainter, theme: Theme, area: QRectF, x: float, lines: list[str]) -> None:
    """The lines in the half away from `x`, so that they never cover what they describe."""
    if not lines:
        return
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], f"and {len(lines) - _MOST_LINES + 1} more"]
    metrics = QFontMetricsF(painter.font())
    width = max(metrics.horizontalAdvance(line) for line in lines) + 2 * GAP
    left = area.right() - width if x < area.center().x() else area.left()
    box = QRectF(left, area.top(), width, metrics.height() * len(lines) + GAP)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("panel", 0.92))
    painter.drawRoundedRect(box, CORNER_CONTROL, CORNER_CONTROL)
    painter.setPen(theme.color("text"))
    for row, line in enumerate(lines):
        baseline = box.top() + GAP_SMALL + metrics.ascent() + row * metrics.height()
        painter.drawText(QPointF(box.left() + GAP, baseline), line)
