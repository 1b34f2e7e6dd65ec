"""How positions are left, whole or in part: exit orders, stops, targets and the end (rules 1 to 4 and 9)."""

import math
from typing import Final

from . import book as at
from .book import Book, Test, cannot_fill, commission, in_lots


def fill_exit_orders(bar: int, test: Test, book: Book) -> None:
    """Rule 1: pending exits fill at the open, unless it is at the price limit."""
    place = 0
    while place < book.counts[at.OPEN_POSITIONS]:
        slot = book.held[place]
        place += 1
        order = book.whole[slot, at.EXIT_ORDER]
        if order == 0:
            continue
        symbol = book.whole[slot, at.SYMBOL]
        raw_price = test.quotes.open[bar, symbol]
        if math.isnan(raw_price) or cannot_fill(test, bar, symbol, -book.whole[slot, at.DIRECTION]):
            continue
        leave(book, test, slot, bar, (raw_price, order - 1, 0, book.real[slot, at.QUANTITY]))
        place -= 1


def leave(book: Book, test: Test, slot: int, bar: int, fill: tuple[float, int, int, float]) -> None:
    """Sell (or cover) shares; `fill`: price before slippage, reason, 1 for an ambiguous bar, and how many."""
    raw_price, reason, ambiguous, quantity = fill
    direction = book.whole[slot, at.DIRECTION]
    held = book.real[slot, at.QUANTITY]
    entry_price = book.real[slot, at.ENTRY_PRICE]
    is_whole = quantity >= held
    price = raw_price * (1.0 - direction * test.terms.slippage)
    value = quantity * price
    costs = commission(value, test)
    if direction > 0:
        costs += value * test.terms.sell_tax_rate
    else:
        book.money[at.HELD_BACK] -= 2.0 * (quantity * entry_price)
    book.money[at.CASH] += direction * value - costs
    entry_costs = book.real[slot, at.ENTRY_COSTS] if is_whole else book.real[slot, at.ENTRY_COSTS] * (quantity / held)
    see(book, slot, raw_price, raw_price)
    record(book, slot, bar, (quantity, price, costs + entry_costs), (reason, ambiguous))
    if is_whole:
        drop(book, slot, bar)
    else:
        book.real[slot, at.QUANTITY] = held - quantity
        book.real[slot, at.ENTRY_COSTS] -= entry_costs


def record(book: Book, slot: int, bar: int, sold: tuple[float, float, float], how: tuple[int, int]) -> None:
    """Write down a trade: quantity, exit price and all costs; the reason and 1 for an ambiguous bar."""
    quantity, price, costs = sold
    direction = book.whole[slot, at.DIRECTION]
    entry_price = book.real[slot, at.ENTRY_PRICE]
    profit = direction * quantity * (price - entry_price) - costs
    row = book.counts[at.TRADES]
    book.trade_whole[row, at.TRADE_SLOT] = slot
    book.trade_whole[row, at.TRADE_DIRECTION] = direction
    book.trade_whole[row, at.TRADE_ENTRY_BAR] = book.whole[slot, at.ENTRY_BAR]
    book.trade_whole[row, at.TRADE_EXIT_BAR] = bar
    book.trade_whole[row, at.TRADE_REASON] = how[0]
    book.trade_whole[row, at.TRADE_AMBIGUOUS] = how[1]
    book.trade_real[row, at.TRADE_QUANTITY] = quantity
    book.trade_real[row, at.TRADE_ENTRY_PRICE] = entry_price
    book.trade_real[row, at.TRADE_EXIT_PRICE] = price
    book.trade_real[row, at.TRADE_PROFIT] = profit
    book.trade_real[row, at.TRADE_COSTS] = costs
    fill_price = book.real[slot, at.FILL_PRICE]
    book.trade_real[row, at.TRADE_FAVOURABLE] = direction * (book.real[slot, at.SEEN_BEST] - fill_price) / fill_price
    book.trade_real[row, at.TRADE_ADVERSE] = direction * (book.real[slot, at.SEEN_WORST] - fill_price) / fill_price
    book.counts[at.TRADES] = row + 1
    leg = book.whole[slot, at.LEG]
    book.closed[leg, at.CLOSED] += 1.0
    if profit > 0.0:
        book.closed[leg, at.WON] += 1.0
        book.closed[leg, at.GAINED] += profit / (quantity * entry_price)
    else:
        book.closed[leg, at.LOST] -= profit / (quantity * entry_price)


