"""Whether a strategy's signals see the future, and how long they remember where the history began.

Signals on a history that is cut off must equal those on the whole one, bar by bar. Signals on a history that begins
later must in the end, too: the bars until then are the strategy's warm-up.
"""

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .bars import CLOSE, Bars
from .evaluate import SignalsError, Steps, evaluate

CHECKED_SYMBOLS: Final = 2
CHECKED_BARS: Final = 20_000
CUTS: Final = 3
MOST_DIFFERENCES: Final = 20
SAME: Final = 1e-9
"""Numbers that differ by less, relatively, are the same on histories of the same beginning."""
SETTLED: Final = 1e-3
"""Numbers that differ by less, relatively, no longer depend on where the history began."""

Arrays = Mapping[str, NDArray[Any]]


def checked(steps: Steps, bars: Bars) -> dict[str, Any]:
    """What was found, as JSON can say it, on the last CHECKED_BARS bars of the symbols with the longest histories.

    "symbols" and "cuts" (numbers of bars) say what was looked at; "look_ahead" lists [key, symbol, bar] where a signal
    is another one on a history cut off after some later bar; "warm_up_bars" is how long signals depend on where the
    history begins, None if longer than "bars"; "failed" a sentence where the text failed on a shorter history.
    """
    counts = np.count_nonzero(~np.isnan(bars.fields[CLOSE]), axis=0)
    columns = np.argsort(-counts, kind="stable")[:CHECKED_SYMBOLS]
    first = max(0, len(bars.times) - CHECKED_BARS)
    small = _part(bars, slice(first, None), columns)
    found: dict[str, Any] = {
        "symbols": list(small.symbols), "cuts": [], "look_ahead": [], "warm_up_bars": 0, "bars": 0, "failed": "",
    }  # fmt: skip
    try:
        whole = evaluate(steps, small).arrays
        for cut in _cuts(whole, len(small.times)):
            found["cuts"].append(first + cut)
            shorter = evaluate(steps, _part(small, slice(None, cut), np.arange(len(small.symbols)))).arrays
            for key, bar, column in _differences(whole, shorter, (0, cut), SAME):
                found["look_ahead"].append([key, small.symbols[column], first + bar])
        found["look_ahead"] = found["look_ahead"][:MOST_DIFFERENCES]
        start = len(small.times) // 3
        later = evaluate(steps, _part(small, slice(start, None), np.arange(len(small.symbols)))).arrays
        differing = [bar for _, bar, _ in _differences(whole, later, (start, len(small.times)), SETTLED)]
        found["bars"] = len(small.times) - start
        settled = max(differing, default=-1) + 1
        found["warm_up_bars"] = None if settled >= found["bars"] else settled
    except SignalsError as error:
        found["failed"] = str(error)
    return found


def _part(bars: Bars, rows: slice, columns: NDArray[np.intp]) -> Bars:
    """Some bars of some symbols."""
    return Bars(
        tuple(bars.symbols[column] for column in columns),
        bars.times[rows],
        tuple(np.asfortranarray(array[rows][:, columns]) for array in bars.fields),
        None if bars.benchmark is None else bars.benchmark[rows],
        {symbol: tuple(array[rows] for array in fields) for symbol, fields in bars.others.items()},
    )


def _cuts(arrays: Arrays, bars: int) -> list[int]:
    """After how many bars to cut the history off: right after signals, where one that saw the future would show."""
    given = np.zeros(bars, dtype=np.bool_)
    for array in arrays.values():
        if array.dtype == np.bool_:
            given |= array.any(axis=1)
    places = np.flatnonzero(given[: bars - 1])
    if len(places) < CUTS:
        places = np.arange(bars - 1)
    wanted = {int(places[(len(places) - 1) * part // CUTS]) + 1 for part in range(1, CUTS + 1) if len(places)}
    return sorted(wanted)


def _differences(whole: Arrays, other: Arrays, span: tuple[int, int], tolerance: float) -> list[tuple[str, int, int]]:
    """Key, bar and column of what is another value in `other`, which holds the bars of the span; bars from its start
    for a later beginning are counted from there."""
    found = []
    for key, values in other.items():
        same = _alike(whole[key][span[0] : span[1]], values, tolerance)
        found += [(key, int(bar), int(column)) for bar, column in np.argwhere(~same)]
    return sorted(found, key=lambda place: place[1])


def _alike(one: NDArray[Any], other: NDArray[Any], tolerance: float) -> NDArray[np.bool_]:
    if one.dtype == np.bool_:
        return np.asarray(one == other)
    return np.asarray(np.isclose(one, other, rtol=tolerance, atol=0.0, equal_nan=True))
