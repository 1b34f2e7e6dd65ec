"""Writing a frame's title or a sticky note's text where it stands on the canvas."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from builder_app.flow.edits import ChangeFrame, ChangeNote, Edit
from builder_app.flow.values import LogicFlow
from builder_app.ui.canvas.furniture import TITLE, Thing, is_there
from builder_app.ui.theme import CORNER_CONTROL, TEXT, text_font

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage

_NARROWEST: Final = 120
_SMALLEST_FONT: Final = 11
_PASSING: Final = {Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason}
_CONTROL: Final = Qt.KeyboardModifier.ControlModifier


class WordsEditor(QPlainTextEdit):
    """A field over the thing that is written on. Leaving it keeps the words, Escape takes them back.

    Enter keeps a title; in a note it begins a new line, and Ctrl+Enter keeps.
    """

    def __init__(self, view: "Stage") -> None:
        super().__init__(view)
        self._view = view
        self._thing: Thing | None = None
        self.setObjectName("WordsEditor")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hide()
        view.viewport_changed.connect(lambda *_where: self.keep())

    def open(self, thing: Thing) -> None:
        """Write on this frame or note; all of its words are selected."""
        self.keep()
        flow = self._view.canvas.picture.flow
        if not is_there(flow, thing):
            return
        self._thing = thing
        self.setAccessibleName("Title of the frame" if thing.is_frame else "Text of the note")
        wrap = QPlainTextEdit.LineWrapMode
        self.setLineWrapMode(wrap.NoWrap if thing.is_frame else wrap.WidgetWidth)
        self.setPlainText(words_of(flow, thing))
        self._lie_over(thing)
        self.selectAll()
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keep(self) -> None:
        """Close, and wish the words where they changed."""
        thing, words = self._thing, self.toPlainText()
        self._close()
        if thing is not None:
            edit = words_edit(self._view.canvas.picture.flow, thing, words)
            if edit is not None:
                self._view.request(edit)

    def _close(self) -> None:
        self._thing = None
        if self.hasFocus():
            self._view.setFocus(Qt.FocusReason.PopupFocusReason)
        self.hide()

    def _lie_over(self, thing: Thing) -> None:
        view = self._view
        zoom = max(view.zoom(), 0.01)
        font = text_font(max(round(TEXT * zoom), _SMALLEST_FONT), bold=thing.is_frame)
        self.setFont(font)
        color = view.canvas.inks.theme.colors
        self.setStyleSheet(
            f"#WordsEditor {{ background: {color['control']}; color: {color['text']}; font-size: {font.pixelSize()}px;"
            f" border: 1px solid {color['accent']}; border-radius: {CORNER_CONTROL}px; }}"
        )
        rect = view.canvas.things.rect_of(view.canvas.picture.flow, thing)
        if thing.is_frame:
            rect = QRectF(rect.left(), rect.top(), rect.width(), TITLE)
        box = view.viewportTransform().mapRect(rect).toAlignedRect().adjusted(2, 2, -2, -2)
        box.setWidth(max(box.width(), _NARROWEST))
        box.setHeight(max(box.height(), self.fontMetrics().height() + 12))
        self.setGeometry(box.translated(view.viewport().pos()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter, Ctrl+Enter and Escape end the writing."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        one_line = self._thing is not None and self._thing.is_frame
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        elif enter and (one_line or event.modifiers() & _CONTROL):
            self.keep()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Whoever clicks elsewhere has finished."""
        super().focusOutEvent(event)
        if event.reason() not in _PASSING:
            self.keep()


def words_of(flow: LogicFlow, thing: Thing) -> str:
    """A frame's title, a note's text."""
    return flow.frames[thing.id].title if thing.is_frame else flow.notes[thing.id].text


def words_edit(flow: LogicFlow, thing: Thing, words: str) -> Edit | None:
    """The edit that gives a frame or a note these words; None where it has them, or is gone."""
    if not is_there(flow, thing):
        return None
    if thing.is_frame:
        words = " ".join(words.split())
    if words == words_of(flow, thing):
        return None
    if thing.is_frame:
        return ChangeFrame(replace(flow.frames[thing.id], title=words))
    return ChangeNote(replace(flow.notes[thing.id], text=words))
