"""The mini results strip: five figures and the equity as a small line, always in sight, painted by one widget."""

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from builder_app.ui.results.figures import NO_VALUE, Tone, number, percent, tone_of
from builder_app.ui.results.sampling import extremes
from builder_app.ui.theme import CORNER_CONTROL, GAP, GAP_GROUP, GAP_SMALL, MARGIN, TEXT_SMALL, Theme, text_font

if TYPE_CHECKING:
    from builder_app.session import RunProgress, RunResult

_HEIGHT: Final = 32
_BETWEEN: Final = 20
_LINE_WIDTH: Final = 280.0
_SHORT_LINE_WIDTH: Final = 96.0
"""Where long titles leave the line less than this, they are shortened."""
_LEAST_LINE_WIDTH: Final = 48.0
_LINE_BUCKETS: Final = 140
_SAMPLES: Final = ("+888.88 %", "−8.88", "−88.88 %", "88.88 %", "8,888")
"""Each figure keeps room for this text, so that nothing moves when the figures do."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One of the five: its title, the title where room is short, its value and the tone of that."""

    title: str
    short: str
    value: str
    tone: Tone


def strip_figures(result: "RunResult | None") -> tuple[Figure, ...]:
    """Total return, Sharpe ratio, deepest drawdown, win rate and number of trades; “–” where there is no value."""

    def value(name: str) -> float:
        return math.nan if result is None else result.metrics.get(name, math.nan)

    growth, fall = value("total_return"), value("max_drawdown")
    trades = NO_VALUE if result is None else number(len(result.trades), 0)
    return (
        Figure("Total return", "Return", percent(growth, signed=True), tone_of(growth)),
        Figure("Sharpe", "Sharpe", number(value("sharpe_ratio")), Tone.PLAIN),
        Figure("Max drawdown", "Drawdown", percent(fall, signed=True), tone_of(fall)),
        Figure("Win rate", "Wins", percent(value("win_rate")), Tone.PLAIN),
        Figure("Trades", "Trades", trades, Tone.PLAIN),
    )


