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


_S, _N, _B = Kind.SERIES, Kind.NUMBER, Kind.BOOLEAN
_SHIFT: Final = Signature((_S, _N), _S, whole_positions=frozenset({1}))
_WINDOW: Final = Signature((_S, _N), _S, whole_positions=frozenset({1}), least=1)

HELPERS: Final = {
    **dict.fromkeys(("crossed_above", "crossed_below", "is_above", "is_below", "is_equal"), Signature((_S, _S), _B)),
    "previous": _SHIFT,
    "change": _SHIFT,
    "highest": _WINDOW,
    "lowest": _WINDOW,
    "divide": Signature((_S, _S), _S),
    "as_series": Signature((_S,), _S),
}

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
CONDITION_LISTS: Final = {"all_of": "&", "any_of": "|"}
FORMULA: Final = "formula"
SIGNAL_WORDS: Final = ("enter_long", "exit_long", "enter_short", "exit_short")
SIZE_WORDS: Final = {"percent_of_equity": "percent_of_equity", "cash": "cash", "shares": "shares"}
EXIT_WORDS: Final = ("stop", "trailing_stop", "target")
EXIT_UNITS: Final = ("percent", "distance")
RULE_WORDS: Final = (*SIGNAL_WORDS, "position", *EXIT_WORDS, "portfolio")

_WHOLE_OUTPUTS: Final = {"MAXINDEX": 1, "MININDEX": 1, "MINMAXINDEX": 2, "HT_TRENDMODE": 1, "FRACTAL": 2}


@functools.cache
def signature_of(function: str) -> Signature | None:
    """What a function takes and gives, by its written name; None where recipes may not call it."""
    if function.startswith("ta."):
        return _talib_signature(function.removeprefix("ta."))
    return HELPERS.get(function) or NUMPY.get(function) or CHOICES.get(function)


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
    return (*HELPERS, *NUMPY, *CONDITION_LISTS, *sorted(f"ta.{name}" for name in talib_names()))
