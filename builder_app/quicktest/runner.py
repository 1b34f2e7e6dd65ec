"""Run a test from text to result: signals in a worker process, simulation and metrics here."""

import dataclasses
import hashlib
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from builder_app.market.prices.panel import Panel

from .answers import Failed, NothingRan, OnProgress, accepted_arrays, awaited, lost
from .engine.backtest import Cancelled, Outcome, backtest
from .engine.plan import plan_from
from .engine.prices import FIELDS, Pool, pool_of, wrong_prices
from .engine.replay import Replay
from .engine.rules import Rules, rules_from
from .engine.settings import Settings, settings_from
from .engine.signals_check import SignalsCheck, signals_check_from
from .engine.simulate import TooManyTrades
from .fork_server import CAN_FORK, ForkServer
from .outcomes import result_of
from .processes import Job, Stopped, WorkerLost, Workers
from .request import FailureKind, RunFailure, RunProgress, RunRequest, RunResult
from .spare_processes import SpareProcesses
from .warming import WarmUp
from .worker import frames

MOST_BYTES_A_CELL: Final = 8 * 400
"""An answer may hold some 400 arrays of numbers over all bars and symbols."""
LARGEST_LOOK: Final = 200_000_000
"""So many bytes may the values of one symbol have."""
LONGEST_SOURCE: Final = 3_000_000


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class SaidSignals:
    """What a text says: RULES as JSON gives them, and its arrays by key, shape (bars, symbols), bool or float64."""

    rules: Mapping[str, Any]
    arrays: Mapping[str, NDArray[Any]]


