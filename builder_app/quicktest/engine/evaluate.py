"""Call a strategy's functions for its symbols and put what they return back into bars × symbols."""

import sys
import types
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .bars import CLOSE, Bars, Market, benchmark_in, nothing
from .prices import FIELDS
from .traces import Traced

MOST_ARRAYS: Final = 1000
MOST_STEPS: Final = 99
LONGEST_KEY: Final = 200
Valid = slice | NDArray[np.intp]
"""Which bars a symbol has: all of them, or their numbers."""

Steps = Callable[..., object] | Sequence[Callable[..., object]]
"""`signals`, or the steps that a module constant STEPS names: functions for one symbol (`measures(prices)`,
`signals(prices, earlier)`) and functions across symbols (`across(earlier, market)`) in turn; the last is for one
symbol. `earlier` holds what the steps before returned, by key: for one symbol its own bars, else bars × symbols."""


class SignalsError(Exception):
    """The strategy's own fault, as a whole sentence; `line` is the line of its text, 0 where none is to blame."""

    def __init__(self, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Arrays by key, shape (bars, symbols), bool (False in gaps) or float64 (NaN in gaps).

    `traces`: the functions' local variables that are arrays over the bars, by name: the last bars of the symbols that
    `Traced` names, shape (bars, symbols), float64, NaN in gaps and for symbols that are not looked at. Of variables
    with the same name those of the last step are kept.
    """

    arrays: dict[str, NDArray[Any]]
    traces: dict[str, NDArray[np.float64]] = field(default_factory=dict)


def evaluate(
    steps: Steps, bars: Bars, *, traced: Traced | None = None, watch: Callable[[int], None] | None = None
) -> Evaluation:
    """Call `signals` once per symbol on its valid bars, or every step in turn; the last one's arrays are returned.

    Each function gets `prices`: FIELDS as float64 and "time" as datetime64[ns], 1-D. A symbol without any bar is
    skipped. `watch` is called with the number of symbols done. Raises SignalsError where a function fails or returns
    something else than it should.
    """
    functions = functions_of(steps)
    if np.isnan(bars.fields[CLOSE]).all():
        raise SignalsError("None of the symbols has a bar in this range of dates; choose other dates.")
    bars = replace(bars, fields=tuple(np.asfortranarray(array) for array in bars.fields))  # a symbol's lie side by side
    earlier: dict[str, NDArray[Any]] = {}
    others: dict[str, dict[str, NDArray[Any]]] = {other: {} for other in bars.others}
    traces: dict[str, NDArray[np.float64]] = {}
    fresh: dict[str, NDArray[Any]] = {}
    for place, function in enumerate(functions):
        if place % 2:
            fresh, local = _across(function, bars, (earlier, others), traced is not None)
            local_traces = traced.across(local, bars.symbols, bars.fields[CLOSE]) if traced else {}
            for symbol, known in others.items():
                known.update(_of_pool(symbol, bars, fresh))
            if place + 2 < len(functions):  # a later step may look at what this one gives there
                _across_others(function, bars, earlier, others)
        else:
            shown = None if watch is None else _share(watch, place, len(functions), len(bars.symbols))
            fresh, local_traces = _each(function, bars, earlier, traced, shown)
            if place < len(functions) - 1:
                _others(function, bars, fresh, others)
        twice = fresh.keys() & earlier.keys() if place < len(functions) - 1 else ()
        for key in twice:
            raise SignalsError(f"Two steps returned “{key}”; give each array a key of its own.")
        earlier |= fresh
        traces |= local_traces
    return Evaluation(fresh, traces)


def functions_of(steps: Steps) -> tuple[types.FunctionType, ...]:
    """The functions of a strategy in their order. Raises SignalsError where they cannot be called in turn."""
    named = tuple(steps) if isinstance(steps, tuple | list) else (steps,)
    functions = tuple(function for function in named if isinstance(function, types.FunctionType))
    if not named or len(functions) != len(named):
        raise SignalsError("The strategy has no function signals(prices); define it at the top level of the text.")
    if len(functions) % 2 == 0 or len(functions) > MOST_STEPS:
        raise SignalsError(
            "STEPS must be functions for one symbol and functions across symbols in turn, and end with signals."
        )
    return functions


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


def _share(watch: Callable[[int], None], place: int, steps: int, symbols: int) -> Callable[[int], None]:
    """A watch on one step that tells the other how many symbols' worth of all the work is done."""
    rounds = steps // 2 + 1
    return lambda done: watch((place // 2 * symbols + done) // rounds)


def _each(
    function: types.FunctionType,
    bars: Bars,
    earlier: Mapping[str, NDArray[Any]],
    traced: Traced | None,
    watch: Callable[[int], None] | None,
) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[np.float64]]]:
    """A step for one symbol, called for each: what it returned and its variables, scattered into bars × symbols."""
    arrays: dict[str, NDArray[Any]] = {}
    traces: dict[str, NDArray[np.float64]] = {}
    fields = bars.fields
    whole = np.logical_not(np.isnan(fields[CLOSE]).any(axis=0))
    first, called = "", 0
    for column, symbol in enumerate(bars.symbols):
        valid = slice(None) if whole[column] else np.flatnonzero(~np.isnan(fields[CLOSE][:, column]))
        length = len(bars.times) if isinstance(valid, slice) else valid.size
        if length:
            called += 1
            inputs: list[object] = [_prices(bars, tuple(array[valid, column] for array in fields), valid)]
            if earlier:
                inputs.append({key: values[valid, column].copy() for key, values in earlier.items()})
            returned, local = _called(function, inputs, traced is not None and traced.wants(symbol, called))
            _check(returned, (length,), (function.__name__, f"for {symbol}"))
            _same_keys(returned, arrays, (first, symbol), function.__name__)
            first = first or symbol
            for key, values in returned.items():
                if key not in arrays:
                    arrays[key] = nothing(values.dtype, bars.fields[CLOSE].shape)
                arrays[key][valid, column] = values
            if traced is not None and local:
                traced.trace(traces, local, (np.arange(len(bars.times))[valid], column), bars.fields[CLOSE].shape)
        if watch is not None:
            watch(column + 1)
    return arrays, traces


def _others(
    function: types.FunctionType,
    bars: Bars,
    fresh: Mapping[str, NDArray[Any]],
    others: Mapping[str, dict[str, NDArray[Any]]],
) -> None:
    """What the same step gives for the symbols that are looked at: those of the pool have been asked already."""
    for symbol, fields in bars.others.items():
        earlier = dict(others[symbol])
        others[symbol].update(_of_pool(symbol, bars, fresh))
        if symbol in bars.symbols:
            continue
        valid = np.flatnonzero(~np.isnan(fields[CLOSE]))
        if valid.size:
            inputs: list[object] = [_prices(bars, tuple(array[valid] for array in fields), valid)]
            if earlier:
                inputs.append({key: values[valid] for key, values in earlier.items()})
            returned, _ = _called(function, inputs, False)
            _check(returned, (valid.size,), (function.__name__, f"for {symbol}"))
            _same_keys(returned, fresh, ("the symbols of the pool", symbol), function.__name__)
            for key, values in returned.items():
                others[symbol][key][valid] = values


def _of_pool(symbol: str, bars: Bars, fresh: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """A symbol's own part of these arrays; nothing for one that is not in the pool."""
    if symbol in bars.symbols:
        column = bars.symbols.index(symbol)
        return {key: values[:, column] for key, values in fresh.items()}
    return {key: nothing(values.dtype, bars.times.shape) for key, values in fresh.items()}


def _across(
    function: types.FunctionType,
    bars: Bars,
    known: tuple[Mapping[str, NDArray[Any]], Mapping[str, Mapping[str, NDArray[Any]]]],
    traced: bool,
) -> tuple[dict[str, NDArray[Any]], dict[str, object]]:
    """A step across symbols: what it returned, and its variables. `known`: of the pool, and of symbols looked at."""
    earlier, others = known
    market = Market(bars.symbols, bars.times, ~np.isnan(bars.fields[CLOSE]), benchmark_in(bars), others)
    copies = {key: values.copy() for key, values in earlier.items()}
    returned, local = _called(function, [copies, market], traced)
    _check(returned, bars.fields[CLOSE].shape, (function.__name__, "across the symbols"))
    return dict(returned), local


def _across_others(
    function: types.FunctionType,
    bars: Bars,
    earlier: Mapping[str, NDArray[Any]],
    others: Mapping[str, dict[str, NDArray[Any]]],
) -> None:
    """What a step across symbols gives for those that are looked at and not traded.

    They stand behind the pool with nothing to be compared, so that they count in no comparison; what is seen of other
    symbols and of the benchmark is seen from their bars too.
    """
    outside = {symbol: fields for symbol, fields in bars.others.items() if symbol not in bars.symbols}
    if not outside:
        return
    columns = zip(bars.fields, zip(*outside.values(), strict=True), strict=True)
    seen = replace(
        bars,
        symbols=(*bars.symbols, *outside),
        fields=tuple(np.column_stack((field, *more)) for field, more in columns),
        benchmark=benchmark_in(bars),
    )
    shape = (len(bars.times), len(outside))
    padded = {key: np.hstack((values, nothing(values.dtype, shape))) for key, values in earlier.items()}
    found, _ = _across(function, seen, (padded, others), False)
    for column, symbol in enumerate(outside, len(bars.symbols)):
        others[symbol].update({key: values[:, column] for key, values in found.items()})


def _prices(bars: Bars, fields: tuple[NDArray[np.float64], ...], valid: Valid) -> dict[str, NDArray[Any]]:
    """What a function gets; copies, since it may change them."""
    prices = {name: np.array(array) for name, array in zip(FIELDS, fields, strict=True)}
    return prices | {"time": np.array(bars.times[valid])}


def _called(function: types.FunctionType, inputs: Sequence[object], traced: bool) -> tuple[Any, dict[str, object]]:
    """What a function returns, and its local variables at that moment."""
    local: dict[str, object] = {}

    def look(frame: types.FrameType, event: str, _: object) -> None:
        if event == "return" and frame.f_code is function.__code__:
            local.update(frame.f_locals)

    try:
        if not traced:
            return function(*inputs), local
        sys.setprofile(look)
        try:
            return function(*inputs), local
        finally:
            sys.setprofile(None)
    except Exception as error:
        line = line_of(error, function.__code__.co_filename)
        raise SignalsError(sentence_of(error, line), line) from error


def _check(returned: object, shape: tuple[int, ...], said: tuple[str, str]) -> None:
    name, where = said
    if not isinstance(returned, dict):
        raise SignalsError(f"{name}() must return a dictionary of arrays; {where} it was {_kind(returned)}.")
    if len(returned) > MOST_ARRAYS:
        raise SignalsError(f"{name}() returned {len(returned)} arrays; at most {MOST_ARRAYS} are read.")
    wanted = f"{shape[0]}" if len(shape) == 1 else f"{shape[0]} × {shape[1]}"
    for key, values in returned.items():
        if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY:
            raise SignalsError(f"A key that {name}() returned is not a short text; it was {str(key)[:60]}.")
        if type(values) is not np.ndarray or values.dtype not in (np.bool_, np.float64) or values.shape != shape:
            raise SignalsError(
                f"{name}() must return “{key}” as an array of {wanted} true/false values or float64 numbers, one a "
                f"bar; {where} it was {_kind(values)}."
            )


def _same_keys(
    returned: Mapping[str, NDArray[Any]], known: Mapping[str, NDArray[Any]], pair: tuple[str, str], name: str
) -> None:
    first, symbol = pair
    if not first:
        return
    for key in returned.keys() ^ known.keys():
        raise SignalsError(f"{name}() returned “{key}” for only one of {first} and {symbol}; return it for each.")
    for key, values in returned.items():
        if values.dtype != known[key].dtype:
            raise SignalsError(f"{name}() returned “{key}” as {values.dtype} for {symbol}, and not for {first}.")


def _kind(value: object) -> str:
    if type(value) is np.ndarray:
        return f"an array of {value.dtype} in the shape {value.shape}"
    return f"of the type {type(value).__name__}"
