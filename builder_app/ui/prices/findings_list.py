"""What was found in the prices, by kind, each with a tick for its repair and the choice of repairs."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from builder_app.session.prices.prices_import import Finding, Repair
from builder_app.ui.inspector.editors import QuietCombo
from builder_app.ui.prices.words import ACTION_TITLES, KIND_TITLES
from builder_app.ui.theme import GAP, Theme, text_font

_FINDING: Final = Qt.ItemDataRole.UserRole
_REPAIR_WIDTH: Final = 216
_ROW_HEIGHT: Final = 32
_MOST_BOXES: Final = 200
"""More findings get the usual repair's words without a box to choose another."""
_CHECKABLE: Final = Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class FindingsList(QTreeWidget):
    """Shows findings. What is ticked will be repaired."""

    repairs_changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._findings: tuple[Finding, ...] = ()
        self._items: list[tuple[Finding, QTreeWidgetItem]] = []
        self._boxes: dict[int, QuietCombo] = {}
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(20)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)
        self.header().resizeSection(1, _REPAIR_WIDTH)
        self.setAccessibleName("What was found")
        self.itemChanged.connect(lambda _item, _column: self.repairs_changed.emit())

    def show_findings(self, findings: Sequence[Finding]) -> None:
        """Show these, with the proposed repairs ticked."""
        self._findings = tuple(findings)
        self.blockSignals(True)
        self.clear()
        self._items, self._boxes = [], {}
        for kind, title in KIND_TITLES.items():
            own = [finding for finding in findings if finding.kind is kind]
            if own:
                self._add_kind(f"{title} · {len(own):,}" if len(own) > 1 else title, own)
        self.blockSignals(False)
        self.repairs_changed.emit()

    def chosen(self) -> dict[str, list[Repair]]:
        """The repairs that are ticked, by symbol."""
        found: dict[str, list[Repair]] = {}
        for number, (finding, item) in enumerate(self._items):
            if finding.repairs and item.checkState(0) is Qt.CheckState.Checked:
                box = self._boxes.get(number)
                place = box.currentIndex() if box is not None else 0
                found.setdefault(finding.symbol, []).append(finding.repairs[place])
        return found

    def errors_repaired(self) -> int:
        """How many faults that must be repaired are ticked."""
        return sum(finding.is_error and item.checkState(0) is Qt.CheckState.Checked for finding, item in self._items)

    def set_theme(self, theme: Theme) -> None:
        """Paint the kinds in the other scheme."""
        self._theme = theme
        for number in range(self.topLevelItemCount()):
            item = self.topLevelItem(number)
            if item is not None:
                self._ink(item)

    def _add_kind(self, title: str, findings: Sequence[Finding]) -> None:
        parent = QTreeWidgetItem([title, ""])
        parent.setFont(0, text_font(bold=True))
        parent.setSizeHint(0, QSize(0, _ROW_HEIGHT))
        parent.setData(0, _FINDING, findings[0].is_error)
        self._ink(parent)
        can_repair = any(finding.repairs for finding in findings)
        flags = _CHECKABLE | Qt.ItemFlag.ItemIsAutoTristate if can_repair else Qt.ItemFlag.ItemIsEnabled
        self.addTopLevelItem(parent)
        for finding in findings:
            self._add_finding(parent, finding)
        parent.setFlags(flags)
        parent.setExpanded(len(findings) <= 12)

    def _add_finding(self, parent: QTreeWidgetItem, finding: Finding) -> None:
        item = QTreeWidgetItem([finding.sentence, ""])
        item.setToolTip(0, finding.sentence)
        item.setSizeHint(0, QSize(0, _ROW_HEIGHT))
        if finding.repairs:
            item.setFlags(_CHECKABLE)
            item.setCheckState(0, Qt.CheckState.Checked if finding.proposed else Qt.CheckState.Unchecked)
        else:
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        parent.addChild(item)
        number = len(self._items)
        self._items.append((finding, item))
        if len(finding.repairs) > 1 and number < _MOST_BOXES:
            self.setItemWidget(item, 1, self._box(number, finding))
        elif finding.repairs:
            item.setText(1, ACTION_TITLES[finding.repairs[0].action])

    def _box(self, number: int, finding: Finding) -> QWidget:
        box = QuietCombo()
        for repair in finding.repairs:
            box.addItem(ACTION_TITLES[repair.action])
        box.setAccessibleName(f"Repair for {finding.symbol}")
        box.activated.connect(lambda _index: self.repairs_changed.emit())
        self._boxes[number] = box
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, GAP, 0)
        row.addWidget(box)
        return holder

    def _ink(self, item: QTreeWidgetItem) -> None:
        token = "loss" if item.data(0, _FINDING) else "warning"
        item.setForeground(0, QBrush(self._theme.color(token)))
