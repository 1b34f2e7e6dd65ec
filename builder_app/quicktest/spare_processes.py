"""A process for each run, the next one always loading ahead: the way where forking is not safe."""

import contextlib
import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable

from .processes import (
    CLOSED,
    LOOK_SECONDS,
    START_SECONDS,
    Answers,
    Job,
    Stopped,
    WorkerLost,
    check_ready,
    ended,
    started,
)
from .worker import frames


class _Died(WorkerLost):
    """The process ended before it had the strategy's text."""


class SpareProcesses:
    """A process for each run, the next one always loading ahead; for systems where forking is not safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spare: subprocess.Popen[bytes] | None = None
        self._running: list[subprocess.Popen[bytes]] = []
        self._closed = False

    @property
    def is_ready(self) -> bool:
        """Whether a spare process lives; whether it has loaded its libraries shows only when it is used."""
        spare = self._spare
        return spare is not None and spare.poll() is None

    def start(self) -> None:
        """Start a spare process, if there is none, without waiting until it has loaded its libraries."""
        with self._lock:
            if self._closed:
                raise WorkerLost(CLOSED)
            if self._spare is None or self._spare.poll() is not None:
                if self._spare is not None:
                    ended(self._spare)
                self._spare = started("once", 0, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def open(self, job: Job, largest: int, cancelled: Callable[[], bool]) -> Answers:
        """Give the job to the spare process, and start the next one; once more where it had died while it waited."""
        try:
            return self._opened(job, largest, cancelled)
        except _Died:
            return self._opened(job, largest, cancelled)

    def _opened(self, job: Job, largest: int, cancelled: Callable[[], bool]) -> Answers:
        self.start()
        with self._lock:
            process, self._spare = self._spare, None
            if process is None or process.stdout is None:
                raise WorkerLost("The process for tests could not start; try again.")
            self._running.append(process)
        self.start()
        answers = Answers(kill=lambda: self._finish(process))
        answers.read(os.dup(process.stdout.fileno()), largest)
        try:
            _await_spare(answers, cancelled)
            self._write(process, job)
        except BaseException:
            answers.end()
            raise
        return answers

    def close(self) -> None:
        """End every process for good."""
        with self._lock:
            self._closed = True
            processes = [*self._running, *([self._spare] if self._spare is not None else [])]
            self._spare, self._running = None, []
        for process in processes:
            ended(process)

    def _write(self, process: subprocess.Popen[bytes], job: Job) -> None:
        if process.stdin is None:
            return
        try:
            for piece in (*frames.encode("panel", {}, job.panel), *frames.encode("run", job.values)):
                process.stdin.write(piece)
            process.stdin.flush()
        except OSError as error:
            raise _Died("The process for tests ended before it had its prices; try again.") from error

    def _finish(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            if process in self._running:
                self._running.remove(process)
        ended(process)


def _await_spare(answers: Answers, cancelled: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if cancelled():
            raise Stopped
        with contextlib.suppress(queue.Empty):
            item = answers.arrived.get(timeout=LOOK_SECONDS)
            if isinstance(item, Exception):
                raise _Died("The process for tests ended while it was loading; try again.") from item
            check_ready(item)
            return
    raise WorkerLost("The process for tests did not start within a minute; try again.")
