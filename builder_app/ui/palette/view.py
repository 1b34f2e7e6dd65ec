"""The palette: a search box over the blocks, grouped by their type."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

from PySide6.QtCore import QByteArray, QEvent, QMimeData, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QPushButton, QTreeView, QVBoxLayout, QWidget

from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import NodeType
from builder_app.ui.palette.delegate import (
    COUNT_ROLE,
    GROUP_ROLE,
    MARK_ROLE,
    OWN,
    OWN_SHARED,
    TEMPLATE_ROLE,
    BlockDelegate,
)
from builder_app.ui.palette.groups import GROUP_TITLES, TEMPLATE_MIME, by_category
from builder_app.ui.palette.matching import ranked
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, Theme

_MOST_RECENT: Final = 6
_OWNER_SIGNS: Final = 8
"""So much of another user's id tells them apart."""
_LIST_KEYS: Final = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
_RECENT: Final = "RECENT"
_MOST_USED: Final = "MOST_USED"


class BlockModel(QStandardItemModel):
    """Blocks by group. A dragged block carries its template's name."""

    def mimeTypes(self) -> list[str]:
        """The one kind of data that leaves this list."""
        return [TEMPLATE_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The name of the dragged block's template."""
        data = QMimeData()
        for index in indexes:
            template = index.data(TEMPLATE_ROLE)
            if isinstance(template, NodeTemplate):
                data.setData(TEMPLATE_MIME, QByteArray(template.name.encode("utf-8")))
        return data

    def blocks(self, under: QModelIndex | None = None) -> list[QModelIndex]:
        """The rows of all blocks, or of those in one group, from the top to the bottom."""
        top = under or QModelIndex()
        rows = [self.index(row, 0, top) for row in range(self.rowCount(top))]
        return [
            block
            for row in rows
            for block in ([row] if isinstance(row.data(TEMPLATE_ROLE), NodeTemplate) else self.blocks(row))
        ]


class PaletteView(QWidget):
    """Every block that can be drawn. `add_requested` carries the name of the template to add."""

    add_requested = Signal(str)
    new_requested = Signal()
    menu_requested = Signal(str, QPoint)
    """The menu of a user-made block was asked for, at this place of the screen."""

    def __init__(self, catalogue: Catalogue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._catalogue = catalogue
        self._recent: tuple[str, ...] = ()
        self._most_used: tuple[str, ...] = ()
        self._usage: tuple[str, ...] = ()
        self._waits = False
        self._collapsed: set[str] = set()
        self._opened: set[str] = set()
        """Categories stand folded until they are opened; every other group is open until it is folded."""
        self.setAccessibleName("Blocks")
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search blocks")
        self.search.setClearButtonEnabled(True)
        self.search.setAccessibleName("Search blocks")
        self.search.setToolTip("Find a block by name, by another word for it, or by its type")
        self.search.textChanged.connect(self._fill)
        self.search.installEventFilter(self)
        self.model = BlockModel(self)
        self.tree = QTreeView(self)
        self._delegate = BlockDelegate(theme, self.tree)
        self._prepare_tree()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GAP, 0, 0)
        layout.setSpacing(GAP)
        box = QVBoxLayout()
        box.setContentsMargins(GAP, 0, GAP, 0)
        box.addWidget(self.search)
        layout.addLayout(box)
        layout.addWidget(self.tree)
        self.new_button = QPushButton("New block…")
        self.new_button.setToolTip("Make a block of your own from an expression")
        self.new_button.clicked.connect(self.new_requested)
        set_role(self.new_button, "flat")
        below = QVBoxLayout()
        below.setContentsMargins(GAP, 0, GAP, GAP)
        below.addWidget(self.new_button)
        layout.addLayout(below)
        self.setFocusProxy(self.search)
        self._fill()

    def show_catalogue(self, catalogue: Catalogue) -> None:
        """Offer these blocks from now on."""
        self._catalogue = catalogue
        known = catalogue.templates
        self._recent = tuple(name for name in self._recent if name in known)
        self._most_used = tuple(name for name in self._most_used if name in known)
        self._fill()

    def show_recent(self, names: Iterable[str]) -> None:
        """Offer the blocks used last, newest first, in a group of their own; names nobody knows are left out."""
        known = [name for name in dict.fromkeys(names) if name in self._catalogue.templates]
        recent = tuple(known[:_MOST_RECENT])
        if recent != self._recent:
            self._recent = recent
            self._fill()

    def show_most_used(self, names: Iterable[str]) -> None:
        """Offer the blocks used most, the most used first, in a group of their own."""
        known = [name for name in dict.fromkeys(names) if name in self._catalogue.templates]
        most_used = tuple(known[:_MOST_RECENT])
        if most_used != self._most_used:
            self._most_used = most_used
            self._fill()

    def show_usage(self, names: Iterable[str]) -> None:
        """Inside every group offer these first, the most used first; the others follow by name."""
        usage = tuple(names)
        if usage != self._usage:
            self._usage = usage
            self._fill()

    def show_used(self, usage: Iterable[str], recent: Iterable[str], most_used: Iterable[str]) -> None:
        """All three of these at once."""
        before = self._usage, self._recent, self._most_used
        self._waits = True
        self.show_usage(usage)
        self.show_recent(recent)
        self.show_most_used(most_used)
        self._waits = False
        if before != (self._usage, self._recent, self._most_used):
            self._fill()

    def set_theme(self, theme: Theme) -> None:
        """Paint in this theme from now on."""
        self._delegate.theme = theme
        self.tree.viewport().update()

    def _prepare_tree(self) -> None:
        tree = self.tree
        tree.setModel(self.model)
        tree.setItemDelegate(self._delegate)
        tree.setHeaderHidden(True)
        tree.setRootIsDecorated(False)
        tree.setIndentation(0)
        tree.setFrameShape(QFrame.Shape.NoFrame)
        tree.setAnimated(False)
        tree.setMouseTracking(True)
        tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        tree.setDragEnabled(True)
        tree.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        tree.setExpandsOnDoubleClick(False)
        tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        tree.setAccessibleName("Blocks by type")
        tree.clicked.connect(self._toggle_group)
        tree.doubleClicked.connect(self._request)
        tree.collapsed.connect(lambda index: self._note_folding(str(index.data(GROUP_ROLE)), folded=True))
        tree.expanded.connect(lambda index: self._note_folding(str(index.data(GROUP_ROLE)), folded=False))
        tree.installEventFilter(self)
        tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        tree.customContextMenuRequested.connect(self._ask_menu)

    # ── filling ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _fill(self) -> None:
        if self._waits:
            return
        query = self.search.text()
        found = ranked(query, self._catalogue.templates.values(), self._preferred())
        groups: list[tuple[str, str, list[NodeTemplate]]] = []
        for key, title, names in ((_RECENT, "Recent", self._recent), (_MOST_USED, "Most used", self._most_used)):
            if not query.strip() and names:
                groups.append((key, title, [self._catalogue.templates[name] for name in names]))
        types = dict.fromkeys(template.node_type for template in found) if query.strip() else NodeType
        for type in types:
            blocks = [template for template in found if template.node_type is type]
            if blocks:
                groups.append((type.value, GROUP_TITLES[type], blocks))
        collapsed = set() if query.strip() else set(self._collapsed)
        self.tree.blockSignals(True)
        self.model.clear()
        for key, title, blocks in groups:
            categories = {} if query.strip() else by_category(blocks)
            self.model.appendRow(_group_row((key, title), blocks, categories, self._catalogue))
        for row, (key, _, _) in enumerate(groups):
            top = self.model.index(row, 0)
            self.tree.setExpanded(top, key not in collapsed)
            for inner in range(self.model.rowCount(top)):
                index = self.model.index(inner, 0, top)
                self.tree.setExpanded(index, index.data(GROUP_ROLE) in self._opened)
        self.tree.blockSignals(False)
        if query.strip() and groups:
            self.tree.setCurrentIndex(self.model.index(0, 0, self.model.index(0, 0)))

    def _preferred(self) -> tuple[str, ...]:
        """The order inside a group, and among blocks that match a search equally well."""
        if self.search.text().strip():
            return tuple(dict.fromkeys((*self._recent, *self._most_used, *self._usage)))
        return self._usage

    def _note_folding(self, key: str, *, folded: bool) -> None:
        kept = self._opened if "/" in key else self._collapsed
        (kept.add if folded == ("/" not in key) else kept.discard)(key)

    # ── wishing ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _toggle_group(self, index: QModelIndex) -> None:
        if index.data(TEMPLATE_ROLE) is None:
            self.tree.setExpanded(index, not self.tree.isExpanded(index))

    def _request(self, index: QModelIndex) -> None:
        template = index.data(TEMPLATE_ROLE)
        if isinstance(template, NodeTemplate):
            self.add_requested.emit(template.name)
        elif index.isValid():
            self._toggle_group(index)

    def _ask_menu(self, at: QPoint) -> None:
        """By the mouse the menu of the block under it; by the key that of the chosen one."""
        index = self.tree.indexAt(at)
        template = (index if index.isValid() else self.tree.currentIndex()).data(TEMPLATE_ROLE)
        if isinstance(template, NodeTemplate) and template.name in self._catalogue.user_made:
            self.menu_requested.emit(template.name, self.tree.viewport().mapToGlobal(at))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter adds the chosen block from both parts; the arrows in the search box move in the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._request(self.tree.currentIndex())
                return True
            if watched is self.search and event.key() in _LIST_KEYS:
                self.tree.keyPressEvent(event)
                return True
            if watched is self.search and event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)


