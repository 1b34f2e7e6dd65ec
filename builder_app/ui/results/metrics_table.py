"""The metrics: title, value, the benchmark's beside it, the range of ambiguous bars; all the rest on hover."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from builder_app.session.runs.result_series import CONVENTION_TITLES, Convention, Measures, measure_as
from builder_app.ui.results.figures import (
    NO_VALUE,
    MetricDefinition,
    Tone,
    benchmark_value,
    is_benchmark,
    metric_text,
    metric_tone,
)
from builder_app.ui.results.later import Later
from builder_app.ui.results.meanings import meaning, sample_warning
from builder_app.ui.results.tables import Column, RowsModel, make_table, size_columns
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_SMALL, Theme, text_font

if TYPE_CHECKING:
    from builder_app.session import RunResult

_UNITS: Final = {
    "fraction": "Unit: percent.",
    "ratio": "Unit: none, it is a ratio.",
    "money": "Unit: money.",
    "bars": "Unit: bars.",
    "count": "Unit: none, it is a count.",
}
_RANGE: Final = 3
_BARS_A_TRADE: Final = 20
"""So many bars take as long to measure as one trade."""
_FOOT_FROM: Final = 300
"""From this height on the sentence on the metric at the mouse has its own place."""


@dataclass(frozen=True, slots=True)
class MetricRow:
    """One line of the table, ready to be read."""

    title: str
    value: str
    benchmark: str
    hint: str
    tone: Tone
    between: str = ""
    sentence: str = ""


class MetricsTable(QWidget):
    """Every metric of a result by the chosen convention, in the order of its definitions."""

    convention_chosen = Signal(str)
    range_shown = Signal(bool)
    """Whether there is a column more, for the range of ambiguous bars."""

    def __init__(self, theme: Theme, definitions: Sequence[MetricDefinition], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._definitions = tuple(definitions)
        self._stale = False
        self._shown: tuple[RunResult | None, RunResult | None] = (None, None)
        self._later = Later(self)
        self.model: RowsModel[MetricRow] = RowsModel(_columns(), theme)
        self.table = make_table(self.model, self, sortable=False)
        self.table.setSelectionMode(QTableView.SelectionMode.NoSelection)
        self.table.setFont(text_font())
        self.table.setColumnHidden(_RANGE, True)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.conventions = self._make_conventions()
        self.warning, self.sentence = QLabel(self), QLabel(self)
        self._lay_out()
        self.table.setMouseTracking(True)
        self.table.viewport().installEventFilter(self)

    def _make_conventions(self) -> QComboBox:
        choice = QComboBox(self)
        for convention, title in CONVENTION_TITLES.items():
            choice.addItem(title, convention.value)
        choice.setAccessibleName("Metrics as in")
        choice.setToolTip("Whose formulas the metrics follow; the test itself stays the same")
        choice.currentIndexChanged.connect(self._convention_changed)
        return choice

    def _lay_out(self) -> None:
        said = QLabel("Metrics as in", self)
        set_role(said, "small")
        said.setBuddy(self.conventions)
        row = QHBoxLayout()
        row.setContentsMargins(GAP, GAP_SMALL, GAP, GAP_SMALL)
        row.setSpacing(GAP)
        row.addWidget(said)
        row.addWidget(self.conventions)
        row.addStretch(1)
        for label, role in ((self.warning, "warning"), (self.sentence, "quiet")):
            set_role(label, role)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setContentsMargins(GAP, 0, GAP, GAP_SMALL)
            label.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self.warning)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.sentence)

    @property
    def convention(self) -> Convention:
        """Whose formulas are followed."""
        return Convention(self.conventions.currentData())

    def choose_convention(self, name: str) -> None:
        """Follow another convention, by its value; one that is not known changes nothing."""
        place = self.conventions.findData(name)
        if place >= 0:
            self.conventions.setCurrentIndex(place)

    def _convention_changed(self) -> None:
        before, after = self._shown
        self._shown = (None, None)
        self.show_result(before, after, self._stale)
        self.convention_chosen.emit(self.convention.value)

    def show_result(self, before: "RunResult | None", after: "RunResult | None", stale: bool) -> None:
        """Show the metrics of `after`; a metric that `before` had with another value says so in its tooltip."""
        if self._shown == (before, after) and stale == self._stale:
            return
        self._stale = stale
        self._shown = (before, after)
        if after is None:
            self._show_rows([], "")
            return
        convention = self.convention
        size = max(len(after.times) // _BARS_A_TRADE, len(after.trades) if convention is not Convention.OWN else 0)
        self._later.ask(lambda: measure_as(convention, after), self._take, size)

    def _take(self, measures: Measures) -> None:
        before, after = self._shown
        if after is None:
            return
        own = measures.convention is Convention.OWN
        definitions: Sequence[MetricDefinition] = self._definitions if own else measures.definitions
        earlier = before.metrics if before is not None and own else {}
        rows = [
            self._row(definition, earlier, measures)
            for definition in definitions
            if definition.name in measures.values and not is_benchmark(definition.name, measures.values)
        ]
        self._show_rows(rows, sample_warning(len(after.trades)))

    def _show_rows(self, rows: list[MetricRow], warning: str) -> None:
        self.model.set_rows(rows)
        has_range = any(row.between for row in rows)
        if has_range is self.table.isColumnHidden(_RANGE):
            self.table.setColumnHidden(_RANGE, not has_range)
            self.range_shown.emit(has_range)
        size_columns(self.table, self.model, rows)
        self.warning.setText(warning)
        self.warning.setVisible(bool(warning))

    def _row(self, definition: MetricDefinition, earlier: Mapping[str, float], measures: Measures) -> MetricRow:
        name, value = definition.name, measures.values[definition.name]
        text = metric_text(definition, value)
        beside = benchmark_value(name, measures.values)
        beside = measures.benchmark.get(name) if beside is None else beside
        beside_text = "" if beside is None else metric_text(definition, beside)
        between = _between(definition, measures)
        sentence = meaning(name, value)
        said = {"text": text, "sentence": sentence, "between": between}
        before = metric_text(definition, earlier[name]) if name in earlier else text
        said["before"] = f"In the test before: {before}" if before != text else ""
        said["beside"] = f"Benchmark: {beside_text}" if beside_text else ""
        tone = Tone.QUIET if self._stale else metric_tone(definition, value)
        return MetricRow(definition.title, text, beside_text, _hint(definition, said), tone, between, sentence)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Say what the metric at the mouse means, where there is room for it."""
        if isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            self._say(self.table.indexAt(event.position().toPoint()))
        return super().eventFilter(watched, event)

    def _say(self, index: QModelIndex) -> None:
        row = self.model.row_at(index.row()) if index.isValid() else None
        if row is not None and self.height() >= _FOOT_FROM:
            self.sentence.setText(f"{row.title}: {row.sentence}" if row.sentence else row.title)
        self.sentence.setVisible(bool(self.sentence.text()) and self.height() >= _FOOT_FROM)


