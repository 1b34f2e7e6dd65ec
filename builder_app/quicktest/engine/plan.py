"""Rules and the signals' arrays, laid out for the loop."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from . import book
from .rules import Leg, Rules

BITS: Final = (book.LONG_ENTRY, book.LONG_EXIT, book.SHORT_ENTRY, book.SHORT_EXIT, book.REBALANCE)
FOLLOWING: Final = (book.LEVEL, book.MOVING_DISTANCE)


def plan_from(
    rules: Rules, arrays: Mapping[str, NDArray[Any]], symbols: Sequence[str], valid: NDArray[np.bool_]
) -> tuple[book.Plan | None, tuple[str, ...]]:
    """Lay rules and arrays out for the loop. `arrays` come by key, bool or float64, in the shape of `valid`, (bars,
    symbols), which says where the symbols have bars.

    Returns the plan, its arrays read-only, or None and a sentence for each array that is missing or wrong.
    """
    problems = [
        *_wrong(rules.flag_keys, arrays, valid.shape, np.dtype(np.bool_)),
        *_wrong(rules.number_keys, arrays, valid.shape, np.dtype(np.float64)),
    ]
    if problems:
        return None, tuple(problems)
    place = {key: index for index, key in enumerate(rules.number_keys)}
    said, first_event, event_symbol = _said(rules, arrays, valid)
    exits, constants, parts = _exits(rules, place)
    plan = book.Plan(
        said,
        first_event,
        event_symbol,
        _stacked(rules.number_keys, arrays, valid.shape),
        _legs(rules, place),
        np.array([_size_row(leg) for leg in rules.legs], dtype=np.float64).reshape(-1, 3),
        exits,
        constants,
        parts,
        np.array(rules.portfolio.limits, dtype=np.float64),
        _sectors(rules.portfolio.sectors, symbols),
    )
    for array in plan:
        array.setflags(write=False)
    return plan, ()


def _wrong(
    keys: Sequence[str], arrays: Mapping[str, NDArray[Any]], shape: tuple[int, ...], dtype: np.dtype[Any]
) -> list[str]:
    problems = []
    meaning = "true or false" if dtype == np.bool_ else "float64 numbers"
    for key in keys:
        array = arrays.get(key)
        if array is None:
            problems.append(f"RULES names the array “{key}”, and signals() does not return it.")
        elif not isinstance(array, np.ndarray) or array.dtype != dtype or array.shape != shape:
            kind = f"{array.dtype}, shape {array.shape}" if isinstance(array, np.ndarray) else type(array).__name__
            problems.append(f"The array “{key}” must hold {meaning} in the shape {shape}; it was {kind}.")
    return problems


def _said(
    rules: Rules, arrays: Mapping[str, NDArray[Any]], valid: NDArray[np.bool_]
) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """The bits of each event, the first event of each bar (and the end), and the events' symbols."""
    bars = len(valid)
    anything = np.zeros(valid.shape, dtype=np.bool_, order="F")
    for key in rules.flag_keys:
        anything |= arrays[key]
    bar, symbol = np.nonzero(np.ascontiguousarray(anything & valid))
    said = np.zeros((bar.size, len(rules.legs)), dtype=np.uint8)
    told = {key: arrays[key][bar, symbol].view(np.uint8) for key in rules.flag_keys}
    for number, leg in enumerate(rules.legs):
        for bit, signal in zip(BITS, leg.signals, strict=True):
            if signal is not None:
                said[:, number] |= told[signal] * np.uint8(bit)
    first_event = np.zeros(bars + 1, dtype=np.int64)
    np.cumsum(np.bincount(bar, minlength=bars), out=first_event[1:])
    return said, first_event, symbol.astype(np.int64, copy=False)


def _stacked(keys: Sequence[str], arrays: Mapping[str, NDArray[Any]], shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Arrays of numbers one behind the other; one alone is not copied."""
    if len(keys) == 1:
        return np.ascontiguousarray(arrays[keys[0]])[np.newaxis].view()
    stacked = np.zeros((len(keys), *shape) if keys else (1, 1, 1))
    for index, key in enumerate(keys):
        stacked[index] = arrays[key]
    return stacked


def _legs(rules: Rules, place: Mapping[str, int]) -> NDArray[np.int64]:
    rows = np.zeros((len(rules.legs), book.LEG_COLUMNS), dtype=np.int64)
    first = 0
    for row, leg in zip(rows, rules.legs, strict=True):
        row[book.STRENGTH] = -1 if leg.strength is None else place[leg.strength]
        row[book.SIZE_KIND] = leg.size.kind
        row[book.SIZE_SOURCE] = place[leg.size.value] if isinstance(leg.size.value, str) else -1
        row[book.COOLDOWN] = leg.cooldown
        row[book.TIME_STOP] = leg.time_stop
        row[book.KELLY_TRADES] = leg.size.minimum_trades
        row[book.FIRST_EXIT] = first
        first += len(leg.exits)
        row[book.END_OF_EXITS] = first
        row[book.FOLLOWS] = any(rule.unit in FOLLOWING for rule in leg.exits)
    return rows


def _size_row(leg: Leg) -> tuple[float, float, float]:
    return (
        math.nan if isinstance(leg.size.value, str) else leg.size.value,
        leg.size.maximum,
        leg.size.before,
    )


def _exits(
    rules: Rules, place: Mapping[str, int]
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """The table of exits, their constants, and the parts that each leg's targets sell."""
    rows: list[list[int]] = []
    constants: list[float] = []
    targets = [[rule.part for rule in leg.exits if rule.kind == book.TARGET_EXIT] for leg in rules.legs]
    parts = np.zeros((len(rules.legs), max(1, *(len(row) for row in targets))))
    for number, leg in enumerate(rules.legs):
        parts[number, : len(targets[number])] = targets[number]
        target = 0
        for rule in leg.exits:
            is_key = isinstance(rule.value, str)
            source = place[rule.value] if isinstance(rule.value, str) else -1
            rows.append([number, rule.kind, rule.unit, source, target])
            constants.append(0.0 if is_key else float(rule.value))
            target += rule.kind == book.TARGET_EXIT
    exits = np.array(rows, dtype=np.int64).reshape(-1, 5)
    return exits, np.array(constants, dtype=np.float64), parts


def _sectors(table: Mapping[str, str], symbols: Sequence[str]) -> NDArray[np.int64]:
    """A number for each symbol's sector; a symbol that the table does not name has one of its own."""
    numbers = {name: index for index, name in enumerate(dict.fromkeys(table.values()))}
    alone = range(len(numbers), len(numbers) + len(symbols))
    return np.array(
        [numbers[table[symbol]] if symbol in table else own for symbol, own in zip(symbols, alone, strict=True)],
        dtype=np.int64,
    )
