"""The code that one strategy became over time, beside what it is now."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from builder_app.session.code.code_history import CodeComparison, KeptCode
from builder_app.ui.changes_list import ChangesList, summary_sentence
from builder_app.ui.code.side_by_side import SideBySide
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, MARGIN, Theme

_NONE_KEPT: Final = "No code is kept yet. Every code that is tested, saved as a file or exported is kept here."
_NONE_FAILED: Final = "No code has failed its checks."
_SIZE: Final = (1180, 640)
_ROW_HEIGHT: Final = 48
PASSED, FAILED = range(2)


class CodeHistoryDialog(QDialog):
    """Passive and not modal: texts come in, wishes go out. Failures are a list of their own."""

    compare_requested = Signal(object)
    restore_requested = Signal(object)

    def __init__(self, name: str, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._kept: tuple[KeptCode, ...] = ()
        self._comparison: CodeComparison | None = None
        self.setWindowTitle(f"Code of {name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self.setMinimumSize(760, 400)
        self.which = QComboBox()
        self.which.addItems(["Passed the checks", "Failed the checks"])
        self.which.setAccessibleName("Which code is listed")
        self.list = QListWidget()
        self.list.setAccessibleName("Kept code, the newest first")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.line = QLabel(_NONE_KEPT)
        self.line.setWordWrap(True)
        self.rows = SideBySide(theme)
        self.changes = ChangesList("What was changed in the picture since then")
        self.findings = QLabel()
        self.findings.setWordWrap(True)
        self.tabs = QTabWidget()
        self.restore_button = QPushButton("Go back to this")
        self.restore_button.setToolTip("Draw the strategy as it was when this code was made; Undo takes it back")
        self._lay_out()
        self._wire()
        self.show_kept(())

    @property
    def chosen(self) -> KeptCode | None:
        """The text that is compared; None where there is none."""
        listed = self._listed
        row = self.list.currentRow()
        return listed[row] if 0 <= row < len(listed) else None

    @property
    def comparison(self) -> CodeComparison | None:
        """What is shown now."""
        return self._comparison

    def show_kept(self, kept: Sequence[KeptCode]) -> None:
        """Show these; the chosen one stays chosen, else the newest is."""
        self._kept = tuple(kept)
        self._list_again()

    def show_comparison(self, comparison: CodeComparison) -> None:
        """Show a kept text beside the one now, where it is still the chosen one."""
        if self.chosen != comparison.kept:
            return
        self._comparison = comparison
        self.rows.show_rows(comparison.rows, self._theme)
        self.changes.show_changes(comparison.changes)
        same = "The picture is drawn as it was then."
        self.line.setText(summary_sentence(comparison.changes) if comparison.changes else same)
        count = comparison.changed_lines
        self.tabs.setTabText(0, f"Text ({count:,})" if count else "Text")
        self.tabs.setTabText(1, f"Picture ({len(comparison.changes):,})" if comparison.changes else "Picture")
        self.findings.setText("\n".join(comparison.findings))
        self.findings.setVisible(bool(comparison.findings))
        self.restore_button.setEnabled(bool(comparison.changes))

    def set_theme(self, theme: Theme) -> None:
        """Draw the dialog in another scheme."""
        self._theme = theme
        self.rows.show_rows(self.rows.rows, theme)

    @property
    def _listed(self) -> tuple[KeptCode, ...]:
        passed = self.which.currentIndex() == PASSED
        return tuple(one for one in self._kept if one.is_valid is passed)

    def _list_again(self) -> None:
        before, listed = self.chosen, self._listed
        failed = sum(not one.is_valid for one in self._kept)
        self.which.setItemText(FAILED, f"Failed the checks ({failed})" if failed else "Failed the checks")
        self.list.blockSignals(True)
        self.list.clear()
        for one in listed:
            self.list.addItem(_item(one))
        self.list.setCurrentRow(listed.index(before) if before in listed else 0 if listed else -1)
        self.list.blockSignals(False)
        self._show_chosen()

    def _show_chosen(self) -> None:
        chosen = self.chosen
        self._comparison = None
        self.restore_button.setEnabled(False)
        self.restore_button.setVisible(chosen is not None)
        self.tabs.setVisible(chosen is not None)
        self.findings.hide()
        if chosen is None:
            self.line.setText(_NONE_KEPT if self.which.currentIndex() == PASSED else _NONE_FAILED)
            return
        self.line.setText("Comparing…")
        self.compare_requested.emit(chosen)

    def _wire(self) -> None:
        self.which.currentIndexChanged.connect(lambda _index: self._list_again())
        self.list.currentRowChanged.connect(lambda _row: self._show_chosen())
        self.restore_button.setAutoDefault(False)
        self.restore_button.clicked.connect(lambda: self.restore_requested.emit(self.chosen))

    def _lay_out(self) -> None:
        set_role(self.line, "quiet")
        set_role(self.findings, "loss")
        left = QWidget()
        beside = QVBoxLayout(left)
        beside.setContentsMargins(0, 0, GAP, 0)
        beside.setSpacing(GAP)
        beside.addWidget(self.which)
        beside.addWidget(self.list, 1)
        self.tabs.addTab(self.rows, "Text")
        self.tabs.addTab(self.changes, "Picture")
        self.tabs.setDocumentMode(True)
        side = QWidget()
        right = QVBoxLayout(side)
        right.setContentsMargins(GAP_GROUP, 0, 0, 0)
        right.setSpacing(GAP)
        foot = QHBoxLayout()
        foot.addWidget(self.line, 1)
        foot.addWidget(self.restore_button)
        right.addWidget(self.findings)
        right.addWidget(self.tabs, 1)
        right.addLayout(foot)
        middle = QSplitter()
        middle.setChildrenCollapsible(False)
        middle.addWidget(left)
        middle.addWidget(side)
        middle.setStretchFactor(1, 1)
        middle.setSizes([270, 900])
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.addWidget(middle)


def _item(one: KeptCode) -> QListWidgetItem:
    moment = one.at.astimezone()
    what = "" if one.is_valid else f" · {one.status.replace('_', ' ').lower()}"
    facts = f"{one.target} · {one.lines:,} lines{what}"
    item = QListWidgetItem(f"{moment.day} {moment:%b %Y, %H:%M:%S}\n{facts}")
    item.setSizeHint(QSize(0, _ROW_HEIGHT))
    item.setToolTip(f"SHA-256 {one.code_hash}, complexity {one.complexity}")
    return item
