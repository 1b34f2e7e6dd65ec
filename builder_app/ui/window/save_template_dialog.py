"""Asks what a strategy is called, and what it is, as a template to begin others from."""

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from builder_app.session.shelf.gallery import NewOwn
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, MARGIN


class SaveTemplateDialog(QDialog):
    """Name, kind and a few sentences; without a name it cannot be saved."""

    chosen = Signal(object)
    """A NewOwn."""

    def __init__(self, name: str, kinds: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Save as template")
        self.setMinimumWidth(440)
        self.name = QLineEdit(name)
        self.name.setMaxLength(200)
        self.name.setAccessibleName("Name of the template")
        self.name.selectAll()
        self.kind = QComboBox()
        self.kind.setAccessibleName("Kind of strategy")
        for key, spoken in kinds.items():
            self.kind.addItem(spoken, key)
        self.description = QPlainTextEdit()
        self.description.setPlaceholderText("What it does, and when it is of use")
        self.description.setAccessibleName("Description")
        self.description.setTabChangesFocus(True)
        self.description.setFixedHeight(96)
        hint = QLabel("The picture, its parameters and its newest result are kept; values that are secret are not.")
        hint.setWordWrap(True)
        set_role(hint, "quiet")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        self.save_button = buttons.button(QDialogButtonBox.StandardButton.Save)
        buttons.accepted.connect(self._save)
        buttons.rejected.connect(self.reject)
        form = QFormLayout()
        form.setSpacing(GAP)
        form.addRow("Name", self.name)
        form.addRow("Kind", self.kind)
        form.addRow("Description", self.description)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP_GROUP)
        column.addLayout(form)
        column.addWidget(hint)
        column.addWidget(buttons)
        self.finished.connect(self.deleteLater)
        self.name.textChanged.connect(self._allow)
        self._allow()

    def _allow(self) -> None:
        self.save_button.setEnabled(bool(self.name.text().strip()))

    def _save(self) -> None:
        name = " ".join(self.name.text().split())
        self.chosen.emit(NewOwn(name, self.kind.currentData(), self.description.toPlainText().strip()))
        self.accept()
