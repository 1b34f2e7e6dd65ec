"""The marks of trades in the charts, and what is said of them."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPolygonF

from builder_app.ui.results.figures import money, percent

if TYPE_CHECKING:
    from builder_app.session import Trade

MARK: Final = 4.0
"""Half of a mark's width."""


def entry_words(trade: "Trade") -> str:
    """`▲ long AAPL at 12.34`."""
    return f"▲ {'long' if trade.direction > 0 else 'short'} {trade.symbol} at {money(trade.entry_price)}"


def exit_words(trade: "Trade") -> str:
    """`▼ AAPL at 13.00, stop, −1.20 %`: symbol, price, why, and what the trade brought."""
    change = percent(trade.return_fraction, signed=True)
    return f"▼ {trade.symbol} at {money(trade.exit_price)}, {trade.exit_reason}, {change}"


def triangle(place: QPointF, *, pointing_up: bool) -> QPolygonF:
    """A mark that points at `place`: an entry from below (▲), an exit from above (▼)."""
    side = 1.0 if pointing_up else -1.0
    base = place.y() + side * (MARK * 1.7 + 3.0)
    tip = QPointF(place.x(), place.y() + side * 3.0)
    return QPolygonF([tip, QPointF(place.x() - MARK, base), QPointF(place.x() + MARK, base)])
