"""The bars that a strategy's functions see: its pool's, and what else it may look at beside them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .prices import FIELDS

FloatArray = NDArray[np.float64]
TIME: Final = np.dtype("datetime64[ns]")
CLOSE: Final = FIELDS.index("close")


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """A pool's bars: `times` of shape (bars,), `fields` FIELDS in order, each of shape (bars, symbols), NaN in gaps.

    `benchmark`: the close of the test's benchmark, shape (bars,), or None for the pool itself, equally weighted.
    `others`: symbols that the strategy names, in the pool or not, with FIELDS in order, each of shape (bars,).
    """

    symbols: tuple[str, ...]
    times: NDArray[np.datetime64]
    fields: tuple[FloatArray, ...]
    benchmark: FloatArray | None = None
    others: Mapping[str, tuple[FloatArray, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Market:
    """What a step that looks across symbols knows beside their values.

    `symbols` in pool order and `times` (bars,) are the axes of its arrays; `bars`, of both, is true where a symbol has
    a bar. `benchmark`, shape (bars,): the last known
    close of the test's benchmark (NaN before its first); without one, the pool bought in equal parts and held, from
    100. `others`: by the names of the symbols that the strategy asked for, what the steps before gave for them, by key,
    shape (bars,), NaN or False in gaps.
    """

    symbols: tuple[str, ...]
    times: NDArray[np.datetime64]
    bars: NDArray[np.bool_]
    benchmark: FloatArray
    others: Mapping[str, Mapping[str, NDArray[Any]]]


def bars_from(
    prices: tuple[Sequence[str], NDArray[np.datetime64], Sequence[FloatArray]],
    pool: Sequence[str],
    benchmark: str | None,
    others: Sequence[str],
) -> Bars:
    """The bars of a pool out of prices: symbols, times and FIELDS in order. All named symbols must be among them."""
    symbols, times, fields = prices
    columns = [symbols.index(symbol) for symbol in pool]
    whole = columns == list(range(len(symbols)))
    return Bars(
        tuple(pool),
        times.astype(TIME, copy=False),
        tuple(array if whole else np.asfortranarray(array[:, columns]) for array in fields),
        None if benchmark is None else fields[CLOSE][:, symbols.index(benchmark)],
        {other: tuple(np.ascontiguousarray(array[:, symbols.index(other)]) for array in fields) for other in others},
    )


def benchmark_in(bars: Bars) -> FloatArray:
    """What `Market.benchmark` says."""
    if bars.benchmark is None:
        return equally_weighted(bars.fields[CLOSE], 100.0)
    return last_known(bars.benchmark)


def last_known(values: FloatArray) -> FloatArray:
    """The last value at or before each bar; NaN before the first. Shape (bars,)."""
    last = np.maximum.accumulate(np.where(np.isnan(values), -1, np.arange(len(values))))
    return np.where(last < 0, np.nan, values[last])


def equally_weighted(closes: FloatArray, capital: float) -> FloatArray:
    """The worth at each close of capital split into as many equal parts as there are symbols, shape (bars,).

    Each part lies in cash until its symbol's first close, is then put into the symbol whole at that close, without
    costs, and held to the end; in gaps and after the symbol's last bar it is worth what it was at the last close.
    """
    part = capital / closes.shape[1]
    whole = ~np.isnan(closes).any(axis=0)
    plain = closes if whole.all() else closes[:, whole]
    value: FloatArray = np.einsum("bs,s->b", plain, part / plain[0])
    for column in np.flatnonzero(~whole):
        close = last_known(closes[:, column])
        known = ~np.isnan(close)
        first = close[int(np.argmax(known))]
        value += np.where(known, part * close / first, part) if known.any() else part
    return value


def nothing(kind: np.dtype[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """False or NaN throughout, each symbol's bars side by side."""
    return np.full(shape, False if kind == np.bool_ else np.nan, dtype=kind, order="F")


def asked_symbols(rules: object) -> Mapping[str, str]:
    """The symbols that RULES["other_symbols"] names, with the words for the block that asks; {} where it is wrong."""
    named = rules.get("other_symbols") if isinstance(rules, dict) else None
    if not isinstance(named, dict):
        return {}
    return {symbol: asks for symbol, asks in named.items() if isinstance(symbol, str) and isinstance(asks, str)}


def missing_symbols(rules: object, symbols: Sequence[str]) -> tuple[str, ...]:
    """A sentence for each symbol that the rules ask for and that is not among the prices' symbols."""
    return tuple(
        f"{asks[:80]} looks at {symbol[:30]}, which has no prices here; add its prices, or name another symbol."
        for symbol, asks in asked_symbols(rules).items()
        if symbol not in symbols
    )
