"""The first rows of a price file, with a box above each column that says, and corrects, what the column means."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from builder_app.session.prices.prices_import import MEANINGS, Layout
from builder_app.ui.inspector.editors import QuietCombo
from builder_app.ui.prices.words import MEANING_TITLES
from builder_app.ui.theme import Theme, text_font

_COLUMN_WIDTH: Final = 132
_ROW_HEIGHT: Final = 28
_BOX_HEIGHT: Final = 36
_RIGHT: Final = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class PreviewTable(QTableWidget):
    """Shows one layout. Passive: a changed box is a wish for other meanings."""

    meanings_requested = Signal(object)
    """tuple[str, ...]: the meaning of each column, as it should be."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._layout: Layout | None = None
        self.boxes: list[QuietCombo] = []
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.horizontalHeader().setDefaultAlignment(_LEFT)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("First rows")

    def show_layout(self, layout: Layout) -> None:
        """Show these columns and rows."""
        before, self._layout = self._layout, layout
        if before is None or (before.names, before.rows) != (layout.names, layout.rows):
            self._fill(layout)
        for box, meaning in zip(self.boxes, layout.choice.meanings, strict=True):
            box.setCurrentIndex(box.findData(meaning))
        self._ink()

    def set_theme(self, theme: Theme) -> None:
        """Paint what is not read in the other scheme's quiet colour."""
        self._theme = theme
        self._ink()

    def _fill(self, layout: Layout) -> None:
        self.clear()
        self.setColumnCount(len(layout.names))
        self.setRowCount(len(layout.rows) + 1)
        self.setHorizontalHeaderLabels([name.strip() or "(no name)" for name in layout.names])
        self.setRowHeight(0, _BOX_HEIGHT)
        self.boxes = [self._box(column, name.strip() or "(no name)") for column, name in enumerate(layout.names)]
        for row, texts in enumerate(layout.rows):
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text.strip()[:80])
                item.setFont(text_font())
                self.setItem(row + 1, column, item)
        for column in range(len(layout.names)):
            self.setColumnWidth(column, _COLUMN_WIDTH)

    def _box(self, column: int, name: str) -> QuietCombo:
        box = QuietCombo()
        for meaning in ("", *MEANINGS):
            box.addItem(MEANING_TITLES[meaning], meaning)
        box.setAccessibleName(f"Meaning of the column {name}")
        box.setToolTip(f"What the column {name} means; — leaves it out")
        box.activated.connect(lambda _index: self._ask())
        self.setCellWidget(0, column, box)
        return box

    def _ask(self) -> None:
        self.meanings_requested.emit(tuple(str(box.currentData()) for box in self.boxes))

    def _ink(self) -> None:
        """Columns that are not read are quiet; numbers stand right."""
        meanings = self._layout.choice.meanings if self._layout is not None else ()
        for column, meaning in enumerate(meanings):
            color = QColor(self._theme.color("text" if meaning else "quiet_text"))
            is_number = meaning in MEANINGS[3:]
            for row in range(1, self.rowCount()):
                item = self.item(row, column)
                if item is not None:
                    item.setForeground(color)
                    item.setTextAlignment(_RIGHT if is_number else _LEFT)
