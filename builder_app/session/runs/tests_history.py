"""The history of tests: listed, named, starred, deleted, restored, compared, and run again.

Every method is called in the owner's thread and returns at once; an event tells what came of it, or Refused why not.
"""

import datetime
import math
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeVar

from builder_app.codegen.program import CheckReport, Program
from builder_app.quicktest.request import RunFailure, TestConfig
from builder_app.session import events
from builder_app.session.answering import answered, in_words
from builder_app.session.background import Latest
from builder_app.session.code.generating import generate
from builder_app.session.desk import Desk
from builder_app.session.drafts.stored_flow import flow_or_none
from builder_app.session.runs.comparison import (
    ComparedTest,
    Comparison,
    PairedDifference,
    compare,
    judged,
    uncertainty_of,
)
from builder_app.session.runs.config_codec import config_from_json
from builder_app.session.runs.kept_tests import Ending, Job
from builder_app.session.runs.results_codec import result_from_json
from builder_app.session.runs.run_again import Verdict, content_of, verdict
from builder_app.session.runs.testing import Testing
from builder_app.session.runs.versions_used import versions_used
from builder_app.session.secrecy.sealing import of_strategy, opened_flow
from builder_app.store.list_records import TestWish
from builder_app.store.run_records import QuickTestRecord, QuickTestSummary
from builder_app.store.vocabulary import TestStatus

T = TypeVar("T")
PAGE: Final = 200
REMEMBERED: Final = 32
"""So many tests' results stay in memory: what was compared is compared again with one more."""
TARGET: Final = "standalone"


@dataclass(frozen=True, slots=True)
class WantedTests:
    """Which tests are listed: those of one saved strategy or of all, all of them, the starred or the deleted ones.

    `limit`: so many of the newest at most.
    """

    instance: str | None = None
    starred: bool = False
    deleted: bool = False
    limit: int = PAGE


@dataclass(frozen=True, slots=True, eq=False)
class KeptTest:
    """One kept test in a list. `metrics` are empty where it has no result; `reason` says why a test failed."""

    id: str
    instance: str
    name: str
    at: datetime.datetime
    status: TestStatus
    metrics: Mapping[str, float]
    reason: str
    seconds: float | None
    is_starred: bool

    @property
    def has_result(self) -> bool:
        """Whether it can be compared and run again."""
        return self.status is TestStatus.COMPLETED


