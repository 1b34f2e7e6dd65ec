"""Bars: each year's return beside the benchmark's, and how often daily returns of each size came."""

from typing import TYPE_CHECKING, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from builder_app.session.runs.result_series import daily_returns, histogram, last_bars, yearly_returns
from builder_app.ui.results.figures import number, percent
from builder_app.ui.results.plotting import label_bottom, make_graphics, make_plot, paint_axes, set_range, whole_percent
from builder_app.ui.results.sampling import FloatArray, round_ticks
from builder_app.ui.results.sheet import paint_readout
from builder_app.ui.results.time_chart import STALE_OPACITY
from builder_app.ui.theme import GAP, TEXT_SMALL, Theme, text_font

if TYPE_CHECKING:
    from builder_app.session import RunResult

_HALF: Final = 0.38
"""Half of a year's room that its two bars take."""


class BarChart(QWidget):
    """Bars over numbered places. A kind says how high they are (`measure`) and what stands at one (`readout`)."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._stale = theme, False
        self._result: RunResult | None = None
        self.place = -1
        """The place under the mouse, or of the linked cursor; −1: none."""
        self.graphics = make_graphics(self)
        self.plot = make_plot(self.graphics, 0)
        self.plot.setMouseEnabled(x=False, y=False)
        label_bottom(self.plot, shown=True)
        self.plot.getAxis("bottom").setGrid(False)
        self.setAccessibleName(name)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.graphics)
        self.sheet = _BarSheet(self)
        self.graphics.viewport().installEventFilter(self)
        self.plot.vb.sigResized.connect(self.fit)
        self.installEventFilter(self.sheet)

    @property
    def theme(self) -> Theme:
        """The colours in use."""
        return self._theme

    def measure(self) -> None:
        """Take the result's bars."""
        raise NotImplementedError

    def fit(self) -> None:
        """Draw the bars on axes that fit them."""
        raise NotImplementedError

    def readout(self, place: int) -> list[str]:
        """What stands at this place."""
        raise NotImplementedError

    def place_of_bar(self, bar: int) -> int:
        """The place that holds the result's bar; −1: none."""
        raise NotImplementedError

    def count(self) -> int:
        """How many places there are."""
        raise NotImplementedError

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Show this result."""
        changed, self._stale = result is not self._result or stale != self._stale, stale
        if result is not self._result:
            self._result, self.place = result, -1
            self.measure()
        if changed:
            self.fit()
            self.sheet.update()

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self._theme = theme
        self.graphics.setBackground(theme.color("panel"))
        paint_axes([self.plot], theme)
        self.fit()
        self.sheet.update()

    def point_at(self, bar: int) -> None:
        """Point at what holds this bar of the result; −1: at nothing."""
        self._point(self.place_of_bar(bar) if bar >= 0 and self._result is not None else -1)

    def _point(self, place: int) -> None:
        if place != self.place:
            self.place = place
            self.sheet.update()

    @property
    def opacity(self) -> float:
        """How clearly bars are drawn."""
        return STALE_OPACITY if self._stale else 1.0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Point at what the mouse is over."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            scene = self.graphics.mapToScene(event.position().toPoint())
            place = round(float(self.plot.vb.mapSceneToView(QPointF(scene)).x()))
            inside = self.plot.vb.sceneBoundingRect().contains(QPointF(scene)) and 0 <= place < self.count()
            self._point(place if inside else -1)
        elif event.type() == QEvent.Type.Leave:
            self._point(-1)
        return super().eventFilter(watched, event)

    def _draw(self, bars: list[pg.BarGraphItem], low: float, high: float) -> None:
        for item in [item for item in self.plot.items if isinstance(item, pg.BarGraphItem)]:
            self.plot.removeItem(item)
        for bar in bars:
            self.plot.addItem(bar, ignoreBounds=True)
        self.plot.vb.setXRange(-0.6, max(self.count(), 1) - 0.4, padding=0.0)
        set_range(self.plot, low, high)

    def _bars(self, places: FloatArray, heights: FloatArray, width: float, token: str) -> pg.BarGraphItem:
        color = self._theme.color(token, self.opacity * (1.0 if token in {"gain", "loss"} else 0.45))
        return pg.BarGraphItem(x=places, height=heights, width=width, y0=0.0, brush=color, pen=pg.mkPen(None))


class YearsChart(BarChart):
    """Two bars for each year: the strategy's return and the benchmark's."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.years: list[int] = []
        self.returns: FloatArray = np.zeros(0)
        self.market: FloatArray = np.zeros(0)
        super().__init__(theme, "Returns of years", parent)
        self.set_theme(theme)

    def measure(self) -> None:
        """Take the result's years."""
        result = self._result
        if result is None:
            self.years, self.returns, self.market = [], np.zeros(0), np.zeros(0)
            return
        years, self.returns = yearly_returns(result.times, result.equity)
        self.years = years.tolist()
        with np.errstate(all="ignore"):
            self.market = np.nan_to_num(yearly_returns(result.times, result.benchmark)[1])

    def count(self) -> int:
        """How many years there are."""
        return len(self.years)

    def fit(self) -> None:
        """Gains and losses in their colours, the benchmark quiet beside them."""
        places = np.arange(len(self.years), dtype=np.float64)
        gains = self.returns >= 0.0
        left, right = places - _HALF / 2, places + _HALF / 2
        bars = [
            self._bars(left[gains], self.returns[gains], _HALF, "gain"),
            self._bars(left[~gains], self.returns[~gains], _HALF, "loss"),
            self._bars(right, self.market, _HALF, "quiet_text"),
        ]
        both = np.concatenate((self.returns, self.market, [0.0]))
        self._draw(bars, float(both.min()), float(both.max()))
        bottom, top = self.plot.vb.viewRange()[1]
        ticks = round_ticks(bottom, top, max(2, int(self.plot.vb.height() / 32))).tolist()
        self.plot.getAxis("left").setTicks([[(tick, whole_percent(tick)) for tick in ticks]])
        every = max(1, int(np.ceil(len(self.years) * 44 / max(self.plot.vb.width(), 1.0))))
        labels = [(float(place), str(year)) for place, year in enumerate(self.years) if place % every == 0]
        self.plot.getAxis("bottom").setTicks([labels])

    def readout(self, place: int) -> list[str]:
        """The year, and both returns."""
        ours, theirs = float(self.returns[place]), float(self.market[place])
        return [
            f"{self.years[place]}   Strategy {percent(ours, signed=True)}   Benchmark {percent(theirs, signed=True)}"
        ]

    def place_of_bar(self, bar: int) -> int:
        """The place of the year that holds the bar."""
        assert self._result is not None
        year = int(self._result.times[bar].astype("datetime64[Y]").astype(int)) + 1970
        return self.years.index(year) if year in self.years else -1


