"""What every slot wants after a bar's close, and what it is refused at once."""

import math
from typing import Final

from . import book as at
from .book import Book, Test, reject
from .entering import exit_value, size_value


def decide(bar: int, test: Test, book: Book) -> None:
    """What each slot wants after this bar's close."""
    count_bars(bar, test, book)
    legs = test.plan.legs.shape[0]
    for event in range(test.plan.first_event[bar], test.plan.first_event[bar + 1]):
        for leg in range(legs):
            if test.plan.said[event, leg] != 0:
                hear(bar, test, book, (test.plan.event_symbol[event] * legs + leg, test.plan.said[event, leg]))


def count_bars(bar: int, test: Test, book: Book) -> None:
    """What is held has seen one bar more; where it was held long enough it is ordered out."""
    for place in range(book.counts[at.OPEN_POSITIONS]):
        slot = book.held[place]
        if math.isnan(test.quotes.close[bar, book.whole[slot, at.SYMBOL]]):
            continue
        book.whole[slot, at.SEEN_BAR] = bar
        book.whole[slot, at.BARS_HELD] += 1
        longest = test.plan.legs[book.whole[slot, at.LEG], at.TIME_STOP]
        if 0 < longest <= book.whole[slot, at.BARS_HELD] and book.whole[slot, at.EXIT_ORDER] == 0:
            book.whole[slot, at.EXIT_ORDER] = 1 + at.BY_TIME


def hear(bar: int, test: Test, book: Book, words: tuple[int, int]) -> None:
    """Turn what a leg says of a symbol into orders."""
    slot, said = words
    held = book.whole[slot, at.DIRECTION]
    if (held > 0 and said & at.LONG_EXIT) or (held < 0 and said & at.SHORT_EXIT):
        book.whole[slot, at.EXIT_ORDER] = 1 + at.BY_SIGNAL
    if said & at.REBALANCE and held != 0 and book.whole[slot, at.EXIT_ORDER] == 0:
        if book.whole[slot, at.RESIZE] == 0:
            book.counts[at.RESIZES] += 1
        book.whole[slot, at.RESIZE] = bar + 1
    long_entry = said & at.LONG_ENTRY != 0
    short_entry = said & at.SHORT_ENTRY != 0
    if long_entry and said & at.LONG_EXIT:
        if held <= 0:
            reject(book, slot, bar, 1, at.EXIT_TOO)
        long_entry = False
    if short_entry and said & at.SHORT_EXIT:
        if held >= 0:
            reject(book, slot, bar, -1, at.EXIT_TOO)
        short_entry = False
    if long_entry and short_entry:
        reject(book, slot, bar, 0, at.BOTH_DIRECTIONS)
    elif long_entry and held <= 0:
        order_entry(bar, test, book, (slot, 1))
    elif short_entry and held >= 0:
        order_entry(bar, test, book, (slot, -1))


def order_entry(bar: int, test: Test, book: Book, order: tuple[int, int]) -> None:
    """Take a slot's entry order in a direction, or refuse it for what is known already."""
    slot, direction = order
    reason = refused_at_once(bar, test, book, slot)
    if reason >= 0:
        reject(book, slot, bar, direction, reason)
        return
    source = test.plan.legs[book.whole[slot, at.LEG], at.STRENGTH]
    strength = 1.0 if source < 0 else test.plan.numbers[source, bar, book.whole[slot, at.SYMBOL]]
    if math.isnan(strength):
        reject(book, slot, bar, direction, at.NO_STRENGTH)
        return
    book.whole[slot, at.ENTRY_ORDER] = direction
    book.whole[slot, at.ORDER_BAR] = bar
    book.real[slot, at.ORDER_STRENGTH] = strength
    book.waiting[book.counts[at.WAITING]] = slot
    book.counts[at.WAITING] += 1


def refused_at_once(bar: int, test: Test, book: Book, slot: int) -> int:
    """Why an entry cannot be ordered, or −1."""
    leg, symbol = book.whole[slot, at.LEG], book.whole[slot, at.SYMBOL]
    if book.whole[slot, at.DIRECTION] != 0 and book.whole[slot, at.EXIT_ORDER] == 0:
        return at.OPPOSITE_HELD
    if test.quotes.last_bar[symbol] <= bar:
        return at.NO_LATER_BAR
    for row in range(test.plan.legs[leg, at.FIRST_EXIT], test.plan.legs[leg, at.END_OF_EXITS]):
        if test.plan.exits[row, at.EXIT_UNIT] == at.LEVEL and test.plan.exits[row, at.EXIT_SOURCE] >= 0:
            continue
        if not 0.0 < exit_value(test, row, bar, symbol) < math.inf:
            return at.NO_EXIT_VALUE
    if test.plan.legs[leg, at.SIZE_SOURCE] >= 0 and not 0.0 < size_value(test, leg, bar, symbol) < math.inf:
        return at.NO_SIZE_VALUE
    return -1


PARTS: Final = (decide, count_bars, hear, order_entry, refused_at_once)
