"""What is written over the curves: their names, entry and exit marks, the crosshair and the values at its bar."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from builder_app.session.runs.result_series import Fall, deepest_falls
from builder_app.ui.results.curves import Curves
from builder_app.ui.results.figures import money, percent
from builder_app.ui.results.free_places import columns_of, free_box, spread
from builder_app.ui.results.later import Later
from builder_app.ui.results.price_marks import entry_words, exit_words, triangle
from builder_app.ui.results.sampling import time_words
from builder_app.ui.results.sheet import paint_readout
from builder_app.ui.theme import GAP, TEXT_SMALL, Theme, text_font

if TYPE_CHECKING:
    from builder_app.session import RunResult, Trade

_ROOM_PER_MARK: Final = 9.0
"""Pixels of width that a mark needs; where there are more marks than that they become small ticks."""
_MOST_LINES: Final = 4


class Marks(NamedTuple):
    """Trades by the bars of their entries and of their exits, and all these bars."""

    entries: "dict[int, list[Trade]]"
    exits: "dict[int, list[Trade]]"
    bars: NDArray[np.int64]


class Annotations(QWidget):
    """A clear sheet over the curves. It takes no mouse; the curves tell it which bar is hovered."""

    def __init__(self, curves: Curves, theme: Theme) -> None:
        super().__init__(curves)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._curves = curves
        self._theme = theme
        self._bar = -1
        self._entries: dict[int, list[Trade]] = {}
        self._exits: dict[int, list[Trade]] = {}
        self._marked = np.zeros(0, dtype=np.int64)
        self._falls: list[Fall] = []
        self._labels: list[tuple[str, QRectF]] | None = None
        """What is written of the falls; None until it is looked for in this view."""
        self._later = Later(self)
        curves.view_changed.connect(self._view_changed)
        curves.bar_hovered.connect(self.point_at)

    def show_result(self, result: "RunResult | None") -> None:
        """Prepare the marks of this result's trades."""
        self._take(marks_of(()))
        self._falls = [] if result is None else deepest_falls(result.drawdown)
        self._labels = None
        if result is not None:
            self._later.ask(lambda: marks_of(result.trades), self._take, len(result.trades))
        if result is None or self._bar >= len(result.times):
            self._bar = -1
        self.update()

    def _take(self, marks: "Marks") -> None:
        self._entries, self._exits, self._marked = marks
        self.update()

    def _view_changed(self) -> None:
        self._labels = None
        self.update()

    def point_at(self, bar: int) -> None:
        """Put the crosshair on this bar; −1 takes it away."""
        if bar != self._bar:
            self._bar = bar
            self.update()

    @property
    def bar(self) -> int:
        """The crosshair's bar, or −1."""
        return self._bar

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self._theme = theme
        self.update()

    def readout(self) -> list[str]:
        """The lines at the crosshair: date and values, then the entries and exits of that bar."""
        result = self._curves.result
        if result is None or self._bar < 0:
            return []
        bar = self._bar
        values = (
            time_words(result.times[bar]),
            f"Strategy {money(float(result.equity[bar]))}",
            f"Benchmark {money(float(result.benchmark[bar]))}",
            f"Drawdown {percent(float(result.drawdown[bar]))}",
        )
        lines = [entry_words(trade) for trade in self._entries.get(bar, ())]
        lines += [exit_words(trade) for trade in self._exits.get(bar, ())]
        if len(lines) > _MOST_LINES:
            lines = [*lines[: _MOST_LINES - 1], f"and {len(lines) - _MOST_LINES + 1} more"]
        return ["   ".join(values), *lines]

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Names, marks, then the crosshair on top."""
        result = self._curves.result
        if result is None or len(result.times) == 0:
            return
        painter = QPainter(self)
        painter.setFont(text_font(TEXT_SMALL))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_falls(painter)
        self._paint_names(painter, result)
        self._paint_marks(painter, result)
        if self._bar >= 0:
            self._paint_crosshair(painter, result)
        painter.end()

    def _paint_names(self, painter: QPainter, result: "RunResult") -> None:
        """The curves' names at their right ends, moved apart where they would touch."""
        _, last = self._curves.bars_in_view()
        area = self._curves.equity_rect()
        height = QFontMetricsF(painter.font()).height()
        ends = [
            self._curves.place(last, float(result.equity[last])).y(),
            self._curves.place(last, float(result.benchmark[last])).y(),
        ]
        places = spread(ends, height, (area.top(), area.bottom()))
        for name, middle in zip((("Strategy", "accent"), ("Benchmark", "quiet_text")), places, strict=True):
            self._paint_name(painter, name, QPointF(area.right(), middle))
        below = self._curves.drawdown_rect()
        end = self._curves.drawdown_place(last, float(result.drawdown[last])).y()
        middle = spread([end], height, (below.top(), below.bottom()))[0]
        self._paint_name(painter, ("Drawdown", "loss"), QPointF(below.right(), middle))

    def _paint_falls(self, painter: QPainter) -> None:
        """The deepest falls from their high to their end, numbered by depth."""
        first, last = self._curves.bars_in_view()
        area = self._curves.drawdown_rect()
        painter.save()
        painter.setClipRect(area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # edges between pixels take long over an area
        for fall in self._falls:
            end = last if fall.end is None else fall.end
            if first <= end and fall.peak <= last:
                left, right = (self._curves.drawdown_place(bar, 0.0).x() for bar in (fall.peak, end))
                band = QRectF(left, area.top(), right - left, area.height()).toAlignedRect()
                painter.fillRect(band, self._theme.color("loss", 0.10))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("text"))
        if self._labels is None:
            self._labels = self.labels(QFontMetricsF(painter.font()))
        for words, box in self._labels:
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
        painter.restore()

    def labels(self, metrics: QFontMetricsF) -> list[tuple[str, QRectF]]:
        """What is written of the falls whose lowest point is in view, and where: never on the curve or each other.

        Where there is no room for number and depth near the point, the number stands alone, or nothing.
        """
        first, last = self._curves.bars_in_view()
        area = self._curves.drawdown_rect()
        curve = columns_of(*self._curves.drawn_drawdown(), area)
        found: list[tuple[str, QRectF]] = []
        for number, fall in enumerate(self._falls, start=1):
            if not first <= fall.bottom <= last:
                continue
            place = self._curves.drawdown_place(fall.bottom, fall.depth)
            for words in (f"{number}  {percent(fall.depth)}", str(number)):
                size = QSizeF(metrics.horizontalAdvance(words) + 2.0, metrics.height())
                box = free_box(curve, area, place, size, [taken for _, taken in found])
                if box is not None:
                    found.append((words, box))
                    break
        return found

    def _paint_name(self, painter: QPainter, name: tuple[str, str], place: QPointF) -> None:
        text, token = name
        painter.setPen(self._theme.color(token))
        box = QRectF(place.x() + GAP, place.y() - 10, self.width() - place.x() - GAP, 20)
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_marks(self, painter: QPainter, result: "RunResult") -> None:
        """▲ below the equity at entries and ▼ above it at exits; small ticks at the foot where they would crowd."""
        first, last = self._curves.bars_in_view()
        shown = self._marked[np.searchsorted(self._marked, first) : np.searchsorted(self._marked, last, "right")]
        area = self._curves.equity_rect()
        if not len(shown):
            return
        painter.save()
        painter.setClipRect(area)
        if len(shown) * _ROOM_PER_MARK > area.width():
            self._paint_ticks(painter, shown, area)
        else:
            painter.setPen(QPen(self._theme.color("panel"), 1.0))
            for bar in shown.tolist():
                place = self._curves.place(bar, float(result.equity[bar]))
                if bar in self._entries:
                    painter.setBrush(self._theme.color("text"))
                    painter.drawPolygon(triangle(place, pointing_up=True))
                if bar in self._exits:
                    painter.setBrush(self._tone(self._exits[bar]))
                    painter.drawPolygon(triangle(place, pointing_up=False))
        painter.restore()

    def _paint_ticks(
        self, painter: QPainter, shown: "np.ndarray[tuple[int], np.dtype[np.int64]]", area: QRectF
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(QPen(self._theme.color("quiet_text"), 1.0))
        origin = self._curves.place(0.0, 0.0).x()
        step = self._curves.place(1.0, 0.0).x() - origin
        foot = int(area.bottom())
        for x in np.unique((origin + shown * step).astype(np.int64)).tolist():
            painter.drawLine(x, foot - 5, x, foot)

    def _tone(self, trades: "list[Trade]") -> QColor:
        return self._theme.color("gain" if sum(trade.pnl for trade in trades) >= 0.0 else "loss")

    def _paint_crosshair(self, painter: QPainter, result: "RunResult") -> None:
        place = self._curves.place(self._bar, float(result.equity[self._bar]))
        above, below = self._curves.equity_rect(), self._curves.drawdown_rect()
        if not above.left() - 1 <= place.x() <= above.right() + 1:
            return
        painter.setPen(QPen(self._theme.color("quiet_text"), 1.0))
        x = round(place.x()) + 0.5
        painter.drawLine(QPointF(x, above.top()), QPointF(x, above.bottom()))
        painter.drawLine(QPointF(x, below.top()), QPointF(x, below.bottom()))
        painter.setBrush(self._theme.color("accent"))
        painter.setPen(QPen(self._theme.color("panel"), 1.5))
        painter.drawEllipse(place, 3.5, 3.5)
        paint_readout(painter, self._theme, above, x, self.readout())


def marks_of(trades: "Sequence[Trade]") -> Marks:
    """The entries and the exits of each bar, and the bars that have one, rising."""
    entries: defaultdict[int, list[Trade]] = defaultdict(list)
    exits: defaultdict[int, list[Trade]] = defaultdict(list)
    for trade in trades:
        entries[trade.entry_bar].append(trade)
        exits[trade.exit_bar].append(trade)
    return Marks(dict(entries), dict(exits), np.array(sorted({*entries, *exits}), dtype=np.int64))
