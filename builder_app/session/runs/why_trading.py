"""The engine's part of why: what was held, what became of an order, and what was refused around one bar."""

import datetime
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from builder_app.flow.phrases import listed_words
from builder_app.quicktest.request import Rejection, RunResult, Trade

MOST_RECORDS: Final = 500_000
"""So many trades, and refusals, are looked through."""
_MOST_NAMED: Final = 5
_BOUGHT: Final = {1: "Bought", -1: "Sold short"}
_LEFT: Final = {1: "Sold", -1: "Bought back"}


@dataclass(frozen=True, eq=False)
class AtBar:
    """A symbol at a bar of a result. `closes`: the last known close of each symbol there. `following`: the symbol's
    next bar, None where there is none; `knows_cash`: False where positions were resized, so that it cannot be told."""

    result: RunResult
    symbol: str
    bar: int
    following: int | None
    closes: dict[str, float]
    knows_cash: bool = True

    @cached_property
    def trades(self) -> tuple[Trade, ...]:
        """All symbols' trades."""
        return tuple(islice(self.result.trades, MOST_RECORDS))

    @cached_property
    def own_trades(self) -> tuple[Trade, ...]:
        """The symbol's trades."""
        return tuple(trade for trade in self.trades if trade.symbol == self.symbol)

    @cached_property
    def refusals(self) -> tuple[Rejection, ...]:
        """The symbol's refused entries in this bar, and at its next one."""
        bars = (self.bar, self.following)
        kept = islice(self.result.rejections, MOST_RECORDS)
        return tuple(one for one in kept if one.bar in bars and one.symbol == self.symbol)


def bar_words(time: np.datetime64) -> str:
    """`14 Mar 2006`, with the time of day where it is not midnight."""
    moment: datetime.datetime = time.astype("datetime64[s]").item()
    day = f"{moment.day} {moment:%b %Y}"
    return day if (moment.hour, moment.minute, moment.second) == (0, 0, 0) else f"{day}, {moment:%H:%M}"


def last_closes(symbols: Sequence[str], closes: NDArray[np.float64]) -> dict[str, float]:
    """The last close of each symbol that has one; `closes` ends with the bar, shape (bars, symbols)."""
    found = {}
    for column, symbol in enumerate(symbols):
        known = closes[~np.isnan(closes[:, column]), column]
        if len(known):
            found[symbol] = float(known[-1])
    return found


def trading_sentences(at: AtBar) -> tuple[str, ...]:
    """Whole sentences: fills and exits in this bar, what came of what was decided, refusals, and the book."""
    own = at.own_trades
    return (*_in_bar(at, own), *_held(at, own), *_next(at, own), *_refused(at), _book(at, at.trades))


def _in_bar(at: AtBar, own: Sequence[Trade]) -> Iterator[str]:
    for trade in own:
        if trade.entry_bar == at.bar:
            yield f"{_BOUGHT[trade.direction]} in this bar: {quantity_words(trade)} at {trade.entry_price:,.2f}."
        if trade.exit_bar == at.bar:
            yield (
                f"{_LEFT[trade.direction]} in this bar ({trade.exit_reason}): {quantity_words(trade)} at "
                f"{trade.exit_price:,.2f}, for {signed_money(trade.pnl)}."
            )


def _held(at: AtBar, own: Sequence[Trade]) -> Iterator[str]:
    for trade in own:
        if trade.entry_bar <= at.bar < trade.exit_bar:
            what = "long" if trade.direction > 0 else "short"
            since = "" if trade.entry_bar == at.bar else f" since {_day(at, trade.entry_bar)}"
            yield (
                f"{at.symbol} was held {what} at this close{since} ({quantity_words(trade)}); "
                "another entry in that direction is nothing then."
            )
            return
    yield f"{at.symbol} was not held at this close."


def _next(at: AtBar, own: Sequence[Trade]) -> Iterator[str]:
    if at.following is None:
        yield "No bar of the symbol follows, so that no order could be filled any more."
        return
    for trade in own:
        if trade.entry_bar == at.following:
            yield (
                f"{_BOUGHT[trade.direction]} at the next open, {_day(at, at.following)}: {quantity_words(trade)} at "
                f"{trade.entry_price:,.2f}."
            )
        if trade.exit_bar == at.following and trade.exit_reason == "signal":
            yield f"{_LEFT[trade.direction]} at the next open, {_day(at, at.following)}, by the signal."


def _refused(at: AtBar) -> Iterator[str]:
    for rejection in at.refusals:
        what = {1: "long entry", -1: "short entry"}.get(rejection.direction, "entry")
        when = "in this bar" if rejection.bar == at.bar else f"at the next open, {_day(at, rejection.bar)}"
        yield f"The {what} was refused {when}: {rejection.reason}"


def _book(at: AtBar, trades: Sequence[Trade]) -> str:
    """How much was held in all, and in cash."""
    held = [trade for trade in trades if trade.entry_bar <= at.bar < trade.exit_bar]
    equity = float(at.result.equity[at.bar])
    symbols = list(dict.fromkeys(trade.symbol for trade in held))
    names = symbols[:_MOST_NAMED] + [f"{len(symbols) - _MOST_NAMED} more"] * (len(symbols) > _MOST_NAMED)
    verb = "was" if len(symbols) == 1 else "were"
    what = f"{listed_words(names)} {verb} held" if symbols else "Nothing was held"
    said = f"{what} at this close; the equity was {equity:,.2f}"
    if not at.knows_cash or any(trade.symbol not in at.closes for trade in held):
        return f"{said}."
    worth = sum(trade.direction * trade.quantity * at.closes[trade.symbol] for trade in held)
    return f"{said}, of which {equity - worth:,.2f} in cash."


def _day(at: AtBar, bar: int) -> str:
    return bar_words(at.result.times[bar])


def quantity_words(trade: Trade) -> str:
    """How many shares, without zeros behind the point."""
    return f"{trade.quantity:,.2f}".rstrip("0").rstrip(".")


def signed_money(amount: float) -> str:
    """An amount with its sign."""
    return f"{'+' if amount >= 0 else '−'}{abs(amount):,.2f}"
