"""Equity against benchmark, linear or logarithmic, and the drawdown below it, on one linked axis of bars."""

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QWidget

from builder_app.ui.results.figures import number
from builder_app.ui.results.plotting import make_curve, pen_of, set_range, span_of, whole_percent
from builder_app.ui.results.sampling import FloatArray, extremes, log_ticks, round_ticks
from builder_app.ui.results.time_chart import TimeChart
from builder_app.ui.theme import Theme

if TYPE_CHECKING:
    from builder_app.session import RunResult

_AIR_ABOVE_ZERO: Final = 0.04
"""Above the drawdown's zero, as a share of its depth, so that its line is not cut."""
_LABELLED: Final = 48
"""From this height on the deepest fall has room for its label below it, `_ROOM_BELOW` pixels."""
_ROOM_BELOW: Final = 18


class Curves(TimeChart):
    """The two plots. On the logarithmic axis equal heights are equal shares; money that is not above zero has none."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, (3, 1), parent)
        self._result: RunResult | None = None
        self.is_logarithmic = False
        self.equity_plot, self.drawdown_plot = self.plots
        self._benchmark = make_curve(self.equity_plot)
        self._equity = make_curve(self.equity_plot)
        self._fall = make_curve(self.drawdown_plot, smooth=False)  # the area, below the smooth line
        self._fall.setFillLevel(0.0)
        self._drawdown = make_curve(self.drawdown_plot)
        self.set_theme(theme)
        self.listen()

    @property
    def result(self) -> "RunResult | None":
        """What is shown."""
        return self._result

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Show this result; the zoom is kept where the bars are as many as before."""
        if result is not None and result is self._result:
            self.show_staleness(stale)
            return
        self._result = result
        self.show_times(np.zeros(0, dtype="datetime64[ns]") if result is None else result.times, stale)

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Measure money by shares, or by amounts."""
        if logarithmic != self.is_logarithmic:
            self.is_logarithmic = logarithmic
            self._draw()

    def equity_rect(self) -> QRectF:
        """Where the equity is drawn, in this widget's coordinates."""
        return self.rect_of(self.equity_plot)

    def drawdown_rect(self) -> QRectF:
        """Where the drawdown is drawn, in this widget's coordinates."""
        return self.rect_of(self.drawdown_plot)

    def place(self, bar: float, equity: float) -> QPointF:
        """A point of the equity plot in this widget's coordinates."""
        height = equity
        if self.is_logarithmic:
            height = math.log10(equity) if equity > 0.0 else math.nan
        return self.place_in(self.equity_plot, bar, height)

    def drawdown_place(self, bar: float, drawdown: float) -> QPointF:
        """A point of the drawdown plot in this widget's coordinates."""
        return self.place_in(self.drawdown_plot, bar, drawdown)

    def drawn_drawdown(self) -> tuple[FloatArray, FloatArray]:
        """The points that the drawdown's curve is drawn through, in this widget's pixels."""
        bars, values = self._drawdown.getData()
        if bars is None or len(bars) == 0:
            return np.zeros(0), np.zeros(0)
        origin, unit = self.drawdown_place(0.0, 0.0), self.drawdown_place(1.0, 1.0)
        return bars * (unit.x() - origin.x()) + origin.x(), values * (unit.y() - origin.y()) + origin.y()

    def set_pens(self) -> None:
        """The equity in the accent, the benchmark thin and quiet, the drawdown as a loss."""
        theme, opacity = self._theme, self.opacity
        self._equity.setPen(pen_of(theme, "accent", 1.5, opacity))
        self._benchmark.setPen(pen_of(theme, "quiet_text", 1.0, opacity * 0.8))
        self._drawdown.setPen(pen_of(theme, "loss", 1.0, opacity))
        self._fall.setPen(None)
        self._fall.setBrush(theme.color("loss", 0.22 * opacity))

    def clear_curves(self) -> None:
        """Draw nothing."""
        for curve in (self._equity, self._benchmark, self._fall, self._drawdown):
            curve.setData([], [])

    def redraw(self, first: int, last: int, buckets: int) -> None:
        """Draw the bars in view on axes that fit them."""
        result = self._result
        if result is None:
            return
        equity = self._scaled(extremes(result.equity, first, last, buckets))
        benchmark = self._scaled(extremes(result.benchmark, first, last, buckets))
        drawdown = extremes(result.drawdown, first, last, buckets)
        self._equity.setData(*equity)
        self._benchmark.setData(*benchmark)
        self._fall.setData(*drawdown)
        self._drawdown.setData(*drawdown)
        set_range(self.equity_plot, *span_of(equity[1], benchmark[1]))
        height = max(self.drawdown_plot.vb.height(), 1.0)
        room = 1.06 if height < _LABELLED else 1.0 / (1.0 - _ROOM_BELOW / height)
        deepest = min(float(drawdown[1].min(initial=0.0)) * room, -0.01)
        self.drawdown_plot.vb.setYRange(deepest, -deepest * _AIR_ABOVE_ZERO, padding=0.0)
        self._set_ticks()

    def _scaled(self, points: tuple[FloatArray, FloatArray]) -> tuple[FloatArray, FloatArray]:
        bars, values = points
        if not self.is_logarithmic:
            return points
        above = values > 0.0
        return bars[above], np.log10(values[above])

    def _set_ticks(self) -> None:
        low, high = self.equity_plot.vb.viewRange()[1]
        count = max(2, int(self.equity_plot.vb.height() / 32))
        if self.is_logarithmic:
            marks = [(math.log10(tick), tick) for tick in log_ticks(10.0**low, 10.0**high, count).tolist()]
        else:
            marks = [(tick, tick) for tick in round_ticks(low, high, count).tolist()]
        places = 0 if len(marks) < 2 or marks[1][1] - marks[0][1] >= 1.0 else 2
        self.equity_plot.getAxis("left").setTicks([[(place, number(tick, places)) for place, tick in marks]])
        deepest = self.drawdown_plot.vb.viewRange()[1][0]
        depths = round_ticks(deepest, 0.0, max(1, int(self.drawdown_plot.vb.height() / 26)))
        self.drawdown_plot.getAxis("left").setTicks([[(depth, whole_percent(float(depth))) for depth in depths]])
