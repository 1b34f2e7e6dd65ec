"""Ctrl+F: finding a block, a frame or a note in the flow, and going there."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QHeaderView, QLabel, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout

from builder_app.flow.group_paths import GroupPath
from builder_app.ui.canvas.finding import Findable, findable, found
from builder_app.ui.canvas.furniture import Thing
from builder_app.ui.canvas.hearing import announce
from builder_app.ui.canvas.popup_style import popup_sheet
from builder_app.ui.stylesheet import selection_ground
from builder_app.ui.theme import GAP, GAP_SMALL, Theme

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage

_WIDTH: Final = 400
_TITLE_WIDTH: Final = 200
_ROWS: Final = 8
_FEWEST_ROWS: Final = 3
"""However low the view is."""
_MOST_SHOWN: Final = 200
_PASSING: Final = {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}


class FindPopup(QFrame):
    """A field with a list in the canvas's corner. The chosen row is shown on the canvas at once; Enter stays there,
    Escape goes back to where the eye was.
    """

    def __init__(self, theme: Theme, view: "Stage") -> None:
        super().__init__(view)
        self._view = view
        self._all: tuple[Findable, ...] = ()
        self._hits: tuple[Findable, ...] = ()
        self._before: tuple[float, float, float] = (1.0, 0.0, 0.0)
        self._selected_before: frozenset[str] = frozenset()
        self._path_before: GroupPath = ()
        self.setObjectName("FindPopup")
        self.setAccessibleName("Find in the flow")
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Find a block, a parameter, a note")
        self.field.setAccessibleName("Find in the flow")
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list = QTreeWidget(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHeaderHidden(True)
        self.list.setRootIsDecorated(False)
        self.list.setColumnCount(2)
        self.list.setUniformRowHeights(True)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Fixed)
        self.list.header().resizeSection(0, _TITLE_WIDTH)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(lambda now, _before: self._show(now))
        self.list.itemClicked.connect(lambda _item, _column: self.close_here())
        self.count = QLabel(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        layout.setSpacing(GAP_SMALL)
        for part in (self.field, self.list, self.count):
            layout.addWidget(part)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Paint in this theme from now on."""
        self.setStyleSheet(
            popup_sheet("FindPopup", theme) + f"#FindPopup QTreeWidget::item {{ padding: 4px; }}"
            f"#FindPopup QTreeWidget::item:selected {{ background: {selection_ground(theme).name()};"
            f" color: {theme.colors['text']}; }}"
            f"#FindPopup > QLabel {{ padding: 4px; }}"
        )
        self._quiet = theme.color("quiet_text")

    def open(self) -> None:
        """Search the flow as it is now; what was searched last is offered again."""
        view = self._view
        self._all = findable(view.canvas.picture, view.levels)
        self._before, self._selected_before = view.viewport_state(), view.selected_nodes()
        self._path_before = view.levels.path
        view.visited.settle()
        self.setFixedWidth(min(_WIDTH, view.width() - 2 * GAP))
        self._fill()
        self.move(view.width() - self.width() - GAP, GAP)
        self.show()
        self.raise_()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def offered(self) -> list[str]:
        """The titles in the list now."""
        return [hit.title for hit in self._hits]

    def _fill(self) -> None:
        hits = found(self._all, self.field.text())
        self.list.blockSignals(True)
        self.list.clear()
        self._hits = hits[:_MOST_SHOWN]
        for hit in self._hits:
            row = QTreeWidgetItem([hit.title or "(empty)", hit.detail])
            row.setForeground(1, self._quiet)
            row.setToolTip(0, hit.title)
            row.setToolTip(1, hit.detail)
            self.list.addTopLevelItem(row)
        self.list.blockSignals(False)
        height = self.list.sizeHintForRow(0) if hits else 0
        room = self._view.height() - self.field.sizeHint().height() - self.count.sizeHint().height() - 6 * GAP
        rows = min(len(hits), _ROWS, max(room // height, _FEWEST_ROWS)) if hits else 0
        self.list.setFixedHeight(rows * height + 2)
        self.list.setVisible(bool(hits))
        self.count.setText(self._said(len(hits)))
        self.adjustSize()
        if hits and self.field.text():
            self._choose(0)

    def _choose(self, row: int) -> None:
        self.list.setCurrentIndex(self.list.model().index(row, 0))

    def _said(self, count: int) -> str:
        if not self.field.text().strip():
            return f"{len(self._all):,} blocks, frames and notes to search"
        if not count:
            return "Nothing in this flow holds these words."
        return f"{count:,} found" + (f", the first {_MOST_SHOWN} shown" if count > _MOST_SHOWN else "")

    def _show(self, row: QTreeWidgetItem | None) -> None:
        at = -1 if row is None else self.list.indexOfTopLevelItem(row)
        if at < 0:
            return
        announce(self.field, ", ".join(filter(None, (self._hits[at].title, self._hits[at].detail))))
        what = self._hits[at].what
        if not self._view.go_to_level(self._hits[at].path):
            return
        if isinstance(what, Thing):
            self._view.reveal_thing(what)
        else:
            self._view.reveal(what)

    def close_here(self) -> None:
        """Close; the view stays where it is."""
        if self.isVisible():
            self._leave()
            self._view.visited.settle()

    def close_back(self) -> None:
        """Close, and look where the eye was, with what was selected."""
        if self.isVisible():
            self._leave()
            self._view.go_to_level(self._path_before)
            self._view.restore_viewport(*self._before)
            self._view.select(self._selected_before)

    def _leave(self) -> None:
        if self.field.hasFocus():
            self._view.setFocus(Qt.FocusReason.PopupFocusReason)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter stays, Escape goes back, the arrows choose."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            count = self.list.topLevelItemCount()
            if step is not None:
                if count:
                    self._choose((self.list.currentIndex().row() + step) % count)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.close_here()
                return True
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab):
                self.close_back()
                return True
        elif isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _PASSING:
            self.close_here()
        return super().eventFilter(watched, event)
