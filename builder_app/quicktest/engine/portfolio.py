"""Rules over all positions together: what refuses an entry, and what follows from losses (rules 8 and 9)."""

import math
from typing import Final

from . import book as at
from .book import Book, FloatArray, Test, cannot_fill, exceeds, value_now


def refused(bar: int, test: Test, book: Book, order: tuple[int, int, float, float]) -> int:
    """Why a purchase or short sale may not be made at this open, or −1; `order`: slot, direction, quantity, value."""
    slot, direction, quantity, value = order
    symbol = book.whole[slot, at.SYMBOL]
    if bar <= book.counts[at.HALTED_UNTIL]:
        return at.HALTED
    if test.quotes.day[bar] == book.counts[at.LOST_DAY]:
        return at.LOST_TODAY
    if cannot_fill(test, bar, symbol, direction):
        return at.AT_LIMIT
    if test.terms.maximum_volume_share > 0.0:
        most = test.terms.maximum_volume_share * test.quotes.volume[bar, symbol]
        if exceeds(quantity, 100.0, most):
            return at.TOO_LARGE_A_SHARE
    if test.plan.limits[at.ANY] == 0.0:
        return -1
    return over_limits(bar, test, book, (symbol, direction, value))


def over_limits(bar: int, test: Test, book: Book, order: tuple[int, int, float]) -> int:
    """Rule 8: which part of the equity an order would carry too far, as a reason, or −1."""
    symbol, direction, value = order
    equity = book.money[at.OPEN_EQUITY]
    in_symbol = gross = in_sector = value
    net = 0.0
    for place in range(book.counts[at.OPEN_POSITIONS]):
        slot = book.held[place]
        worth = value_now(test, book, slot, bar)
        other = book.whole[slot, at.SYMBOL]
        gross += worth
        net += book.whole[slot, at.DIRECTION] * worth
        if other == symbol:
            in_symbol += worth
        if test.plan.sectors[other] == test.plan.sectors[symbol]:
            in_sector += worth
    after = net + direction * value
    if exceeds(in_symbol, test.plan.limits[at.WEIGHT], equity):
        return at.OVER_WEIGHT
    if exceeds(gross, test.plan.limits[at.GROSS], equity):
        return at.OVER_GROSS
    if exceeds(abs(after), test.plan.limits[at.NET], equity) and abs(after) > abs(net):
        return at.OVER_NET
    if exceeds(in_sector, test.plan.limits[at.SECTOR], equity):
        return at.OVER_SECTOR
    if test.plan.limits[at.TURNOVER] < math.inf:
        entered = value
        for before in range(max(0, bar + 1 - int(test.plan.limits[at.TURNOVER_BARS])), bar + 1):
            entered += book.entered[before]
        if exceeds(entered, test.plan.limits[at.TURNOVER], equity):
            return at.OVER_TURNOVER
    return -1


def is_too_alike(bar: int, test: Test, book: Book, symbol: int) -> bool:
    """Rule 8: whether a symbol has moved too much like another one that is held."""
    if test.plan.limits[at.CORRELATION] == math.inf:
        return False
    wanted = int(test.plan.limits[at.CORRELATION_BARS])
    for place in range(book.counts[at.OPEN_POSITIONS]):
        other = book.whole[book.held[place], at.SYMBOL]
        if (
            other != symbol
            and correlation(test.quotes.close, (symbol, other), bar, wanted) > test.plan.limits[at.CORRELATION]
        ):
            return True
    return False


def correlation(close: FloatArray, pair: tuple[int, int], bar: int, wanted: int) -> float:
    """Of two symbols' last returns between common bars before this one; −2 where there are fewer than wanted."""
    found, first, second, _, _, _ = summed(close, pair, bar, (wanted, 0.0, 0.0))
    if found < wanted:
        return -2.0
    _, _, _, both, square_first, square_second = summed(close, pair, bar, (wanted, first / wanted, second / wanted))
    if square_first <= 1e-24 or square_second <= 1e-24:  # one that does not move
        return -2.0
    return both / math.sqrt(square_first * square_second)


def summed(
    close: FloatArray, pair: tuple[int, int], bar: int, ask: tuple[int, float, float]
) -> tuple[int, float, float, float, float, float]:
    """How many of the wanted returns there are, and the sums of two symbols' returns less a mean each: of the returns,
    of their products and their squares; `ask`: how many, and the means."""
    wanted, mean_first, mean_second = ask
    found = 0
    later_first = later_second = 0.0
    first = second = both = square_first = square_second = 0.0
    for before in range(bar - 1, -1, -1):
        one, other = close[before, pair[0]], close[before, pair[1]]
        if math.isnan(one) or math.isnan(other):
            continue
        if later_first > 0.0:
            return_first = later_first / one - 1.0 - mean_first
            return_second = later_second / other - 1.0 - mean_second
            first += return_first
            second += return_second
            both += return_first * return_second
            square_first += return_first * return_first
            square_second += return_second * return_second
            found += 1
            if found == wanted:
                break
        later_first, later_second = one, other
    return found, first, second, both, square_first, square_second


def open_equity(bar: int, test: Test, book: Book) -> float:
    """The equity at the bar's open: cash, and what is held at the open or, in a gap, at the last close."""
    equity = book.money[0]
    for place in range(book.counts[at.OPEN_POSITIONS]):
        slot = book.held[place]
        equity += book.whole[slot, at.DIRECTION] * value_now(test, book, slot, bar)
    return equity  # type: ignore[no-any-return]


def watch_losses(bar: int, test: Test, book: Book) -> None:
    """Rule 9: halt entries after a fall from the peak or a day's loss, and order positions out."""
    equity = book.equity[bar]
    if test.plan.limits[at.HALT] < math.inf:
        if bar == book.counts[at.HALTED_UNTIL]:
            book.money[at.PEAK] = equity
        elif bar > book.counts[at.HALTED_UNTIL]:
            book.money[at.PEAK] = max(book.money[at.PEAK], equity)
            if equity <= book.money[at.PEAK] * (1.0 - test.plan.limits[at.HALT] / 100.0):
                bars = test.plan.limits[at.HALT_BARS]
                book.counts[at.HALTED_UNTIL] = bar + int(bars) if bars < math.inf else at.FOREVER
    if test.plan.limits[at.DAY_LOSS] < math.inf:
        if bar > 0 and test.quotes.day[bar] != book.counts[at.DAY]:
            book.money[at.YESTERDAY] = book.equity[bar - 1]
        book.counts[at.DAY] = test.quotes.day[bar]
        if equity <= book.money[at.YESTERDAY] * (1.0 - test.plan.limits[at.DAY_LOSS] / 100.0):
            book.counts[at.LOST_DAY] = test.quotes.day[bar]
            if test.plan.limits[at.LOSS_CLOSES] == 1.0:
                order_all_out(book)


def order_all_out(book: Book) -> None:
    """Every position is to be left at its symbol's next open."""
    for place in range(book.counts[at.OPEN_POSITIONS]):
        slot = book.held[place]
        if book.whole[slot, at.EXIT_ORDER] == 0:
            book.whole[slot, at.EXIT_ORDER] = 1 + at.BY_DAILY_LOSS


PARTS: Final = (
    refused, over_limits, is_too_alike, correlation, summed, open_equity, watch_losses, order_all_out,
)  # fmt: skip
