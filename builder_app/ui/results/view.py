"""The results panel: metrics, equity and drawdown, trades, rejected entries and notes, in the room there is."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from builder_app.ui.results.charts import Charts
from builder_app.ui.results.copying import offer_copies
from builder_app.ui.results.figures import MetricDefinition
from builder_app.ui.results.lists import Lists
from builder_app.ui.results.metrics_table import MetricsTable
from builder_app.ui.results.status import FailureRow, StatusLine
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, MARGIN, Theme

if TYPE_CHECKING:
    from builder_app.session import RunFailure, RunProgress, RunResult, Trade

_TALL: Final = 460
"""From this height on the lists stand below the charts."""
_WIDE: Final = 2200
"""From this width on the lists stand beside the charts."""
_METRICS_WIDTH: Final = 376
_METRICS_WITH_RANGE: Final = 600
_LEAST_HEIGHT: Final = 120
_STEPS: Final = 1000


class ResultsView(QWidget):
    """Shows what a test found. Passive: values come in by `show_…`, wishes go out as signals.

    Low and narrow (a dock of 240 pixels) it shows the charts or one of the lists, by tabs; wide, the lists stand beside
    the charts; tall, below them. `fill_rules` is the text of the rules by which orders were filled, shown in the notes.
    """

    test_requested = Signal()
    cancel_requested = Signal()
    line_requested = Signal(int)
    bar_requested = Signal(int)
    cursor_moved = Signal(int)
    """The charts' cursor is at this bar; −1: at none."""
    prices_requested = Signal(str)
    blocks_requested = Signal(str)
    replay_requested = Signal()
    convention_chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        definitions: Sequence[MetricDefinition],
        parent: QWidget | None = None,
        *,
        fill_rules: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._result: RunResult | None = None
        self._failed = False
        self.slippage = 0.0
        """The fraction of each price that the set-up of the test shown next takes off; for the list of trades."""
        self.progress_bar = ThinBar(self)
        self.status = StatusLine(self, clock)
        self.failure = FailureRow(self)
        self.metrics = MetricsTable(theme, definitions, self)
        self.charts = Charts(theme, self)
        self.lists = Lists(theme, fill_rules, self)
        self._build()
        self._connect()
        self._arrange()
        self._show_whether_empty()

    def show_result(self, before: "RunResult | None", after: "RunResult | None", stale: bool) -> None:
        """Show `after`; `before` is what was shown or tested last. `stale`: the strategy was changed after the test."""
        if after is not self._result:
            self._result = after
            self.lists.show_result(after, self.slippage)
            if after is not None:
                self._failed = False
                self.failure.show_failure(None)
        self.metrics.show_result(before, after, stale)
        self.charts.show_result(after, stale)
        self.status.show_result(after, stale)
        self._show_whether_empty()

    def show_checked(self, result: "RunResult") -> None:
        """Show the notes of a result that is shown, and about which more is known now."""
        self._result = result
        self.lists.show_notes(result)

    def show_curves(self, result: "RunResult", stale: bool) -> None:
        """Show the charts of a result whose figures and lists come a moment later, by `show_result`."""
        self.charts.show_result(result, stale)

    def _make_room_for_range(self, shown: bool) -> None:
        """Give the metrics a wider column of the panel while they have a range, where the charts keep enough."""
        width = _METRICS_WITH_RANGE if shown and self.width() >= 2 * _METRICS_WITH_RANGE else _METRICS_WIDTH
        self._body.setSizes([width, max(self.width() - width, 1)])

    def _show_trade(self, trade: "Trade", bar: int) -> None:
        """Jump to a bar of a trade in the charts, which come to the front where they share the room with the lists."""
        self.lists.show_charts()
        self.charts.show_trade(trade, bar)

    def _show_bar(self, bar: int) -> None:
        self.lists.show_charts()
        self.charts.point_at(bar)

    def show_progress(self, progress: "RunProgress | None") -> None:
        """Show how far the running test has come; None: none is running."""
        share = 0.0 if progress is None else min(max(progress.share, 0.0), 1.0)
        self.progress_bar.setValue(round(share * _STEPS))
        self.progress_bar.setVisible(progress is not None)
        self.status.show_progress(progress)
        self.test_button.setEnabled(progress is None)

    def show_failure(self, failure: "RunFailure | None") -> None:
        """Show why the last test gave no result; None: it gave one."""
        self._failed = failure is not None
        self.failure.show_failure(failure)
        self._show_whether_empty()

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self.metrics.model.set_theme(theme)
        self.lists.set_theme(theme)
        self.charts.set_theme(theme)
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange charts and lists for the new size."""
        super().resizeEvent(event)
        self._arrange()

    def _build(self) -> None:
        self.header = QHBoxLayout()
        self.header.setContentsMargins(0, 0, 0, 0)
        self.header.setSpacing(0)
        self.header.addWidget(self.status, 1)
        self._both = QSplitter(Qt.Orientation.Horizontal, self)
        self._both.addWidget(self.charts)
        self._both.addWidget(self.lists)
        self._both.setChildrenCollapsible(False)
        self._both.setHandleWidth(1)
        self._both.setMinimumHeight(_LEAST_HEIGHT)  # else the tall arrangement would not let itself be made low
        self._body = QSplitter(Qt.Orientation.Horizontal, self)
        self._body.addWidget(self.metrics)
        self._body.addWidget(self._both)
        self._body.setStretchFactor(1, 1)
        self._body.setChildrenCollapsible(False)
        self._body.setHandleWidth(1)
        self._body.setSizes([_METRICS_WIDTH, 10 * _METRICS_WIDTH])
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self._empty_page())
        self._pages.addWidget(self._body)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.progress_bar)
        layout.addLayout(self.header)
        layout.addWidget(self.failure)
        layout.addWidget(self._pages, 1)

    def _empty_page(self) -> QWidget:
        page = QWidget(self)
        self.empty_title = QLabel("No test yet", page)
        set_role(self.empty_title, "title")
        words = QLabel("Test the strategy, and its return, equity, drawdown and trades appear here.", page)
        set_role(words, "quiet")
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.test_button = QPushButton("Test", page)
        self.test_button.setToolTip("Test the strategy on its prices")
        set_role(self.test_button, "primary")
        layout = QVBoxLayout(page)
        layout.setContentsMargins(MARGIN, 0, MARGIN, MARGIN)
        layout.setSpacing(GAP)
        layout.addStretch(1)
        layout.addWidget(self.empty_title, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addWidget(words)
        layout.addSpacing(GAP_GROUP - GAP)
        layout.addWidget(self.test_button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(1)
        return page

    def _connect(self) -> None:
        self.test_button.clicked.connect(self.test_requested)
        self.status.test_requested.connect(self.test_requested)
        self.status.cancel_requested.connect(self.cancel_requested)
        self.failure.line_requested.connect(self.line_requested)
        self.charts.bar_clicked.connect(self.bar_requested)
        self.lists.bar_requested.connect(self.bar_requested)
        self.lists.rejections.bar_requested.connect(self._show_bar)
        self.lists.trade_requested.connect(self._show_trade)
        self.charts.cursor_moved.connect(self.cursor_moved)
        self.charts.prices_requested.connect(self.prices_requested)
        self.charts.blocks_requested.connect(self.blocks_requested)
        self.charts.replay_requested.connect(self.replay_requested)
        self.metrics.convention_chosen.connect(self.convention_chosen)
        self.metrics.range_shown.connect(self._make_room_for_range)
        self.lists.tabs.currentChanged.connect(self._arrange)
        offer_copies(self.metrics.table, self.metrics, self.metrics.model.as_text)

    def _show_whether_empty(self) -> None:
        is_empty = self._result is None
        self.empty_title.setText("No result" if self._failed else "No test yet")
        self.test_button.setText("Test again" if self._failed else "Test")
        self._pages.setCurrentIndex(0 if is_empty else 1)
        self.lists.tabs.setVisible(not is_empty)

    def _arrange(self) -> None:
        """Charts and lists below each other, beside each other, or one of them by the tabs in the header."""
        is_tall, is_wide = self.height() >= _TALL, self.width() >= _WIDE
        together = is_tall or is_wide
        self.lists.set_charts_tab(shown=not together)
        if together:
            self.lists.take_tabs()
        elif self.header.indexOf(self.lists.tabs) < 0:
            self.header.insertWidget(0, self.lists.tabs)
        orientation = Qt.Orientation.Vertical if is_tall else Qt.Orientation.Horizontal
        if self._both.orientation() != orientation:
            self._both.setOrientation(orientation)
            self._both.setSizes([600, 400])
        shows_charts = self.lists.shows_charts_tab
        self.charts.setVisible(together or shows_charts)
        self.lists.setVisible(together or not shows_charts)


class ThinBar(QProgressBar):
    """A progress bar that is painted with everything else; Qt's own repaints the whole window at each step."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._value = 0
        self.setRange(0, _STEPS)
        self.setTextVisible(False)
        self.setFixedHeight(4)
        policy = self.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.setSizePolicy(policy)
        self.hide()

    def setValue(self, value: int) -> None:
        """Show this step at the next paint."""
        self._value = value
        self.update()

    def value(self) -> int:
        """The step that is shown."""
        return self._value

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The share done, in the accent, on the hairline."""
        painter = QPainter(self)
        colors = self.palette()
        painter.fillRect(self.rect(), colors.color(QPalette.ColorRole.Base))
        done = QRect(0, 0, self.width() * self._value // _STEPS, self.height())
        painter.fillRect(done, colors.color(QPalette.ColorRole.Highlight))
        painter.end()
