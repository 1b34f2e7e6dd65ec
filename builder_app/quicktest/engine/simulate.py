"""Run the loop over prices: memory for its records, progress, and the records as values."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from . import book as columns
from . import loop
from .accelerate import loop_for, run_plainly
from .book import Book, Plan, Quotes, Terms, Test
from .prices import FIELDS, Pool
from .records import RejectionRecord, Rejections, TradeRecord, Trades
from .settings import Settings

__all__ = ["RejectionRecord", "Rejections", "Simulation", "TooManyTrades", "TradeRecord", "Trades", "simulate"]

FloatArray = NDArray[np.float64]
Number = TypeVar("Number", np.int64, np.float64)
Watch = Callable[[int], bool]
"""Called with the number of bars done; answers whether to go on."""

CELLS_AT_ONCE: Final = {True: 20_000, False: 1_000_000}
"""Bars × slots between two looks at the watch, for the plain loop and the compiled one: some 50 ms."""
MOST_TRADES: Final = 1_000_000
"""How many trades a test keeps: some 100 MB."""


class TooManyTrades(Exception):
    """The strategy makes more trades than a test keeps; a whole sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """Equity, cash, and what long and short positions are worth at each close, shape (bars,), trades in the order of
    their exits, and the entries refused."""

    equity: FloatArray
    cash: FloatArray
    long: FloatArray
    short: FloatArray
    trades: Trades
    rejections: Rejections


def simulate(
    pool: Pool, plan: Plan, settings: Settings, maximum_positions: int, watch: Watch | None = None
) -> Simulation | None:
    """Trade the plan on the pool; None when `watch` said to stop. Raises TooManyTrades.

    `maximum_positions` is the strategy's own limit (0: none); the smaller of it and the settings' counts.
    """
    test = test_of(pool, plan, settings, maximum_positions)
    book = run_through(test, new_book_for(test, settings.initial_capital), pool, watch)
    return None if book is None else _records(book, pool.symbols, plan.legs.shape[0])


def test_of(pool: Pool, plan: Plan, settings: Settings, maximum_positions: int) -> Test:
    """What stands still in a test; `maximum_positions` as in `simulate`."""
    quotes = quotes_of(pool, needs_days=plan.limits[columns.DAY_LOSS] < math.inf)
    return Test(quotes, plan, terms_of(settings, maximum_positions))


