"""Equity against benchmark, and the drawdown below it, on one linked axis of bars; drawn by pyqtgraph."""

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from builder_app.ui.results.figures import MINUS, number
from builder_app.ui.results.sampling import FloatArray, date_ticks, extremes, round_ticks
from builder_app.ui.theme import TEXT_SMALL, Theme, text_font

if TYPE_CHECKING:
    from builder_app.session import RunResult

AXIS_WIDTH: Final = 68
GUTTER: Final = 88
"""Room to the right of the curves for their names."""
_AXIS_HEIGHT: Final = 20
_PIXELS_PER_BUCKET: Final = 1.5
"""A bucket keeps its lowest and its highest point."""
_FEWEST_BARS: Final = 8
_STALE_OPACITY: Final = 0.4
_AIR_ABOVE_ZERO: Final = 0.04
"""Above the drawdown's zero, as a share of its depth, so that its line is not cut."""


class Curves(QWidget):
    """The two plots. What is shown is thinned out to the pixels there are, again at every zoom.

    Bars are the x coordinate, so that weekends and holidays leave no holes; the axis says their dates.
    """

    view_changed = Signal()
    """The bars in view, or the size, are others now."""
    bar_hovered = Signal(int)
    """The mouse is over this bar; −1: over none."""
    bar_clicked = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._result: RunResult | None = None
        self._stale = False
        self.graphics = pg.GraphicsLayoutWidget(self)
        self.graphics.ci.layout.setContentsMargins(0, 4, GUTTER, 0)
        self.graphics.ci.layout.setSpacing(4)
        self.graphics.setMinimumSize(0, 0)
        self.graphics.setFrameShape(self.graphics.Shape.NoFrame)
        self.equity_plot = _plot(self.graphics, 0)
        self.drawdown_plot = _plot(self.graphics, 1)
        self.drawdown_plot.setXLink(self.equity_plot)
        self.graphics.ci.layout.setRowStretchFactor(0, 3)
        self.graphics.ci.layout.setRowStretchFactor(1, 1)
        _show_dates(self.equity_plot, shown=False)
        _show_dates(self.drawdown_plot, shown=True)
        self._benchmark = _curve(self.equity_plot)
        self._equity = _curve(self.equity_plot)
        self._drawdown = _curve(self.drawdown_plot)
        self._drawdown.setFillLevel(0.0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.graphics)
        self.set_theme(theme)
        self.equity_plot.vb.sigXRangeChanged.connect(self._draw)
        for plot in (self.equity_plot, self.drawdown_plot):
            plot.vb.sigResized.connect(self._draw)
        self.graphics.viewport().installEventFilter(self)
        self.graphics.scene().sigMouseClicked.connect(self._mouse_clicked)

    @property
    def result(self) -> "RunResult | None":
        """What is shown."""
        return self._result

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Show this result; the zoom is kept where the bars are as many as before."""
        before = self._result
        self._result = result
        if stale != self._stale:
            self._stale = stale
            self._set_pens()
        bars = 0 if result is None else len(result.times)
        if bars and (before is None or len(before.times) != bars):
            self.equity_plot.vb.setLimits(xMin=-0.5, xMax=bars - 0.5, minXRange=min(_FEWEST_BARS, bars))
            self.show_all()
        self._draw()

    def show_all(self) -> None:
        """Bring every bar into view."""
        if self._result is not None:
            self.equity_plot.vb.setXRange(-0.5, len(self._result.times) - 0.5, padding=0.0)

    def bars_in_view(self) -> tuple[int, int]:
        """The first and the last bar in view."""
        if self._result is None:
            return 0, -1
        low, high = self.equity_plot.vb.viewRange()[0]
        last = len(self._result.times) - 1
        return max(0, math.floor(low)), min(last, math.ceil(high))

    def equity_rect(self) -> QRectF:
        """Where the equity is drawn, in this widget's coordinates."""
        return self._rect_of(self.equity_plot)

    def drawdown_rect(self) -> QRectF:
        """Where the drawdown is drawn, in this widget's coordinates."""
        return self._rect_of(self.drawdown_plot)

    def place(self, bar: float, equity: float) -> QPointF:
        """A point of the equity plot in this widget's coordinates."""
        return self._on_widget(self.equity_plot.vb.mapViewToScene(QPointF(bar, equity)))

    def drawdown_place(self, bar: float, drawdown: float) -> QPointF:
        """A point of the drawdown plot in this widget's coordinates."""
        return self._on_widget(self.drawdown_plot.vb.mapViewToScene(QPointF(bar, drawdown)))

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self._theme = theme
        self.graphics.setBackground(theme.color("panel"))
        for plot in (self.equity_plot, self.drawdown_plot):
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(pg.mkPen(None))
                axis.setTickPen(pg.mkPen(theme.color("hairline"), width=1))
                axis.setTextPen(pg.mkPen(theme.color("quiet_text")))
                axis.setTickFont(text_font(TEXT_SMALL))
        self._set_pens()

    def _set_pens(self) -> None:
        theme, opacity = self._theme, _STALE_OPACITY if self._stale else 1.0
        self._equity.setPen(_pen(theme, "accent", 1.5, opacity))
        self._benchmark.setPen(_pen(theme, "quiet_text", 1.0, opacity * 0.8))
        self._drawdown.setPen(_pen(theme, "loss", 1.0, opacity))
        self._drawdown.setBrush(theme.color("loss", 0.22 * opacity))

    def _draw(self) -> None:
        """Draw the bars in view, thinned out to the pixels there are, on axes that fit them."""
        result = self._result
        first, last = self.bars_in_view()
        if result is None or last < first:
            for curve in (self._equity, self._benchmark, self._drawdown):
                curve.setData([], [])
            return
        buckets = max(50, int(self.equity_plot.vb.width() / _PIXELS_PER_BUCKET))
        equity = extremes(result.equity, first, last, buckets)
        benchmark = extremes(result.benchmark, first, last, buckets)
        drawdown = extremes(result.drawdown, first, last, buckets)
        self._equity.setData(*equity)
        self._benchmark.setData(*benchmark)
        self._drawdown.setData(*drawdown)
        low, high = _span(equity[1], benchmark[1])
        _set_range(self.equity_plot, low, high)
        deepest = min(float(drawdown[1].min(initial=0.0)) * 1.06, -0.01)
        self.drawdown_plot.vb.setYRange(deepest, -deepest * _AIR_ABOVE_ZERO, padding=0.0)
        self._set_ticks(result, first, last)
        self.view_changed.emit()

    def _set_ticks(self, result: "RunResult", first: int, last: int) -> None:
        low, high = self.equity_plot.vb.viewRange()[1]
        ticks = round_ticks(low, high, max(2, int(self.equity_plot.vb.height() / 32)))
        places = 0 if len(ticks) < 2 or ticks[1] - ticks[0] >= 1.0 else 2
        self.equity_plot.getAxis("left").setTicks([[(tick, number(tick, places)) for tick in ticks]])
        deepest = self.drawdown_plot.vb.viewRange()[1][0]
        depths = round_ticks(deepest, 0.0, max(1, int(self.drawdown_plot.vb.height() / 26)))
        self.drawdown_plot.getAxis("left").setTicks([[(depth, _depth(float(depth))) for depth in depths]])
        dates = date_ticks(result.times, first, last, max(2, int(self.equity_plot.vb.width() / 84)))
        for plot in (self.equity_plot, self.drawdown_plot):
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
        """The bar under a point of the scene, or −1 where it is beside both plots."""
        inside = [
            plot for plot in (self.equity_plot, self.drawdown_plot) if plot.vb.sceneBoundingRect().contains(place)
        ]
        first, last = self.bars_in_view()
        if not inside or last < first:
            return -1
        bar = round(float(inside[0].vb.mapSceneToView(place).x()))
        return min(max(bar, first), last)

    def _rect_of(self, plot: pg.PlotItem) -> QRectF:
        rect: QRectF = plot.vb.sceneBoundingRect()
        return QRectF(self._on_widget(rect.topLeft()), rect.size())

    def _on_widget(self, place: QPointF) -> QPointF:
        return QPointF(self.graphics.viewportTransform().map(place)) + QPointF(self.graphics.viewport().pos())


