"""A kept test is gone through once more: the same levels as at first, or a sentence why not."""

from dataclasses import replace

import numpy as np
import pytest

from builder_app.quicktest.engine.replay import Replay
from builder_app.quicktest.request import RunResult
from builder_app.session.drafts.document import Document
from builder_app.session.runs.replays import OTHER_PRICES, OTHER_TEXT
from builder_app.session.runs.results_codec import result_from_json, result_to_json
from tests.session.strategist import Strategist, set_parameter

Heard = list[tuple[RunResult, Replay | str]]


def as_kept(result: RunResult) -> RunResult:
    """As it comes back out of the store."""
    kept = result_from_json(result_to_json(result))
    assert kept.replay is None
    return kept


def asked(work: Strategist, document: Document) -> Replay | str:
    heard: Heard = []
    work.session.replays.ask(document, lambda *found: heard.append(found), lambda *why_not: heard.append(why_not))
    work.until(lambda: bool(heard))
    ((result, found),) = heard
    assert result is document.result
    return found


@pytest.fixture
def tested(work: Strategist) -> Document:
    document = work.open_example("bollinger_long_short")
    work.result_of(document)
    return document


def test_the_levels_of_a_kept_test_are_those_it_had(work: Strategist, tested: Document) -> None:
    result = tested.result
    assert result is not None
    assert result.replay is not None
    tested.result = as_kept(result)
    found = asked(work, tested)
    assert isinstance(found, Replay)
    for symbol in result.symbols[:2]:
        ours, theirs = result.replay.levels(symbol), found.levels(symbol)
        assert ours is not None
        assert theirs is not None
        assert np.isfinite(ours.stop).any()
        assert np.isfinite(ours.target).any()
        assert (ours.stop.tobytes(), ours.target.tobytes()) == (theirs.stop.tobytes(), theirs.target.tobytes())
    assert asked(work, tested) is found, "it is remembered"


def test_what_a_result_has_itself_is_answered_at_once(work: Strategist, tested: Document) -> None:
    heard: Heard = []
    work.session.replays.ask(tested, lambda *found: heard.append(found), lambda *why_not: heard.append(why_not))
    assert tested.result is not None
    assert heard == [(tested.result, tested.result.replay)]


def test_where_the_strategy_is_another_now_that_is_said(work: Strategist, tested: Document) -> None:
    assert tested.result is not None
    kept = as_kept(tested.result)
    set_parameter(tested, "period", 30)
    work.until(lambda: tested.is_coded)
    tested.result = kept
    assert asked(work, tested) == OTHER_TEXT


def test_where_the_prices_are_others_now_that_is_said(work: Strategist, tested: Document) -> None:
    assert tested.result is not None
    tested.result = replace(as_kept(tested.result), data_fingerprint="of other prices")
    assert asked(work, tested) == OTHER_PRICES


def test_of_several_questions_the_newest_is_answered(work: Strategist, tested: Document) -> None:
    assert tested.result is not None
    first, second = as_kept(tested.result), as_kept(tested.result)
    heard: Heard = []
    for result in (first, second):
        tested.result = result
        work.session.replays.ask(tested, lambda *found: heard.append(found), lambda *why_not: heard.append(why_not))
    work.until(lambda: bool(heard))
    work.settle()
    assert [result for result, _ in heard] == [second]
