"""JSON as the house lays it out: what fits on a line stands on one, the rest is opened up."""

import json
from typing import Any, Final

WIDTH: Final = 120
OPEN: Final = frozenset({"properties", "parameter_schema", "execution_hints"})
"""Names whose content always stands on lines of its own."""


def laid_out(value: Any) -> str:
    """The value as text, ending with a line break."""
    return _text(value, 0, "", 0, opened=True) + "\n"


def _text(value: Any, depth: int, name: str, used: int, *, opened: bool = False) -> str:
    line = json.dumps(value, ensure_ascii=False)
    fits = used + len(line) + 1 <= WIDTH
    if not value or not isinstance(value, dict | list) or (fits and not opened and name not in OPEN):
        return line
    inner, outer = "  " * (depth + 1), "  " * depth
    if isinstance(value, list):
        if all(not isinstance(item, dict | list) for item in value):
            return _filled(value, inner, outer)
        lines = [inner + _text(item, depth + 1, "", len(inner)) for item in value]
        return "[\n" + ",\n".join(lines) + f"\n{outer}]"
    lines = []
    for key, item in value.items():
        head = f"{inner}{json.dumps(key)}: "
        lines.append(head + _text(item, depth + 1, key, len(head), opened=name == "properties"))
    return "{\n" + ",\n".join(lines) + f"\n{outer}}}"


def _filled(values: list[Any], inner: str, outer: str) -> str:
    """A list of words that is too long for a line, as many on each line as fit."""
    lines: list[str] = []
    for value in values:
        word = json.dumps(value, ensure_ascii=False)
        if lines and len(lines[-1]) + len(word) + 3 <= WIDTH:
            lines[-1] += f", {word}"
        else:
            lines.append(inner + word)
    return "[\n" + ",\n".join(lines) + f"\n{outer}]"
