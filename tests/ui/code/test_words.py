"""Colours of Python text."""

import keyword

from hypothesis import given
from hypothesis import strategies as st

from builder_app.ui.code.words import stretches, utf16_length


def coloured(source: str, token: str) -> list[str]:
    """What each stretch of a token covers, read back from the text."""
    lines = source.split("\n")
    return [
        lines[number - 1][start : start + length]
        for number, found in sorted(stretches(source).items())
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
    (found,) = stretches('"📈" + 1')[1][1:]
    assert (found.start, found.length) == (7, 1)  # the sign is two UTF-16 units
    assert utf16_length("📈a") == 3


@given(st.text(max_size=80))
def test_no_text_breaks_the_colouring(text: str) -> None:
    for number, found in stretches(text).items():
        length = utf16_length(text.split("\n")[number - 1])
        assert all(start >= 0 and start + size <= length for start, size, _ in found)


@given(st.lists(st.sampled_from([*keyword.kwlist, "name", "12", "'s'"]), max_size=8))
def test_keywords_are_those_of_python(words: list[str]) -> None:
    source = " ".join(words)
    assert coloured(source, "code_keyword") == [word for word in words if keyword.iskeyword(word)]
