"""Why in the window: which bar is asked about, and what is done with the answer."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex

from builder_app.flow.group_paths import path_name
from builder_app.session import events
from builder_app.session.runs.why import Explained

if TYPE_CHECKING:
    from builder_app.ui.results.trades_table import RejectionsTable, TradesTable
    from builder_app.ui.window.main_window import MainWindow

DEFAULT_POSITION = "Default position"


class WhyCommands:
    """Between the session's explanations and the panel Why. Nothing is worked out while nobody sees the panel."""

    def __init__(self, window: "MainWindow") -> None:
        self.window, self.view = window, window.why
        self._why = window.session.why_not
        self._dock = window.docks["Why"]
        self._dock.visibilityChanged.connect(lambda _seen: self.refresh())
        self.view.explain_requested.connect(lambda _symbol, _bar: self._ask())
        self.view.node_requested.connect(lambda id: window.commands.select_blocks(frozenset({id})))
        self.view.edit_requested.connect(window.edit)
        charts = window.results.charts
        charts.bar_clicked.connect(lambda bar: self.view.point_at(bar, charts.symbol))
        lists = window.results.lists
        for table in (lists.trades, lists.rejections):
            table.table.clicked.connect(lambda index, table=table: self._point(table, index))
            table.table.doubleClicked.connect(lambda _index: self.show())
        window.centre.tabs.currentChanged.connect(lambda _index: self.refresh())
        window.session.subscribe(self._follow)

    def handlers(self) -> dict[str, Callable[[], None]]:
        """A handler for each of its rows in the table of actions."""
        return {"why": self.show}

    def show(self) -> None:
        """Bring the panel to the front, and explain the bar that was pointed at last."""
        self.window.show_dock("Why")
        self.refresh()

    def refresh(self) -> None:
        """Another result, or another strategy, may be in front."""
        document = self.window.document
        self.view.show_result(document.result if document is not None else None)
        self._ask()

    def _follow(self, event: events.Event) -> None:
        document = self.window.document
        if isinstance(event, events.RunFinished) and document is not None and document.id == event.document:
            self.refresh()
        elif isinstance(event, events.DocumentClosed):
            self._why.stop()

    def _point(self, table: "TradesTable | RejectionsTable", index: QModelIndex) -> None:
        """A trade is asked about at the bar whose close decided it, the one before its fill; a refusal at its own."""
        row = table.model.row_at(index.row())
        bar = getattr(row, "bar", None)
        if bar is None:
            at_exit = table.model.columns[index.column()].title in {"Exit", "Exit price", "Reason"}
            bar = max(0, (row.exit_bar if at_exit else row.entry_bar) - 1)  # type: ignore[union-attr]
        self.view.point_at(bar, row.symbol)

    def _ask(self) -> None:
        document, at = self.window.document, self.view.at
        if document is None or at is None or not self.view.isVisible():
            return
        self.view.show_waiting()

        def done(explained: Explained) -> None:
            catalogue = self.window.session.catalogue
            flow = document.tested_flow or document.flow
            positions = dict.fromkeys(side.position for side in explained.answer.sides)
            names = {id: path_name(flow, catalogue, id) if id else DEFAULT_POSITION for id in positions}
            self.view.show_explained(explained, names)

        self._why.ask(document, at, done, self.view.show_refusal)
