"""The symbols of the library as a table: frequency, range, bars, source, prices, last update, and a small curve."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QPointF, QSortFilterProxyModel, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from builder_app.session.prices.price_library import Key, SymbolInfo
from builder_app.ui.prices.words import frequency_title
from builder_app.ui.theme import GAP, GAP_SMALL, Theme, text_font

COLUMNS: Final = ("Symbol", "Bars are", "From", "To", "Bars", "Close", "Prices", "Sector", "Source", "Updated")
CURVE: Final = 5
_WIDTHS: Final = (88, 80, 104, 104, 72, 128, 88, 128, 152, 104)
_ROW_HEIGHT: Final = 32
SORT_ROLE: Final = Qt.ItemDataRole.UserRole
CURVE_ROLE: Final = Qt.ItemDataRole.UserRole + 1
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex


class SymbolModel(QAbstractTableModel):
    """The rows; curves come later and are painted when they are there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.infos: tuple[SymbolInfo, ...] = ()
        self._sectors: Mapping[str, str] = {}
        self._curves: dict[Key, NDArray[np.float64]] = {}
        self._font = text_font()

    def show_infos(self, infos: Sequence[SymbolInfo], sectors: Mapping[str, str]) -> None:
        """Show these symbols; curves of symbols that changed are forgotten."""
        before = {(info.symbol, info.frequency): info.fingerprint for info in self.infos}
        self.beginResetModel()
        self.infos, self._sectors = tuple(infos), sectors
        keys = {(info.symbol, info.frequency): info.fingerprint for info in infos}
        self._curves = {key: curve for key, curve in self._curves.items() if keys.get(key) == before.get(key)}
        self.endResetModel()

    def show_curves(self, curves: Mapping[Key, NDArray[np.float64]]) -> None:
        """Paint these curves."""
        self._curves |= curves
        if self.infos:
            self.dataChanged.emit(self.index(0, CURVE), self.index(len(self.infos) - 1, CURVE))

    def missing_curves(self) -> list[Key]:
        """The symbols whose curves are not known yet."""
        keys = [(info.symbol, info.frequency) for info in self.infos]
        return [key for key in keys if key not in self._curves]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """A row for each symbol and frequency."""
        return 0 if parent.isValid() else len(self.infos)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        """The columns of COLUMNS."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The columns' titles."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _RIGHT if COLUMNS[section] == "Bars" else Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A cell's text, its place in the order, or its curve."""
        info = self.infos[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(info, index.column())
            case Qt.ItemDataRole.ToolTipRole:
                return _tip(info)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _RIGHT if COLUMNS[index.column()] == "Bars" else None
            case Qt.ItemDataRole.FontRole:
                return self._font
            case _ if role == SORT_ROLE:
                return self._order(info, index.column())
            case _ if role == CURVE_ROLE:
                return self._curves.get((info.symbol, info.frequency))
        return None

    def _text(self, info: SymbolInfo, column: int) -> str:
        texts = (
            info.symbol,
            frequency_title(info.frequency),
            str(info.start),
            str(info.end),
            f"{info.bars:,}",
            "",
            prices_words(info),
            self._sectors.get(info.symbol, ""),
            info.source + (f" · {len(info.repairs)} repaired" if info.repairs else ""),
            info.imported_at.astimezone().strftime("%Y-%m-%d"),
        )
        return texts[column]

    def _order(self, info: SymbolInfo, column: int) -> Any:
        match COLUMNS[column]:
            case "Bars":
                return info.bars
            case "Updated":
                return info.imported_at.timestamp()
            case _:
                return self._text(info, column).casefold()


def prices_words(info: SymbolInfo) -> str:
    """Which prices tests run on."""
    if not info.has_raw:
        return "as given"
    return "raw" if info.uses_raw else "adjusted"


def _tip(info: SymbolInfo) -> str:
    at = info.imported_at.astimezone().strftime("%Y-%m-%d %H:%M")
    lines = [f"{info.symbol}, imported {at}", f"Fingerprint {info.fingerprint[:16]}…", *info.remarks]
    lines += [f"Repaired: {made.repair.action}. {made.sentence}" for made in info.repairs]
    return "\n".join(lines[:12])


class CurveDelegate(QStyledItemDelegate):
    """Paints a row's small curve: a line, one colour, no axes."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.theme = theme

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell's ground, and the curve on it."""
        super().paint(painter, option, index)
        curve = index.data(CURVE_ROLE)
        if curve is None or len(curve) < 2:
            return
        box = option.rect.adjusted(GAP, GAP_SMALL + 2, -GAP, -GAP_SMALL - 2)
        lowest, highest = float(curve.min()), float(curve.max())
        span = highest - lowest or 1.0
        across = np.linspace(box.left(), box.right(), len(curve))
        up = box.bottom() - (curve - lowest) / span * box.height()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.theme.color("accent"), 1.2))
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(across, up, strict=True)]))
        painter.restore()


class SymbolTable(QTableView):
    """Sorts by a click on a title; `chosen` are the selected symbols."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.symbols = SymbolModel(self)
        self._proxy = _Shown(self)
        self._proxy.setSourceModel(self.symbols)
        self._proxy.setSortRole(SORT_ROLE)
        self._curves = CurveDelegate(theme, self)
        self.setModel(self._proxy)
        self.setItemDelegateForColumn(CURVE, self._curves)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        for column, width in enumerate(_WIDTHS):
            self.setColumnWidth(column, width)
        self.setAccessibleName("Symbols")

    def narrow(self, text: str, members: Sequence[str] | None) -> None:
        """Show only symbols with this text, of these members; None: of any group."""
        self._proxy.narrow(text, members)

    def chosen(self) -> list[SymbolInfo]:
        """The selected symbols, as they stand in the table."""
        rows = [self._proxy.mapToSource(index).row() for index in self.selectionModel().selectedRows()]
        return [self.symbols.infos[row] for row in rows]

    def shown_count(self) -> int:
        """How many rows are shown."""
        return self._proxy.rowCount()

    @property
    def theme(self) -> Theme:
        """The scheme that the curves are painted in."""
        return self._curves.theme

    def set_theme(self, theme: Theme) -> None:
        """Paint curves in another scheme."""
        self._curves.theme = theme
        self.viewport().update()


class _Shown(QSortFilterProxyModel):
    """The rows that the search and the chosen group leave."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._members: frozenset[str] | None = None

    def narrow(self, text: str, members: Sequence[str] | None) -> None:
        self.beginResetModel()
        self._text = text.strip().casefold()
        self._members = None if members is None else frozenset(members)
        self.endResetModel()

    def filterAcceptsRow(self, row: int, _parent: Index) -> bool:
        source = self.sourceModel()
        if not isinstance(source, SymbolModel):
            return True
        symbol = source.infos[row].symbol
        return self._text in symbol.casefold() and (self._members is None or symbol in self._members)
