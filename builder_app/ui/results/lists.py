"""Trades, rejected entries and notes behind tabs; the tabs can be lent to a header where room is short."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QScrollArea, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from builder_app.ui.results.copying import offer_copies
from builder_app.ui.results.fill_rules import fill_rule_paragraphs
from builder_app.ui.results.symbols_table import SymbolsTable
from builder_app.ui.results.trades_table import RejectionsTable, TradesTable
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, MARGIN, Theme

if TYPE_CHECKING:
    from builder_app.session import RunResult

CHARTS, TRADES, SYMBOLS, REJECTED, NOTES = range(5)
_NO_TRADES: Final = "The strategy made no trade in this test."
_NO_REJECTIONS: Final = "Every entry that was asked for was filled."
_NO_NOTES: Final = "Nothing to remark on this test."


class Lists(QWidget):
    """One list at a time. `tabs` may live in another layout; `take_tabs` brings them back above the lists."""

    bar_requested = Signal(int)
    trade_requested = Signal(object, int)

    def __init__(self, theme: Theme, fill_rules: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fill_rules = fill_rule_paragraphs(fill_rules)
        self._told = ""
        self.tabs = QTabBar(self)
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self.tabs.setUsesScrollButtons(False)
        for title in ("Charts", "Trades", "Symbols", "Rejected", "Notes"):
            self.tabs.addTab(title)
        self.trades = TradesTable(theme, self)
        self.symbols = SymbolsTable(theme, self)
        self.rejections = RejectionsTable(theme, self)
        self.notes = QLabel(self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(_or_words(self.trades, _NO_TRADES))
        self._pages.addWidget(_or_words(self.symbols, _NO_TRADES))
        self._pages.addWidget(_or_words(self.rejections, _NO_REJECTIONS))
        self._pages.addWidget(self._notes_page())
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self._layout.addWidget(self.tabs)
        self._layout.addWidget(self._pages, 1)
        self.setMinimumSize(240, 96)
        self.tabs.currentChanged.connect(self._show_page)
        self.trades.bar_requested.connect(self.bar_requested)
        self.rejections.bar_requested.connect(self.bar_requested)
        self.trades.trade_requested.connect(self.trade_requested)
        self.symbols.symbol_requested.connect(self.show_trades_of)
        for table in (self.trades, self.symbols, self.rejections):
            offer_copies(table.table, table, table.model.as_text)
        self.show_result(None)

    @property
    def shows_charts_tab(self) -> bool:
        """Whether the tab of the charts is the chosen one."""
        return self.tabs.currentIndex() == CHARTS

    def show_trades_of(self, symbol: str) -> None:
        """Show the trades of one symbol."""
        self.trades.filter.setText(symbol)
        self.tabs.setCurrentIndex(TRADES)

    def show_result(self, result: "RunResult | None", slippage: float = 0.0) -> None:
        """Show the lists of this result; `slippage` is the fraction of each price in the test's set-up."""
        self.trades.show_result(result, slippage)
        self.symbols.show_result(result)
        self.rejections.show_result(result)
        counts = (0, 0) if result is None else (len(result.trades), len(result.rejections))
        for tab, title, count in ((TRADES, "Trades", counts[0]), (REJECTED, "Rejected", counts[1])):
            self.tabs.setTabText(tab, f"{title} {count:,}" if count else title)
        whole = 0 if result is None else result.metrics.get("rejected_entries", 0.0)
        if whole > counts[1]:
            self.tabs.setTabText(REJECTED, f"Rejected {counts[1]:,} of {whole:,.0f}")
            self.tabs.setTabToolTip(REJECTED, "The list has the first ones; Notes says the reasons of all of them.")
        _choose(self._pages.widget(TRADES - 1), shows_table=counts[0] > 0)
        _choose(self._pages.widget(SYMBOLS - 1), shows_table=counts[0] > 0)
        _choose(self._pages.widget(REJECTED - 1), shows_table=counts[1] > 0)
        self.show_notes(result)

    def show_notes(self, result: "RunResult | None") -> None:
        """Show what is to be known of this result."""
        notes = () if result is None else result.notes
        self.tabs.setTabText(NOTES, f"Notes {len(notes):,}" if notes else "Notes")
        rules = f"\n\nHow orders were filled\n{self._fill_rules}" if self._fill_rules else ""
        self._told = ("\n".join(notes) or _NO_NOTES) + rules
        self._tell_notes()

    def _tell_notes(self) -> None:
        """The notes are laid out when somebody looks: so long a text takes its time at every change of the theme."""
        self.notes.setText(self._told if self.tabs.currentIndex() == NOTES else "")

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self.trades.model.set_theme(theme)
        self.symbols.model.set_theme(theme)
        self.rejections.model.set_theme(theme)

    def set_charts_tab(self, *, shown: bool) -> None:
        """Offer the charts among the tabs, where they have no place of their own."""
        if self.tabs.isTabVisible(CHARTS) == shown:
            return
        self.tabs.setTabVisible(CHARTS, shown)
        if shown:
            self.tabs.setCurrentIndex(CHARTS)
        elif self.shows_charts_tab:
            self.tabs.setCurrentIndex(TRADES)

    def show_charts(self) -> None:
        """Choose the charts, where they are among the tabs."""
        if self.tabs.isTabVisible(CHARTS):
            self.tabs.setCurrentIndex(CHARTS)

    def take_tabs(self) -> None:
        """Bring the tabs back above the lists."""
        if self._layout.indexOf(self.tabs) < 0:
            self._layout.insertWidget(0, self.tabs)

    def _show_page(self, tab: int) -> None:
        if tab != CHARTS:
            self._pages.setCurrentIndex(tab - 1)
        self._tell_notes()

    def _notes_page(self) -> QScrollArea:
        self.notes.setWordWrap(True)
        self.notes.setTextFormat(Qt.TextFormat.PlainText)
        self.notes.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.notes.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.notes.setContentsMargins(MARGIN, GAP_GROUP, MARGIN, GAP)
        area = QScrollArea(self)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setWidget(self.notes)
        return area


def _or_words(table: QWidget, words: str) -> QStackedWidget:
    """The table, or the sentence that stands in its place while it is empty."""
    label = QLabel(words)
    label.setWordWrap(True)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    set_role(label, "quiet")
    both = QStackedWidget()
    both.addWidget(label)
    both.addWidget(table)
    return both


def _choose(both: QWidget | None, *, shows_table: bool) -> None:
    if isinstance(both, QStackedWidget):
        both.setCurrentIndex(1 if shows_table else 0)