class TestsHistory:
    """Reads and changes the kept tests on a thread of its own, compares them on another."""

    __test__ = False  # the name begins with Test, and pytest would collect it

    def __init__(self, desk: Desk, testing: Testing) -> None:
        self._desk, self._testing = desk, testing
        testing.ran_again = self._ran_again
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="tests-history")
        self._comparing = Latest("tests-comparing", self._compare, self._compared)
        self._loaded: OrderedDict[str, ComparedTest] = OrderedDict()
        self._uncertainties: dict[tuple[str, str], PairedDifference | None] = {}
        self._wish: tuple[KeptTest, ...] = ()
        self._names: dict[str, str] = {}

    def close(self) -> None:
        """End the threads after what they are working at."""
        self._comparing.close()
        self._thread.shutdown(wait=True, cancel_futures=True)

    # -- lists ------------------------------------------------------------------------------------------------------

    def ask(self, wanted: WantedTests) -> None:
        """Read the tests; TestsListed tells them."""
        wish = TestWish(wanted.instance, starred=wanted.starred, deleted=wanted.deleted)

        def read() -> events.TestsListed:
            found: list[QuickTestSummary] = []
            key = None
            while len(found) < wanted.limit:
                page = self._desk.rooms.store.quick_tests.list(wish, min(PAGE, wanted.limit - len(found)), key)
                found += page.items
                key = page.next_key
                if key is None:
                    break
            return events.TestsListed(tuple(map(_kept, found)), key is not None, wanted)

        self._run(read, self._desk.tell)

    def rename(self, test: KeptTest, name: str) -> None:
        """Call the test otherwise."""
        called = " ".join(name.split())
        self._change(
            lambda id: self._desk.rooms.store.quick_tests.rename(id, called),
            (test,),
            events.TestsChanged(f"'{test.name}' is called '{called}' now."),
        )

    def star(self, tests: Sequence[KeptTest], starred: bool) -> None:
        """Star the tests, or take their stars."""
        what = "starred" if starred else "no longer starred"
        self._change(
            lambda id: self._desk.rooms.store.quick_tests.set_starred(id, starred),
            tests,
            events.TestsChanged(f"{_named(tests)} {_is(tests)} {what}."),
        )

    def delete(self, tests: Sequence[KeptTest]) -> None:
        """Take the tests off the list; they are kept among the deleted ones."""
        told = events.TestsChanged(f"{_named(tests)} {_was(tests)} deleted.", tuple(test.id for test in tests))
        self._change(self._desk.rooms.store.quick_tests.soft_delete, tests, told)

    def restore(self, tests: Sequence[KeptTest]) -> None:
        """Bring deleted tests back."""
        told = events.TestsChanged(f"{_named(tests)} {_is(tests)} among your tests again.")
        self._change(self._desk.rooms.store.quick_tests.restore, tests, told)

    # -- comparing --------------------------------------------------------------------------------------------------

    def ask_comparison(self, tests: Sequence[KeptTest]) -> None:
        """Put these tests side by side, the first one as what the others are compared with; TestsCompared tells.

        It is told twice: at once, and when it is known how sure the differences are. Asked again before that, only the
        newest wish is answered.
        """
        self._wish = tuple(tests)
        self._comparing.ask("", self._wish)

    def _compare(self, _key: str, tests: tuple[KeptTest, ...]) -> Comparison:
        found, left_out = [], [_no_result(test) for test in tests if not test.has_result]
        for test in tests:
            if test.has_result:
                try:
                    found.append(self._compared_test(test))
                except Exception as reason:  # nobody waits for this thread's answer: what went wrong must be said
                    left_out.append(f"'{test.name}' cannot be compared. {in_words(reason)}")
        comparison = compare(tuple(found), self._desk.catalogue, tuple(left_out))
        if not comparison.others:
            return comparison
        self._compared("", tests, comparison)
        return judged(comparison, partial(self._uncertainty, tests))

    def _uncertainty(
        self, tests: tuple[KeptTest, ...], base: ComparedTest, other: ComparedTest
    ) -> PairedDifference | None:
        """How sure the difference is, from memory where it was asked before; nothing for a wish that is overtaken."""
        pair = (base.id, other.id)
        if pair not in self._uncertainties and tests is self._wish:
            self._uncertainties[pair] = uncertainty_of(base, other)
        return self._uncertainties.get(pair)

    def _compared(self, _key: str, tests: tuple[KeptTest, ...], comparison: Comparison) -> None:
        def take() -> None:
            if tests is self._wish:  # others may be chosen by now
                self._desk.tell(events.TestsCompared(comparison))

        self._desk.post(take)

    def _compared_test(self, test: KeptTest) -> ComparedTest:
        kept = self._loaded.pop(test.id, None)
        if kept is None or kept.name != test.name:
            record = self._desk.rooms.store.quick_tests.get(test.id)
            flow = flow_or_none(record.logic_flow_snapshot, record.parameters_snapshot)
            result = result_from_json(record.test_result or {})
            kept = ComparedTest(test.id, test.name, config_from_json(record.test_config), flow, result)
        self._loaded[test.id] = kept
        while len(self._loaded) > REMEMBERED:
            self._loaded.popitem(last=False)
        return kept

    # -- once more --------------------------------------------------------------------------------------------------

    def run_again(self, test: KeptTest) -> None:
        """Run the kept text on the kept set-up, as a test of its own; TestRanAgain tells whether it is identical."""
        self._run(lambda: self._job(test), self._testing.run_again)

    def _job(self, test: KeptTest) -> Job:
        record = self._desk.rooms.store.quick_tests.get(test.id)
        flow = flow_or_none(record.logic_flow_snapshot, record.parameters_snapshot)
        if flow is None or not test.has_result:
            raise ValueError(f"'{test.name}' cannot be run again: there is no result of it, or its drawing is damaged.")
        flow = opened_flow(self._desk.rooms.vault, of_strategy(record.instance_id), flow)
        program, report = self._text(record)
        if program is None:
            made = generate(flow, self._desk.catalogue)
            program, report = made.program, made.report or CheckReport()
        if program is None:
            raise ValueError(f"'{test.name}' cannot be run again: its code is no longer kept, and cannot be made anew.")
        config: TestConfig = config_from_json(record.test_config)
        again = f"again:{test.id}"
        self._names[again] = test.name
        name = f"{test.name}, again"
        return Job(
            *(0, again, record.instance_id, flow, program, report, config),
            live=False,
            again_of=test.id,
            name=name,
        )

    def _text(self, record: QuickTestRecord) -> tuple[Program | None, CheckReport]:
        """The very text that ran, where it is kept."""
        hashed = record.code_hash or ""
        kept = self._desk.rooms.store.generations.find(record.instance_id, TARGET, hashed)
        if kept is None:
            return None, CheckReport()
        return Program(kept.target, kept.generated_code, kept.code_hash, "", (), ()), CheckReport()

    def _ran_again(self, job: Job, ending: Ending) -> None:
        name = self._names.pop(job.document, job.name)
        outcome, quick_tests = ending.outcome, self._desk.rooms.store.quick_tests

        def judge() -> Verdict:
            kept = quick_tests.get(job.again_of).test_result or {}
            new = outcome if isinstance(outcome, RunFailure) else content_of(outcome, versions_used())
            return verdict(name, kept, new)

        self._run(
            judge,
            lambda found: self._desk.tell(events.TestRanAgain(job.again_of, found.is_identical, found.message)),
        )

    # -- parts ------------------------------------------------------------------------------------------------------

    def _change(self, change: Callable[[str], object], tests: Sequence[KeptTest], told: events.TestsChanged) -> None:
        def work() -> None:
            for test in tests:
                change(test.id)

        if tests:
            self._run(work, lambda _none: self._desk.tell(told))

    def _run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        desk = self._desk
        answered(self._thread, desk.post, work, done, lambda said: desk.tell(events.Refused("", said)))


def _kept(summary: QuickTestSummary) -> KeptTest:
    metrics = {
        name: math.nan if value is None else float(value)
        for name, value in (summary.metrics_summary or {}).items()
        if value is None or isinstance(value, int | float)
    }
    return KeptTest(
        *(summary.id, summary.instance_id, summary.test_name, summary.created_at, summary.status, metrics),
        reason=summary.error_message or "",
        seconds=summary.execution_time,
        is_starred=summary.starred_at is not None,
    )


def _no_result(test: KeptTest) -> str:
    why = f"{test.reason[:1].upper()}{test.reason[1:]}".rstrip(".") if test.reason else f"It is {test.status.lower()}"
    return f"'{test.name}' has no result to compare. {why}."


def _named(tests: Sequence[KeptTest]) -> str:
    return f"The test '{tests[0].name}'" if len(tests) == 1 else f"{len(tests):,} tests"


def _is(tests: Sequence[KeptTest]) -> str:
    return "is" if len(tests) == 1 else "are"


def _was(tests: Sequence[KeptTest]) -> str:
    return "was" if len(tests) == 1 else "were"
