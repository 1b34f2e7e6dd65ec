"""One problem as a row: icon and word of its severity, block, sentence, hint, and a button for the fix."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from builder_app.flow.problems import Problem
from builder_app.ui.problems.severity import SEVERITY_TOKENS, severity_icon, severity_word
from builder_app.ui.stylesheet import set_role
from builder_app.ui.theme import CORNER, GAP, GAP_SMALL, Theme


class ProblemRow(QFrame):
    """Shows one problem. A click, Return or Space on it asks for its block; the button asks for its fix.

    `card` rows stand alone in a panel (the inspector) on a ground of their own; others are lines of a list.
    """

    node_requested = Signal(str)
    fix_requested = Signal(object)
    step_requested = Signal(int)
    """Go on by so many rows (an arrow key)."""

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, card: bool = False) -> None:
        super().__init__(parent)
        self._theme = theme
        self._card = card
        self._hovered = False
        self.problem: Problem | None = None
        self._icon = QLabel(self)
        self._word = QLabel(self)
        self._block = QLabel(self)
        self._message = QLabel(self)
        self._hint = QLabel(self)
        self._fix = QPushButton(self)
        self._build()
        self._fix.clicked.connect(self._request_fix)

    def _build(self) -> None:
        set_role(self._block, "quiet")
        set_role(self._hint, "quiet")
        for label in (self._message, self._hint):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self._block.setTextFormat(Qt.TextFormat.PlainText)
        self._block.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self._word)
        head.addWidget(self._block, 1)
        words = QVBoxLayout()
        words.setSpacing(GAP_SMALL // 2)
        words.addLayout(head)
        words.addWidget(self._message)
        words.addWidget(self._hint)
        if self._card:
            words.addSpacing(GAP_SMALL // 2)
            words.addWidget(self._fix, 0, Qt.AlignmentFlag.AlignLeft)
        line = QHBoxLayout(self)
        line.setContentsMargins(GAP, GAP, GAP, GAP)
        line.setSpacing(GAP)
        line.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        line.addLayout(words, 1)
        if not self._card:
            line.addWidget(self._fix, 0, Qt.AlignmentFlag.AlignVCenter)
        if not self._card:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def block(self) -> str:
        """What the problem's block is called; empty: the whole strategy."""
        return self._block.text()

    @property
    def fix_button(self) -> QPushButton:
        """The button that asks for the fix; hidden where there is none."""
        return self._fix

    def show_problem(self, problem: Problem, block: str) -> None:
        """Show this problem of the block called `block` (empty: of the whole strategy)."""
        self.problem = problem
        word = severity_word(problem.severity)
        self._icon.setPixmap(severity_icon(problem.severity, self._theme).pixmap(QSize(16, 16)))
        self._word.setText(word)
        self._block.setText(block)
        self._message.setText(problem.message)
        self._hint.setText(problem.hint)
        self._hint.setVisible(bool(problem.hint))
        self._fix.setText(problem.fix_title or "Fix")
        self._fix.setToolTip("Apply this fix; it can be undone (Ctrl+Z).")
        self._fix.setVisible(problem.fix is not None)
        self.setAccessibleName(
            " ".join(filter(None, (f"{word}.", block and f"{block}:", problem.message, problem.hint)))
        )
        if not self._card:
            self.setToolTip("Show the block in the picture (Return)" if problem.node else "")

    def clear(self) -> None:
        """Say nothing, until another problem is shown."""
        self.problem = None
        for label in (self._block, self._message, self._hint):
            label.clear()

    def set_theme(self, theme: Theme) -> None:
        """Draw the row in another scheme."""
        self._theme = theme
        if self.problem is not None:
            self.show_problem(self.problem, self._block.text())
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the problem's block."""
        if event.button() is Qt.MouseButton.LeftButton and not self._card:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._request_node()
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Space choose the problem's block; arrows go to the next row."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None and not self._card:
            self.step_requested.emit(step)
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not self._card:
            self._request_node()
            return
        super().keyPressEvent(event)

    def enterEvent(self, _event: object) -> None:
        """Light the row up."""
        self._hovered = True
        self.update()

    def leaveEvent(self, _event: object) -> None:
        """Let the row go dark."""
        self._hovered = False
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The row's ground, and the ring of the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._card or self._hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("control"))
            painter.drawRoundedRect(self.rect(), CORNER, CORNER)
        if self._card and self.problem is not None:
            band: QColor = self._theme.color(SEVERITY_TOKENS[self.problem.severity])
            painter.fillRect(0, CORNER, 2, self.height() - 2 * CORNER, band)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(self._theme.color("accent"))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), CORNER, CORNER)
        painter.end()

    def _request_node(self) -> None:
        if self.problem is not None and self.problem.node is not None:
            self.node_requested.emit(self.problem.node)

    def _request_fix(self) -> None:
        if self.problem is not None and self.problem.fix is not None:
            self.fix_requested.emit(self.problem.fix)
