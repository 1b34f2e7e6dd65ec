"""The line at the bottom: zoom, size of the picture, problems, prices, worker, and when the draft was saved."""

from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QWidget

from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import MARGIN

PARTS = ("zoom", "blocks", "problems", "prices", "worker", "draft")


class StatusLine(QStatusBar):
    """Six labels by name; the draft's stands at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._labels: dict[str, QLabel] = {}
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(MARGIN, 0, MARGIN, 0)
        row.setSpacing(MARGIN)
        for part in PARTS:
            label = QLabel()
            label.setObjectName(f"status_{part}")
            set_role(label, "quiet")
            self._labels[part] = label
            if part == "draft":
                row.addStretch(1)
            row.addWidget(label)
        self.addWidget(line, 1)

    def show_part(self, part: str, text: str, hint: str = "") -> None:
        """Set one label; an empty text hides it."""
        label = self._labels[part]
        label.setText(text)
        label.setToolTip(hint or text)
        label.setVisible(bool(text))

    def text(self, part: str) -> str:
        """What a label shows."""
        return self._labels[part].text()
