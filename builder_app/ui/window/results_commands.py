"""The results in the window: prices and blocks' values for their charts, whose metrics were chosen."""

from typing import TYPE_CHECKING, Final

from builder_app.session.drafts.document import Document
from builder_app.session.runs.block_values import BlockValues
from builder_app.session.runs.charted_blocks import charted_blocks
from builder_app.ui.window.values_on_canvas import ValuesOnCanvas

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
        view.blocks_requested.connect(self._ask_for_blocks)
        view.replay_requested.connect(self._ask_for_replay)
        self.on_canvas = ValuesOnCanvas(window)
        view.cursor_moved.connect(self.on_canvas.follow_cursor)
        view.charts.symbol_chosen.connect(lambda _symbol: self.on_canvas.follow_cursor(view.charts.bar))

    def about_to_show(self, document: Document) -> None:
        """Its result is shown next: with which slippage it was tested."""
        config = document.tested_config or document.config
        self.view.slippage = config.slippage

    def _ask_for_prices(self, symbol: str) -> None:
        document = self.window.document
        if document is None or document.result is None:
            return
        config = document.tested_config or document.config
        self.prices.ask(symbol, document.result, config.frequency, self.view.charts.prices.show_prices)

    def _ask_for_blocks(self, symbol: str) -> None:
        document, chart = self.window.document, self.view.charts.prices
        if document is None:
            return

        def take(values: BlockValues) -> None:
            chart.show_blocks(symbol, charted_blocks(values, self.window.session.catalogue))

        self.window.session.block_values.ask(
            "chart", document, symbol, take, lambda why_not: chart.show_blocks(symbol, {}, why_not)
        )

    def _ask_for_replay(self) -> None:
        document, chart = self.window.document, self.view.charts.prices
        if document is not None:
            self.window.session.replays.ask(
                document, chart.show_replay, lambda result, why_not: chart.show_replay(result, None, why_not)
            )
