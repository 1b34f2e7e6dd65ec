"""The fill rules, and the one loop over bars and slots that keeps them.

A slot is one position label (a leg) on one symbol; it holds at most one position. The rules:

1. What is decided at a bar's close is filled at the open of the symbol's next bar. At an open exits fill before
   entries, so their money is usable there. Where the symbol has no bar (a gap), its orders wait for its next bar.
   An exit order that is pending for an open comes before a stop in that bar.
2. Slippage is a fraction of the price and moves it against you on every fill: buys are dearer, sells cheaper, at the
   open, at a stop, at a target and at the end. Commission is a fraction of the traded value, or the minimum commission
   where that is more, on every fill. The sell tax is a fraction of the value of every sale (a long's exit, a short's
   entry).
3. Stops and targets are measured from the fill price (with its slippage) and live from the entry bar on. They fill at
   their level, or at the open where the bar opens at or beyond it. A trailing stop follows the best price since the
   entry (the highest high of a long, the lowest low of a short; the fill price at first) at its distance, or at its
   percentage of that best price; inside a bar it stands where the bars before have put it. Values that change from
   bar to bar are read at the bar of the decision and stay as they are for the position's life. Of several exits of a
   kind the tightest counts; of a stop and a trailing stop the tighter one. A value that is not a number above zero
   refuses the entry.
4. A bar that touches both stop and target is ambiguous: it is flagged on its trade and settled stop first, or target
   first where the configuration says so. A bar that opens at or beyond one of them is not ambiguous: that one was
   first.
5. Cash is shared. Entries at one open are filled by strength, the highest first, equal strengths in pool order (then
   in the order of the legs). Money from an exit inside a bar (every stop and target, also one that fills at the
   open's price) is usable from the next bar's open, and its place among the maximum positions is free from there.
   An entry is filled whole or refused, with its reason recorded; it is never made smaller for want of cash.
   The size is found when the entry fills. Percent of equity: value, commission and tax together are that part of the
   equity at the close of the decision. Cash: the traded value (slippage included) is that sum, commission and tax
   come on top. Shares: that number. The lot size rounds down.
   A short sale's proceeds are credited to the cash and held back together with as much again from free cash: the
   margin is 100 % of the value at entry and stays so until the exit. Free cash is the cash without what is held back;
   an entry of either direction needs its value, commission and tax in free cash. There are no margin calls and no
   interest.
6. At the end of the test open positions are closed at the last close and flagged; a position in a symbol whose bars
   end earlier is closed at that symbol's last close in the same way. Orders that no bar is left for are refused.
7. A symbol's missing bars are gaps, not prices: nothing is decided or filled there, and a position is valued at the
   symbol's last close.

Deciding at a close, for each slot: an exit beats an entry of the same direction; a long and a short entry cancel each
other; a repeated entry in the direction that is held is nothing; an entry against the position held is refused unless
that position's exit is decided at the same close (a reversal: the exit fills first, then the entry).

This file is written in the part of Python that numba compiles; as plain Python it gives the same bits. It is one file
because numba's cache on disk notices a change of this file only.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

# Columns of Plan.legs: where in `flags` and `numbers` the leg's arrays are (−1: none), and how it is sized.
LONG_ENTRY, LONG_EXIT, SHORT_ENTRY, SHORT_EXIT, STRENGTH, SIZE_KIND = range(6)
PERCENT_OF_EQUITY, CASH_AMOUNT, SHARES = range(3)
# Columns of Plan.exits, and the kinds and units in them.
EXIT_LEG, EXIT_KIND, EXIT_UNIT, EXIT_SOURCE = range(4)
STOP_EXIT, TRAILING_EXIT, TARGET_EXIT = range(3)
PERCENT, DISTANCE = range(2)
# Why a position was closed: indices into EXIT_REASONS.
BY_SIGNAL, BY_STOP, BY_TRAILING_STOP, BY_TARGET, BY_END = range(5)
EXIT_REASONS: Final = ("signal", "stop", "trailing stop", "target", "end of test")
# Why an entry was refused: indices into REJECTION_REASONS.
FULL, NO_CASH, NO_SIZE, OPPOSITE_HELD, BOTH_DIRECTIONS, EXIT_TOO, NO_EXIT_VALUE, NO_STRENGTH, NO_LATER_BAR = range(9)
REJECTION_REASONS: Final = (
    "The maximum number of open positions was reached.",
    "There was not enough free cash for the order.",
    "The size came to less than one lot, or to nothing after costs.",
    "A position in the opposite direction was open.",
    "A long and a short entry at the same bar cancelled each other.",
    "The exit of the same direction was given at the same bar.",
    "A stop or target had no value above zero at the bar of the decision.",
    "The strength had no value at the bar of the decision.",
    "No later bar of the symbol was left to fill the order.",
)
CASH, HELD_BACK = range(2)
OPEN_POSITIONS, TRADES, REJECTIONS = range(3)
RECORDS_A_BAR: Final = 3
"""At most so many trades, and so many rejections, come from one slot in one bar."""
ENOUGH: Final = 1e-9
"""Relative room for rounding when cash is compared with a cost, and absolute room, in lots, when lots are counted."""


class Market(NamedTuple):
    """Prices of shape (bars, symbols), NaN in gaps, and each symbol's last bar, shape (symbols,), −1 for none."""

    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    last_bar: IntArray