def drop(book: Book, slot: int, bar: int) -> None:
    """The slot holds nothing any more."""
    last = book.counts[at.OPEN_POSITIONS] - 1
    place = 0
    while book.held[place] != slot:
        place += 1
    for after in range(place, last):
        book.held[after] = book.held[after + 1]
    book.counts[at.OPEN_POSITIONS] = last
    if last == 0:
        book.money[at.HELD_BACK] = 0.0  # no rounding is carried on
    if book.whole[slot, at.RESIZE] != 0:
        book.whole[slot, at.RESIZE] = 0
        book.counts[at.RESIZES] -= 1
    book.whole[slot, at.DIRECTION] = 0
    book.whole[slot, at.EXIT_ORDER] = 0
    book.whole[slot, at.BARS_HELD] = 0
    book.whole[slot, at.LEFT_BAR] = bar


def see(book: Book, slot: int, high: float, low: float) -> None:
    """Take note of prices for the excursions of the position's trades."""
    best, worst = (high, low) if book.whole[slot, at.DIRECTION] > 0 else (low, high)
    direction = book.whole[slot, at.DIRECTION]
    if direction * best > direction * book.real[slot, at.SEEN_BEST]:
        book.real[slot, at.SEEN_BEST] = best
    if direction * worst < direction * book.real[slot, at.SEEN_WORST]:
        book.real[slot, at.SEEN_WORST] = worst


def outlive(book: Book, slot: int, high: float, low: float) -> None:
    """The position has come through a bar: stops may follow its best price from the next one on."""
    see(book, slot, high, low)
    if book.whole[slot, at.DIRECTION] > 0:
        book.real[slot, at.BEST] = max(book.real[slot, at.BEST], high)
    else:
        book.real[slot, at.BEST] = min(book.real[slot, at.BEST], low)


def settle_inside_bar(bar: int, test: Test, book: Book) -> None:
    """Rules 3 and 4: stops and targets of everything held, then what the bar's prices mean for later ones."""
    place = 0
    while place < book.counts[at.OPEN_POSITIONS]:
        slot = book.held[place]
        if not math.isnan(test.quotes.close[bar, book.whole[slot, at.SYMBOL]]):
            settle(bar, test, book, slot)
        if place < book.counts[at.OPEN_POSITIONS] and book.held[place] == slot:
            place += 1


def settle(bar: int, test: Test, book: Book, slot: int) -> None:
    """One position inside one bar."""
    symbol = book.whole[slot, at.SYMBOL]
    direction = book.whole[slot, at.DIRECTION]
    level, reason = stop_level(test, book, slot)
    target = nearest_target(book, slot)
    open_price, high, low = test.quotes.open[bar, symbol], test.quotes.high[bar, symbol], test.quotes.low[bar, symbol]
    if direction * open_price <= direction * level or (
        target >= 0 and direction * open_price >= direction * book.targets[slot, target]
    ):
        if settle_at_open(bar, test, book, (slot, level, reason)):
            return
        target = nearest_target(book, slot)
    favourable, adverse = (high, low) if direction > 0 else (low, high)
    is_stopped = direction * adverse <= direction * level
    is_hit = target >= 0 and direction * favourable >= direction * book.targets[slot, target]
    both = 1 if is_stopped and is_hit else 0
    if is_stopped or is_hit:
        see(book, slot, open_price, open_price)
    if not is_stopped or test.terms.target_first:
        while target >= 0 and direction * favourable >= direction * book.targets[slot, target]:
            take(test, book, slot, (bar, target, book.targets[slot, target], both))
            target = nearest_target(book, slot)
    if book.whole[slot, at.DIRECTION] == 0:
        return
    if is_stopped:
        leave(book, test, slot, bar, (level, reason, both, book.real[slot, at.QUANTITY]))
    else:
        outlive(book, slot, high, low)


def settle_at_open(bar: int, test: Test, book: Book, stop: tuple[int, float, int]) -> bool:
    """Fill the stop or the targets that the bar opens at or beyond; whether nothing is left to look at inside it."""
    slot, level, reason = stop
    symbol = book.whole[slot, at.SYMBOL]
    direction = book.whole[slot, at.DIRECTION]
    open_price = test.quotes.open[bar, symbol]
    target = nearest_target(book, slot)
    at_stop = direction * open_price <= direction * level
    if cannot_fill(test, bar, symbol, -direction):
        if book.whole[slot, at.EXIT_ORDER] == 0:
            book.whole[slot, at.EXIT_ORDER] = 1 + (reason if at_stop else at.BY_TARGET)
        outlive(book, slot, test.quotes.high[bar, symbol], test.quotes.low[bar, symbol])
        return True
    if at_stop:
        leave(book, test, slot, bar, (open_price, reason, 0, book.real[slot, at.QUANTITY]))
        return True
    while target >= 0 and direction * open_price >= direction * book.targets[slot, target]:
        take(test, book, slot, (bar, target, open_price, 0))
        target = nearest_target(book, slot)
    return book.whole[slot, at.DIRECTION] == 0  # type: ignore[no-any-return]


