"""RULES and the signals' arrays, checked as data from a stranger and laid out for the loop."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeGuard

import numpy as np
from numpy.typing import NDArray

from . import loop

MOST_LEGS: Final = 100
MOST_EXITS: Final = 20
LARGEST_NUMBER: Final = 1e15
LONGEST_NAME: Final = 200
SIZE_KINDS: Final[Mapping[str, int]] = {
    "percent_of_equity": loop.PERCENT_OF_EQUITY,
    "cash": loop.CASH_AMOUNT,
    "shares": loop.SHARES,
}
EXIT_KINDS: Final[Mapping[str, int]] = {
    "stop": loop.STOP_EXIT,
    "trailing_stop": loop.TRAILING_EXIT,
    "target": loop.TARGET_EXIT,
}
EXIT_UNITS: Final[Mapping[str, int]] = {"percent": loop.PERCENT, "distance": loop.DISTANCE}
SIGNAL_COLUMNS: Final = ("long_entry", "long_exit", "short_entry", "short_exit")


@dataclass(frozen=True, slots=True)
class ExitRule:
    """One stop, trailing stop or target: indices of EXIT_KINDS and EXIT_UNITS, and a number or an array's key."""

    kind: int
    unit: int
    value: float | str


@dataclass(frozen=True, slots=True)
class Leg:
    """One position label: the keys of its four signals in the order of SIGNAL_COLUMNS, its size and its exits."""

    name: str
    signals: tuple[str | None, str | None, str | None, str | None]
    strength: str | None
    size_kind: int
    size: float
    exits: tuple[ExitRule, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """What RULES says. `maximum_positions` 0: no limit."""

    legs: tuple[Leg, ...]
    maximum_positions: int

    @property
    def flag_keys(self) -> tuple[str, ...]:
        """The keys of all boolean arrays that the legs name, in order, each once."""
        return tuple(dict.fromkeys(key for leg in self.legs for key in leg.signals if key is not None))

    @property
    def number_keys(self) -> tuple[str, ...]:
        """The keys of all arrays of numbers that the legs name, in order, each once."""
        keys = [
            key
            for leg in self.legs
            for key in (leg.strength, *(rule.value for rule in leg.exits))
            if isinstance(key, str)
        ]
        return tuple(dict.fromkeys(keys))


def rules_from(document: object) -> tuple[Rules, tuple[str, ...]]:
    """Read RULES; returns the rules and a sentence for everything that is wrong (then the rules are not to be used)."""
    problems: list[str] = []
    root = _mapping(document, "RULES", {"legs", "portfolio"}, problems)
    entries: Any = root.get("legs")
    if not _is_list(entries) or not 0 < len(entries) <= MOST_LEGS:
        problems.append(f'RULES["legs"] must be a list of 1 to {MOST_LEGS} legs; give the strategy a position.')
        entries = []
    legs = tuple(_leg(entry, f"Leg {number} of RULES", problems) for number, entry in enumerate(entries, 1))
    portfolio = _mapping(root.get("portfolio", {}), 'RULES["portfolio"]', {"maximum_positions"}, problems)
    maximum = portfolio.get("maximum_positions")
    if maximum is not None and not (_is_whole(maximum) and 1 <= maximum <= 1_000_000):
        problems.append(f"RULES: maximum_positions must be a whole number from 1, or None; it was {_shown(maximum)}.")
        maximum = None
    return Rules(legs, maximum or 0), tuple(problems)


def plan_from(
    rules: Rules, arrays: Mapping[str, NDArray[Any]], shape: tuple[int, int]
) -> tuple[loop.Plan | None, tuple[str, ...]]:
    """Lay rules and arrays out for the loop. `arrays` come by key, bool or float64, in `shape` (bars, symbols).

    Returns the plan, its arrays read-only, or None and a sentence for each array that is missing or wrong.
    """
    problems = [
        *_wrong(rules.flag_keys, arrays, shape, np.dtype(np.bool_)),
        *_wrong(rules.number_keys, arrays, shape, np.dtype(np.float64)),
    ]
    if problems:
        return None, tuple(problems)
    flags = _stacked(rules.flag_keys, arrays, shape, np.dtype(np.bool_))
    numbers = _stacked(rules.number_keys, arrays, shape, np.dtype(np.float64))
    place: dict[str | None, int] = {None: -1}
    place |= {key: index for index, key in enumerate(rules.flag_keys)}
    number_place: dict[str | float | None, int] = {None: -1}
    number_place |= {key: index for index, key in enumerate(rules.number_keys)}
    legs = np.array(
        [[*(place[key] for key in leg.signals), number_place[leg.strength], leg.size_kind] for leg in rules.legs],
        dtype=np.int64,
    ).reshape(-1, 6)
    exit_rows = [(number, rule) for number, leg in enumerate(rules.legs) for rule in leg.exits]
    exits = np.array(
        [[number, rule.kind, rule.unit, number_place.get(rule.value, -1)] for number, rule in exit_rows],
        dtype=np.int64,
    ).reshape(-1, 4)
    constants = [0.0 if isinstance(rule.value, str) else rule.value for _, rule in exit_rows]
    sizes = np.array([leg.size for leg in rules.legs], dtype=np.float64)
    plan = loop.Plan(flags, numbers, legs, sizes, exits, np.array(constants, dtype=np.float64))
    for array in plan:
        array.setflags(write=False)
    return plan, ()


def _wrong(
    keys: tuple[str, ...], arrays: Mapping[str, NDArray[Any]], shape: tuple[int, int], dtype: np.dtype[Any]
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


def _stacked(
    keys: tuple[str, ...], arrays: Mapping[str, NDArray[Any]], shape: tuple[int, int], dtype: np.dtype[Any]
) -> NDArray[Any]:
    stacked = np.zeros((max(1, len(keys)), *shape), dtype=dtype)
    for index, key in enumerate(keys):
        stacked[index] = arrays[key]
    return stacked


def _leg(entry: object, where: str, problems: list[str]) -> Leg:
    known = {"name", *SIGNAL_COLUMNS, "strength", "size", "exits"}
    values = _mapping(entry, where, known, problems)
    name = values.get("name", "")
    if not isinstance(name, str) or len(name) > LONGEST_NAME:
        problems.append(f"{where}: the name must be a text of at most {LONGEST_NAME} characters.")
        name = ""
    keys = [_key(values.get(column), f"{where}: {column}", problems) for column in SIGNAL_COLUMNS]
    if keys[0] is None and keys[2] is None:
        problems.append(f"{where} has neither a long nor a short entry; give it one.")
    kind, size = _size(values.get("size"), where, problems)
    exits = values.get("exits", [])
    if not _is_list(exits) or len(exits) > MOST_EXITS:
        problems.append(f"{where}: exits must be a list of at most {MOST_EXITS} stops and targets.")
        exits = []
    rules = tuple(_exit(rule, f"{where}, exit {number}", problems) for number, rule in enumerate(exits, 1))
    strength = _key(values.get("strength"), f"{where}: strength", problems)
    return Leg(name, (keys[0], keys[1], keys[2], keys[3]), strength, kind, size, rules)


def _size(entry: object, where: str, problems: list[str]) -> tuple[int, float]:
    values = _mapping(entry, f"{where}: size", {"kind", "value"}, problems)
    kind = _choice(values.get("kind"), f"{where}: the size's kind", SIZE_KINDS, problems)
    value = values.get("value")
    largest = 1000.0 if kind == loop.PERCENT_OF_EQUITY else LARGEST_NUMBER
    if not _is_number(value) or not 0.0 < value <= largest:
        problems.append(f"{where}: the size must be a number above 0 and at most {largest:g}; it was {_shown(value)}.")
        return kind, 1.0
    return kind, float(value)


def _exit(entry: object, where: str, problems: list[str]) -> ExitRule:
    values = _mapping(entry, where, {"kind", "unit", "value"}, problems)
    kind = _choice(values.get("kind"), f"{where}: the kind", EXIT_KINDS, problems)
    unit = _choice(values.get("unit"), f"{where}: the unit", EXIT_UNITS, problems)
    value = values.get("value")
    if isinstance(value, str):
        return ExitRule(kind, unit, _key(value, f"{where}: the value", problems) or "")
    # a stop 100 % below a price is at zero; a target may well be further away than the price is high
    largest = 100.0 if unit == loop.PERCENT and kind != loop.TARGET_EXIT else LARGEST_NUMBER
    if not _is_number(value) or not 0.0 < value <= largest:
        problems.append(
            f"{where}: the value must be a number above 0 and at most {largest:g}, or the key of an array; "
            f"it was {_shown(value)}."
        )
        return ExitRule(kind, unit, 1.0)
    return ExitRule(kind, unit, float(value))


def _mapping(value: object, where: str, known: set[str], problems: list[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        problems.append(f"{where} must be a dictionary with {', '.join(sorted(known))}; it was {_shown(value)}.")
        return {}
    problems.extend(
        f"{where} has the unknown entry {_shown(name)}; known are {', '.join(sorted(known))}."
        for name in value
        if name not in known
    )
    return value


def _key(value: object, where: str, problems: list[str]) -> str | None:
    if value is None or (isinstance(value, str) and 0 < len(value) <= LONGEST_NAME):
        return value
    problems.append(f"{where} must be the key of an array, or None; it was {_shown(value)}.")
    return None


def _choice(value: object, where: str, choices: Mapping[str, int], problems: list[str]) -> int:
    if isinstance(value, str) and value in choices:
        return choices[value]
    problems.append(f"{where} must be one of {', '.join(choices)}; it was {_shown(value)}.")
    return next(iter(choices.values()))


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, float):
        return math.isfinite(value)
    return _is_whole(value) and abs(value) <= LARGEST_NUMBER


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