def _group_row(
    named: tuple[str, str],
    blocks: Collection[NodeTemplate],
    categories: Mapping[str, Collection[NodeTemplate]],
    catalogue: Catalogue,
) -> QStandardItem:
    """A group by its key and title, with its blocks, or with a group for each category of them."""
    key, title = named
    group = QStandardItem(title)
    group.setData(key, GROUP_ROLE)
    group.setData(len(blocks), COUNT_ROLE)
    group.setAccessibleText(f"{title}, {len(blocks)} {'block' if len(blocks) == 1 else 'blocks'}")
    group.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
    for category, inside in categories.items():
        group.appendRow(_group_row((f"{key}/{category}", category), inside, {}, catalogue))
    for template in () if categories else blocks:
        group.appendRow(_block_row(template, catalogue))
    return group


def _block_row(template: NodeTemplate, catalogue: Catalogue) -> QStandardItem:
    row = QStandardItem(template.display_name)
    row.setData(template, TEMPLATE_ROLE)
    row.setToolTip(template.description or template.display_name)
    if template.name in catalogue.user_made:
        mark = mark_of(template.name, catalogue)
        row.setData(mark, MARK_ROLE)
        row.setAccessibleText(f"{template.display_name}, {mark}")
        made = (
            "You made this block" if catalogue.is_own(template.name) else "Another user made this block and shares it"
        )
        row.setToolTip(f"{row.toolTip()}\n{made}; version {template.version}.")
    row.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled)
    return row


def mark_of(name: str, catalogue: Catalogue) -> str:
    """Whose a user-made block is, in a word or two."""
    owner = catalogue.shared_by.get(name)
    if owner:
        return f"by {owner[:_OWNER_SIGNS]}"
    return OWN if owner is None else OWN_SHARED