def _plot(graphics: pg.GraphicsLayoutWidget, row: int) -> pg.PlotItem:
    """An empty plot without pyqtgraph's menu and buttons; only its x axis can be dragged and zoomed."""
    plot = graphics.addPlot(row=row, col=0)
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setMouseEnabled(x=True, y=False)
    plot.vb.disableAutoRange()
    plot.vb.setDefaultPadding(0.0)
    left = plot.getAxis("left")
    left.setWidth(AXIS_WIDTH)
    left.setStyle(tickAlpha=255, tickLength=0, tickTextOffset=8)
    left.setGrid(255)
    left.enableAutoSIPrefix(False)
    return plot


def _show_dates(plot: pg.PlotItem, *, shown: bool) -> None:
    """Write dates below the plot, or only draw their hairlines through it."""
    axis = plot.getAxis("bottom")
    axis.setStyle(tickAlpha=255, tickLength=0, tickTextOffset=4, showValues=shown)
    axis.setHeight(_AXIS_HEIGHT if shown else 0)
    axis.setGrid(255)


def _curve(plot: pg.PlotItem) -> pg.PlotCurveItem:
    curve = pg.PlotCurveItem(antialias=True, skipFiniteCheck=True)
    if plot.vb is not None:
        plot.addItem(curve, ignoreBounds=True)
    return curve


def _pen(theme: Theme, token: str, width: float, opacity: float) -> QPen:
    pen: QPen = pg.mkPen(theme.color(token, opacity), width=width)
    return pen


def _span(*curves: FloatArray) -> tuple[float, float]:
    """The lowest and the highest value of all curves."""
    known = [values for values in curves if len(values)]
    if not known:
        return 0.0, 1.0
    return min(float(np.min(values)) for values in known), max(float(np.max(values)) for values in known)


def _set_range(plot: pg.PlotItem, low: float, high: float) -> None:
    """Give the plot's y axis this span and a little air; a flat line lies in the middle."""
    air = (high - low) * 0.06 or max(abs(high) * 0.01, 1.0)
    plot.vb.setYRange(low - air, high + air, padding=0.0)


def _depth(drawdown: float) -> str:
    """A drawdown on the axis: whole percent where they are whole, `0 %` at the top."""
    hundredths = drawdown * 100.0
    places = 0 if abs(hundredths - round(hundredths)) < 1e-6 else 1
    return f"{number(hundredths, places)} %".replace(f"{MINUS}0 %", "0 %")
