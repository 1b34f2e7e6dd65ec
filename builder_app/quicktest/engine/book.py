"""What the loop's files share: the prices, the plan, the terms and the book, as arrays that numba takes.

A table's columns are numbered by the constants above it. `slots` counts positions that there can be: a slot is one
leg on one symbol, at symbol · legs + leg.
"""

import math
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# What a leg says of a symbol at a bar: bits of Plan.said.
LONG_ENTRY, LONG_EXIT, SHORT_ENTRY, SHORT_EXIT, REBALANCE = 1, 2, 4, 8, 16
# Columns of Plan.legs; a source is an index into Plan.numbers, −1 for none.
STRENGTH, SIZE_KIND, SIZE_SOURCE, COOLDOWN, TIME_STOP, KELLY_TRADES, FIRST_EXIT, END_OF_EXITS, FOLLOWS = range(9)
LEG_COLUMNS: Final = 9
# Columns of Plan.sizes: percentages are of equity, infinity for no maximum.
SIZE, SIZE_MAXIMUM, KELLY_BEFORE = range(3)
PERCENT_OF_EQUITY, CASH_AMOUNT, SHARES, RISK_PERCENT, KELLY = range(5)
# Columns of Plan.exits, and the kinds and units in them. The rows of a leg follow each other.
EXIT_LEG, EXIT_KIND, EXIT_UNIT, EXIT_SOURCE, EXIT_TARGET = range(5)
STOP_EXIT, TRAILING_EXIT, TARGET_EXIT, BREAK_EVEN_EXIT = range(4)
PERCENT, DISTANCE, PRICE, LEVEL, MOVING_DISTANCE, RISK = range(6)
# Columns of Plan.limits: percentages of equity and counts of bars, infinity for none; ANY: 1 where one of the first
# five is given, 0 otherwise.
(WEIGHT, GROSS, NET, SECTOR, TURNOVER, TURNOVER_BARS, CORRELATION, CORRELATION_BARS, HALT, HALT_BARS, DAY_LOSS,
 LOSS_CLOSES, ANY) = range(13)  # fmt: skip
LIMIT_COLUMNS: Final = 13

# Why a position, or a part of it, was closed: indices into EXIT_REASONS.
(BY_SIGNAL, BY_STOP, BY_TRAILING_STOP, BY_TARGET, BY_END, BY_BREAK_EVEN, BY_TIME, BY_DAILY_LOSS,
 BY_REBALANCE) = range(9)  # fmt: skip
EXIT_REASONS: Final = (
    "signal", "stop", "trailing stop", "target", "end of test", "break even", "time", "daily loss", "rebalance",
)  # fmt: skip
# Why an entry was refused: indices into REJECTION_REASONS.
(FULL, NO_CASH, NO_SIZE, OPPOSITE_HELD, BOTH_DIRECTIONS, EXIT_TOO, NO_EXIT_VALUE, NO_STRENGTH, NO_LATER_BAR,
 NO_SIZE_VALUE, COOLING_DOWN, HALTED, LOST_TODAY, AT_LIMIT, PAST_LEVEL, TOO_LARGE_A_SHARE, OVER_WEIGHT, OVER_GROSS,
 OVER_NET, OVER_SECTOR, OVER_TURNOVER, TOO_ALIKE) = range(22)  # fmt: skip
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
    "The size had no value above zero at the bar of the decision.",
    "The cooldown after an exit in this symbol was not over.",
    "Entries were halted after the equity had fallen too far below its peak.",
    "Entries were halted for the day after the day's loss.",
    "The bar opened at its price limit.",
    "The price of a stop or target lay at or beyond the fill price.",
    "The order was larger than the allowed share of the bar's volume.",
    "The symbol would have been more than its allowed part of the equity.",
    "The positions together would have been worth more than the allowed part of the equity.",
    "Long less short positions would have been worth more than the allowed part of the equity.",
    "The sector would have been more than its allowed part of the equity.",
    "The entries of the last bars would have been more than the allowed part of the equity.",
    "The symbol had moved too much like one that was held.",
)

