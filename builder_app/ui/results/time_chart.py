"""Plots over each other on one axis of bars: zoom, dates, the bar under the mouse: what charts over time share."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from builder_app.ui.results.plotting import label_bottom, make_graphics, make_plot, paint_axes
from builder_app.ui.results.sampling import date_ticks
from builder_app.ui.theme import Theme

_PIXELS_PER_BUCKET: Final = 1.5
"""A bucket keeps its lowest and its highest point."""
_FEWEST_BARS: Final = 8
STALE_OPACITY: Final = 0.4


class TimeChart(QWidget):
    """Bars are the x coordinate, so that weekends and holidays leave no holes; the axis says their dates.

    What is drawn is thinned out to the pixels there are, again at every zoom: a chart of a kind says how in `redraw`.
    """

    view_changed = Signal()
    """The bars in view, or the size, are others now."""
    bar_hovered = Signal(int)
    """The mouse is over this bar; −1: over none."""
    bar_clicked = Signal(int)

    def __init__(self, theme: Theme, heights: Sequence[int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._stale = False
        self._times: NDArray[np.datetime64] = np.zeros(0, dtype="datetime64[ns]")
        self._dates: list[tuple[float, str]] = []
        self.graphics = make_graphics(self)
        self.plots = [make_plot(self.graphics, row) for row in range(len(heights))]
        for row, (plot, height) in enumerate(zip(self.plots, heights, strict=True)):
            self.graphics.ci.layout.setRowStretchFactor(row, height)
            label_bottom(plot, shown=row == len(heights) - 1)
            if row:
                plot.setXLink(self.plots[0])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.graphics)

    def listen(self) -> None:
        """Redraw at every zoom and size from now on; called when a kind of chart has made its curves."""
        self.plots[0].vb.sigXRangeChanged.connect(self._draw)
        for plot in self.plots:
            plot.vb.sigResized.connect(self._draw)
        self.graphics.viewport().installEventFilter(self)
        self.graphics.scene().sigMouseClicked.connect(self._mouse_clicked)

    def redraw(self, first: int, last: int, buckets: int) -> None:
        """Draw the bars `first`…`last`, thinned out to so many buckets, and fit the y axes. Each kind has its own."""
        raise NotImplementedError

    def clear_curves(self) -> None:
        """Draw nothing."""
        raise NotImplementedError

    def set_pens(self) -> None:
        """Take the theme's colours. Each kind has its own."""
        raise NotImplementedError

    def show_times(self, times: NDArray[np.datetime64], stale: bool) -> None:
        """These bars are shown from now on; the zoom is kept where they are as many as before."""
        before, bars = len(self._times), len(times)
        self._times = times
        self.show_staleness(stale)
        if bars and before != bars:
            self.plots[0].vb.setLimits(xMin=-0.5, xMax=bars - 0.5, minXRange=min(_FEWEST_BARS, bars))
            self.show_all()
        self._draw()

    def show_staleness(self, stale: bool) -> None:
        """What is drawn was tested before the strategy was changed, or is of now again."""
        if stale != self._stale:
            self._stale = stale
            self.set_pens()

    @property
    def opacity(self) -> float:
        """How clearly curves are drawn: less where the strategy was changed after the test."""
        return STALE_OPACITY if self._stale else 1.0

    def show_all(self) -> None:
        """Bring every bar into view."""
        if len(self._times):
            self.show_span(-0.5, len(self._times) - 0.5)

    def show_span(self, low: float, high: float) -> None:
        """Bring these bars into view, as far as there are so many."""
        if len(self._times):
            self.plots[0].vb.setXRange(max(low, -0.5), min(high, len(self._times) - 0.5), padding=0.0)

    def span(self) -> tuple[float, float]:
        """What of the axis of bars is in view."""
        low, high = self.plots[0].vb.viewRange()[0]
        return float(low), float(high)

    def bars_in_view(self) -> tuple[int, int]:
        """The first and the last bar in view; 0 and −1 where there is none."""
        if len(self._times) == 0:
            return 0, -1
        low, high = self.span()
        return max(0, math.floor(low)), min(len(self._times) - 1, math.ceil(high))

    def rect_of(self, plot: pg.PlotItem) -> QRectF:
        """Where the plot draws, in this widget's coordinates."""
        rect: QRectF = plot.vb.sceneBoundingRect()
        return QRectF(self._on_widget(rect.topLeft()), rect.size())

    def place_in(self, plot: pg.PlotItem, bar: float, value: float) -> QPointF:
        """A point of the plot in this widget's coordinates; `value` as its y axis has it."""
        return self._on_widget(plot.vb.mapViewToScene(QPointF(bar, value)))

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self._theme = theme
        self.graphics.setBackground(theme.color("panel"))
        paint_axes(self.plots, theme)
        self.set_pens()

    def _draw(self) -> None:
        first, last = self.bars_in_view()
        if last < first:
            self.clear_curves()
            return
        self.redraw(first, last, max(50, int(self.plots[0].vb.width() / _PIXELS_PER_BUCKET)))
        self._set_dates(first, last)
        self.graphics.scene().prepareForPaint()  # else done while painting, and what it changes is painted once more
        self.view_changed.emit()

    def _set_dates(self, first: int, last: int) -> None:
        """The axes work out anew how they are painted whenever their dates are set, be they the same."""
        dates = date_ticks(self._times, first, last, max(2, int(self.plots[0].vb.width() / 84)))
        if dates != self._dates:
            self._dates = dates
            for plot in self.plots:
                plot.getAxis("bottom").setTicks([dates])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Every move of the mouse counts (the library's own signal drops quick ones); a double click shows all bars."""
        if isinstance(event, QMouseEvent) and watched is self.graphics.viewport():
            if event.type() == QEvent.Type.MouseMove:
                self.bar_hovered.emit(self._bar_at(self.graphics.mapToScene(event.position().toPoint())))
            elif event.type() == QEvent.Type.MouseButtonDblClick and event.button() is Qt.MouseButton.LeftButton:
                self.show_all()
        elif event.type() == QEvent.Type.Leave:
            self.bar_hovered.emit(-1)
        return super().eventFilter(watched, event)

    def _mouse_clicked(self, event: MouseClickEvent) -> None:
        bar = self._bar_at(event.scenePos()) if event.button() is Qt.MouseButton.LeftButton else -1
        if bar >= 0 and not event.double():
            self.bar_clicked.emit(bar)

    def _bar_at(self, place: QPointF) -> int:
        """The bar under a point of the scene, or −1 where it is beside all plots."""
        inside = [plot for plot in self.plots if plot.isVisible() and plot.vb.sceneBoundingRect().contains(place)]
        first, last = self.bars_in_view()
        if not inside or last < first:
            return -1
        bar = round(float(inside[0].vb.mapSceneToView(place).x()))
        return min(max(bar, first), last)

    def _on_widget(self, place: QPointF) -> QPointF:
        return QPointF(self.graphics.viewportTransform().map(place)) + QPointF(self.graphics.viewport().pos())
