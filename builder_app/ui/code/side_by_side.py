"""Two texts beside each other, row by row, with what differs on a ground of its own."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QFrame, QHeaderView, QTableView, QWidget

from builder_app.session.code.code_history import Row, RowKind
from builder_app.ui.stylesheet import blended
from builder_app.ui.theme import GAP, GAP_SMALL, TEXT_SMALL, Theme, code_font

HEADS: Final = ("", "Kept code", "", "Code now")
SHARE: Final = 0.16
"""How much of its colour the ground of a changed line holds."""
_BEFORE_NUMBER, _BEFORE, _AFTER_NUMBER, _AFTER = range(4)
_MOST_FITTED: Final = 2000
_SIGNS: Final = {RowKind.REMOVED: "removed", RowKind.ADDED: "added", RowKind.CHANGED: "changed"}

Index = QModelIndex | QPersistentModelIndex


class _Rows(QAbstractTableModel):
    """The rows of a comparison as a table of four columns."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()
        self.theme = theme

    def take(self, rows: Sequence[Row], theme: Theme) -> None:
        self.beginResetModel()
        self.rows, self.theme = tuple(rows), theme
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    def columnCount(self, _parent: Index | None = None) -> int:
        return len(HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return HEADS[section] if role == Qt.ItemDataRole.DisplayRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row, column = self.rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _cell(row, column)
            case Qt.ItemDataRole.ToolTipRole:
                return _cell(row, column) if column in (_BEFORE, _AFTER) else None
            case Qt.ItemDataRole.TextAlignmentRole if column in (_BEFORE_NUMBER, _AFTER_NUMBER):
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole:
                quiet = column in (_BEFORE_NUMBER, _AFTER_NUMBER) or row.kind is RowKind.LEFT_OUT
                return self.theme.color("quiet_text" if quiet else "text")
            case Qt.ItemDataRole.BackgroundRole:
                return self._ground(row, column)
            case Qt.ItemDataRole.AccessibleTextRole:
                said = _SIGNS.get(row.kind, "")
                return f"{said} {_cell(row, column)}".strip()
            case _:
                return None

    def _ground(self, row: Row, column: int) -> QColor | None:
        if row.kind in (RowKind.SAME, RowKind.LEFT_OUT):
            return None
        is_before = column in (_BEFORE_NUMBER, _BEFORE)
        if not (row.before_number if is_before else row.after_number):
            return self.theme.color("canvas")
        return blended(self.theme.color("loss" if is_before else "gain"), self.theme.color("panel"), SHARE)


class SideBySide(QTableView):
    """Read-only; chosen rows are copied as text by Ctrl+C."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _Rows(theme, self)
        self.setModel(self._rows)
        self.setFont(code_font(TEXT_SMALL))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("The kept code beside the code now")
        self.verticalHeader().hide()
        metrics = QFontMetrics(self.font())
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(metrics.height() + GAP_SMALL // 2)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(1)
        for column in (_BEFORE_NUMBER, _AFTER_NUMBER):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(column, metrics.horizontalAdvance("00000") + GAP)
        for column in (_BEFORE, _AFTER):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows.rows

    def show_rows(self, rows: Sequence[Row], theme: Theme) -> None:
        """Show these, from the first change on."""
        self._rows.take(rows, theme)
        self._fit_rows()
        first = next((at for at, row in enumerate(rows) if row.kind in _SIGNS), 0)
        self.scrollTo(self._rows.index(first, _BEFORE), QAbstractItemView.ScrollHint.PositionAtCenter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Every line is whole, over as many lines as it takes."""
        super().resizeEvent(event)
        self._fit_rows()

    def _fit_rows(self) -> None:
        widest = min(self.columnWidth(column) for column in (_BEFORE, _AFTER)) - GAP
        metrics = QFontMetrics(self.font())
        for number, row in enumerate(self.rows[:_MOST_FITTED]):
            if max(metrics.horizontalAdvance(row.before), metrics.horizontalAdvance(row.after)) > widest:
                self.resizeRowToContents(number)
            else:
                self.setRowHeight(number, self.verticalHeader().defaultSectionSize())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy takes both sides of the chosen rows, a tab between them."""
        if event.matches(QKeySequence.StandardKey.Copy):
            chosen = sorted({index.row() for index in self.selectedIndexes()})
            lines = (f"{self.rows[row].before}\t{self.rows[row].after}" for row in chosen)
            QApplication.clipboard().setText("\n".join(lines))
            return
        super().keyPressEvent(event)


def _cell(row: Row, column: int) -> str:
    if row.kind is RowKind.LEFT_OUT:
        return "⋯" if column in (_BEFORE, _AFTER) else ""
    match column:
        case 0:
            return str(row.before_number or "")
        case 1:
            return row.before
        case 2:
            return str(row.after_number or "")
        case _:
            return row.after
