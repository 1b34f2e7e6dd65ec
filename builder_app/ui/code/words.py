"""Python text taken apart into coloured stretches, line by line. No Qt here.

Of a line only what stands open from the lines above matters: a string in three quotes, or one that a backslash leads
on. So a line that was read once before, in whatever text, need not be read again.
"""

import keyword
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

LINES_KEPT: Final = 1 << 16
"""So many lines are remembered with their stretches: several texts of ten thousand blocks' rows."""
_TOKEN: Final = re.compile(
    r"""(?P<comment>\#.*)
    | (?P<string>(?:[rR][bBfF]?|[bBfF][rR]?|[uU])?(?P<quote>\"{3}|'{3}|"|'))
    | (?P<number>0[xX](?:_?[0-9a-fA-F])+ | 0[bB](?:_?[01])+ | 0[oO](?:_?[0-7])+
        | (?:[0-9](?:_?[0-9])*\.?(?:[0-9](?:_?[0-9])*)? | \.[0-9](?:_?[0-9])*)
          (?:[eE][+-]?[0-9](?:_?[0-9])*)?[jJ]?)
    | (?P<name>[^\W\d]\w*)(?P<call>\s*\()?""",
    re.VERBOSE,
)
_ENDS: Final = {
    '"': re.compile(r'[^\\"]*(?:\\.[^\\"]*)*"'),
    "'": re.compile(r"[^\\']*(?:\\.[^\\']*)*'"),
    '"""': re.compile(r'[^\\"]*(?:(?:\\.|"(?!""))[^\\"]*)*"""'),
    "'''": re.compile(r"[^\\']*(?:(?:\\.|'(?!''))[^\\']*)*'''"),
}
"""By the quotes that a string began with: the rest of it on one line."""


class Stretch(NamedTuple):
    """A stretch of one line: where it begins and how long it is, in UTF-16 units as Qt counts, and its theme token."""

    start: int
    length: int
    token: str


Stretches = tuple[Stretch, ...]
"""Those of one line, from left to right."""


def stretches(lines: Sequence[str]) -> list[Stretches]:
    """The coloured stretches of each line. Text that Python cannot read is coloured as far as it can be."""
    found: list[Stretches] = []
    opened = ""
    for line in lines:
        of_line, opened = _of_line(line, opened)
        found.append(of_line)
    return found


@lru_cache(maxsize=LINES_KEPT)
def _of_line(line: str, opened: str) -> tuple[Stretches, str]:
    """The stretches of a line, and the quotes of a string that it leaves open, where it begins in one of `opened`."""
    start = 0
    found: list[tuple[int, int, str]] = []
    if opened:
        start, opened = _end_of_string(line, 0, opened)
        found.append((0, start, "code_string"))
    if not opened:
        rest, opened = _coloured(line, start)
        found += rest
    ascii_only = line.isascii()
    return (
        tuple(
            Stretch(first, last - first, token)
            if ascii_only
            else Stretch(utf16_length(line[:first]), utf16_length(line[first:last]), token)
            for first, last, token in found
            if last > first
        ),
        opened,
    )


def _coloured(line: str, start: int) -> tuple[list[tuple[int, int, str]], str]:
    """(first, last, token) of the stretches of a line from `start` on, and the quotes of a string left open."""
    found: list[tuple[int, int, str]] = []
    after_def = False
    while (token := _TOKEN.search(line, start)) is not None:
        start, kind = token.end(), token.lastgroup
        if quote := token["quote"]:
            start, opened = _end_of_string(line, start, quote)
            found.append((token.start(), start, "code_string"))
            if opened:
                return found, opened
        elif kind in ("comment", "number"):
            found.append((token.start(), start, f"code_{kind}"))
        else:
            name = token["name"]
            if keyword.iskeyword(name):
                found.append((token.start(), token.end("name"), "code_keyword"))
            elif after_def or token["call"]:
                found.append((token.start(), token.end("name"), "code_name"))
            after_def = name in ("def", "class")
            continue
        after_def = False
    return found, ""


def _end_of_string(line: str, start: int, quote: str) -> tuple[int, str]:
    """Where the rest of a string ends on this line, and its quotes where it goes on in the next."""
    end = _ENDS[quote].match(line, start)
    if end is not None:
        return end.end(), ""
    backslashes = len(line) - len(line.rstrip("\\"))
    return len(line), quote if len(quote) > 1 or backslashes % 2 else ""


def utf16_length(text: str) -> int:
    """How many UTF-16 units Qt counts in `text`."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
