"""Two tests at once, of one strategy one after the other, and nothing that waits is forgotten."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.codegen.program import CheckReport, Program
from builder_app.flow.values import EMPTY_FLOW
from builder_app.quicktest.request import FailureKind, RunFailure, RunProgress, TestConfig
from builder_app.session.runs.kept_tests import AT_ONCE, Ending, Job
from builder_app.session.runs.runs import TestRuns

DONE = Ending(RunFailure(FailureKind.STRATEGY_ERROR, "Done."))


def job(number: int, document: str, *, live: bool = False) -> Job:
    """A job of which only the number and the strategy count here."""
    report = CheckReport()
    program = Program("standalone", "", "", "", (), ())
    return Job(number, document, None, EMPTY_FLOW, program, report, TestConfig(), live)


class Hall:
    """Where jobs run until they are let go; it counts how many do at once, and of which strategies."""

    def __init__(self) -> None:
        self.gate = threading.Event()
        self.lock = threading.Lock()
        self.now: list[Job] = []
        self.most = 0
        self.doubled = False
        self.begun_jobs: list[int] = []
        self.ended_jobs: list[tuple[int, Ending]] = []
        self.runs = TestRuns(self.run, self)

    def run(self, one: Job, _progressed: Callable[[RunProgress], None]) -> Ending:
        with self.lock:
            self.doubled |= any(other.document == one.document for other in self.now)
            self.now.append(one)
            self.most = max(self.most, len(self.now))
        while not self.gate.wait(0.002) and not one.is_stopped:
            pass
        with self.lock:
            self.now.remove(one)
        return DONE

    def begun(self, one: Job, /) -> None:
        self.begun_jobs.append(one.number)

    def progressed(self, one: Job, progress: RunProgress, /) -> None:
        raise AssertionError((one, progress))

    def ended(self, one: Job, ending: Ending, /) -> None:
        self.ended_jobs.append((one.number, ending))

    def until(self, what: Callable[[], bool]) -> None:
        end = time.monotonic() + 10
        while not what():
            assert time.monotonic() < end, (self.begun_jobs, self.ended_jobs)
            time.sleep(0.001)


@pytest.fixture
def hall() -> Iterator[Hall]:
    made = Hall()
    yield made
    made.gate.set()
    made.runs.close()


def test_two_run_at_once_and_the_third_waits_until_one_has_ended(hall: Hall) -> None:
    jobs = [job(number, f"strategy {number}") for number in range(3)]
    for one in jobs:
        hall.runs.start(one)
    hall.until(lambda: len(hall.now) == AT_ONCE)
    time.sleep(0.05)
    assert sorted(hall.begun_jobs) == [0, 1]
    jobs[1].cancelled.set()
    hall.until(lambda: 2 in hall.begun_jobs)
    assert hall.most == AT_ONCE


def test_tests_of_one_strategy_follow_each_other_and_let_another_strategy_pass(hall: Hall) -> None:
    for number, document in enumerate(("a", "a", "b")):
        hall.runs.start(job(number, document))
    hall.until(lambda: len(hall.now) == 2)
    assert {one.number for one in hall.now} == {0, 2}
    hall.gate.set()
    hall.until(lambda: len(hall.ended_jobs) == 3)
    assert not hall.doubled


def test_what_waits_ends_at_once_when_it_is_cancelled_and_never_begins(hall: Hall) -> None:
    for number in range(4):
        hall.runs.start(job(number, f"strategy {number}"))
    hall.until(lambda: len(hall.now) == 2)
    hall.runs.cancel_one(3)
    hall.runs.cancel("strategy 2")
    assert {number for number, _ending in hall.ended_jobs} == {2, 3}
    for _number, ending in hall.ended_jobs:
        assert isinstance(ending.outcome, RunFailure)
        assert ending.outcome.kind is FailureKind.CANCELLED
    hall.gate.set()
    hall.until(lambda: len(hall.ended_jobs) == 4)
    assert sorted(hall.begun_jobs) == [0, 1]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.booleans()), max_size=12))
def test_each_asked_test_runs_once_in_the_order_of_its_strategy(wishes: list[tuple[str, bool]]) -> None:
    hall = Hall()
    hall.gate.set()
    asked: dict[str, list[int]] = {}
    dropped = set()
    for number, (document, live) in enumerate(wishes):
        if not live:
            asked.setdefault(document, []).append(number)
        passed_over = hall.runs.start(job(number, document, live=live))
        if passed_over is not None:
            dropped.add(passed_over.number)
    hall.until(lambda: len(hall.ended_jobs) == len(wishes) - len(dropped))
    hall.runs.close()
    for numbers in asked.values():
        assert [number for number in hall.begun_jobs if number in numbers] == numbers
    assert hall.most <= AT_ONCE
    assert not hall.doubled
    assert sorted(number for number, _ending in hall.ended_jobs) == sorted(set(range(len(wishes))) - dropped)


def test_close_ends_what_runs_and_what_waits(hall: Hall) -> None:
    for number in range(6):
        hall.runs.start(job(number, "ab"[number % 2]))
    hall.until(lambda: len(hall.now) == 2)
    hall.runs.close()
    assert sorted(number for number, _ending in hall.ended_jobs) == list(range(6))
