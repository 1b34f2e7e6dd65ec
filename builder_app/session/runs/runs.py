"""The threads that test: two tests at once, of one strategy one after the other, of live ones the newest only."""

import threading
from collections.abc import Callable
from functools import partial
from typing import Protocol

from builder_app.quicktest.request import FailureKind, RunFailure, RunProgress
from builder_app.session.background import survive
from builder_app.session.runs.kept_tests import AT_ONCE, CANCELLED_BEFORE_IT_BEGAN, Ending, Job
from builder_app.store import StoreError

RunJob = Callable[[Job, Callable[[RunProgress], None]], Ending]


class HearsOfTests(Protocol):
    """Who is told how tests go. Each is called from a thread that tests; `ended` once for each job that began,
    or was cancelled before that (then in the thread that cancelled it)."""

    def begun(self, job: Job, /) -> None:
        """The job's turn has come."""

    def progressed(self, job: Job, progress: RunProgress, /) -> None:
        """It has come this far."""

    def ended(self, job: Job, ending: Ending, /) -> None:
        """It is over, whatever happened."""


class TestRuns:
    """Asked-for tests wait in a row, those of one strategy for each other; others begin as soon as a thread is free.

    A live test takes the place of its strategy's live one that waits, and goes last. An asked-for test also takes the
    place of its strategy's live test that runs: it has the newer text.
    """

    __test__ = False  # the name begins with Test, and pytest would collect it

    def __init__(self, run_job: RunJob, listener: HearsOfTests) -> None:
        self._run_job, self._listener = run_job, listener
        self._asked: list[Job] = []
        self._live: dict[str, Job] = {}
        self._running: list[Job] = []
        self._changed = threading.Condition()
        self._closed = False
        self._threads = [
            threading.Thread(target=self._run, name=f"test-runs-{number}", daemon=True) for number in range(AT_ONCE)
        ]
        for thread in self._threads:
            thread.start()

    def start(self, job: Job) -> Job | None:
        """Run this test when its turn comes; the live test that will not begin any more because of it."""
        with self._changed:
            passed_over = self._live.pop(job.document, None)
            if job.live:
                self._live[job.document] = job
            else:
                self._asked.append(job)
                for running in self._running:
                    if running.live and running.document == job.document:
                        running.overtaken.set()
            self._changed.notify_all()
            return passed_over

    def drop_live(self, document: str) -> Job | None:
        """The document's live test that waits will not begin; what runs goes on."""
        with self._changed:
            return self._live.pop(document, None)

    def cancel(self, document: str) -> tuple[Job, ...]:
        """Stop the document's tests: what runs (the answer) ends soon, what waits has ended when this returns."""
        return self._cancel(lambda job: job.document == document)

    def cancel_one(self, number: int) -> tuple[Job, ...]:
        """Stop the test of this number; it is the answer if it runs."""
        return self._cancel(lambda job: job.number == number)

    def _cancel(self, wanted: Callable[[Job], bool]) -> tuple[Job, ...]:
        with self._changed:
            stopping = tuple(filter(wanted, self._running))
            for job in stopping:
                job.cancelled.set()
            waited = [job for job in (*self._asked, *self._live.values()) if wanted(job)]
            self._asked = [job for job in self._asked if job not in waited]
            self._live = {document: job for document, job in self._live.items() if job not in waited}
        for job in waited:
            job.cancelled.set()
            survive(partial(self._listener.ended, job, Ending(CANCELLED_BEFORE_IT_BEGAN)))
        return stopping

    def close(self) -> None:
        """Cancel everything and end the threads."""
        with self._changed:
            self._closed = True
            for job in self._jobs():
                job.cancelled.set()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(timeout=10)

    def _jobs(self) -> list[Job]:
        return [*self._asked, *self._live.values(), *self._running]

    def _next(self) -> Job | None:
        """The job whose turn it is, taken out of the row; None where nothing may begin."""
        busy = {job.document for job in self._running}
        for job in (*self._asked, *self._live.values()):
            if job.document not in busy:
                if job.live:
                    del self._live[job.document]
                else:
                    self._asked.remove(job)
                self._running.append(job)
                return job
        return None

    def _run(self) -> None:
        while True:
            job: Job | None = None
            with self._changed:
                while job is None:
                    job = self._next()
                    if job is None:
                        if self._closed:  # what waits for a running test is ended by the thread that runs it
                            return
                        self._changed.wait()
            survive(partial(self._listener.begun, job))
            ending = self._ending(job)
            with self._changed:
                self._running.remove(job)
                self._changed.notify_all()
            survive(partial(self._listener.ended, job, ending))

    def _ending(self, job: Job) -> Ending:
        try:
            return self._run_job(job, partial(self._listener.progressed, job))
        except StoreError as reason:
            return Ending(RunFailure(FailureKind.WORKER_LOST, f"The test could not be kept: {reason}"))
        except Exception as reason:  # a fault of ours must not end a thread that tests
            message = f"The test could not be finished, by a fault of this program: {type(reason).__name__}: {reason}."
            return Ending(RunFailure(FailureKind.WORKER_LOST, message))
