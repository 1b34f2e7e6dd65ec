"""The line at the bottom: zoom, size of the picture, problems, prices, worker, and when the draft was saved."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStatusBar, QStyle, QStyleOption, QWidget

from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import MARGIN

PARTS = ("zoom", "blocks", "problems", "prices", "worker", "draft")


class StatusLine(QStatusBar):
    """Six labels by name; the draft's stands at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._labels: dict[str, QLabel] = {}
        self._line = line = QWidget()
        self._parts = QWidget()
        kept = self._parts.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._parts.setSizePolicy(kept)
        whole = QHBoxLayout(line)
        whole.setContentsMargins(MARGIN, 0, MARGIN, 0)
        whole.addWidget(self._parts)
        row = QHBoxLayout(self._parts)
        row.setContentsMargins(0, 0, 0, 0)
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
        # Qt hides the line under a message, and shows it again as soon as anything in it changes its size.
        self.messageChanged.connect(lambda message: self._parts.setVisible(not message))

    def show_part(self, part: str, text: str, hint: str = "") -> None:
        """Set one label; an empty text hides it."""
        label = self._labels[part]
        label.setText(text)
        label.setToolTip(hint or text)
        label.setVisible(bool(text))

    def message_rectangle(self) -> QRect:
        """Where a message for a moment is written: it begins where the parts begin."""
        return self.rect().adjusted(self._line.x() + MARGIN, 0, -MARGIN, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Qt would write a message six pixels from the edge."""
        message = self.currentMessage()
        if not message:
            super().paintEvent(event)
            return
        option = QStyleOption()
        option.initFrom(self)
        painter = QPainter(self)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelStatusBar, option, painter, self)
        place = self.message_rectangle()
        words = self.fontMetrics().elidedText(message, Qt.TextElideMode.ElideRight, place.width())
        painter.setPen(self.palette().windowText().color())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, words)
        painter.end()

    def text(self, part: str) -> str:
        """What a label shows."""
        return self._labels[part].text()