class Plan(NamedTuple):
    """What the strategy wants. `flags` and `numbers` have shape (arrays, bars, symbols); the tables point into them.

    `legs` has shape (legs, 6), `sizes` (legs,); `exits` has shape (exits, 4), `exit_values` (exits,) with the constant
    where EXIT_SOURCE is −1.
    """

    flags: BoolArray
    numbers: FloatArray
    legs: IntArray
    sizes: FloatArray
    exits: IntArray
    exit_values: FloatArray


class Terms(NamedTuple):
    """Costs as fractions, money in the prices' currency; `maximum_positions` 0: no limit."""

    commission_rate: float
    minimum_commission: float
    sell_tax_rate: float
    slippage: float
    lot_size: float
    maximum_positions: int
    target_first: bool


class Book(NamedTuple):
    """Everything that changes: money, one entry per slot of what is held and ordered, and the records."""

    money: FloatArray
    counts: IntArray
    direction: IntArray
    quantity: FloatArray
    entry_price: FloatArray
    entry_bar: IntArray
    entry_costs: FloatArray
    stop: FloatArray
    target: FloatArray
    trailing_percent: FloatArray
    trailing_distance: FloatArray
    best: FloatArray
    exit_order: IntArray
    entry_order: IntArray
    order_bar: IntArray
    order_strength: FloatArray
    last_close: FloatArray
    equity: FloatArray
    cash: FloatArray
    trade_whole: IntArray
    trade_real: FloatArray
    rejected: IntArray


def run_bars(span: tuple[int, int], market: Market, plan: Plan, terms: Terms, book: Book) -> int:
    """Run the bars span[0] ≤ bar < span[1]; returns the next bar: span[1], or earlier with full records."""
    room = RECORDS_A_BAR * book.direction.shape[0]
    for bar in range(span[0], span[1]):
        if book.counts[TRADES] + room > book.trade_whole.shape[0]:
            return bar
        if book.counts[REJECTIONS] + room > book.rejected.shape[0]:
            return bar
        fill_exit_orders(bar, market, terms, book)
        fill_entry_orders(bar, market, plan, terms, book)
        settle_inside_bar(bar, market, terms, book)
        decide(bar, market, plan, book)  # before what ends here is closed: held is held, and a repeated entry nothing
        close_ended(bar, market, terms, book)
        value_book(bar, market, book)
    return span[1]


def commission(value: float, terms: Terms) -> float:
    """What one fill of this traded value pays."""
    return max(value * terms.commission_rate, terms.minimum_commission)


def reject(book: Book, slot: int, bar: int, direction: int, reason: int) -> None:
    """Record an entry that was not taken."""
    row = book.counts[REJECTIONS]
    book.rejected[row, 0] = slot
    book.rejected[row, 1] = bar
    book.rejected[row, 2] = direction
    book.rejected[row, 3] = reason
    book.counts[REJECTIONS] = row + 1


