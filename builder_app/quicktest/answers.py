"""What a worker answers: waited for, checked as data from a stranger, and what went wrong in sentences."""

import queue
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .engine.backtest import Cancelled
from .processes import LOOK_SECONDS, Answers
from .request import FailureKind, RunFailure, RunProgress, RunRequest
from .worker import frames

OnProgress = Callable[[RunProgress], None]
MEMORY_SIGNALS: Final = (6, 9, 11)
_TOO_SLOW: Final = (
    "The strategy's signals took longer than the limit of {:g} seconds; simplify the strategy, test fewer symbols, or "
    "raise the limit."
)


class Failed(Exception):
    """A test that gives no result."""

    def __init__(self, kind: FailureKind, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.failure = RunFailure(kind, message, line)


class NothingRan(Exception):
    """The processes for tests were gone before the strategy's text began."""


def awaited(
    answers: Answers, request: RunRequest, symbols: int, channels: tuple[OnProgress, Callable[[], bool]]
) -> tuple[frames.Frame, tuple[str, ...]]:
    """Wait for the signals; raises Failed for everything else that may come or not come."""
    report, stop = channels
    deadline = time.monotonic() + request.time_limit
    notes: tuple[str, ...] | None = None
    while True:
        if stop():
            raise Cancelled
        if time.monotonic() > deadline:
            raise Failed(FailureKind.TIMED_OUT, _TOO_SLOW.format(request.time_limit))
        try:
            item = answers.arrived.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            continue
        if isinstance(item, frames.EndOfFrames) and notes is None:  # it says that it is locked before the text begins
            raise NothingRan
        if isinstance(item, Exception):
            raise lost(item)
        match item.kind:
            case "locked" if notes is None:  # sent before the text runs; later ones are forged
                notes = lock_notes(item)
            case "progress":
                done = item.values.get("done")
                share = min(max(done, 0), symbols) / symbols if isinstance(done, int) else 0.0
                report(RunProgress("Computing the signals", 0.5 * share))
            case "signals" if notes is not None:
                return item, notes
            case "failed":
                raise _blamed(item)
            case "ended" if notes is None:  # the process that waited for this run was gone before it came
                raise NothingRan
            case "ended":
                raise _died(item)
            case _:
                raise Failed(FailureKind.BAD_ANSWER, "The worker answered with a message that is not known.")


def lock_notes(frame: frames.Frame) -> tuple[str, ...]:
    broken, left_open = frame.values.get("broken"), frame.values.get("open")
    if not isinstance(broken, list) or not isinstance(left_open, list) or broken:
        raise Failed(
            FailureKind.WORKER_LOST,
            "The lock around the strategy's text did not hold, so the text was not run; start the program anew.",
        )
    if not left_open:
        return ()
    names = ", ".join(str(name)[:40] for name in left_open[:5])
    return (f"This system has no lock that keeps a strategy's text from {names}; run only texts that you trust.",)


def _blamed(frame: frames.Frame) -> Failed:
    """The strategy's own fault, in the worker's words, which are cut to a sane length."""
    message, line = frame.values.get("message"), frame.values.get("line")
    text = message[:2000] if isinstance(message, str) and message else "The strategy failed without a word."
    return Failed(FailureKind.STRATEGY_ERROR, text, line if isinstance(line, int) and 0 < line < 10**7 else 0)


def lost(error: Exception) -> Failed:
    if isinstance(error, frames.FrameError) and not isinstance(error, frames.EndOfFrames):
        return Failed(FailureKind.BAD_ANSWER, f"The worker's answer was not understood: {error}.")
    return Failed(FailureKind.WORKER_LOST, "The worker process ended before it had answered; run the test again.")


def _died(frame: frames.Frame) -> Failed:
    number = frame.values.get("signal")
    how = f" (signal {number})" if isinstance(number, int) and number > 0 else ""
    hint = "it may have taken more memory than there is" if number in MEMORY_SIGNALS else "run the test again"
    return Failed(FailureKind.WORKER_LOST, f"The worker process was ended{how} before it had answered; {hint}.")


def accepted_arrays(frame: frames.Frame, shape: tuple[int, int]) -> dict[str, NDArray[Any]]:
    """The answer's arrays, those of signals in the panel's shape, traces as float64 with its columns."""
    accepted: dict[str, NDArray[Any]] = {}
    for name, array in frame.arrays.items():
        if (name.startswith("signal:") and array.shape == shape) or (
            name.startswith("trace:") and array.ndim == 2 and array.shape[1] == shape[1] and array.dtype == np.float64
        ):
            accepted[name] = array
        else:
            raise Failed(FailureKind.BAD_ANSWER, f"The worker answered with an array “{name[:60]}” of a wrong shape.")
    return accepted
