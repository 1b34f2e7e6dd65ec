"""How sensitive values are kept, in plain words, and the passphrase where the computer has no keyring."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from builder_app.session.secrecy.secret_keeping import Keeping
from builder_app.ui.inspector.secret_field import SecretLine
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP_GROUP, MARGIN

_WORDS = {
    Keeping.KEYRING: "Sensitive values are kept encrypted, and this computer's keyring has their key. Nothing to do.",
    Keeping.PASSPHRASE: "Sensitive values are kept encrypted under your passphrase. Here you can choose another one.",
    Keeping.LOCKED: "Sensitive values are locked. Type your passphrase to open them.",
    Keeping.MEMORY: "Sensitive values are kept in memory only, and are forgotten when the program ends. "
    "Choose a passphrase to have them kept, encrypted. Nobody can bring it back to you: without it they are lost.",
}
_ROTATION = (
    "Replace the key when it may have become known. Everything that is stored is then sealed with a new one; sensitive "
    "values in older backups cannot be opened any more."
)
_MORE_WORDS = {
    Keeping.KEYRING: _ROTATION,
    Keeping.PASSPHRASE: f"{_ROTATION} Type your present passphrase for it.",
    Keeping.MEMORY: "Where this computer has a keyring that was locked, unlock it and try again.",
}
_WIDTH = 420


class PassphraseDialog(QDialog):
    """Passive: it says which passphrase was typed, and closes when it is told that all is well."""

    unlock_requested = Signal(str)
    set_requested = Signal(str)
    try_again_requested = Signal()
    """The keyring may answer now."""
    rotate_requested = Signal(str)
    """Replace the key; with the passphrase where one keeps it, else empty."""

    def __init__(self, keeping: Keeping, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Sensitive values")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self._keeping = keeping
        self.words = QLabel(_WORDS[keeping])
        self.words.setWordWrap(True)
        self.passphrase, self.again = SecretLine(), SecretLine()
        self.trouble = QLabel()
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        set_role(self.trouble, "loss")
        self.more_words = QLabel(_MORE_WORDS.get(keeping, ""))
        self.more_words.setWordWrap(True)
        set_role(self.more_words, "quiet")
        self.more = QPushButton("Try the keyring again" if keeping is Keeping.MEMORY else "Replace the key")
        self.buttons = QDialogButtonBox()
        self._lay_out()
        self.buttons.accepted.connect(self._take)
        self.buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN, MARGIN, MARGIN, MARGIN)
        column.setSpacing(GAP_GROUP)
        column.addWidget(self.words)
        form = QFormLayout()
        form.addRow("Passphrase", self.passphrase)
        form.addRow("Once more", self.again)
        column.addLayout(form)
        column.addWidget(self.trouble)
        column.addWidget(self.more_words)
        column.addWidget(self.buttons)
        self.passphrase.setAccessibleName("Passphrase")
        self.again.setAccessibleName("Passphrase once more")
        form.setRowVisible(self.again, self._keeping in (Keeping.MEMORY, Keeping.PASSPHRASE))
        form.setRowVisible(self.passphrase, self._keeping is not Keeping.KEYRING)
        if self._keeping is Keeping.LOCKED:
            self.more_words.hide()
        else:
            self.more.setAutoDefault(False)
            self.buttons.addButton(self.more, QDialogButtonBox.ButtonRole.ResetRole)
            self.more.clicked.connect(self._ask_for_more)
        if self._keeping is Keeping.KEYRING:
            self.buttons.addButton(QDialogButtonBox.StandardButton.Close).setFocus()  # not what changes something
            return
        title = "Open" if self._keeping is Keeping.LOCKED else "Keep"
        self.buttons.addButton(title, QDialogButtonBox.ButtonRole.AcceptRole)
        self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)

    def say(self, trouble: str) -> None:
        """Say why the passphrase was not taken; it is typed again."""
        self.trouble.setText(trouble)
        self.trouble.show()
        self._forget()
        self.passphrase.setFocus()

    def done(self, result: int) -> None:
        """What was typed does not outlive the dialog."""
        self._forget()
        super().done(result)

    def _take(self) -> None:
        typed = self.passphrase.text()
        if self._keeping is Keeping.LOCKED:
            self.unlock_requested.emit(typed)
        elif typed != self.again.text():
            self.say("The two passphrases differ; type both once more.")
        else:
            self.set_requested.emit(typed)

    def _ask_for_more(self) -> None:
        if self._keeping is Keeping.MEMORY:
            self.try_again_requested.emit()
        elif self._keeping is Keeping.PASSPHRASE and not self.passphrase.text():
            self.say("Type your present passphrase first, then replace the key.")
        else:
            self.rotate_requested.emit(self.passphrase.text())

    def _forget(self) -> None:
        self.passphrase.setText("")
        self.again.setText("")
