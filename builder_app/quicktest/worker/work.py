"""One run of a strategy's text: load it, call its signals, answer with arrays."""

import json
import math
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ..engine.bars import TIME, Bars, asked_symbols, bars_from, missing_symbols
from ..engine.checking import checked
from ..engine.evaluate import SignalsError, evaluate, line_of, sentence_of
from ..engine.traces import Traced
from . import frames, guard, lock

PROGRESS_SECONDS: Final = 0.05
LONGEST_RULES: Final = 1_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Job:
    """What to run: the text; all prices that are there (symbols, times, and FIELDS of shape (bars, symbols)), the
    symbols of them that are traded, and the benchmark's, if the test names one."""

    source: str
    prices: tuple[tuple[str, ...], NDArray[np.datetime64], tuple[NDArray[np.float64], ...]]
    pool: tuple[str, ...]
    benchmark: str | None
    time_limit: float
    checks_signals: bool = False
    seed: int = 0
    traced: Traced = field(default_factory=Traced)

    def bars(self, rules: object) -> Bars:
        """What the text sees. Raises SignalsError where its rules ask for a symbol that is not there."""
        missing = missing_symbols(rules, self.prices[0])
        if missing:
            raise SignalsError(" ".join(missing[:3]))
        return bars_from(self.prices, self.pool, self.benchmark, tuple(asked_symbols(rules)))


def job_from(values: Mapping[str, Any], panel: Sequence[NDArray[Any]]) -> Job:
    """The job that a "run" frame describes, on the arrays frames.PANEL_ARRAYS: the times, then the fields."""
    times, *fields = panel
    prices = (tuple(values["symbols"]), times.view(TIME), tuple(fields))
    return Job(
        values["source"],
        prices,
        tuple(values["pool"]),
        values["benchmark"],
        float(values["time_limit"]),
        values.get("checks_signals") is True,
        int(values.get("seed", 0)),
        Traced(*values.get("traced", ())),
    )


def work(job: Job, answer: int, state: lock.Lock) -> None:
    """Run the job in this process, which was locked before, and write frames to the file descriptor `answer`."""
    send(answer, "locked", {"open": state.open, "broken": state.broken})
    if state.broken:
        return
    try:
        values, arrays = _signals(job, answer)
    except SignalsError as error:
        send(answer, "failed", {"message": str(error), "line": error.line})
    except MemoryError:
        send(answer, "failed", {"message": "The strategy took more memory than a test may use.", "line": 0})
    except BaseException as error:  # a text may raise SystemExit as well as any other; it must not end us silently
        line = line_of(error, guard.FILENAME)
        send(answer, "failed", {"message": sentence_of(error, line), "line": line})
    else:
        send(answer, "signals", values, arrays)


def send(answer: int, kind: str, values: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]] | None = None) -> None:
    """Write one frame to a file descriptor."""
    for piece in frames.encode(kind, values, arrays):
        rest = piece.cast("B")
        while rest.nbytes:
            rest = rest[os.write(answer, rest[: 1 << 20]) :]


def _signals(job: Job, answer: int) -> tuple[dict[str, object], dict[str, NDArray[Any]]]:
    """RULES and what a check found, and every array, under "signal:" and "trace:" and its name in the text."""
    np.random.seed(job.seed % 2**32)  # for texts that call NumPy's plain random functions
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

    steps = namespace.get("STEPS", namespace["signals"])
    bars = job.bars(rules)
    evaluation = evaluate(steps, bars, traced=job.traced, watch=watch)
    values = {"rules": rules} | ({"check": checked(steps, bars)} if job.checks_signals else {})
    said = {} if job.traced.symbol else evaluation.arrays  # who looks at a symbol does not trade
    arrays: dict[str, NDArray[Any]] = {f"signal:{key}": array for key, array in said.items()}
    return values, arrays | {f"trace:{name}": array for name, array in evaluation.traces.items()}


def _plain(rules: object) -> object:
    """RULES as JSON can say it."""
    try:
        text = json.dumps(rules)
    except (TypeError, ValueError, RecursionError) as error:
        raise SignalsError(f"RULES may hold only dictionaries, lists, texts and numbers: {error}.") from error
    if len(text) > LONGEST_RULES:
        raise SignalsError("RULES is longer than a million characters; make it smaller.")
    return json.loads(text)
