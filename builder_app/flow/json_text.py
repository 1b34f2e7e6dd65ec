"""Reading JSON text strictly: the standard library takes much that no flow may hold.

Sizes and depth are limited before anything is made of the text. Numbers that are too large, NaN and Infinity come out
as non-finite floats and repeated members as a RepeatedMembers object, so that the shapes can say where they stand.
"""

import json
import math
from collections import Counter
from typing import Final

from builder_app.flow.limits import MAXIMUM_BYTES, MAXIMUM_DEPTH
from builder_app.flow.unreadable import Faults, FlowUnreadable, Path, place

LONGEST_INTEGER: Final = 309
"""Digits of the largest double; Python would take quadratic time for millions of them."""


_NESTED: Final = (list, dict)


class RepeatedMembers(dict[str, object]):
    """A JSON object in whose text some names stood more than once: `repeated`, each of them once."""

    repeated: tuple[str, ...] = ()


def read_json(text: str | bytes) -> object:
    """The JSON value that `text` (bytes: UTF-8) holds. Raises FlowUnreadable with the fault's line and column."""
    content = _checked_text(text)
    try:
        value: object = json.loads(content, object_pairs_hook=_object, parse_int=_integer)
    except json.JSONDecodeError as error:
        raise _fault(
            "not-json",
            f"The text is not JSON: at line {error.lineno}, column {error.colno}: {error.msg}.",
            "Mend that place, or take the file from where it was saved once more.",
        ) from None
    except RecursionError:
        raise _too_deep(()) from None
    check_depth(value)
    return value


def check_depth(value: object) -> None:
    """Raise FlowUnreadable where lists and objects are nested more than 64 levels deep."""
    level = [value] if isinstance(value, list | dict) else []
    for _ in range(MAXIMUM_DEPTH):
        level = [
            child
            for current in level
            for child in (current.values() if isinstance(current, dict) else current)
            if isinstance(child, _NESTED)
        ]
        if not level:
            return
    _refuse_depth(value)


def _refuse_depth(value: object) -> None:
    """Say where it is too deep: slower, as every place needs its path."""
    open_values: list[tuple[object, Path]] = [(value, ())]
    while open_values:
        current, path = open_values.pop()
        if not isinstance(current, list | dict):
            continue
        if len(path) >= MAXIMUM_DEPTH:
            raise _too_deep(path)
        inner = current.items() if isinstance(current, dict) else enumerate(current)
        open_values += ((child, (*path, step)) for step, child in inner if isinstance(child, list | dict))


def _checked_text(text: str | bytes) -> str:
    size = len(text) if isinstance(text, bytes) or len(text) > MAXIMUM_BYTES else len(text.encode("utf-8", "replace"))
    if size > MAXIMUM_BYTES:
        raise _fault(
            "too-large",
            f"The text is larger than {MAXIMUM_BYTES // 1_000_000} MB.",
            "No strategy needs as much: look whether this is the right file.",
        )
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8")
        except UnicodeDecodeError as error:
            raise _fault(
                "not-utf-8",
                f"The file is not text in UTF-8: byte {error.start + 1} does not fit.",
                "Save it as UTF-8, or look whether this is the right file.",
            ) from None
    return text.removeprefix("\ufeff")


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    value = dict(pairs)
    if len(value) == len(pairs):
        return value
    times = Counter(name for name, _ in pairs)
    marked = RepeatedMembers(value)
    marked.repeated = tuple(name for name, count in times.items() if count > 1)
    return marked


def _integer(digits: str) -> float:
    return int(digits) if len(digits) <= LONGEST_INTEGER + 1 else math.copysign(math.inf, float(digits[:2] + "1"))


def _too_deep(path: Path) -> FlowUnreadable:
    where = f" (at {place(path[:6])}…)" if path else ""
    return _fault(
        "too-deep",
        f"The text is nested more than {MAXIMUM_DEPTH} levels deep{where}.",
        "A flow needs six: look whether this is the right file.",
    )


def _fault(rule: str, message: str, hint: str) -> FlowUnreadable:
    faults = Faults()
    faults.add(rule, message, hint)
    return FlowUnreadable(faults.problems)
