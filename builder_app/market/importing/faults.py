"""The kinds of fault that rows can have, and which rows have them."""

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from builder_app.market.prices.checks import LARGEST_PRICE, PRICES, Rows
from builder_app.market.prices.reading import bar_times

BoolArray = NDArray[np.bool_]


class Kind(StrEnum):
    """A kind of fault, in the order in which faults are repaired."""

    UNREADABLE = "unreadable text"
    MISSING = "missing price"
    NO_VOLUME = "missing volume"
    IMPOSSIBLE = "impossible value"
    CROSSED = "high below low"
    REPEATED = "repeated date"
    OUTSIDE = "open or close outside low to high"
    CLOSED_DAY = "bar on a closed day"
    OUTLIER = "outlier"
    SPLIT = "split not adjusted"
    GAP = "gap"


ERRORS = frozenset({Kind.UNREADABLE, Kind.MISSING, Kind.NO_VOLUME, Kind.IMPOSSIBLE, Kind.CROSSED, Kind.REPEATED})
"""With one of these, bars cannot be used as they are."""


def faulty(rows: Rows, kind: Kind) -> BoolArray:
    """The rows that have this fault, by themselves; all rows for faults that only their neighbours show."""
    values = rows.values
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        match kind:
            case Kind.MISSING:
                return _missing(rows)
            case Kind.NO_VOLUME:
                return np.asarray(np.isnan(values["volume"]) & ~_missing(rows))
            case Kind.IMPOSSIBLE:
                return _impossible(rows)
            case Kind.CROSSED:
                return np.asarray(np.less(values["high"], values["low"]))
            case Kind.REPEATED:
                return _repeated(rows)
            case Kind.OUTSIDE:
                return _outside(rows)
            case _:
                return np.ones(len(rows.lines), dtype=bool)


def _missing(rows: Rows) -> BoolArray:
    there = [rows.values[name] for name in PRICES if name in rows.values]
    return np.asarray(np.isnan(np.stack(there)).any(axis=0))


def _impossible(rows: Rows) -> BoolArray:
    values = rows.values
    found = np.asarray((values["volume"] < 0) | np.isinf(values["volume"]))
    for name in PRICES:
        if name in values:
            found |= (values[name] <= 0) | (values[name] > LARGEST_PRICE)
    if "adjusted" in values:
        found |= values["high"] * (values["adjusted"] / values["close"]) > LARGEST_PRICE
    return np.asarray(found)


def _repeated(rows: Rows) -> BoolArray:
    times, _ = bar_times(rows)
    _, places, counts = np.unique(times, return_inverse=True, return_counts=True)
    return np.asarray(counts[places] > 1)


def _outside(rows: Rows) -> BoolArray:
    values = rows.values
    found = np.zeros(len(rows.lines), dtype=bool)
    for name in ("open", "close"):
        found |= (values[name] > values["high"]) | (values[name] < values["low"])
    return np.asarray(found & ~(values["high"] < values["low"]))
