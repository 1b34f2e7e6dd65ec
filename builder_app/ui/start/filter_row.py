"""Narrowing the strategies of the start page: by name, by one tag, or to those that were archived."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from builder_app.ui.start.words import chip_text
from builder_app.ui.theme import GAP, GAP_GROUP

CHIPS: Final = 5
_WIDTH: Final = 220
_WAIT_MILLISECONDS: Final = 120


class FilterRow(QWidget):
    """A field, a chip for each of the most used tags, and a tick for archived ones."""

    changed = Signal(str, str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Search by name")
        self.field.setAccessibleName("Search your strategies by name")
        self.field.setToolTip("Show the strategies with this in their name (Esc shows all)")
        self.field.setClearButtonEnabled(True)
        self.field.setMaximumWidth(_WIDTH)
        self.archived = QCheckBox("Archived")
        self.archived.setToolTip("Show the strategies that were put away")
        self.chips: tuple[QPushButton, ...] = ()
        self._tags: tuple[str, ...] = ()
        self._tag = ""
        self._group = QButtonGroup(self)
        self._group.setExclusive(False)
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(_WAIT_MILLISECONDS)
        self._wait.timeout.connect(self._tell)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GAP)
        self._row.addWidget(self.field, 1)
        self._row.addSpacing(GAP_GROUP - GAP)
        self._chips_begin = self._row.count()
        self._row.addStretch(1)
        self._row.addWidget(self.archived)
        self.field.textChanged.connect(lambda _text: self._wait.start())
        self.archived.toggled.connect(lambda _on: self._tell())

    @property
    def is_narrowing(self) -> bool:
        """Whether fewer than all strategies are asked for."""
        return bool(self.field.text().strip() or self._tag or self.archived.isChecked())

    def show_tags(self, tags: Sequence[str]) -> None:
        """Show the first of these tags as chips; the chosen one stays chosen, and is shown even where it is rare."""
        shown = tuple(tags[:CHIPS])
        if self._tag and self._tag not in shown:
            shown = (*shown[: CHIPS - 1], self._tag)
        if shown == self._tags:
            return
        for chip in self.chips:
            self._group.removeButton(chip)
            self._row.removeWidget(chip)
            chip.deleteLater()
        self._tags = shown
        self.chips = tuple(self._chip(tag) for tag in shown)
        for place, chip in enumerate(self.chips):
            self._row.insertWidget(self._chips_begin + place, chip)

    def empty_words(self) -> str:
        """What is said where no strategy is shown, with the way on."""
        if self.field.text().strip() or self._tag:
            return "No strategy is like that. Clear the search and the tag to see all of them."
        if self.archived.isChecked():
            return "Nothing is archived. The menu of a strategy puts it here."
        return "Your strategies will be here. Begin with a new one, or with an example below."

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape shows all strategies again."""
        if event.key() == Qt.Key.Key_Escape and self.is_narrowing:
            self.field.clear()
            self._choose("")
        else:
            super().keyPressEvent(event)

    def _chip(self, tag: str) -> QPushButton:
        chip = QPushButton(chip_text(tag))
        chip.setCheckable(True)
        chip.setChecked(tag == self._tag)
        chip.setToolTip(f"Show only strategies with the tag '{tag}'")
        chip.setAccessibleName(f"Tag {tag}")
        chip.clicked.connect(lambda checked: self._choose(tag if checked else ""))
        self._group.addButton(chip)
        return chip

    def _choose(self, tag: str) -> None:
        self._tag = tag
        for chip, name in zip(self.chips, self._tags, strict=True):
            chip.setChecked(name == tag)
        self._tell()

    def _tell(self) -> None:
        self._wait.stop()
        self.changed.emit(self.field.text().strip(), self._tag, self.archived.isChecked())