def run_through(test: Test, book: Book, pool: Pool, watch: Watch | None) -> Book | None:
    """Run all bars of the pool; the book as it is then, its records perhaps longer. Raises TooManyTrades."""
    bars, slots = len(test.quotes.close), len(book.whole)
    bar = 0
    with np.errstate(all="ignore"):  # NaN and infinity mean “none” in the loop
        while bar < bars:
            run = loop_for(bars * slots)
            step = max(1, CELLS_AT_ONCE[run is run_plainly] // slots)
            reached = int(run((bar, min(bar + step, bars)), test, book))
            if book.counts[columns.TRADES] > MOST_TRADES:
                raise TooManyTrades(_too_many(pool, reached))
            book = with_room(book)
            bar = reached
            if watch is not None and not watch(bar):
                return None
    return book


def _too_many(pool: Pool, bar: int) -> str:
    return (
        f"The strategy had made more than {MOST_TRADES:,} trades by {str(pool.times[max(bar, 1) - 1])[:10]}, more than "
        "a test keeps; let it trade less often, or test fewer symbols or a shorter time."
    )


def terms_of(settings: Settings, maximum_positions: int) -> Terms:
    """The costs and limits of a test in the loop's form."""
    limits = [limit for limit in (maximum_positions, settings.maximum_positions) if limit > 0]
    return Terms(
        float(settings.commission_rate),
        float(settings.minimum_commission),
        float(settings.sell_tax_rate),
        float(settings.slippage),
        settings.intrabar_order == "target_first",
        float(settings.lot_size),
        min(limits, default=0),
        float(settings.price_limit),
        float(settings.maximum_volume_share),
    )


def quotes_of(pool: Pool, needs_days: bool = True) -> Quotes:
    """The prices in the loop's form, with each symbol's last bar and, where they are needed, each bar's day."""
    valid = ~np.isnan(pool.fields[FIELDS.index("close")])
    bars = len(valid)
    last_bar = np.where(valid.any(axis=0), bars - 1 - np.argmax(valid[::-1], axis=0), -1).astype(np.int64)
    open_price, high, low, close, volume = (np.ascontiguousarray(array).view() for array in pool.fields)
    day = pool.times.astype("datetime64[D]").astype(np.int64) if needs_days else np.zeros(bars, dtype=np.int64)
    quotes = Quotes(open_price, high, low, close, volume, last_bar, day)
    for array in quotes:
        array.setflags(write=False)
    return quotes


def new_book_for(test: Test, capital: float, watched: int = -1) -> Book:
    """An empty book with the capital in cash and room for some records; `watched`: the symbol whose levels are kept."""
    bars, symbols = test.quotes.close.shape
    legs, targets = test.plan.parts.shape
    slots = symbols * legs
    money = np.zeros(5)
    money[[columns.CASH, columns.PEAK, columns.YESTERDAY]] = capital
    counts = np.zeros(10, dtype=np.int64)
    counts[columns.WATCHED] = watched
    counts[columns.HALTED_UNTIL] = -1
    counts[columns.LOST_DAY] = -columns.FOREVER
    whole = np.zeros((slots, columns.WHOLE_COLUMNS), dtype=np.int64)
    whole[:, columns.LEFT_BAR] = -1
    whole[:, columns.SYMBOL], whole[:, columns.LEG] = np.divmod(np.arange(slots), legs)
    some = 1024 + 4 * slots
    return Book(
        money=money,
        counts=counts,
        held=np.zeros(slots, dtype=np.int64),
        waiting=np.zeros(slots, dtype=np.int64),
        whole=whole,
        real=np.zeros((slots, columns.REAL_COLUMNS)),
        targets=np.full((slots, targets), math.inf),
        closed=np.zeros((legs, 4)),
        entered=np.zeros(bars),
        equity=np.zeros(bars),
        cash=np.zeros(bars),
        long=np.zeros(bars),
        short=np.zeros(bars),
        levels=np.full((bars if watched >= 0 else 0, legs, columns.LEVEL_COLUMNS), math.nan),
        trade_whole=np.zeros((some, 6), dtype=np.int64),
        trade_real=np.zeros((some, 7)),
        rejected=np.zeros((1024 + loop.REJECTIONS_A_BAR * slots, 4), dtype=np.int64),
        refused=np.zeros(len(columns.REJECTION_REASONS), dtype=np.int64),
    )


def room(book: Book) -> int:
    """How many trades the next bar may bring."""
    return int(loop.trades_at_most(book))


def with_room(book: Book) -> Book:
    """The same book, its records longer where they could not hold another bar."""
    trades = int(book.counts[columns.TRADES])
    if trades + room(book) > len(book.trade_whole):
        more = max(room(book), len(book.trade_whole))
        book = book._replace(
            trade_whole=_longer(book.trade_whole, trades, more), trade_real=_longer(book.trade_real, trades, more)
        )
    kept, slots = int(book.counts[columns.KEPT_REJECTIONS]), len(book.whole)
    if kept + loop.REJECTIONS_A_BAR * slots > len(book.rejected) and len(book.rejected) < loop.MOST_REJECTIONS:
        more = max(len(book.rejected), loop.REJECTIONS_A_BAR * slots)
        book = book._replace(rejected=_longer(book.rejected, kept, more))
    return book


def _longer(records: NDArray[Number], used: int, more: int) -> NDArray[Number]:
    longer = np.zeros((len(records) + more, records.shape[1]), dtype=records.dtype)
    longer[:used] = records[:used]
    return longer


def smallest_run() -> tuple[Test, Book]:
    """A run of one bar and one slot, to compile the loop with."""
    one = np.ones((1, 1))
    quotes = quotes_of(Pool(("A",), np.zeros(1, dtype="datetime64[ns]"), (one, one, one, one, one)))
    plan = Plan(
        said=np.zeros((0, 1), dtype=np.uint8),
        first_event=np.zeros(2, dtype=np.int64),
        event_symbol=np.zeros(0, dtype=np.int64),
        numbers=np.zeros((1, 1, 1)),
        legs=np.zeros((1, columns.LEG_COLUMNS), dtype=np.int64),
        sizes=np.ones((1, 3)),
        exits=np.zeros((0, 5), dtype=np.int64),
        constants=np.zeros(0),
        parts=np.zeros((1, 1)),
        limits=np.full(columns.LIMIT_COLUMNS, math.inf),
        sectors=np.zeros(1, dtype=np.int64),
    )
    for array in plan:
        array.setflags(write=False)
    test = Test(quotes, plan, terms_of(Settings(), 0))
    return test, new_book_for(test, 1.0)


def _records(book: Book, symbols: tuple[str, ...], legs: int) -> Simulation:
    """What the book says, without the room that was not needed."""
    trades, kept = int(book.counts[columns.TRADES]), int(book.counts[columns.KEPT_REJECTIONS])
    curves = (book.equity, book.cash, book.long, book.short)
    for array in (*curves, book.trade_whole, book.trade_real, book.rejected, book.refused):
        array.setflags(write=False)
    return Simulation(
        *curves,
        Trades(symbols, legs, book.trade_whole[:trades].copy(), book.trade_real[:trades].copy()),
        Rejections(symbols, legs, book.rejected[: min(kept, loop.MOST_REJECTIONS)].copy(), book.refused),
    )
