"""Kept tests: listed, named, starred, deleted, restored, compared and run again; and what a lost worker leaves."""

import dataclasses
import os
import signal
import sys

import numpy as np
import pytest

from builder_app.flow.edits import RenameStrategy
from builder_app.quicktest.request import TestConfig
from builder_app.quicktest.runner import Runner
from builder_app.session import events
from builder_app.session.drafts.document import Document
from builder_app.session.runs import tests_history, versions_used
from builder_app.session.runs.comparison import Comparison
from builder_app.session.runs.tests_history import KeptTest, WantedTests
from builder_app.store.isolation import change
from builder_app.store.models import QuickTest
from builder_app.store.vocabulary import TestStatus
from tests.session.runs.test_testing import GatedRunner, gated
from tests.session.strategist import Ground, Strategist, set_parameter

__all__ = ["gated"]

ALL_TESTS = WantedTests()


def listed(work: Strategist, wanted: WantedTests = ALL_TESTS) -> tuple[KeptTest, ...]:
    """The kept tests, newest first."""
    before = len(work.heard(events.TestsListed))
    work.session.tests.ask(wanted)
    return work.until_told(events.TestsListed, before + 1).tests


def after_tests(work: Strategist, *periods: int) -> Document:
    """An example tested with each of these fast periods."""
    document = work.open_example()
    for period in periods:
        set_parameter(document, "fast_period", period)
        work.until(lambda: document.is_coded)
        work.result_of(document)
    return document


def compared(work: Strategist, tests: tuple[KeptTest, ...]) -> Comparison:
    before = len(work.heard(events.TestsCompared))
    work.session.tests.ask_comparison(tests)
    work.until(lambda: len(work.heard(events.TestsCompared)) > before and _is_whole(work))
    return work.heard(events.TestsCompared)[-1].comparison


def _is_whole(work: Strategist) -> bool:
    return all(beside.is_judged for beside in work.heard(events.TestsCompared)[-1].comparison.others)


def changed(work: Strategist) -> events.TestsChanged:
    return work.until_told(events.TestsChanged, len(work.heard(events.TestsChanged)) + 1)


def again(work: Strategist, test: KeptTest) -> events.TestRanAgain:
    before = len(work.heard(events.TestRanAgain))
    work.session.tests.run_again(test)
    return work.until_told(events.TestRanAgain, before + 1)


def test_every_test_is_kept_and_listed_with_what_it_found(work: Strategist) -> None:
    document = after_tests(work, 11, 12)
    work.session.set_config(document, TestConfig(stock_pool=("NOBODY",)))
    work.test(document)
    failed, newest, oldest = listed(work)
    assert [test.status for test in (failed, newest, oldest)] == [
        *(TestStatus.FAILED, TestStatus.COMPLETED, TestStatus.COMPLETED)
    ]
    assert "NOBODY" in failed.reason
    assert document.result is not None
    assert newest.metrics["total_return"] == document.result.metrics["total_return"]
    assert listed(work, WantedTests(instance="another")) == ()
    assert len(listed(work, WantedTests(instance=document.instance))) == 3


def test_so_many_of_the_newest_are_listed_and_the_older_ones_by_a_greater_wish(
    work: Strategist, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tests_history, "PAGE", 2)
    after_tests(work, 11, 12, 13, 14, 15)
    whole = listed(work)
    assert len(whole) == 5
    assert not work.heard(events.TestsListed)[-1].has_more
    for limit in (1, 2, 3, 4, 5):
        some = listed(work, WantedTests(limit=limit))
        assert [test.id for test in some] == [test.id for test in whole[:limit]]
        assert work.heard(events.TestsListed)[-1].has_more is (limit < 5)


def test_names_stars_deletes_and_brings_back(work: Strategist) -> None:
    after_tests(work, 11, 12)
    newest, oldest = listed(work)
    work.session.tests.rename(oldest, "  The   slow one ")
    assert changed(work).message == f"'{oldest.name}' is called 'The slow one' now."
    work.session.tests.star((newest,), starred=True)
    changed(work)
    assert [test.id for test in listed(work, WantedTests(starred=True))] == [newest.id]
    work.session.tests.delete((newest, oldest))
    assert changed(work).deleted == (newest.id, oldest.id)
    assert listed(work) == ()
    gone = listed(work, WantedTests(deleted=True))
    assert [(test.name, test.is_starred) for test in gone] == [(newest.name, True), ("The slow one", False)]
    work.session.tests.restore(gone)
    changed(work)
    assert len(listed(work)) == 2
    work.session.tests.rename(oldest, "   ")
    assert "letters" in work.until_told(events.Refused).message


