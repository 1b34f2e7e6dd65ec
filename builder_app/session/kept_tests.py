"""One test from prices to its row in the store, and the code that ran beside it; called from the thread that tests."""

import dataclasses
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from builder_app.codegen.program import GENERATOR_VERSION, CheckReport, Program
from builder_app.flow.values import LogicFlow
from builder_app.market.prices.panel import Panel
from builder_app.quicktest.request import FailureKind, RunFailure, RunProgress, RunRequest, RunResult, TestConfig
from builder_app.session.config_codec import config_to_json
from builder_app.session.results_codec import metrics_to_json, result_to_json
from builder_app.session.stored_flow import split_flow
from builder_app.store import Store
from builder_app.store.records import NewGeneration, NewQuickTest
from builder_app.store.vocabulary import ValidationStatus

Outcome = RunResult | RunFailure


class RunsOneTest(Protocol):
    """What runs one test and answers when it is over; `quicktest.runner.Runner` here, a fake in tests."""

    def run(
        self,
        request: RunRequest,
        on_progress: Callable[[RunProgress], None] | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> Outcome: ...


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """One test to run: of which document and saved strategy, and all that it was when the test was asked for."""

    document: str
    instance: str | None
    flow: LogicFlow
    program: Program
    report: CheckReport
    config: TestConfig
    live: bool
    cancelled: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class KeptTests:
    """Runs a job. One that was asked for is kept in `quick_tests`, its code in `code_generations`; a live one not."""

    store: Store
    runner: RunsOneTest
    load: Callable[[TestConfig], Panel]

    def __call__(self, job: Job, progressed: Callable[[RunProgress], None]) -> tuple[str | None, Outcome]:
        """The saved strategy's id (made where there was none) and how the test ended."""
        if job.live:
            return job.instance, self._outcome(job, progressed)
        name = job.flow.name or "Untitled strategy"
        instance = ensure_instance(self.store, job.instance, job.flow, name)
        if job.instance is None:
            self.store.sessions.bind(job.document, instance)
        logic_flow, parameters = split_flow(job.flow)
        config = config_to_json(job.config)
        test = NewQuickTest(instance, name, config, logic_flow, parameters, job.program.sha256)
        record = self.store.quick_tests.start(test)
        outcome = self._outcome(job, progressed)
        keep_outcome(self.store, record, outcome)
        keep_generation(self.store, instance, job)
        return instance, outcome

    def _outcome(self, job: Job, progressed: Callable[[RunProgress], None]) -> Outcome:
        if job.cancelled.is_set():
            return RunFailure(FailureKind.CANCELLED, "The test was cancelled before it began.")
        progressed(RunProgress("Reading prices", 0.0))
        try:
            panel = self.load(job.config)
        except ValueError as reason:
            return RunFailure(FailureKind.BAD_REQUEST, str(reason))
        return self.runner.run(RunRequest(job.program.source, job.config, panel), progressed, job.cancelled.is_set)


def ensure_instance(store: Store, instance: str | None, flow: LogicFlow, name: str) -> str:
    """The id of the saved strategy, made from this flow where there is none yet."""
    if instance is not None:
        return instance
    logic_flow, parameters = split_flow(flow)
    return store.strategies.create(name, logic_flow, parameters).id


def keep_outcome(store: Store, record: str, outcome: Outcome) -> None:
    """Keep how a test ended in its row."""
    match outcome:
        case RunResult():
            metrics = metrics_to_json(outcome.metrics)
            store.quick_tests.complete(record, result_to_json(outcome), metrics, outcome.seconds)
        case RunFailure(kind=FailureKind.CANCELLED):
            store.quick_tests.cancel(record)
        case RunFailure():
            store.quick_tests.fail(record, outcome.message)


def keep_generation(store: Store, instance: str, job: Job) -> None:
    """Keep the code with its checks; the same text for the same strategy and target is kept once."""
    logic_flow, parameters = split_flow(job.flow)
    report = job.report
    store.generations.record(
        NewGeneration(
            instance,
            target=job.program.target,
            generated_code=job.program.source,
            code_hash=job.program.sha256,
            validation_status=ValidationStatus(report.status.value),
            logic_flow=logic_flow,
            parameters=parameters,
            validation_result=json.loads(json.dumps(dataclasses.asdict(report))),
            syntax_check_passed=not report.syntax_errors,
            security_check_passed=not (report.security_warnings or report.forbidden_imports),
            code_version=GENERATOR_VERSION,
            line_count=report.line_count,
            complexity_score=report.complexity_score,
        )
    )
