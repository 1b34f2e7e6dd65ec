"""How a block is painted at the zooms where it can be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from builder_app.flow.problems import Severity
from builder_app.flow.values import PortType
from builder_app.ui.canvas.inks import Inks, mix
from builder_app.ui.canvas.node_face import (
    BADGE,
    BAND,
    HALO,
    SIDE,
    SPARKLINE,
    TEXT_LEFT,
    NodeFace,
    PortFace,
)
from builder_app.ui.canvas.shapes import PORT_RADIUS, paint_icon, port_shape
from builder_app.ui.canvas.texts import draw_left, draw_right, laid_out, ui_font
from builder_app.ui.theme import CORNER, TEXT, TEXT_SMALL

PortKey = tuple[str, bool]
"""A port's name and whether it is an input."""
_TITLE_MIDDLE: Final = 19.0
_QUIET_MIDDLE: Final = 36.0
_OUTLINE: Final = 1.75
MUTED: Final = 0.5
"""How much of a muted block is seen."""
STACKED: Final = 4.0
"""How far each of the two edges behind a group stands out to the right and below."""


@dataclass(slots=True)
class NodeState:
    """What the eye sees on a block beside its face."""

    selected: bool = False
    wired: frozenset[PortKey] = frozenset()
    hovered_port: PortKey | None = None
    badge: Severity | None = None
    ports_in_trouble: Mapping[PortKey, Severity] = field(default_factory=dict)
    sparkline: QPainterPath | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    """Outputs' values at the charts' cursor, written in the place of their names."""
    cursor: float | None = None
    """Where the cursor is in the sparkline, as a share of its width."""
    fits: Callable[[PortKey], bool] | None = None
    """While a wire is pulled: whether a port of this block may take it."""


def paint_node(painter: QPainter, face: NodeFace, state: NodeState, inks: Inks) -> None:
    """Paint the block with its top left corner at (0, 0). Of a muted one all but words and badge is half clear."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    whole = painter.opacity()
    dim = whole * MUTED if face.muted else whole
    painter.setOpacity(dim)
    _paint_body(painter, face, state, inks)
    painter.setOpacity(whole)
    _paint_texts(painter, face, state, inks)
    painter.setOpacity(dim)
    if state.sparkline is not None and not face.collapsed:
        painter.setPen(QPen(inks.node_types[face.node_type], 1.25))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(state.sparkline)
        if state.cursor is not None:
            box = sparkline_box(face)
            x = box.left() + state.cursor * box.width()
            painter.setPen(QPen(inks.text, 1.0))
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
    # Where all ports of a side are in one place, those that are wired are seen.
    by_wires = (
        sorted(face.ports, key=lambda port: (port.name, port.is_input) in state.wired) if face.collapsed else face.ports
    )
    for port in by_wires:
        _paint_port(painter, port, state, inks)
    painter.setOpacity(whole)
    if state.badge is not None:
        paint_badge(painter, badge_rect(face), state.badge, inks)


def badge_rect(face: NodeFace) -> QRectF:
    """Where the problem badge is: on the top right corner."""
    return QRectF(face.width - BADGE * 0.75, -BADGE * 0.4, BADGE, BADGE)


def sparkline_box(face: NodeFace) -> QRectF:
    """Where the sparkline is: along the bottom."""
    return QRectF(SIDE + BAND, face.height - SPARKLINE - SIDE, face.width - 2 * SIDE - BAND, SPARKLINE)


def value_words(value: float, type: PortType | None = None) -> str:
    """A value as short as can be: yes or no, else a figure to four digits where they say something."""
    if type is PortType.BOOLEAN:
        return "yes" if value else "no"
    size = abs(value)
    places = 0 if value == round(value) else 2 if size >= 1.0 else 4
    text = f"{value:,.{places}f}" if size >= 0.001 or size == 0.0 else f"{value:.2e}"
    return text.replace("-", "−")


def _paint_body(painter: QPainter, face: NodeFace, state: NodeState, inks: Inks) -> None:
    color = inks.node_types[face.node_type]
    outline = inks.dashed_pen if face.muted or not face.known else inks.hairline_pen
    painter.setBrush(inks.body)
    if face.is_group:  # blocks behind the block: it stands for several
        painter.setPen(QPen(inks.quiet_text, 1))
        for behind in (2 * STACKED, STACKED):
            painter.drawRoundedRect(face.rect.adjusted(0.5, 0.5, -0.5, -0.5).translated(behind, behind), CORNER, CORNER)
    painter.setPen(outline)
    painter.drawRoundedRect(face.rect.adjusted(0.5, 0.5, -0.5, -0.5), CORNER, CORNER)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawPath(_band(face.height))
    if state.selected:
        painter.setPen(inks.selected_pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(face.rect.adjusted(-1, -1, 1, 1), CORNER + 1, CORNER + 1)
    paint_icon(painter, face.node_type, QPointF(BAND + 8, _TITLE_MIDDLE - 8), color)


@cache
def _band(height: float) -> QPainterPath:
    """The band along the left edge, its outer corners as round as the block's."""
    path = QPainterPath(QPointF(BAND, 0.35))
    path.cubicTo(1.6, 0.9, 0, 3, 0, CORNER)
    path.lineTo(0, height - CORNER)
    path.cubicTo(0, height - 3, 1.6, height - 0.9, BAND, height - 0.35)
    path.closeSubpath()
    return path


