"""Price bars as values and from CSV files: the part of the market room that travels in exported folders.

In: CSV files, a pool of symbols, dates.  Out: a Panel. Needs NumPy only; imports are relative.
"""

from .panel import FIELDS, Bars, Panel, cut, make_panel, panel_of
from .problems import PricesUnreadable
from .reading import read_bars, read_prices, select

__all__ = [
    "FIELDS",
    "Bars",
    "Panel",
    "PricesUnreadable",
    "cut",
    "make_panel",
    "panel_of",
    "read_bars",
    "read_prices",
    "select",
]
