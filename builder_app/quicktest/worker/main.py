"""A worker's main function: a server that forks a locked process per run (Linux), or one run in this very process."""

import gc
import os
import signal
import socket

from . import frames, lock
from .preload import preload
from .serving import LARGEST_PANEL, Server, panel_from, size_of
from .work import job_from, send, work


def main(mode: str, descriptor: int) -> None:
    """Serve until the other side is gone. `mode` is "fork", with a socket, or "once", with stdin and stdout."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal is for the program, which then ends us
    if mode == "fork":
        control = socket.socket(fileno=descriptor)
        _load(control.fileno())
        gc.collect()
        gc.freeze()  # what is loaded stays shared with the children
        Server(control).serve()
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
        panel = panel_from(frames.read_frame(source.readinto, LARGEST_PANEL))
        request = frames.read_frame(source.readinto, 0)
    os.dup2(nowhere, 0)
    job = job_from(request.values, panel)
    work(job, answer, lock.lock(job.time_limit, size_of(panel)))
    os.close(answer)
