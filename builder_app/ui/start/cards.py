"""One card of the start page."""

from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from builder_app.ui.start.card_menu import CardWish, card_menu
from builder_app.ui.start.curve_picture import paint_curves
from builder_app.ui.start.faces import CardFace
from builder_app.ui.start.thumbnails import Thumbnails
from builder_app.ui.theme import CORNER, CORNER_CONTROL, GAP, GAP_GROUP, TEXT, TEXT_SMALL, Theme, elided, text_font

TEXT_HEIGHT: Final = 68
_PICTURE_SHARE: Final = 0.43
_PICTURE_HEIGHTS: Final = (112, 200)
_MENU: Final = 24


def picture_height(width: int) -> int:
    """How high the picture of a card of this width is."""
    low, high = _PICTURE_HEIGHTS
    return min(max(round(width * _PICTURE_SHARE), low), high)


def card_height(width: int) -> int:
    """How high a card of this width is."""
    return picture_height(width) + TEXT_HEIGHT


class Card(QAbstractButton):
    """One card: picture, name, lines. A click, Enter or Space chooses it; Delete or its menu asks to delete it."""

    chosen = Signal(str)
    delete_requested = Signal(str)
    wished = Signal(str, str)
    """A CardWish other than to open or to delete, and the card's id."""

    def __init__(self, face: CardFace, look: tuple[Theme, Thumbnails], parent: QWidget, *, can_delete: bool) -> None:
        super().__init__(parent)
        self.face = face
        self._theme, self._thumbnails = look
        self._can_delete = can_delete
        self._dots_pressed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        self._say()
        self.clicked.connect(lambda: self.chosen.emit(self.face.id))

    def show_face(self, face: CardFace) -> None:
        """Stand for another strategy, or for the same one as it is now."""
        if face != self.face:
            self.face = face
            self._say()
            self.update()

    def _say(self) -> None:
        face = self.face
        self.setAccessibleName(". ".join(part for part in (face.name, face.mark, *face.lines) if part))
        more = "; the Menu key shows what else can be done" if face.wishes else ""
        about = f"{face.tip}\n\n" if face.tip else ""
        self.setToolTip(f"{about}Open {face.name} (Enter){more}")

    def sizeHint(self) -> QSize:
        """As wide as the grid makes it."""
        return QSize(260, card_height(260))

    def set_theme(self, theme: Theme) -> None:
        """Take on another colour scheme."""
        self._theme = theme
        self.update()

    def menu(self) -> QMenu:
        """What can be done with the card."""
        return card_menu(self, self.face.wishes or (CardWish.OPEN,), self._do)

    def _do(self, wish: CardWish) -> None:
        if wish in (CardWish.OPEN, CardWish.USE):
            self.chosen.emit(self.face.id)
        elif wish is CardWish.DELETE:
            self.delete_requested.emit(self.face.id)
        else:
            self.wished.emit(wish, self.face.id)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Picture on the canvas's ground, the text below, one hairline around."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        shape = QPainterPath()
        shape.addRoundedRect(outline, CORNER, CORNER)
        over = self.underMouse()
        painter.fillPath(shape, self._theme.color("control" if over else "panel"))
        painter.save()
        painter.setClipPath(shape)
        painter.fillRect(QRectF(0, 0, self.width(), picture_height(self.width())), self._theme.color("canvas"))
        thumbnail = self._thumbnails.of(self, self.face.flow, QSize(self.width(), picture_height(self.width())))
        if thumbnail is not None:
            painter.drawPixmap(0, 0, thumbnail)
        if self.face.curve:
            ground = QRectF(0, 0, self.width(), picture_height(self.width()))
            paint_curves(painter, ground, self._theme, (self.face.curve, self.face.benchmark))
        painter.restore()
        self._paint_text(painter)
        if self.face.wishes and (over or self.hasFocus()):
            self._paint_menu_dots(painter)
        focused = self.hasFocus()
        painter.setPen(QPen(self._theme.color("accent" if focused else "hairline"), 2.0 if focused else 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(shape)
        painter.end()

    def _paint_text(self, painter: QPainter) -> None:
        left, width, top = GAP_GROUP, self.width() - 2 * GAP_GROUP, picture_height(self.width()) + GAP
        mark_width = 0.0
        if self.face.mark:
            mark_font = text_font(TEXT_SMALL)
            mark_width = QFontMetricsF(mark_font).horizontalAdvance(self.face.mark) + GAP
            painter.setFont(mark_font)
            painter.setPen(self._theme.color("warning"))
            box = QRectF(left, top, width, 18)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.face.mark)
        name_font, line_font = text_font(TEXT, bold=True), text_font(TEXT_SMALL)
        painter.setFont(name_font)
        painter.setPen(self._theme.color("text"))
        name = elided(self.face.name, name_font, width - mark_width)
        painter.drawText(QRectF(left, top, width, 18), Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(line_font)
        below = QRectF(left, top + 20, width, TEXT_HEIGHT - GAP - 24)
        if len(self.face.lines) == 1:
            painter.setPen(self._theme.color("quiet_text"))
            painter.drawText(below, Qt.TextFlag.TextWordWrap, _two_lines(self.face.lines[0], width))
            return
        for row, line in enumerate(self.face.lines):
            painter.setPen(self._theme.color(self.face.line_color if row == 0 else "quiet_text"))
            box = QRectF(left, below.top() + row * 16, width, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, elided(line, line_font, width))

    def _menu_rect(self) -> QRectF:
        return QRectF(self.width() - _MENU - GAP, GAP, _MENU, _MENU)

    def _paint_menu_dots(self, painter: QPainter) -> None:
        box = self._menu_rect()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("panel"))
        painter.drawRoundedRect(box, CORNER_CONTROL, CORNER_CONTROL)
        painter.setBrush(self._theme.color("quiet_text"))
        for step in (-6.0, 0.0, 6.0):
            painter.drawEllipse(QRectF(box.center().x() + step - 1.5, box.center().y() - 1.5, 3.0, 3.0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The dots are pressed, or the card."""
        self._dots_pressed = bool(self.face.wishes) and self._menu_rect().contains(event.position())
        if not self._dots_pressed:
            super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The dots open the menu; anywhere else the card is clicked."""
        if not self._dots_pressed:
            super().mouseReleaseEvent(event)
        elif self._menu_rect().contains(event.position()):
            self.menu().popup(event.globalPosition().toPoint())
        self._dots_pressed = False

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """What can be done with the card; by key the menu opens below the dots."""
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        below = self.mapToGlobal(self._menu_rect().bottomLeft().toPoint())
        self.menu().popup(below if by_key else event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter opens, Delete asks to delete; arrows are the grid's."""
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        elif event.key() == Qt.Key.Key_F1 and CardWish.ABOUT in self.face.wishes:
            self.wished.emit(CardWish.ABOUT, self.face.id)
        elif event.key() == Qt.Key.Key_Delete and (self._can_delete or CardWish.DELETE in self.face.wishes):
            self.delete_requested.emit(self.face.id)
        elif event.key() == Qt.Key.Key_F2 and CardWish.RENAME in self.face.wishes:
            self.wished.emit(CardWish.RENAME, self.face.id)
        elif event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}:
            event.ignore()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be clicked."""
        super().enterEvent(event)
        self.update()


def _two_lines(text: str, width: float) -> str:
    """As much of the text as two wrapped lines hold, with … where it goes on."""
    font = text_font(TEXT_SMALL)
    metrics = QFontMetricsF(font)
    words, first = text.split(), ""
    while words and metrics.horizontalAdvance(f"{first} {words[0]}".strip()) <= width:
        first = f"{first} {words.pop(0)}".strip()
    if not first:
        return elided(text, font, width)
    return first + ("\n" + elided(" ".join(words), font, width) if words else "")
