"""Run a test from text to result: signals in a worker process, simulation and metrics here."""

import dataclasses
import hashlib
import queue
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from .engine.accelerate import warm
from .engine.backtest import Cancelled, Outcome, backtest
from .engine.prices import FIELDS, Pool, pool_of, wrong_prices
from .engine.records import TradeRecord
from .engine.rules import Rules, rules_from
from .engine.settings import Settings, settings_from
from .exported import versions
from .fork_server import CAN_FORK, ForkServer
from .on_demand import OnDemand
from .processes import LOOK_SECONDS, Answers, Job, Stopped, WorkerLost, Workers
from .request import (
    FailureKind,
    Rejection,
    RunFailure,
    RunProgress,
    RunRequest,
    RunResult,
    Trade,
)
from .spare_processes import SpareProcesses
from .worker import frames

OnProgress = Callable[[RunProgress], None]
MOST_BYTES_A_CELL: Final = 8 * 400
"""An answer may hold some 400 arrays of numbers over all bars and symbols."""
LONGEST_SOURCE: Final = 3_000_000
MEMORY_SIGNALS: Final = (6, 9, 11)


class _Failed(Exception):
    """A test that gives no result."""

    def __init__(self, kind: FailureKind, message: str, line: int = 0) -> None:
        super().__init__(message)
        self.failure = RunFailure(kind, message, line)


class _NothingRan(Exception):
    """The processes for tests were gone before the strategy's text began."""


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class SaidSignals:
    """What a text says: RULES as JSON gives them, and its arrays by key, shape (bars, symbols), bool or float64."""

    rules: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


