"""Three hints for the first time; put away once, they stay away."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import GAP_GROUP, GAP_SMALL, MARGIN

HINTS: Final = (
    ("1  Draw", "Drag blocks from the left and wire their ports: prices, conditions, signals, positions."),
    ("2  Test", "Press Test. Figures and the equity curve follow every change while Live is on."),
    ("3  Take it away", "Export gives a Python file and a folder that reproduce the same numbers anywhere."),
)


class HintsStrip(QFrame):
    """What a strategist does here, in three sentences, with a button that puts them away for ever."""

    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self.close_button = QPushButton("Got it", self)
        self.close_button.setToolTip("Put these hints away for ever")
        self.close_button.clicked.connect(self._dismiss)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(MARGIN, GAP_GROUP, MARGIN, GAP_GROUP)
        layout.setSpacing(2 * MARGIN)
        for title, text in HINTS:
            layout.addLayout(self._hint(title, text), 1)
        layout.addWidget(self.close_button)

    def _hint(self, title: str, text: str) -> QVBoxLayout:
        heading, words = QLabel(title, self), QLabel(text, self)
        set_role(heading, "section")
        set_role(words, "quiet")
        words.setWordWrap(True)
        layout = QVBoxLayout()
        layout.setSpacing(GAP_SMALL)
        layout.addWidget(heading)
        layout.addWidget(words, 1)
        return layout

    def _dismiss(self) -> None:
        self.hide()
        self.dismissed.emit()
