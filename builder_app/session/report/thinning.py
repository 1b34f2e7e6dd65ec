"""Long curves with fewer points: what a picture of so many columns shows of them."""

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


def extremes(values: FloatArray, first: int, last: int, buckets: int) -> tuple[FloatArray, FloatArray]:
    """Bars and values from bar `first` up to and including `last`, at most 2·`buckets` + 2 points.

    Each bucket of neighbouring bars keeps its lowest and highest value at their own bars, so that no spike is lost;
    the first and the last bar are always kept. NaN values are left out.
    """
    bars = np.arange(first, last + 1, dtype=np.float64)
    part = values[first : last + 1]
    known = ~np.isnan(part)
    if not known.all():
        bars, part = bars[known], part[known]
    size = len(part) // buckets if buckets > 0 else 0
    if size < 3:
        return bars, part
    whole = len(part) // size * size
    table = part[:whole].reshape(-1, size)
    starts = np.arange(0, whole, size)
    kept = np.concatenate(
        (
            starts + table.argmin(axis=1),
            starts + table.argmax(axis=1),
            np.arange(whole, len(part)),
            (0, len(part) - 1),
        )
    )
    kept = np.unique(kept)
    return bars[kept], part[kept]
