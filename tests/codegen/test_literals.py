"""Texts of strangers become harmless words, names and constants."""

import ast
import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.codegen.literals import comment, constant, plain, quoted, slug, width
from builder_app.codegen.passes.naming import RESERVED, fresh
from tests.codegen.flows import HOSTILE_TEXTS

TEXTS = st.one_of(st.text(max_size=100), st.sampled_from(HOSTILE_TEXTS))


@given(TEXTS)
def test_a_quoted_text_is_that_text(text: str) -> None:
    written = quoted(text)
    assert ast.literal_eval(written) == text
    assert written.isprintable()


@given(st.one_of(st.integers(-(10**15), 10**15), st.floats(-1e30, 1e30), st.booleans(), st.text(max_size=20)))
def test_a_constant_is_that_value_and_type(value: bool | int | float | str) -> None:
    read = ast.literal_eval(constant(value))
    assert read == value
    assert type(read) is type(value)


@given(TEXTS, st.integers(20, 84))
def test_a_comment_is_one_visible_line_without_a_second_number_sign(text: str, longest: int) -> None:
    said = comment(text, longest)
    assert said.isprintable()
    assert said.count("#") == 1
    assert len(said) <= longest
    assert not ast.parse(said).body


@pytest.mark.parametrize("text", ["noqa", "NOQA: E501", "fmt: off", "type: ignore", "ruff: noqa", "!sh", "-*- coding"])
def test_a_comment_is_never_an_instruction_to_a_tool(text: str) -> None:
    assert comment(text, 80).startswith("# Step: ")


@given(TEXTS)
def test_plain_text_cannot_end_a_docstring(text: str) -> None:
    source = f'"""{plain(text, 60) or "x"}."""\n'
    (only,) = ast.parse(source).body
    assert isinstance(only, ast.Expr)


@given(st.lists(st.one_of(TEXTS, st.sampled_from(sorted(RESERVED))), min_size=1, max_size=20), st.integers(8, 28))
def test_names_are_unique_short_and_free(labels: list[str], longest: int) -> None:
    taken = set(RESERVED)
    names = [fresh([slug(label) or "step"], taken, longest) for label in labels]
    assert len(set(names)) == len(names)
    for name in names:
        assert len(name) <= longest
        assert name not in RESERVED
        assert not keyword.iskeyword(name)


def test_labels_become_words() -> None:
    assert slug("Fast average") == "fast_average"
    assert slug("Yesterday's low") == "yesterdays_low"
    assert slug("Größe (5 %)") == "groe_5"
    assert slug("快速") == ""


def test_wide_characters_take_two_columns() -> None:
    assert width("ab") == 2
    assert width("快速") == 4
    assert width("e\u0301") == 1
