"""The equity of the compared tests over each other, as the return since each one's start, on one axis of dates."""

import math
from typing import Final

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from builder_app.session.runs.comparison import Comparison
from builder_app.ui.results.figures import number, percent
from builder_app.ui.results.free_places import spread
from builder_app.ui.results.sampling import extremes, round_ticks
from builder_app.ui.tests_history.lettering import color, letter, pen
from builder_app.ui.theme import GAP, TEXT_SMALL, Theme, text_font

FloatArray = NDArray[np.float64]
_AXIS_WIDTH: Final = 68
_GUTTER: Final = 104
"""Room to the right of the curves for their letters and values."""
_LABEL_HEIGHT: Final = 16
_PIXELS_PER_BUCKET: Final = 1.5
"""A bucket keeps its lowest and its highest point."""
_DAYS_A_YEAR: Final = 365.25
_SECONDS_A_DAY: Final = 86_400.0


class OverlaidCurves(QWidget):
    """A line for each test, its letter and value at the right end: the last one, or that of the date at the mouse."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._curves: list[tuple[FloatArray, FloatArray]] = []
        self._day: float | None = None
        self.graphics = pg.GraphicsLayoutWidget(self)
        self.graphics.ci.layout.setContentsMargins(0, GAP, _GUTTER, 0)
        self.graphics.setFrameShape(self.graphics.Shape.NoFrame)
        self.graphics.setMinimumSize(0, 0)
        self.plot = self.graphics.addPlot(row=0, col=0)
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.vb.disableAutoRange()
        left = self.plot.getAxis("left")
        left.setWidth(_AXIS_WIDTH)
        left.setStyle(tickAlpha=255, tickLength=0, tickTextOffset=8)
        left.setGrid(255)
        bottom = self.plot.getAxis("bottom")
        bottom.setStyle(tickAlpha=255, tickLength=0, tickTextOffset=4)
        bottom.setHeight(20)
        bottom.setGrid(255)
        self._lines: list[pg.PlotCurveItem] = []
        self._labels = _Labels(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.graphics)
        self.setMinimumSize(240, 96)
        self.setAccessibleName("Returns of the compared tests")
        self.graphics.viewport().installEventFilter(self)
        self.plot.vb.sigResized.connect(self._fit)
        self.set_theme(theme)

    def show_comparison(self, comparison: Comparison) -> None:
        """Show these tests' curves."""
        self._curves = []
        for test in comparison.tests:
            days = test.times.astype("datetime64[s]").astype(np.float64) / _SECONDS_A_DAY
            self._curves.append((days, test.growth()))
        for line in self._lines:
            self.plot.removeItem(line)
        self._lines = []
        for place in range(len(self._curves)):
            line = pg.PlotCurveItem(antialias=True, skipFiniteCheck=True)
            line.setZValue(len(self._curves) - place)  # the first one lies on top
            self.plot.addItem(line, ignoreBounds=True)
            self._lines.append(line)
        self._set_pens()
        self._fit()

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self._theme = theme
        self.graphics.setBackground(theme.color("panel"))
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(None))
            axis.setTickPen(pg.mkPen(theme.color("hairline"), width=1))
            axis.setTextPen(pg.mkPen(theme.color("quiet_text")))
            axis.setTickFont(text_font(TEXT_SMALL))
        self._set_pens()
        self._labels.update()

    def values_at(self, day: float | None) -> list[tuple[int, float]]:
        """Each test's place, and its return at the last bar up to `day` (None: the very last); NaN before its first."""
        found = []
        for place, (days, growth) in enumerate(self._curves):
            bar = len(days) - 1 if day is None else int(np.searchsorted(days, day, side="right")) - 1
            found.append((place, float(growth[bar]) if bar >= 0 else math.nan))
        return found

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the mouse; keep the labels over the whole plot."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove and self._curves:
            place = self.plot.vb.mapSceneToView(self.graphics.mapToScene(event.position().toPoint()))
            inside = self.plot.vb.viewRect().left() <= place.x() <= self.plot.vb.viewRect().right()
            self._point_at(float(place.x()) if inside else None)
        elif event.type() == QEvent.Type.Leave:
            self._point_at(None)
        return super().eventFilter(watched, event)

    def _point_at(self, day: float | None) -> None:
        self._day = day
        self._labels.update()

    def _set_pens(self) -> None:
        for place, line in enumerate(self._lines):
            line.setPen(pen(self._theme, place))

    def _fit(self) -> None:
        self._labels.resize(self.size())
        known = [(days, growth[np.isfinite(growth)]) for days, growth in self._curves if np.isfinite(growth).any()]
        if not known:
            self.plot.getAxis("left").setTicks([[]])
            self.plot.getAxis("bottom").setTicks([[]])
            return
        first, last = min(days[0] for days, _ in known), max(days[-1] for days, _ in known)
        low, high = min(growth.min() for _, growth in known), max(growth.max() for _, growth in known)
        air = (high - low) * 0.06 or 0.01
        view = self.plot.vb
        for line, (days, growth) in zip(self._lines, self._curves, strict=True):
            share = (days[-1] - days[0]) / max(last - first, 1.0)
            buckets = max(50, int(view.width() * share / _PIXELS_PER_BUCKET))
            bars, values = extremes(growth, 0, len(growth) - 1, buckets)
            line.setData(days[bars.astype(np.int64)], values)
        view.setXRange(first, max(last, first + 1.0), padding=0.0)
        view.setYRange(low - air, high + air, padding=0.0)
        ticks = round_ticks((low - air) * 100.0, (high + air) * 100.0, max(2, int(view.height() / 32)))
        places = 0 if len(ticks) < 2 or ticks[1] - ticks[0] >= 1.0 else 2
        self.plot.getAxis("left").setTicks([[(tick / 100.0, f"{number(tick, places)} %") for tick in ticks]])
        self.plot.getAxis("bottom").setTicks([_date_ticks(float(first), float(last), max(2, int(view.width() / 84)))])
        self._labels.raise_()
        self._labels.update()

    @property
    def day(self) -> float | None:
        """The date under the mouse, in days since 1970."""
        return self._day

    def place_of(self, day: float, growth: float) -> QPointF:
        """A point of the plot in this widget's coordinates."""
        scene = self.plot.vb.mapViewToScene(QPointF(day, growth))
        return QPointF(self.graphics.viewportTransform().map(scene)) + QPointF(self.graphics.viewport().pos())


