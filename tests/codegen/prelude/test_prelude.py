"""The functions that travel in strategies, against their definitions bar by bar."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from builder_app.codegen import prelude
from builder_app.codegen.interpreter.meanings import MEANINGS
from builder_app.codegen.prelude import basics as prelude_basics

Series = NDArray[np.float64]
VALUES = st.one_of(
    st.sampled_from((0.0, 1.0, 1.0 + 1e-10, 1.0 + 1e-8, 2.0, -1.0, math.nan)), st.floats(-1e6, 1e6, width=32)
)


@st.composite
def two_series(draw: st.DrawFn) -> tuple[Series, Series]:
    """Two series of one length."""
    pairs = draw(st.lists(st.tuples(VALUES, VALUES), max_size=30))
    return np.array([a for a, _ in pairs], dtype=float), np.array([b for _, b in pairs], dtype=float)


@pytest.mark.parametrize("name", ["is_equal", "is_above", "is_below", "crossed_above", "crossed_below", "divide"])
@given(pair=two_series())
def test_functions_of_two_series_follow_their_definitions(name: str, pair: tuple[Series, Series]) -> None:
    answer = prelude.FUNCTIONS[name](*pair)
    assert np.array_equal(answer, MEANINGS[name](*pair), equal_nan=name == "divide")
    assert answer.dtype == (float if name == "divide" else bool)


@pytest.mark.parametrize("name", ["is_equal", "is_above", "is_below", "crossed_above", "crossed_below"])
@given(pair=two_series(), number=VALUES)
def test_a_number_is_that_number_at_every_bar(name: str, pair: tuple[Series, Series], number: float) -> None:
    function = prelude.FUNCTIONS[name]
    level = np.full(len(pair[0]), number)
    assert np.array_equal(function(pair[0], number), function(pair[0], level))
    assert np.array_equal(function(number, pair[0]), function(level, pair[0]))


@pytest.mark.parametrize("name", ["previous", "change", "highest", "lowest"])
@given(pair=two_series(), bars=st.integers(1, 40))
def test_functions_of_past_bars_follow_their_definitions(name: str, pair: tuple[Series, Series], bars: int) -> None:
    answer = prelude.FUNCTIONS[name](pair[0], bars)
    assert np.array_equal(answer, MEANINGS[name](pair[0], bars), equal_nan=True)


def test_crossing_is_never_true_at_the_first_bar() -> None:
    assert not prelude_basics.crossed_above(np.array([5.0]), 1.0).any()
    assert not prelude_basics.crossed_below(np.array([0.0]), 1.0).any()
    assert len(prelude_basics.crossed_above(np.array([]), 1.0)) == 0


def test_a_crossing_needs_both_bars_and_counts_a_tie_as_not_yet_above() -> None:
    a = np.array([math.nan, 2.0, 1.0, 1.0 + 1e-12, 2.0, 2.0, 0.0])
    assert prelude_basics.crossed_above(a, 1.0).tolist() == [False, False, False, False, True, False, False]
    assert prelude_basics.crossed_below(a, 1.0).tolist() == [False, False, False, False, False, False, True]


def test_ties_are_relative() -> None:
    assert prelude_basics.is_equal(np.array([1e9, 1e-9]), np.array([1e9 + 0.5, 2e-9])).tolist() == [True, False]


def test_zero_bars_ago_is_the_bar_itself_and_negative_bars_are_refused() -> None:
    series = np.array([1.0, 2.0])
    assert prelude_basics.previous(series, 0).tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="look ahead"):
        prelude_basics.previous(series, -1)


def test_functions_do_not_change_what_they_are_given() -> None:
    a, b = np.array([1.0, 3.0, 2.0]), np.array([2.0, 2.0, 2.0])
    kept = (a.copy(), b.copy())
    for name in ("is_equal", "is_above", "is_below", "crossed_above", "crossed_below", "divide"):
        prelude.FUNCTIONS[name](a, b)
    for name in ("previous", "change", "highest", "lowest"):
        prelude.FUNCTIONS[name](a, 2)
    assert np.array_equal(a, kept[0])
    assert np.array_equal(b, kept[1])


def test_sources_come_with_what_they_call_in_order_and_fit_the_line() -> None:
    assert prelude.with_dependencies(frozenset({"z_score_across", "crossed_above"})) == (
        "crossed_above",
        "divide",
        "z_score_across",
    )
    assert prelude.with_dependencies(frozenset()) == ()
    for name in prelude.NAMES:
        assert prelude.source_of(name).startswith(f"def {name}(")
        assert max(map(len, prelude.source_of(name).split("\n"))) <= 88
