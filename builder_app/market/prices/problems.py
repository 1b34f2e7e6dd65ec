"""What is wrong with prices, in whole sentences, and the counting of faults that repeat."""

import difflib
from collections.abc import Iterable, Sequence
from typing import Final

MOST_SYMBOLS: Final = 20
"""So many symbols are named in a sentence; of more it says how many there are."""


class PricesUnreadable(ValueError):
    """Prices that cannot be used; `problems` are whole sentences: what, where, what to do."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def first_and_count(sentences: Sequence[str], kind: str, shown: int = 3) -> list[str]:
    """The first few of many sentences about one kind of fault, and how many more there are."""
    more = len(sentences) - shown
    if more <= 0:
        return list(sentences)
    lines = "1 more line has" if more == 1 else f"{more} more lines have"
    return [*sentences[:shown], f"{lines} the same fault ({kind})."]


def no_such_symbol(symbol: str, known: Sequence[str], where: str) -> str:
    """The sentence for a symbol that is not there, with the nearest one that is."""
    upper = {name.upper(): name for name in known}
    close = difflib.get_close_matches(symbol.upper(), list(upper), n=1, cutoff=0.5)
    if close:
        return f"There is no symbol {symbol} in {where}; did you mean {upper[close[0]]}?"
    more = len(known) - MOST_SYMBOLS
    names = ", ".join(known[:MOST_SYMBOLS]) + (f", … and {more} more" if more > 0 else "")
    advice = f"it has {names}. Choose one of them, or" if known else "it is empty;"
    return f"There is no symbol {symbol} in {where}; {advice} import prices for {symbol}."
