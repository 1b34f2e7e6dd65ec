"""Every word that a recipe may use, with what it takes and gives. What is not here is refused."""

import functools
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import talib
import talib.abstract

from builder_app.flow.values import PortType


class Kind(StrEnum):
    """What an expression gives."""

    NUMBER = "a number"
    SERIES = "a series"
    BOOLEAN = "a true/false condition"
    TEXT = "a text"
    TIME = "the times of the bars"
    OUTPUTS = "several outputs; pick one, as in ta.BBANDS(…)[0]"
    SIGNAL = "a signal"
    POSITION = "a position"
    PORTFOLIO = "a portfolio"


KIND_OF_PORT: Final = {
    PortType.SERIES: Kind.SERIES,
    PortType.BOOLEAN: Kind.BOOLEAN,
    PortType.SIGNAL: Kind.SIGNAL,
    PortType.POSITION: Kind.POSITION,
    PortType.PORTFOLIO: Kind.PORTFOLIO,
}


@dataclass(frozen=True, slots=True)
class Signature:
    """What a function takes by position and by keyword, and gives.

    `whole` names the keywords, and `whole_positions` the places, that must be whole numbers of at least `least`.
    """

    takes: tuple[Kind, ...]
    gives: Kind
    keywords: tuple[str, ...] = ()
    outputs: int = 1
    whole: frozenset[str] = frozenset()
    whole_positions: frozenset[int] = frozenset()
    least: int = 0
    gives_whole: frozenset[int] = frozenset()
    """TA-Lib outputs that are arrays of whole numbers; they are made series like any other."""
    words: tuple[str, ...] = ()
    """What a text may be that the function takes; () where it is a symbol or a time of day."""


_S, _N, _B, _X, _T = Kind.SERIES, Kind.NUMBER, Kind.BOOLEAN, Kind.TEXT, Kind.TIME
_SHIFT: Final = Signature((_S, _N), _S, whole_positions=frozenset({1}))
_WINDOW: Final = Signature((_S, _N), _S, whole_positions=frozenset({1}), least=1)
_SPREAD: Final = Signature((_S, _N), _S, whole_positions=frozenset({1}), least=2)
_SPAN: Final = Signature((_B, _N), _B, whole_positions=frozenset({1}), least=1)
_DAYS: Final = Signature((_T, _N), _B, whole_positions=frozenset({1}), least=1)

TIMEFRAMES: Final = ("hour", "day", "week", "month", "quarter", "year")
WEEKDAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
PARTS: Final = ("open", "high", "low", "close")

HELPERS: Final = {
    **dict.fromkeys(("crossed_above", "crossed_below", "is_above", "is_below", "is_equal"), Signature((_S, _S), _B)),
    "previous": _SHIFT,
    "change": _SHIFT,
    "highest": _WINDOW,
    "lowest": _WINDOW,
    "divide": Signature((_S, _S), _S),
    "as_series": Signature((_S,), _S),
    **dict.fromkeys(("rolling_sum", "median"), _WINDOW),
    **dict.fromkeys(("standard_deviation", "z_score", "percentile_rank", "slope"), _SPREAD),
    "correlation": Signature((_S, _S, _N), _S, whole_positions=frozenset({2}), least=2),
    "bars_since": Signature((_B,), _S),
    **dict.fromkeys(("within_bars", "for_bars"), _SPAN),
    "new_period": Signature((_T, _X), _B, words=TIMEFRAMES),
    "first_in": Signature((_B, _T, _X), _B, words=TIMEFRAMES),
    "completed": Signature((_S, _T, _X, _X), _S, words=(*TIMEFRAMES, *PARTS)),
    "completed_average": Signature((_S, _T, _X, _N), _S, whole_positions=frozenset({3}), least=1, words=TIMEFRAMES),
    "is_weekday": Signature((_T, _X), _B, words=WEEKDAYS),
    "is_month": Signature((_T, _X), _B, words=MONTHS),
    **dict.fromkeys(("month_start", "month_end"), _DAYS),
    "in_session": Signature((_T, _X, _X), _B),
}

