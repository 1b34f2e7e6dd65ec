"""The line above the code: target, what the checks say of it, and the buttons to copy and save it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from builder_app.ui.pictures import picture
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, GAP_SMALL, MARGIN, Theme

if TYPE_CHECKING:
    from builder_app.session import CheckReport, Program


class CodeHeader(QWidget):
    """Shows the facts about a program: "standalone   VALID · 74 lines · complexity 3 · sha 3f2a91c0"."""

    copy_requested = Signal()
    save_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._target = QLabel()
        self._status = QLabel()
        self._facts = QLabel()
        set_role(self._facts, "quiet")
        self._copy = QPushButton("Copy")
        self._copy.setToolTip("Copy the whole text")
        self._copy.clicked.connect(self.copy_requested)
        self._save = QPushButton("Save…")
        self._save.setToolTip("Save this text as a file")
        self._save.clicked.connect(self.save_requested)
        line = QHBoxLayout(self)
        line.setContentsMargins(MARGIN, GAP, GAP, GAP)
        line.setSpacing(GAP_SMALL)
        line.addWidget(self._target)
        line.addSpacing(GAP_GROUP - GAP_SMALL)
        line.addWidget(self._status)
        line.addWidget(self._facts)
        line.addStretch(1)
        for button in (self._copy, self._save):
            set_role(button, "flat")
            button.setIconSize(QSize(16, 16))
            line.addWidget(button)
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.set_theme(theme)

    @property
    def text(self) -> str:
        """The whole line as it is read."""
        return " ".join(filter(None, (self._target.text(), self._status.text(), self._facts.text())))

    def show_facts(self, program: "Program", report: "CheckReport | None") -> None:
        """Show the program's target and hash, and what the checks found."""
        self._target.setText(program.target)
        status = "NOT CHECKED YET" if report is None else report.status.replace("_", " ")
        self._status.setText(status)
        set_role(self._status, "quiet" if report is None else "gain" if status == "VALID" else "loss")
        count = len(program.source.splitlines())
        facts = ["", f"{count:,} line" if count == 1 else f"{count:,} lines"]
        if report is not None:
            facts.append(f"complexity {report.complexity_score}")
        facts.append(f"sha {program.sha256[:8]}")
        self._facts.setText(" · ".join(facts).strip())
        self._facts.setToolTip(f"SHA-256 {program.sha256}")

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in another scheme."""
        self._copy.setIcon(picture("copy", theme.color("quiet_text")))
        self._save.setIcon(picture("save", theme.color("quiet_text")))
