"""Tests of the open strategies: asked for, live after every edit, cancelled; and what comes of them."""

import itertools
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from builder_app.codegen.program import CheckReport, Program
from builder_app.flow.values import LogicFlow
from builder_app.flow.wording import UNTITLED_STRATEGY
from builder_app.market.prices.panel import Panel
from builder_app.quicktest.request import FailureKind, RunFailure, RunProgress, TestConfig
from builder_app.session import events
from builder_app.session.code.generating import Generated
from builder_app.session.desk import Desk
from builder_app.session.drafts.document import Document
from builder_app.session.drafts.saving import Saving
from builder_app.session.events import QueuedTest
from builder_app.session.runs.from_thread import FromThread
from builder_app.session.runs.kept_tests import (
    AT_ONCE,
    CANCELLED,
    CANCELLED_BEFORE_IT_BEGAN,
    Ending,
    Job,
    KeptTests,
    Outcome,
)
from builder_app.session.runs.live import LivePatience
from builder_app.session.runs.live_checks import LiveChecks
from builder_app.session.runs.runs import TestRuns

Ended = Callable[[Document, Job | None, Outcome], None]
"""Told how a test ended; without a job it did not even begin."""


class Testing:
    """The owner's side of testing; `ended` hears how each test ended that was not overtaken."""

    __test__ = False  # the name begins with Test, and pytest would collect it

    def __init__(
        self,
        desk: Desk,
        saving: Saving,
        load: Callable[[TestConfig], Panel],
        keep_draft: Callable[[Document], None],
        ended: Ended,
    ) -> None:
        self._desk, self._saving, self._keep_draft, self._ended = desk, saving, keep_draft, ended
        self._kept = KeptTests(desk.rooms.store, desk.rooms.runner, load, saving.saved_as, desk.rooms.vault)
        self._runs = TestRuns(self._kept, FromThread(desk, self._begun, self._progressed, self._take))
        self._checks = LiveChecks(desk, self._kept.signals_checked)
        self._numbers = itertools.count(1)
        self._patience = LivePatience()
        self._under_way: list[Job] = []
        self._running: set[int] = set()
        self._answered: set[int] = set()
        """The tests that run still, or write what became of them, and were told to be cancelled."""
        self._told: tuple[QueuedTest, ...] = ()
        self.ran_again: Callable[[Job, Ending], None] = lambda _job, _ending: None
        """Hears how a kept test that was run again ended."""
        self._live_wanted: dict[str, tuple[str, TestConfig]] = {}

    @property
    def is_idle(self) -> bool:
        """No test runs or waits, and the outcome of each was told."""
        return not self._under_way

    @property
    def is_busy(self) -> bool:
        """A test runs or waits that nobody has cancelled."""
        return any(job.number not in self._answered for job in self._under_way)

    def run(self, document: Document) -> int:
        """Test the newest picture: at once where its code is there, else as soon as it is.

        Asking again for what is being tested changes nothing. The answer: the first test whose outcome serves the wish.
        """
        if document.is_coded:
            return self._start(document, live=False)
        document.test_when_coded = True
        self._desk.tell(events.RunProgressed(document.id, RunProgress("Generating code", 0.0)))
        return next(self._numbers)

    def cancel(self, document: Document) -> None:
        """Stop the document's tests; RunFailed tells of each at once, and its row is written when it has stopped."""
        waited, document.test_when_coded = document.test_when_coded, False
        self._answer(self._runs.cancel(document.id))
        if waited:
            self._desk.tell(events.RunFailed(document.id, CANCELLED_BEFORE_IT_BEGAN, live=False))
            self._ended(document, None, CANCELLED_BEFORE_IT_BEGAN)

    def cancel_one(self, number: int) -> None:
        """Stop one test of the queue."""
        self._answer(self._runs.cancel_one(number))

    def _answer(self, stopping: tuple[Job, ...]) -> None:
        """Tell of tests that run and are to stop: nobody waits for what they do meanwhile, nor for the disk."""
        for job in stopping:
            is_new = job.number not in self._answered and not job.again_of and not job.overtaken.is_set()
            if is_new and job.document in self._desk.documents:
                self._answered.add(job.number)
                self._desk.tell(events.RunFailed(job.document, CANCELLED, job.live))

    def set_live(self, document: Document, live: bool) -> None:
        """While live, every edit is tested as it is made."""
        if live == document.live:
            return
        document.live = live
        self._patience.forget(document.id)
        self._live_wanted.pop(document.id, None)
        self._keep_draft(document)
        if live:
            self.follow(document)
        else:
            self._done(self._runs.drop_live(document.id))

    def made(self, key: str, flow: LogicFlow, generated: Generated) -> None:
        """In the thread that generates: there is code of this picture. While live its test begins here and now, and
        does not wait until the owner, who may be painting, has heard of it."""
        document = self._desk.documents.get(key)
        program, report = generated.program, generated.report
        if document is None or not document.live or document.flow is not flow or document.test_when_coded:
            return
        if program is None or report is None or self._live_wanted.get(key) == (program.sha256, document.config):
            return
        self._live_wanted[key] = (program.sha256, document.config)
        self._checks.overtake(key)
        job = _job(next(self._numbers), document, (flow, program, report), generated.seconds, live=True)
        self._desk.post(partial(self._adopt, job))
        passed_over = self._runs.start(job)
        self._desk.post(partial(self._done, passed_over))

    def _adopt(self, job: Job) -> None:
        """A live test was begun while the owner was busy: it is the document's, if that is open and live still."""
        self._under_way.append(job)
        document = self._desk.documents.get(job.document)
        if document is None or not document.live:
            self._runs.cancel_one(job.number)

    def coded(self, document: Document) -> None:
        """The code of the newest picture is there: test it where that was asked for, or while live."""
        if document.test_when_coded:
            document.test_when_coded = False
            self._start(document, live=False)
        else:
            self.follow(document)

    def follow(self, document: Document) -> None:
        """While live: test the newest text and set-up, if they were not yet."""
        self._checks.again(document.id)
        if not document.live or not document.is_coded or document.program is None:
            return
        wanted = (document.program.sha256, document.config)
        if self._live_wanted.get(document.id) != wanted:
            self._live_wanted[document.id] = wanted
            self._start(document, live=True)

    def forget(self, document: Document) -> None:
        """The document is closed: its tests stop."""
        document.test_when_coded = False
        self._live_wanted.pop(document.id, None)
        self._runs.cancel(document.id)
        self._checks.overtake(document.id)

    def close(self) -> None:
        """Stop every test and end the threads."""
        self._checks.close()
        self._runs.close()
        self._kept.close()

    def _start(self, document: Document, *, live: bool) -> int:
        number = next(self._numbers)
        if document.program is None or document.report is None:
            failure = _not_code_yet(document)
            self._desk.tell(events.RunFailed(document.id, failure, live))
            self._ended(document, None, failure)
            return number
        same = None if live else self._asked_already(document)
        if same is not None:
            return same.number
        made = (document.flow, document.program, document.report)
        self._checks.overtake(document.id)
        job = _job(number, document, made, document.generation_seconds, live=live)
        before = 0 if live else self._before(job)
        if before:
            what = "the test" if before == 1 else f"{before} tests"
            self._desk.tell(events.RunProgressed(document.id, RunProgress(f"Waiting for {what} before it", 0.0)))
        self._begin(job)
        return number

    def run_again(self, job: Job) -> None:
        """Run a kept test once more, when its turn comes; `ran_again` is called with its ending."""
        self._begin(replace(job, number=next(self._numbers)))

    @property
    def queue(self) -> tuple[QueuedTest, ...]:
        """The tests that were asked for and have not ended, in the order in which they were."""
        return tuple(
            QueuedTest(job.number, job.name or job.flow.name or UNTITLED_STRATEGY, job.number in self._running)
            for job in self._under_way
            if not job.live
        )

    def _begin(self, job: Job) -> None:
        self._under_way.append(job)
        self._done(self._runs.start(job))
        self._tell_queue()

    def _before(self, job: Job) -> int:
        """How many tests end before this one begins, as far as can be said now."""
        same = sum(other.document == job.document for other in self._under_way)
        return max(same, len(self._under_way) - AT_ONCE + 1, 0)

    def _tell_queue(self) -> None:
        queue = self.queue
        if queue != self._told:
            self._told = queue
            self._desk.tell(events.QueueChanged(queue))

    def _begun(self, job: Job) -> None:
        if not job.live:
            self._running.add(job.number)
            self._tell_queue()
        if not job.is_stopped and not job.again_of:
            self._desk.tell(events.RunStarted(job.document, job.live))

    def _progressed(self, job: Job, progress: RunProgress) -> None:
        if not job.is_stopped and not job.again_of:
            self._desk.tell(events.RunProgressed(job.document, progress))

    def _asked_already(self, document: Document) -> Job | None:
        program, config = document.program, document.config
        for job in self._under_way:
            is_wanted = job.document == document.id and not job.live and not job.is_stopped
            if is_wanted and program is not None and job.program.sha256 == program.sha256 and job.config == config:
                return job
        return None

    def _done(self, job: Job | None) -> None:
        if job is not None and job in self._under_way:
            self._under_way.remove(job)
            self._running.discard(job.number)

    def _take(self, job: Job, ending: Ending) -> None:
        self._done(job)
        if ending.made is not None:
            self._saving.take(job.document, ending.made, job.flow)
        self._tell_queue()
        if job.again_of:
            self.ran_again(job, ending)
            return
        document = self._desk.documents.get(job.document)
        if document is None or job.overtaken.is_set():
            self._answered.discard(job.number)
            return
        outcome = ending.outcome
        if job.number in self._answered:
            self._answered.remove(job.number)
            outcome = CANCELLED
        elif isinstance(outcome, RunFailure):
            self._desk.tell(events.RunFailed(document.id, outcome, job.live))
        else:
            document.result, document.tested_hash = outcome, job.program.sha256
            document.tested_config, document.tested_flow = job.config, job.flow
            self._desk.tell(events.RunFinished(document.id, outcome, job.live))
            if job.live:
                self._checks.ask(job)
        if job.live and document.live:
            self._turn_live_down(document, outcome)
        self._ended(document, job, outcome)

    def _turn_live_down(self, document: Document, outcome: Outcome) -> None:
        """A test that takes long would make every edit wait: live goes off, and says so."""
        why = self._patience.hear(document.id, outcome)
        if why:
            self.set_live(document, live=False)
            self._desk.tell(events.LiveTurnedDown(document.id, why))


def _job(
    number: int,
    document: Document,
    made: tuple[LogicFlow, Program, CheckReport],
    generation_seconds: float | None,
    *,
    live: bool,
) -> Job:
    about = (number, document.id, document.instance)
    return Job(*about, *made, document.config, live, generation_seconds=generation_seconds)


def _not_code_yet(document: Document) -> RunFailure:
    count = len(document.errors)
    what = "one problem keeps it" if count == 1 else f"{count} problems keep it"
    message = f"'{document.name}' cannot be tested yet: {what} from becoming code. See Problems."
    return RunFailure(FailureKind.BAD_REQUEST, message)
