"""One line of text that is asked for: a new name, tags. Nothing is decided by closing it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget

from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, MARGIN

_WIDTH = 380


class LineDialog(QDialog):
    """A sentence, a field and a button that says what will be done; `take` is called with what was typed."""

    def __init__(self, parent: QWidget, title: str, words: str, text: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self.words = QLabel(words)
        self.words.setWordWrap(True)
        set_role(self.words, "quiet")
        self.field = QLineEdit(text)
        self.field.setAccessibleName(title)
        self.field.selectAll()
        self.buttons = QDialogButtonBox()
        self.accept_button = self.buttons.addButton(title, QDialogButtonBox.ButtonRole.AcceptRole)
        set_role(self.accept_button, "primary")
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP)
        for part in (self.words, self.field, self.buttons):
            column.addWidget(part)

    def ask(self, take: Callable[[str], None], *, may_be_empty: bool) -> None:
        """Show it; Enter or the button hands over what was typed."""

        def follow(text: str) -> None:
            self.accept_button.setEnabled(may_be_empty or bool(text.strip()))

        follow(self.field.text())
        self.field.textChanged.connect(follow)
        self.accepted.connect(lambda: take(self.field.text()))
        self.open()
        self.field.setFocus()
