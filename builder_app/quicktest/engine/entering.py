"""How positions are entered: in which order, how large, and where their stops and targets stand (rules 3 and 5)."""

import math
from typing import Final

from . import book as at
from .book import Book, Test, cannot_fill, commission, in_lots, reject
from .portfolio import is_too_alike, refused


def fill_entry_orders(bar: int, test: Test, book: Book) -> None:
    """Rule 5: pending entries whose symbol has a bar fill at its open, the strongest first."""
    count = book.counts[at.WAITING]
    sort_waiting(book, count)
    left = 0
    for place in range(count):
        slot = book.waiting[place]
        raw_price = test.quotes.open[bar, book.whole[slot, at.SYMBOL]]
        if math.isnan(raw_price):
            book.waiting[left] = slot
            left += 1
            continue
        direction = book.whole[slot, at.ENTRY_ORDER]
        reason = enter(bar, test, book, (slot, raw_price))
        if reason >= 0:
            reject(book, slot, bar, direction, reason)
        book.whole[slot, at.ENTRY_ORDER] = 0
    book.counts[at.WAITING] = left


def sort_waiting(book: Book, count: int) -> None:
    """Bring the waiting slots into the order of their fills, by a heap with the last of them on top."""
    for root in range(count // 2 - 1, -1, -1):
        sink(book, root, count)
    for end in range(count - 1, 0, -1):
        last = book.waiting[0]
        book.waiting[0] = book.waiting[end]
        book.waiting[end] = last
        sink(book, 0, end)


def sink(book: Book, root: int, end: int) -> None:
    """Move a slot down the heap until what is below it fills before it."""
    slot = book.waiting[root]
    while 2 * root + 1 < end:
        child = 2 * root + 1
        if child + 1 < end and fills_before(book, book.waiting[child], book.waiting[child + 1]):
            child += 1
        if not fills_before(book, slot, book.waiting[child]):
            break
        book.waiting[root] = book.waiting[child]
        root = child
    book.waiting[root] = slot


def fills_before(book: Book, one: int, other: int) -> bool:
    """Whether a slot's entry order comes before another's: by strength, then in pool order and that of the legs."""
    first, second = book.real[one, at.ORDER_STRENGTH], book.real[other, at.ORDER_STRENGTH]
    if first != second:
        return first > second  # type: ignore[no-any-return]
    return one < other


def enter(bar: int, test: Test, book: Book, order: tuple[int, float]) -> int:
    """Fill the slot's entry order at the bar's open price of `order`; returns why not, or −1 when it was filled."""
    slot, raw_price = order
    direction = book.whole[slot, at.ENTRY_ORDER]
    if is_cooling(bar, test, book, slot):
        return at.COOLING_DOWN
    if 0 < test.terms.maximum_positions <= book.counts[at.OPEN_POSITIONS]:
        return at.FULL
    if cannot_fill(test, bar, book.whole[slot, at.SYMBOL], direction):  # also where an exit waits for that reason
        return at.AT_LIMIT
    price = raw_price * (1.0 + direction * test.terms.slippage)
    if not place_exits(test, book, slot, (direction, price)):
        return at.PAST_LEVEL
    quantity = sized(test, book, slot, (direction, price, book.whole[slot, at.ORDER_BAR]))
    if not 0.0 < quantity < math.inf:
        return at.NO_SIZE
    reason = buy(bar, test, book, (slot, direction, quantity, price))
    if reason < 0 and is_too_alike(bar, test, book, book.whole[slot, at.SYMBOL]):
        reason = at.TOO_ALIKE
    if reason >= 0:
        return reason
    pay(bar, test, book, (slot, direction, quantity, price))
    hold(bar, book, slot, (direction, quantity, price))
    return -1


def is_cooling(bar: int, test: Test, book: Book, slot: int) -> bool:
    """Rule 9: whether the leg's cooldown bars of the symbol have not passed since its last exit there."""
    wanted = test.plan.legs[book.whole[slot, at.LEG], at.COOLDOWN]
    exit_bar = book.whole[slot, at.LEFT_BAR]
    if wanted == 0 or exit_bar < 0:
        return False
    passed = 0
    while bar > exit_bar and passed <= wanted:
        if not math.isnan(test.quotes.close[bar, book.whole[slot, at.SYMBOL]]):
            passed += 1
        bar -= 1
    return passed <= wanted  # type: ignore[no-any-return]


def buy(bar: int, test: Test, book: Book, order: tuple[int, int, float, float]) -> int:
    """Why shares cannot be bought (or sold short) now, or −1; `order`: slot, direction, how many and the price."""
    slot, direction, quantity, price = order
    value = quantity * price
    reason = refused(bar, test, book, (slot, direction, quantity, value))
    if reason >= 0:
        return reason
    free = book.money[at.CASH] - book.money[at.HELD_BACK]
    if value + fees(value, direction, test) > free + at.ENOUGH * abs(free):
        return at.NO_CASH
    return -1


def fees(value: float, direction: int, test: Test) -> float:
    """Commission and tax of an entry."""
    return commission(value, test) + (value * test.terms.sell_tax_rate if direction < 0 else 0.0)


def pay(bar: int, test: Test, book: Book, order: tuple[int, int, float, float]) -> None:
    """Move the money of a purchase or a short sale, and add its costs to the position's."""
    slot, direction, quantity, price = order
    value = quantity * price
    costs = fees(value, direction, test)
    book.money[at.CASH] -= direction * value + costs
    if direction < 0:
        book.money[at.HELD_BACK] += 2.0 * value
    book.entered[bar] += value
    if book.whole[slot, at.DIRECTION] == 0:
        book.real[slot, at.ENTRY_COSTS] = costs
    else:
        book.real[slot, at.ENTRY_COSTS] += costs


def hold(bar: int, book: Book, slot: int, fill: tuple[int, float, float]) -> None:
    """The slot holds a position from now on; `fill`: direction, quantity and price."""
    direction, quantity, price = fill
    place = book.counts[at.OPEN_POSITIONS]
    while place > 0 and book.held[place - 1] > slot:
        book.held[place] = book.held[place - 1]
        place -= 1
    book.held[place] = slot
    book.counts[at.OPEN_POSITIONS] += 1
    book.whole[slot, at.DIRECTION] = direction
    book.whole[slot, at.ENTRY_BAR] = bar
    book.whole[slot, at.SEEN_BAR] = book.whole[slot, at.ORDER_BAR]
    book.real[slot, at.QUANTITY] = quantity
    book.real[slot, at.ENTRY_QUANTITY] = quantity
    book.real[slot, at.ENTRY_PRICE] = price
    book.real[slot, at.FILL_PRICE] = price
    book.real[slot, at.BEST] = price
    book.real[slot, at.SEEN_BEST] = price
    book.real[slot, at.SEEN_WORST] = price
    book.real[slot, at.LAST_CLOSE] = price
    book.real[slot, at.PARTS_SOLD] = 0.0


def sized(test: Test, book: Book, slot: int, fill: tuple[int, float, int]) -> float:
    """How many shares the slot's size rule comes to; `fill`: direction, price and the bar of the decision."""
    direction, price, decided = fill
    leg = book.whole[slot, at.LEG]
    kind = test.plan.legs[leg, at.SIZE_KIND]
    value = size_value(test, leg, decided, book.whole[slot, at.SYMBOL])
    equity = book.money[at.OPEN_EQUITY]
    if kind == at.SHARES:
        quantity = value
    elif kind == at.CASH_AMOUNT:
        quantity = value / price
    elif kind == at.RISK_PERCENT:
        quantity = equity * value / 100.0 / book.real[slot, at.RISK_DISTANCE]
    else:
        percent = kelly_percent(test, book, leg) if kind == at.KELLY else value
        quantity = affordable(equity * percent / 100.0, test, direction, price)
    most = test.plan.sizes[leg, at.SIZE_MAXIMUM]
    if most < math.inf:
        quantity = min(quantity, affordable(equity * most / 100.0, test, direction, price))
    return in_lots(quantity, test)


def size_value(test: Test, leg: int, bar: int, symbol: int) -> float:
    """The number of a leg's size rule for what is decided at this bar."""
    source = test.plan.legs[leg, at.SIZE_SOURCE]
    if source < 0:
        return test.plan.sizes[leg, at.SIZE]  # type: ignore[no-any-return]
    return test.plan.numbers[source, bar, symbol]  # type: ignore[no-any-return]


def affordable(amount: float, test: Test, direction: int, price: float) -> float:
    """How many shares value, commission and tax together buy for an amount of money."""
    tax_rate = test.terms.sell_tax_rate if direction < 0 else 0.0
    quantity = amount / (price * (1.0 + test.terms.commission_rate + tax_rate))
    if quantity * price * test.terms.commission_rate < test.terms.minimum_commission:
        quantity = (amount - test.terms.minimum_commission) / (price * (1.0 + tax_rate))
    return quantity


def kelly_percent(test: Test, book: Book, leg: int) -> float:
    """The percent of equity by Kelly's formula from the leg's closed trades."""
    trades, won = book.closed[leg, at.CLOSED], book.closed[leg, at.WON]
    if trades < test.plan.legs[leg, at.KELLY_TRADES]:
        return test.plan.sizes[leg, at.KELLY_BEFORE]  # type: ignore[no-any-return]
    if won == 0.0:
        return 0.0
    share = won / trades
    edge = share
    if book.closed[leg, at.LOST] > 0.0:
        ratio = (book.closed[leg, at.GAINED] / won) / (book.closed[leg, at.LOST] / (trades - won))
        edge = share - (1.0 - share) / ratio
    return max(edge, 0.0) * test.plan.sizes[leg, at.SIZE] * 100.0  # type: ignore[no-any-return]


def exit_value(test: Test, row: int, bar: int, symbol: int) -> float:
    """The value of one exit rule for an entry decided at this bar."""
    source = test.plan.exits[row, at.EXIT_SOURCE]
    if source < 0:
        return test.plan.constants[row]  # type: ignore[no-any-return]
    return test.plan.numbers[source, bar, symbol]  # type: ignore[no-any-return]


def place_exits(test: Test, book: Book, slot: int, fill: tuple[int, float]) -> bool:
    """Rule 3: where stops and targets of a position stand that is opened at a price; False where it is past one."""
    direction, price = fill
    leg = book.whole[slot, at.LEG]
    stop = -direction * math.inf
    trailing_percent = trailing_distance = moving = math.inf
    for row in range(test.plan.legs[leg, at.FIRST_EXIT], test.plan.legs[leg, at.END_OF_EXITS]):
        kind, unit = test.plan.exits[row, at.EXIT_KIND], test.plan.exits[row, at.EXIT_UNIT]
        value = exit_value(test, row, book.whole[slot, at.ORDER_BAR], book.whole[slot, at.SYMBOL])
        if kind == at.STOP_EXIT and unit != at.LEVEL:
            level = level_of(unit, value, (-direction, price, 0.0))
            if direction * level > direction * stop:
                stop = level
        elif kind == at.TRAILING_EXIT:
            if unit == at.PERCENT:
                trailing_percent = min(trailing_percent, value)
            elif unit == at.DISTANCE:
                trailing_distance = min(trailing_distance, value)
            else:
                moving = min(moving, value)
    if direction * stop >= direction * price:
        return False
    book.real[slot, at.STOP] = stop
    book.real[slot, at.TRAILING_PERCENT] = trailing_percent
    book.real[slot, at.TRAILING_DISTANCE] = trailing_distance
    book.real[slot, at.TRAILING_LEVEL] = -direction * math.inf
    trailing = min(price * trailing_percent / 100.0, min(trailing_distance, moving))
    book.real[slot, at.RISK_DISTANCE] = min(direction * (price - stop), trailing)
    return place_targets(test, book, slot, (direction, price))


def place_targets(test: Test, book: Book, slot: int, fill: tuple[int, float]) -> bool:
    """Where targets stand, and from which gain on the stop stands at the fill price; False past a target's price."""
    direction, price = fill
    leg = book.whole[slot, at.LEG]
    risk = book.real[slot, at.RISK_DISTANCE]
    even = math.inf
    for target in range(book.targets.shape[1]):
        book.targets[slot, target] = direction * math.inf
    for row in range(test.plan.legs[leg, at.FIRST_EXIT], test.plan.legs[leg, at.END_OF_EXITS]):
        kind, unit = test.plan.exits[row, at.EXIT_KIND], test.plan.exits[row, at.EXIT_UNIT]
        value = exit_value(test, row, book.whole[slot, at.ORDER_BAR], book.whole[slot, at.SYMBOL])
        if kind == at.BREAK_EVEN_EXIT:
            even = min(even, distance_of(unit, value, price, risk))
        elif kind == at.TARGET_EXIT:
            level = level_of(unit, value, (direction, price, risk))
            if direction * level <= direction * price:
                return False
            book.targets[slot, test.plan.exits[row, at.EXIT_TARGET]] = level
    book.real[slot, at.GAIN_TO_EVEN] = even
    return True


def level_of(unit: int, value: float, fill: tuple[int, float, float]) -> float:
    """Where a stop or target stands; `fill`: +1 for above and −1 for below the fill price, that price, the risk."""
    side, price, risk = fill
    if unit == at.PRICE:
        return value
    return price + side * distance_of(unit, value, price, risk)


def distance_of(unit: int, value: float, price: float, risk: float) -> float:
    """How far from the fill price it is."""
    if unit == at.PERCENT:
        return price * value / 100.0
    return value * risk if unit == at.RISK else value


PARTS: Final = (
    fill_entry_orders, sort_waiting, sink, fills_before, enter, is_cooling, buy, fees, pay, hold, sized, size_value,
    affordable, kelly_percent, exit_value, place_exits, place_targets, level_of, distance_of,
)  # fmt: skip