def _between(definition: MetricDefinition, measures: Measures) -> str:
    """`−1.00 % … +2.00 %` where the two readings of ambiguous bars differ."""
    if definition.name not in measures.lower or definition.name not in measures.upper:
        return ""
    low = metric_text(definition, measures.lower[definition.name])
    high = metric_text(definition, measures.upper[definition.name])
    return "" if low == high or NO_VALUE in (low, high) else f"{low} … {high}"


def _hint(definition: MetricDefinition, said: Mapping[str, str]) -> str:
    """Definition, formula, unit, meaning, range and the value before, as rich text."""
    parts = [f"<b>{html.escape(definition.title)}</b>", html.escape(definition.definition)]
    if said["sentence"]:
        parts.append(f"<i>{html.escape(said['sentence'])}</i>")
    if definition.formula:
        parts.append(f"<code>{html.escape(definition.formula)}</code>")
    parts.append(_UNITS.get(str(definition.unit), ""))
    if said["text"] == NO_VALUE:
        parts.append(html.escape(f"There is no value here. {definition.edge_cases}".strip()))
    if said["between"]:
        parts.append(html.escape(f"By how ambiguous bars are read: {said['between']}"))
    parts += [html.escape(said["beside"]), html.escape(said["before"])]
    return "<br>".join(part for part in parts if part)


def _columns() -> tuple[Column[MetricRow], ...]:
    def hint(row: MetricRow) -> str:
        return row.hint

    def quiet(_row: MetricRow) -> Tone:
        return Tone.QUIET

    def tone(row: MetricRow) -> Tone:
        return row.tone

    figure = "+1,234.56 %"
    return (
        Column("Metric", lambda row: row.title, lambda row: row.title, "Information ratio", False, quiet, hint),
        Column("Strategy", lambda row: row.value, lambda row: row.value, figure, True, tone, hint),
        Column("Benchmark", lambda row: row.benchmark, lambda row: row.benchmark, figure, True, quiet, hint),
        Column("Range", lambda row: row.between, lambda row: row.between, "−12.34 % … +12.34 %", True, quiet, hint),
    )
