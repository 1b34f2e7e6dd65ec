"""RULES and arrays from strangers give rules, or sentences; never a traceback."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.quicktest.engine.plan import plan_from
from builder_app.quicktest.engine.rules import rules_from
from tests.quicktest.trading import exit_rule, leg


def document(**changes: Any) -> dict[str, Any]:
    return {"legs": [leg(**changes)], "portfolio": {"maximum_positions": None}}


def test_good_rules_are_read() -> None:
    rules, problems = rules_from(document(strength="s", exits=[exit_rule("stop", "distance", "far")]))
    assert problems == ()
    assert rules.flag_keys == ("buy", "sell")
    assert rules.number_keys == ("s", "far")


@pytest.mark.parametrize(
    ("rules", "word"),
    [
        (None, "RULES"),
        ([], "RULES"),
        ({"legs": []}, "legs"),
        ({"legs": "abc"}, "legs"),
        ({"legs": [leg()] * 101}, "legs"),
        ({"legs": [leg()], "more": 1}, "more"),
        (document(colour="red"), "colour"),
        (document(name=5), "name"),
        (document(long_entry=None), "neither"),
        (document(long_entry=7), "long_entry"),
        (document(size={"kind": "all", "value": 1}), "kind"),
        (document(size={"kind": "cash", "value": float("nan")}), "size"),
        (document(size={"kind": "cash", "value": 10**400}), "size"),
        (document(size={"kind": "shares", "value": 0}), "size"),
        (document(size={"kind": "shares", "value": True}), "size"),
        (document(size={"kind": "percent_of_equity", "value": 1001}), "1000"),
        (document(size=None), "size"),
        (document(exits=[exit_rule("stop", "percent", 101)]), "100"),
        (document(exits=[exit_rule("stop", "percent", -1)]), "above 0"),
        (document(exits=[exit_rule("halt", "percent", 1)]), "halt"),
        (document(exits=[exit_rule("stop", "miles", 1)]), "miles"),
        (document(exits=[exit_rule("stop", "percent", "")]), "key"),
        (document(exits=5), "exits"),
        ({"legs": [leg()], "portfolio": {"maximum_positions": 0}}, "maximum_positions"),
        ({"legs": [leg()], "portfolio": {"maximum_positions": 1.5}}, "maximum_positions"),
    ],
)
def test_wrong_rules_give_a_sentence_that_names_the_place(rules: object, word: str) -> None:
    _, problems = rules_from(rules)
    assert problems
    assert any(word in problem for problem in problems), problems
    assert all(problem.endswith(".") for problem in problems)


WORDS = (*leg(), "legs", "portfolio", "kind", "value", "unit")
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=6),
    max_leaves=30,
)


@settings(max_examples=200, deadline=None)
@given(plain)
def test_no_document_breaks_the_reader(value: object) -> None:
    rules, problems = rules_from(value)
    assert problems or rules.legs


@settings(max_examples=200, deadline=None)
@given(st.lists(plain, min_size=1, max_size=3))
def test_no_leg_breaks_the_reader(legs: list[object]) -> None:
    rules, problems = rules_from({"legs": legs})
    assert problems or len(rules.legs) == len(legs)


@pytest.mark.parametrize(
    "array",
    [
        None,
        [True, False, True],
        np.zeros((3, 1)),
        np.zeros((3, 2), dtype=bool),
        np.zeros(3, dtype=bool),
        np.zeros((3, 1), dtype=object),
    ],
)
def test_array_of_a_wrong_kind_or_shape_gives_a_sentence(array: Any) -> None:
    rules, _ = rules_from(document(long_exit=None))
    plan, problems = plan_from(rules, {"buy": array} if array is not None else {}, ("A",), np.ones((3, 1), dtype=bool))
    assert plan is None
    assert "buy" in problems[0]


def test_arrays_of_the_plan_cannot_be_changed() -> None:
    rules, _ = rules_from(document(long_exit=None))
    plan, _ = plan_from(rules, {"buy": np.zeros((3, 1), dtype=bool)}, ("A",), np.ones((3, 1), dtype=bool))
    assert plan is not None
    assert not any(array.flags.writeable for array in plan)
