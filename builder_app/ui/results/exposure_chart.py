"""How much was at stake at each close: what positions were worth as shares of the equity, and how many were open."""

from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from builder_app.session.runs.result_series import Exposure, exposure
from builder_app.ui.results.figures import number, percent
from builder_app.ui.results.later import Later
from builder_app.ui.results.plotting import make_curve, pen_of, set_range, whole_percent
from builder_app.ui.results.sampling import FloatArray, extremes, round_ticks, time_words
from builder_app.ui.results.sheet import Point, SheetedChart
from builder_app.ui.theme import Theme

if TYPE_CHECKING:
    from builder_app.session import RunResult

_NOTHING: Final = Exposure(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
_NOT_KEPT: Final = "What positions were worth was not kept with this test; test again to see it."


class ExposureChart(SheetedChart):
    """Long above zero, short below, and the net of both where there are both; the number of positions below them."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, (3, 1), parent)
        self._result: RunResult | None = None
        self._shown = _NOTHING
        self._later = Later(self)
        self._long, self._short = (make_curve(self.plots[0], smooth=False) for _ in range(2))
        self._net = make_curve(self.plots[0], smooth=False)
        self._count = make_curve(self.plots[1], smooth=False)
        for curve in (self._long, self._short, self._count):
            curve.setFillLevel(0.0)
        self.setAccessibleName("Exposure")
        self.set_theme(theme)
        self.listen()

    @property
    def shown(self) -> Exposure:
        """What is drawn."""
        return self._shown

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Show what this result's trades held at every bar."""
        if result is not self._result:
            self._result, self._shown = result, _NOTHING
            if result is not None and result.long is not None and result.short is not None:
                worth = result.long, result.short
                self._later.ask(lambda: exposure(result.trades, result.equity, worth), self._take, len(result.trades))
        self.show_times(np.zeros(0, dtype="datetime64[ns]") if result is None else result.times, stale)

    def _take(self, found: Exposure) -> None:
        self._shown = found
        self._draw()
        self.sheet.update()

    def set_pens(self) -> None:
        """Long and short in colours of their own, the count quiet."""
        theme, opacity = self._theme, self.opacity
        for curve, token in ((self._long, "accent"), (self._short, "RISK_MANAGEMENT"), (self._count, "quiet_text")):
            curve.setPen(pen_of(theme, token, 1.0, opacity))
            curve.setBrush(theme.color(token, 0.22 * opacity))
        self._net.setPen(pen_of(theme, "quiet_text", 1.0, opacity))

    def clear_curves(self) -> None:
        """Draw nothing."""
        for curve in (self._long, self._short, self._net, self._count):
            curve.setData([], [])

    def redraw(self, first: int, last: int, buckets: int) -> None:
        """Draw the bars in view, in wide buckets: what jumps and is filled takes Qt long to paint."""
        buckets = buckets // 2
        if len(self._shown.long) <= last:
            self.clear_curves()
            return
        long, short = (extremes(values, first, last, buckets) for values in (self._shown.long, -self._shown.short))
        count = extremes(self._shown.positions.astype(np.float64), first, last, buckets)
        self._long.setData(*long)
        self._short.setData(*short)
        self._net.setData(*(extremes(self._shown.net, first, last, buckets) if self._has_both else ([], [])))
        self._count.setData(*count)
        low, high = float(short[1].min(initial=0.0)), float(long[1].max(initial=0.0))
        set_range(self.plots[0], low, max(high, low + 0.01))
        most = max(float(count[1].max(initial=0.0)), 1.0)
        self.plots[1].vb.setYRange(0.0, most * 1.08, padding=0.0)
        bottom, top = self.plots[0].vb.viewRange()[1]
        ticks = round_ticks(bottom, top, max(2, int(self.plots[0].vb.height() / 32)))
        self.plots[0].getAxis("left").setTicks([[(tick, whole_percent(tick)) for tick in ticks.tolist()]])
        counts = sorted({round(tick) for tick in round_ticks(0.0, most, 2).tolist()})
        self.plots[1].getAxis("left").setTicks([[(float(tick), number(tick, 0)) for tick in counts]])

    @property
    def _has_both(self) -> bool:
        return bool(np.any(self._shown.long > 0.0) and np.any(self._shown.short > 0.0))

    def paint_marks(self, painter: QPainter, theme: Theme) -> None:
        """Say why there is nothing to see where a test was kept without it."""
        if self._result is not None and self._result.long is None:
            painter.setPen(theme.color("quiet_text"))
            painter.drawText(self.rect_of(self.plots[0]), Qt.AlignmentFlag.AlignCenter, _NOT_KEPT)

    def readout(self, bar: int) -> list[str]:
        """The date, what positions are worth at the close, and how many there are."""
        if len(self._shown.long) <= bar:
            return [time_words(self._times[bar])]
        long, short = float(self._shown.long[bar]), float(self._shown.short[bar])
        parts = [time_words(self._times[bar]), f"Long {percent(long)}"]
        if short:
            parts += [f"Short {percent(short)}", f"Gross {percent(long + short)}", f"Net {percent(long - short)}"]
        count = int(self._shown.positions[bar])
        return ["   ".join([*parts, f"{count} position" if count == 1 else f"{count} positions"])]

    def points(self, bar: int) -> list[Point]:
        """Long, short where there is any, and the count."""
        if len(self._shown.long) <= bar:
            return []
        found = [Point(self.plots[0], float(self._shown.long[bar]), "accent", "Long")]
        if self._shown.short.any():
            found.append(Point(self.plots[0], -float(self._shown.short[bar]), "RISK_MANAGEMENT", "Short"))
        if self._has_both:
            found.append(Point(self.plots[0], float(self._shown.net[bar]), "quiet_text", "Net"))
        found = [point for point in found if point.value == point.value]  # none where the equity is not above zero
        return [*found, Point(self.plots[1], float(self._shown.positions[bar]), "quiet_text", "Positions")]

    def columns(self) -> dict[str, FloatArray]:
        """What is drawn, by name."""
        shown = self._shown
        both = {"Gross": shown.gross, "Net": shown.net} if self._has_both else {}
        return {"Long": shown.long, "Short": shown.short, **both, "Positions": shown.positions.astype(np.float64)}
