"""Held positions brought back to their size rule where the strategy rebalances (rule 10)."""

import math
from typing import Final

from . import book as at
from .book import Book, Test, cannot_fill, reject
from .entering import buy, pay, sized
from .leaving import leave


def make_smaller(bar: int, test: Test, book: Book) -> None:
    """What positions are too large is sold at the open, before the entries."""
    if book.counts[at.RESIZES] == 0:
        return
    place = 0
    while place < book.counts[at.OPEN_POSITIONS]:
        slot = book.held[place]
        place += 1
        raw_price = test.quotes.open[bar, book.whole[slot, at.SYMBOL]]
        if book.whole[slot, at.RESIZE] == 0 or math.isnan(raw_price) or book.whole[slot, at.EXIT_ORDER] != 0:
            continue
        more = missing(test, book, slot, raw_price)
        if more < 0.0:
            forget(book, slot)
            if not cannot_fill(test, bar, book.whole[slot, at.SYMBOL], -book.whole[slot, at.DIRECTION]):
                leave(book, test, slot, bar, (raw_price, at.BY_REBALANCE, 0, -more))
                if book.whole[slot, at.DIRECTION] == 0:  # by rounding nothing was left
                    place -= 1


def make_larger(bar: int, test: Test, book: Book) -> None:
    """What positions lack is bought at the open, after the entries."""
    if book.counts[at.RESIZES] == 0:
        return
    for place in range(book.counts[at.OPEN_POSITIONS]):
        slot = book.held[place]
        raw_price = test.quotes.open[bar, book.whole[slot, at.SYMBOL]]
        if book.whole[slot, at.RESIZE] == 0 or math.isnan(raw_price):
            continue
        if book.whole[slot, at.EXIT_ORDER] == 0:
            enlarge(bar, test, book, (slot, raw_price))
        forget(book, slot)


def enlarge(bar: int, test: Test, book: Book, order: tuple[int, float]) -> None:
    """Buy what one position lacks, or say why not."""
    slot, raw_price = order
    direction = book.whole[slot, at.DIRECTION]
    more = missing(test, book, slot, raw_price)
    if not 0.0 < more < math.inf:
        if more != 0.0:
            reject(book, slot, bar, direction, at.NO_SIZE)
        return
    price = raw_price * (1.0 + direction * test.terms.slippage)
    reason = buy(bar, test, book, (slot, direction, more, price))
    if reason >= 0:
        reject(book, slot, bar, direction, reason)
        return
    pay(bar, test, book, (slot, direction, more, price))
    held = book.real[slot, at.QUANTITY]
    book.real[slot, at.ENTRY_PRICE] = (held * book.real[slot, at.ENTRY_PRICE] + more * price) / (held + more)
    book.real[slot, at.QUANTITY] = held + more


def missing(test: Test, book: Book, slot: int, raw_price: float) -> float:
    """How many shares a position lacks (below zero: has too many) by its size rule; NaN where that has no value."""
    direction = book.whole[slot, at.DIRECTION]
    price = raw_price * (1.0 + direction * test.terms.slippage)
    wanted = sized(test, book, slot, (direction, price, book.whole[slot, at.RESIZE] - 1))
    held = book.real[slot, at.QUANTITY]
    if not 0.0 < wanted < math.inf:
        return math.nan
    return 0.0 if abs(wanted - held) <= at.ENOUGH * held else wanted - held


def forget(book: Book, slot: int) -> None:
    """The position's order to be resized is done."""
    book.whole[slot, at.RESIZE] = 0
    book.counts[at.RESIZES] -= 1


PARTS: Final = (make_smaller, make_larger, enlarge, missing, forget)
