"""The read-only text of a program: line numbers, colours, lit lines of blocks, and marks on what just changed."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from builder_app.ui.code.changes import Replacement, changed_lines, replacement
from builder_app.ui.code.words import Stretch, stretches
from builder_app.ui.stylesheet import blended, set_property
from builder_app.ui.theme import GAP, TEXT_SMALL, Theme, code_font

LIT_SHARE: Final = 0.12
"""How much accent the ground of a block's lines holds."""
CHANGED_SHARE: Final = 0.10
"""How much of the warning colour the ground of a line that just changed holds."""
MARK_MILLISECONDS: Final = 1500
_TOKENS: Final = ("code_keyword", "code_string", "code_number", "code_comment", "code_name")


class PythonColours(QSyntaxHighlighter):
    """Colours the document by stretches that were found in the whole text at once (strings may span lines)."""

    def __init__(self, document: QTextDocument, theme: Theme) -> None:
        super().__init__(document)
        self._found: dict[int, list[Stretch]] = {}
        self._formats: dict[str, QTextCharFormat] = {}
        self.take_theme(theme)

    def take_theme(self, theme: Theme) -> None:
        """Use another scheme's colours from the next `rehighlight` on."""
        for token in _TOKENS:
            form = QTextCharFormat()
            form.setForeground(theme.color(token))
            self._formats[token] = form

    def take_source(self, source: str, run: Replacement) -> frozenset[int]:
        """Learn the text that the document is about to hold, and by which exchange of lines; the answer is the lines
        beside the exchanged ones whose colours changed (Qt itself asks for those of new lines). A line behind the
        exchange keeps its colours on the way to its new number."""
        grown = len(run.lines) - (run.last - run.first)
        stayed = {line: kept for line, kept in self._found.items() if line <= run.first or line > run.last}
        before = {line if line <= run.first else line + grown: kept for line, kept in stayed.items()}
        self._found = stretches(source)
        lines = before.keys() | self._found.keys()
        differing = {line for line in lines if before.get(line) != self._found.get(line)}
        return frozenset(differing.difference(range(run.first + 1, run.first + len(run.lines) + 1)))

    def highlightBlock(self, _text: str) -> None:
        """Called by Qt for each line."""
        for start, length, token in self._found.get(self.currentBlock().blockNumber() + 1, ()):
            self.setFormat(start, length, self._formats[token])