def test_any_number_stand_side_by_side_with_what_differs_and_how_sure_it_is(work: Strategist) -> None:
    document = after_tests(work, 8, 12, 16)
    work.session.set_config(document, dataclasses.replace(document.config, commission_rate=0.002))
    work.session.edit(document, RenameStrategy("Dear"))
    work.until(lambda: document.is_coded)
    work.result_of(document)
    tests = tuple(reversed(listed(work)))
    comparison = compared(work, tests)
    assert comparison.base is not None
    assert [test.id for test in comparison.tests] == [test.id for test in tests]
    assert comparison.base.growth()[-1] == pytest.approx(tests[0].metrics["total_return"], abs=1e-12)
    twelve, _sixteen, dear = comparison.others
    assert twelve.set_up == ()
    assert twelve.drawing is not None
    assert any("12" in change.text and "8" in change.text for change in twelve.drawing)
    assert [change.text for change in dear.set_up] == ["The commission is 0.2 % instead of 0.1 %."]
    assert not dear.prices_differ
    assert twelve.uncertainty is not None
    returns = [np.diff(test.result.equity) / test.result.equity[:-1] for test in comparison.tests[:2]]
    assert twelve.uncertainty.yearly_return.difference == pytest.approx(
        float(returns[1].mean() - returns[0].mean()) * 252, abs=1e-9
    )
    assert twelve.uncertainty.yearly_return.low <= twelve.uncertainty.yearly_return.difference
    same = compared(work, (tests[0], tests[0])).others[0]
    assert (same.set_up, same.drawing) == ((), ())


def test_curves_and_figures_come_before_how_sure_they_are_and_of_wishes_the_newest_is_answered(
    work: Strategist,
) -> None:
    after_tests(work, 8, 12, 16)
    newest, middle, oldest = listed(work)
    work.session.tests.ask_comparison((oldest, middle))
    work.session.tests.ask_comparison((oldest, middle, newest))
    work.until(lambda: bool(work.heard(events.TestsCompared)) and _is_whole(work))
    told = [event.comparison for event in work.heard(events.TestsCompared)]
    assert [len(comparison.tests) for comparison in told] == [3, 3]
    assert [beside.is_judged for beside in told[0].others] == [False, False]
    assert all(beside.uncertainty is not None for beside in told[1].others)


def test_tests_without_a_result_are_left_out_with_a_reason(work: Strategist) -> None:
    document = after_tests(work, 9)
    work.session.set_config(document, TestConfig(stock_pool=("NOBODY",)))
    work.test(document)
    comparison = compared(work, listed(work))
    assert len(comparison.tests) == 1
    (why,) = comparison.left_out
    assert why.startswith(f"'{document.name}' has no result to compare. ")
    assert "NOBODY" in why
    assert compared(work, ()).base is None


def test_run_again_proves_the_result_identical_and_is_kept_too(work: Strategist) -> None:
    document = after_tests(work, 11)
    set_parameter(document, "fast_period", 20)  # what is drawn by now does not matter
    (test,) = listed(work)
    told = again(work, test)
    assert told.is_identical, told.message
    assert told.message.startswith(f"'{test.name}' ran again and is identical to the byte: the same ")
    assert told.message.endswith("Prices, code, versions and seed are the same too.")
    copy, kept = listed(work)
    assert copy.name == f"{test.name}, again"
    assert copy.metrics == kept.metrics
    assert document.result is not None
    assert document.result_is_stale, "the result that is shown stays that of the strategist's own test"


def test_run_again_names_other_prices_and_where_the_results_part(home: Ground) -> None:
    with home.strategist() as work:
        after_tests(work, 11)
        (test,) = listed(work)
        load = work.session.rooms.library.load

        def dearer(*arguments: object) -> object:
            panel = load(*arguments)  # type: ignore[arg-type]
            bumped = {name: getattr(panel, name).copy() for name in ("open", "high", "low", "close")}
            for values in bumped.values():
                values[1500:] *= 1.5
            return dataclasses.replace(panel, **bumped, fingerprint="f" * 64)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(work.session.rooms.library, "load", dearer)
            told = again(work, test)
        assert not told.is_identical
        assert "The prices are not what they were (ffffffff… instead of " in told.message
        assert "The first trade that differs is number " in told.message or "the equity parts on" in told.message
        assert again(work, test).is_identical


