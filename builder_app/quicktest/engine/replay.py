"""A test gone through once more, for what its records do not hold: where stops and targets stood in each bar."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import book as columns
from .book import Plan
from .prices import Pool
from .settings import Settings
from .simulate import Watch, new_book_for, run_through, test_of

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """The levels that one symbol's positions had inside each bar, as the loop used them; arrays (bars, legs).

    `stop` is the tightest stop and `target` the nearest target not reached yet, NaN where there is none. `entry_bar`
    says which position it was, −1 where none was held when the bar's prices came: none after an exit at its open.
    """

    stop: FloatArray
    target: FloatArray
    entry_bar: NDArray[np.int64]
    reasons: NDArray[np.int64]
    """What leaving at the stop is called there, an index into EXIT_REASONS: the stop may be a trailing one."""

    def stop_name(self, bar: int, leg: int) -> str:
        """`stop`, `trailing stop` or `break even`."""
        return columns.EXIT_REASONS[self.reasons[bar, leg]]


@dataclass(frozen=True, slots=True, eq=False)
class Replay:
    """What a test was made of. To go through it again takes as long as the loop took, and gives the same bits."""

    pool: Pool
    plan: Plan
    settings: Settings
    maximum_positions: int

    def levels(self, symbol: str, watch: Watch | None = None) -> Levels | None:
        """A symbol's levels; None when `watch` said to stop. Raises ValueError where the pool does not hold it."""
        test = test_of(self.pool, self.plan, self.settings, self.maximum_positions)
        book = new_book_for(test, self.settings.initial_capital, self.pool.symbols.index(symbol))
        ran = run_through(test, book, self.pool, watch)
        return None if ran is None else _levels(ran.levels)


def _levels(noted: NDArray[Any]) -> Levels:
    stop, target = (
        np.where(np.isfinite(values), values, np.nan)
        for values in (noted[:, :, columns.LEVEL_OF_STOP], noted[:, :, columns.LEVEL_OF_TARGET])
    )
    entry_bar, reasons = (
        np.where(np.isnan(values), -1, values).astype(np.int64)
        for values in (noted[:, :, columns.LEVEL_ENTRY_BAR], noted[:, :, columns.REASON_OF_STOP])
    )
    return Levels(stop, target, entry_bar, reasons)
