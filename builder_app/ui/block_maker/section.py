"""A part of the form with any number of rows: a heading, the words above the columns, the rows, a button for more."""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from builder_app.session.blocks.block_checks import Fault
from builder_app.ui.block_maker.rows import Row
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_SMALL

R = TypeVar("R", bound=Row)


class Section(QWidget, Generic[R]):
    """Rows of one kind. `changed`: a row was added, removed, or something was typed in one."""

    changed = Signal()

    def __init__(self, member: str, title: str, empty: str, make: Callable[[], R]) -> None:
        super().__init__()
        self.member, self.rows = member, list[R]()
        self._make = make
        self._head_words: QWidget | None = None
        heading = QLabel(title)
        set_role(heading, "section")
        self.add_button = QPushButton(f"Add {member[:-1]}")
        self.add_button.setAutoDefault(False)
        self.add_button.clicked.connect(self._add_new)
        set_role(self.add_button, "flat")
        self.empty = QLabel(empty)
        self.empty.setWordWrap(True)
        set_role(self.empty, "quiet")
        self.fault = QLabel()
        self.fault.setWordWrap(True)
        self.fault.hide()
        set_role(self.fault, "loss")
        top = QHBoxLayout()
        top.setSpacing(GAP)
        top.addWidget(heading, 1)
        top.addWidget(self.add_button)
        self._column = QVBoxLayout()
        self._column.setSpacing(GAP)
        lines = QVBoxLayout(self)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(GAP_SMALL)
        lines.addLayout(top)
        self._heads = QVBoxLayout()
        lines.addWidget(self.empty)
        lines.addLayout(self._heads)
        lines.addLayout(self._column)
        lines.addWidget(self.fault)

    def show_heads(self, heads: QWidget) -> None:
        """Put words above the columns of the rows; they go where there is no row."""
        self._heads.addWidget(heads)
        heads.setVisible(bool(self.rows))
        self._head_words = heads

    def add(self, row: R) -> None:
        """Put a row at the end."""
        row.changed.connect(self.changed)
        row.removed.connect(lambda: self._remove(row))
        self.rows.append(row)
        self._column.addWidget(row)
        self._show_empty()

    def show_faults(self, faults: Sequence[Fault]) -> None:
        """Show in each row what is wrong there, and below what is wrong with the section."""
        for place, row in enumerate(self.rows):
            start = f"{self.member}.{place}."
            row.show_faults(
                [(it.field.removeprefix(start), it.sentence) for it in faults if it.field.startswith(start)]
            )
        own = [fault.sentence for fault in faults if fault.field == self.member]
        self.fault.setText("\n".join(own))
        self.fault.setVisible(bool(own))

    def set_fixed(self) -> None:
        """The rows are those of a group: shown, not changed here."""
        self.add_button.hide()
        for row in self.rows:
            row.set_fixed(list(row.fields))
            row.remove_button.hide()

    def _show_empty(self) -> None:
        self.empty.setVisible(not self.rows)
        if self._head_words is not None:
            self._head_words.setVisible(bool(self.rows))

    def _add_new(self) -> None:
        row = self._make()
        self.add(row)
        row.fields["name"].setFocus()
        self.changed.emit()

    def _remove(self, row: R) -> None:
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._show_empty()
        self.add_button.setFocus()
        self.changed.emit()
