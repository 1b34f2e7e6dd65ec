"""The worker processes: started ahead, one locked process per run, ended without a trace."""

import contextlib
import json
import os
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from .worker import frames

CAN_FORK: Final = sys.platform == "linux"
START_SECONDS: Final = 60.0
"""How long a worker may take to load its libraries."""
END_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 0.02

CLOSED: Final = "The tests were ended with the program; open it again to run one."

_BOOT: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from builder_app.quicktest.worker.main import main; main(sys.argv[2], int(sys.argv[3]))"
)


class WorkerLost(Exception):
    """The worker process ended, or could not start; the message is a whole sentence."""


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What a worker is to run; the panel's arrays by name (frames.PANEL_ARRAYS), and the key they are known by."""

    key: str
    panel: Mapping[str, NDArray[np.float64]]
    values: Mapping[str, Any]


@dataclass(slots=True, eq=False)
class Answers:
    """One run's frames as they come in, read by a thread; FrameError and OSError come as items too."""

    kill: Callable[[], None]
    arrived: queue.Queue[frames.Frame | Exception] = field(default_factory=lambda: queue.Queue(maxsize=64))
    stopped: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None

    def read(self, descriptor: int, largest: int) -> None:
        """Start the reading; the descriptor is closed at its end."""
        self.thread = threading.Thread(
            target=self._read, args=(descriptor, largest), name="worker-answers", daemon=True
        )
        self.thread.start()

    def _read(self, descriptor: int, largest: int) -> None:
        with os.fdopen(descriptor, "rb", buffering=0) as source:
            item: frames.Frame | Exception
            while True:
                try:
                    item = frames.read_frame(source.readinto, largest)
                except (frames.FrameError, OSError, MemoryError) as error:
                    item = error
                while not self.stopped.is_set():
                    try:
                        self.arrived.put(item, timeout=LOOK_SECONDS)
                        break
                    except queue.Full:
                        continue
                if self.stopped.is_set() or isinstance(item, Exception):
                    return

    def end(self) -> None:
        """Kill the run's process and wait until its channel is closed."""
        self.stopped.set()
        self.kill()
        if self.thread is not None:
            self.thread.join(END_SECONDS)


class Workers(Protocol):
    """Whoever has processes to run jobs in."""

    def start(self) -> None:
        """Prepare, without waiting."""

    def open(self, job: Job, largest: int, cancelled: Callable[[], bool]) -> Answers:
        """Start a job; `largest` is the most bytes of arrays that an answer may have. Raises WorkerLost."""

    def close(self) -> None:
        """End every process."""


def workers(fork: bool = CAN_FORK) -> Workers:
    """The way to run that suits this system: a server that forks, or spare processes."""
    return ForkServer() if fork else SpareProcesses()


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
                self._process = _started("fork", theirs.fileno(), pass_fds=(theirs.fileno(),))
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
        _check_ready(frame)
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
            _ended(self._process)
        self._process, self._control, self._ready, self._known = None, None, False, []


class SpareProcesses:
    """A process for each run, the next one always loading ahead; for systems where forking is not safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._spare: subprocess.Popen[bytes] | None = None
        self._running: list[subprocess.Popen[bytes]] = []
        self._closed = False

    def start(self) -> None:
        """Start a spare process, if there is none, without waiting until it has loaded its libraries."""
        with self._lock:
            if self._closed:
                raise WorkerLost(CLOSED)
            if self._spare is None or self._spare.poll() is not None:
                if self._spare is not None:
                    _ended(self._spare)
                self._spare = _started("once", 0, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def open(self, job: Job, largest: int, cancelled: Callable[[], bool]) -> Answers:
        """Give the job to the spare process, and start the next one."""
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
            _ended(process)

    def _write(self, process: subprocess.Popen[bytes], job: Job) -> None:
        if process.stdin is None:
            return
        try:
            for piece in (*frames.encode("panel", {}, job.panel), *frames.encode("run", job.values)):
                process.stdin.write(piece)
            process.stdin.flush()
        except OSError as error:
            raise WorkerLost("The process for tests ended before it had its prices; try again.") from error

    def _finish(self, process: subprocess.Popen[bytes]) -> None:
        with self._lock:
            if process in self._running:
                self._running.remove(process)
        _ended(process)


class Stopped(Exception):
    """The strategist cancelled while the worker was being prepared."""


def _await_spare(answers: Answers, cancelled: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if cancelled():
            raise Stopped
        with contextlib.suppress(queue.Empty):
            item = answers.arrived.get(timeout=LOOK_SECONDS)
            if isinstance(item, Exception):
                raise WorkerLost("The process for tests ended while it was loading; try again.") from item
            _check_ready(item)
            return
    raise WorkerLost("The process for tests did not start within a minute; try again.")


def _check_ready(frame: frames.Frame) -> None:
    if frame.kind != "ready":
        reason = frame.values.get("message", "no reason was given")
        raise WorkerLost(f"The process for tests could not load its libraries ({reason}); install the program again.")


def _started(mode: str, descriptor: int, **channels: Any) -> subprocess.Popen[bytes]:
    """Start a worker in a clean environment, isolated from the user's settings, with this program's search path."""
    root = str(Path(__file__).resolve().parents[2])
    path = [root, *(entry for entry in sys.path if entry and Path(entry).is_absolute() and entry != root)]
    environment = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment |= {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
    if sys.platform == "win32":
        environment |= {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
    options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, **channels}
    command = [sys.executable, "-I", "-X", "utf8", "-c", _BOOT, json.dumps(path), mode, str(descriptor)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, cwd=root, **options)  # noqa: S603


def _ended(process: subprocess.Popen[bytes]) -> None:
    """Kill a process, take its exit status, close its pipes."""
    process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(END_SECONDS)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
