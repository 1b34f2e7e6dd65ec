"""The tables of the results panel as Qt models: nothing is made per row, text is written when it is looked at."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
    QWidget,
)

from builder_app.ui.results.figures import Tone
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import TEXT_SMALL, Theme, text_font

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT: Final = 24
_CELL_PADDING: Final = 24
NO_INDEX: Final = QModelIndex()
_DISPLAY: Final = int(Qt.ItemDataRole.DisplayRole)
_ALIGNMENT: Final = int(Qt.ItemDataRole.TextAlignmentRole)
_FOREGROUND: Final = int(Qt.ItemDataRole.ForegroundRole)
_ROLES: Final = frozenset({_DISPLAY, _ALIGNMENT, _FOREGROUND, int(Qt.ItemDataRole.ToolTipRole)})
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _plain(_row: Any) -> Tone:
    return Tone.PLAIN


def _no_hint(_row: Any) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """One column: its title, a row's text, the value it is sorted by, the text's tone and its tooltip.

    `sample` is the widest text to expect; the column is made wide enough for it.
    """

    title: str
    text: Callable[[R], str]
    sort_key: Callable[[R], Any]
    sample: str
    is_figure: bool = True
    tone: Callable[[R], Tone] = _plain
    hint: Callable[[R], str] = _no_hint


class RowsModel(QAbstractTableModel, Generic[R]):
    """Rows of one kind in columns; sorting moves only an index, and NaN always comes last."""

    def __init__(self, columns: Sequence[Column[R]], theme: Theme) -> None:
        super().__init__()
        self._columns = tuple(columns)
        self._colors = {tone: theme.color(tone) for tone in Tone}
        self._rows: Sequence[R] = ()
        self._order: list[int] = []
        self._sorted_by: tuple[int, Qt.SortOrder] = (-1, Qt.SortOrder.AscendingOrder)

    @property
    def columns(self) -> tuple[Column[R], ...]:
        """The columns, from left to right."""
        return self._columns

    def set_rows(self, rows: Sequence[R]) -> None:
        """Show other rows, sorted as before."""
        self.beginResetModel()
        self._rows = rows
        self._order = self._sorted(*self._sorted_by)
        self.endResetModel()

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self._colors = {tone: theme.color(tone) for tone in Tone}

    def row_at(self, row: int) -> R:
        """The row shown at this place."""
        return self._rows[self._order[row]]

    def rowCount(self, parent: Index = NO_INDEX) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = NO_INDEX) -> int:
        """How many columns there are."""
        return 0 if parent.isValid() else len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, alignment, colour and tooltip of a cell."""
        if role not in _ROLES:  # Qt asks for ten roles a cell when it paints; most have no answer
            return None
        column, row = self._columns[index.column()], self.row_at(index.row())
        if role == _DISPLAY:
            return column.text(row)
        if role == _ALIGNMENT:
            return _RIGHT if column.is_figure else _LEFT
        if role == _FOREGROUND:
            return self._colors[column.tone(row)]
        return column.hint(row) or None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' titles, aligned as what stands under them."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if self._columns[section].is_figure else _LEFT
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; −1 brings back the order in which the rows came."""
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        chosen = [self._order[index.row()] for index in before]
        self._sorted_by = (column, order)
        self._order = self._sorted(column, order)
        places = {row: place for place, row in enumerate(self._order)} if before else {}
        after = [self.index(places[row], index.column()) for row, index in zip(chosen, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _sorted(self, column: int, order: Qt.SortOrder) -> list[int]:
        if column < 0:
            return list(range(len(self._rows)))
        key = self._columns[column].sort_key
        values = [key(row) for row in self._rows]
        known = [row for row, value in enumerate(values) if not _is_nan(value)]
        unknown = [row for row, value in enumerate(values) if _is_nan(value)]
        known.sort(key=lambda row: values[row], reverse=order is Qt.SortOrder.DescendingOrder)
        return known + unknown

    def as_text(self) -> str:
        """Titles and rows as they are shown, with tabs between columns, for a spreadsheet."""
        lines = ["\t".join(column.title for column in self._columns)]
        for row in map(self.row_at, range(len(self._order))):
            lines.append("\t".join(column.text(row) for column in self._columns))
        return "\n".join(lines)


def _is_nan(value: Any) -> bool:
    return isinstance(value, float) and math.isnan(value)


def make_table(model: "RowsModel[Any]", parent: QWidget, *, sortable: bool) -> QTableView:
    """A quiet table over the model: whole rows, no grid, fixed row height, columns as wide as their samples."""
    table = QTableView(parent)
    table.setModel(model)
    table.setFrameShape(QTableView.Shape.NoFrame)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setCornerButtonEnabled(False)
    table.setCornerWidget(QWidget(table))
    set_role(table, "rows")
    table.setMinimumHeight(ROW_HEIGHT)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    table.setTabKeyNavigation(False)
    rows, header = table.verticalHeader(), table.horizontalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setMinimumSectionSize(ROW_HEIGHT)
    rows.setDefaultSectionSize(ROW_HEIGHT)
    header.setHighlightSections(False)
    header.setMinimumSectionSize(32)
    if sortable:
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        table.setSortingEnabled(True)
    size_columns(table, model)
    return table


def size_columns(table: QTableView, model: "RowsModel[R]", rows: Sequence[R] = ()) -> None:
    """Make each column as wide as its title and what it says of these rows need; without rows, as its sample needs.

    Qt's own way asks the model ten times for every cell, and again whenever anything about the table changes.
    """
    metrics, title_metrics = table.fontMetrics(), QFontMetrics(text_font(TEXT_SMALL, bold=True))
    arrow = 14 if table.isSortingEnabled() else 0
    for place, column in enumerate(model.columns):
        texts = [column.text(row) for row in rows] or [column.sample]
        said = max(map(metrics.horizontalAdvance, texts))
        width = max(said, title_metrics.horizontalAdvance(column.title) + arrow)
        table.setColumnWidth(place, width + _CELL_PADDING)
