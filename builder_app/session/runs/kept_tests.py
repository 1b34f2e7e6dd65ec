"""One test from prices to its row in the store, and the code that ran beside it; called from the thread that tests."""

import dataclasses
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Final, Protocol

from builder_app.codegen.program import CheckReport, Program
from builder_app.flow.values import LogicFlow
from builder_app.flow.wording import UNTITLED_STRATEGY
from builder_app.market.prices.panel import Panel
from builder_app.quicktest.engine.signals_check import SignalsCheck
from builder_app.quicktest.request import FailureKind, RunFailure, RunProgress, RunRequest, RunResult, TestConfig
from builder_app.session.code.kept_code import MadeCode, keep_code
from builder_app.session.drafts.saving import SavedAs
from builder_app.session.drafts.stored_flow import split_flow
from builder_app.session.runs.config_codec import config_to_json
from builder_app.session.runs.prices_to_read import to_read
from builder_app.session.runs.results_codec import metrics_to_json, result_to_json
from builder_app.session.runs.versions_used import versions_used
from builder_app.session.secrecy.sealing import Seal, of_strategy
from builder_app.store import Store, StoreError
from builder_app.store.run_records import NewQuickTest
from builder_app.store.secrets import Vault

AT_ONCE: Final = 2
"""So many tests run at the same time; the others wait."""
CANCELLED: Final = RunFailure(FailureKind.CANCELLED, "The test was cancelled.")
CANCELLED_BEFORE_IT_BEGAN: Final = RunFailure(FailureKind.CANCELLED, "The test was cancelled before it began.")
TO_BE_CHECKED: Final = "Whether signals look ahead or warm up is checked as soon as nothing is changed for a moment."
"""What a live test says that is not checked yet."""
SECONDS_TO_LOOK: Final = 0.02
"""How soon a cancelled test stops waiting for prices."""

Outcome = RunResult | RunFailure