class _LineNumbers(QWidget):
    def __init__(self, editor: "ProgramText") -> None:
        super().__init__(editor)
        self._editor = editor

    def sizeHint(self) -> QSize:
        return QSize(self._editor.numbers_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._editor.paint_numbers(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._editor.click_at(round(event.position().y()))


class ProgramText(QPlainTextEdit):
    """Shows text that changes by itself; the reader's place in it stays."""

    line_clicked = Signal(int)
    """The 1-based line that was clicked, or on which Return was pressed."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lines: list[str] = []
        self._lit: frozenset[int] = frozenset()
        self._changed: frozenset[int] = frozenset()
        self._numbers = _LineNumbers(self)
        self._colours = PythonColours(self.document(), theme)
        self._marks = QTimer(self, singleShot=True, interval=MARK_MILLISECONDS)
        self._marks.timeout.connect(self._clear_marks)
        self.setFont(code_font())
        set_property(self, "role", "page")
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setAccessibleName("Generated Python")
        self.document().setDocumentMargin(GAP // 2)
        self.blockCountChanged.connect(self._make_room)
        self.updateRequest.connect(self._scroll_numbers)
        self._make_room()

    @property
    def source(self) -> str:
        """The text that is shown."""
        return "\n".join(self._lines)

    @property
    def lit_lines(self) -> frozenset[int]:
        """The 1-based lines that are lit as those of chosen blocks."""
        return self._lit

    @property
    def marked_lines(self) -> frozenset[int]:
        """The 1-based lines that are marked as just changed."""
        return self._changed

    def show_source(self, source: str) -> None:
        """Exchange only the lines that differ; what the reader looks at stays where it is."""
        after = source.split("\n")
        run = replacement(self._lines, after)
        if run is None:
            return
        first_time = not self._lines
        changed = frozenset() if first_time else changed_lines(self._lines, after)
        recolour = self._colours.take_source(source, run)
        bar, sideways = self.verticalScrollBar(), self.horizontalScrollBar()
        top, left = bar.value(), sideways.value()
        if first_time:
            self.setPlainText(source)
        else:
            self._exchange(run.first, run.last, run.lines)
            grown = len(run.lines) - (run.last - run.first)
            bar.setValue(top + grown if run.last <= top else top)
            sideways.setValue(left)
        self._lines = after
        for line in recolour:
            self._colours.rehighlightBlock(self.document().findBlockByNumber(line - 1))
        self._mark(changed)

    def light_lines(self, lines: frozenset[int]) -> None:
        """Light these 1-based lines; the first of them is brought into view where none is."""
        if lines == self._lit:
            return
        self._lit = lines
        self._paint_grounds()
        if lines and not any(self._is_visible(line) for line in lines):
            self.show_line(min(lines))

    def show_line(self, line: int) -> None:
        """Scroll so that this 1-based line is in the middle."""
        block = self.document().findBlockByNumber(line - 1)
        if block.isValid():
            self.setTextCursor(QTextCursor(block))
            self.centerCursor()

    def set_theme(self, theme: Theme) -> None:
        """Draw the text in another scheme."""
        if theme == self._theme:
            return
        self._theme = theme
        self._colours.take_theme(theme)
        self._colours.rehighlight()
        self._paint_grounds()

    def numbers_width(self) -> int:
        """Room for the line numbers, in pixels: at least three digits."""
        digits = max(3, len(str(self.blockCount())))
        return GAP + self.fontMetrics().horizontalAdvance("9") * digits + GAP

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Draw the numbers of the visible lines; lit lines have an accent band beside theirs."""
        painter = QPainter(self._numbers)
        painter.fillRect(event.rect(), self._theme.color("panel"))
        painter.setFont(code_font(TEXT_SMALL))
        block = self.firstVisibleBlock()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= event.rect().bottom():
            height = self.blockBoundingRect(block).height()
            line = block.blockNumber() + 1
            lit = line in self._lit
            place = QRect(0, round(top), self._numbers.width() - GAP, round(height))
            painter.setPen(self._theme.color("text" if lit else "quiet_text"))
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line))
            if lit:
                painter.fillRect(QRect(0, round(top), 2, round(height)), self._theme.color("accent"))
            block, top = block.next(), top + height
        painter.end()

    def click_at(self, y: int) -> None:
        """Say which line is at this height of the viewport."""
        self.line_clicked.emit(self.cursorForPosition(QPoint(0, y)).blockNumber() + 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click that selects no text is a click on its line."""
        super().mouseReleaseEvent(event)
        if event.button() is Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self.click_at(round(event.position().y()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return is a click on the line of the cursor."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.line_clicked.emit(self.textCursor().blockNumber() + 1)
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The numbers stand along the left edge."""
        super().resizeEvent(event)
        area = self.contentsRect()
        self._numbers.setGeometry(area.left(), area.top(), self.numbers_width(), area.height())

    def _exchange(self, first: int, last: int, lines: Sequence[str]) -> None:
        document = self.document()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        at_end = last >= document.blockCount()
        start = document.findBlockByNumber(first)
        if start.isValid():
            cursor.setPosition(start.position())
            text = "\n".join(lines) if at_end else "".join(f"{line}\n" for line in lines)
        else:
            cursor.movePosition(QTextCursor.MoveOperation.End)
            text = "".join(f"\n{line}" for line in lines)
        if at_end:
            cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        else:
            cursor.setPosition(document.findBlockByNumber(last).position(), QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)
        if at_end and not lines and first > 0:
            cursor.deletePreviousChar()
        cursor.endEditBlock()

    def _mark(self, lines: frozenset[int]) -> None:
        self._changed = lines
        self._paint_grounds()
        if lines:
            self._marks.start()

    def _clear_marks(self) -> None:
        self._changed = frozenset()
        self._paint_grounds()

    def _paint_grounds(self) -> None:
        panel = self._theme.color("panel")
        lit = blended(self._theme.color("accent"), panel, LIT_SHARE)
        changed = blended(self._theme.color("warning"), panel, CHANGED_SHARE)
        grounds = [self._ground(line, lit) for line in sorted(self._lit)]
        grounds += [self._ground(line, changed) for line in sorted(self._changed)]
        self.setExtraSelections(grounds)
        self._numbers.update()

    def _ground(self, line: int, color: QColor) -> QTextEdit.ExtraSelection:
        ground = QTextEdit.ExtraSelection()
        ground.cursor = QTextCursor(self.document().findBlockByNumber(line - 1))
        form = QTextCharFormat()
        form.setBackground(color)
        form.setProperty(QTextFormat.Property.FullWidthSelection, True)
        ground.format = form
        return ground

    def _is_visible(self, line: int) -> bool:
        block = self.document().findBlockByNumber(line - 1)
        place = self.blockBoundingGeometry(block).translated(self.contentOffset())
        return self.viewport().rect().contains(0, round(place.center().y()))

    def _make_room(self, _count: int = 0) -> None:
        self.setViewportMargins(self.numbers_width(), 0, 0, 0)

    def _scroll_numbers(self, area: QRect, down: int) -> None:
        if down:
            self._numbers.scroll(0, down)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())
