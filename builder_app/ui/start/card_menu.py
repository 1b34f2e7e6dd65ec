"""What can be done with a strategy on the start page, as a menu."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget


class CardWish(StrEnum):
    """What a strategist may wish of a card, in the order of the menu."""

    OPEN = "open"
    USE = "use"
    ABOUT = "about"
    FAVOURITE = "favourite"
    NO_FAVOURITE = "no favourite"
    RENAME = "rename"
    DUPLICATE = "duplicate"
    TAGS = "tags"
    VERSIONS = "versions"
    EXPORT = "export"
    ARCHIVE = "archive"
    BRING_BACK = "bring back"
    DELETE = "delete"


_TITLES: Final = {
    CardWish.OPEN: "Open",
    CardWish.USE: "Begin with a copy",
    CardWish.ABOUT: "About it…",
    CardWish.FAVOURITE: "Mark as favourite",
    CardWish.NO_FAVOURITE: "No favourite any more",
    CardWish.RENAME: "Rename…",
    CardWish.DUPLICATE: "Duplicate",
    CardWish.TAGS: "Tags…",
    CardWish.VERSIONS: "Versions…",
    CardWish.EXPORT: "Export as one file…",
    CardWish.ARCHIVE: "Archive",
    CardWish.BRING_BACK: "Bring back",
    CardWish.DELETE: "Delete",
}
_KEYS: Final = {
    CardWish.OPEN: Qt.Key.Key_Return,
    CardWish.USE: Qt.Key.Key_Return,
    CardWish.ABOUT: Qt.Key.Key_F1,
    CardWish.RENAME: Qt.Key.Key_F2,
    CardWish.DELETE: Qt.Key.Key_Delete,
}
_BEGINS_GROUP: Final = {CardWish.VERSIONS, CardWish.ARCHIVE, CardWish.BRING_BACK}


def card_menu(parent: QWidget, wishes: Sequence[CardWish], take: Callable[[CardWish], None]) -> QMenu:
    """A menu of these wishes; the chosen one is handed to `take`, and the menu is gone when it closes."""
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    for wish in wishes:
        if wish in _BEGINS_GROUP:
            menu.addSeparator()
        action = menu.addAction(_TITLES[wish])
        if wish in _KEYS:
            action.setShortcut(_KEYS[wish])
        action.triggered.connect(lambda _checked=False, wish=wish: take(wish))
    return menu
