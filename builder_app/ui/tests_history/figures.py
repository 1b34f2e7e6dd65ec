"""Every metric of the compared tests beside each other, and by how much each differs from the first one."""

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QVBoxLayout, QWidget

from builder_app.session import MetricDefinition
from builder_app.session.runs.comparison import Comparison
from builder_app.ui.results.copying import offer_copies
from builder_app.ui.results.figures import NO_VALUE, Tone, is_change, metric_text, money, number, tone_of
from builder_app.ui.results.tables import Column, RowsModel, make_table, size_columns
from builder_app.ui.tests_history.lettering import letter
from builder_app.ui.theme import Theme, text_font


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One metric: its definition, and the value of each compared test (NaN: it has none)."""

    definition: MetricDefinition
    values: tuple[float, ...]


class FiguresTable(QWidget):
    """A row for each metric that any of the tests has; a column for each test, and one for its difference to A."""

    def __init__(self, theme: Theme, definitions: Sequence[MetricDefinition], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._definitions = theme, tuple(definitions)
        self.model: RowsModel[FigureRow] = RowsModel(_columns(0), theme)
        self.table = make_table(self.model, self, sortable=False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setFont(text_font())
        self.table.setAccessibleName("Metrics of the compared tests")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        self._tests = 0
        offer_copies(self.table, self, lambda: self.model.as_text())

    def show_comparison(self, comparison: Comparison) -> None:
        """Show these tests' metrics."""
        tests = comparison.tests
        if len(tests) != self._tests:
            self._tests = len(tests)
            self.model = RowsModel(_columns(len(tests)), self._theme)
            self.table.setModel(self.model)
            size_columns(self.table, self.model)
            self.table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
        names = {name for test in tests for name in test.metrics}
        self.model.set_rows(
            [
                FigureRow(definition, tuple(test.metrics.get(definition.name, math.nan) for test in tests))
                for definition in self._definitions
                if definition.name in names
            ]
        )

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self._theme = theme
        self.model.set_theme(theme)


def difference_text(definition: MetricDefinition, difference: float) -> str:
    """A difference in its unit: of fractions in percentage points."""
    if math.isnan(difference):
        return NO_VALUE
    match str(definition.unit):
        case "fraction":
            return f"{number(difference * 100.0, signed=True)} pp"
        case "money":
            return money(difference, signed=True)
        case "bars" | "count":
            return number(difference, 0 if difference == round(difference) else 1, signed=True)
        case _:
            return number(difference, signed=True)


def _columns(tests: int) -> tuple[Column[FigureRow], ...]:
    columns: list[Column[FigureRow]] = [
        Column("Metric", _title, _title, "Recovery, in bars", False, _quiet, _hint),
    ]
    for place in range(tests):
        columns.append(_value_column(place))
        if place:
            columns.append(_difference_column(place))
    return tuple(columns)


def _value_column(place: int) -> Column[FigureRow]:
    def value(row: FigureRow) -> float:
        return row.values[place] if place < len(row.values) else math.nan

    def text(row: FigureRow) -> str:
        return metric_text(row.definition, value(row))

    return Column(letter(place), text, value, "+1,234.56 %", True, _plain, _hint)


def _difference_column(place: int) -> Column[FigureRow]:
    def value(row: FigureRow) -> float:
        return row.values[place] - row.values[0] if place < len(row.values) else math.nan

    def tone(row: FigureRow) -> Tone:
        difference = value(row)
        is_gain = is_change(row.definition.name, row.definition.unit) and not math.isnan(difference)
        return tone_of(difference) if is_gain else Tone.QUIET

    def text(row: FigureRow) -> str:
        return difference_text(row.definition, value(row))

    return Column(f"{letter(place)} − A", text, value, "+1,234.56 pp", True, tone, _hint)


def _title(row: FigureRow) -> str:
    return row.definition.title


def _quiet(_row: FigureRow) -> Tone:
    return Tone.QUIET


def _plain(_row: FigureRow) -> Tone:
    return Tone.PLAIN


def _hint(row: FigureRow) -> str:
    definition = row.definition
    parts = (f"<b>{html.escape(definition.title)}</b>", html.escape(definition.definition))
    return "<br>".join((*parts, f"<code>{html.escape(definition.formula)}</code>"))
