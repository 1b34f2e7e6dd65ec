"""Names out of a file enter sentences without anything that a terminal would obey."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.flow.values import LogicFlow, Node, ParameterReference
from builder_app.flow.wording import block_name, harmless, listed, name_of, value_words, words

TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
OBEYED = [*map(chr, (*range(0x20), *range(0x7F, 0xA0))), *TURNING]


@given(st.text(st.one_of(st.sampled_from(OBEYED), st.characters(exclude_categories=["Cs"]))))
def test_nothing_that_a_terminal_obeys_is_left_and_all_else_stays(text: str) -> None:
    shown = harmless(text)
    assert not any(unicodedata.category(sign) == "Cc" or sign in TURNING for sign in shown)
    kept = text.replace("\r\n", "\n")
    assert len(shown) == len(kept)
    for before, after in zip(kept, shown, strict=True):
        expected = " " if before in "\n\r\t" else "�" if before in OBEYED else before
        assert after == expected


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Fast\naverage", "Fast average"),
        ("Fast\r\naverage", "Fast average"),
        ("\x1b[31mred", "�[31mred"),
        ("\x9b2J", "�2J"),
        ("abc\u202ecba", "abc�cba"),
        ("\u2066abc\u2069", "�abc�"),
        ("Größe → 慢", "Größe → 慢"),
    ],
)
def test_every_name_in_a_sentence_is_harmless(name: str, shown: str) -> None:
    node = Node("n", "sma", label=name)
    assert block_name(node) == shown
    assert name_of(LogicFlow({"n": node}), "n") == shown
    assert name_of(LogicFlow(), name) == shown
    assert listed((name,)) == f"'{shown}'"
    assert value_words(name) == value_words(ParameterReference(name)) == shown
    assert words(name) == shown
