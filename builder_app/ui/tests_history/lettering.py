"""How the compared tests are told apart: each by a letter, a colour and, where colours come again, a line of dashes."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from builder_app.ui.theme import Theme

_TOKENS: Final = ("accent", "STOP_PROFIT", "POSITION", "CONDITION", "STOP_LOSS", "SIGNAL", "RISK_MANAGEMENT", "CUSTOM")
_LINES: Final = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
_LETTERS: Final = 26


def letter(place: int) -> str:
    """A, B, … Z, A2, B2, …"""
    again = place // _LETTERS
    return chr(ord("A") + place % _LETTERS) + (str(again + 1) if again else "")


def color(theme: Theme, place: int) -> QColor:
    """The colour of the test at this place of a comparison."""
    return theme.color(_TOKENS[place % len(_TOKENS)])


def pen(theme: Theme, place: int) -> QPen:
    """The line of its curve."""
    made = QPen(color(theme, place))
    made.setWidthF(1.5)
    made.setCosmetic(True)
    made.setStyle(_LINES[place // len(_TOKENS) % len(_LINES)])
    return made