class _Labels(QWidget):
    """Letters and values at the right, moved apart where they would lie on each other, and the line at the mouse."""

    def __init__(self, curves: OverlaidCurves) -> None:
        super().__init__(curves)
        self._of = curves
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint them."""
        curves, theme = self._of, self._of._theme
        shown = [(place, value) for place, value in curves.values_at(curves.day) if math.isfinite(value)]
        if not shown:
            return
        painter = QPainter(self)
        painter.setFont(text_font(TEXT_SMALL, bold=True))
        view = curves.plot.vb.viewRect()
        right = curves.place_of(view.right(), 0.0).x()
        top, bottom = curves.place_of(0.0, view.bottom()).y(), curves.place_of(0.0, view.top()).y()
        if curves.day is not None:
            column = curves.place_of(curves.day, 0.0).x()
            painter.setPen(theme.color("outline"))
            painter.drawLine(QPointF(column, top), QPointF(column, bottom))
            painter.setPen(theme.color("quiet_text"))
            words = str(np.datetime64(int(curves.day), "D"))
            painter.drawText(QPointF(min(column + 4, right - 64), top + 10), words)
        ends = [curves.place_of(0.0, value).y() for _, value in shown]
        rows = spread(ends, _LABEL_HEIGHT, (min(top, bottom), max(top, bottom)))
        for (place, value), row in zip(shown, rows, strict=True):
            painter.setPen(color(theme, place))
            painter.drawText(QPointF(right + GAP, row + 4), f"{letter(place)}  {percent(value, signed=True)}")
        painter.end()


def _date_ticks(first: float, last: float, count: int) -> list[tuple[float, str]]:
    """At most about `count` round dates: years, else months, else days."""
    begin, end = (np.datetime64(int(day), "D") for day in (first, last))
    years = (last - first) / _DAYS_A_YEAR
    if years >= 2.0:
        step = next(step for step in (1, 2, 5, 10, 20, 50) if years / step <= count or step == 50)
        starts = np.arange(begin.astype("datetime64[Y]"), end.astype("datetime64[Y]") + 1)
        shown = [start for start in starts if (start.astype(int) + 1970) % step == 0]
        form = "%Y"
    else:
        months = np.arange(begin.astype("datetime64[M]"), end.astype("datetime64[M]") + 1)
        shown, form = list(months[:: max(1, math.ceil(len(months) / count))]), "%b %Y"
    days = [(float(start.astype("datetime64[D]").astype(int)), start.astype("datetime64[D]").item()) for start in shown]
    return [(day, date.strftime(form)) for day, date in days if first <= day <= last]