def stop_level(test: Test, book: Book, slot: int) -> tuple[float, int]:
    """The tightest stop of a position for its next bar, and the reason that leaving there has."""
    direction = book.whole[slot, at.DIRECTION]
    best = book.real[slot, at.BEST]
    level = book.real[slot, at.STOP]
    reason = at.BY_STOP
    if test.plan.legs[book.whole[slot, at.LEG], at.FOLLOWS] != 0:
        level = follow(test, book, slot, level)
    offset = min(best * book.real[slot, at.TRAILING_PERCENT] / 100.0, book.real[slot, at.TRAILING_DISTANCE])
    trailing = best - direction * offset
    if direction * book.real[slot, at.TRAILING_LEVEL] > direction * trailing:
        trailing = book.real[slot, at.TRAILING_LEVEL]
    if direction * trailing > direction * level:
        level = trailing
        reason = at.BY_TRAILING_STOP
    fill_price = book.real[slot, at.FILL_PRICE]
    if (
        direction * (best - fill_price) >= book.real[slot, at.GAIN_TO_EVEN]
        and direction * fill_price > direction * level
    ):
        level = fill_price
        reason = at.BY_BREAK_EVEN
    return level, reason


def follow(test: Test, book: Book, slot: int, level: float) -> float:
    """Read the series that stops follow at the symbol's previous bar; the tightest level, this one or a series'."""
    leg, symbol = book.whole[slot, at.LEG], book.whole[slot, at.SYMBOL]
    direction = book.whole[slot, at.DIRECTION]
    for row in range(test.plan.legs[leg, at.FIRST_EXIT], test.plan.legs[leg, at.END_OF_EXITS]):
        unit = test.plan.exits[row, at.EXIT_UNIT]
        if unit != at.LEVEL and unit != at.MOVING_DISTANCE:
            continue
        source = test.plan.exits[row, at.EXIT_SOURCE]
        value = test.plan.constants[row]
        if source >= 0:
            value = test.plan.numbers[source, book.whole[slot, at.SEEN_BAR], symbol]
        if not 0.0 < value < math.inf:
            continue
        if unit == at.LEVEL:
            if direction * value > direction * level:
                level = value
        elif (
            direction * (book.real[slot, at.BEST] - direction * value) > direction * book.real[slot, at.TRAILING_LEVEL]
        ):
            book.real[slot, at.TRAILING_LEVEL] = book.real[slot, at.BEST] - direction * value
    return level


def nearest_target(book: Book, slot: int) -> int:
    """The target that comes first of those not reached yet, −1 for none."""
    direction = book.whole[slot, at.DIRECTION]
    found = -1
    nearest = direction * math.inf
    if direction != 0:
        for target in range(book.targets.shape[1]):
            if direction * book.targets[slot, target] < direction * nearest:
                nearest = book.targets[slot, target]
                found = target
    return found


def take(test: Test, book: Book, slot: int, fill: tuple[int, int, float, int]) -> None:
    """Sell a target's part; `fill`: the bar, which target, the price before slippage, 1 for an ambiguous bar."""
    bar, target, raw_price, ambiguous = fill
    part = test.plan.parts[book.whole[slot, at.LEG], target]
    held = book.real[slot, at.QUANTITY]
    book.targets[slot, target] = book.whole[slot, at.DIRECTION] * math.inf
    book.real[slot, at.PARTS_SOLD] += part
    quantity = held
    if book.real[slot, at.PARTS_SOLD] < 100.0 * (1.0 - at.ENOUGH):
        quantity = min(held, in_lots(book.real[slot, at.ENTRY_QUANTITY] * part / 100.0, test))
        if held - quantity <= at.ENOUGH * held:
            quantity = held
    if quantity > 0.0:
        leave(book, test, slot, bar, (raw_price, at.BY_TARGET, ambiguous, quantity))


def close_ended(bar: int, test: Test, book: Book) -> None:
    """Rule 6: whatever is held in a symbol at its last bar is closed at that bar's close."""
    place = 0
    while place < book.counts[at.OPEN_POSITIONS]:
        slot = book.held[place]
        if test.quotes.last_bar[book.whole[slot, at.SYMBOL]] == bar:
            leave(
                book,
                test,
                slot,
                bar,
                (test.quotes.close[bar, book.whole[slot, at.SYMBOL]], at.BY_END, 0, book.real[slot, at.QUANTITY]),
            )
        else:
            place += 1


PARTS: Final = (
    fill_exit_orders, leave, record, drop, see, outlive, settle_inside_bar, settle, settle_at_open, stop_level, follow,
    nearest_target, take, close_ended,
)  # fmt: skip
