"""What the words of recipes mean, bar by bar, from their definitions: slow, plain, and independent of the prelude."""

import math
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from builder_app.codegen.interpreter.calendar import CALENDAR
from builder_app.codegen.interpreter.statistics import STATISTICS
from builder_app.codegen.interpreter.statistics import tie as _tie

Series = NDArray[np.float64]
Flags = NDArray[np.bool_]


def _compared(holds: Callable[[float, float], bool]) -> Callable[[Series, Series], Flags]:
    def compared(a: Series, b: Series) -> Flags:
        pairs = zip(a.tolist(), b.tolist(), strict=True)
        return np.array([not math.isnan(x + y) and holds(x, y) for x, y in pairs], dtype=bool)

    return compared


def _above(a: float, b: float) -> bool:
    return a > b and not _tie(a, b)


def _below(a: float, b: float) -> bool:
    return a < b and not _tie(a, b)


def _crossed(holds: Callable[[float, float], bool]) -> Callable[[Series, Series], Flags]:
    """True at a bar where it holds, and at the bar before both had values and it did not hold."""

    def crossed(a: Series, b: Series) -> Flags:
        answers = []
        for bar, (x, y) in enumerate(zip(a.tolist(), b.tolist(), strict=True)):
            before = (float(a[bar - 1]), float(b[bar - 1])) if bar else (math.nan, math.nan)
            known = not any(map(math.isnan, (x, y, *before)))
            answers.append(known and holds(x, y) and not holds(*before))
        return np.array(answers, dtype=bool)

    return crossed


def _previous(series: Series, bars: int) -> Series:
    return np.array([series[bar - bars] if bar >= bars else math.nan for bar in range(len(series))], dtype=float)


def _change(series: Series, bars: int) -> Series:
    return np.array([series[bar] - series[bar - bars] if bar >= bars else math.nan for bar in range(len(series))])


def _extreme(choose: Callable[[list[float]], float]) -> Callable[[Series, int], Series]:
    def extreme(series: Series, period: int) -> Series:
        values = []
        for bar in range(len(series)):
            window = series[bar + 1 - period : bar + 1].tolist() if bar + 1 >= period else [math.nan]
            values.append(math.nan if any(map(math.isnan, window)) else choose(window))
        return np.array(values, dtype=float)

    return extreme


def _divide(a: Series, b: Series) -> Series:
    pairs = zip(a.tolist(), b.tolist(), strict=True)
    return np.array([math.nan if y == 0 else x / y for x, y in pairs], dtype=float)


def _all_of(conditions: Sequence[Flags]) -> Flags:
    return np.array([all(bar) for bar in zip(*conditions, strict=True)], dtype=bool)


def _any_of(conditions: Sequence[Flags]) -> Flags:
    return np.array([any(bar) for bar in zip(*conditions, strict=True)], dtype=bool)


def _count_of(conditions: Sequence[Flags]) -> Series:
    return np.array([float(sum(map(bool, bar))) for bar in zip(*conditions, strict=True)], dtype=float)


MEANINGS: Final[dict[str, Callable[..., Any]]] = {
    "is_equal": _compared(_tie),
    "is_above": _compared(_above),
    "is_below": _compared(_below),
    "crossed_above": _crossed(_above),
    "crossed_below": _crossed(_below),
    "previous": _previous,
    "change": _change,
    "highest": _extreme(max),
    "lowest": _extreme(min),
    "divide": _divide,
    "all_of": _all_of,
    "any_of": _any_of,
    "count_of": _count_of,
    **STATISTICS,
    **CALENDAR,
}
