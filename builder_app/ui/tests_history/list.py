"""The kept tests as a table: the chosen ones carry the letter and the colour that they have in the comparison."""

import datetime
import math
from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QVBoxLayout, QWidget

from builder_app.session.runs.tests_history import KeptTest
from builder_app.ui.results.figures import NO_VALUE, Tone, number, percent, tone_of
from builder_app.ui.results.tables import Column, Index, RowsModel, make_table
from builder_app.ui.tests_history.buttons import flat_button
from builder_app.ui.tests_history.lettering import color, letter
from builder_app.ui.theme import Theme, text_font

_DECORATION: Final = int(Qt.ItemDataRole.DecorationRole)
_STATUS: Final = {"FAILED": "failed", "CANCELLED": "cancelled", "RUNNING": "running", "PENDING": "waiting"}
_STAR: Final = "★"
_SWATCH: Final = 10
_MARK_WIDTH: Final = 48
_NAME_WIDTH: Final = 150
"""A test's name has this much room before anything else of it is shown."""
_FIRST_TO_GO: Final = (5, 4, 2)
"""Columns that are left out where there is no room: the drawdown first, then the Sharpe ratio, then the moment."""


class KeptTestsModel(RowsModel[KeptTest]):
    """Rows of kept tests; `places` says which of them are compared, and at which place."""

    def __init__(self, theme: Theme) -> None:
        self.places: dict[str, int] = {}
        super().__init__(_columns(self.places), theme)
        self._theme = theme

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        super().set_theme(theme)
        self._theme = theme

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """As every row, and the colour of its curve before the letter."""
        if role == _DECORATION and index.column() == 0:
            place = self.places.get(self.row_at(index.row()).id)
            return None if place is None else _swatch(color(self._theme, place))
        return super().data(index, role)


