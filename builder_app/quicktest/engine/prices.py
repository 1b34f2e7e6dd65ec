"""What the engine asks of prices, and the cut of them that a test is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

FIELDS: Final = ("open", "high", "low", "close", "volume")

FloatArray = NDArray[np.float64]


class Prices(Protocol):
    """Bars × symbols: arrays of shape (bars, symbols), float64, NaN in all five where a symbol has no bar.

    `times` has shape (bars,), datetime64, rising. Prices are adjusted for splits and dividends.
    """

    @property
    def symbols(self) -> tuple[str, ...]: ...
    @property
    def times(self) -> NDArray[np.datetime64]: ...
    @property
    def open(self) -> FloatArray: ...
    @property
    def high(self) -> FloatArray: ...
    @property
    def low(self) -> FloatArray: ...
    @property
    def close(self) -> FloatArray: ...
    @property
    def volume(self) -> FloatArray: ...
    @property
    def fingerprint(self) -> str: ...


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """The symbols that are traded, in pool order; `fields` holds FIELDS in order, each of shape (bars, symbols).

    Its bars are those on which at least one of its symbols has one: a benchmark with a longer history must not
    stretch the test. `rows` says which of the prices' bars they are, shape (bars of the prices,), dtype bool; None:
    all of them.
    """

    symbols: tuple[str, ...]
    times: NDArray[np.datetime64]
    fields: tuple[FloatArray, ...]
    rows: NDArray[np.bool_] | None = None

    def cut(self, array: FloatArray) -> FloatArray:
        """The pool's bars of an array over the prices' bars."""
        return array if self.rows is None else array[self.rows]


def wrong_prices(prices: Prices) -> tuple[str, ...]:
    """A sentence for each way in which the arrays are not what `Prices` says; empty when they are."""
    shape = (len(prices.times), len(prices.symbols))
    if shape[0] == 0 or shape[1] == 0:
        return ("There are no price bars to test on; choose other dates, or symbols that have prices.",)
    arrays = [getattr(prices, name) for name in FIELDS]
    if any(array.shape != shape or array.dtype != np.float64 for array in arrays):
        return (f"The price arrays must be float64 in the shape (bars, symbols), here {shape}.",)
    if not bool(np.all(np.diff(prices.times.astype(np.int64)) > 0)):
        return ("The times of the price bars do not rise; sort the bars and keep one bar for each time.",)
    missing = np.isnan(prices.close)
    problems = []
    for name, array in zip(FIELDS, arrays, strict=True):
        smallest = 0.0 if name == "volume" else np.nextafter(0.0, 1.0)
        good = np.where(missing, np.isnan(array), np.isfinite(array) & (array >= smallest))
        if not good.all():
            bar, column = np.argwhere(~good)[0]
            problems.append(
                f"{prices.symbols[column]} has the {name} {array[bar, column]} on {prices.times[bar]}, which cannot be "
                "traded; correct that bar, or leave it out."
            )
    return tuple(problems)


def pool_of(prices: Prices, stock_pool: Sequence[str]) -> tuple[Pool | None, tuple[str, ...]]:
    """The symbols that a stock pool names, in its order (all of them for an empty one), on the bars that any of them
    has, or sentences why not."""
    symbols = tuple(stock_pool) or prices.symbols
    missing = [symbol for symbol in symbols if symbol not in prices.symbols]
    if missing:
        known = ", ".join(prices.symbols[:20])
        return None, (f"There are no prices for {', '.join(missing)}; the prices hold {known}.",)
    columns = [prices.symbols.index(symbol) for symbol in symbols]
    whole = columns == list(range(len(prices.symbols)))
    arrays = [getattr(prices, name) for name in FIELDS]
    chosen = arrays if whole else [array[:, columns] for array in arrays]
    rows = ~np.isnan(chosen[FIELDS.index("close")]).all(axis=1)
    if not rows.any():
        return None, ("The symbols of the pool have no bars in this range of dates; choose other dates.",)
    if rows.all():
        return Pool(symbols, prices.times, tuple(np.ascontiguousarray(array) for array in chosen)), ()
    fields = tuple(np.ascontiguousarray(array[rows]) for array in chosen)
    return Pool(symbols, prices.times[rows], fields, rows), ()
