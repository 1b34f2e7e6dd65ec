"""Shapes of JSON values: small functions that note every place where a value is not what it must be.

The same shapes stand in `resources/schemas/logic-flow-1.schema.json`; a test proves that the two agree.
"""

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Final

from builder_app.flow.json_text import RepeatedMembers
from builder_app.flow.limits import is_storable_number
from builder_app.flow.unreadable import Faults, Path, place

Shape = Callable[[object, Path, Faults], None]
"""Looks at a value that stands at a path, and notes its faults."""

NOTHING: Final[Mapping[str, Shape]] = {}


def named(value: object) -> str:
    """The value in words, short enough for a sentence."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() | float():
            return f"the number {value}" if is_storable_number(value) else "a number that is not finite"
        case str():
            return f"the text '{value if len(value) <= 40 else value[:39] + '…'}'"
        case list():
            return "a list"
        case dict():
            return "an object"
        case _:
            return f"a {type(value).__name__}"


def _wrong(path: Path, faults: Faults, wanted: str, value: object) -> None:
    faults.add("type", f"At {place(path)} there must be {wanted}, but there was {named(value)}.", f"Write {wanted}.")


def text(value: object, path: Path, faults: Faults) -> None:
    """Any text that is valid Unicode."""
    if not isinstance(value, str):
        _wrong(path, faults, "a text", value)
    elif not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
        hint = "Write the whole letter in place of the lone \\ud… escape."
        faults.add("type", f"The text at {place(path)} holds half of a letter (a lone surrogate).", hint)


def id_text(value: object, path: Path, faults: Faults) -> None:
    """A text that is not empty."""
    if value == "":
        faults.add("type", f"The id at {place(path)} is empty.", "Give it a name that no other one has.")
    else:
        text(value, path, faults)


def number(value: object, path: Path, faults: Faults) -> None:
    """A finite number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        _wrong(path, faults, "a number", value)
    elif not is_storable_number(value):
        faults.add(
            "number",
            f"The number at {place(path)} is not finite (NaN, infinity), or too large.",
            "Write an ordinary number, or take the member out.",
        )


def flag(value: object, path: Path, faults: Faults) -> None:
    """True or false."""
    if not isinstance(value, bool):
        _wrong(path, faults, "true or false", value)


def literal(value: object, path: Path, faults: Faults) -> None:
    """A text, a number, true, false or null."""
    if isinstance(value, str):
        text(value, path, faults)
    elif value is None or isinstance(value, bool):
        return
    elif isinstance(value, int | float):
        number(value, path, faults)
    else:
        _wrong(path, faults, "a text, a number, true, false or null", value)


def parameter_value(value: object, path: Path, faults: Faults) -> None:
    """A literal, a reference to a strategy parameter, a formula over some, or a secret's ciphertext."""
    if isinstance(value, dict):
        (_SEALED if "sealed" in value else _FORMULA if "formula" in value else _REFERENCE)(value, path, faults)
    elif isinstance(value, list):
        _wrong(path, faults, 'a text, a number, true, false, null or {"parameter": name}', value)
    else:
        literal(value, path, faults)


def literal_or_sealed(value: object, path: Path, faults: Faults) -> None:
    """A literal, or a secret's ciphertext."""
    (_SEALED if isinstance(value, dict) and "sealed" in value else literal)(value, path, faults)


def _text_or_null(value: object, path: Path, faults: Faults) -> None:
    if value is not None:
        text(value, path, faults)


def constant(wanted: str) -> Shape:
    """Exactly this text."""

    def shape(value: object, path: Path, faults: Faults) -> None:
        if value != wanted:
            _wrong(path, faults, f"the text '{wanted}'", value)

    return shape


def one_of(*allowed: str) -> Shape:
    """One of these texts."""

    def shape(value: object, path: Path, faults: Faults) -> None:
        if value not in allowed:
            _wrong(path, faults, f"one of {', '.join(allowed)}", value)

    return shape


def listing(item: Shape, exactly: int | None = None) -> Shape:
    """A list of such items."""

    def shape(value: object, path: Path, faults: Faults) -> None:
        if not isinstance(value, list):
            _wrong(path, faults, "a list", value)
        elif exactly is not None and len(value) != exactly:
            message = f"The list at {place(path)} must have {exactly} items, but has {len(value)}."
            faults.add("type", message, f"Write {exactly} items.")
        else:
            for index, element in enumerate(value):
                if faults.is_full:
                    return
                item(element, (*path, index), faults)

    return shape


def table(item: Shape) -> Shape:
    """An object whose members, of any name, are such items."""

    def shape(value: object, path: Path, faults: Faults) -> None:
        if not isinstance(value, dict):
            _wrong(path, faults, "an object", value)
            return
        _note_repeated(value, path, faults)
        for name, element in value.items():
            if faults.is_full:
                return
            text(name, (*path, name), faults)
            item(element, (*path, name), faults)

    return shape


def record(required: Mapping[str, Shape], optional: Mapping[str, Shape] = NOTHING) -> Shape:
    """An object with these members and no others."""
    members = {**required, **optional}

    def shape(value: object, path: Path, faults: Faults) -> None:
        if not isinstance(value, dict):
            _wrong(path, faults, "an object", value)
            return
        _note_repeated(value, path, faults)
        for name in required:
            if name not in value:
                message = f"At {place(path)} the member '{name}' is missing."
                faults.add("missing-member", message, f"Add '{name}'.")
        for name, element in value.items():
            wanted = members.get(name)
            if wanted is text and element.__class__ is str and element.isascii():
                continue  # so are most members of a flow: nothing to note, and no place to work out
            if wanted is not None:
                wanted(element, (*path, name), faults)
            else:
                faults.add("unknown-member", _unknown(name, path), _unknown_hint(name, members))

    return shape


def _unknown(name: str, path: Path) -> str:
    return f"At {place(path)} there is an unknown member: {named(name)}."


def _unknown_hint(name: str, members: Mapping[str, Shape]) -> str:
    near = get_close_matches(name[:60], members, n=1)
    return f"Did you mean '{near[0]}'?" if near else f"Take it out; known are {', '.join(members)}."


def _note_repeated(value: dict[str, object], path: Path, faults: Faults) -> None:
    for name in value.repeated if isinstance(value, RepeatedMembers) else ():
        message = f"At {place(path)} the member '{name}' stands more than once."
        faults.add("repeated-member", message, "Keep one of them: readers disagree on which one counts.")


_REFERENCE: Final = record({"parameter": text})
_FORMULA: Final = record({"formula": text})
_SEALED: Final = record({"sealed": _text_or_null})
