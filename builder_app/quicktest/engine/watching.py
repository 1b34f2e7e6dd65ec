"""Where the stops and targets of one symbol's positions stand, written down bar by bar for whoever looks at them."""

import math
from typing import Final

from . import book as at
from .book import Book, Test
from .leaving import nearest_target, stop_level


def note_levels(bar: int, test: Test, book: Book) -> None:
    """Just before a bar's prices meet the watched symbol's stops and targets, note where these stand."""
    symbol = book.counts[at.WATCHED]
    if math.isnan(test.quotes.close[bar, symbol]):
        return
    legs = test.plan.legs.shape[0]
    for leg in range(legs):
        slot = symbol * legs + leg
        if book.whole[slot, at.DIRECTION] == 0:
            continue
        level, reason = stop_level(test, book, slot)
        target = nearest_target(book, slot)
        book.levels[bar, leg, at.LEVEL_OF_STOP] = level
        book.levels[bar, leg, at.REASON_OF_STOP] = reason
        book.levels[bar, leg, at.LEVEL_ENTRY_BAR] = book.whole[slot, at.ENTRY_BAR]
        if target >= 0:
            book.levels[bar, leg, at.LEVEL_OF_TARGET] = book.targets[slot, target]


PARTS: Final = (note_levels,)