class RunsOneTest(Protocol):
    """What runs one test and answers when it is over; `quicktest.runner.Runner` here, a fake in tests."""

    def run(
        self,
        request: RunRequest,
        on_progress: Callable[[RunProgress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Outcome: ...

    def signals_checked(
        self, request: RunRequest, cancelled: Callable[[], bool] | None = None
    ) -> SignalsCheck | RunFailure: ...


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One test to run: of which document and saved strategy, and all that it was when the test was asked for."""

    number: int
    """Later tests have greater numbers."""
    document: str
    instance: str | None
    flow: LogicFlow
    program: Program
    report: CheckReport
    config: TestConfig
    live: bool
    cancelled: threading.Event = field(default_factory=threading.Event)
    overtaken: threading.Event = field(default_factory=threading.Event)
    """Set where a newer test took this one's place: its outcome is of no interest any more."""
    generation_seconds: float | None = None
    """How long it took to make and check the code."""
    again_of: str = ""
    """The kept test that is run again; empty where it is a test of what is drawn."""
    name: str = ""
    """What the test is called; empty: as the strategy."""

    @property
    def is_stopped(self) -> bool:
        """Whether it is to end as soon as it can."""
        return self.cancelled.is_set() or self.overtaken.is_set()


@dataclass(frozen=True, slots=True, eq=False)
class Ending:
    """How a job ended; `made` is the saved strategy that was made for it, None where none had to be made.

    `record` is the id of its row in the store, empty where it has none.
    """

    outcome: Outcome
    made: SavedAs | None = None
    record: str = ""


class KeptTests:
    """Runs a job. One that was asked for is kept in `quick_tests`, its code in `code_generations`; a live one not."""

    def __init__(
        self,
        store: Store,
        runner: RunsOneTest,
        load: Callable[[TestConfig], Panel],
        saved_as: Callable[[str, str | None, LogicFlow], SavedAs],
        vault: Vault | None = None,
    ) -> None:
        self._vault = vault or Vault(None, "", None)
        self._store, self._runner, self._saved_as = store, runner, saved_as
        self._load = load
        self._reading = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="price-reader")

    def __call__(self, job: Job, progressed: Callable[[RunProgress], None]) -> Ending:
        """Test, keep, and say how it ended; a test that was stopped before it began leaves nothing behind."""
        if job.is_stopped:
            return Ending(CANCELLED_BEFORE_IT_BEGAN)
        if job.live:
            return Ending(self._outcome(job, progressed))
        saved = self._saved_as(job.document, job.instance, job.flow)
        logic_flow, parameters = split_flow(Seal(self._vault, of_strategy(saved.instance)).flow(job.flow))
        config = config_to_json(job.config)
        name = job.name or job.flow.name or UNTITLED_STRATEGY
        test = NewQuickTest(saved.instance, name, config, logic_flow, parameters, job.program.sha256)
        record = self._store.quick_tests.start(test)
        try:
            outcome = self._outcome(job, progressed)
        except BaseException as reason:
            self._store.quick_tests.fail(record, f"It could not be finished: {type(reason).__name__}: {reason}.")
            raise
        kept = self._kept(record, saved.instance, job, outcome)
        return Ending(kept, saved if saved.is_new else None, record)

    def close(self) -> None:
        """End the thread that reads prices, without waiting for what it reads."""
        self._reading.shutdown(wait=False)

    def _outcome(self, job: Job, progressed: Callable[[RunProgress], None]) -> Outcome:
        progressed(RunProgress("Reading prices", 0.0))
        try:
            panel = self._panel(job)
        except (ValueError, OSError) as reason:
            return RunFailure(FailureKind.BAD_REQUEST, str(reason))
        if panel is None:
            return RunFailure(FailureKind.CANCELLED, "The test was cancelled while prices were read.")
        request = RunRequest(job.program.source, job.config, panel, checks_signals=not job.live)
        outcome = self._runner.run(request, progressed, lambda: job.is_stopped)
        if isinstance(outcome, RunFailure):
            return outcome
        if job.cancelled.is_set():  # it has been told to be cancelled
            return CANCELLED
        unchecked = (TO_BE_CHECKED,) if job.live else ()
        return dataclasses.replace(outcome, notes=(*outcome.notes, *panel.remarks, *unchecked))

    def signals_checked(self, job: Job) -> SignalsCheck | RunFailure:
        """What a check of the signals of a live test finds, whose prices are read already."""
        try:
            panel = self._load(to_read(job.config, job.program))
        except (ValueError, OSError) as reason:
            return RunFailure(FailureKind.BAD_REQUEST, str(reason))
        request = RunRequest(job.program.source, job.config, panel, checks_signals=True)
        return self._runner.signals_checked(request, lambda: job.is_stopped)

    def _panel(self, job: Job) -> Panel | None:
        """The prices of a job; None where it was stopped first: the reading goes on, and the next test finds it done.

        A live test's are read already but for the first time, and it has no time to hand the question on.
        """
        wanted = to_read(job.config, job.program)
        if job.live:
            return self._load(wanted)
        reading = self._reading.submit(self._load, wanted)
        while not reading.done():
            if job.is_stopped:
                return None
            wait([reading], timeout=SECONDS_TO_LOOK)
        return reading.result()

    def _kept(self, record: str, instance: str, job: Job, outcome: Outcome) -> Outcome:
        """The outcome when it is written down; where the store refuses, a result is still a result, and says so."""
        try:
            keep_outcome(self._store, record, outcome)
            if not job.again_of:  # the text of a test that is run again is kept already, with what its checks found
                made = MadeCode(job.flow, job.program, _report_of(outcome, job), job.generation_seconds)
                keep_code(self._store, self._vault, instance, made)
        except StoreError as reason:
            if isinstance(outcome, RunResult):
                return dataclasses.replace(outcome, notes=(*outcome.notes, f"This test could not be kept: {reason}"))
        return outcome


def _report_of(outcome: Outcome, job: Job) -> CheckReport:
    """What is known of the job's text: what it failed with, too, where a line of it is to blame for the failure."""
    if not isinstance(outcome, RunFailure) or outcome.kind is not FailureKind.STRATEGY_ERROR or not outcome.line:
        return job.report
    return dataclasses.replace(job.report, runtime_error=outcome.message)


def keep_outcome(store: Store, record: str, outcome: Outcome) -> None:
    """Keep how a test ended in its row."""
    match outcome:
        case RunResult():
            metrics = metrics_to_json(outcome.metrics)
            content = {**result_to_json(outcome), "versions": versions_used()}
            store.quick_tests.complete(record, content, metrics, outcome.seconds)
        case RunFailure(kind=FailureKind.CANCELLED):
            store.quick_tests.cancel(record)
        case RunFailure():
            store.quick_tests.fail(record, outcome.message)
