"""Jumps that no market makes: single bars that stick out, and splits that the prices were not adjusted for.

Arrays have shape (bars,) and hold one symbol's valid bars in order, adjusted as far as the file adjusts them.
"""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

LEAST_OUTLIER: Final = 0.25
"""A move (as the logarithm of a ratio) below it is never called an outlier."""
DEVIATIONS: Final = 12.0
"""… nor one below so many usual moves (the median of |log return|, made a standard deviation by 1.4826)."""
SPLIT_RATIOS: Final = (1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 10.0, 15.0, 20.0, 25.0, 30.0, 40.0, 50.0, 100.0)
"""New shares for an old one, or old ones for a new one."""
OFF_AT_OPEN: Final = 0.04
"""How far the open of the first bar after a split may be from the exact ratio, as the logarithm of a ratio,
or twice the usual move of a day where that is more."""
OFF_AFTER: Final = 0.15
"""… and the closes of that bar and the next four."""


def outliers(fields: Mapping[str, FloatArray]) -> NDArray[np.int64]:
    """The bars whose close jumps away and comes back in the next bar, or whose high or low does so alone."""
    close = fields["close"]
    if len(close) < 5:
        return np.zeros(0, dtype=np.int64)
    moves = np.diff(np.log(close))
    limit = max(LEAST_OUTLIER, DEVIATIONS * 1.4826 * float(np.median(np.abs(moves))))
    away, back = moves[:-1], moves[1:]
    spike = (np.abs(away) > limit) & (np.abs(back) > limit) & (np.abs(away + back) < 0.3 * np.abs(away))
    found = set((np.flatnonzero(spike) + 1).tolist())
    top, bottom = np.maximum(fields["open"], close), np.minimum(fields["open"], close)
    wick = (np.log(fields["high"] / top) > 2 * limit) | (np.log(bottom / fields["low"]) > 2 * limit)
    return np.array(sorted(found | set(np.flatnonzero(wick).tolist())), dtype=np.int64)


def splits(fields: Mapping[str, FloatArray]) -> list[tuple[int, float]]:
    """The bars that open after a split that the prices before were not adjusted for, and the ratio of their prices.

    A ratio of 0.5 is a split of 2 for 1. The step has to be near an exact ratio, and to stay.
    """
    open_, close = fields["open"], fields["close"]
    steps = np.log(open_[1:] / close[:-1])
    usual = float(np.median(np.abs(np.diff(np.log(close))))) * 1.4826 if len(close) > 2 else 0.0
    found = []
    for place in np.flatnonzero(np.abs(steps) > max(0.9 * np.log(SPLIT_RATIOS[0]), 6.0 * usual)):
        ratio = _nearest(float(steps[place]))
        bar = int(place) + 1
        after = np.log(close[bar : bar + 5] / (close[bar - 1] * ratio))
        if abs(steps[place] - np.log(ratio)) < max(OFF_AT_OPEN, 2.0 * usual) and np.abs(after).max() < max(
            OFF_AFTER, 4.0 * usual
        ):
            found.append((bar, ratio))
    return found


def _nearest(step: float) -> float:
    exact = min(SPLIT_RATIOS, key=lambda ratio: abs(abs(step) - np.log(ratio)))
    return exact if step > 0 else 1.0 / exact


def words_of(ratio: float) -> str:
    """The split as one says it: "2 for 1", "1 for 10", "3 for 2"."""
    new, old = (1.0 / ratio, 1.0) if ratio < 1 else (1.0, ratio)
    while new != round(new) or old != round(old):
        new, old = round(new * 2, 9), round(old * 2, 9)
        if new > 1000:
            break
    return f"{new:g} for {old:g}"
