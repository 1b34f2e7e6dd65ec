"""One symbol's prices with the strategy's entries, exits and stops, and the values of one of its blocks."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from builder_app.ui.results.figures import money, number
from builder_app.ui.results.later import Later
from builder_app.ui.results.plotting import make_curve, pen_of, set_range, span_of
from builder_app.ui.results.price_levels import AT_A_LEVEL, NOT_KEPT, LevelLines, paint_legend
from builder_app.ui.results.price_marks import MARK, entry_words, exit_words, triangle
from builder_app.ui.results.sampling import FloatArray, extremes, round_ticks, time_words
from builder_app.ui.results.sheet import Point, SheetedChart
from builder_app.ui.theme import GAP, Theme

if TYPE_CHECKING:
    from builder_app.session import RunResult, Trade
    from builder_app.session.runs.result_series import Levels

Prices = Mapping[str, FloatArray]
"""Open, high, low and close of one symbol over the result's bars, NaN where it has none; each of shape (bars,)."""
BLOCKS_HINT: Final = "The block whose values are drawn with the prices; those of the last bars are kept"
NO_SERIES: Final = "No block's values"
_CANDLE_ROOM: Final = 4.0
"""Pixels that a bar needs to be drawn with its open, high, low and close."""
_ROOM_PER_MARK: Final = 9.0
_STOPPED: Final = frozenset({"stop", "trailing stop", "break even"})
_AROUND: Final = 15
"""Bars shown before and after a trade that is jumped to, at least."""


