"""The look as tokens: colours by name from a theme file, and the few sizes of the grid."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPalette

GAP_SMALL: Final = 4
GAP: Final = 8
GAP_GROUP: Final = 12
MARGIN: Final = 16
CORNER: Final = 6
CORNER_CONTROL: Final = 4
TEXT_SMALL: Final = 11
TEXT: Final = 13
TEXT_LARGE: Final = 18


@dataclass(frozen=True, slots=True)
class Theme:
    """One colour scheme, "dark" or "light". Text and shapes ask for colours by token, never by literal."""

    scheme: str
    colors: Mapping[str, str]

    def color(self, token: str, opacity: float = 1.0) -> QColor:
        """The token's colour; `opacity` from 0 (clear) to 1."""
        color = QColor(self.colors[token])
        color.setAlphaF(opacity)
        return color


def load_theme(themes: Path, scheme: str) -> Theme:
    """The theme file `<scheme>.json` in the folder `themes`."""
    content = json.loads((themes / f"{scheme}.json").read_text(encoding="utf-8"))
    return Theme(content["scheme"], content["colors"])


def text_font(pixels: int = TEXT, *, bold: bool = False) -> QFont:
    """The system's interface font at one of the three sizes, its digits all of one width where the font can."""
    return QFont(_text_font(pixels, bold))  # a copy, for whoever changes it


@lru_cache(maxsize=16)
def _text_font(pixels: int, bold: bool) -> QFont:
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    font.setPixelSize(pixels)
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def code_font(pixels: int = TEXT) -> QFont:
    """The system's fixed font."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setPixelSize(pixels)
    return font


def elided(text: str, font: QFont, width: float) -> str:
    """`text`, cut with … where it is wider than `width` pixels."""
    return QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, width)


def palette(theme: Theme) -> QPalette:
    """Qt's own palette in this theme's colours, so that what no style sheet reaches fits too."""
    colors = QPalette()
    roles = {
        QPalette.ColorRole.Window: "panel",
        QPalette.ColorRole.WindowText: "text",
        QPalette.ColorRole.Base: "control",
        QPalette.ColorRole.AlternateBase: "panel",
        QPalette.ColorRole.Text: "text",
        QPalette.ColorRole.PlaceholderText: "quiet_text",
        QPalette.ColorRole.Button: "control",
        QPalette.ColorRole.ButtonText: "text",
        QPalette.ColorRole.ToolTipBase: "panel",
        QPalette.ColorRole.ToolTipText: "text",
        QPalette.ColorRole.Highlight: "accent",
        QPalette.ColorRole.HighlightedText: "on_accent",
        QPalette.ColorRole.Link: "accent",
        QPalette.ColorRole.Mid: "hairline",
    }
    for role, token in roles.items():
        colors.setColor(role, theme.color(token))
    return colors
