"""The read-only text of a program: line numbers, colours, lit lines of blocks, and marks on what just changed."""

from collections.abc import Iterator, Sequence
from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from builder_app.ui.code.changes import Replacement, lines_of, replacement, replacements
from builder_app.ui.code.colours import PythonColours
from builder_app.ui.code.words import Stretches, stretches
from builder_app.ui.stylesheet import blended, set_property
from builder_app.ui.theme import GAP, TEXT_SMALL, Theme, code_font

LIT_SHARE: Final = 0.12
"""How much accent the ground of a block's lines holds."""
CHANGED_SHARE: Final = 0.10
"""How much of the warning colour the ground of a line that just changed holds."""
MARK_MILLISECONDS: Final = 1500
MOST_RUNS: Final = 40
"""Where more runs of lines than this differ, everything from the first to the last of them is exchanged in one go."""


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
        runs = replacements(self._lines, after)
        if not runs:
            return
        first_time, found = not self._lines, stretches(after)
        changed = frozenset() if first_time else lines_of(runs, len(after))
        if first_time:
            self._colours.take_all(found)
            self.setPlainText(source)
        else:
            self._exchange_all(runs, after, found)
        self._lines = after
        for line in self._colours.take_all(found):
            self._colours.rehighlightBlock(self.document().findBlockByNumber(line))
        self._mark(changed)

    def light_lines(self, lines: frozenset[int]) -> None:
        """Light these 1-based lines; the first of them is brought into view where none is."""
        if lines == self._lit:
            return
        self._lit = lines
        self._update_grounds()
        if lines and lines.isdisjoint(self._visible_lines()):
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
        self._update_grounds()

    def numbers_width(self) -> int:
        """Room for the line numbers, in pixels: at least three digits."""
        digits = max(3, len(str(self.blockCount())))
        return GAP + self.fontMetrics().horizontalAdvance("9") * digits + GAP

    def paintEvent(self, event: QPaintEvent) -> None:
        """The grounds of lit and of changed lines lie below the text; only lines in view are looked at."""
        if self._lit or self._changed:
            self._paint_grounds()
        super().paintEvent(event)

    def paint_numbers(self, event: QPaintEvent) -> None:
        """Draw the numbers of the visible lines; lit lines have an accent band beside theirs."""
        painter = QPainter(self._numbers)
        painter.fillRect(event.rect(), self._theme.color("panel"))
        painter.setFont(code_font(TEXT_SMALL))
        for line, top, height in self._lines_in_view():
            lit = line in self._lit
            place = QRect(0, top, self._numbers.width() - GAP, height)
            painter.setPen(self._theme.color("text" if lit else "quiet_text"))
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(line))
            if lit:
                painter.fillRect(QRect(0, top, 2, height), self._theme.color("accent"))
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

    def _exchange_all(self, runs: Sequence[Replacement], after: Sequence[str], found: Sequence[Stretches]) -> None:
        """From the bottom to the top, so that what is still to be exchanged keeps its place."""
        bar, sideways = self.verticalScrollBar(), self.horizontalScrollBar()
        top, left = bar.value(), sideways.value()
        whole = replacement(self._lines, after) if len(runs) > MOST_RUNS else None
        runs = (whole,) if whole is not None else runs
        grown = [len(run.lines) - (run.last - run.first) for run in runs]
        new_first = [run.first + sum(grown[:place]) for place, run in enumerate(runs)]
        for run, first in zip(reversed(runs), reversed(new_first), strict=True):
            self._colours.take_lines(run, found[first : first + len(run.lines)])
            self._exchange(run)
        bar.setValue(top + sum(more for run, more in zip(runs, grown, strict=True) if run.last <= top))
        sideways.setValue(left)

    def _exchange(self, run: Replacement) -> None:
        first, last, lines = run
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
        self._update_grounds()
        if lines:
            self._marks.start()

    def _clear_marks(self) -> None:
        self._changed = frozenset()
        self._update_grounds()

    def _update_grounds(self) -> None:
        self.viewport().update()
        self._numbers.update()

    def _paint_grounds(self) -> None:
        panel = self._theme.color("panel")
        lit = blended(self._theme.color("accent"), panel, LIT_SHARE)
        changed = blended(self._theme.color("warning"), panel, CHANGED_SHARE)
        painter = QPainter(self.viewport())
        for line, top, height in self._lines_in_view():
            if line in self._changed or line in self._lit:
                color = changed if line in self._changed else lit
                painter.fillRect(QRect(0, top, self.viewport().width(), height), color)
        painter.end()

    def _lines_in_view(self) -> Iterator[tuple[int, int, int]]:
        """(1-based number, top, height) of the lines that can be seen, in pixels of the viewport."""
        block, bottom = self.firstVisibleBlock(), self.viewport().height()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        while block.isValid() and top <= bottom:
            height = self.blockBoundingRect(block).height()
            yield block.blockNumber() + 1, round(top), round(height)
            block, top = block.next(), top + height

    def _visible_lines(self) -> frozenset[int]:
        """The lines of which at least the middle can be seen."""
        view = self.viewport().height()
        return frozenset(line for line, top, height in self._lines_in_view() if 0 <= top + height // 2 < view)

    def _make_room(self, _count: int = 0) -> None:
        if self.viewportMargins().left() != self.numbers_width():
            self.setViewportMargins(self.numbers_width(), 0, 0, 0)

    def _scroll_numbers(self, area: QRect, down: int) -> None:
        if down:
            self._numbers.scroll(0, down)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())
