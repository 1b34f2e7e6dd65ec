"""Python text taken apart into coloured stretches, by Python's own tokenizer. No Qt here."""

import io
import keyword
import tokenize
from collections.abc import Iterator
from typing import Final, NamedTuple

_SOFT_WORDS: Final = frozenset({"True", "False", "None"})
_TOKENS: Final = {tokenize.STRING: "code_string", tokenize.NUMBER: "code_number", tokenize.COMMENT: "code_comment"}


class Stretch(NamedTuple):
    """A stretch of one line: where it begins and how long it is, in UTF-16 units as Qt counts, and its theme token."""

    start: int
    length: int
    token: str


def stretches(source: str) -> dict[int, list[Stretch]]:
    """The coloured stretches of each line (1-based). Text that Python cannot read is coloured as far as it can be."""
    lines = source.split("\n")
    found: dict[int, list[Stretch]] = {}
    for token, name in _coloured(source):
        (first, start), (last, end) = token.start, token.end
        for number in range(first, min(last, len(lines)) + 1):
            text = lines[number - 1]
            left = start if number == first else 0
            right = end if number == last else len(text)
            begin = utf16_length(text[:left])
            found.setdefault(number, []).append(Stretch(begin, utf16_length(text[left:right]), name))
    return found


def _coloured(source: str) -> Iterator[tuple[tokenize.TokenInfo, str]]:
    waiting: tokenize.TokenInfo | None = None
    after_def = False
    for token in _tokens(source):
        if waiting is not None and token.type == tokenize.OP and token.string == "(":
            yield waiting, "code_name"
        waiting = None
        if token.type in _TOKENS:
            yield token, _TOKENS[token.type]
        elif token.type == tokenize.NAME and (keyword.iskeyword(token.string) or token.string in _SOFT_WORDS):
            yield token, "code_keyword"
        elif token.type == tokenize.NAME and after_def:
            yield token, "code_name"
        elif token.type == tokenize.NAME:
            waiting = token
        after_def = token.type == tokenize.NAME and token.string in ("def", "class")


def _tokens(source: str) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(source).readline)
    except (tokenize.TokenError, SyntaxError):
        return


def utf16_length(text: str) -> int:
    """How many UTF-16 units Qt counts in `text`."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
