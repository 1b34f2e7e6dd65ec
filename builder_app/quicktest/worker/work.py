"""One run of a strategy's text: load it, call its signals, answer with arrays."""

import json
import math
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..engine.evaluate import SignalsError, evaluate, line_of, sentence_of
from . import frames, guard, lock

PROGRESS_SECONDS: Final = 0.05
LONGEST_RULES: Final = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What to run: the text, and price fields (open, high, low, close, volume) of shape (bars, symbols)."""

    source: str
    fields: tuple[NDArray[np.float64], ...]
    symbols: tuple[str, ...]
    time_limit: float


def job_from(values: Mapping[str, Any], panel: Sequence[NDArray[Any]]) -> Job:
    """The job that a "run" frame describes; `columns` says which of the panel's symbols, in which order."""
    columns = values["columns"]
    whole = columns == list(range(panel[0].shape[1]))
    fields = tuple(array if whole else np.ascontiguousarray(array[:, columns]) for array in panel)
    return Job(values["source"], fields, tuple(values["symbols"]), float(values["time_limit"]))


def work(job: Job, answer: int) -> None:
    """Lock this process, run the job, and write frames to the file descriptor `answer`."""
    state = lock.lock(job.time_limit, sum(array.nbytes for array in job.fields))
    send(answer, "locked", {"open": state.open, "broken": state.broken})
    if state.broken:
        return
    try:
        rules, arrays = _signals(job, answer)
    except SignalsError as error:
        send(answer, "failed", {"message": str(error), "line": error.line})
    except MemoryError:
        send(answer, "failed", {"message": "The strategy took more memory than a test may use.", "line": 0})
    except BaseException as error:  # a text may raise SystemExit as well as any other; it must not end us silently
        line = line_of(error, guard.FILENAME)
        send(answer, "failed", {"message": sentence_of(error, line), "line": line})
    else:
        send(answer, "signals", {"rules": rules}, arrays)


def send(answer: int, kind: str, values: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]] | None = None) -> None:
    """Write one frame to a file descriptor."""
    for piece in frames.encode(kind, values, arrays):
        rest = piece.cast("B")
        while rest.nbytes:
            rest = rest[os.write(answer, rest[: 1 << 20]) :]


def _signals(job: Job, answer: int) -> tuple[object, dict[str, NDArray[Any]]]:
    """RULES and every array, under "signal:" and "trace:" and the names they have in the text."""
    namespace = guard.load(job.source)
    for name in ("RULES", "signals"):
        if name not in namespace:
            raise SignalsError(f"The strategy's text does not define {name}; it must, at the top level.")
    rules = _plain(namespace["RULES"])
    last = -math.inf

    def watch(done: int) -> None:
        nonlocal last
        if time.monotonic() - last > PROGRESS_SECONDS:
            last = time.monotonic()
            send(answer, "progress", {"done": done})

    evaluation = evaluate(namespace["signals"], job.fields, job.symbols, traced=True, watch=watch)
    arrays: dict[str, NDArray[Any]] = {f"signal:{key}": array for key, array in evaluation.arrays.items()}
    return rules, arrays | {f"trace:{name}": array for name, array in evaluation.traces.items()}


def _plain(rules: object) -> object:
    """RULES as JSON can say it."""
    try:
        text = json.dumps(rules)
    except (TypeError, ValueError, RecursionError) as error:
        raise SignalsError(f"RULES may hold only dictionaries, lists, texts and numbers: {error}.") from error
    if len(text) > LONGEST_RULES:
        raise SignalsError("RULES is longer than a million characters; make it smaller.")
    return json.loads(text)
