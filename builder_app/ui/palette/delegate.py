"""How a block is drawn in a list: its type's band and icon, its name, and quietly what group it is of."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import NodeType
from builder_app.ui.canvas.shapes import ICON_SIZE, paint_icon
from builder_app.ui.palette.groups import GROUP_TITLES
from builder_app.ui.stylesheet import blended, selection_ground
from builder_app.ui.theme import CORNER_CONTROL, GAP, TEXT, TEXT_SMALL, Theme, elided, text_font

TEMPLATE_ROLE: Final = int(Qt.ItemDataRole.UserRole)
"""The NodeTemplate of a block's row."""
GROUP_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 1
"""The NodeType of a group's row, with a slash and the category for a group inside it; other words for other groups."""
MARK_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 2
"""Words that stand quietly at the right end of a block's row; nothing for most."""
COUNT_ROLE: Final = int(Qt.ItemDataRole.UserRole) + 3
"""How many blocks are in a group, those in its categories too."""
OWN: Final = "yours"
OWN_SHARED: Final = "yours, shared"
"""The marks of blocks that the user made."""
ROW_HEIGHT: Final = 28
GROUP_HEIGHT: Final = 32
_BAND: Final = 4
_TITLE_SHARE: Final = 0.3
_STEP: Final = 2 * GAP
"""How far a group inside a group, and its blocks, stand to the right."""


class BlockDelegate(QStyledItemDelegate):
    """Paints rows of blocks and of their groups."""

    def __init__(self, theme: Theme, parent: QWidget, says_group: bool = False) -> None:
        super().__init__(parent)
        self.theme = theme
        self._says_group = says_group

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Rows of one height; groups a little higher."""
        del option
        is_block = isinstance(index.data(TEMPLATE_ROLE), NodeTemplate)
        return QSize(120, ROW_HEIGHT if is_block else GROUP_HEIGHT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one row."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect = QRectF(option.rect)
        state = option.state
        template = index.data(TEMPLATE_ROLE)
        self._paint_ground(painter, rect, state)
        if isinstance(template, NodeTemplate):
            mark = index.data(MARK_ROLE)
            words = [GROUP_TITLES[template.node_type]] if self._says_group else []
            words += [mark] if isinstance(mark, str) else []
            self._paint_block(painter, rect.adjusted(_depth(index, 1) * _STEP, 0, 0, 0), template, ", ".join(words))
        else:
            expanded = bool(state & QStyle.StateFlag.State_Open)
            self._paint_group(painter, rect.adjusted(_depth(index, 0) * _STEP, 0, 0, 0), index, expanded)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRectF, state: QStyle.StateFlag) -> None:
        inside = rect.adjusted(GAP / 2, 1, -GAP / 2, -1)
        selected = bool(state & QStyle.StateFlag.State_Selected)
        if selected or state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(selection_ground(self.theme) if selected else self.theme.color("control_hover"))
            painter.drawRoundedRect(inside, CORNER_CONTROL, CORNER_CONTROL)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(self.theme.color("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inside.adjusted(0.5, 0.5, -0.5, -0.5), CORNER_CONTROL, CORNER_CONTROL)

    def _paint_block(self, painter: QPainter, rect: QRectF, template: NodeTemplate, words: str) -> None:
        color = self.theme.color(template.node_type.value)
        middle = rect.center().y()
        left = rect.left() + 2 * GAP
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(QRectF(left, middle - 8, _BAND, 16), 2, 2)
        paint_icon(painter, template.node_type, QPointF(left + _BAND + GAP, middle - ICON_SIZE / 2), color)
        text = rect.adjusted(2 * GAP + _BAND + GAP + ICON_SIZE + GAP, 0, -GAP - 4, 0)
        if words:
            text.setRight(self._paint_right(painter, text, words) - GAP)
        font = text_font(TEXT)
        painter.setFont(font)
        painter.setPen(self.theme.color("text"))
        painter.drawText(text, _LEFT, elided(template.display_name, font, text.width()))

    def _paint_group(
        self, painter: QPainter, rect: QRectF, index: QModelIndex | QPersistentModelIndex, expanded: bool
    ) -> None:
        group = index.data(GROUP_ROLE)
        painter.setPen(self.theme.color("quiet_text"))
        middle = rect.center().y()
        left = rect.left() + GAP + 4
        arrow = (
            [QPointF(left, middle - 2), QPointF(left + 4, middle + 2), QPointF(left + 8, middle - 2)]
            if expanded
            else [QPointF(left + 2, middle - 4), QPointF(left + 6, middle), QPointF(left + 2, middle + 4)]
        )
        painter.drawPolyline(arrow)
        text = rect.adjusted(GAP + 4 + 2 * GAP, 0, -GAP - 4, 0)
        text.setRight(self._paint_right(painter, text, str(index.data(COUNT_ROLE))) - GAP)
        font = text_font(TEXT_SMALL, bold=True)
        painter.setFont(font)
        type, inner, _ = str(group).partition("/")
        is_type = type in set(NodeType)
        loud = self.theme.color("text") if inner else title_ink(self.theme, type) if is_type else None
        painter.setPen(loud if loud is not None else self.theme.color("quiet_text"))
        painter.drawText(text, _LEFT, elided(str(index.data()), font, text.width()))

    def _paint_right(self, painter: QPainter, rect: QRectF, words: str) -> float:
        """Paint quiet words at the right end; where they begin."""
        painter.setFont(text_font(TEXT_SMALL))
        painter.setPen(self.theme.color("quiet_text"))
        painter.drawText(rect, _RIGHT, words)
        return rect.right() - painter.fontMetrics().horizontalAdvance(words)


def title_ink(theme: Theme, type: str) -> QColor:
    """The colour of a type, nearer to the text's: as a title on a panel it can be read in either scheme."""
    return blended(theme.color("text"), theme.color(type), _TITLE_SHARE)


_LEFT: Final = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
_RIGHT: Final = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


def _depth(index: QModelIndex | QPersistentModelIndex, own: int) -> int:
    """How many groups stand around a row beyond those of its kind (`own`)."""
    depth, parent = 0, index.parent()
    while parent.isValid():
        depth, parent = depth + 1, parent.parent()
    return max(depth - own, 0)
