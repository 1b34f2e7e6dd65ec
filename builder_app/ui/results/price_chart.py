"""One symbol's prices with the strategy's entries, exits and stops, and the values of one of its blocks."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from builder_app.ui.results.block_lines import ANSWER_SPAN, ANSWER_TICKS, BlockLines
from builder_app.ui.results.figures import money, number
from builder_app.ui.results.later import Later
from builder_app.ui.results.plotting import make_curve, pen_of, set_range, span_of
from builder_app.ui.results.price_choices import NO_SERIES, PriceChoices
from builder_app.ui.results.price_levels import AT_A_LEVEL, LevelLines, paint_legend
from builder_app.ui.results.price_marks import entry_words, exit_words, has_no_prices, paint_candles, paint_trades
from builder_app.ui.results.sampling import FloatArray, extremes, round_ticks, time_words
from builder_app.ui.results.sheet import Point, SheetedChart
from builder_app.ui.theme import GAP, Theme

if TYPE_CHECKING:
    from builder_app.session import RunResult, Trade
    from builder_app.session.runs.charted_blocks import ChartedBlock
    from builder_app.session.runs.result_series import Levels, Replay

Prices = Mapping[str, FloatArray]
"""Open, high, low and close of one symbol over the result's bars, NaN where it has none; each of shape (bars,)."""
_CANDLE_ROOM: Final = 4.0
"""Pixels that a bar needs to be drawn with its open, high, low and close."""
PATIENCE_MILLISECONDS: Final = 250
"""While no block is chosen, the list of blocks is made anew when results have not come for so long."""
_AROUND: Final = 15
"""Bars shown before and after a trade that is jumped to, at least."""


