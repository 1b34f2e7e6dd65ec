"""The Sharpe ratio of the days before each day: of the strategy, and of its benchmark."""

import math
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtWidgets import QComboBox, QWidget

from builder_app.session.runs.result_series import rolling_sharpe, rolling_window
from builder_app.ui.results.figures import number
from builder_app.ui.results.later import Later
from builder_app.ui.results.plotting import make_curve, pen_of, set_range, span_of
from builder_app.ui.results.sampling import FloatArray, extremes, round_ticks, time_words
from builder_app.ui.results.sheet import Point, SheetedChart
from builder_app.ui.theme import Theme

if TYPE_CHECKING:
    from builder_app.session import RunResult

WINDOWS: Final = {"1 month": 21, "3 months": 63, "6 months": 126, "1 year": 252}
"""Trading days of each choice; where bars are weeks or months, the returns that lie in so many."""
_USUAL: Final = 126
_BARS_A_TRADE: Final = 20
"""So many bars take as long as one trade where trades are looked through."""


class RollingChart(SheetedChart):
    """Two curves around a hairline at 0; `options` chooses how many days are looked at."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, (1,), parent)
        self._result: RunResult | None = None
        self._values: list[FloatArray] = [np.zeros(0), np.zeros(0)]
        self._later = Later(self)
        self._zero = make_curve(self.plots[0])
        self._benchmark = make_curve(self.plots[0])
        self._strategy = make_curve(self.plots[0])
        self.options = QComboBox(self)
        self.options.setToolTip("Over how many days each ratio is taken")
        self.options.setAccessibleName("Days of the rolling Sharpe ratio")
        for words, days in WINDOWS.items():
            self.options.addItem(words, days)
        self.options.setCurrentIndex(self.options.findData(_USUAL))
        self.options.currentIndexChanged.connect(self._measure)
        self.setAccessibleName("Rolling Sharpe ratio")
        self.set_theme(theme)
        self.listen()

    @property
    def days(self) -> int:
        """Days of each ratio."""
        return int(self.options.currentData())

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Show this result's ratios."""
        if result is not self._result:
            self._result = result
            self._values = [np.zeros(0), np.zeros(0)]
            self._measure()
        self.show_times(np.zeros(0, dtype="datetime64[ns]") if result is None else result.times, stale)

    def _measure(self) -> None:
        result, days = self._result, self.days
        if result is not None:
            size = len(result.times) // _BARS_A_TRADE
            self._later.ask(lambda: _measured(result, days), self._take, size)

    def _take(self, values: list[FloatArray]) -> None:
        self._values = values
        self._draw()
        self.sheet.update()

    def set_pens(self) -> None:
        """The strategy in the accent, the benchmark thin and quiet."""
        self._strategy.setPen(pen_of(self._theme, "accent", 1.5, self.opacity))
        self._benchmark.setPen(pen_of(self._theme, "quiet_text", 1.0, self.opacity * 0.8))
        self._zero.setPen(pen_of(self._theme, "outline", 1.0))

    def clear_curves(self) -> None:
        """Draw nothing."""
        for curve in (self._zero, self._strategy, self._benchmark):
            curve.setData([], [])

    def redraw(self, first: int, last: int, buckets: int) -> None:
        """Draw the ratios of the bars in view, and the hairline at 0."""
        if len(self._values[0]) <= last:  # they are still being worked out
            self.clear_curves()
            return
        drawn = [extremes(values, first, last, buckets) for values in self._values]
        self._strategy.setData(*drawn[0])
        self._benchmark.setData(*drawn[1])
        self._zero.setData(np.array([first, last], dtype=np.float64), np.zeros(2))
        low, high = span_of(drawn[0][1], drawn[1][1])
        set_range(self.plots[0], min(low, 0.0), max(high, 0.0))
        bottom, top = self.plots[0].vb.viewRange()[1]
        ticks = round_ticks(bottom, top, max(2, int(self.plots[0].vb.height() / 32)))
        self.plots[0].getAxis("left").setTicks([[(tick, number(tick, 1)) for tick in ticks.tolist()]])

    def readout(self, bar: int) -> list[str]:
        """The date and both ratios; where there are not days enough yet, how many it takes."""
        ours, theirs = (self._known(values, bar) for values in self._values)
        date = time_words(self._times[bar])
        if math.isnan(ours):
            return [f"{date}   The ratio begins after {rolling_window(self._times, self.days)} returns."]
        return [f"{date}   Strategy {number(ours)}   Benchmark {number(theirs)}"]

    def points(self, bar: int) -> list[Point]:
        """Both ratios, where they are known."""
        named = zip((("Strategy", "accent"), ("Benchmark", "quiet_text")), self._values, strict=True)
        found = [Point(self.plots[0], self._known(values, bar), token, name) for (name, token), values in named]
        return [point for point in found if not math.isnan(point.value)]

    def columns(self) -> dict[str, FloatArray]:
        """What is drawn, by name."""
        return {"Strategy": self._values[0], "Benchmark": self._values[1]}

    @staticmethod
    def _known(values: FloatArray, bar: int) -> float:
        """The ratio at the bar, or the last one before it on the same or an earlier date."""
        if not 0 <= bar < len(values):
            return math.nan
        known = np.flatnonzero(np.isfinite(values[: bar + 1]))
        return float(values[known[-1]]) if len(known) else math.nan


def _measured(result: "RunResult", days: int) -> list[FloatArray]:
    """The ratios of the strategy and of its benchmark."""
    with np.errstate(all="ignore"):
        return [rolling_sharpe(result.times, curve, days) for curve in (result.equity, result.benchmark)]