class PriceChart(SheetedChart):
    """`options` chooses the symbol and the block whose last values are drawn with it. Prices come by `show_prices`."""

    prices_requested = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, (3, 1), parent)
        self._result: RunResult | None = None
        self._prices: Prices = {}
        self._trades: list[Trade] = []
        self._series: Mapping[str, FloatArray] = {}
        self._words = ""
        self._later, self._later_levels = Later(self), Later(self)
        self.levels = LevelLines(self.plots[0])
        self._close, self._value = make_curve(self.plots[0]), make_curve(self.plots[0])
        self._below = make_curve(self.plots[1])
        self.symbols, self.blocks = QComboBox(self), QComboBox(self)
        self.options = self._make_options()
        self.setAccessibleName("Prices with entries and exits")
        self._show_below(shown=False)
        self.set_theme(theme)
        self.listen()

    def _make_options(self) -> QWidget:
        box = QWidget(self)
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for choice, name in ((self.blocks, BLOCKS_HINT), (self.symbols, "Symbol")):
            choice.setAccessibleName(name)
            choice.setToolTip(name)
            choice.setMaximumWidth(200)
            choice.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
            row.addWidget(choice)
        self.blocks.addItem(NO_SERIES)
        self.symbols.activated.connect(lambda _index: self._ask())
        self.blocks.activated.connect(lambda _index: self._draw())
        return box

    @property
    def symbol(self) -> str:
        """The symbol that is shown; empty where there is none."""
        return self.symbols.currentText()

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Show this result's trades; the symbol is kept where the result has it, else the first traded one is taken."""
        if result is not self._result:
            self._result = result
            names = () if result is None else result.symbols
            traded = next((trade.symbol for trade in result.trades), "") if result is not None else ""
            wanted = self.symbol if self.symbol in names else traded
            self.symbols.clear()
            self.symbols.addItems(list(names))
            self.symbols.setCurrentText(wanted)
            self._ask()
        self.show_times(np.zeros(0, dtype="datetime64[ns]") if result is None else result.times, stale)

    def show_blocks(self, series: Mapping[str, FloatArray]) -> None:
        """The last values of blocks by what they are called; arrays of shape (last bars, symbols)."""
        chosen = self.blocks.currentText()
        self._series = series
        self.blocks.clear()
        self.blocks.addItems([NO_SERIES, *series])
        self.blocks.setCurrentText(chosen if chosen in series else NO_SERIES)
        self._draw()

    def show_prices(self, symbol: str, prices: Prices | None) -> None:
        """Show these prices, where the symbol is still the one that is shown; None: they cannot be had."""
        if symbol == self.symbol:
            self._prices = prices or {}
            self._words = "" if prices else f"The library has no prices of {symbol} for these dates any more."
            self._draw()
            self.sheet.update()

    def choose(self, symbol: str) -> None:
        """Show another symbol."""
        if symbol != self.symbol and self.symbols.findText(symbol) >= 0:
            self.symbols.setCurrentText(symbol)
            self._ask()

    def show_trade(self, trade: "Trade") -> None:
        """Bring one trade into view, with bars before and after it."""
        self.choose(trade.symbol)
        around = max(_AROUND, trade.exit_bar - trade.entry_bar)
        self.show_span(trade.entry_bar - around, trade.exit_bar + around)

    def _ask(self) -> None:
        result, symbol = self._result, self.symbol
        self._prices, self._words = {}, "Reading prices…"
        self._trades = []
        if result is not None:
            trades = result.trades
            found = lambda: [trade for trade in trades if trade.symbol == symbol]  # noqa: E731
            self._later.ask(found, self._take_trades, len(trades))
        self._ask_for_levels()
        self._draw()
        self.sheet.update()
        if symbol:
            self.prices_requested.emit(symbol)

    def _ask_for_levels(self) -> None:
        result, symbol = self._result, self.symbol
        replay = None if result is None else result.replay
        cells = 0 if result is None else len(result.times) * len(result.symbols)
        self._later_levels.ask(
            lambda: None if replay is None or not symbol else replay.levels(symbol), self._take_levels, cells
        )

    def _take_levels(self, levels: "Levels | None") -> None:
        self.levels.show(levels)
        self._draw()

    def _take_trades(self, trades: "list[Trade]") -> None:
        self._trades = trades
        self.sheet.update()

    def set_pens(self) -> None:
        """Prices in the colour of text, the block's values in the accent."""
        self._close.setPen(pen_of(self._theme, "text", 1.0, self.opacity * 0.8))
        self.levels.set_pens(self._theme, self.opacity)
        for curve in (self._value, self._below):
            curve.setPen(pen_of(self._theme, "accent", 1.5, self.opacity))

    def clear_curves(self) -> None:
        """Draw nothing."""
        self.levels.clear()
        for curve in (self._close, self._value, self._below):
            curve.setData([], [])

    def values(self) -> FloatArray:
        """The chosen block's values over the result's bars, NaN before those that are kept; shape (bars,)."""
        found = np.full(len(self._times), np.nan)
        kept = self._series.get(self.blocks.currentText())
        column = self.symbols.currentIndex()
        if kept is not None and 0 <= column < kept.shape[1] and len(kept) <= len(found):
            found[len(found) - len(kept) :] = kept[:, column]
        return found

    def redraw(self, first: int, last: int, buckets: int) -> None:
        """Draw the prices in view, and the block's values with them or, where they are of another size, below."""
        if not self._prices:
            self.clear_curves()
            return
        low, high = self._prices["low"][first : last + 1], self._prices["high"][first : last + 1]
        shown = [part[np.isfinite(part)] for part in (low, high)]
        span = span_of(*shown)
        values = self.values()
        drawn = extremes(values, first, last, buckets)
        among = len(drawn[1]) > 0 and bool(span[0] * 0.7 <= float(np.median(drawn[1])) <= span[1] * 1.3)
        self._show_below(shown=len(drawn[1]) > 0 and not among)
        self._close.setData(
            *(([], []) if self.draws_candles else extremes(self._prices["close"], first, last, buckets))
        )
        self._value.setData(*(drawn if among else ([], [])))
        self._below.setData(*(([], []) if among else drawn))
        levels = self.levels.redraw((first, last), buckets, span)
        set_range(self.plots[0], *span_of(*shown, levels, drawn[1] if among else drawn[1][:0]))
        set_range(self.plots[1], *span_of(drawn[1]))
        for plot, room in zip(self.plots, (32, 26), strict=True):
            bottom, top = plot.vb.viewRange()[1]
            ticks = round_ticks(bottom, top, max(2, int(plot.vb.height() / room))).tolist()
            places = 0 if len(ticks) < 2 or ticks[1] - ticks[0] >= 1.0 else 2
            plot.getAxis("left").setTicks([[(tick, number(tick, places)) for tick in ticks]])

    def _show_below(self, *, shown: bool) -> None:
        layout = self.graphics.ci.layout
        self.plots[1].setVisible(True)
        layout.setRowStretchFactor(0, 3)
        layout.setRowStretchFactor(1, 1 if shown else 0)
        layout.setRowMaximumHeight(1, 10_000 if shown else 22)

    @property
    def _misses_levels(self) -> bool:
        """Whether stops or targets closed trades, and the result does not know any more where they stood."""
        return (
            self._result is not None
            and self._result.replay is None
            and any(trade.exit_reason in AT_A_LEVEL for trade in self._trades)
        )

    @property
    def draws_candles(self) -> bool:
        """Whether bars have the room to be drawn with open, high, low and close."""
        first, last = self.bars_in_view()
        return bool(self.plots[0].vb.width() / max(last - first + 1, 1) >= _CANDLE_ROOM)

    def paint_marks(self, painter: QPainter, theme: Theme) -> None:
        """Bars of prices where there is room, then what was traded."""
        area = self.rect_of(self.plots[0])
        if self._words:
            painter.setPen(theme.color("quiet_text"))
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._words)
            return
        painter.save()
        painter.setClipRect(area)
        painter.setOpacity(self.opacity)
        if self._prices and self.draws_candles:
            self._paint_candles(painter, theme)
        self._paint_trades(painter, theme, area)
        paint_legend(painter, theme, area, self.levels.drawn())
        if self._misses_levels:
            painter.setPen(theme.color("quiet_text"))
            painter.drawText(area.adjusted(GAP, 0, 0, 0), Qt.AlignmentFlag.AlignBottom, NOT_KEPT)
        painter.restore()

    def _paint_candles(self, painter: QPainter, theme: Theme) -> None:
        first, last = self.bars_in_view()
        step = self.place_in(self.plots[0], 1, 0).x() - self.place_in(self.plots[0], 0, 0).x()
        half = max(1.0, min(step * 0.32, 7.0))
        for bar in range(first, last + 1):
            opened, high, low, closed = (float(self._prices[name][bar]) for name in ("open", "high", "low", "close"))
            if closed != closed:  # a gap
                continue
            color = theme.color("gain" if closed >= opened else "loss")
            top, bottom = (self.place_in(self.plots[0], bar, value) for value in (high, low))
            begin, end = (self.place_in(self.plots[0], bar, value).y() for value in (opened, closed))
            painter.setPen(QPen(color, 1.0))
            painter.drawLine(top, bottom)
            body = QRectF(top.x() - half, min(begin, end), 2 * half, max(abs(begin - end), 1.0))
            painter.fillRect(body, theme.color("panel") if closed >= opened else color)
            painter.drawRect(body)

    def _paint_trades(self, painter: QPainter, theme: Theme, area: QRectF) -> None:
        """A thin line from entry to exit, ▲ and ▼ at their prices, a bar at a stop; ticks where they would crowd."""
        first, last = self.bars_in_view()
        shown = [trade for trade in self._trades if trade.exit_bar >= first and trade.entry_bar <= last]
        crowded = 2 * len(shown) * _ROOM_PER_MARK > area.width()
        for trade in shown:
            tone = theme.color("gain" if trade.pnl >= 0.0 else "loss")
            entry = self.place_in(self.plots[0], trade.entry_bar, trade.entry_price)
            leaving = self.place_in(self.plots[0], trade.exit_bar, trade.exit_price)
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

    def readout(self, bar: int) -> list[str]:
        """Date and prices, the block's value, then what was traded at this bar."""
        if not self._prices:
            return [time_words(self._times[bar])]
        prices = "   ".join(
            f"{name} {money(float(self._prices[name][bar]))}" for name in ("open", "high", "low", "close")
        )
        value = float(self.values()[bar])
        said = f"   {self.blocks.currentText()} {number(value)}" if value == value else ""
        lines = [f"{time_words(self._times[bar])}   {self.symbol}   {prices}{said}", *self.levels.words(bar)]
        lines += [entry_words(trade) for trade in self._trades if trade.entry_bar == bar]
        return lines + [exit_words(trade) for trade in self._trades if trade.exit_bar == bar]

    def points(self, bar: int) -> list[Point]:
        """The close, and the block's value where it is kept."""
        found = []
        close = float(self._prices["close"][bar]) if self._prices else np.nan
        if close == close:
            found.append(Point(self.plots[0], close, "text", self.symbol))
        value = float(self.values()[bar])
        if value == value:
            drawn = self._value.getData()[0]
            among = drawn is not None and len(drawn) > 0
            found.append(Point(self.plots[0 if among else 1], value, "accent", self.blocks.currentText()))
        return found

    def columns(self) -> dict[str, FloatArray]:
        """What is drawn, by name."""
        block = {} if self.blocks.currentText() == NO_SERIES else {self.blocks.currentText(): self.values()}
        return {name.capitalize(): self._prices[name] for name in self._prices} | self.levels.columns() | block
