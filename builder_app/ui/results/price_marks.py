"""Bars of prices and the marks of trades in the charts, and what is said of them."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from builder_app.ui.results.figures import money, percent
from builder_app.ui.results.sampling import FloatArray

if TYPE_CHECKING:
    from builder_app.session import Trade
    from builder_app.ui.results.sheet import SheetedChart

MARK: Final = 4.0
"""Half of a mark's width."""
_ROOM_PER_MARK: Final = 9.0
_STOPPED: Final = frozenset({"stop", "trailing stop", "break even"})


def entry_words(trade: "Trade") -> str:
    """`▲ long AAPL at 12.34`."""
    return f"▲ {'long' if trade.direction > 0 else 'short'} {trade.symbol} at {money(trade.entry_price)}"


def exit_words(trade: "Trade") -> str:
    """`▼ AAPL at 13.00, stop, −1.20 %`: symbol, price, why, and what the trade brought."""
    change = percent(trade.return_fraction, signed=True)
    return f"▼ {trade.symbol} at {money(trade.exit_price)}, {trade.exit_reason}, {change}"


def triangle(place: QPointF, *, pointing_up: bool) -> QPolygonF:
    """A mark that points at `place`: an entry from below (▲), an exit from above (▼)."""
    side = 1.0 if pointing_up else -1.0
    base = place.y() + side * (MARK * 1.7 + 3.0)
    tip = QPointF(place.x(), place.y() + side * 3.0)
    return QPolygonF([tip, QPointF(place.x() - MARK, base), QPointF(place.x() + MARK, base)])


def paint_candles(
    painter: QPainter, chart: "SheetedChart", plot: pg.PlotItem, prices: Mapping[str, FloatArray]
) -> None:
    """Each bar in view with its open, high, low and close; hollow where it rose."""
    first, last = chart.bars_in_view()
    step = chart.place_in(plot, 1, 0).x() - chart.place_in(plot, 0, 0).x()
    half = max(1.0, min(step * 0.32, 7.0))
    for bar in range(first, last + 1):
        opened, high, low, closed = (float(prices[name][bar]) for name in ("open", "high", "low", "close"))
        if closed != closed:  # a gap
            continue
        color = chart.theme.color("gain" if closed >= opened else "loss")
        top, bottom = (chart.place_in(plot, bar, value) for value in (high, low))
        begin, end = (chart.place_in(plot, bar, value).y() for value in (opened, closed))
        painter.setPen(QPen(color, 1.0))
        painter.drawLine(top, bottom)
        body = QRectF(top.x() - half, min(begin, end), 2 * half, max(abs(begin - end), 1.0))
        painter.fillRect(body, chart.theme.color("panel") if closed >= opened else color)
        painter.drawRect(body)


def has_no_prices(chart: "SheetedChart", plot: pg.PlotItem, prices: Mapping[str, FloatArray], box: QRectF) -> bool:
    """Whether no bar's prices lie in a part of the plot."""
    corners = (chart.graphics.mapToScene(corner.toPoint()) for corner in (box.bottomLeft(), box.topRight()))
    begin, end = map(plot.vb.mapSceneToView, corners)
    bars = slice(max(math.floor(begin.x()), 0), max(math.ceil(end.x()) + 1, 0))
    with np.errstate(invalid="ignore"):
        among = (prices["high"][bars] >= begin.y()) & (prices["low"][bars] <= end.y())
    return not among.any()


def paint_trades(painter: QPainter, chart: "SheetedChart", plot: pg.PlotItem, trades: "Sequence[Trade]") -> None:
    """A thin line from entry to exit, ▲ and ▼ at their prices, a bar at a stop; lines only where they would crowd."""
    first, last = chart.bars_in_view()
    theme = chart.theme
    shown = [trade for trade in trades if trade.exit_bar >= first and trade.entry_bar <= last]
    crowded = 2 * len(shown) * _ROOM_PER_MARK > chart.rect_of(plot).width()
    for trade in shown:
        tone = theme.color("gain" if trade.pnl >= 0.0 else "loss")
        entry = chart.place_in(plot, trade.entry_bar, trade.entry_price)
        leaving = chart.place_in(plot, trade.exit_bar, trade.exit_price)
        painter.setPen(QPen(tone, 1.0, Qt.PenStyle.DotLine))
        painter.drawLine(entry, leaving)
        if crowded:
            continue
        painter.setPen(QPen(theme.color("panel"), 1.0))
        painter.setBrush(theme.color("text"))
        painter.drawPolygon(triangle(entry, pointing_up=trade.direction > 0))
        painter.setBrush(tone)
        painter.drawPolygon(triangle(leaving, pointing_up=trade.direction < 0))
        if trade.exit_reason in _STOPPED:
            painter.setPen(QPen(theme.color("loss"), 2.0))
            painter.drawLine(leaving - QPointF(2 * MARK, 0), leaving + QPointF(2 * MARK, 0))
