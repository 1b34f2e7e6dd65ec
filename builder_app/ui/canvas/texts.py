"""Texts laid out once and drawn often."""

from functools import cache, lru_cache
from typing import Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QStaticText, QTransform

from builder_app.ui.theme import TEXT_SMALL, elided, text_font

_TEXT_FAR: Final = 9
"""Smaller than any text of the window: it stands for a title that would be 4 to 5 pixels high at this zoom."""


@cache
def ui_font(size: int, bold: bool = False) -> QFont:
    """The interface font at this size; painting asks for it too often to make it each time."""
    return text_font(size, bold=bold)


@lru_cache(maxsize=8192)
def text_width(text: str, size: int, bold: bool = False) -> float:
    """How wide `text` is in the interface font, in canvas units."""
    return QFontMetricsF(ui_font(size, bold)).horizontalAdvance(text)


@lru_cache(maxsize=16384)
def laid_out(text: str, size: int, bold: bool, width: float) -> QStaticText:
    """`text` in the interface font, cut with … at `width` pixels."""
    font = ui_font(size, bold)
    static = QStaticText(elided(text, font, width))
    static.setTextFormat(Qt.TextFormat.PlainText)
    static.setPerformanceHint(QStaticText.PerformanceHint.AggressiveCaching)
    static.prepare(QTransform(), font)
    return static


@lru_cache(maxsize=16384)
def far_title(title: str, width: float, lines: int) -> tuple[QFont, tuple[QStaticText, ...]]:
    """A title for a block seen from far away, within `width` pixels of the screen: in one line, or in up to `lines`.

    It is small where only the small size leaves the words whole.
    """
    for size in (TEXT_SMALL, _TEXT_FAR):
        for rows in _broken(title, lines):
            if all(text_width(row, size) <= width for row in rows):
                return ui_font(size), tuple(laid_out(row, size, False, width + 1) for row in rows)
    rows = _broken(title, lines)[-1]
    return ui_font(_TEXT_FAR), tuple(laid_out(row, _TEXT_FAR, False, width) for row in rows)


def _broken(title: str, lines: int) -> list[list[str]]:
    """The ways to break a title: whole, and where two lines fit, between the words that leave both most alike."""
    ways = [[title]]
    words = title.split()
    if lines > 1 and len(words) > 1:
        breaks = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
        ways.append(list(min(breaks, key=lambda pair: max(map(len, pair)))))
    return ways


def draw_left(painter: QPainter, static: QStaticText, x: float, middle: float) -> None:
    """Draw a text that starts at `x`, its middle at the height `middle`. The painter has the text's font and pen."""
    painter.drawStaticText(QPointF(x, middle - static.size().height() / 2), static)


def draw_right(painter: QPainter, static: QStaticText, x: float, middle: float) -> None:
    """Draw a text that ends at `x`."""
    size = static.size()
    painter.drawStaticText(QPointF(x - size.width(), middle - size.height() / 2), static)
