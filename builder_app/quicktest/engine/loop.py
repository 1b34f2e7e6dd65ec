"""The fill rules, and the one loop over bars that keeps them.

A slot is one position label (a leg) on one symbol; it holds at most one position. The rules:

1. What is decided at a bar's close is filled at the open of the symbol's next bar. At an open exits fill before
   entries, so their money is usable there. Where the symbol has no bar (a gap), its orders wait for its next bar.
   An exit order that is pending for an open comes before a stop in that bar. With a price limit, an open that is that
   fraction or more above the symbol's previous close fills no purchase, one that far below fills no sale: an entry is
   refused, an exit order waits for the next bar, and a stop or target that the bar opens at or beyond becomes an exit
   order that waits likewise. Inside such a bar stops and targets fill as ever.
2. Slippage is a fraction of the price and moves it against you on every fill: buys are dearer, sells cheaper, at the
   open, at a stop, at a target and at the end. Commission is a fraction of the traded value, or the minimum commission
   where that is more, on every fill. The sell tax is a fraction of the value of every sale (a long's exit, a short's
   entry).
3. Stops and targets are measured from the fill price (with its slippage) and live from the entry bar on. They fill at
   their level, or at the open where the bar opens at or beyond it. Values that change from bar to bar are read at the
   bar of the decision and stay as they are for the position's life. A value that is not a number above zero refuses
   the entry; so does a price, given as a stop or target, that lies at or beyond the fill price.
   A trailing stop follows the best price since the entry (the highest high of a long, the lowest low of a short; the
   fill price at first) at its distance, or at its percentage of that best price; inside a bar it stands where the bars
   before have put it. With a moving distance, that is read at the symbol's previous bar each time, and the stop never
   loosens; without a value above zero there it stays. A stop at a level that follows a series stands, in each bar,
   where the series was at the symbol's previous bar; without a value above zero there it does not stand in that bar.
   A break-even stop stands at the fill price once the best price known before the bar is its percentage or distance
   in gain. The risk is the distance from the fill price to the tightest stop or trailing stop of the entry, where it
   stands at the fill; levels that follow a series are not counted. A break-even stop or target can be a multiple of
   it. Of all stops the tightest counts; of equally tight ones the first of stop, trailing stop, break even.
   A target sells its part of the entry's quantity, rounded down to lots, and the one that makes the parts 100 % sells
   all that is left; the nearest target comes first. Each part sold is a trade of its own with its share of the costs.
   A time stop orders the exit at the close of that many bars of the symbol, the entry bar being the first.
4. A bar that touches both stop and target is ambiguous: it is flagged on its trades and settled stop first, or
   targets first (and what is left then at the stop) where the configuration says so. A bar that opens at or beyond
   one of them is not ambiguous: that one was first.
5. Cash is shared. Entries at one open are filled by strength, the highest first, equal strengths in pool order (then
   in the order of the legs). Money from an exit inside a bar (every stop and target, also one that fills at the
   open's price) is usable from the next bar's open, and its place among the maximum positions is free from there.
   An entry is filled whole or refused, with its reason recorded; it is never made smaller for want of cash.
   The size is found when the entry fills. Percent of equity: value, commission and tax together are that part of the
   equity at this open, after the exits and before the entries there: cash, and every position at its open, or at its
   symbol's last close in a gap. Cash: the traded value (slippage included) is that sum, commission and tax come on
   top. Shares: that number. Percent of risk: the quantity times the risk of rule 3 is that part of the same equity.
   Kelly: the given fraction of W − (1 − W) / R, not below zero, as a part of the same equity, where W is the share
   of the leg's closed trades that had a profit and R the mean return of those over the mean loss of the others (R is
   infinite without a loss); a given part of the equity until the leg has closed as many trades as it should. A size's
   maximum makes it as small as that percent of equity. The lot size rounds down.
   A short sale's proceeds are credited to the cash and held back together with as much again from free cash: the
   margin is 100 % of the value at entry and stays so until the exit. Free cash is the cash without what is held back;
   an entry of either direction needs its value, commission and tax in free cash. There are no margin calls and no
   interest.
6. At the end of the test open positions are closed at the last close and flagged; a position in a symbol whose bars
   end earlier is closed at that symbol's last close in the same way. Orders that no bar is left for are refused.
7. A symbol's missing bars are gaps, not prices: nothing is decided or filled there, and a position is valued at the
   symbol's last close.
8. Limits refuse an entry whole, none makes it smaller: the maximum of open positions; the maximum share of the volume
   of the bar of the fill; and in percent of the equity of rule 5, with the entry at its traded value and the rest at
   this open: the weight of its symbol and of its sector (long and short added up; a symbol that the table of sectors
   does not name is a sector of its own), the gross exposure (all added up), the net exposure (long less short, in
   either direction, where the entry takes it further from zero), and the turnover (the value of the entries filled in
   the last bars, this one's among them). The correlation cap refuses a symbol whose close-to-close returns, the last
   ones known between bars that both have, correlate more than allowed with those of any other symbol held; with fewer
   returns than asked for, or a symbol that does not move, there is no correlation.
9. After an exit, entries of that leg in that symbol are refused until the cooldown's number of the symbol's bars have
   passed after the exit's bar. When the equity at a close is the drawdown halt's percentage or more below its highest
   close so far (or the capital), entries are refused at the next opens, for as many bars as it says or to the end;
   after those bars the peak begins anew with the equity at their last close. When the equity at a close is the daily
   loss or more below the last equity of the day before, entries are refused for the rest of that day, and, if it says
   so, exits are ordered for everything that is held.
10. Where a leg rebalances, what it holds is brought at the next open to what its size rule gives there for the bar of
   the decision. What is too much is sold after the exits and before the entries; what is missing is bought after the
   entries, whole or, for want of cash or against the limits of rules 1, 8 and 9, not at all, with the reason recorded.
   The entry price becomes the mean of what was bought; stops and targets stay where the entry has put them; a part
   sold is a trade of its own, with its share of the entry's costs.

Deciding at a close, for each slot: an exit beats an entry of the same direction; a long and a short entry cancel each
other; a repeated entry in the direction that is held is nothing; an entry against the position held is refused unless
an exit of that position is ordered (a reversal: the exit fills first, then the entry).

This file and those whose PARTS it gathers are written in the part of Python that numba compiles; as plain Python they
give the same bits.
"""

