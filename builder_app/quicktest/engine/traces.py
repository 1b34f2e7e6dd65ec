"""The variables of a strategy's functions, kept for whoever looks at the blocks."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

TRACED_BARS: Final = 120
TRACED_SYMBOLS: Final = 16
"""Of so many symbols, the first that have bars, the variables are kept: looking at them takes time."""
MOST_TRACES: Final = 1000
MOST_OF_ONE: Final = 50_000
"""So many variables are kept, of several symbols and of one alone."""


@dataclass(frozen=True, slots=True)
class Traced:
    """What is kept: how many of the last bars, and of which symbol alone ("": of the first TRACED_SYMBOLS)."""

    bars: int = TRACED_BARS
    symbol: str = ""

    @property
    def most(self) -> int:
        """How many variables are kept."""
        return MOST_OF_ONE if self.symbol else MOST_TRACES

    def wants(self, symbol: str, number: int) -> bool:
        """Whether this symbol's variables are kept; it is the one of this number that has bars, from 1 on."""
        return symbol == self.symbol if self.symbol else number <= TRACED_SYMBOLS

    def trace(
        self,
        traces: dict[str, NDArray[np.float64]],
        local: Mapping[str, object],
        place: tuple[NDArray[np.intp], int],
        shape: tuple[int, ...],
    ) -> None:
        """Keep the last bars of one symbol's local variables that are arrays over its bars.

        `place`: the numbers of its bars and its column in `shape`, (bars, symbols).
        """
        valid, column = place
        kept = min(shape[0], self.bars)
        width, column = (1, 0) if self.symbol else (shape[1], column)
        rows = valid[-kept:] - (shape[0] - kept)
        rows = rows[rows >= 0]
        for name, values in local.items():
            if type(values) is not np.ndarray or values.shape != valid.shape or values.dtype.kind not in "bfiu":
                continue
            if name not in traces:
                if len(traces) >= self.most:
                    continue
                traces[name] = np.full((kept, width), np.nan)
            traces[name][rows, column] = values[len(values) - len(rows) :]

    def across(
        self, local: Mapping[str, object], symbols: tuple[str, ...], close: NDArray[np.float64]
    ) -> dict[str, NDArray[np.float64]]:
        """The last bars of a step across symbols' variables, NaN where a symbol has no bar, that is no `close`."""
        column = symbols.index(self.symbol) if self.symbol in symbols else 0
        seen = (slice(-self.bars, None), slice(column, column + 1) if self.symbol else slice(None))
        gaps = np.isnan(close[seen])
        return {
            name: np.where(gaps, np.nan, values[seen].astype(np.float64))
            for name, values in list(local.items())[: self.most]
            if type(values) is np.ndarray and values.shape == close.shape and values.dtype.kind in "bfiu"
        }
