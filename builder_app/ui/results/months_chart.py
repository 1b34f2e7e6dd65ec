"""The returns of months as a table of colours: a row for each year, a column for each month, the year's at the end."""

import calendar
import math
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QWidget

from builder_app.session.runs.result_series import Months, monthly_returns
from builder_app.ui.results.figures import number, percent
from builder_app.ui.results.time_chart import STALE_OPACITY
from builder_app.ui.theme import CORNER_CONTROL, GAP, MARGIN, TEXT_SMALL, Theme, text_font

if TYPE_CHECKING:
    from builder_app.session import RunResult

_LEAST_ROW: Final = 20
_MOST_ROW: Final = 34
_YEAR_WIDTH: Final = 52
_STRONGEST: Final = 0.62
"""Opacity of the colour of the largest gain or loss."""
_NOTHING: Final = Months(np.zeros(0, dtype=np.int64), np.zeros((0, 12)), np.zeros(0))


class MonthsChart(QScrollArea):
    """The table in what may be scrolled where there are many years."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table = MonthsTable(theme, self)
        self.setWidget(self.table)
        self.setAccessibleName("Returns of months")

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Show this result's months."""
        self.table.show_result(result, stale)

    def point_at(self, bar: int) -> None:
        """Frame the month that holds this bar; −1: none."""
        self.table.point_at(bar)

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self.table.set_theme(theme)


class MonthsTable(QWidget):
    """Painted by one widget; colours are as strong as returns are large, beside the largest of the table."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._stale = theme, False
        self._result: RunResult | None = None
        self.months = _NOTHING
        self.cell = (-1, -1)
        """Row and column that are pointed at; the year's total is column 12."""
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Show this result's months."""
        self._stale = stale
        if result is not self._result:
            self._result, self.cell = result, (-1, -1)
            with np.errstate(all="ignore"):
                self.months = _NOTHING if result is None else monthly_returns(result.times, result.equity)
            self.setMinimumHeight(self.sizeHint().height())
        self.update()

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self._theme = theme
        self.update()

    def point_at(self, bar: int) -> None:
        """Frame the month that holds this bar of the result; −1: none."""
        cell = (-1, -1)
        if bar >= 0 and self._result is not None:
            month = int(self._result.times[bar].astype("datetime64[M]").astype(int)) + 1970 * 12
            cell = (int(np.searchsorted(self.months.years, month // 12)), month % 12)
        self._point(cell)

    def _point(self, cell: tuple[int, int]) -> None:
        if cell != self.cell:
            self.cell = cell
            self.update()

    def sizeHint(self) -> QSize:
        """Room for each year's row and the titles."""
        return QSize(560, _LEAST_ROW * (len(self.months.years) + 1) + GAP)

    def rect_of_cell(self, row: int, column: int) -> QRectF:
        """Where a cell is; row −1 is that of the titles, column −1 that of the years."""
        height = min(max((self.height() - GAP) / (len(self.months.years) + 1), _LEAST_ROW), _MOST_ROW)
        width = (self.width() - MARGIN - GAP - _YEAR_WIDTH) / 13
        top = (row + 1) * height
        if column < 0:
            return QRectF(MARGIN, top, _YEAR_WIDTH, height)
        gap = GAP if column == 12 else 0  # the year stands a little apart
        return QRectF(MARGIN + _YEAR_WIDTH + column * width - GAP + gap, top, width, height)

    def value(self, row: int, column: int) -> float:
        """The return of a cell; NaN where there is none."""
        if not (0 <= row < len(self.months.years) and 0 <= column <= 12):
            return math.nan
        return float(self.months.totals[row] if column == 12 else self.months.table[row, column])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Point at the cell under the mouse, and say its return."""
        rows = len(self.months.years)
        found = next(
            (
                (row, column)
                for row in range(rows)
                for column in range(13)
                if self.rect_of_cell(row, column).contains(event.position())
            ),
            (-1, -1),
        )
        self._point(found)
        self.setToolTip(self.words(*found))

    def words(self, row: int, column: int) -> str:
        """`March 2003: +1.20 %`, or nothing where there is no value."""
        value = self.value(row, column)
        if math.isnan(value):
            return ""
        year = int(self.months.years[row])
        name = str(year) if column == 12 else f"{calendar.month_name[column + 1]} {year}"
        return f"{name}: {percent(value, signed=True)}"

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Titles, then each cell that has a value, then the frame of the one pointed at."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        painter.setFont(text_font(TEXT_SMALL))
        painter.setPen(self._theme.color("quiet_text"))
        for column in range(13):
            title = "Year" if column == 12 else calendar.month_abbr[column + 1]
            painter.drawText(self.rect_of_cell(-1, column), Qt.AlignmentFlag.AlignCenter, title)
        painter.setOpacity(STALE_OPACITY if self._stale else 1.0)
        strongest = float(np.nanmax(np.abs(self.months.table), initial=0.0)) or 1.0
        for row, year in enumerate(self.months.years.tolist()):
            painter.setFont(text_font(TEXT_SMALL))
            painter.setPen(self._theme.color("quiet_text"))
            painter.drawText(self.rect_of_cell(row, -1), Qt.AlignmentFlag.AlignVCenter, str(year))
            for column in range(13):
                self._paint_cell(painter, row, column, strongest)
        if self.cell[0] >= 0:
            painter.setPen(QPen(self._theme.color("accent"), 2.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(
                self.rect_of_cell(*self.cell).adjusted(1, 1, -1, -1), CORNER_CONTROL, CORNER_CONTROL
            )
        painter.end()

    def _paint_cell(self, painter: QPainter, row: int, column: int, strongest: float) -> None:
        value = self.value(row, column)
        if math.isnan(value):
            return
        rect = self.rect_of_cell(row, column)
        if column < 12:
            color = QColor(self._theme.color("gain" if value >= 0.0 else "loss"))
            color.setAlphaF(0.06 + (_STRONGEST - 0.06) * min(abs(value) / strongest, 1.0))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawRoundedRect(rect.adjusted(1, 1, -1, -1), CORNER_CONTROL, CORNER_CONTROL)
        painter.setFont(text_font(TEXT_SMALL, bold=column == 12))
        token = "text" if column < 12 else ("gain" if value >= 0.0 else "loss")
        painter.setPen(self._theme.color(token))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, number(value * 100.0, 1, signed=True))
