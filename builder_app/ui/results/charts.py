"""The charts of a result, one at a time: what is shown is chosen above it, and one cursor is linked over all."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QComboBox, QHBoxLayout, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from builder_app.ui.results.annotations import Annotations
from builder_app.ui.results.bar_charts import BarChart, ReturnsChart, YearsChart
from builder_app.ui.results.chart_data import chart_as_text
from builder_app.ui.results.copying import offer_copies
from builder_app.ui.results.curves import Curves
from builder_app.ui.results.equity_chart import EquityChart
from builder_app.ui.results.exposure_chart import ExposureChart
from builder_app.ui.results.months_chart import MonthsChart
from builder_app.ui.results.price_chart import PriceChart
from builder_app.ui.results.rolling_chart import RollingChart
from builder_app.ui.results.sheet import SheetedChart
from builder_app.ui.theme import GAP, GAP_SMALL, Theme

if TYPE_CHECKING:
    from builder_app.session import RunResult, Trade

EQUITY, PRICES, ROLLING, MONTHS, YEARS, RETURNS, EXPOSURE = range(7)
_TITLES: Final = (
    ("Equity", "Equity against benchmark, and the drawdown with its five deepest falls"),
    ("Prices", "One symbol's prices with entries, exits and stops, and a block's values"),
    ("Rolling", "The Sharpe ratio of the days before each day"),
    ("Months", "Each month's return"),
    ("Years", "Each year's return beside the benchmark's"),
    ("Returns", "How often daily returns of each size came"),
    ("Exposure", "What positions were worth at each close, as a share of the equity, and how many were open"),
)
_KINDS: Final = (EquityChart, PriceChart, RollingChart, MonthsChart, YearsChart, ReturnsChart, ExposureChart)
Chart = EquityChart | SheetedChart | MonthsChart | BarChart


class Charts(QWidget):
    """Drag and wheel move and zoom the dates, a double click shows all; a click pins the cursor to a bar, another one
    there lets it go.

    A chart is made when it is first looked at, and takes a result only while it is shown; the dates in view and the
    cursor go along from one chart to the next.
    """

    bar_clicked = Signal(int)
    cursor_moved = Signal(int)
    """The linked cursor is at this bar; −1: at none."""
    prices_requested = Signal(str)
    replay_requested = Signal()
    blocks_requested = Signal(str)
    """The chart of prices wants this symbol's prices, and the values that blocks have for it."""
    symbol_chosen = Signal(str)
    """The chart of prices shows another symbol, whose values the cursor is to show, too."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._stale = theme, False
        self._result: RunResult | None = None
        self._bar = self._pinned = -1
        self._made: dict[int, Chart] = {}
        self._span: tuple[float, float] | None = None
        self._pages = QStackedWidget(self)
        self.buttons = QButtonGroup(self)
        self._row = QHBoxLayout()
        self._row.setContentsMargins(GAP, GAP_SMALL, GAP, 0)
        self._row.setSpacing(GAP_SMALL)
        for number, (title, hint) in enumerate(_TITLES):
            self._row.addWidget(self._make_button(number, title, hint))
        self.choice = QComboBox(self)
        self.choice.addItems([title for title, _ in _TITLES])
        self.choice.setAccessibleName("Chart")
        self.choice.setToolTip("Which chart is shown")
        self.choice.activated.connect(self.choose)
        self._row.addWidget(self.choice)
        self._row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._row)
        layout.addWidget(self._pages, 1)
        self.setMinimumSize(240, 120)
        self.setToolTip("")
        self.buttons.idClicked.connect(self.choose)
        self.choose(EQUITY)

    def _make_button(self, number: int, title: str, hint: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(title)
        button.setToolTip(hint)
        button.setCheckable(True)
        button.setAutoRaise(True)
        self.buttons.addButton(button, number)
        return button

    @property
    def chosen(self) -> int:
        """The chart that is shown."""
        return self.buttons.checkedId()

    @property
    def shown(self) -> Chart:
        """The chart that is shown."""
        return self._made[self.chosen]

    @property
    def equity(self) -> EquityChart:
        """The chart of equity and drawdown."""
        chart = self._made[EQUITY]
        assert isinstance(chart, EquityChart)
        return chart

    @property
    def curves(self) -> Curves:
        """The curves of that chart."""
        return self.equity.curves

    @property
    def annotations(self) -> Annotations:
        """What is written over them."""
        return self.equity.annotations

    @property
    def prices(self) -> PriceChart:
        """The chart of prices, made where it was not yet."""
        chart = self._made.get(PRICES) or self._make(PRICES)
        assert isinstance(chart, PriceChart)
        return chart

    @property
    def bar(self) -> int:
        """Where the linked cursor is, or −1."""
        return self._bar

    @property
    def symbol(self) -> str:
        """The symbol of the chart of prices while that is in front; empty elsewhere."""
        chart = self.shown
        return chart.symbol if isinstance(chart, PriceChart) else ""

    def choose(self, number: int) -> None:
        """Show another chart, with the dates and the cursor of the one before."""
        before = self._made.get(self._pages.currentIndex())
        if isinstance(before, EquityChart | SheetedChart) and self._result is not None:
            self._span = before.span()
        chart = self._made.get(number) or self._make(number)
        button = self.buttons.button(number)
        button.setChecked(True)
        self.choice.setCurrentIndex(number)
        self._pages.setCurrentWidget(chart)
        for other, made in self._made.items():
            options = getattr(made, "options", None)
            if options is not None:
                options.setVisible(other == number)
        chart.show_result(self._result, self._stale)
        if isinstance(chart, EquityChart | SheetedChart) and self._span is not None:
            chart.show_span(*self._span)
        chart.point_at(self._bar)
        self._fit_row()
        self.setAccessibleName(_TITLES[number][1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the charts as buttons, or as one list where they would be cut off."""
        super().resizeEvent(event)
        self._fit_row()

    def _fit_row(self) -> None:
        buttons = self.buttons.buttons()
        options = getattr(self.shown, "options", None)
        needed = sum(button.sizeHint().width() + GAP_SMALL for button in buttons) + 3 * GAP
        if options is not None:
            needed += options.sizeHint().width() + GAP
        fits = needed <= self.width()
        for button in buttons:
            button.setVisible(fits)
        self.choice.setVisible(not fits)

    def _make(self, number: int) -> Chart:
        chart: Chart = _KINDS[number](self._theme, self)
        self._made[number] = chart
        self._pages.addWidget(chart)
        options = getattr(chart, "options", None)
        if options is not None:
            self._row.addWidget(options)
            options.setVisible(number == self.chosen)
        if isinstance(chart, EquityChart | SheetedChart):
            chart.bar_hovered.connect(self._hovered)
            chart.bar_clicked.connect(self._clicked)
        if isinstance(chart, PriceChart):
            chart.prices_requested.connect(self.prices_requested)
            chart.prices_requested.connect(self.symbol_chosen)
            chart.blocks_requested.connect(self.blocks_requested)
            chart.replay_requested.connect(self.replay_requested)
        menu_of = chart.table if isinstance(chart, MonthsChart) else chart.graphics
        offer_copies(menu_of, chart, lambda: chart_as_text(chart, self._result))
        return chart

    def show_result(self, result: "RunResult | None", stale: bool) -> None:
        """Show this result in the chart that is in front; the others take it when they come."""
        if result is self._result and stale == self._stale:
            return
        bars = 0 if result is None else len(result.times)
        if self._result is None or len(self._result.times) != bars:
            self._span = None
        self._result, self._stale = result, stale
        if max(self._bar, self._pinned) >= bars:
            self._pinned = -1
            self._move(-1)
        self.shown.show_result(result, stale)

    def point_at(self, bar: int) -> None:
        """Put the cursor on a bar, and bring it into view."""
        chart = self.shown
        if isinstance(chart, EquityChart | SheetedChart):
            first, last = chart.bars_in_view()
            if not first <= bar <= last:
                chart.show_all()
        chart.point_at(bar)
        self._pinned = bar
        self._move(bar)

    def show_trade(self, trade: "Trade", bar: int) -> None:
        """Jump to a bar of a trade: where the chart has no dates, in the chart of prices."""
        if not isinstance(self.shown, EquityChart | SheetedChart):
            self.choose(PRICES)
        if isinstance(self.shown, PriceChart):
            self.shown.show_trade(trade)
        self.point_at(bar)

    def _hovered(self, bar: int) -> None:
        """The cursor goes with the mouse, and back to where it was pinned when the mouse leaves the chart."""
        if bar < 0 and self._pinned >= 0:
            self.shown.point_at(self._pinned)
        self._move(bar if bar >= 0 else self._pinned)

    def _clicked(self, bar: int) -> None:
        """A click pins the cursor to the bar; another one there lets it go again."""
        self._pinned = -1 if bar == self._pinned else bar
        self.bar_clicked.emit(bar)

    def _move(self, bar: int) -> None:
        if bar != self._bar:
            self._bar = bar
            self.cursor_moved.emit(bar)

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self._theme = theme
        for chart in self._made.values():
            chart.set_theme(theme)
