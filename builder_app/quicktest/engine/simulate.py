"""Run the loop over prices: memory for its records, progress, and the records as values."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from . import loop
from .accelerate import loop_for
from .prices import FIELDS, Pool
from .settings import Settings

FloatArray = NDArray[np.float64]
Watch = Callable[[int], bool]
"""Called with the number of bars done; answers whether to go on."""

CELLS_AT_ONCE: Final = {True: 20_000, False: 1_000_000}
"""Bars × slots between two looks at the watch, for the plain loop and the compiled one: some 50 ms."""


@dataclass(frozen=True, slots=True)
class TradeRecord:
    """One round trip; bars are indices, prices include slippage, `pnl` is after costs, `costs` are fees and taxes."""

    symbol: str
    leg: int
    direction: int
    quantity: float
    entry_bar: int
    entry_price: float
    exit_bar: int
    exit_price: float
    exit_reason: str
    ambiguous: bool
    pnl: float
    costs: float

    @property
    def return_fraction(self) -> float:
        """Profit or loss over the entry's traded value."""
        return self.pnl / (self.quantity * self.entry_price)


@dataclass(frozen=True, slots=True)
class RejectionRecord:
    """An entry not taken: the bar where it was refused, +1 long, −1 short, 0 both at once, and a sentence why."""

    symbol: str
    leg: int
    bar: int
    direction: int
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """Equity and cash at each close, shape (bars,), trades in the order of their exits, and the entries refused."""

    equity: FloatArray
    cash: FloatArray
    trades: tuple[TradeRecord, ...]
    rejections: tuple[RejectionRecord, ...]


def simulate(
    pool: Pool, plan: loop.Plan, settings: Settings, maximum_positions: int, watch: Watch | None = None
) -> Simulation | None:
    """Trade the plan on the pool; None when `watch` said to stop.

    `maximum_positions` is the strategy's own limit (0: none); the smaller of it and the settings' counts.
    """
    market = market_of(pool)
    limits = [limit for limit in (maximum_positions, settings.maximum_positions) if limit > 0]
    terms = loop.Terms(
        settings.commission_rate,
        settings.minimum_commission,
        settings.sell_tax_rate,
        settings.slippage,
        settings.lot_size,
        min(limits, default=0),
        settings.intrabar_order == "target_first",
    )
    bars, symbols = market.close.shape
    slots = symbols * plan.legs.shape[0]
    book = new_book(bars, symbols, slots, settings.initial_capital)
    bar = 0
    with np.errstate(all="ignore"):  # NaN and infinity mean “none” in the loop
        while bar < bars:
            run = loop_for(bars * slots)
            step = max(1, CELLS_AT_ONCE[run is loop.run_bars] // slots)
            reached = run((bar, min(bar + step, bars)), market, plan, terms, book)
            book = with_room(book)
            bar = int(reached)
            if watch is not None and not watch(bar):
                return None
    return _records(book, pool.symbols, plan.legs.shape[0])


def market_of(pool: Pool) -> loop.Market:
    """The four prices in the loop's form, with each symbol's last bar."""
    valid = ~np.isnan(pool.fields[FIELDS.index("close")])
    bars = len(valid)
    last_bar = np.where(valid.any(axis=0), bars - 1 - np.argmax(valid[::-1], axis=0), -1).astype(np.int64)
    open_price, high, low, close = (np.ascontiguousarray(array).view() for array in pool.fields[:4])
    market = loop.Market(open_price, high, low, close, last_bar)
    for array in market:
        array.setflags(write=False)
    return market


def new_book(bars: int, symbols: int, slots: int, capital: float) -> loop.Book:
    """An empty book with the capital in cash and room for some records."""

    def real() -> FloatArray:
        return np.zeros(slots)

    def whole() -> NDArray[np.int64]:
        return np.zeros(slots, dtype=np.int64)

    room = 256 + loop.RECORDS_A_BAR * slots
    return loop.Book(
        money=np.array([capital, 0.0]),
        counts=np.zeros(3, dtype=np.int64),
        direction=whole(),
        quantity=real(),
        entry_price=real(),
        entry_bar=whole(),
        entry_costs=real(),
        stop=real(),
        target=real(),
        trailing_percent=real(),
        trailing_distance=real(),
        best=real(),
        exit_order=whole(),
        entry_order=whole(),
        order_bar=whole(),
        order_strength=real(),
        last_close=np.zeros(symbols),
        equity=np.zeros(bars),
        cash=np.zeros(bars),
        trade_whole=np.zeros((room, 6), dtype=np.int64),
        trade_real=np.zeros((room, 5)),
        rejected=np.zeros((room, 4), dtype=np.int64),
    )


def with_room(book: loop.Book) -> loop.Book:
    """The same book, its records twice as long where they could not hold another bar."""
    slots = book.direction.shape[0]
    if book.counts[loop.TRADES] + loop.RECORDS_A_BAR * slots > book.trade_whole.shape[0]:
        whole = np.concatenate([book.trade_whole, np.zeros_like(book.trade_whole)])
        real = np.concatenate([book.trade_real, np.zeros_like(book.trade_real)])
        book = book._replace(trade_whole=whole, trade_real=real)
    if book.counts[loop.REJECTIONS] + loop.RECORDS_A_BAR * slots > book.rejected.shape[0]:
        book = book._replace(rejected=np.concatenate([book.rejected, np.zeros_like(book.rejected)]))
    return book


def smallest_run() -> tuple[loop.Market, loop.Plan, loop.Terms, loop.Book]:
    """A run of one bar and one slot, to compile the loop with."""
    one = np.ones((1, 1))
    market = market_of(Pool(("A",), np.zeros(1, dtype="datetime64[ns]"), (one, one, one, one, one)))
    plan = loop.Plan(
        flags=np.zeros((1, 1, 1), dtype=np.bool_),
        numbers=np.zeros((1, 1, 1)),
        legs=np.array([[0, -1, -1, -1, -1, loop.SHARES]], dtype=np.int64),
        sizes=np.ones(1),
        exits=np.zeros((0, 4), dtype=np.int64),
        exit_values=np.zeros(0),
    )
    for array in plan:
        array.setflags(write=False)
    return market, plan, loop.Terms(0.0, 0.0, 0.0, 0.0, 0.0, 0, False), new_book(1, 1, 1, 1.0)


def _records(book: loop.Book, symbols: tuple[str, ...], legs: int) -> Simulation:
    trades = []
    whole = book.trade_whole[: book.counts[loop.TRADES]].tolist()
    real = book.trade_real[: book.counts[loop.TRADES]].tolist()
    for (slot, direction, entry_bar, exit_bar, reason, ambiguous), numbers in zip(whole, real, strict=True):
        quantity, entry_price, exit_price, pnl, costs = numbers
        trades.append(
            TradeRecord(
                symbol=symbols[slot // legs],
                leg=slot % legs,
                direction=direction,
                quantity=quantity,
                entry_bar=entry_bar,
                entry_price=entry_price,
                exit_bar=exit_bar,
                exit_price=exit_price,
                exit_reason=loop.EXIT_REASONS[reason],
                ambiguous=ambiguous != 0,
                pnl=pnl,
                costs=costs,
            )
        )
    rejections = tuple(
        RejectionRecord(symbols[slot // legs], slot % legs, bar, direction, loop.REJECTION_REASONS[reason])
        for slot, bar, direction, reason in book.rejected[: book.counts[loop.REJECTIONS]].tolist()
    )
    return Simulation(book.equity, book.cash, tuple(trades), rejections)
