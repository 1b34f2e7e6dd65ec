"""The library of prices: its symbols with small curves, groups at the left, and what may be done with them."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from builder_app.session.prices.price_library import Key, PriceLibrary, SymbolInfo
from builder_app.ui.prices.library_menus import show_deleted_menu, show_group_menu, show_symbol_menu
from builder_app.ui.prices.symbol_table import SymbolTable
from builder_app.ui.prices.words import counted
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, MARGIN, Theme
from builder_app.ui.window.line_dialog import LineDialog
from builder_app.ui.window.message_bar import MessageBar

if TYPE_CHECKING:
    from builder_app.session.session import Session

_SIZE: Final = (1300, 720)
_GROUPS_WIDTH: Final = 200
_ALL: Final = "All symbols"
_TABLES: Final = "Tables of symbols (*.csv *.xlsx *.xls *.ods *.parquet)"


class LibraryWindow(QDialog):
    """Shows the library, and asks the session for changes; nothing slow happens here."""

    import_requested = Signal()
    groups_changed = Signal()

    def __init__(self, session: "Session", theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Prices")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self.library = PriceLibrary(session, self)
        self.groups = QListWidget()
        self.table = SymbolTable(theme)
        self.search = QLineEdit()
        self.messages = MessageBar()
        self.count, self.stage = QLabel(), QLabel()
        self.progress = QProgressBar()
        self.pages = QStackedWidget()
        self.buttons = {
            name: QPushButton(title)
            for name, title in (
                ("import", "Import prices…"),
                ("update", "Update"),
                ("group", "Make a group…"),
                ("sectors", "Read sectors…"),
                ("deleted", "Deleted…"),
                ("delete", "Delete"),
            )
        }
        self._lay_out()
        self._connect()
        self.refresh()

    # -- what is told ---------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the library as it is now."""
        known = self.library.groups()
        infos = self.library.symbols()
        self._show_groups(known.groups)
        self.table.symbols.show_infos(infos, known.sectors)
        self.pages.setCurrentIndex(1 if infos else 0)
        self.buttons["deleted"].setVisible(bool(self.library.deleted()))
        missing = self.table.symbols.missing_curves()
        if missing:
            self.library.ask_curves(missing)
        self._narrow()

    def curves_read(self, curves: Mapping[Key, NDArray[np.float64]], /) -> None:
        """Paint the curves that were read."""
        self.table.symbols.show_curves(curves)

    def changed(self, sentence: str, /) -> None:
        """Say what was done, and show it."""
        self._show_progress(None)
        self.messages.tell(sentence)
        self.refresh()
        self.groups_changed.emit()

    def failed(self, sentence: str, /) -> None:
        """Say why it could not be done."""
        self._show_progress(None)
        self.messages.tell(sentence, stays=True)

    def progressed(self, stage: str, share: float, /) -> None:
        """Show how far an update has come."""
        self._show_progress((stage, share))

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self.table.set_theme(theme)

    def done(self, result: int) -> None:
        """What is being done is done to its end, whole or not at all."""
        self.library.close()
        super().done(result)

    # -- wishes ---------------------------------------------------------------------------------------------------

    def delete_chosen(self) -> None:
        """Delete the selected symbols; they can be restored."""
        keys = _keys(self.table.chosen())
        if keys:
            self.library.delete(keys)

    def update_chosen(self) -> None:
        """Fetch or read the selected symbols again, or all of them."""
        infos = self.table.chosen() or [info for info in self.library.symbols() if info.origin]
        if not infos:
            self.messages.tell("Of none of these prices it is known where they came from; import them again.")
            return
        self._show_progress(("Beginning…", 0.0))
        self.library.update(infos)

    def make_group(self) -> None:
        """Ask for a name, and keep the selected symbols (or all that are shown) under it."""
        symbols = list(dict.fromkeys(info.symbol for info in self.table.chosen()))
        if not symbols:
            self.messages.tell("Select the symbols of the group first.")
            return
        words = f"Name of the group of {counted(len(symbols), 'symbol')}"
        dialog = LineDialog(self, "Make a group", words, self._group())
        dialog.ask(lambda name: self.library.keep_group(name, symbols), may_be_empty=False)

    # -- parts ----------------------------------------------------------------------------------------------------

    def _ask_for_table(self) -> None:
        dialog = QFileDialog(self, "Read symbols with their sectors and groups", str(Path.home()), _TABLES)
        dialog.setObjectName("fileDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.library.import_symbol_table(Path(path)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_groups(self, groups: Mapping[str, tuple[str, ...]]) -> None:
        before = self._group()
        self.groups.blockSignals(True)
        self.groups.clear()
        rows = [(_ALL, ""), *((f"{name} · {len(groups[name]):,}", name) for name in sorted(groups))]
        for title, name in rows:
            item = QListWidgetItem(title)
            item.setData(Qt.ItemDataRole.UserRole, name)
            self.groups.addItem(item)
        names = [name for _, name in rows]
        self.groups.setCurrentRow(names.index(before) if before in names else 0)
        self.groups.blockSignals(False)

    def _group(self) -> str:
        item = self.groups.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole) or "") if item is not None else ""

    def _narrow(self) -> None:
        name = self._group()
        members = self.library.groups().groups.get(name) if name else None
        self.table.narrow(self.search.text(), members)
        shown, all_rows = self.table.shown_count(), len(self.table.symbols.infos)
        rows = counted(all_rows, "row") if shown == all_rows else f"{shown:,} of {counted(all_rows, 'row')}"
        absent = len(set(members or ()) - {info.symbol for info in self.table.symbols.infos})
        self.count.setText(rows + (f" · {counted(absent, 'symbol')} of the group without prices" if absent else ""))
        self._enable()

    def _enable(self) -> None:
        chosen = self.table.chosen()
        for name in ("group", "delete"):
            self.buttons[name].setEnabled(bool(chosen))
        self.buttons["update"].setText("Update" if chosen else "Update all")
        self.buttons["update"].setEnabled(bool(self.table.symbols.infos))

    def _show_progress(self, stage: tuple[str, float] | None) -> None:
        self.progress.setVisible(stage is not None)
        self.stage.setText(stage[0] if stage is not None else "")
        self.progress.setValue(round(stage[1] * 1000) if stage is not None else 0)

    def _connect(self) -> None:
        calls: dict[str, Callable[[], object]] = {
            "import": self.import_requested.emit,
            "update": self.update_chosen,
            "group": self.make_group,
            "sectors": self._ask_for_table,
            "deleted": lambda: show_deleted_menu(self),
            "delete": self.delete_chosen,
        }
        for name, call in calls.items():
            self.buttons[name].clicked.connect(lambda _checked=False, call=call: call())
            self.buttons[name].setAutoDefault(False)
        self.search.textChanged.connect(lambda _text: self._narrow())
        self.groups.currentRowChanged.connect(lambda _row: self._narrow())
        self.table.selectionModel().selectionChanged.connect(lambda *_changed: self._enable())
        for widget in (self.table, self.groups):
            widget.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.table.customContextMenuRequested.connect(lambda at: show_symbol_menu(self, at))
        self.groups.customContextMenuRequested.connect(lambda at: show_group_menu(self, at))

    def _lay_out(self) -> None:
        self.search.setPlaceholderText("Search a symbol")
        self.search.setClearButtonEnabled(True)
        self.search.setFixedWidth(_GROUPS_WIDTH)
        self.groups.setFixedWidth(_GROUPS_WIDTH)
        self.groups.setAccessibleName("Groups")
        set_role(self.buttons["import"], "primary")
        self.buttons["sectors"].setToolTip(
            "A table with the columns symbol and sector, and group where there are groups"
        )
        self.buttons["update"].setToolTip("Fetch or read the selected symbols again from where they came from")
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self.search)
        head.addStretch(1)
        for name in ("delete", "deleted", "group", "sectors", "update", "import"):
            head.addWidget(self.buttons[name])
        self.pages.addWidget(_empty_page(self.import_requested.emit))
        self.pages.addWidget(self.table)
        middle = QHBoxLayout()
        middle.setSpacing(GAP_GROUP)
        middle.addWidget(self.groups)
        middle.addWidget(self.pages, 1)
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(_GROUPS_WIDTH)
        for label in (self.count, self.stage):
            set_role(label, "quiet")
        foot = QHBoxLayout()
        foot.addWidget(self.count, 1)
        foot.addWidget(self.stage)
        foot.addWidget(self.progress)
        inner = QVBoxLayout()
        inner.setContentsMargins(MARGIN, MARGIN, MARGIN, GAP_GROUP)
        inner.setSpacing(GAP_GROUP)
        inner.addLayout(head)
        inner.addLayout(middle, 1)
        inner.addLayout(foot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.messages)
        column.addLayout(inner, 1)
        self._show_progress(None)


def _keys(infos: list[SymbolInfo]) -> list[Key]:
    return [(info.symbol, info.frequency) for info in infos]


def _empty_page(call: Callable[[], object]) -> QWidget:
    page = QWidget()
    title, below, button = QLabel("No prices yet"), QLabel(), QPushButton("Import prices…")
    set_role(title, "title")
    set_role(below, "quiet")
    set_role(button, "primary")
    below.setText("Import files of your own, or fetch symbols from Yahoo; tests then run on them.")
    button.clicked.connect(lambda _checked=False: call())
    column = QVBoxLayout(page)
    column.setSpacing(GAP)
    column.addStretch(1)
    for widget in (title, below, button):
        column.addWidget(widget, 0, Qt.AlignmentFlag.AlignCenter)
    column.addStretch(1)
    return page