def close_position(book: Book, terms: Terms, slot: int, bar: int, fill: tuple[float, int, int]) -> None:
    """Close the slot's position; `fill` is the price before slippage, the reason and 1 for an ambiguous bar."""
    raw_price, reason, ambiguous = fill
    direction = book.direction[slot]
    quantity = book.quantity[slot]
    entry_price = book.entry_price[slot]
    price = raw_price * (1.0 - direction * terms.slippage)
    value = quantity * price
    costs = commission(value, terms)
    if direction > 0:
        costs += value * terms.sell_tax_rate
    else:
        book.money[HELD_BACK] -= 2.0 * (quantity * entry_price)
    book.money[CASH] += direction * value - costs
    book.counts[OPEN_POSITIONS] -= 1
    if book.counts[OPEN_POSITIONS] == 0:
        book.money[HELD_BACK] = 0.0  # no rounding is carried on
    row = book.counts[TRADES]
    book.trade_whole[row, 0] = slot
    book.trade_whole[row, 1] = direction
    book.trade_whole[row, 2] = book.entry_bar[slot]
    book.trade_whole[row, 3] = bar
    book.trade_whole[row, 4] = reason
    book.trade_whole[row, 5] = ambiguous
    costs += book.entry_costs[slot]
    book.trade_real[row, 0] = quantity
    book.trade_real[row, 1] = entry_price
    book.trade_real[row, 2] = price
    book.trade_real[row, 3] = direction * quantity * (price - entry_price) - costs
    book.trade_real[row, 4] = costs
    book.counts[TRADES] = row + 1
    book.direction[slot] = 0
    book.exit_order[slot] = 0