ACROSS: Final = {
    **dict.fromkeys(("rank_across", "order_across", "percentile_across", "z_score_across"), Signature((_S,), _S)),
    "top_across": Signature((_S, _N, _X), _B, whole_positions=frozenset({1}), least=1, words=("bar", *TIMEFRAMES)),
    "of_symbol": Signature((_S, _X), _S),
    "of_benchmark": Signature((), _S),
}
"""Functions that look across the symbols at one bar; the text has a step of its own for them (see `staging`)."""
LOOK_BACK: Final = {
    **dict.fromkeys(("rolling_sum", "median", "standard_deviation", "z_score", "percentile_rank", "slope"), (1, -1)),
    **dict.fromkeys(("highest", "lowest", "within_bars", "for_bars"), (1, -1)),
    **dict.fromkeys(("previous", "change"), (1, 0)),
    "correlation": (2, -1),
}
"""Bars before a function's first value: the place of the argument that counts them, and what to add to it."""
PERIOD_BARS: Final = {"hour": 1, "day": 1, "week": 5, "month": 23, "quarter": 66, "year": 262}
"""The most daily bars from Monday to Friday in a period: what `completed` waits for."""

# Only functions that look at one bar at a time: np.max, np.roll or np.sort would see the future.
FULL_LIKE: Final = "np.full_like"
"""A number at every bar."""
_ONE: Final = ("abs", "sqrt", "log", "log1p", "exp", "sign", "floor", "ceil", "rint", "square", "tanh")
_TWO: Final = ("maximum", "minimum", "fmax", "fmin", "power")
NUMPY: Final = {
    **{f"np.{name}": Signature((_S,), _S) for name in _ONE},
    **{f"np.{name}": Signature((_S, _S), _S) for name in _TWO},
    FULL_LIKE: Signature((_S, _N), _S),
    "np.isnan": Signature((_S,), _B),
    "np.where": Signature((_B, _S, _S), _S),
}
CHOICES: Final = {
    "moving_average_type": Signature((Kind.TEXT,), _N),
    "candle_pattern": Signature((Kind.TEXT, _S, _S, _S, _S), _S, keywords=("penetration",)),
}
"""Words that the pass `fold` settles: see `choices`."""
COUNT: Final = "count_of"
"""How many of several conditions hold."""
CONDITION_LISTS: Final = {"all_of": "&", "any_of": "|", COUNT: "+"}
FORMULA: Final = "formula"
FUNCTION: Final = "function"
"""`function(body, a, b)`: a text of several lines over inputs; see `own_functions`."""

_WHOLE_OUTPUTS: Final = {"MAXINDEX": 1, "MININDEX": 1, "MINMAXINDEX": 2, "HT_TRENDMODE": 1, "FRACTAL": 2}


@functools.cache
def signature_of(function: str) -> Signature | None:
    """What a function takes and gives, by its written name; None where recipes may not call it."""
    if function.startswith("ta."):
        return _talib_signature(function.removeprefix("ta."))
    return HELPERS.get(function) or NUMPY.get(function) or CHOICES.get(function) or ACROSS.get(function)


@functools.cache
def talib_names() -> frozenset[str]:
    """The names of TA-Lib's functions."""
    return frozenset(talib.get_functions())  # type: ignore[no-untyped-call]


def _talib_signature(name: str) -> Signature | None:
    if name not in talib_names():
        return None
    information = talib.abstract.Function(name).info  # type: ignore[attr-defined]
    inputs = 0
    for names in information["input_names"].values():
        inputs += len(names) if isinstance(names, list) else 1
    outputs = len(information["output_names"])
    parameters = information["parameters"]
    return Signature(
        takes=(Kind.SERIES,) * inputs,
        gives=Kind.SERIES if outputs == 1 else Kind.OUTPUTS,
        keywords=tuple(parameters),
        outputs=outputs,
        whole=frozenset(key for key, value in parameters.items() if isinstance(value, int)),
        gives_whole=_whole_outputs(name),
    )


def _whole_outputs(name: str) -> frozenset[int]:
    if name == "SUPERTREND":
        return frozenset({1})
    return frozenset(range(1 if name.startswith("CDL") else _WHOLE_OUTPUTS.get(name, 0)))


def all_function_names() -> tuple[str, ...]:
    """Every function that a formula may call, for "did you mean"."""
    return (*HELPERS, *ACROSS, *NUMPY, *CONDITION_LISTS, *sorted(f"ta.{name}" for name in talib_names()))
