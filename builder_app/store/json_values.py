"""JSON at the store's edge: what is not JSON is refused before it is written, with its place."""

import json
from typing import Any, Final

from builder_app.store.errors import RefusedValue

MAXIMUM_DEPTH: Final = 100
"""Levels of lists and objects; a logic flow in a draft needs a handful above its own 64."""


class EncodedJson(str):
    """JSON text that was checked already; a JSON column takes it as it is (a checksum was made over it)."""

    __slots__ = ()


def json_text(value: Any, what: str = "The value") -> EncodedJson:
    """The value as JSON text, or RefusedValue. It is compact, and ASCII: lone surrogates and NUL survive.

    Keys must be text, numbers finite, and nothing deeper than MAXIMUM_DEPTH, so that what is read equals what was
    written.
    """
    _check(value, what)
    try:
        return EncodedJson(json.dumps(value, allow_nan=False, separators=(",", ":")))
    except ValueError as error:
        raise RefusedValue(f"{what} holds NaN or infinity, which JSON cannot say. Leave the number out.") from error


def json_value(text: str) -> Any:
    """The value that `json_text` made this text of."""
    return json.loads(text)


def _check(value: Any, what: str) -> None:
    level = [value]
    for _ in range(MAXIMUM_DEPTH + 1):
        if not level:
            return
        deeper: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                odd = next((key for key in item if not isinstance(key, str)), None)
                if odd is not None:
                    raise RefusedValue(f"{what} has the key {odd!r}; a JSON object's keys are text.")
                deeper.extend(item.values())
            elif isinstance(item, list):
                deeper.extend(item)
            elif item is not None and not isinstance(item, str | int | float):
                raise RefusedValue(f"{what} holds a {type(item).__name__}, which JSON does not know.")
        level = deeper
    if level:
        raise RefusedValue(f"{what} is nested more than {MAXIMUM_DEPTH} levels deep.")
