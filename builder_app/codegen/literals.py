"""Texts of strangers (labels, names) made harmless and neat, and constants written as the formatter leaves them."""

import functools
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from builder_app.flow.formula_reading import FormulaFault
from builder_app.flow.formula_trees import Applied, Named, Tree, changed, number_tree, walk, written
from builder_app.flow.formulas import worked_out

_TOOLS: Final = "noqa|fmt|ruff|isort|yapf|type|pylint|flake8|mypy|pyright|pyre|coding|nosec|pragma"
_PRAGMAS: Final = re.compile(rf"^({_TOOLS}|!|-\*-)", re.IGNORECASE)
NO_PIECES: Final[Mapping[str, str]] = {}
_NO_WORD: Final = re.compile("[^a-z0-9]+")
_HARMLESS: Final = {ord('"'): "'", ord("\\"): "/", ord("#"): " "}


def plain(text: str, longest: int) -> str:
    """One line of visible characters without quotes, backslashes or number signs, cut to a length."""
    seen = text.isprintable()
    visible = text if seen else "".join(character if character.isprintable() else " " for character in text)
    harmless = visible.translate(_HARMLESS)
    joined = " ".join(harmless.split())
    return joined if len(joined) <= longest else joined[: longest - 1].rstrip() + "…"


def comment(text: str, longest: int) -> str:
    """A comment that no tool takes for an instruction."""
    said = plain(text, longest - 10)
    return f"# Step: {said}" if _PRAGMAS.match(said) else f"# {said}"


@functools.lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """The words of a label as a Python name: `Fast average` → `fast_average`; may be empty.

    The names of blocks and ports, and a label that is tried for several results, are asked for again and again.
    """
    joined = text.replace("'", "").replace("\u2019", "")
    ascii_text = unicodedata.normalize("NFKD", joined).encode("ascii", "ignore").decode("ascii")
    return _NO_WORD.sub("_", ascii_text.lower()).strip("_")


def quoted(text: str) -> str:
    """A string constant with the quotes that a formatter would choose; invisible characters are escaped."""
    body = []
    quote = "'" if '"' in text and "'" not in text else '"'
    for character in text:
        if character in ("\\", quote):
            body.append("\\" + character)
        elif character.isprintable():
            body.append(character)
        else:
            code = ord(character)
            body.append(f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    return f"{quote}{''.join(body)}{quote}"


def constant(value: bool | int | float | str) -> str:
    """A constant as text."""
    return quoted(value) if isinstance(value, str) else repr(value).replace("e+", "e")


def in_python(tree: Tree, pieces: Mapping[str, str] = NO_PIECES) -> str:
    """A formula over strategy parameters as Python; `pieces` are constants that stand for some of its names.

    Functions of numbers alone are worked out: a linter takes `round(3)` for a slip.
    """
    tree = changed(tree, _settled)
    return written(tree, lambda name: pieces.get(name) or f"PARAMETERS[{quoted(name)}]", formatted=True)


def _settled(tree: Tree) -> Tree | None:
    if not isinstance(tree, Applied) or any(isinstance(part, Named) for part in walk(tree)):
        return None
    try:
        return number_tree(worked_out(tree, {}))
    except FormulaFault:
        return None


def width(text: str) -> int:
    """Columns that a text takes: two for wide characters, none for combining marks."""
    if text.isascii():
        return len(text)
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) != 0 for character in text)
