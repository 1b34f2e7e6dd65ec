"""Blocks' values on the canvas: each port's at the bar under the charts' cursor, and the lines of blocks in groups."""

import time
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from builder_app.flow.group_paths import PATH_JOINT
from builder_app.session.drafts.document import Document
from builder_app.session.runs.block_values import BlockValues
from builder_app.session.runs.traced_values import PortValues, traces_by_node, values_at
from builder_app.ui.canvas.sparklines import SHOWN_VALUES
from builder_app.ui.results.sampling import FloatArray

if TYPE_CHECKING:
    from builder_app.session import RunResult
    from builder_app.ui.window.main_window import MainWindow

PATIENCE_MILLISECONDS: Final = 120
"""Values that a test did not keep are asked for at most so often, however quickly results and the cursor change."""
REST: Final = 4.0
"""And after an answer there is a rest of so many times as long as it took: a dragged slider has the machine."""
LONGEST_REST_MILLISECONDS: Final = 2000
_CURSOR, _INSIDE = "cursor", "inside"


class ValuesOnCanvas:
    """What a test kept is shown at once; the rest is asked of the session, and shown when it comes."""

    def __init__(self, window: "MainWindow") -> None:
        self.window, self._known = window, window.session.block_values
        self._bar = -1
        self._inside: dict[str, tuple[RunResult, Mapping[str, FloatArray]]] = {}
        self._soon = QTimer(window, singleShot=True, interval=0)
        self._soon.timeout.connect(self._show_cursor)
        self._asks = QTimer(window, singleShot=True, interval=PATIENCE_MILLISECONDS)
        self._asks.timeout.connect(self._ask)

    def follow_cursor(self, bar: int) -> None:
        """The canvas follows at the next turn of the event loop, so that a quick mouse paints it once; −1: no bar."""
        self._bar = bar
        self._soon.start()

    def show_traces(self, document: Document) -> None:
        """Draw the newest values on a strategy's blocks; lines of blocks in groups stay until newer ones are there."""
        canvas = self.window.canvases[document.id]
        _, inside = self._inside.get(document.id, (None, {}))
        canvas.show_traces({**inside, **traces_by_node(document)})
        if document is self.window.document:
            if self._bar >= 0:
                self._soon.start()
            self.look_inside()

    def look_inside(self) -> None:
        """A group may be open in front: its blocks get lines of the newest result."""
        document = self.window.document
        if document is not None and self._lacks_lines(document):
            self._ask_later()

    # -- parts ------------------------------------------------------------------------------------------------------

    def _lacks_lines(self, document: Document) -> bool:
        canvas, held = self.window.canvas, self._inside.get(document.id)
        if canvas is None or not canvas.levels.path or document.result is None or document.result_is_stale:
            return False
        return held is None or held[0] is not document.result

    def _ask_later(self) -> None:
        if not self._asks.isActive():  # else every result of a dragged slider would put it off
            self._asks.start()

    def _show_cursor(self) -> None:
        document, canvas = self.window.document, self.window.canvas
        if document is None or canvas is None:
            return
        result = document.result
        if self._bar < 0 or result is None:
            canvas.show_cursor({}, None)
            return
        longest = max((len(values) for values in result.traces.values()), default=0)
        row = self._bar - (len(result.times) - longest)
        share = row / (longest - 1) if longest > 1 and 0 <= row < longest else None
        canvas.show_cursor(self._values(document, result), share)

    def _values(self, document: Document, result: "RunResult") -> PortValues:
        """What is known of the bar; what is not known yet is asked for."""
        if document.result_is_stale:  # they would be of other blocks
            return {}
        known = self._known.known(result, self._symbol(result))
        if known is not None:
            return known.at(self._bar)
        self._ask_later()
        return values_at(document, self._bar, self._symbol(result))

    def _symbol(self, result: "RunResult") -> str:
        return self.window.results.charts.symbol or (result.symbols[0] if result.symbols else "")

    def _ask(self) -> None:
        document = self.window.document
        result = document.result if document is not None else None
        if document is None or result is None or document.result_is_stale:
            return
        began = time.monotonic()
        if self._bar >= 0:  # the chart may have had them by now; then they are told at once
            self._known.ask(_CURSOR, document, self._symbol(result), lambda _values: self._take_values(began))
        if self._lacks_lines(document) and result.symbols:
            take = partial(self._take_inside, document, began)
            self._known.ask(_INSIDE, document, result.symbols[0], take)

    def _take_values(self, began: float) -> None:
        rest = REST * 1000.0 * (time.monotonic() - began)
        self._asks.setInterval(max(PATIENCE_MILLISECONDS, int(min(rest, LONGEST_REST_MILLISECONDS))))
        self._soon.start()

    def _take_inside(self, document: Document, began: float, values: BlockValues) -> None:
        """Lines for the blocks of every instance of a group; those outside have theirs from the test."""
        self._take_values(began)
        if document.result is not values.result or document.id not in self.window.canvases:
            return
        lines = {node: line for node, line in values.last(SHOWN_VALUES).items() if PATH_JOINT in node}
        self._inside = {id: held for id, held in self._inside.items() if id in self.window.canvases}
        self._inside[document.id] = (values.result, lines)
        self.show_traces(document)
