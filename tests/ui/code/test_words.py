"""Colours of Python text."""

import io
import keyword
import tokenize
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.ui.code.words import stretches, utf16_length

SOURCES = sorted((Path(__file__).parents[3] / "builder_app" / "codegen").glob("*.py"))
KINDS = {tokenize.STRING: "code_string", tokenize.NUMBER: "code_number", tokenize.COMMENT: "code_comment"}


def coloured(source: str, token: str) -> list[str]:
    """What each stretch of a token covers, read back from the text."""
    lines = source.split("\n")
    return [
        line[start : start + length]
        for line, found in zip(lines, stretches(lines), strict=True)
        for start, length, name in found
        if name == token
    ]


def test_each_kind_of_word_gets_its_colour() -> None:
    source = 'def f(a):\n    return g(a, 1.5) if a else "x"  # why\n'
    assert coloured(source, "code_keyword") == ["def", "return", "if", "else"]
    assert coloured(source, "code_name") == ["f", "g"]
    assert coloured(source, "code_number") == ["1.5"]
    assert coloured(source, "code_string") == ['"x"']
    assert coloured(source, "code_comment") == ["# why"]


def test_a_string_over_several_lines_is_coloured_in_each() -> None:
    assert coloured('x = """one\ntwo\n  three"""\n', "code_string") == ['"""one', "two", '  three"""']


def test_a_keyword_inside_a_string_is_no_keyword() -> None:
    assert coloured('x = "for if"', "code_keyword") == []


def test_text_that_python_cannot_read_is_coloured_as_far_as_it_can_be() -> None:
    assert coloured("return 1\nx = (", "code_keyword") == ["return"]


def test_places_are_counted_as_qt_counts_them() -> None:
    (found,) = stretches(['"📈" + 1'])[0][1:]
    assert (found.start, found.length) == (7, 1)  # the sign is two UTF-16 units
    assert utf16_length("📈a") == 3


@given(st.text(max_size=80))
def test_no_text_breaks_the_colouring(text: str) -> None:
    lines = text.split("\n")
    for line, found in zip(lines, stretches(lines), strict=True):
        length = utf16_length(line)
        assert all(start >= 0 and start + size <= length for start, size, _ in found)


@given(st.lists(st.sampled_from([*keyword.kwlist, "name", "12", "'s'"]), max_size=8))
def test_keywords_are_those_of_python(words: list[str]) -> None:
    source = " ".join(words)
    assert coloured(source, "code_keyword") == [word for word in words if keyword.iskeyword(word)]


def by_the_tokenizer(source: str) -> list[set[tuple[int, int, str]]]:
    """(start, length, token) of each line's strings, numbers, comments and keywords, as Python itself finds them."""
    lines = source.split("\n")
    found: list[set[tuple[int, int, str]]] = [set() for _ in lines]
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        kind = "code_keyword" if keyword.iskeyword(token.string) else KINDS.get(token.type)
        (first, start), (last, end) = token.start, token.end
        for number in range(first, last + 1) if kind else ():
            left = start if number == first else 0
            right = end if number == last else len(lines[number - 1])
            if right > left and kind:
                found[number - 1].add((left, right - left, kind))
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_whole_modules_are_read_as_by_the_tokenizer_of_python(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    lines = source.split("\n")
    for line, found, expected in zip(lines, stretches(lines), by_the_tokenizer(source), strict=True):
        if line.isascii():
            assert {stretch for stretch in found if stretch.token != "code_name"} == expected, line


def test_a_string_that_a_backslash_leads_on_is_coloured_to_its_end() -> None:
    assert coloured("x = 'one \\\ntwo' + 3", "code_string") == ["'one \\", "two'"]
    assert coloured("x = 'one \\\ntwo' + 3", "code_number") == ["3"]
