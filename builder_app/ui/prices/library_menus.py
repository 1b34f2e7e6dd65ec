"""The menus of the library window: what may be done with a symbol, with what was deleted, with a group."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from builder_app.session.prices.price_library import SymbolInfo
from builder_app.ui.prices.words import frequency_title

if TYPE_CHECKING:
    from builder_app.ui.prices.library_window import LibraryWindow


def show_symbol_menu(window: "LibraryWindow", at: QPoint) -> None:
    """What may be done with the selected symbols, at this place of the table."""
    chosen = window.table.chosen()
    if not chosen:
        return
    menu = _menu(window)
    menu.addAction("Update", window.update_chosen)
    menu.addAction("Make a group…", window.make_group)
    if len(chosen) == 1:
        _add_of_one(window, menu, chosen[0])
    menu.addSeparator()
    menu.addAction("Delete", window.delete_chosen)
    menu.popup(window.table.viewport().mapToGlobal(at))


def show_deleted_menu(window: "LibraryWindow") -> None:
    """The deleted symbols, each to be restored."""
    menu = _menu(window)
    for info in window.library.deleted():
        title = f"Restore {info.symbol}, {frequency_title(info.frequency).lower()}"
        menu.addAction(title, partial(window.library.restore, [(info.symbol, info.frequency)]))
    button = window.buttons["deleted"]
    menu.popup(button.mapToGlobal(QPoint(0, button.height())))


def show_group_menu(window: "LibraryWindow", at: QPoint) -> None:
    """What may be done with the group at this place of the list."""
    item = window.groups.itemAt(at)
    name = str(item.data(Qt.ItemDataRole.UserRole) or "") if item is not None else ""
    if name:
        menu = _menu(window)
        menu.addAction(f"Remove the group '{name}'", partial(window.library.remove_group, name))
        menu.popup(window.groups.viewport().mapToGlobal(at))


def _add_of_one(window: "LibraryWindow", menu: QMenu, info: SymbolInfo) -> None:
    key = (info.symbol, info.frequency)
    if info.has_raw:
        title = "Test on adjusted prices" if info.uses_raw else "Test on raw prices"
        menu.addAction(title, partial(window.library.use_raw, key, raw=not info.uses_raw))
    for number, made in enumerate(info.repairs):
        words = f"Undo repair: {made.repair.action} ({made.repair.kind})"
        menu.addAction(words, partial(window.library.undo_repair, key, number))


def _menu(window: "LibraryWindow") -> QMenu:
    menu = QMenu(window)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu
