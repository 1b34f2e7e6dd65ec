"""The block search at the pointer: type a few letters, press Enter."""

from collections.abc import Iterable
from typing import Final

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListView, QVBoxLayout, QWidget

from builder_app.flow.templates import NodeTemplate
from builder_app.ui.canvas.hearing import announce
from builder_app.ui.canvas.popup_style import popup_sheet
from builder_app.ui.palette.delegate import ROW_HEIGHT, TEMPLATE_ROLE, BlockDelegate
from builder_app.ui.palette.groups import GROUP_TITLES
from builder_app.ui.palette.matching import ranked
from builder_app.ui.theme import GAP, GAP_SMALL, Theme

_WIDTH: Final = 320
_ROWS: Final = 9
_FEWEST_ROWS: Final = 3
_LIST_KEYS: Final = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}
_PASSING: Final = {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}
"""Another window, or a menu of the field: the search stays open."""


class SearchPopup(QFrame):
    """A small frame inside the canvas. `chosen` carries a template's name; `dismissed` says that nothing was."""

    chosen = Signal(str)
    dismissed = Signal()

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("SearchPopup")
        self.setAccessibleName("Search blocks")
        self._templates: tuple[NodeTemplate, ...] = ()
        self.preferred: tuple[str, ...] = ()
        """The names of templates that are offered before others that match as well: used last, or most."""
        self._closing = False
        self.field = QLineEdit(self)
        self.field.setPlaceholderText("Search blocks")
        self.field.setAccessibleName("Search blocks")
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list = QListView(self)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.clicked.connect(self._choose)
        self._model = QStandardItemModel(self)
        self.list.setModel(self._model)
        self.list.selectionModel().currentChanged.connect(lambda now, _before: self._say(now))
        self._delegate = BlockDelegate(theme, self.list, says_group=True)
        self.list.setItemDelegate(self._delegate)
        self._nothing = QLabel("No block of that name fits here.", self)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        layout.setSpacing(GAP_SMALL)
        for part in (self.field, self.list, self._nothing):
            layout.addWidget(part)
        self.set_theme(theme)
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Paint in this theme from now on."""
        self._delegate.theme = theme
        self.setStyleSheet(popup_sheet("SearchPopup", theme) + "#SearchPopup > QLabel { padding: 12px; }")

    def open_at(self, pixel: QPoint, templates: Iterable[NodeTemplate]) -> None:
        """Offer these blocks at a pixel of the parent, moved so that all of it can be seen."""
        self._templates = tuple(templates)
        self.field.clear()
        self._fill()
        parent = self.parentWidget()
        if parent is not None:
            x = max(GAP, min(pixel.x(), parent.width() - self.width() - GAP))
            largest = self._most_rows() * ROW_HEIGHT + self._around_rows()
            y = max(GAP, min(pixel.y(), parent.height() - largest - GAP))
            self.move(x, y)
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def offered(self) -> list[str]:
        """The names of the templates in the list now, the best first."""
        return [self._model.item(row).data(TEMPLATE_ROLE).name for row in range(self._model.rowCount())]

    def _most_rows(self) -> int:
        """How many rows there is room for; a low window has fewer."""
        parent = self.parentWidget()
        room = parent.height() - self._around_rows() - 2 * GAP if parent is not None else 0
        return min(_ROWS, max(room // ROW_HEIGHT, _FEWEST_ROWS))

    def _around_rows(self) -> int:
        return self.field.sizeHint().height() + 2 * GAP + GAP_SMALL

    def _fill(self) -> None:
        self._model.clear()
        for template in ranked(self.field.text(), self._templates, self.preferred):
            row = QStandardItem(template.display_name)
            row.setData(template, TEMPLATE_ROLE)
            row.setToolTip(template.description)
            self._model.appendRow(row)
        found = self._model.rowCount()
        self.list.setVisible(found > 0)
        self._nothing.setVisible(found == 0)
        self.list.setFixedHeight(min(max(found, 1), self._most_rows()) * ROW_HEIGHT)
        if found:
            self.list.setCurrentIndex(self._model.index(0, 0))
        self.setFixedWidth(_WIDTH)
        self.adjustSize()

    def _say(self, index: QModelIndex) -> None:
        """The keyboard stays in the field; the row that Enter would choose is heard."""
        template = index.data(TEMPLATE_ROLE)
        if self.isVisible() and isinstance(template, NodeTemplate):
            announce(self.field, f"{template.display_name}, {GROUP_TITLES[template.node_type]}")

    def _choose(self, index: QModelIndex) -> None:
        template = index.data(TEMPLATE_ROLE)
        if isinstance(template, NodeTemplate):
            self._close()
            self.chosen.emit(template.name)

    def dismiss(self) -> None:
        """Close without a choice."""
        if self.isVisible() and not self._closing:
            self._close()
            self.dismissed.emit()

    def _close(self) -> None:
        """The canvas gets the keyboard back, unless it went elsewhere by itself: hiding first would hand it on."""
        self._closing = True
        parent = self.parentWidget()
        if self.field.hasFocus() and parent is not None:
            parent.setFocus(Qt.FocusReason.PopupFocusReason)
        self.hide()
        self._closing = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter chooses, Escape and leaving dismiss, the arrows move in the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._choose(self.list.currentIndex())
                return True
            if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab):
                self.dismiss()
                return True
            if event.key() in _LIST_KEYS:
                self.list.keyPressEvent(event)
                return True
        elif isinstance(event, QFocusEvent) and event.lostFocus() and event.reason() not in _PASSING:
            self.dismiss()
        return super().eventFilter(watched, event)