class KeptTestsTable(QWidget):
    """A click chooses a test, with Ctrl or Shift more; the oldest chosen one is what the others are compared with."""

    chosen_changed = Signal()
    rename_requested = Signal()
    delete_requested = Signal()
    star_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = KeptTestsModel(theme)
        self.table = make_table(self.model, self, sortable=True)
        self.table.setFont(text_font())
        self.table.setAccessibleName("Kept tests")
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.table.horizontalHeader().setMinimumSectionSize(28)
        self.table.setIconSize(QSize(_SWATCH, _SWATCH))
        self.table.setColumnWidth(0, _MARK_WIDTH)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.table.selectionModel().selectionChanged.connect(self._selection_changed)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.table.doubleClicked.connect(lambda _index: self.rename_requested.emit())
        self._wishes = {
            Qt.Key.Key_F2: self.rename_requested,
            Qt.Key.Key_Delete: self.delete_requested,
            Qt.Key.Key_S: self.star_requested,
        }
        self.table.installEventFilter(self)
        self._all = {column: self.table.columnWidth(column) for column in range(2, self.model.columnCount())}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)
        self.older_button = flat_button("Show older tests", "List the tests that were run before these, too")
        self.older_button.hide()
        layout.addWidget(self.older_button)
        self.setMinimumWidth(280)

    @property
    def chosen(self) -> tuple[KeptTest, ...]:
        """The chosen tests, the oldest first."""
        rows = {index.row() for index in self.table.selectionModel().selectedRows()}
        return tuple(sorted(map(self.model.row_at, rows), key=lambda test: test.at))

    def show_tests(self, tests: Sequence[KeptTest]) -> None:
        """Show these; what was chosen stays chosen where it is among them."""
        before = {test.id for test in self.chosen}
        selection = self.table.selectionModel()
        selection.blockSignals(True)
        self.model.set_rows(tests)
        self.choose(before)
        selection.blockSignals(False)
        self._selection_changed()

    def choose(self, ids: set[str]) -> None:
        """Choose these and no others."""
        selection = QItemSelection()
        for row in range(self.model.rowCount()):
            if self.model.row_at(row).id in ids:
                index = self.model.index(row, 0)
                selection.select(index, index)
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.table.selectionModel().select(selection, flags)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave columns out until the names have room."""
        super().resizeEvent(event)
        room = event.size().width() - _MARK_WIDTH - _NAME_WIDTH - sum(self._all.values())
        for column in _FIRST_TO_GO:
            self.table.setColumnHidden(column, room < 0)
            room += self._all[column] if room < 0 else 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """F2 names, Delete deletes, S stars what is chosen, before the table searches or the canvas deletes by them."""
        kinds = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress)
        if watched is self.table and event.type() in kinds and isinstance(event, QKeyEvent):
            wish = self._wishes.get(Qt.Key(event.key()))
            if wish is not None and event.modifiers() == Qt.KeyboardModifier.NoModifier:
                event.accept()
                if event.type() == QEvent.Type.KeyPress:
                    wish.emit()
                return True
        return super().eventFilter(watched, event)

    def _selection_changed(self, *_changes: QItemSelection) -> None:
        self.model.places.clear()
        self.model.places.update({test.id: place for place, test in enumerate(self.chosen)})
        rows = self.model.rowCount()
        if rows:
            self.model.dataChanged.emit(self.model.index(0, 0), self.model.index(rows - 1, 0))
        self.chosen_changed.emit()

    def _open_menu(self, place: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addActions(self.actions())
        menu.popup(self.table.viewport().mapToGlobal(place))


def _swatch(ground: QColor) -> QIcon:
    """A small square of the colour, the same where its row is chosen."""
    pixmap = QPixmap(_SWATCH, _SWATCH)
    pixmap.fill(ground)
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon


def _columns(places: dict[str, int]) -> tuple[Column[KeptTest], ...]:
    def figure(name: str) -> "tuple[Any, ...]":
        def value(test: KeptTest) -> float:
            return test.metrics.get(name, math.nan)

        return value, name

    total, sharpe, fall = (figure(name)[0] for name in ("total_return", "sharpe_ratio", "max_drawdown"))

    def mark(test: KeptTest) -> str:
        place = places.get(test.id)
        return "" if place is None else letter(place)

    def name(test: KeptTest) -> str:
        return f"{_STAR} {test.name}" if test.is_starred else test.name

    def returned(test: KeptTest) -> str:
        return percent(total(test), signed=True) if test.has_result else _STATUS.get(str(test.status), str(test.status))

    def tone(test: KeptTest) -> Tone:
        if test.has_result:
            return Tone.QUIET if math.isnan(total(test)) else tone_of(total(test))
        return Tone.LOSS if test.reason else Tone.QUIET

    return (
        Column("", mark, mark, "MM", False),
        Column("Test", name, lambda test: test.name.casefold(), "Moving average", False, hint=_hint),
        Column("When", lambda test: _when(test.at), lambda test: test.at, "30 May, 00:00", True, _quiet, _moment),
        Column("Return", returned, total, "+1,234.56 %", True, tone, _hint),
        Column("Sharpe", lambda test: _or_nothing(sharpe(test)), sharpe, "−10.00", True),
        Column("Drawdown", lambda test: percent(fall(test)).replace(NO_VALUE, ""), fall, "−100.00 %", True),
    )


def _quiet(_test: KeptTest) -> Tone:
    return Tone.QUIET


def _or_nothing(value: float) -> str:
    return "" if math.isnan(value) else number(value)


def _when(at: datetime.datetime) -> str:
    moment = at.astimezone()
    today = datetime.datetime.now(datetime.UTC).astimezone().date()
    if moment.date() == today:
        return f"{moment:%H:%M:%S}"
    return f"{moment.day} {moment:%b, %H:%M}" if moment.year == today.year else f"{moment.day} {moment:%b %Y}"


def _moment(test: KeptTest) -> str:
    took = f", took {test.seconds * 1000:,.0f} ms" if test.seconds is not None else ""
    return f"Begun {test.at.astimezone():%Y-%m-%d %H:%M:%S}{took}"


def _hint(test: KeptTest) -> str:
    return test.reason[:1].upper() + test.reason[1:] if test.reason else test.name