class ReturnsChart(BarChart):
    """A histogram of daily returns; zero lies between two bars."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self.edges: FloatArray = np.zeros(0)
        self.counts = np.zeros(0, dtype=np.int64)
        self._returns: FloatArray = np.zeros(0)
        super().__init__(theme, "Daily returns by size", parent)
        self.set_theme(theme)

    def measure(self) -> None:
        """Take the result's daily returns."""
        result = self._result
        with np.errstate(all="ignore"):
            self._returns = np.zeros(0) if result is None else daily_returns(result.times, result.equity)
        self.edges, self.counts = histogram(self._returns)

    def count(self) -> int:
        """How many bins there are."""
        return len(self.counts)

    def fit(self) -> None:
        """Losses left of zero, gains right of it."""
        places = np.arange(len(self.counts), dtype=np.float64)
        gains = self.edges[:-1] >= -1e-12 if len(self.edges) else np.zeros(0, dtype=np.bool_)
        heights = self.counts.astype(np.float64)
        bars = [
            self._bars(places[gains], heights[gains], 0.86, "gain"),
            self._bars(places[~gains], heights[~gains], 0.86, "loss"),
        ]
        top = float(heights.max(initial=1.0))
        self._draw(bars, 0.0, top)
        self.plot.vb.setYRange(0.0, top * 1.06, padding=0.0)
        ticks = round_ticks(0.0, top, max(2, int(self.plot.vb.height() / 32))).tolist()
        self.plot.getAxis("left").setTicks([[(tick, number(tick, 0)) for tick in ticks if tick == round(tick)]])
        if len(self.edges) < 2:
            return
        width = float(self.edges[1] - self.edges[0])
        marks = round_ticks(float(self.edges[0]), float(self.edges[-1]), max(2, int(self.plot.vb.width() / 84)))
        places_of = [((mark - float(self.edges[0])) / width - 0.5, whole_percent(mark)) for mark in marks.tolist()]
        self.plot.getAxis("bottom").setTicks([places_of])

    def readout(self, place: int) -> list[str]:
        """The bin's edges, and how many days are in it."""
        low, high, days = float(self.edges[place]), float(self.edges[place + 1]), int(self.counts[place])
        whole = int(self.counts.sum())
        words = f"{number(days, 0)} day{'' if days == 1 else 's'} of {number(whole, 0)}"
        return [f"{percent(low, signed=True)} to {percent(high, signed=True)}   {words}"]

    def place_of_bar(self, bar: int) -> int:
        """The bin that holds the return of the bar's date."""
        result = self._result
        assert result is not None
        date = int(np.searchsorted(last_bars(result.times, "D"), bar)) - 1  # the first date has no return
        if not 0 <= date < len(self._returns) or len(self.edges) < 2:
            return -1
        return int(np.clip(np.searchsorted(self.edges, self._returns[date], "right") - 1, 0, len(self.counts) - 1))


class _BarSheet(QWidget):
    """A clear sheet over the bars: the column that is pointed at, and what stands there."""

    def __init__(self, chart: BarChart) -> None:
        super().__init__(chart)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.chart = chart

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Lie over the chart at every size."""
        if watched is self.chart and isinstance(event, QResizeEvent):
            self.resize(event.size())
            self.raise_()
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A frame around the column, and the lines on it."""
        chart = self.chart
        if not 0 <= chart.place < chart.count():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(text_font(TEXT_SMALL))
        scene = chart.plot.vb.sceneBoundingRect()
        edges = [chart.plot.vb.mapViewToScene(QPointF(chart.place + side, 0.0)).x() for side in (-0.5, 0.5)]
        area = QRectF(scene)
        column = QRectF(edges[0], area.top(), edges[1] - edges[0], area.height()).intersected(area)
        painter.setPen(QPen(chart.theme.color("quiet_text"), 1.0))
        painter.setBrush(chart.theme.color("accent", 0.08))
        painter.drawRect(column.adjusted(0.5, 0.5, -0.5, -0.5))
        height = QFontMetricsF(painter.font()).height()
        paint_readout(
            painter,
            chart.theme,
            area.adjusted(GAP, height / 4, -GAP, 0),
            column.center().x(),
            chart.readout(chart.place),
        )
        painter.end()
