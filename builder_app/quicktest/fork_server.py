"""A preloaded server that forks a locked process for each run: the way on Linux."""

import contextlib
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from typing import Final

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


def _can_fork() -> bool:
    """Whether a server may fork and watch its children by descriptors: Linux from 5.3 on."""
    if sys.platform != "linux":
        return False
    try:
        os.close(os.pidfd_open(os.getpid()))
    except OSError:
        return False
    return True


CAN_FORK: Final = _can_fork()


class ForkServer:
    """One preloaded process that forks a locked one for each run; it keeps the last prices it was sent."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._ready = False
        self._known: list[str] = []
        self._number = 0
        self._closed = False

    @property
    def is_ready(self) -> bool:
        """Whether the server has loaded its libraries; asked from any thread, while a run may be starting."""
        control = self._control
        if self._ready or control is None:
            return self._ready
        try:
            return bool(select.select([control], [], [], 0)[0])
        except (OSError, ValueError):  # closed meanwhile
            return False

    @property
    def process_id(self) -> int | None:
        """The server's process id, None when none runs."""
        with self._lock:
            return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start the server, if none runs, without waiting until it has loaded its libraries."""
        with self._lock:
            if self._closed:
                raise WorkerLost(CLOSED)
            if self._process is not None and self._process.poll() is None:
                return
            self._end()
            ours, theirs = socket.socketpair()
            with theirs:
                self._process = started("fork", theirs.fileno(), pass_fds=(theirs.fileno(),))
            self._control = ours

    def open(self, job: Job, largest: int, cancelled: Callable[[], bool]) -> Answers:
        """Start a job in a process of its own."""
        with self._lock:
            for last_try in (False, True):
                try:
                    self.start()
                    self._await_ready(cancelled)
                    return self._sent(job, largest)
                except (OSError, frames.FrameError) as error:  # it died since the last run: once more, with a new one
                    self._end()
                    if last_try:
                        raise WorkerLost(
                            "The process for tests ended again and again; start the program anew."
                        ) from error
            raise AssertionError("unreachable")

    def close(self) -> None:
        """End the server for good; it takes its children with it."""
        with self._lock:
            self._closed = True
            self._end()

    def _await_ready(self, cancelled: Callable[[], bool]) -> None:
        if self._ready or self._control is None:
            return
        self._control.settimeout(LOOK_SECONDS)
        deadline = time.monotonic() + START_SECONDS

        def read_into(buffer: memoryview) -> int:
            while True:
                try:
                    return self._control.recv_into(buffer) if self._control is not None else 0
                except TimeoutError:
                    if cancelled() or time.monotonic() > deadline:
                        raise

        try:
            frame = frames.read_frame(read_into, 0)
        except TimeoutError as error:
            if cancelled():
                raise Stopped from error
            self._end()
            raise WorkerLost("The process for tests did not start within a minute; try again.") from error
        check_ready(frame)
        self._control.settimeout(None)
        self._ready = True

    def _sent(self, job: Job, largest: int) -> Answers:
        control = self._control
        if control is None:
            raise OSError("no server")
        if job.key not in self._known:
            for piece in frames.encode("panel", {"key": job.key}, job.panel):
                control.sendall(piece)
            self._known = [*self._known, job.key][-frames.PANELS_KEPT :]
        self._number += 1
        number = self._number
        reading, writing = os.pipe()
        try:
            message = b"".join(frames.encode("run", {**job.values, "key": job.key, "number": number}))
            sent = socket.send_fds(control, [message], [writing])
            control.sendall(message[sent:])
        except OSError:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        answers = Answers(kill=lambda: self._kill(control, number))
        answers.read(reading, largest)
        return answers

    def _kill(self, control: socket.socket, number: int) -> None:
        with self._lock, contextlib.suppress(OSError):
            if control is self._control:
                control.sendall(b"".join(frames.encode("kill", {"number": number})))

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
        if self._process is not None:
            ended(self._process)
        self._process, self._control, self._ready, self._known = None, None, False, []
