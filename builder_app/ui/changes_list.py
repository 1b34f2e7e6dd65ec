"""What was changed, a sentence a row: long ones are wrapped whole, behind the sign that says what happened."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from builder_app.flow.difference import Change, ChangeKind, summary
from builder_app.ui.theme import GAP, GAP_SMALL

SIGNS: Final = {ChangeKind.ADDED: "+", ChangeKind.REMOVED: "−", ChangeKind.CHANGED: "~"}
LISTED: Final = 300
"""More changes than these are not read one by one."""
_SIGN_WIDTH: Final = 20
_SIGN_LENGTH: Final = 3
_WRAPPED: Final = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop)


def summary_sentence(changes: Sequence[Change]) -> str:
    """How much was changed, as one whole sentence; there is at least one change."""
    said = summary(tuple(changes))
    return f"{said[:1].upper()}{said[1:]}."


class ChangesList(QListWidget):
    """Sentences about changes; nothing in it can be chosen."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(_WrappedSentence(self))
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QListWidget.SelectionMode.NoSelection)

    def show_changes(self, changes: Sequence[Change]) -> None:
        """Show these; the list is hidden where there are none."""
        self.clear()
        self.setVisible(bool(changes))
        for change in changes[:LISTED]:
            self._add(SIGNS[change.kind], change.text)
        if len(changes) > LISTED:
            self._add("…", f"and {len(changes) - LISTED:,} more.")

    def _add(self, sign: str, text: str) -> None:
        item = QListWidgetItem(f"{sign}  {text}")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
        self.addItem(item)


class _WrappedSentence(QStyledItemDelegate):
    """Draws the sign in a column of its own, and as many lines of the sentence as it has at this width."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """The room that the whole sentence needs."""
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListWidget) else option.rect.width()
        box = QFontMetrics(option.font).boundingRect(
            QRect(0, 0, max(width - _SIGN_WIDTH - GAP, 1), 1_000_000), _WRAPPED, _sentence(index)[1]
        )
        return QSize(width, box.height() + 2 * GAP_SMALL)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """The sign, quiet, and the sentence beside it."""
        sign, sentence = _sentence(index)
        rect = option.rect.adjusted(0, GAP_SMALL, -GAP, -GAP_SMALL)
        painter.save()
        painter.setFont(option.font)
        painter.setPen(option.palette.color(QPalette.ColorRole.PlaceholderText))
        painter.drawText(rect, _WRAPPED, sign)
        painter.setPen(option.palette.color(QPalette.ColorRole.WindowText))
        painter.drawText(rect.adjusted(_SIGN_WIDTH, 0, 0, 0), _WRAPPED, sentence)
        painter.restore()


def _sentence(index: QModelIndex | QPersistentModelIndex) -> tuple[str, str]:
    text = str(index.data(Qt.ItemDataRole.DisplayRole))
    return text[: _SIGN_LENGTH - 2], text[_SIGN_LENGTH:]
