"""The results in the window: prices for their charts, the cursor on the canvas, whose metrics were chosen."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from builder_app.session.drafts.document import Document
from builder_app.session.runs.traced_values import charted_values, values_at

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow

_REMEMBERED: Final = "results/metrics_as_in"


class ResultsCommands:
    """Between the results' panel and the session in one window."""

    def __init__(self, window: "MainWindow") -> None:
        self.window, self.view = window, window.results
        self.prices = window.session.shown_prices
        view = self.view
        view.metrics.choose_convention(str(window.settings.value(_REMEMBERED, "")))
        view.convention_chosen.connect(lambda name: window.settings.setValue(_REMEMBERED, name))
        view.prices_requested.connect(self._ask_for_prices)
        view.cursor_moved.connect(self._follow_cursor)
        view.charts.symbol_chosen.connect(lambda _symbol: self._follow_cursor(view.charts.bar))
        self._bar = -1
        self._soon = QTimer(view, singleShot=True)
        self._soon.timeout.connect(self._show_cursor)

    def about_to_show(self, document: Document) -> None:
        """Its result is shown next: with which slippage it was tested, and what its blocks' last values were."""
        config = document.tested_config or document.config
        self.view.slippage = config.slippage

    def shown(self, document: Document) -> None:
        """Its result is shown: offer its blocks' values to the chart of prices."""
        self.view.charts.offer_blocks(lambda: charted_values(document, self.window.session.catalogue))

    def _ask_for_prices(self, symbol: str) -> None:
        document = self.window.document
        if document is None or document.result is None:
            return
        config = document.tested_config or document.config
        self.prices.ask(symbol, document.result, config.frequency, self.view.charts.prices.show_prices)

    def _follow_cursor(self, bar: int) -> None:
        """The canvas follows at the next turn of the event loop, so that a quick mouse paints it once."""
        self._bar = bar
        self._soon.start(0)

    def _show_cursor(self) -> None:
        document, canvas = self.window.document, self.window.canvas
        if document is None or canvas is None:
            return
        if self._bar < 0 or document.result is None:
            canvas.show_cursor({}, None)
            return
        symbol = self.view.charts.symbol or (document.result.symbols[0] if document.result.symbols else "")
        bars = len(document.result.times)
        longest = max((len(values) for values in document.result.traces.values()), default=0)
        row = self._bar - (bars - longest)
        share = row / (longest - 1) if longest > 1 and 0 <= row < longest else None
        canvas.show_cursor(values_at(document, self._bar, symbol), share)
