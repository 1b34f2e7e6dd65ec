"""Which trades are shown: words that must occur, and conditions on figures, written into one field."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from builder_app.ui.results.figures import MINUS

if TYPE_CHECKING:
    from builder_app.session import Trade

FIGURES: Final[Mapping[str, "Callable[[Trade], float]"]] = {
    "profit": lambda trade: trade.pnl,
    "return": lambda trade: trade.return_fraction * 100.0,
    "costs": lambda trade: trade.costs,
    "bars": lambda trade: trade.exit_bar - trade.entry_bar,
    "quantity": lambda trade: trade.quantity,
    "entry": lambda trade: trade.entry_price,
    "exit": lambda trade: trade.exit_price,
    "best": lambda trade: trade.favourable_excursion * 100.0,
    "worst": lambda trade: trade.adverse_excursion * 100.0,
}
"""What may be compared with a number, as it stands in the table: percent where that says percent."""
_OPERATORS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
}
_CONDITION: Final = re.compile(r"(?P<figure>[a-z]+)\s*(?P<sign><=|>=|<|>|=)\s*(?P<number>[-+−]?[\d,]*\.?\d+)\s*%?")


FILTER_HINT: Final = (
    "Words choose symbols, long, short, reasons of exits, winners, losers, ambiguous. Figures are compared with "
    "<, >, <=, >= or =: " + ", ".join(FIGURES) + ". Everything that is written must hold."
)


@dataclass(frozen=True, slots=True)
class TradeFilter:
    """The text of a filter, taken apart. A word that begins a symbol, a side, a reason or a mark chooses those."""

    words: tuple[str, ...] = ()
    conditions: "tuple[Callable[[Trade], bool], ...]" = ()
    unknown: tuple[str, ...] = ()
    """Names in conditions that are no figure."""

    def passes(self, trade: "Trade") -> bool:
        """Whether the trade fits every word and every condition."""
        return all(_has(trade, word) for word in self.words) and all(holds(trade) for holds in self.conditions)


def read_filter(text: str) -> TradeFilter:
    """`aapl stop profit < -100` as a filter; every part must hold."""
    conditions, unknown = [], []
    for found in _CONDITION.finditer(text.lower()):
        figure = FIGURES.get(found["figure"])
        if figure is None:
            unknown.append(found["figure"])
            continue
        limit = float(found["number"].replace(MINUS, "-").replace(",", ""))
        conditions.append(_compared(figure, _OPERATORS[found["sign"]], limit))
    words = tuple(_CONDITION.sub(" ", text.lower()).split())
    return TradeFilter(words, tuple(conditions), tuple(unknown))


def _compared(
    figure: "Callable[[Trade], float]", compare: Callable[[float, float], bool], limit: float
) -> "Callable[[Trade], bool]":
    return lambda trade: compare(figure(trade), limit)


def _has(trade: "Trade", word: str) -> bool:
    said = (
        trade.symbol.lower(),
        "long" if trade.direction > 0 else "short",
        *trade.exit_reason.lower().split(),
        "ambiguous" if trade.ambiguous else "",
        "winner" if trade.pnl > 0.0 else "loser" if trade.pnl < 0.0 else "",
    )
    return any(one.startswith(word.removesuffix("s") if word in {"winners", "losers"} else word) for one in said if one)
