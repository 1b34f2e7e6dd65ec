"""The thread that tests: asked-for tests one after the other, of live tests the newest of each strategy only."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Protocol

from builder_app.quicktest.request import FailureKind, RunFailure, RunProgress
from builder_app.session.background import survive
from builder_app.session.kept_tests import Ending, Job
from builder_app.store import StoreError

RunJob = Callable[[Job, Callable[[RunProgress], None]], Ending]


class HearsOfTests(Protocol):
    """Who is told how tests go. Each is called from the thread that tests; `ended` once a job that began."""

    def begun(self, job: Job, /) -> None:
        """The job's turn has come."""

    def progressed(self, job: Job, progress: RunProgress, /) -> None:
        """It has come this far."""

    def ended(self, job: Job, ending: Ending, /) -> None:
        """It is over, whatever happened."""


class TestRuns:
    """Asked-for tests wait in a row; a live test takes the place of its strategy's live one that waits, and goes last.

    An asked-for test also takes the place of its strategy's live test that runs: it has the newer text.
    """

    __test__ = False  # the name begins with Test, and pytest would collect it

    def __init__(self, run_job: RunJob, listener: HearsOfTests) -> None:
        self._run_job, self._listener = run_job, listener
        self._asked: list[Job] = []
        self._live: dict[str, Job] = {}
        self._now: Job | None = None
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="test-runs", daemon=True)
        self._thread.start()

    def start(self, job: Job) -> Job | None:
        """Run this test when its turn comes; the live test that will not begin any more because of it."""
        with self._changed:
            passed_over = self._live.pop(job.document, None)
            if job.live:
                self._live[job.document] = job
            else:
                self._asked.append(job)
                if self._now is not None and self._now.live and self._now.document == job.document:
                    self._now.overtaken.set()
            self._changed.notify_all()
            return passed_over

    def drop_live(self, document: str) -> Job | None:
        """The document's live test that waits will not begin; what runs goes on."""
        with self._changed:
            return self._live.pop(document, None)

    def cancel(self, document: str) -> None:
        """Stop the document's tests, the running one and those that wait."""
        with self._changed:
            for job in self._jobs():
                if job.document == document:
                    job.cancelled.set()

    def close(self) -> None:
        """Cancel everything and end the thread."""
        with self._changed:
            self._closed = True
            for job in self._jobs():
                job.cancelled.set()
            self._changed.notify_all()
        self._thread.join(timeout=10)

    def _jobs(self) -> list[Job]:
        return [*self._asked, *self._live.values(), *([self._now] if self._now is not None else [])]

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._asked or self._live or self._closed)
                if not self._asked and not self._live:
                    return
                job = self._asked.pop(0) if self._asked else self._live.pop(next(iter(self._live)))
                self._now = job
            survive(partial(self._listener.begun, job))
            ending = self._ending(job)
            with self._changed:
                self._now = None
            survive(partial(self._listener.ended, job, ending))

    def _ending(self, job: Job) -> Ending:
        try:
            return self._run_job(job, partial(self._listener.progressed, job))
        except StoreError as reason:
            return Ending(RunFailure(FailureKind.WORKER_LOST, f"The test could not be kept: {reason}"))
        except Exception as reason:  # a fault of ours must not end the thread that tests
            message = f"The test could not be finished, by a fault of this program: {type(reason).__name__}: {reason}."
            return Ending(RunFailure(FailureKind.WORKER_LOST, message))
