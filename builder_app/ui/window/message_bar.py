"""A sentence above the canvas with at most one thing to do: what other programs put into a modal box."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from builder_app.ui.theme import GAP, MARGIN

SECONDS_SHOWN = 12


class MessageBar(QWidget):
    """Hidden until `tell`; goes by itself where the sentence asks for nothing, and stays where it does."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = QLabel()
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._do = QPushButton()
        self._call: Callable[[], None] | None = None
        self._do.clicked.connect(self._clicked)
        close = QToolButton()
        close.setText("✕")
        close.setToolTip("Dismiss")
        close.setAccessibleName("Dismiss the message")
        close.clicked.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(MARGIN, GAP, GAP, GAP)
        row.setSpacing(GAP)
        row.addWidget(self._text, 1)
        row.addWidget(self._do)
        row.addWidget(close)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown, or was shown last."""
        return self._text.text()

    def tell(
        self, message: str, title: str = "", call: Callable[[], None] | None = None, *, stays: bool = False
    ) -> None:
        """Show a sentence, with a button `title` that runs `call` where there is one."""
        self._text.setText(message)
        self._do.setVisible(call is not None)
        self._do.setText(title)
        self._call = call
        self.show()
        if stays or call is not None:
            self._timer.stop()
        else:
            self._timer.start(SECONDS_SHOWN * 1000)

    def _clicked(self) -> None:
        call, self._call = self._call, None
        self.hide()
        if call is not None:
            call()