class Runner:
    """Owner of the worker processes. Threads may share one; `run` blocks the thread that calls it."""

    def __init__(self, fork: bool = CAN_FORK) -> None:
        self._workers: Workers = ForkServer() if fork else SpareProcesses()
        self._warm_up = WarmUp()
        self._last_pool: tuple[Panel, tuple[str, ...], Pool] | None = None

    @property
    def is_ready(self) -> bool:
        """Whether a run could begin at once, without waiting for a worker's libraries."""
        return self._workers.is_ready

    def start(self) -> None:
        """Prepare a worker in the background, so that the first run finds it ready."""
        self._workers.start()

    def warm(self) -> None:
        """Have the engine's loop compiled beside this process, where numba is installed; results stay the same."""
        self._warm_up.begin()

    def close(self) -> None:
        """End every process for good; runs under way, and later ones, end with a failure."""
        self._warm_up.end()
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
            settings, pool = self._checked(request)
            report(RunProgress("Starting the test", 0.0))
            rules, arrays, said = self._signals(request, pool, report, stop)
            outcome = _simulated(request, (settings, pool, rules), arrays, report, stop)
        except Failed as failed:
            return failed.failure
        except (Cancelled, Stopped):
            return RunFailure(FailureKind.CANCELLED, "The test was cancelled.")
        except WorkerLost as lost:
            return RunFailure(FailureKind.WORKER_LOST, str(lost))
        report(RunProgress("Done", 1.0))
        traces = {name.removeprefix("trace:"): array for name, array in arrays.items() if name.startswith("trace:")}
        return result_of(request, (pool, outcome), traces, said, time.perf_counter() - begun)

    def signals(self, request: RunRequest, cancelled: Callable[[], bool] | None = None) -> SaidSignals | RunFailure:
        """What the strategy's text says on these prices, from a worker, without trading on it."""
        answer = self._only_said(request, cancelled)
        if isinstance(answer, RunFailure):
            return answer
        frame, arrays = answer
        _, problems = rules_from(frame.values.get("rules"))
        if problems:
            return RunFailure(FailureKind.BAD_ANSWER, " ".join(problems[:5]))
        said = {key.removeprefix("signal:"): array for key, array in arrays.items() if key.startswith("signal:")}
        return SaidSignals(frame.values["rules"], said)

    def signals_checked(
        self, request: RunRequest, cancelled: Callable[[], bool] | None = None
    ) -> SignalsCheck | RunFailure:
        """What a check of the text's signals finds on these prices, which `request` must ask for."""
        answer = self._only_said(request, cancelled)
        if isinstance(answer, RunFailure):
            return answer
        _, pool = self._checked(request)
        found = signals_check_from(answer[0].values.get("check"), pool.times)
        return found or RunFailure(FailureKind.BAD_ANSWER, "The worker's check of the signals was not understood.")

    def replay(self, request: RunRequest, cancelled: Callable[[], bool] | None = None) -> Replay | RunFailure:
        """What a test that was run before is gone through again with; nothing is traded yet."""
        said = self.signals(request, cancelled)
        if isinstance(said, RunFailure):
            return said
        settings, pool = self._checked(request)
        rules, _ = rules_from(said.rules)
        valid = ~np.isnan(pool.fields[FIELDS.index("close")])
        plan, wrong = plan_from(rules, said.arrays, pool.symbols, valid)
        if plan is None:
            return RunFailure(FailureKind.BAD_ANSWER, " ".join(wrong[:5]))
        return Replay(pool, plan, settings, rules.portfolio.maximum_positions)

    def values(
        self, request: RunRequest, cancelled: Callable[[], bool] | None = None
    ) -> Mapping[str, NDArray[np.float64]] | RunFailure:
        """What `request.look` asks for, by the variables' names: shape (last bars,), NaN where the symbol has none."""
        answer = self._only_said(request, cancelled)
        if isinstance(answer, RunFailure):
            return answer
        return {name.removeprefix("trace:"): array[:, 0] for name, array in answer[1].items()}

    def _only_said(
        self, request: RunRequest, cancelled: Callable[[], bool] | None
    ) -> tuple[frames.Frame, dict[str, NDArray[Any]]] | RunFailure:
        """A worker's answer with its arrays, of which nothing is simulated."""
        try:
            _, pool = self._checked(request)
            frame, _, arrays = self._said(request, pool, lambda _: None, cancelled or (lambda: False))
        except Failed as failed:
            return failed.failure
        except (Cancelled, Stopped):
            return RunFailure(FailureKind.CANCELLED, "The run was cancelled.")
        except WorkerLost as lost:
            return RunFailure(FailureKind.WORKER_LOST, str(lost))
        return frame, arrays

    def _checked(self, request: RunRequest) -> tuple[Settings, Pool]:
        """The settings and the pool of a request that can be run; raises Failed with a sentence for one that cannot."""
        settings, problems = settings_from(
            dataclasses.asdict(request.config) | {"intrabar_order": str(request.config.intrabar_order)}
        )
        if not problems and len(request.source) > LONGEST_SOURCE:
            problems = ("The strategy's text is longer than three million characters; make it shorter.",)
        if not problems and not 0.0 < request.time_limit <= 86_400.0:
            problems = (f"The time limit must be above zero and at most a day; it was {request.time_limit} seconds.",)
        pool, wrong = (None, problems) if problems else self._pool(request.panel, settings.stock_pool)
        if pool is None:
            raise Failed(FailureKind.BAD_REQUEST, " ".join(wrong[:5]))
        return settings, pool

    def _pool(self, panel: Panel, stock_pool: tuple[str, ...]) -> tuple[Pool | None, tuple[str, ...]]:
        """The pool cut from prices that can be traded, or sentences; the last one is kept, for prices do not change."""
        last = self._last_pool
        if last is not None and last[0] is panel and last[1] == stock_pool:
            return last[2], ()
        problems = wrong_prices(panel)
        pool, wrong = (None, problems) if problems else pool_of(panel, stock_pool)
        if pool is not None:
            self._last_pool = (panel, stock_pool, pool)
        return pool, wrong

    def _signals(
        self, request: RunRequest, pool: Pool, report: OnProgress, stop: Callable[[], bool]
    ) -> tuple[Rules, Mapping[str, NDArray[Any]], tuple[tuple[str, ...], SignalsCheck | None]]:
        """The rules of the strategy's text as the engine takes them, its arrays, and notes on how it was locked, with
        what a check of its signals found."""
        frame, notes, arrays = self._said(request, pool, report, stop)
        rules, problems = rules_from(frame.values.get("rules"))
        if problems:
            raise Failed(FailureKind.BAD_ANSWER, " ".join(problems[:5]))
        return rules, arrays, (notes, signals_check_from(frame.values.get("check"), pool.times))

    def _said(
        self, request: RunRequest, pool: Pool, report: OnProgress, stop: Callable[[], bool]
    ) -> tuple[frames.Frame, tuple[str, ...], dict[str, NDArray[Any]]]:
        """A worker's answer, notes on how it was locked, and the answer's arrays, checked for shape and type."""
        panel, benchmark, look = request.panel, request.config.benchmark, request.look
        values = {
            "source": request.source,
            "symbols": panel.symbols,
            "pool": (look.symbol,) if look is not None and look.is_alone else pool.symbols,
            "benchmark": benchmark if benchmark in panel.symbols else None,  # the simulation says what is missing
            "time_limit": request.time_limit,
            "checks_signals": request.checks_signals,
            "seed": request.config.seed,
            "traced": () if look is None else (look.bars, look.symbol),
        }
        rows = "all" if pool.rows is None else hashlib.sha256(pool.rows.tobytes()).hexdigest()
        key = f"{panel.fingerprint} {panel.close.shape} {rows}"
        times = pool.times.astype("datetime64[ns]").view(np.int64)
        job = Job(key, {"times": times, **{name: pool.cut(getattr(panel, name)) for name in FIELDS}}, values)
        try:
            frame, notes = self._answered(job, request, pool, (report, stop))
        except NothingRan:  # the server was killed since the last run: once more, with a new one
            frame, notes = self._answered(job, request, pool, (report, stop), is_last_try=True)
        bars, symbols = pool.fields[0].shape
        return frame, notes, accepted_arrays(frame, (bars, symbols if look is None else 1))

    def _answered(
        self,
        job: Job,
        request: RunRequest,
        pool: Pool,
        channels: tuple[OnProgress, Callable[[], bool]],
        *,
        is_last_try: bool = False,
    ) -> tuple[frames.Frame, tuple[str, ...]]:
        """One process' answer; raises NothingRan where there was none, but for the last try."""
        largest = MOST_BYTES_A_CELL * pool.fields[0].size if request.look is None else LARGEST_LOOK
        answers = self._workers.open(job, 1_000_000 + largest, channels[1])
        has_answered = False
        try:
            answer = awaited(answers, request, len(pool.symbols), channels)
            has_answered = True
            return answer
        except NothingRan as gone:
            if is_last_try:
                raise lost(frames.EndOfFrames()) from gone
            raise
        finally:
            answers.end(wait=not has_answered)  # who has answered ends by itself meanwhile


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
    try:
        outcome, problems = backtest(rules, signals, (pool, request.panel), settings, watch)
    except TooManyTrades as error:
        raise Failed(FailureKind.STRATEGY_ERROR, str(error)) from error
    if outcome is None:
        raise Failed(_kind(settings, request), " ".join(problems[:5]))
    return outcome


def _kind(settings: Settings, request: RunRequest) -> FailureKind:
    """Who is to blame where no test could be made of rules and arrays: a benchmark without prices, or the text."""
    known = settings.benchmark is None or settings.benchmark in request.panel.symbols
    return FailureKind.BAD_ANSWER if known else FailureKind.BAD_REQUEST