def fill_exit_orders(bar: int, market: Market, terms: Terms, book: Book) -> None:
    """Rule 1: pending exits fill at the open."""
    if book.counts[OPEN_POSITIONS] == 0:
        return
    legs = book.direction.shape[0] // market.close.shape[1]
    for slot in range(book.direction.shape[0]):
        if book.exit_order[slot] != 0:
            raw_price = market.open[bar, slot // legs]
            if not math.isnan(raw_price):
                close_position(book, terms, slot, bar, (raw_price, BY_SIGNAL, 0))


def fill_entry_orders(bar: int, market: Market, plan: Plan, terms: Terms, book: Book) -> None:
    """Rule 5: pending entries whose symbol has a bar fill at its open, the strongest first."""
    legs = plan.legs.shape[0]
    waiting = np.flatnonzero(book.entry_order)
    if waiting.shape[0] == 0:
        return
    for place in np.argsort(-book.order_strength[waiting], kind="mergesort"):  # stable: pool order among equals
        slot = waiting[place]
        raw_price = market.open[bar, slot // legs]
        if not math.isnan(raw_price):
            direction = book.entry_order[slot]
            reason = open_position(book, plan, terms, slot, (bar, raw_price))
            if reason >= 0:
                reject(book, slot, bar, direction, reason)
            book.entry_order[slot] = 0


def open_position(book: Book, plan: Plan, terms: Terms, slot: int, fill: tuple[int, float]) -> int:
    """Fill the slot's entry order at the bar and open price of `fill`; returns why not, or −1 when it was filled."""
    bar, raw_price = fill
    if 0 < terms.maximum_positions <= book.counts[OPEN_POSITIONS]:
        return FULL
    direction = book.entry_order[slot]
    price = raw_price * (1.0 + direction * terms.slippage)
    tax_rate = terms.sell_tax_rate if direction < 0 else 0.0
    quantity = sized(book, plan, terms, slot, (price, tax_rate))
    if not 0.0 < quantity < math.inf:
        return NO_SIZE
    value = quantity * price
    costs = commission(value, terms) + value * tax_rate
    free = book.money[CASH] - book.money[HELD_BACK]
    if value + costs > free + ENOUGH * abs(free):
        return NO_CASH
    book.money[CASH] -= direction * value + costs
    if direction < 0:
        book.money[HELD_BACK] += 2.0 * value
    book.counts[OPEN_POSITIONS] += 1
    book.direction[slot] = direction
    book.quantity[slot] = quantity
    book.entry_price[slot] = price
    book.entry_bar[slot] = bar
    book.entry_costs[slot] = costs
    place_exits(book, plan, slot)
    return -1


def sized(book: Book, plan: Plan, terms: Terms, slot: int, fill: tuple[float, float]) -> float:
    """How many shares the slot's entry order is for, at the fill's price and tax rate."""
    price, tax_rate = fill
    leg = slot % plan.legs.shape[0]
    kind = plan.legs[leg, SIZE_KIND]
    quantity: float = plan.sizes[leg]
    if kind == CASH_AMOUNT:
        quantity = quantity / price
    elif kind == PERCENT_OF_EQUITY:
        amount = book.equity[book.order_bar[slot]] * quantity / 100.0
        quantity = amount / (price * (1.0 + terms.commission_rate + tax_rate))
        if quantity * price * terms.commission_rate < terms.minimum_commission:
            quantity = (amount - terms.minimum_commission) / (price * (1.0 + tax_rate))
    if terms.lot_size > 0.0 and quantity < math.inf:
        quantity = np.floor(quantity / terms.lot_size + ENOUGH) * terms.lot_size
    return quantity


def exit_value(plan: Plan, row: int, bar: int, symbol: int) -> float:
    """The value of one exit rule for an entry decided at this bar."""
    source = plan.exits[row, EXIT_SOURCE]
    if source < 0:
        return plan.exit_values[row]  # type: ignore[no-any-return]
    return plan.numbers[source, bar, symbol]  # type: ignore[no-any-return]


def place_exits(book: Book, plan: Plan, slot: int) -> None:
    """Rule 3: the levels of a position just opened, the tightest of each kind; ±infinity stands for none."""
    legs = plan.legs.shape[0]
    price = book.entry_price[slot]
    stop_offset = target_offset = trailing_percent = trailing_distance = math.inf
    for row in range(plan.exits.shape[0]):
        if plan.exits[row, EXIT_LEG] != slot % legs:
            continue
        value = exit_value(plan, row, book.order_bar[slot], slot // legs)
        in_percent = plan.exits[row, EXIT_UNIT] == PERCENT
        kind = plan.exits[row, EXIT_KIND]
        if kind == TRAILING_EXIT:
            if in_percent:
                trailing_percent = min(trailing_percent, value)
            else:
                trailing_distance = min(trailing_distance, value)
            continue
        offset = price * value / 100.0 if in_percent else value
        if kind == STOP_EXIT:
            stop_offset = min(stop_offset, offset)
        else:
            target_offset = min(target_offset, offset)
    direction = book.direction[slot]
    book.stop[slot] = price - direction * stop_offset
    book.target[slot] = price + direction * target_offset
    book.trailing_percent[slot] = trailing_percent
    book.trailing_distance[slot] = trailing_distance
    book.best[slot] = price


def settle_inside_bar(bar: int, market: Market, terms: Terms, book: Book) -> None:
    """Rules 3 and 4: stops and targets of everything held, then the trailing stops' new best prices."""
    if book.counts[OPEN_POSITIONS] == 0:
        return
    legs = book.direction.shape[0] // market.close.shape[1]
    for slot in range(book.direction.shape[0]):
        if book.direction[slot] == 0:
            continue
        symbol = slot // legs
        if math.isnan(market.close[bar, symbol]):
            continue
        best = market.high[bar, symbol] if book.direction[slot] > 0 else market.low[bar, symbol]
        price, reason, ambiguous = touched(bar, market, terms, book, slot)
        if reason >= 0:
            close_position(book, terms, slot, bar, (price, reason, ambiguous))
        elif book.direction[slot] > 0:
            book.best[slot] = max(book.best[slot], best)
        else:
            book.best[slot] = min(book.best[slot], best)


def touched(bar: int, market: Market, terms: Terms, book: Book, slot: int) -> tuple[float, int, int]:
    """Price before slippage, reason (−1: neither level was reached) and whether the bar is ambiguous (1)."""
    symbol = slot // (book.direction.shape[0] // market.close.shape[1])
    open_price = market.open[bar, symbol]
    level = book.stop[slot]
    target = book.target[slot]
    best = book.best[slot]
    offset = min(best * book.trailing_percent[slot] / 100.0, book.trailing_distance[slot])
    reason = BY_STOP
    if book.direction[slot] > 0:
        if best - offset > level:
            level = best - offset
            reason = BY_TRAILING_STOP
        opens_at_stop, opens_at_target = open_price <= level, open_price >= target
        stop_hit, target_hit = market.low[bar, symbol] <= level, market.high[bar, symbol] >= target
    else:
        if best + offset < level:
            level = best + offset
            reason = BY_TRAILING_STOP
        opens_at_stop, opens_at_target = open_price >= level, open_price <= target
        stop_hit, target_hit = market.high[bar, symbol] >= level, market.low[bar, symbol] <= target
    if opens_at_stop:
        return open_price, reason, 0
    if opens_at_target:
        return open_price, BY_TARGET, 0
    both = 1 if stop_hit and target_hit else 0
    if stop_hit and not (target_hit and terms.target_first):
        return level, reason, both
    if target_hit:
        return target, BY_TARGET, both
    return open_price, -1, 0


def close_ended(bar: int, market: Market, terms: Terms, book: Book) -> None:
    """Rule 6: whatever is held in a symbol at its last bar is closed at that bar's close."""
    if book.counts[OPEN_POSITIONS] == 0:
        return
    legs = book.direction.shape[0] // market.close.shape[1]
    for slot in range(book.direction.shape[0]):
        symbol = slot // legs
        if book.direction[slot] != 0 and market.last_bar[symbol] == bar:
            close_position(book, terms, slot, bar, (market.close[bar, symbol], BY_END, 0))


def value_book(bar: int, market: Market, book: Book) -> None:
    """Rule 7: equity at the close is cash and every position at its symbol's last close."""
    symbols = market.close.shape[1]
    for symbol in range(symbols):
        close = market.close[bar, symbol]
        if not math.isnan(close):
            book.last_close[symbol] = close
    equity = book.money[CASH]
    if book.counts[OPEN_POSITIONS] > 0:
        legs = book.direction.shape[0] // symbols
        for slot in range(book.direction.shape[0]):
            if book.direction[slot] != 0:
                equity += book.direction[slot] * book.quantity[slot] * book.last_close[slot // legs]
    book.equity[bar] = equity
    book.cash[bar] = book.money[CASH]


def decide(bar: int, market: Market, plan: Plan, book: Book) -> None:
    """What each slot wants after this bar's close."""
    legs = plan.legs.shape[0]
    for symbol in range(market.close.shape[1]):
        if math.isnan(market.close[bar, symbol]):
            continue
        for leg in range(legs):
            slot = symbol * legs + leg
            held = book.direction[slot]
            long_exit = given(plan, leg, LONG_EXIT, bar, symbol)
            short_exit = given(plan, leg, SHORT_EXIT, bar, symbol)
            if (held > 0 and long_exit) or (held < 0 and short_exit):
                book.exit_order[slot] = 1
            long_entry = given(plan, leg, LONG_ENTRY, bar, symbol)
            short_entry = given(plan, leg, SHORT_ENTRY, bar, symbol)
            if long_entry and long_exit:
                if held <= 0:
                    reject(book, slot, bar, 1, EXIT_TOO)
                long_entry = False
            if short_entry and short_exit:
                if held >= 0:
                    reject(book, slot, bar, -1, EXIT_TOO)
                short_entry = False
            if long_entry and short_entry:
                reject(book, slot, bar, 0, BOTH_DIRECTIONS)
            elif long_entry and held <= 0:
                order_entry(book, market, plan, slot, (bar, 1))
            elif short_entry and held >= 0:
                order_entry(book, market, plan, slot, (bar, -1))


def given(plan: Plan, leg: int, column: int, bar: int, symbol: int) -> bool:
    """Whether the leg has this signal and it is true here."""
    index = plan.legs[leg, column]
    if index < 0:
        return False
    return plan.flags[index, bar, symbol]  # type: ignore[no-any-return]


def order_entry(book: Book, market: Market, plan: Plan, slot: int, order: tuple[int, int]) -> None:
    """Take an entry order, decided at order[0] in direction order[1], or refuse it for what is known already."""
    bar, direction = order
    legs = plan.legs.shape[0]
    symbol = slot // legs
    leg = slot % legs
    if book.direction[slot] != 0 and book.exit_order[slot] == 0:
        reject(book, slot, bar, direction, OPPOSITE_HELD)
        return
    if market.last_bar[symbol] <= bar:
        reject(book, slot, bar, direction, NO_LATER_BAR)
        return
    for row in range(plan.exits.shape[0]):
        if plan.exits[row, EXIT_LEG] == leg and not 0.0 < exit_value(plan, row, bar, symbol) < math.inf:
            reject(book, slot, bar, direction, NO_EXIT_VALUE)
            return
    strength = 1.0
    if plan.legs[leg, STRENGTH] >= 0:
        strength = plan.numbers[plan.legs[leg, STRENGTH], bar, symbol]
        if math.isnan(strength):
            reject(book, slot, bar, direction, NO_STRENGTH)
            return
    book.entry_order[slot] = direction
    book.order_bar[slot] = bar
    book.order_strength[slot] = strength


PARTS: Final = (
    commission, reject, close_position, fill_exit_orders, fill_entry_orders, open_position, sized, exit_value,
    place_exits, settle_inside_bar, touched, close_ended, value_book, decide, given, order_entry,
)  # fmt: skip
"""Every function that `run_bars` calls, directly or not."""
