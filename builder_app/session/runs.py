"""The thread that tests: asked-for tests one after the other, of live tests the newest only."""

import threading
from collections.abc import Callable

from builder_app.quicktest.request import FailureKind, RunFailure, RunProgress
from builder_app.session.kept_tests import Job, Outcome

RunJob = Callable[[Job, Callable[[RunProgress], None]], tuple[str | None, Outcome]]


class TestRuns:
    """Asked-for tests wait in a row; a live test takes the place of the live one that waits, and goes after the others.

    `progressed` and `ended` are called from this thread; `ended` always, once a job, whatever happened.
    """

    __test__ = False  # the name begins with Test, and pytest would collect it

    def __init__(
        self,
        run_job: RunJob,
        progressed: Callable[[Job, RunProgress], None],
        ended: Callable[[Job, str | None, Outcome], None],
    ) -> None:
        self._run_job, self._progressed, self._ended = run_job, progressed, ended
        self._asked: list[Job] = []
        self._live: Job | None = None
        self._now: Job | None = None
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="test-runs", daemon=True)
        self._thread.start()

    def start(self, job: Job) -> None:
        """Run this test when its turn comes."""
        with self._changed:
            if job.live:
                self._live = job
            else:
                self._asked.append(job)
            self._changed.notify_all()

    def cancel(self, document: str) -> None:
        """Stop the document's tests, the running one and those that wait."""
        with self._changed:
            for job in self._jobs():
                if job.document == document:
                    job.cancelled.set()

    @property
    def is_idle(self) -> bool:
        """Nothing runs and nothing waits."""
        with self._changed:
            return not self._jobs()

    def close(self) -> None:
        """Cancel everything and end the thread."""
        with self._changed:
            self._closed = True
            for job in self._jobs():
                job.cancelled.set()
            self._changed.notify_all()
        self._thread.join(timeout=10)

    def _jobs(self) -> list[Job]:
        return [job for job in (*self._asked, self._live, self._now) if job is not None]

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._asked or self._live or self._closed)
                job = self._asked.pop(0) if self._asked else self._live
                if job is None:
                    return
                if job is self._live:
                    self._live = None
                self._now = job
            instance, outcome = self._ending(job)
            with self._changed:
                self._now = None
            self._ended(job, instance, outcome)

    def _ending(self, job: Job) -> tuple[str | None, Outcome]:
        try:
            return self._run_job(job, lambda progress: self._progressed(job, progress))
        except Exception as reason:  # a broken disk or a bug of ours must not end the thread that tests
            message = f"The test could not be finished: {type(reason).__name__}: {reason}."
            return job.instance, RunFailure(FailureKind.WORKER_LOST, message)
