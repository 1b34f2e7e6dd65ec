"""Call a strategy's `signals` for every symbol and put what it returns back into bars × symbols."""

import sys
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FIELDS: Final = ("open", "high", "low", "close", "volume")
TRACED_BARS: Final = 120
MOST_ARRAYS: Final = 1000
LONGEST_KEY: Final = 200


class SignalsError(Exception):
    """The strategy's own fault, as a whole sentence; `line` is the line of its text, 0 where none is to blame."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Arrays by key, shape (bars, symbols), bool (False in gaps) or float64 (NaN in gaps).

    `traces`: the local variables of `signals` that are arrays over the bars, by name: their last TRACED_BARS bars,
    shape (bars, symbols), float64, NaN in gaps.
    """

    arrays: dict[str, NDArray[Any]]
    traces: dict[str, NDArray[np.float64]] = field(default_factory=dict)


def evaluate(
    signals: Callable[..., object],
    fields: Sequence[NDArray[np.float64]],
    symbols: Sequence[str],
    *,
    traced: bool = False,
    watch: Callable[[int], None] | None = None,
) -> Evaluation:
    """Call `signals` once per symbol on its valid bars. `fields` are FIELDS in order, shape (bars, symbols).

    A symbol without any bar is skipped. `watch` is called with the number of symbols done. Raises SignalsError where
    `signals` fails or returns something else than it should.
    """
    if not isinstance(signals, types.FunctionType):
        raise SignalsError("The strategy has no function signals(prices); define it at the top level of the text.")
    bars, count = fields[0].shape
    evaluation = Evaluation({})
    first = ""
    for column, symbol in enumerate(symbols):
        valid = np.flatnonzero(~np.isnan(fields[FIELDS.index("close")][:, column]))
        if valid.size:
            prices = {name: array[valid, column] for name, array in zip(FIELDS, fields, strict=True)}
            returned, local = _called(signals, prices, traced)
            _check(returned, valid.size, symbol)
            _same_keys(returned, evaluation.arrays, (first, symbol))
            first = first or symbol
            for key, values in returned.items():
                _scatter(evaluation.arrays, key, values, (valid, column, bars, count))
            for name, values in local.items():
                _trace(evaluation.traces, name, values, (valid, column, bars, count))
        if watch is not None:
            watch(column + 1)
    if not first:
        raise SignalsError("None of the symbols has a bar in this range of dates; choose other dates.")
    return evaluation


def line_of(error: BaseException, filename: str) -> int:
    """The last line of the file `filename` that an exception passed through, 0 when it passed none."""
    if isinstance(error, SyntaxError) and error.filename == filename:
        return error.lineno or 0
    line = 0
    traceback = error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == filename:
            line = traceback.tb_lineno
        traceback = traceback.tb_next
    return line


def sentence_of(error: BaseException, line: int) -> str:
    """An exception of the strategy's text as a sentence."""
    where = f" at line {line}" if line else ""
    text = str(error).strip().replace("\n", " ")[:500]
    if isinstance(error, SyntaxError):
        return f"The strategy's text has a syntax error{where}: {error.msg}."
    return f"The strategy stopped{where}: {type(error).__name__}{': ' + text if text else ''}."


def _called(
    signals: types.FunctionType, prices: Mapping[str, NDArray[np.float64]], traced: bool
) -> tuple[Any, dict[str, object]]:
    """What `signals` returns, and its local variables at that moment."""
    local: dict[str, object] = {}

    def look(frame: types.FrameType, event: str, _: object) -> None:
        if event == "return" and frame.f_code is signals.__code__:
            local.update(frame.f_locals)

    try:
        if not traced:
            return signals(prices), local
        sys.setprofile(look)
        try:
            return signals(prices), local
        finally:
            sys.setprofile(None)
    except Exception as error:
        line = line_of(error, signals.__code__.co_filename)
        raise SignalsError(sentence_of(error, line), line) from error


def _check(returned: object, length: int, symbol: str) -> None:
    if not isinstance(returned, dict):
        raise SignalsError(f"signals() must return a dictionary of arrays; for {symbol} it was {_kind(returned)}.")
    if len(returned) > MOST_ARRAYS:
        raise SignalsError(f"signals() returned {len(returned)} arrays; at most {MOST_ARRAYS} are read.")
    for key, values in returned.items():
        if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY:
            raise SignalsError(f"A key that signals() returned is not a short text; it was {str(key)[:60]}.")
        if type(values) is not np.ndarray or values.dtype not in (np.bool_, np.float64) or values.shape != (length,):
            raise SignalsError(
                f"signals() must return “{key}” as an array of {length} true/false values or float64 numbers, one a "
                f"bar; for {symbol} it was {_kind(values)}."
            )


def _same_keys(returned: Mapping[str, NDArray[Any]], known: Mapping[str, NDArray[Any]], pair: tuple[str, str]) -> None:
    first, symbol = pair
    if not first:
        return
    for key in returned.keys() ^ known.keys():
        raise SignalsError(f"signals() returned “{key}” for only one of {first} and {symbol}; return it for each.")
    for key, values in returned.items():
        if values.dtype != known[key].dtype:
            raise SignalsError(f"signals() returned “{key}” as {values.dtype} for {symbol}, and not for {first}.")


def _scatter(
    arrays: dict[str, NDArray[Any]], key: str, values: NDArray[Any], place: tuple[NDArray[np.intp], int, int, int]
) -> None:
    valid, column, bars, count = place
    if key not in arrays:
        empty: object = False if values.dtype == np.bool_ else np.nan
        arrays[key] = np.full((bars, count), empty, dtype=values.dtype)
    arrays[key][valid, column] = values


def _trace(
    traces: dict[str, NDArray[np.float64]], name: str, values: object, place: tuple[NDArray[np.intp], int, int, int]
) -> None:
    """Keep the last bars of a local variable, if it is an array over the bars."""
    valid, column, bars, count = place
    if type(values) is not np.ndarray or values.shape != valid.shape or values.dtype.kind not in "bfiu":
        return
    if name not in traces and len(traces) >= MOST_ARRAYS:
        return
    kept = min(bars, TRACED_BARS)
    trace = traces.setdefault(name, np.full((kept, count), np.nan))
    recent = valid >= bars - kept
    trace[valid[recent] - (bars - kept), column] = values[recent]


def _kind(value: object) -> str:
    if type(value) is np.ndarray:
        return f"an array of {value.dtype} in the shape {value.shape}"
    return f"of the type {type(value).__name__}"
