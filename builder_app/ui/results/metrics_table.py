"""The metrics: title, value, the benchmark's value beside it; definition and formula as tooltip."""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHeaderView, QTableView, QVBoxLayout, QWidget

from builder_app.ui.results.figures import (
    NO_VALUE,
    MetricDefinition,
    Tone,
    benchmark_value,
    is_benchmark,
    metric_text,
    metric_tone,
)
from builder_app.ui.results.tables import Column, RowsModel, make_table, size_columns
from builder_app.ui.theme import Theme, text_font

if TYPE_CHECKING:
    from builder_app.session import RunResult


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One line of the table, ready to be read."""

    title: str
    value: str
    benchmark: str
    hint: str
    tone: Tone


class MetricsTable(QWidget):
    """Every metric of a result, in the order of the definitions."""

    def __init__(self, theme: Theme, definitions: Sequence[MetricDefinition], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._definitions = tuple(definitions)
        self._stale = False
        self._shown: tuple[RunResult | None, RunResult | None] = (None, None)
        self.model: RowsModel[MetricRow] = RowsModel(_columns(), theme)
        self.table = make_table(self.model, self, sortable=False)
        self.table.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.table.setFont(text_font())
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)

    def show_result(self, before: "RunResult | None", after: "RunResult | None", stale: bool) -> None:
        """Show the metrics of `after`; a metric that `before` had with another value says so in its tooltip."""
        if self._shown == (before, after) and stale == self._stale:
            return
        self._stale = stale
        self._shown = (before, after)
        rows = () if after is None else self._rows(before, after)
        self.model.set_rows(rows)
        size_columns(self.table, self.model, rows)

    def _rows(self, before: "RunResult | None", after: "RunResult") -> list[MetricRow]:
        return [
            self._row(definition, before, after)
            for definition in self._definitions
            if definition.name in after.metrics and not is_benchmark(definition.name, after.metrics)
        ]

    def _row(self, definition: MetricDefinition, before: "RunResult | None", after: "RunResult") -> MetricRow:
        value = after.metrics[definition.name]
        text = metric_text(definition, value)
        beside = benchmark_value(definition.name, after.metrics)
        parts = [f"<b>{html.escape(definition.title)}</b>", html.escape(definition.definition)]
        if definition.formula:
            parts.append(f"<code>{html.escape(definition.formula)}</code>")
        if text == NO_VALUE:
            parts.append(html.escape(f"There is no value here. {definition.edge_cases}".strip()))
        if before is not None and definition.name in before.metrics:
            earlier = metric_text(definition, before.metrics[definition.name])
            if earlier != text:
                parts.append(f"In the test before: {earlier}")
        return MetricRow(
            definition.title,
            text,
            "" if beside is None else metric_text(definition, beside),
            "<br>".join(parts),
            Tone.QUIET if self._stale else metric_tone(definition, value),
        )


def _columns() -> tuple[Column[MetricRow], ...]:
    def hint(row: MetricRow) -> str:
        return row.hint

    def quiet(_row: MetricRow) -> Tone:
        return Tone.QUIET

    def tone(row: MetricRow) -> Tone:
        return row.tone

    return (
        Column("Metric", lambda row: row.title, lambda row: row.title, "Information ratio", False, quiet, hint),
        Column("Strategy", lambda row: row.value, lambda row: row.value, "+1,234.56 %", True, tone, hint),
        Column("Benchmark", lambda row: row.benchmark, lambda row: row.benchmark, "+1,234.56 %", True, quiet, hint),
    )
