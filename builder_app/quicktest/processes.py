"""The worker processes: started ahead, one locked process per run, ended without a trace."""

import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from numpy.typing import NDArray

from .worker import frames

START_SECONDS: Final = 60.0
"""How long a worker may take to load its libraries."""
END_SECONDS: Final = 5.0
LOOK_SECONDS: Final = 0.02

CLOSED: Final = "The tests were ended with the program; open it again to run one."

KEPT_MEMORY: Final = {"MALLOC_MMAP_THRESHOLD_": str(1 << 28), "MALLOC_TRIM_THRESHOLD_": str(1 << 29)}
"""Tells glibc to keep what arrays of half a million bars give back: taking it anew takes longer than the arithmetic."""

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
    panel: Mapping[str, NDArray[Any]]
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

    def end(self, wait: bool = True) -> None:
        """Kill the run's process and wait until its channel is closed."""
        self.stopped.set()
        self.kill()
        if self.thread is not None and wait:
            self.thread.join(END_SECONDS)


class Workers(Protocol):
    """Whoever has processes to run jobs in."""

    @property
    def is_ready(self) -> bool:
        """Whether a job could begin at once."""

    def start(self) -> None:
        """Prepare, without waiting."""

    def open(self, job: Job, largest: int, cancelled: Callable[[], bool]) -> Answers:
        """Start a job; `largest` is the most bytes of arrays that an answer may have. Raises WorkerLost."""

    def close(self) -> None:
        """End every process."""


class Stopped(Exception):
    """The strategist cancelled while the worker was being prepared."""


def check_ready(frame: frames.Frame) -> None:
    if frame.kind != "ready":
        reason = frame.values.get("message", "no reason was given")
        raise WorkerLost(f"The process for tests could not load its libraries ({reason}); install the program again.")


def started(mode: str, descriptor: int, **channels: Any) -> subprocess.Popen[bytes]:
    """Start a worker in a clean environment, isolated from the user's settings, with this program's search path."""
    root = str(Path(__file__).resolve().parents[2])
    path = [root, *(entry for entry in sys.path if entry and Path(entry).is_absolute() and entry != root)]
    environment = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    environment |= {"LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"} | KEPT_MEMORY
    if sys.platform == "win32":
        environment |= {name: os.environ[name] for name in ("SYSTEMROOT", "TEMP") if name in os.environ}
    options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, **channels}
    command = [sys.executable, "-I", "-X", "utf8", "-c", _BOOT, json.dumps(path), mode, str(descriptor)]
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, cwd=root, **options)  # noqa: S603


def ended(process: subprocess.Popen[bytes]) -> None:
    """Kill a process, take its exit status, close its pipes."""
    process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(END_SECONDS)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):
                pipe.close()