import math
from typing import Final

from . import book as at
from . import deciding, entering, leaving, portfolio, resizing, watching
from .book import Book, Test
from .deciding import decide
from .entering import fill_entry_orders
from .leaving import close_ended, fill_exit_orders, settle_inside_bar
from .portfolio import open_equity, watch_losses
from .resizing import make_larger, make_smaller
from .watching import note_levels

REJECTIONS_A_BAR: Final = 4
"""At most so many rejections come from one slot in one bar."""
MOST_REJECTIONS: Final = 100_000
"""How many rejections are kept; more are counted."""


def run_bars(span: tuple[int, int], test: Test, book: Book) -> int:
    """Run the bars span[0] ≤ bar < span[1]; returns the next bar: span[1], or earlier with full records."""
    for bar in range(span[0], span[1]):
        is_busy = book.counts[at.OPEN_POSITIONS] + book.counts[at.WAITING] > 0
        if is_busy or test.plan.first_event[bar] < test.plan.first_event[bar + 1]:
            if not has_room(book):
                return bar
            trade(bar, test, book)
        value_book(bar, test, book)
        watch_losses(bar, test, book)
    return span[1]


def has_room(book: Book) -> bool:
    """Whether the records can hold another bar's."""
    if book.counts[at.TRADES] + trades_at_most(book) > book.trade_whole.shape[0]:
        return False
    kept = book.rejected.shape[0]
    most = book.counts[at.KEPT_REJECTIONS] + REJECTIONS_A_BAR * book.whole.shape[0]
    return kept >= MOST_REJECTIONS or most <= kept  # type: ignore[no-any-return]


def trade(bar: int, test: Test, book: Book) -> None:
    """What is filled and decided in one bar, in the order of the rules."""
    fill_exit_orders(bar, test, book)
    if book.counts[at.WAITING] + book.counts[at.RESIZES] > 0:
        book.money[at.OPEN_EQUITY] = open_equity(bar, test, book)
        make_smaller(bar, test, book)
        fill_entry_orders(bar, test, book)
        make_larger(bar, test, book)
    if book.counts[at.WATCHED] >= 0:
        note_levels(bar, test, book)
    settle_inside_bar(bar, test, book)
    decide(bar, test, book)  # before what ends here is closed: held is held, and a repeated entry nothing
    close_ended(bar, test, book)


def trades_at_most(book: Book) -> int:
    """How many trades the next bar can bring: each position, and each entry, may end in all its parts."""
    return (book.counts[at.OPEN_POSITIONS] + book.counts[at.WAITING]) * (book.targets.shape[1] + 2)  # type: ignore[no-any-return]


def value_book(bar: int, test: Test, book: Book) -> None:
    """Rule 7: equity at the close is cash and every position at its symbol's last close."""
    equity = book.money[at.CASH]
    long = short = 0.0
    for place in range(book.counts[at.OPEN_POSITIONS]):
        slot = book.held[place]
        close = test.quotes.close[bar, book.whole[slot, at.SYMBOL]]
        if not math.isnan(close):
            book.real[slot, at.LAST_CLOSE] = close
        worth = book.real[slot, at.QUANTITY] * book.real[slot, at.LAST_CLOSE]
        if book.whole[slot, at.DIRECTION] > 0:
            equity += worth
            long += worth
        else:
            equity -= worth
            short += worth
    book.equity[bar] = equity
    book.cash[bar] = book.money[at.CASH]
    if long > 0.0:
        book.long[bar] = long
    if short > 0.0:
        book.short[bar] = short


PARTS: Final = (
    has_room, trade, trades_at_most, value_book, *at.SHARED, *leaving.PARTS, *portfolio.PARTS, *entering.PARTS,
    *resizing.PARTS, *deciding.PARTS, *watching.PARTS,
)  # fmt: skip
"""Every function that `run_bars` calls, directly or not."""
EVERY_BAR: Final = frozenset((
    has_room, trade, trades_at_most, value_book, fill_exit_orders, settle_inside_bar, leaving.settle,
    leaving.stop_level, leaving.nearest_target, leaving.see, leaving.outlive, decide, deciding.count_bars, close_ended,
    watch_losses,
))  # fmt: skip
"""Those that run in every bar: the compiler is to put them into the loop."""
