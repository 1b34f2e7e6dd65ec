"""The server's side of running: a fresh locked process for each run, one of them forked and locked ahead.

Forking and locking take most of a small run. So while nobody waits, a process is made ready for one more run on the
prices of the last; it is used once, like any other.
"""

import array
import contextlib
import os
import select
import signal
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from . import frames, lock
from .work import job_from, send, work

LARGEST_PANEL: Final = 1 << 34
_ANSWER: Final = 3
"""The descriptor that a run writes its answer to: the only one it has."""
_DIES_WITH_PARENT: Final = 1
_REST_SECONDS: Final = 0.01
"""So long after a run the next process is made ready: the program is at work on the answer meanwhile."""

Panel = list[NDArray[Any]]


def panel_from(frame: frames.Frame) -> Panel:
    """The arrays of a panel, each symbol's bars side by side."""
    return [np.asfortranarray(frame.arrays[name]) for name in frames.PANEL_ARRAYS]


@dataclass(frozen=True, slots=True)
class _Running:
    """A process at work: the run's number, its id, and the descriptor of its answer."""

    number: int
    process: int
    answer: int


@dataclass(frozen=True, slots=True)
class _Ready:
    """A process that was locked for these prices and this limit of time, and waits for its run at `channel`."""

    wish: tuple[str, float]
    process: int
    watched: int
    channel: socket.socket


class Server:
    """Takes frames from `control` and watches its children, until the socket ends; then no child is left."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._panels: dict[str, Panel] = {}
        self._running: dict[int, _Running] = {}
        self._ready: _Ready | None = None
        self._wish: tuple[str, float] | None = None

    def serve(self) -> None:
        """Serve until the other side is gone."""
        try:
            while self._take_next():
                pass
        finally:
            self._end_ready()
            for descriptor in list(self._running):
                os.kill(self._running[descriptor].process, signal.SIGKILL)
                self._reap(descriptor)

    def _take_next(self) -> bool:
        rest = _REST_SECONDS if self._wants_ready() else None
        ready, _, _ = select.select([self._control.fileno(), *self._watched()], [], [], rest)
        if not ready:
            self._make_ready()
        for descriptor in ready:
            if descriptor in self._running:
                self._reap(descriptor)
            elif self._ready is not None and descriptor == self._ready.watched:
                self._end_ready()
            elif descriptor == self._control.fileno() and not self._take():
                return False
        return True

    def _watched(self) -> Sequence[int]:
        return [*self._running, *([self._ready.watched] if self._ready is not None else [])]

    def _take(self) -> bool:
        """Do what one frame says; False when the control socket has ended."""
        frame, handed = _received(self._control)
        if frame is None:
            return False
        match frame.kind:
            case "panel":
                while len(self._panels) >= frames.PANELS_KEPT:
                    self._panels.pop(next(iter(self._panels)))
                self._panels[frame.values["key"]] = panel_from(frame)
            case "run":
                self._start(frame, handed[0])
            case "kill":
                for running in self._running.values():
                    if running.number == frame.values["number"]:
                        os.kill(running.process, signal.SIGKILL)  # not reaped yet, so the id is still that child's
            case _:
                return False
        return True

    # -- runs -----------------------------------------------------------------------------------------------------

    def _start(self, frame: frames.Frame, answer: int) -> None:
        """Have a process do the job; it writes its answer to the descriptor that was handed over."""
        self._wish = (frame.values["key"], float(frame.values["time_limit"]))
        if not self._handed_to_ready(frame, answer):
            key, time_limit = self._wish
            panel = self._panels[key]

            def child() -> None:
                os.dup2(answer, _ANSWER)
                os.closerange(_ANSWER + 1, 4096)
                state = lock.lock(time_limit, size_of(panel))
                work(job_from(frame.values, panel), _ANSWER, state)

            process = _forked(child)
            self._running[os.pidfd_open(process)] = _Running(frame.values["number"], process, answer)

    def _handed_to_ready(self, frame: frames.Frame, answer: int) -> bool:
        """Give the job to the process that is ready, where it was made ready for such a job."""
        ready = self._ready
        if ready is None or ready.wish != self._wish:
            return False
        try:
            _hand(ready.channel, frame, answer)
        except OSError:  # it is dead
            self._end_ready()
            return False
        ready.channel.close()
        self._ready = None
        self._running[ready.watched] = _Running(frame.values["number"], ready.process, answer)
        return True

    def _wants_ready(self) -> bool:
        """Nobody waits for a run, and no process is ready for one more like the last."""
        if self._wish is None or self._wish[0] not in self._panels or self._running:
            return False
        return self._ready is None or self._ready.wish != self._wish

    def _make_ready(self) -> None:
        """Fork and lock a process for one more run like the last."""
        if self._wish is None:
            return
        self._end_ready()
        wish, panel = self._wish, self._panels[self._wish[0]]
        ours, theirs = socket.socketpair()

        def child() -> None:
            os.dup2(theirs.fileno(), _ANSWER)
            os.closerange(_ANSWER + 1, 4096)
            _await_run(panel, wish[1])

        process = _forked(child)
        theirs.close()
        self._ready = _Ready(wish, process, os.pidfd_open(process), ours)

    def _end_ready(self) -> None:
        ready, self._ready = self._ready, None
        if ready is not None:
            os.kill(ready.process, signal.SIGKILL)
            os.waitpid(ready.process, 0)
            os.close(ready.watched)
            ready.channel.close()

    def _reap(self, descriptor: int) -> None:
        """Take leave of a child: tell the reader how it ended, if there is room to tell it, and close its channel."""
        running = self._running.pop(descriptor)
        _, status = os.waitpid(running.process, 0)
        os.close(descriptor)
        with contextlib.suppress(OSError):  # nobody reads any more
            _, writable, _ = select.select([], [running.answer], [], 0)
            if writable:
                ended_by = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
                send(running.answer, "ended", {"signal": ended_by})
        os.close(running.answer)


def _forked(child: Callable[[], None]) -> int:
    """Fork a process that does this and nothing else, and never outlives the server."""
    process = os.fork()
    if process == 0:
        try:
            import ctypes

            ctypes.CDLL(None).prctl(_DIES_WITH_PARENT, signal.SIGKILL, 0, 0, 0)
            child()
        finally:
            os._exit(0)
    return process


def _await_run(panel: Panel, time_limit: float) -> None:
    """Lock this process, and run the one job that is handed to it; without any it ends."""
    state = lock.lock(time_limit, size_of(panel))
    channel = socket.socket(fileno=_ANSWER)
    frame, handed = _received(channel)
    if frame is None:
        return
    channel.detach()
    os.dup2(handed[0], _ANSWER)  # which closes the channel
    os.close(handed[0])
    work(job_from(frame.values, panel), _ANSWER, state)


def _hand(channel: socket.socket, frame: frames.Frame, answer: int) -> None:
    message = b"".join(frames.encode(frame.kind, frame.values))
    sent = socket.send_fds(channel, [message], [answer])
    if sent < len(message):  # else it may have gone to work already, and nothing can be said to it
        channel.sendall(message[sent:])


def _received(channel: socket.socket) -> tuple[frames.Frame | None, list[int]]:
    """The next frame with the descriptors that came along; None where the other side has ended."""
    prefix, handed, _, _ = socket.recv_fds(channel, frames.PREFIX.size, 1)
    frame = frames.read_frame(channel.recv_into, LARGEST_PANEL, prefix) if prefix else None
    return frame, list(array.array("i", handed))


def size_of(panel: Panel) -> int:
    """Bytes of the prices: the fields, without the times."""
    return sum(values.nbytes for values in panel[1:])