# Book.money, and Book.counts.
CASH, HELD_BACK, OPEN_EQUITY, PEAK, YESTERDAY = range(5)
(OPEN_POSITIONS, TRADES, REJECTIONS, KEPT_REJECTIONS, WAITING, RESIZES, HALTED_UNTIL, DAY, LOST_DAY,
 WATCHED) = range(10)  # fmt: skip
# Columns of Book.whole. EXIT_ORDER: 0, or a reason to leave and one. RESIZE: 0, or the bar of the decision and one.
# SYMBOL and LEG say whose slot it is: to read them is quicker than to divide.
(DIRECTION, ENTRY_BAR, EXIT_ORDER, ENTRY_ORDER, ORDER_BAR, SEEN_BAR, BARS_HELD, LEFT_BAR, RESIZE, SYMBOL,
 LEG) = range(11)  # fmt: skip
WHOLE_COLUMNS: Final = 11
# Columns of Book.real. ENTRY_PRICE is the mean of what was bought, FILL_PRICE that of the entry, RISK_DISTANCE from it
# to the tightest initial stop. STOP stands still; GAIN_TO_EVEN is the gain from which on the stop stands at FILL_PRICE.
# BEST is the best price of the bars before, by which stops move; SEEN_BEST and SEEN_WORST know this bar's fills too.
(QUANTITY, ENTRY_QUANTITY, ENTRY_PRICE, FILL_PRICE, ENTRY_COSTS, STOP, TRAILING_PERCENT, TRAILING_DISTANCE,
 TRAILING_LEVEL, GAIN_TO_EVEN, RISK_DISTANCE, BEST, SEEN_BEST, SEEN_WORST, LAST_CLOSE, ORDER_STRENGTH,
 PARTS_SOLD) = range(17)  # fmt: skip
REAL_COLUMNS: Final = 17
# Columns of Book.closed: of a leg's trades the number, the winners, and the returns of winners and of the others.
CLOSED, WON, GAINED, LOST = range(4)
# Columns of Book.trade_whole and Book.trade_real, and of Book.rejected.
(TRADE_SLOT, TRADE_DIRECTION, TRADE_ENTRY_BAR, TRADE_EXIT_BAR, TRADE_REASON, TRADE_AMBIGUOUS) = range(6)
(TRADE_QUANTITY, TRADE_ENTRY_PRICE, TRADE_EXIT_PRICE, TRADE_PROFIT, TRADE_COSTS, TRADE_FAVOURABLE,
 TRADE_ADVERSE) = range(7)  # fmt: skip
# Columns of Book.levels: the tightest stop, why leaving there is, the nearest target, and the position's entry bar.
LEVEL_OF_STOP, REASON_OF_STOP, LEVEL_OF_TARGET, LEVEL_ENTRY_BAR = range(4)
LEVEL_COLUMNS: Final = 4
ENOUGH: Final = 1e-9
"""Relative room for rounding when money is compared, and absolute room, in lots, when lots are counted."""
FOREVER: Final = 1 << 60


class Quotes(NamedTuple):
    """Prices of shape (bars, symbols), NaN in gaps; each symbol's last bar, −1 for none; each bar's day as a number."""

    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray
    last_bar: IntArray
    day: IntArray


class Plan(NamedTuple):
    """What the strategy wants, in the tables that the constants above describe.

    `said`, shape (events, legs), holds the bits of every (bar, symbol) at which any leg says something, by bar and
    symbol; the events of a bar are those from `first_event[bar]` to `first_event[bar + 1]`, `event_symbol` names their
    symbols. `numbers` has shape (arrays, bars, symbols). `constants` has shape (exits,), for those without a source.
    `parts`, shape (legs, targets): what part of the entry each target sells, in percent. `sectors`, shape (symbols,).
    """

    said: NDArray[np.uint8]
    first_event: IntArray
    event_symbol: IntArray
    numbers: FloatArray
    legs: IntArray
    sizes: FloatArray
    exits: IntArray
    constants: FloatArray
    parts: FloatArray
    limits: FloatArray
    sectors: IntArray


