"""Checks on data from a stranger; each adds a whole sentence to `problems` for what is wrong, and goes on."""

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeGuard

LARGEST_NUMBER: Final = 1e15
LONGEST_NAME: Final = 200


def a_mapping(value: object, where: str, known: Sequence[str], problems: list[str]) -> Mapping[str, Any]:
    """The value where it is a dictionary with no other than the known entries; else what there is of it."""
    if not isinstance(value, Mapping):
        problems.append(f"{where} must be a dictionary with {', '.join(sorted(known))}; it was {shown(value)}.")
        return {}
    problems.extend(
        f"{where} has the unknown entry {shown(name)}; known are {', '.join(sorted(known))}."
        for name in value
        if name not in known
    )
    return value


def a_key(value: object, where: str, problems: list[str]) -> str | None:
    """The key of an array, or None."""
    if value is None or (isinstance(value, str) and 0 < len(value) <= LONGEST_NAME):
        return value
    problems.append(f"{where} must be the key of an array, or None; it was {shown(value)}.")
    return None


def a_choice(value: object, where: str, choices: Mapping[str, int], problems: list[str]) -> int:
    """The number of one of the words; the first one's for anything else."""
    if isinstance(value, str) and value in choices:
        return choices[value]
    problems.append(f"{where} must be one of {', '.join(choices)}; it was {shown(value)}.")
    return next(iter(choices.values()))


def a_number(value: object, where: str, span: tuple[float, float], problems: list[str]) -> float:
    """A number above span[0] and at most span[1]; 1 for anything else."""
    if is_number(value) and span[0] < value <= span[1]:
        return float(value)
    problems.append(f"{where} must be a number above {span[0]:g} and at most {span[1]:g}; it was {shown(value)}.")
    return 1.0


def a_number_or_key(value: object, where: str, largest: float, problems: list[str]) -> float | str:
    """A number above zero and at most the largest, or the key of an array of numbers."""
    if isinstance(value, str):
        return a_key(value, where, problems) or ""
    if is_number(value) and 0.0 < value <= largest:
        return float(value)
    problems.append(
        f"{where} must be a number above 0 and at most {largest:g}, or the key of an array; it was {shown(value)}."
    )
    return 1.0


def a_whole_number(value: object, where: str, span: tuple[int, int], problems: list[str]) -> int:
    """A whole number from span[0] to span[1]; span[0] for anything else."""
    if is_whole(value) and span[0] <= value <= span[1]:
        return value
    problems.append(f"{where} must be a whole number from {span[0]} to {span[1]}; it was {shown(value)}.")
    return span[0]


def is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> TypeGuard[int | float]:
    if isinstance(value, float):
        return math.isfinite(value)
    return is_whole(value) and abs(value) <= LARGEST_NUMBER


def shown(value: object) -> str:
    """A value as a short text for a sentence."""
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