class Runner:
    """Owner of the worker processes. Threads may share one; `run` blocks the thread that calls it."""

    def __init__(self, fork: bool = CAN_FORK) -> None:
        self._workers: Workers = ForkServer() if fork else SpareProcesses()

    @property
    def is_ready(self) -> bool:
        """Whether a run could begin at once, without waiting for a worker's libraries."""
        return self._workers.is_ready

    def start(self) -> None:
        """Prepare a worker in the background, so that the first run finds it ready."""
        self._workers.start()

    def warm(self) -> None:
        """Have the engine's loop compiled in the background, where numba is installed; results stay the same."""
        warm()

    def close(self) -> None:
        """End every process for good; runs under way, and later ones, end with a failure."""
        self._workers.close()

    def __enter__(self) -> "Runner":
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def run(
        self,
        request: RunRequest,
        on_progress: OnProgress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> RunResult | RunFailure:
        """Run one test. `cancelled` is asked every 20 ms or so; after it says True the run ends within 200 ms."""
        begun = time.perf_counter()
        report = on_progress or (lambda _: None)
        stop = cancelled or (lambda: False)
        try:
            settings, pool = _checked(request)
            report(RunProgress("Starting the test", 0.0))
            rules, arrays, notes = self._signals(request, pool, report, stop)
            outcome = _simulated(request, (settings, pool, rules), arrays, report, stop)
        except _Failed as failed:
            return failed.failure
        except (Cancelled, Stopped):
            return RunFailure(FailureKind.CANCELLED, "The test was cancelled.")
        except WorkerLost as lost:
            return RunFailure(FailureKind.WORKER_LOST, str(lost))
        report(RunProgress("Done", 1.0))
        traces = {name.removeprefix("trace:"): array for name, array in arrays.items() if name.startswith("trace:")}
        return _result(request, (pool, outcome), traces, notes, time.perf_counter() - begun)

    def signals(self, request: RunRequest, cancelled: Callable[[], bool] | None = None) -> SaidSignals | RunFailure:
        """What the strategy's text says on these prices, from a worker, without trading on it."""
        stop = cancelled or (lambda: False)
        try:
            _, pool = _checked(request)
            frame, _, arrays = self._said(request, pool, lambda _: None, stop)
        except _Failed as failed:
            return failed.failure
        except (Cancelled, Stopped):
            return RunFailure(FailureKind.CANCELLED, "The run was cancelled.")
        except WorkerLost as lost:
            return RunFailure(FailureKind.WORKER_LOST, str(lost))
        _, problems = rules_from(frame.values.get("rules"))
        if problems:
            return RunFailure(FailureKind.BAD_ANSWER, " ".join(problems[:5]))
        said = {key.removeprefix("signal:"): array for key, array in arrays.items() if key.startswith("signal:")}
        return SaidSignals(frame.values["rules"], said)

    def _signals(
        self, request: RunRequest, pool: Pool, report: OnProgress, stop: Callable[[], bool]
    ) -> tuple[Rules, Mapping[str, NDArray[Any]], tuple[str, ...]]:
        """The rules of the strategy's text as the engine takes them, its arrays, and notes on how it was locked."""
        frame, notes, arrays = self._said(request, pool, report, stop)
        rules, problems = rules_from(frame.values.get("rules"))
        if problems:
            raise _Failed(FailureKind.BAD_ANSWER, " ".join(problems[:5]))
        return rules, arrays, notes

    def _said(
        self, request: RunRequest, pool: Pool, report: OnProgress, stop: Callable[[], bool]
    ) -> tuple[frames.Frame, tuple[str, ...], dict[str, NDArray[Any]]]:
        """A worker's answer, notes on how it was locked, and the answer's arrays, checked for shape and type."""
        panel, benchmark = request.panel, request.config.benchmark
        values = {
            "source": request.source,
            "symbols": panel.symbols,
            "pool": pool.symbols,
            "benchmark": benchmark if benchmark in panel.symbols else None,  # the simulation says what is missing
            "time_limit": request.time_limit,
        }
        rows = "all" if pool.rows is None else hashlib.sha256(pool.rows.tobytes()).hexdigest()
        key = f"{panel.fingerprint} {panel.close.shape} {rows}"
        times = pool.times.astype("datetime64[ns]").view(np.int64)
        job = Job(key, {"times": times, **{name: pool.cut(getattr(panel, name)) for name in FIELDS}}, values)
        try:
            frame, notes = self._answered(job, request, pool, (report, stop))
        except _NothingRan:  # the server was killed since the last run: once more, with a new one
            frame, notes = self._answered(job, request, pool, (report, stop), is_last_try=True)
        shape = pool.fields[0].shape
        return frame, notes, _accepted(frame, (shape[0], shape[1]))

    def _answered(
        self,
        job: Job,
        request: RunRequest,
        pool: Pool,
        channels: tuple[OnProgress, Callable[[], bool]],
        *,
        is_last_try: bool = False,
    ) -> tuple[frames.Frame, tuple[str, ...]]:
        """One process' answer; raises _NothingRan where there was none, but for the last try."""
        answers = self._workers.open(job, 1_000_000 + MOST_BYTES_A_CELL * pool.fields[0].size, channels[1])
        try:
            return _awaited(answers, request, len(pool.symbols), channels)
        except _NothingRan as gone:
            if is_last_try:
                raise _lost(frames.EndOfFrames()) from gone
            raise
        finally:
            answers.end()


def _checked(request: RunRequest) -> tuple[Settings, Pool]:
    """The settings and the pool of a request that can be run; raises _Failed with a sentence for one that cannot."""
    settings, problems = settings_from(
        dataclasses.asdict(request.config) | {"intrabar_order": str(request.config.intrabar_order)}
    )
    if not problems:
        problems = wrong_prices(request.panel)
    if not problems and len(request.source) > LONGEST_SOURCE:
        problems = ("The strategy's text is longer than three million characters; make it shorter.",)
    if not problems and not 0.0 < request.time_limit <= 86_400.0:
        problems = (f"The time limit must be above zero and at most a day; it was {request.time_limit} seconds.",)
    pool, wrong = (None, ()) if problems else pool_of(request.panel, settings.stock_pool)
    if pool is None:
        raise _Failed(FailureKind.BAD_REQUEST, " ".join((problems or wrong)[:5]))
    return settings, pool


def _awaited(
    answers: Answers, request: RunRequest, symbols: int, channels: tuple[OnProgress, Callable[[], bool]]
) -> tuple[frames.Frame, tuple[str, ...]]:
    """Wait for the signals; raises _Failed for everything else that may come or not come."""
    report, stop = channels
    deadline = time.monotonic() + request.time_limit
    notes: tuple[str, ...] | None = None
    while True:
        if stop():
            raise Cancelled
        if time.monotonic() > deadline:
            raise _Failed(
                FailureKind.TIMED_OUT,
                f"The strategy's signals took longer than the limit of {request.time_limit:g} seconds; "
                "simplify the strategy, test fewer symbols, or raise the limit.",
            )
        try:
            item = answers.arrived.get(timeout=LOOK_SECONDS)
        except queue.Empty:
            continue
        if isinstance(item, frames.EndOfFrames) and notes is None:  # it says that it is locked before the text begins
            raise _NothingRan
        if isinstance(item, Exception):
            raise _lost(item)
        match item.kind:
            case "locked" if notes is None:  # sent before the text runs; later ones are forged
                notes = _lock_notes(item)
            case "progress":
                done = item.values.get("done")
                share = min(max(done, 0), symbols) / symbols if isinstance(done, int) else 0.0
                report(RunProgress("Computing the signals", 0.5 * share))
            case "signals" if notes is not None:
                return item, notes
            case "failed":
                raise _blamed(item)
            case "ended":
                raise _died(item)
            case _:
                raise _Failed(FailureKind.BAD_ANSWER, "The worker answered with a message that is not known.")


def _lock_notes(frame: frames.Frame) -> tuple[str, ...]:
    broken, left_open = frame.values.get("broken"), frame.values.get("open")
    if not isinstance(broken, list) or not isinstance(left_open, list) or broken:
        raise _Failed(
            FailureKind.WORKER_LOST,
            "The lock around the strategy's text did not hold, so the text was not run; start the program anew.",
        )
    if not left_open:
        return ()
    names = ", ".join(str(name)[:40] for name in left_open[:5])
    return (f"This system has no lock that keeps a strategy's text from {names}; run only texts that you trust.",)


def _blamed(frame: frames.Frame) -> _Failed:
    """The strategy's own fault, in the worker's words, which are cut to a sane length."""
    message, line = frame.values.get("message"), frame.values.get("line")
    text = message[:2000] if isinstance(message, str) and message else "The strategy failed without a word."
    return _Failed(FailureKind.STRATEGY_ERROR, text, line if isinstance(line, int) and 0 < line < 10**7 else 0)


def _lost(error: Exception) -> _Failed:
    if isinstance(error, frames.FrameError) and not isinstance(error, frames.EndOfFrames):
        return _Failed(FailureKind.BAD_ANSWER, f"The worker's answer was not understood: {error}.")
    return _Failed(FailureKind.WORKER_LOST, "The worker process ended before it had answered; run the test again.")


def _died(frame: frames.Frame) -> _Failed:
    number = frame.values.get("signal")
    how = f" (signal {number})" if isinstance(number, int) and number > 0 else ""
    hint = "it may have taken more memory than there is" if number in MEMORY_SIGNALS else "run the test again"
    return _Failed(FailureKind.WORKER_LOST, f"The worker process was ended{how} before it had answered; {hint}.")


def _accepted(frame: frames.Frame, shape: tuple[int, int]) -> dict[str, NDArray[Any]]:
    """The answer's arrays, those of signals in the panel's shape, traces as float64 with its columns."""
    accepted: dict[str, NDArray[Any]] = {}
    for name, array in frame.arrays.items():
        if (name.startswith("signal:") and array.shape == shape) or (
            name.startswith("trace:") and array.ndim == 2 and array.shape[1] == shape[1] and array.dtype == np.float64
        ):
            accepted[name] = array
        else:
            raise _Failed(FailureKind.BAD_ANSWER, f"The worker answered with an array “{name[:60]}” of a wrong shape.")
    return accepted


def _simulated(
    request: RunRequest,
    test: tuple[Settings, Pool, Rules],
    arrays: Mapping[str, NDArray[Any]],
    report: OnProgress,
    stop: Callable[[], bool],
) -> Outcome:
    settings, pool, rules = test
    bars = len(pool.times)

    def watch(done: int) -> bool:
        date = pool.times[min(done, bars) - 1].astype("datetime64[D]").item()
        report(RunProgress("Trading the signals", 0.5 + 0.49 * done / bars, date))
        return not stop()

    signals = {key.removeprefix("signal:"): array for key, array in arrays.items() if key.startswith("signal:")}
    outcome, problems = backtest(rules, signals, (pool, request.panel), settings, watch)
    if outcome is None:
        raise _Failed(_kind(settings, request), " ".join(problems[:5]))
    return outcome


def _kind(settings: Settings, request: RunRequest) -> FailureKind:
    """Who is to blame where no test could be made of rules and arrays: a benchmark without prices, or the text."""
    known = settings.benchmark is None or settings.benchmark in request.panel.symbols
    return FailureKind.BAD_ANSWER if known else FailureKind.BAD_REQUEST


def _result(
    request: RunRequest,
    found: tuple[Pool, Outcome],
    traces: Mapping[str, NDArray[np.float64]],
    notes: tuple[str, ...],
    seconds: float,
) -> RunResult:
    pool, outcome = found
    return RunResult(
        times=pool.times,
        equity=outcome.equity,
        benchmark=outcome.benchmark,
        drawdown=outcome.drawdown,
        trades=OnDemand(outcome.trades, _trade),
        rejections=OnDemand(outcome.rejections, lambda r: Rejection(r.symbol, r.bar, r.direction, r.reason)),
        metrics=outcome.metrics,
        code_hash=hashlib.sha256(request.source.encode()).hexdigest(),
        data_fingerprint=request.panel.fingerprint,
        seconds=seconds,
        symbols=pool.symbols,
        notes=(*outcome.notes, *notes),
        traces=traces,
        lower=outcome.lower,
        upper=outcome.upper,
        versions=versions(),
        seed=request.config.seed,
    )


def _trade(record: TradeRecord) -> Trade:
    return Trade(
        symbol=record.symbol,
        direction=record.direction,
        quantity=record.quantity,
        entry_bar=record.entry_bar,
        entry_price=record.entry_price,
        exit_bar=record.exit_bar,
        exit_price=record.exit_price,
        exit_reason=record.exit_reason,
        pnl=record.pnl,
        costs=record.costs,
        return_fraction=record.return_fraction,
        ambiguous=record.ambiguous,
        leg=record.leg,
        favourable_excursion=record.favourable_excursion,
        adverse_excursion=record.adverse_excursion,
    )
