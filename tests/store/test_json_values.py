"""What goes into a JSON column comes out equal, or is refused before it is written."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.store import RefusedValue, Store
from builder_app.store.json_values import MAXIMUM_DEPTH, json_text, json_value

ANY_TEXT = st.text(st.characters(codec=None, categories=None))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(ANY_TEXT, inner, max_size=4),
    max_leaves=15,
)


@given(JSON)
def test_every_json_value_comes_back_equal(value: Any) -> None:
    assert json_value(json_text(value)) == value


@given(JSON)
def test_the_text_is_json_for_others_too_and_ascii(value: Any) -> None:
    text = json_text(value)
    assert text.isascii()
    assert json.loads(text) == value


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (float("nan"), "NaN"),
        ([float("inf")], "infinity"),
        ({1: "a"}, "the key 1"),
        ({"a": (1, 2)}, "a tuple"),
        ({"a": {Path("x")}}, "a set"),
        (b"bytes", "a bytes"),
    ],
)
def test_what_is_no_json_is_refused_in_a_sentence(value: Any, said: str) -> None:
    with pytest.raises(RefusedValue, match=said):
        json_text(value)


def test_a_value_that_holds_itself_or_is_too_deep_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    deep: Any = 1
    for _ in range(MAXIMUM_DEPTH + 1):
        deep = [deep]
    for value in (endless, deep):
        with pytest.raises(RefusedValue, match="levels deep"):
            json_text(value)
    assert json_value(json_text(deep[0])) == deep[0]


def test_a_broken_value_is_refused_by_the_repository_and_nothing_is_written(store: Store) -> None:
    with pytest.raises(RefusedValue, match="NaN"):
        store.strategies.create("Broken", {"size": float("nan")}, {})
    assert store.strategies.list().items == ()
