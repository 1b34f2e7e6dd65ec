"""A small plot of times, oldest at the left, the newest named; the mouse tells the others."""

import bisect
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedLayout, QVBoxLayout, QWidget

from builder_app.session.care.health_rows import seconds_text
from builder_app.ui.results.sampling import round_ticks
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_SMALL, TEXT_SMALL, Theme, text_font

if TYPE_CHECKING:
    from builder_app.session.care.health import Point

_AXIS_WIDTH: Final = 56
_AIR: Final = 1.15
"""How far the axis goes above the longest time."""
_PIXELS_PER_TICK: Final = 32
_LEAST_HEIGHT: Final = 72


class TimesPlot(QWidget):
    """Times one after the other, from zero; each a dot, with a thin line through them."""

    def __init__(self, title: str, when_empty: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._points: tuple[Point, ...] = ()
        self._pointed_at = -1
        self.title, self.reading = QLabel(title), QLabel()
        set_role(self.title, "section")
        set_role(self.reading, "small")
        self.reading.setFont(text_font(TEXT_SMALL))
        self.empty = QLabel(when_empty)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        set_role(self.empty, "quiet")
        self.plot = pg.PlotWidget(self)
        self.curve = pg.PlotDataItem(antialias=True, symbol="o", symbolSize=4)
        self.plot.addItem(self.curve)
        _calm(self.plot)
        self.plot.viewport().installEventFilter(self)
        self.plot.getPlotItem().vb.sigResized.connect(lambda *_: self._set_ticks())
        self._lay_out()
        self.setMinimumHeight(_LEAST_HEIGHT)
        self.setAccessibleName(title)
        self.set_theme(theme)
        self.show_points(())

    def show_points(self, points: "Sequence[Point]") -> None:
        """Show these times, oldest first."""
        self._points, self._pointed_at = tuple(points), -1
        self._pages.setCurrentIndex(0 if points else 1)
        seconds = [point.seconds for point in points]
        self.curve.setData(list(range(len(seconds))), seconds)
        box = self.plot.getPlotItem().vb
        box.setXRange(-0.5, max(len(seconds) - 0.5, 0.5), padding=0.02)
        box.setYRange(0.0, max([*seconds, 1e-6]) * _AIR, padding=0.0)
        self._set_ticks()
        self._read()

    def set_theme(self, theme: Theme) -> None:
        """Draw the plot in another scheme."""
        self.plot.setBackground(theme.color("panel"))
        line, dot = theme.color("accent", 0.45), theme.color("accent")
        self.curve.setPen(pg.mkPen(line, width=1))
        self.curve.setSymbolPen(pg.mkPen(None))
        self.curve.setSymbolBrush(dot)
        axis = self.plot.getPlotItem().getAxis("left")
        axis.setPen(pg.mkPen(None))
        axis.setTickPen(pg.mkPen(theme.color("hairline"), width=1))
        axis.setTextPen(pg.mkPen(theme.color("quiet_text")))
        axis.setTickFont(text_font(TEXT_SMALL))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The mouse over the plot reads the nearest time; beside it the newest is read."""
        if event.type() == QEvent.Type.MouseMove and isinstance(event, QMouseEvent) and self._points:
            place = self.plot.getPlotItem().vb.mapSceneToView(QPointF(self.plot.mapToScene(event.position().toPoint())))
            self._pointed_at = nearest(len(self._points), float(place.x()))
            self._read()
        elif event.type() == QEvent.Type.Leave:
            self._pointed_at = -1
            self._read()
        return super().eventFilter(watched, event)

    def _read(self) -> None:
        if not self._points:
            self.reading.clear()
            return
        point = self._points[self._pointed_at]
        when = "last" if self._pointed_at < 0 else f"{point.at.astimezone():%d %b %H:%M:%S}"
        self.reading.setText(f"{when}  {seconds_text(point.seconds)}")

    def _set_ticks(self) -> None:
        box = self.plot.getPlotItem().vb
        low, high = box.viewRange()[1]
        ticks = round_ticks(max(low, 0.0), high, max(1, int(box.height() / _PIXELS_PER_TICK)))
        named = [(float(tick), seconds_text(float(tick)) if tick else "0") for tick in ticks]
        self.plot.getPlotItem().getAxis("left").setTicks([named])

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.reading)
        self._pages = QStackedLayout()
        self._pages.addWidget(self.plot)
        self._pages.addWidget(self.empty)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GAP_SMALL)
        lines.addLayout(head)
        lines.addLayout(self._pages, 1)


def nearest(count: int, place: float) -> int:
    """The number (from 0) of the point that lies nearest to this place of the axis, of so many points."""
    return min(bisect.bisect_left([number + 0.5 for number in range(count)], place), count - 1)


def _calm(plot: pg.PlotWidget) -> None:
    """Hairlines and figures at the left; no menu, no buttons, nothing to drag."""
    item = plot.getPlotItem()
    item.setMenuEnabled(False)
    item.hideButtons()
    item.setMouseEnabled(x=False, y=False)
    item.vb.disableAutoRange()
    item.hideAxis("bottom")
    left = item.getAxis("left")
    left.setWidth(_AXIS_WIDTH)
    left.setStyle(tickAlpha=255, tickLength=0, tickTextOffset=8)
    left.setGrid(255)
    left.enableAutoSIPrefix(False)
    plot.setFrameShape(plot.Shape.NoFrame)
    plot.setMinimumSize(0, 0)
    plot.setMouseTracking(True)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
