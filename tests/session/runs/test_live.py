"""When live testing turns itself down, and what it says then."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.quicktest.request import FailureKind, RunFailure, RunResult
from builder_app.session.runs.live import AT_ONCE_SECONDS, LIMIT_SECONDS, SLOW_TESTS, LivePatience
from tests.ui.results.samples import result

RESULT = result(3, trades=(), rejections=())


def took(seconds: float) -> RunResult:
    return dataclasses.replace(RESULT, seconds=seconds)


@given(st.lists(st.sampled_from([0.01, LIMIT_SECONDS, 0.31, 0.9]), max_size=12))
def test_live_goes_off_exactly_at_the_third_slow_test_in_a_row(seconds: list[float]) -> None:
    patience, slow_in_a_row = LivePatience(), 0
    for each in seconds:
        slow_in_a_row = slow_in_a_row + 1 if each > LIMIT_SECONDS else 0
        said = patience.hear("one", took(each))
        assert bool(said) is (slow_in_a_row == SLOW_TESTS)
        if said:
            assert f"took longer than 300 ms each, this one {each * 1000:.0f} ms" in said
            slow_in_a_row = 0


def test_a_test_of_more_than_a_second_turns_it_off_at_once() -> None:
    assert LivePatience().hear("one", took(AT_ONCE_SECONDS)) == ""
    said = LivePatience().hear("one", took(2.34))
    assert "this test took 2.3 s, and live tests may take 300 ms" in said
    assert said.endswith(
        "Edits are no longer tested as you make them. Press Test (F5) for the results of what is drawn, or Live "
        "(Ctrl+L) to turn live on again. Fewer symbols or a shorter time make tests faster."
    )


def test_slow_tests_of_two_strategies_are_not_added_up() -> None:
    patience = LivePatience()
    assert [patience.hear(one, took(0.4)) for one in ("one", "two", "one", "two")] == [""] * 4
    assert patience.hear("one", took(0.4))
    patience.forget("two")
    assert not patience.hear("two", took(0.4))


@pytest.mark.parametrize("kind", list(FailureKind))
def test_of_failures_only_a_timeout_turns_it_off(kind: FailureKind) -> None:
    assert bool(LivePatience().hear("one", RunFailure(kind, "It failed."))) is (kind is FailureKind.TIMED_OUT)
