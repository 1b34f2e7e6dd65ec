"""What the installed TA-Lib says of its functions: from its Python wrapper, and from the C library inside the wheel.

The wrapper knows names, inputs and defaults, but no ranges; the C library describes everything as one XML text, which
its extension module exports. Only tests and the program that derives the blocks read it this way.
"""

import ctypes
import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from xml.etree import ElementTree

import numpy as np
import talib
import talib._ta_lib
import talib.abstract
from numpy.typing import NDArray

UNLIMITED: Final = 3e37
"""What the C library writes for "no limit"."""


@dataclass(frozen=True, slots=True)
class Option:
    """A parameter. `kind` is integer, number or average (the kind of a moving average, which has no range).

    `minimum` and `maximum` are what TA-Lib accepts (None: no limit), `usual` what it suggests trying, by which `step`.
    """

    keyword: str
    kind: str
    hint: str
    default: int | float
    minimum: float | None = None
    maximum: float | None = None
    usual: tuple[float, float] | None = None
    step: float | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """An output array: whole numbers or not, and the flags that say how it is drawn."""

    name: str
    whole: bool
    flags: frozenset[str]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of TA-Lib. `inputs` are the wrapper's names, by position."""

    name: str
    group: str
    hint: str
    flags: frozenset[str]
    inputs: tuple[str, ...]
    options: tuple[Option, ...]
    outputs: tuple[Output, ...]

    def look_back(self, **keywords: float) -> int:
        """Bars before the first value, as TA-Lib counts them."""
        function = talib.abstract.Function(self.name)  # type: ignore[attr-defined]
        function.parameters = keywords
        return int(function.lookback)


@functools.cache
def functions() -> Mapping[str, Function]:
    """Every function of the installed TA-Lib, by name."""
    describe = _library().TA_FunctionDescriptionXML
    describe.restype = ctypes.c_char_p
    tree = ElementTree.fromstring(describe())
    found = [_function(entry) for entry in tree.iter("FinancialFunction")]
    return {function.name: function for function in found}


@functools.cache
def _library() -> ctypes.CDLL:
    return ctypes.CDLL(talib._ta_lib.__file__)


def _function(entry: ElementTree.Element) -> Function:
    name = _text(entry, "Abbreviation")
    information: dict[str, Any] = talib.abstract.Function(name).info  # type: ignore[attr-defined]
    inputs: list[str] = []
    for key, value in information["input_names"].items():
        inputs += value if isinstance(value, list) else [key]
    options = entry.iter("OptionalInputArgument")
    outputs = entry.iter("OutputArgument")
    return Function(
        name=name,
        group=_text(entry, "GroupId"),
        hint=_text(entry, "ShortDescription"),
        flags=_flags(entry.find("Flags")),
        inputs=tuple(inputs),
        options=tuple(_option(*pair) for pair in zip(information["parameters"], options, strict=True)),
        outputs=tuple(
            Output(key, _text(output, "Type").startswith("Integer"), _flags(output.find("Flags")))
            for key, output in zip(information["output_names"], outputs, strict=True)
        ),
    )


def _option(keyword: str, entry: ElementTree.Element) -> Option:
    hint = _text(entry, "ShortDescription")
    default = float(_text(entry, "DefaultValue"))
    kind = {"Integer": "integer", "Double": "number", "MA Type": "average"}[_text(entry, "Type")]
    if kind == "average":
        return Option(keyword, kind, hint, int(default))
    low, high, start, end, step = (
        float(_text(entry, f"Range/{name}"))
        for name in ("Minimum", "Maximum", "SuggestedStart", "SuggestedEnd", "SuggestedIncrement")
    )
    return Option(
        keyword,
        kind,
        hint,
        int(default) if kind == "integer" else default,
        None if low <= -UNLIMITED else low,
        None if high >= UNLIMITED else high,
        (start, end) if start < end else None,
        step or None,
    )


def _text(entry: ElementTree.Element, path: str) -> str:
    return (entry.findtext(path) or "").strip()


def _flags(entry: ElementTree.Element | None) -> frozenset[str]:
    return frozenset((flag.text or "").strip() for flag in entry) if entry is not None else frozenset()


def first_value(function: Function, inputs: Sequence[NDArray[np.float64]], keywords: Mapping[str, float]) -> int:
    """The place of the first value that the C function itself says it has computed; the number of bars where none."""
    bars = len(inputs[0])
    begin, count = ctypes.c_int(), ctypes.c_int()
    arrays = [np.ascontiguousarray(values, dtype=np.float64) for values in inputs]
    results = [np.zeros(bars, dtype=np.int32 if output.whole else np.float64) for output in function.outputs]
    options = [
        ctypes.c_double(keywords.get(option.keyword, option.default))
        if option.kind == "number"
        else ctypes.c_int(int(keywords.get(option.keyword, option.default)))
        for option in function.options
    ]
    call = getattr(_library(), f"TA_{function.name}")
    places = [ctypes.c_void_p(values.ctypes.data) for values in (*arrays, *results)]
    given, taken = places[: len(arrays)], places[len(arrays) :]
    code = call(0, bars - 1, *given, *options, ctypes.byref(begin), ctypes.byref(count), *taken)
    if code:
        raise ValueError(f"TA_{function.name} refused {dict(keywords)} with code {code}.")
    return begin.value if count.value else bars
