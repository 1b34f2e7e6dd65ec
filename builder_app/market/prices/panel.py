"""A Panel: the prices of several symbols on one time axis."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

FIELDS: Final = ("open", "high", "low", "close", "volume")

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Bars × symbols. Every array has the shape (bars, symbols), dtype float64, C order.

    A bar that a symbol does not have (before its first, after its last, a gap between) is NaN in all five fields:
    a gap, not a price. `times` has shape (bars,), dtype datetime64[ns], rising, in UTC without zone (a daily bar's time
    is its date at midnight). Prices are adjusted for splits and dividends.
    `fingerprint` is the SHA-256 (hex) of symbols, times and the five arrays' bytes.
    """

    symbols: tuple[str, ...]
    times: NDArray[np.datetime64]
    open: FloatArray
    high: FloatArray
    low: FloatArray
    close: FloatArray
    volume: FloatArray
    fingerprint: str
    frequency: str = "daily"