def _paint_texts(painter: QPainter, face: NodeFace, state: NodeState, inks: Inks) -> None:
    right = SIDE if state.badge is None else BADGE
    loud = inks.quiet_text if face.muted else inks.text
    painter.setFont(ui_font(TEXT, True))
    painter.setPen(loud)
    title = laid_out(face.title, TEXT, True, face.width - TEXT_LEFT - right)
    draw_left(painter, title, TEXT_LEFT, _TITLE_MIDDLE)
    if face.collapsed:
        return
    painter.setFont(ui_font(TEXT_SMALL))
    painter.setPen(inks.quiet_text)
    if face.subtitle:
        quiet = laid_out(face.subtitle, TEXT_SMALL, False, face.width - TEXT_LEFT - SIDE)
        draw_left(painter, quiet, TEXT_LEFT, _QUIET_MIDDLE)
    for port in face.ports:
        name = laid_out(port.title, TEXT_SMALL, False, _name_width(face, port) + 1)
        if port.is_input:
            draw_left(painter, name, SIDE, port.place.y())
        elif port.name in state.values:
            painter.setFont(ui_font(TEXT_SMALL, True))
            painter.setPen(loud)
            value = laid_out(state.values[port.name], TEXT_SMALL, True, _name_width(face, port) + 1)
            draw_right(painter, value, face.width - SIDE, port.place.y())
            painter.setFont(ui_font(TEXT_SMALL))
            painter.setPen(inks.quiet_text)
        else:
            draw_right(painter, name, face.width - SIDE, port.place.y())


def _name_width(face: NodeFace, port: PortFace) -> float:
    """The room for a port's name: what the name across leaves, but half of the row at least."""
    row = face.width - 3 * SIDE
    across = next((other for other in face.ports if other.place.y() == port.place.y() and other is not port), None)
    return row if across is None else max(row / 2, row - across.text_width)


def _paint_port(painter: QPainter, port: PortFace, state: NodeState, inks: Inks) -> None:
    key = (port.name, port.is_input)
    color = inks.ports[port.type]
    wired = key in state.wired
    lit = state.fits is not None and state.fits(key)
    if state.fits is not None and not lit:
        color = mix(inks.body, color, 0.3)
    trouble = state.ports_in_trouble.get(key)
    painter.setPen(Qt.PenStyle.NoPen)
    if key == state.hovered_port or lit:
        halo = QColor(color)
        halo.setAlphaF(0.32 if key == state.hovered_port else 0.2)
        painter.setBrush(halo)
        radius = HALO if key == state.hovered_port else HALO - 3
        painter.drawEllipse(port.place, radius, radius)
    paint_port_shape(painter, port.place, port.type, color, None if wired else inks.body)
    if trouble is not None and state.fits is None:
        painter.setPen(QPen(inks.severities[trouble], 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(port.place, PORT_RADIUS + 4, PORT_RADIUS + 4)


def paint_port_shape(
    painter: QPainter, at: QPointF, type: PortType | None, color: QColor, hollow: QColor | None = None
) -> None:
    """Draw a port around `at`, filled; or, in the colour `hollow` inside, only its outline."""
    # Two filled shapes, one in the other: stroking an outline costs Qt three times as much.
    painter.setPen(Qt.PenStyle.NoPen)
    painter.translate(at)
    painter.setBrush(color)
    painter.drawPath(port_shape(type, PORT_RADIUS + _OUTLINE / 2))
    if hollow is not None:
        painter.setBrush(hollow)
        painter.drawPath(port_shape(type, PORT_RADIUS - _OUTLINE / 2))
    painter.translate(-at)


def paint_badge(painter: QPainter, rect: QRectF, severity: Severity, inks: Inks) -> None:
    """Draw a problem's badge: a disc for an error, a triangle for a warning, a ring for a remark."""
    color = inks.severities[severity]
    middle = rect.center()
    painter.setPen(QPen(inks.canvas, 1.5))
    painter.setBrush(color)
    mark = inks.canvas
    match severity:
        case Severity.ERROR:
            painter.drawEllipse(middle, BADGE / 2, BADGE / 2)
        case Severity.WARNING:
            path = QPainterPath(QPointF(middle.x(), rect.top() - 1))
            path.lineTo(rect.right() + 1, rect.bottom() - 1)
            path.lineTo(rect.left() - 1, rect.bottom() - 1)
            path.closeSubpath()
            painter.drawPath(path)
        case Severity.REMARK:
            painter.setBrush(inks.body)
            painter.setPen(QPen(color, 1.5))
            painter.drawEllipse(middle, BADGE / 2 - 1, BADGE / 2 - 1)
            mark = color
    pen = QPen(mark, 1.75)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    top = middle.y() - (1.8 if severity is Severity.WARNING else 3.6)
    painter.drawLine(QPointF(middle.x(), top), QPointF(middle.x(), top + 3.6))
    painter.drawPoint(QPointF(middle.x(), top + 6.6))
