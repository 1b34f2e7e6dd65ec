"""The variables of a strategy's functions, kept for whoever looks at the blocks."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

TRACED_BARS: Final = 120
TRACED_SYMBOLS: Final = 16
"""Of so many symbols, the first that have bars, the variables are kept: looking at them takes time."""
MOST_TRACES: Final = 1000


def trace(
    traces: dict[str, NDArray[np.float64]],
    local: Mapping[str, object],
    place: tuple[NDArray[np.intp], int],
    shape: tuple[int, ...],
) -> None:
    """Keep the last bars of one symbol's local variables that are arrays over its bars.

    `place`: the numbers of its bars and its column in `shape`, (bars, symbols).
    """
    valid, column = place
    kept = min(shape[0], TRACED_BARS)
    rows = valid[-kept:] - (shape[0] - kept)
    rows = rows[rows >= 0]
    for name, values in local.items():
        if type(values) is not np.ndarray or values.shape != valid.shape or values.dtype.kind not in "bfiu":
            continue
        if name not in traces:
            if len(traces) >= MOST_TRACES:
                continue
            traces[name] = np.full((kept, shape[1]), np.nan)
        traces[name][rows, column] = values[len(values) - len(rows) :]


def traces_across(local: Mapping[str, object], close: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """The last bars of the variables of a step across symbols, NaN where a symbol has no bar, that is no `close`."""
    gaps = np.isnan(close[-TRACED_BARS:])
    return {
        name: np.where(gaps, np.nan, values[-TRACED_BARS:].astype(np.float64))
        for name, values in list(local.items())[:MOST_TRACES]
        if type(values) is np.ndarray and values.shape == close.shape and values.dtype.kind in "bfiu"
    }