def test_run_again_names_other_versions_even_where_the_result_is_the_same(
    work: Strategist, monkeypatch: pytest.MonkeyPatch
) -> None:
    after_tests(work, 11)
    (test,) = listed(work)
    newer = {**versions_used.versions_used(), "NumPy": "9.9.9"}
    monkeypatch.setattr("builder_app.session.runs.tests_history.versions_used", lambda: newer)
    told = again(work, test)
    assert told.is_identical
    assert "NumPy is 9.9.9 instead of " in told.message


def test_test_that_cannot_be_run_again_says_why(work: Strategist) -> None:
    document = after_tests(work, 11)
    work.session.set_config(document, TestConfig(stock_pool=("NOBODY",)))
    work.test(document)
    failed, _whole = listed(work)
    work.session.tests.run_again(failed)
    assert "cannot be run again" in work.until_told(events.Refused).message


def test_text_that_is_no_longer_kept_is_made_anew_and_proved_the_same(work: Strategist) -> None:
    document = after_tests(work, 11)
    (test,) = listed(work)
    assert document.program is not None
    text = work.session.tests._text
    work.session.tests._text = lambda record: (None, text(record)[1])  # type: ignore[method-assign]
    assert again(work, test).is_identical


def test_row_of_tests_says_who_runs_and_who_waits_and_a_waiting_one_can_be_cancelled(
    home: Ground, gated: GatedRunner
) -> None:
    with home.strategist(runner=gated) as work:
        documents = [work.open_example() for _ in range(4)]
        for number, document in enumerate(documents):
            work.session.edit(document, RenameStrategy(f"Number {number}"))
        work.until(lambda: all(document.is_coded for document in documents))
        for document in documents:
            work.session.run_test(document)
        work.until(lambda: len(gated.sources) == 2)
        work.mailbox.run_waiting()
        queue = work.heard(events.QueueChanged)[-1].queue
        assert [(test.name, test.is_running) for test in queue] == [
            *(("Number 0", True), ("Number 1", True), ("Number 2", False), ("Number 3", False))
        ]
        stages = [event.progress.stage for event in work.heard(events.RunProgressed)]
        assert "Waiting for the test before it" in stages
        assert "Waiting for 2 tests before it" in stages
        work.session.cancel_queued(queue[3].number)
        work.until(lambda: [test.name for test in work.heard(events.QueueChanged)[-1].queue][-1] == "Number 2")
        set_parameter(documents[0], "fast_period", 17)  # tests go on while the strategist edits
        gated.gate.set()
        work.until_told(events.RunFinished, 3)
        work.settle()
        assert work.heard(events.QueueChanged)[-1].queue == ()
        assert len(gated.sources) == 3
        assert [test.status for test in listed(work)].count(TestStatus.COMPLETED) == 3
        assert documents[0].result_is_stale


def test_test_found_running_at_the_start_is_closed_as_failed_with_the_reason(home: Ground) -> None:
    with home.strategist() as work:
        after_tests(work, 11)
        (test,) = listed(work)
        with work.store.connections.writing(work.store.principal) as writing:
            change(writing, QuickTest, QuickTest.id == test.id, {"status": TestStatus.RUNNING, "test_result": None})
    with home.strategist() as work:
        (test,) = listed(work)
        assert test.status is TestStatus.FAILED
        assert test.reason == "its process was gone"


@pytest.mark.skipif(sys.platform != "linux", reason="stops and kills the server of tests")
def test_worker_lost_between_two_tests_loses_none(home: Ground) -> None:
    with Runner() as own, home.strategist(runner=own) as work:
        document = after_tests(work, 11)
        server = getattr(own._workers, "process_id", None)
        assert isinstance(server, int)
        os.kill(server, signal.SIGKILL)
        set_parameter(document, "fast_period", 12)
        work.until(lambda: document.is_coded)
        work.result_of(document)
        assert [test.status for test in listed(work)] == [TestStatus.COMPLETED] * 2