class ResultsStrip(QWidget):
    """Shows the last result in one line. A click, Enter or Space asks for the results panel."""

    results_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._result: RunResult | None = None
        self._stale = False
        self._share: float | None = None
        self._figures = strip_figures(None)
        self._points = np.zeros((0, 2))
        self.setFixedHeight(_HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("Open the results")
        self._say()

    @property
    def shown(self) -> "tuple[RunResult | None, bool]":
        """The result that is shown, and whether it is said to be stale."""
        return self._result, self._stale

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Show this result; `stale`: the strategy was changed after its test. None: not tested yet."""
        if result is self._result and stale == self._stale:
            return
        if result is not self._result:
            self._figures = strip_figures(result)
            self._points = _line_points(result)
        self._result, self._stale = result, stale
        self._say()
        self.update()

    def show_progress(self, progress: "RunProgress | None") -> None:
        """Draw how far the running test is as a hairline at the foot; None: none is running."""
        self._share = None if progress is None else min(max(progress.share, 0.0), 1.0)
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self._theme = theme
        self.update()

    def words(self) -> str:
        """What the strip says, as a sentence for a screen reader."""
        if self._result is None:
            return "Not tested yet"
        said = ", ".join(f"{figure.title} {figure.value}" for figure in self._figures)
        return f"{said}. The strategy was changed after this test." if self._stale else said

    def minimumSizeHint(self) -> QSize:
        """Room for the five figures with their short titles."""
        return QSize(math.ceil(self._figures_width(short=True)) + 2 * MARGIN, _HEIGHT)

    def sizeHint(self) -> QSize:
        """Room for the five figures and the line."""
        width = self._figures_width(short=False) + _BETWEEN + _LINE_WIDTH
        return QSize(math.ceil(width) + 2 * MARGIN, _HEIGHT)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Figures, then the line, and the progress at the foot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        if self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("control"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), CORNER_CONTROL, CORNER_CONTROL)
        short = self._figures_width(short=False) + _BETWEEN + _SHORT_LINE_WIDTH + 2 * MARGIN > self.width()
        end = self._paint_figures(painter, short=short)
        self._paint_right(painter, QRectF(end + GAP, 0.0, self.width() - MARGIN - end - GAP, _HEIGHT))
        if self._share is not None:
            foot = QRectF(0.0, _HEIGHT - 2.0, self.width(), 2.0)
            painter.fillRect(foot, self._theme.color("hairline"))
            painter.fillRect(
                QRectF(foot.topLeft(), QPointF(foot.width() * self._share, _HEIGHT)), self._theme.color("accent")
            )
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._theme.color("accent"), 2.0))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), CORNER_CONTROL, CORNER_CONTROL)
        painter.end()

    def _paint_figures(self, painter: QPainter, *, short: bool) -> float:
        """Paint title and value of each; returns where the last one ends."""
        left = float(MARGIN)
        title_font, value_font = text_font(TEXT_SMALL), text_font(bold=True)
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for figure, sample in zip(self._figures, _SAMPLES, strict=True):
            title = figure.short if short else figure.title
            quiet = self._stale or self._result is None
            painter.setFont(title_font)
            painter.setPen(self._theme.color("quiet_text"))
            width = QFontMetricsF(title_font).horizontalAdvance(title)
            painter.drawText(QRectF(left, 1.0, width + 1.0, _HEIGHT - 1.0), flags, title)
            left += width + GAP
            painter.setFont(value_font)
            painter.setPen(self._theme.color(Tone.QUIET if quiet else figure.tone))
            width = _room(figure.value, sample)
            painter.drawText(QRectF(left, 0.0, width + 1.0, _HEIGHT), flags, figure.value)
            left += width + (GAP_GROUP if short else _BETWEEN)
        return left

    def _paint_right(self, painter: QPainter, room: QRectF) -> None:
        """The equity's small line; “not tested yet” before the first result."""
        if self._result is None:
            painter.setFont(text_font(TEXT_SMALL))
            painter.setPen(self._theme.color("quiet_text"))
            text = "Not tested yet"
            if QFontMetricsF(painter.font()).horizontalAdvance(text) <= room.width():
                painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
            return
        if room.width() < _LEAST_LINE_WIDTH or len(self._points) < 2:
            return
        width = min(_LINE_WIDTH, room.width())
        area = QRectF(room.left(), GAP_SMALL, width, _HEIGHT - 2 * GAP_SMALL - 1.0)
        line = self._points * (area.width(), -area.height()) + (area.left(), area.bottom())
        base = area.bottom() - self._start_height() * area.height()
        painter.setPen(QPen(self._theme.color("hairline"), 1.0))
        painter.drawLine(QPointF(area.left(), base), QPointF(area.right(), base))
        painter.setPen(QPen(self._theme.color("accent", 0.45 if self._stale else 1.0), 1.25))
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line.tolist()]))

    def _start_height(self) -> float:
        """How high in the line's box the equity began, 0–1: a hairline there shows gain from loss."""
        return float(self._points[0, 1])

    def _figures_width(self, *, short: bool) -> float:
        titles = QFontMetricsF(text_font(TEXT_SMALL))
        width = sum(
            titles.horizontalAdvance(figure.short if short else figure.title) + GAP + _room(figure.value, sample)
            for figure, sample in zip(self._figures, _SAMPLES, strict=True)
        )
        return width + (len(_SAMPLES) - 1) * (GAP_GROUP if short else _BETWEEN)

    def _say(self) -> None:
        self.setAccessibleName(self.words())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click asks for the results."""
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.results_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter and Space do what a click does."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space}:
            self.results_requested.emit()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be clicked."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: "QEnterEvent") -> None:  # type: ignore[override]
        """The mouse has gone."""
        super().leaveEvent(event)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()


def _room(value: str, sample: str) -> float:
    metrics = QFontMetricsF(text_font(bold=True))
    return max(metrics.horizontalAdvance(value), metrics.horizontalAdvance(sample))


def _line_points(result: "RunResult | None") -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    """The equity in the unit square, thinned out, shape (points, 2); the first point is the first bar."""
    if result is None or len(result.equity) < 2:
        return np.zeros((0, 2))
    bars, values = extremes(result.equity, 0, len(result.equity) - 1, _LINE_BUCKETS)
    low, high = float(values.min(initial=np.inf)), float(values.max(initial=-np.inf))
    heights = (values - low) / (high - low) if high > low else np.full(len(values), 0.5)
    return np.column_stack((bars / (len(result.equity) - 1), heights))