class Terms(NamedTuple):
    """Costs as fractions, money in the prices' currency; 0: no limit, for each of the last four numbers."""

    commission_rate: float
    minimum_commission: float
    sell_tax_rate: float
    slippage: float
    target_first: bool
    lot_size: float
    maximum_positions: int
    price_limit: float
    maximum_volume_share: float


class Test(NamedTuple):
    """What stands still in a test."""

    quotes: Quotes
    plan: Plan
    terms: Terms


class Book(NamedTuple):
    """Everything that changes: money, what is held and ordered by slot, and the records.

    `held` begins with the slots that hold a position, rising; `waiting` with those that have an entry order.
    `targets`, shape (slots, targets): levels not reached yet, ±infinity for none. `entered`, shape (bars,): the value
    of each bar's entries. `long` and `short`, shape (bars,): what is held is worth at each close. `refused`: how often
    for each reason; `rejected` keeps the first of them. `levels`, shape (bars, legs, LEVEL_COLUMNS), NaN for none: of
    the symbol counts[WATCHED]; where that is −1 nobody asks, and there are no rows.
    """

    money: FloatArray
    counts: IntArray
    held: IntArray
    waiting: IntArray
    whole: IntArray
    real: FloatArray
    targets: FloatArray
    closed: FloatArray
    entered: FloatArray
    equity: FloatArray
    cash: FloatArray
    long: FloatArray
    short: FloatArray
    levels: FloatArray
    trade_whole: IntArray
    trade_real: FloatArray
    rejected: IntArray
    refused: IntArray


def reject(book: Book, slot: int, bar: int, direction: int, reason: int) -> None:
    """Count an entry that was not taken, and record it while there is room."""
    book.counts[REJECTIONS] += 1
    book.refused[reason] += 1
    row = book.counts[KEPT_REJECTIONS]
    if row < book.rejected.shape[0]:
        book.rejected[row, 0] = slot
        book.rejected[row, 1] = bar
        book.rejected[row, 2] = direction
        book.rejected[row, 3] = reason
        book.counts[KEPT_REJECTIONS] = row + 1


def commission(value: float, test: Test) -> float:
    """What one fill of this traded value pays."""
    return max(value * test.terms.commission_rate, test.terms.minimum_commission)


def in_lots(quantity: float, test: Test) -> float:
    """A quantity rounded down to whole lots."""
    if test.terms.lot_size > 0.0 and quantity < math.inf:
        return np.floor(quantity / test.terms.lot_size + ENOUGH) * test.terms.lot_size  # type: ignore[no-any-return]
    return quantity


def cannot_fill(test: Test, bar: int, symbol: int, side: int) -> bool:
    """Whether the bar opens at the price limit against this side (+1 a purchase, −1 a sale)."""
    if test.terms.price_limit <= 0.0:
        return False
    before = bar - 1
    while before >= 0 and math.isnan(test.quotes.close[before, symbol]):
        before -= 1
    if before < 0:
        return False
    limit = test.quotes.close[before, symbol] * (1.0 + side * test.terms.price_limit)
    return side * (test.quotes.open[bar, symbol] - limit) >= -ENOUGH * limit  # type: ignore[no-any-return]


def exceeds(value: float, percent: float, equity: float) -> bool:
    """Whether a value is more than that percentage of the equity, rounding aside."""
    most = percent / 100.0 * equity
    return value > most + ENOUGH * abs(most)


def value_now(test: Test, book: Book, slot: int, bar: int) -> float:
    """What a position is worth at the bar's open, or at its symbol's last close where it has no bar; above zero."""
    price = test.quotes.open[bar, book.whole[slot, SYMBOL]]
    if math.isnan(price):
        price = book.real[slot, LAST_CLOSE]
    return book.real[slot, QUANTITY] * price  # type: ignore[no-any-return]


SHARED: Final = (reject, commission, in_lots, cannot_fill, exceeds, value_now)