class PriceChart(SheetedChart):
    """`options` chooses the symbol, and the block whose values are drawn with its prices.

    Both are asked for by the symbol, and come by `show_prices` and `show_blocks`; for a result that was kept without
    it the way to its levels, by `show_replay`.
    """

    prices_requested = Signal(str)
    blocks_requested = Signal(str)
    replay_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, (3, 1), parent)
        self._result: RunResult | None = None
        self._prices: Prices = {}
        self._known: tuple[str, str, NDArray[np.datetime64]] | None = None
        """Of which symbol, and of which test's prices and times."""
        self._trades: list[Trade] = []
        self._blocks: Mapping[str, ChartedBlock] = {}
        self._blocks_symbol = ""
        self._words = ""
        self._soon = QTimer(self, singleShot=True, interval=PATIENCE_MILLISECONDS)
        self._soon.timeout.connect(lambda: self.blocks_requested.emit(self.symbol))
        self._later, self._later_levels = Later(self), Later(self)
        self.levels = LevelLines(self.plots[0])
        self._replay: Replay | None = None
        self._why_no_levels = ""
        self._close = make_curve(self.plots[0])
        self.lines = BlockLines(self.plots)
        self.options = PriceChoices(self)
        self.symbols, self.blocks = self.options.symbols, self.options.blocks
        self.symbols.activated.connect(lambda _index: self._ask())
        self.blocks.activated.connect(lambda _index: self._show_lines())
        self.setAccessibleName("Prices with entries and exits")
        self._show_below(shown=False)
        self.set_theme(theme)
        self.listen()

    @property
    def symbol(self) -> str:
        """The symbol that is shown; empty where there is none."""
        return self.symbols.currentText()

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Show this result's trades; the symbol is kept where the result has it, else the first traded one is taken."""
        if result is not self._result:
            self._result, self._why_no_levels = result, ""
            self._replay = None if result is None else result.replay
            names = () if result is None else result.symbols
            traded = next((trade.symbol for trade in result.trades), "") if result is not None else ""
            wanted = self.symbol if self.symbol in names else traded
            self.symbols.clear()
            self.symbols.addItems(list(names))
            self.symbols.setCurrentText(wanted)
            self._ask()
        self.show_times(np.zeros(0, dtype="datetime64[ns]") if result is None else result.times, stale)

    def show_blocks(self, symbol: str, blocks: "Mapping[str, ChartedBlock]", why_not: str = "") -> None:
        """What blocks' values may be drawn, by name, where the symbol is still the one that is shown.

        `why_not`: the sentence where they cannot be had. A block that was chosen stays so while it is among them.
        """
        if symbol != self.symbol:
            return
        self._blocks, self._blocks_symbol = blocks, symbol
        self.options.offer_blocks(blocks, why_not)
        self._show_lines()

    def _show_lines(self) -> None:
        """Draw the chosen block; its values of the result before stay until the new ones are there."""
        self.lines.show(self._blocks.get(self.blocks.currentText()) if self._blocks_symbol == self.symbol else None)
        self.lines.set_pens(self._theme, self.opacity)
        self._draw()
        self.sheet.update()

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
        """What is drawn stays until the new is there, where a test on the same prices follows, as from a slider."""
        result, symbol = self._result, self.symbol
        stays = self._has_prices_of(result, symbol)
        if not stays:
            self._prices, self._words, self._trades = {}, "Reading prices…", []
            self.levels.show(None)
        if result is not None:
            trades = result.trades
            found = lambda: [trade for trade in trades if trade.symbol == symbol]  # noqa: E731
            self._later.ask(found, self._take_trades, len(trades))
        self._ask_for_levels()
        self._show_lines()
        if symbol and not stays:
            self.prices_requested.emit(symbol)
        self._ask_for_blocks()

    def _has_prices_of(self, result: "RunResult | None", symbol: str) -> bool:
        """Whether the prices that are there are those that this result was tested on; they are from now on."""
        known, self._known = self._known, None if result is None else (symbol, result.data_fingerprint, result.times)
        if known is None or self._known is None or not self._prices:
            return False
        return known[:2] == self._known[:2] and np.array_equal(known[2], self._known[2])

    def _ask_for_blocks(self) -> None:
        """At once where one is drawn, else when it is quiet: a test while a slider moves is not made to wait for it."""
        self._soon.stop()
        if not self.symbol:
            self._blocks = {}
        elif self._blocks_symbol == self.symbol and self.blocks.currentText() == NO_SERIES:
            self._soon.start()
        else:
            self.blocks_requested.emit(self.symbol)

    def _ask_for_levels(self) -> None:
        result, replay, symbol = self._result, self._replay, self.symbol
        cells = 0 if result is None else len(result.times) * len(result.symbols)
        self._later_levels.ask(
            lambda: None if replay is None or not symbol else replay.levels(symbol), self._take_levels, cells
        )

    def show_replay(self, result: "RunResult", replay: "Replay | None", why_not: str = "") -> None:
        """The way to a result's levels, where it is still the one that is shown; None, and a sentence why not."""
        if result is self._result:
            self._replay, self._why_no_levels = replay, why_not
            self._ask_for_levels()
            self.sheet.update()

    def _take_levels(self, levels: "Levels | None") -> None:
        self.levels.show(levels)
        self._draw()

    def _take_trades(self, trades: "list[Trade]") -> None:
        self._trades = trades
        if self._misses_levels:
            self.replay_requested.emit()
        self.sheet.update()

    def set_pens(self) -> None:
        """Prices in the colour of text; levels and blocks have theirs."""
        self._close.setPen(pen_of(self._theme, "text", 1.0, self.opacity * 0.8))
        self.levels.set_pens(self._theme, self.opacity)
        self.lines.set_pens(self._theme, self.opacity)

    def clear_curves(self) -> None:
        """Draw nothing."""
        self.levels.clear()
        self.lines.clear()
        self._close.setData([], [])

    def redraw(self, first: int, last: int, buckets: int) -> None:
        """Draw the prices in view, and the block's values with them or, where they are of another size, below."""
        if not self._prices:
            self.clear_curves()
            return
        low, high = self._prices["low"][first : last + 1], self._prices["high"][first : last + 1]
        shown = [part[np.isfinite(part)] for part in (low, high)]
        span = span_of(*shown)
        over, below = self.lines.redraw((first, last), buckets, span)
        self._show_below(shown=len(below) > 0)
        self._close.setData(
            *(([], []) if self.draws_candles else extremes(self._prices["close"], first, last, buckets))
        )
        levels = self.levels.redraw((first, last), buckets, span)
        set_range(self.plots[0], *span_of(*shown, levels, over))
        set_range(self.plots[1], *span_of(below))
        for plot, room in zip(self.plots, (32, 26), strict=True):
            bottom, top = plot.vb.viewRange()[1]
            ticks = round_ticks(bottom, top, max(2, int(plot.vb.height() / room))).tolist()
            places = 0 if len(ticks) < 2 or ticks[1] - ticks[0] >= 1.0 else 2
            plot.getAxis("left").setTicks([[(tick, number(tick, places)) for tick in ticks]])
        if self.lines.are_conditions:
            self.plots[1].vb.setYRange(*ANSWER_SPAN, padding=0.0)
            self.plots[1].getAxis("left").setTicks([ANSWER_TICKS])

    def _show_below(self, *, shown: bool) -> None:
        layout = self.graphics.ci.layout
        self.plots[1].setVisible(True)
        layout.setRowStretchFactor(0, 3)
        layout.setRowStretchFactor(1, 1 if shown else 0)
        layout.setRowMaximumHeight(1, 10_000 if shown else 22)

    @property
    def _misses_levels(self) -> bool:
        """Whether stops or targets closed trades, and the result does not know any more where they stood."""
        return self._replay is None and any(trade.exit_reason in AT_A_LEVEL for trade in self._trades)

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
            paint_candles(painter, self, self.plots[0], self._prices)
        paint_trades(painter, self, self.plots[0], self._trades)
        is_free = partial(has_no_prices, self, self.plots[0], self._prices)
        paint_legend(painter, theme, self.levels.drawn(), (area, is_free))
        if self._misses_levels:
            painter.setPen(theme.color("quiet_text"))
            painter.drawText(area.adjusted(GAP, 0, 0, 0), Qt.AlignmentFlag.AlignBottom, self._why_no_levels)
        painter.restore()

    def readout(self, bar: int) -> list[str]:
        """Date and prices, the block's value, then what was traded at this bar."""
        if not self._prices:
            return [time_words(self._times[bar])]
        prices = "   ".join(
            f"{name} {money(float(self._prices[name][bar]))}" for name in ("open", "high", "low", "close")
        )
        lines = [f"{time_words(self._times[bar])}   {self.symbol}   {prices}", *self.levels.words(bar)]
        lines += self.lines.words(bar, self.blocks.currentText())
        lines += [entry_words(trade) for trade in self._trades if trade.entry_bar == bar]
        return lines + [exit_words(trade) for trade in self._trades if trade.exit_bar == bar]

    def points(self, bar: int) -> list[Point]:
        """The close, and the block's value where it is kept."""
        found = []
        close = float(self._prices["close"][bar]) if self._prices else np.nan
        if close == close:
            found.append(Point(self.plots[0], close, "text", self.symbol))
        return found + self.lines.points(bar, self.blocks.currentText())

    def columns(self) -> dict[str, FloatArray]:
        """What is drawn, by name; nothing until there are prices."""
        if not self._prices:
            return {}
        block = self.lines.columns(self.blocks.currentText())
        return {name.capitalize(): self._prices[name] for name in self._prices} | self.levels.columns() | block
