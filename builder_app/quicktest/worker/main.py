"""A worker's main function: a server that forks a locked process per run (Linux), or one run in this very process."""

import array
import gc
import os
import select
import signal
import socket
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from . import frames
from .preload import preload
from .work import job_from, send, work

LARGEST_PANEL: Final = 1 << 34

Panels = dict[str, list[NDArray[Any]]]


def main(mode: str, descriptor: int) -> None:
    """Serve until the other side is gone. `mode` is "fork", with a socket, or "once", with stdin and stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the program, which then ends us
    if mode == "fork":
        control = socket.socket(fileno=descriptor)
        _load(control.fileno())
        gc.collect()
        gc.freeze()  # what is loaded stays shared with the children
        _serve(control)
    else:
        _once()


def _load(descriptor: int) -> None:
    try:
        preload()
    except Exception as error:
        send(descriptor, "unfit", {"message": f"{type(error).__name__}: {error}"})
        raise SystemExit(1) from error
    send(descriptor, "ready", {})


def _once() -> None:
    """Read prices and a job from stdin, run it here, answer on stdout."""
    answer = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    _load(answer)
    with open(0, "rb", buffering=0, closefd=False) as source:
        panel = _panel(frames.read_frame(source.readinto, LARGEST_PANEL))
        request = frames.read_frame(source.readinto, 0)
    os.dup2(nowhere, 0)
    work(job_from(request.values, panel), answer)
    os.close(answer)


def _panel(frame: frames.Frame) -> list[NDArray[Any]]:
    """The arrays of a panel, each symbol's bars side by side."""
    return [np.asfortranarray(frame.arrays[name]) for name in frames.PANEL_ARRAYS]


def _serve(control: socket.socket) -> None:
    """Take frames and watch children, until the control socket ends; then no child is left."""
    panels: Panels = {}
    running: dict[int, tuple[int, int, int]] = {}  # by process descriptor: run number, process id, answer descriptor
    try:
        while True:
            ready, _, _ = select.select([control.fileno(), *running], [], [])
            for descriptor in ready:
                if descriptor in running:
                    _reap(descriptor, running)
                elif not _take(control, panels, running):
                    return
    finally:
        for descriptor in list(running):
            os.kill(running[descriptor][1], signal.SIGKILL)
            _reap(descriptor, running)


def _take(control: socket.socket, panels: Panels, running: dict[int, tuple[int, int, int]]) -> bool:
    """Do what one frame says; False when the control socket has ended."""
    prefix, handed = _prefix(control)
    if not prefix:
        return False
    frame = frames.read_frame(control.recv_into, LARGEST_PANEL, prefix)
    match frame.kind:
        case "panel":
            while len(panels) >= frames.PANELS_KEPT:
                panels.pop(next(iter(panels)))
            panels[frame.values["key"]] = _panel(frame)
        case "run":
            _start(frame, panels[frame.values["key"]], handed[0], running)
        case "kill":
            for number, process, _ in running.values():
                if number == frame.values["number"]:
                    os.kill(process, signal.SIGKILL)  # not reaped yet, so the id is still that child's
        case _:
            return False
    return True


def _prefix(control: socket.socket) -> tuple[bytes, list[int]]:
    """The first bytes of a frame with the descriptors that came along."""
    data, handed, _, _ = socket.recv_fds(control, frames.PREFIX.size, 1)
    return data, list(array.array("i", handed))


def _start(
    frame: frames.Frame,
    panel: list[NDArray[Any]],
    answer: int,
    running: dict[int, tuple[int, int, int]],
) -> None:
    """Fork a process for the job; it writes its answer to the descriptor that was handed over."""
    process = os.fork()
    if process == 0:
        try:
            _child(frame, panel, answer)
        finally:
            os._exit(0)
    running[_process_descriptor(process)] = (frame.values["number"], process, answer)


def _child(frame: frames.Frame, panel: list[NDArray[Any]], answer: int) -> None:
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGKILL, 0, 0, 0)  # PR_SET_PDEATHSIG: never outlive the server
    os.dup2(answer, 3)
    os.closerange(4, 4096)
    work(job_from(frame.values, panel), 3)


def _process_descriptor(process: int) -> int:
    return os.pidfd_open(process)


def _reap(descriptor: int, running: dict[int, tuple[int, int, int]]) -> None:
    """Take leave of a child: tell the reader how it ended, if there is room to tell it, and close its channel."""
    _, process, answer = running.pop(descriptor)
    _, status = os.waitpid(process, 0)
    os.close(descriptor)
    try:
        _, writable, _ = select.select([], [answer], [], 0)
        if writable:
            send(answer, "ended", {"signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0})
    except OSError:
        pass  # nobody reads any more
    os.close(answer)
