"""The check of a live test's signals comes when the hand rests, belongs to the newest result, and gives way."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from builder_app.flow.edits import MoveNodes
from builder_app.flow.values import Point
from builder_app.quicktest.engine.signals_check import SignalsCheck
from builder_app.quicktest.request import FailureKind, RunFailure, RunRequest, RunResult
from builder_app.quicktest.runner import Runner
from builder_app.session import events
from builder_app.session.drafts.document import Document
from builder_app.session.runs import live, live_checks
from builder_app.session.runs.kept_tests import TO_BE_CHECKED
from tests.session.strategist import Strategist, set_parameter

FOUND = SignalsCheck(("AAPL",), False, 20, ("No look-ahead.", "Warm-up: 20 bars."))


class Checking:
    """Stands where a worker checks: answers when it is let, and remembers whether it was told to stop."""

    def __init__(self, answer: SignalsCheck | RunFailure = FOUND) -> None:
        self.gate, self.answer = threading.Event(), answer
        self.begun: list[RunRequest] = []
        self.stopped: list[RunRequest] = []

    def __call__(self, request: RunRequest, cancelled: Callable[[], bool]) -> SignalsCheck | RunFailure:
        self.begun.append(request)
        while not self.gate.wait(0.005):
            if cancelled():
                self.stopped.append(request)
                return RunFailure(FailureKind.CANCELLED, "The run was cancelled.")
        return self.answer


@pytest.fixture(autouse=True)
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hand rests at once, and a busy machine does not turn live off."""
    monkeypatch.setattr(live_checks, "SECONDS_OF_REST", 0.0)
    monkeypatch.setattr(live, "LIMIT_SECONDS", 60.0)


@contextmanager
def checking(monkeypatch: pytest.MonkeyPatch, answer: SignalsCheck | RunFailure = FOUND) -> Iterator[Checking]:
    check = Checking(answer)
    monkeypatch.setattr(Runner, "signals_checked", lambda _, request, cancelled: check(request, cancelled))
    yield check
    check.gate.set()


def live_result(work: Strategist) -> tuple[Document, RunResult]:
    """A strategy whose live test has just ended."""
    document = work.open_example()
    work.session.set_live(document, True)
    result = work.until_told(events.RunFinished).result
    return document, result


def test_what_is_found_stands_in_the_place_of_the_note_and_nothing_else_changes(
    work: Strategist, monkeypatch: pytest.MonkeyPatch
) -> None:
    with checking(monkeypatch) as check:
        document, before = live_result(work)
        check.gate.set()
        after = work.until_told(events.ResultChecked).result
        place = before.notes.index(TO_BE_CHECKED)
        assert after.notes == (*before.notes[:place], *FOUND.sentences, *before.notes[place + 1 :])
        assert after.check == FOUND
        assert replace(after, check=None, notes=()).metrics is before.metrics
        assert after.equity is before.equity
        assert document.result is after
        assert len(work.heard(events.RunFinished)) == 1


def test_next_edit_stops_the_check_of_the_last_one(work: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    with checking(monkeypatch) as check:
        document, _ = live_result(work)
        work.until(lambda: len(check.begun) == 1)
        set_parameter(document, "fast_period", 12)
        work.until(lambda: len(check.stopped) == 1)
        work.until(lambda: len(check.begun) == 2)
        assert not work.heard(events.ResultChecked)
        check.gate.set()
        checked = work.until_told(events.ResultChecked).result
        assert document.program is not None
        assert (
            checked.code_hash == document.program.sha256 == hashlib.sha256(check.begun[1].source.encode()).hexdigest()
        )


def test_finding_about_a_result_of_before_is_dropped(work: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    with checking(monkeypatch) as check:
        document, _ = live_result(work)
        work.until(lambda: len(check.begun) == 1)
        asked = work.result_of(document)  # by the button: it is checked by itself
        check.gate.set()
        work.settle()
        assert document.result is asked
        assert not work.heard(events.ResultChecked)


def test_check_that_fails_says_so_where_it_would_have_stood(work: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    failure = RunFailure(FailureKind.WORKER_LOST, "The worker process ended before it had answered.")
    with checking(monkeypatch, failure) as check:
        _, before = live_result(work)
        check.gate.set()
        after = work.until_told(events.ResultChecked).result
        assert after.check is None
        assert len(after.notes) == len(before.notes)
        assert TO_BE_CHECKED not in after.notes
        assert any("could not be checked: The worker process ended" in note for note in after.notes)


def test_change_that_needs_no_test_keeps_the_check(work: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    with checking(monkeypatch) as check:
        document, _ = live_result(work)
        work.until(lambda: len(check.begun) == 1)
        document.edit(MoveNodes({"fast_average": Point(1, 2)}))
        work.until(lambda: document.is_coded)
        check.gate.set()
        assert work.until_told(events.ResultChecked).result.check == FOUND


def test_closed_strategy_is_not_checked_any_more(work: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    with checking(monkeypatch) as check:
        document, _ = live_result(work)
        work.until(lambda: len(check.begun) == 1)
        work.session.close_document(document)
        work.until(lambda: len(check.stopped) == 1)
        assert not work.heard(events.ResultChecked)


def test_result_that_is_of_now_again_after_a_refused_value_is_checked(
    work: Strategist, monkeypatch: pytest.MonkeyPatch
) -> None:
    with checking(monkeypatch) as check:
        monkeypatch.setattr(live_checks, "SECONDS_OF_REST", 0.4)
        document, before = live_result(work)
        set_parameter(document, "fast_period", -1)
        work.until(lambda: document.is_coded)
        assert document.result_is_stale
        time.sleep(0.5)  # the check finds that it is not of now, and gives up
        assert not check.begun
        set_parameter(document, "fast_period", 10)
        check.gate.set()
        after = work.until_told(events.ResultChecked).result
        assert after.check == FOUND
        assert after.metrics is before.metrics
