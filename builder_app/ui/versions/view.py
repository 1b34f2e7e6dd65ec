"""The versions of one strategy beside what was changed since the chosen one."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from builder_app.flow.difference import Change
from builder_app.session.shelf.shelving import KeptVersion
from builder_app.ui.changes_list import ChangesList, summary_sentence
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, MARGIN

_NONE_KEPT: Final = "No version is kept yet. A version is the strategy as it is now; keep one before a big change."
_COMPARING: Final = "Comparing…"
_PATIENCE_MILLISECONDS: Final = 150
"""What is shown stays for so long while an edit is compared: nobody sees it, and a drag does not flicker."""
_SIZE: Final = (760, 440)


class VersionsDialog(QDialog):
    """Passive and not modal: versions come in, wishes go out; the strategist goes on drawing beside it."""

    keep_requested = Signal(str)
    compare_requested = Signal(str)
    restore_requested = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Versions of {name}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(*_SIZE)
        self.setMinimumSize(560, 320)
        self._versions: tuple[KeptVersion, ...] = ()
        self._shown: tuple[Change, ...] | None = None
        self._overtaken = QTimer(self)
        self._overtaken.setSingleShot(True)
        self._overtaken.setInterval(_PATIENCE_MILLISECONDS)
        self._overtaken.timeout.connect(self._say_comparing)
        self.note = QLineEdit()
        self.note.setPlaceholderText("A note, for example: before the wider stop")
        self.note.setAccessibleName("Note of the version to keep")
        self.note.setMaxLength(2_000)
        self.keep_button = QPushButton("Keep this version")
        self.keep_button.setToolTip("Save the strategy and keep it as it is now (Enter in the note)")
        self.list = QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Kept versions, the newest first")
        self.changes = ChangesList("What was changed since the chosen version")
        self.heading, self.line = QLabel(), QLabel(_NONE_KEPT)
        self.line.setWordWrap(True)
        self.restore_button = QPushButton("Restore")
        self.restore_button.setToolTip("Draw the strategy as it was in this version; one step that Undo takes back")
        self._wire()
        self._lay_out()
        self.show_versions(())

    @property
    def chosen(self) -> KeptVersion | None:
        """The version that is compared; None where there is none."""
        row = self.list.currentRow()
        return self._versions[row] if 0 <= row < len(self._versions) else None

    def show_name(self, name: str) -> None:
        """The strategy is called this now."""
        self.setWindowTitle(f"Versions of {name}")

    def show_versions(self, versions: Sequence[KeptVersion]) -> None:
        """Show these, the newest first; the chosen one stays chosen, else the newest is."""
        before = self.chosen
        self._versions = tuple(versions)
        self.list.blockSignals(True)
        self.list.clear()
        for version in self._versions:
            self.list.addItem(_item(version))
        ids = [version.id for version in self._versions]
        self.list.setCurrentRow(ids.index(before.id) if before is not None and before.id in ids else 0 if ids else -1)
        self.list.blockSignals(False)
        self._show_chosen()

    def show_kept(self, version: KeptVersion) -> None:
        """A version was kept: it is the newest, and the note is free for the next one."""
        self.note.clear()
        self.list.setCurrentRow(-1)
        self.show_versions((version, *(one for one in self._versions if one.id != version.id)))

    def show_overtaken(self) -> None:
        """The strategy was changed after the comparison that is shown, and another one is on its way."""
        if self.chosen is not None:
            self.restore_button.setEnabled(True)  # what was drawn then may be wanted back at once
            if not self._overtaken.isActive():
                self._overtaken.start()

    def show_difference(self, version: str, changes: Sequence[Change]) -> None:
        """Show what was changed since this version, where it is still the chosen one."""
        chosen = self.chosen
        if chosen is None or chosen.id != version:
            return
        self._overtaken.stop()
        self.restore_button.setEnabled(bool(changes))
        self.line.setText(summary_sentence(changes) if changes else "The strategy is drawn as it was then.")
        if self._shown != tuple(changes):
            self._shown = tuple(changes)
            self.changes.show_changes(self._shown)

    def _say_comparing(self) -> None:
        self.line.setText(_COMPARING)

    def _show_chosen(self) -> None:
        chosen = self.chosen
        self._shown = None
        self._overtaken.stop()
        self.changes.clear()
        self.changes.hide()
        self.restore_button.setEnabled(False)
        self.list.setVisible(bool(self._versions))
        self.restore_button.setVisible(chosen is not None)
        self.heading.setVisible(chosen is not None)
        if chosen is None:
            self.line.setText(_NONE_KEPT)
            return
        self.heading.setText(f"Changed since version {chosen.number}")
        self.line.setText(_COMPARING)
        self.compare_requested.emit(chosen.id)

    def _wire(self) -> None:
        self.keep_button.setAutoDefault(False)
        self.restore_button.setAutoDefault(False)
        self.keep_button.clicked.connect(self._keep)
        self.note.returnPressed.connect(self._keep)
        self.list.currentRowChanged.connect(lambda _row: self._show_chosen())
        self.restore_button.clicked.connect(self._restore)

    def _keep(self) -> None:
        self.keep_requested.emit(" ".join(self.note.text().split()))

    def _restore(self) -> None:
        if self.chosen is not None:
            self.restore_requested.emit(self.chosen.id)

    def _lay_out(self) -> None:
        set_role(self.heading, "section")
        set_role(self.line, "quiet")
        keep = QHBoxLayout()
        keep.setSpacing(GAP)
        keep.addWidget(self.note, 1)
        keep.addWidget(self.keep_button)
        side = QWidget()
        right = QVBoxLayout(side)
        right.setContentsMargins(GAP_GROUP, 0, 0, 0)
        right.setSpacing(GAP)
        right.addWidget(self.heading)
        right.addWidget(self.line)
        right.addWidget(self.changes, 1)
        right.addStretch(0)
        right.addWidget(self.restore_button, 0, Qt.AlignmentFlag.AlignRight)
        middle = QSplitter()
        middle.setChildrenCollapsible(False)
        left = QWidget()
        beside = QVBoxLayout(left)
        beside.setContentsMargins(0, 0, GAP, 0)
        beside.addWidget(self.list)
        middle.addWidget(left)
        middle.addWidget(side)
        middle.setSizes([260, 460])
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP_GROUP)
        column.addLayout(keep)
        column.addWidget(middle, 1)


def _item(version: KeptVersion) -> QListWidgetItem:
    moment = version.at.astimezone()
    when, number = f"{moment.day} {moment:%b %Y, %H:%M}", f"Version {version.number}"
    item = QListWidgetItem(f"{version.note}\n{number} · {when}" if version.note else f"{number}\n{when}")
    item.setToolTip(version.note)
    return item
