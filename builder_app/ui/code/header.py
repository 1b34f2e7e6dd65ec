"""The line above the code: target, what the checks say of it, and the buttons to copy and save it."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from builder_app.ui.code.target_chooser import TargetChooser
from builder_app.ui.pictures import picture
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP, GAP_GROUP, GAP_SMALL, MARGIN, Theme

if TYPE_CHECKING:
    from builder_app.session import CheckReport, Program


class CodeHeader(QWidget):
    """Shows the facts about a program: "standalone   VALID · 74 lines · complexity 3 · sha 3f2a91c0"."""

    copy_requested = Signal()
    save_requested = Signal()
    open_requested = Signal()
    history_requested = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.target = TargetChooser()
        self._status = QLabel()
        self._facts = QLabel()
        set_role(self._facts, "quiet")
        self._copy = QPushButton("Copy")
        self._copy.setToolTip("Copy the whole text")
        self._copy.clicked.connect(self.copy_requested)
        self._save = QPushButton("Save…")
        self._save.setToolTip("Save this text as a file")
        self._save.clicked.connect(self.save_requested)
        self._open = QPushButton("Open in editor")
        self._open.setToolTip("Open this text in the system's editor; what you change there is taken in by File ▸ Open")
        self._open.clicked.connect(self.open_requested)
        self._history = QPushButton("History…")
        self._history.setToolTip("Compare with the code that was kept before (Ctrl+Alt+H)")
        self._history.clicked.connect(self.history_requested)
        line = QHBoxLayout(self)
        line.setContentsMargins(MARGIN, GAP, GAP, GAP)
        line.setSpacing(GAP_SMALL)
        line.addWidget(self.target)
        line.addSpacing(GAP_GROUP - GAP_SMALL)
        line.addWidget(self._status)
        line.addWidget(self._facts)
        line.addStretch(1)
        for button in (self._history, self._open, self._copy, self._save):
            set_role(button, "flat")
            button.setIconSize(QSize(16, 16))
            line.addWidget(button)
        self._facts.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.set_theme(theme)

    @property
    def text(self) -> str:
        """The whole line as it is read."""
        return " ".join(filter(None, (self.target.text(), self._status.text(), self._facts.text())))

    def show_facts(self, program: "Program", report: "CheckReport | None") -> None:
        """Show the program's target and hash, and what the checks found."""
        self.target.show_target(program.target)
        for button in (self._open, self._copy, self._save):
            button.show()
        status = "NOT CHECKED YET" if report is None else report.status.replace("_", " ")
        self._status.setText(status)
        set_role(self._status, "quiet" if report is None else "gain" if status == "VALID" else "loss")
        count = len(program.source.splitlines())
        facts = ["", f"{count:,} line" if count == 1 else f"{count:,} lines"]
        if report is not None:
            facts.append(f"complexity {report.complexity_score}")
            if report.certificate:
                facts.append("equals the picture ✓" if "equals" in report.certificate else "not compared")
        facts.append(f"sha {program.sha256[:8]}")
        self._facts.setText(" · ".join(facts).strip())
        said = f"\n{report.certificate}" if report is not None and report.certificate else ""
        self._facts.setToolTip(f"SHA-256 {program.sha256}{said}")

    def show_refused(self, target: str, count: int) -> None:
        """There is no text for this engine; so many rules are refused (0: it is being written)."""
        self.target.show_target(target)
        self._status.setText("REFUSED" if count else "WRITING…")
        set_role(self._status, "loss" if count else "quiet")
        rules = "1 rule" if count == 1 else f"{count:,} rules"
        self._facts.setText(f"· {rules} cannot be said in {self.target.title_of(target)}" if count else "")
        self._facts.setToolTip("")
        for button in (self._open, self._copy, self._save):
            button.hide()

    def set_theme(self, theme: Theme) -> None:
        """Draw the icons in another scheme."""
        self._copy.setIcon(picture("copy", theme.color("quiet_text")))
        self._save.setIcon(picture("save", theme.color("quiet_text")))
