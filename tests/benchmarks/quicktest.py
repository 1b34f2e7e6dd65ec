"""Quick tests side by side with vectorbt and backtesting: SMA 10/30 crossover, 5 % stop, costs; medians and ratios.

Run it as `python -m tests.benchmarks.quicktest [--quick]`. The two packages live in environments of their own, their
licences must not reach this program. Every engine makes signals, trades and metrics of the same prices in memory, warm.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final
from unittest import mock

import numpy as np

from builder_app.market.prices.panel import Panel
from builder_app.quicktest.engine import accelerate, simulate
from builder_app.quicktest.engine.backtest import backtest
from builder_app.quicktest.engine.bars import bars_from
from builder_app.quicktest.engine.evaluate import evaluate
from builder_app.quicktest.engine.prices import pool_of
from builder_app.quicktest.engine.rules import rules_from
from builder_app.quicktest.engine.settings import Settings
from builder_app.quicktest.processes import KEPT_MEMORY
from builder_app.quicktest.request import RunRequest, RunResult, TestConfig
from builder_app.quicktest.runner import Runner
from tests.benchmarks.statistics_of import high, median
from tests.environments import CHECKOUT
from tests.quicktest.oracles.environment import oracle_python

FOLDER: Final = Path(__file__).parent
TEXT: Final = CHECKOUT / "tests" / "codegen" / "golden" / "crossover_with_stop.py"
SIZES: Final = ((3, 252, "day"), (100, 2500, "day"), (500, 2500, "day"), (1, 500_000, "minute"))
OTHERS: Final = ("vectorbt", "backtesting")
LARGEST: Final = (5000, 2500, "day")
CLOCK: Final = time.process_time if os.environ.get("BENCHMARK_CLOCK") == "processor" else time.perf_counter
"""On a busy machine BENCHMARK_CLOCK=processor compares the engines by the work they do; the worker keeps real time."""
SLOWEST_SECONDS: Final = 60.0
"""Who took longer than this for one run of a smaller size is not asked for the larger ones."""


def panel(size: tuple[int, int, str], seed: int = 1) -> Panel:
    """Random walks without gaps."""
    symbols, bars, unit = size
    random = np.random.default_rng(seed)
    scale = 0.015 if unit == "day" else 0.0008
    close = 50 * np.exp(np.cumsum(random.normal(scale / 100, scale, (bars, symbols)), axis=0))
    opens = close * np.exp(random.normal(0, scale / 4, close.shape))
    high_price = np.maximum(opens, close) * np.exp(np.abs(random.normal(0, scale / 2, close.shape)))
    low_price = np.minimum(opens, close) / np.exp(np.abs(random.normal(0, scale / 2, close.shape)))
    step = np.timedelta64(1, "D" if unit == "day" else "m")
    times = np.datetime64("2005-01-03", "ns") + np.arange(bars) * step
    names = tuple(f"S{number:04}" for number in range(symbols))
    return Panel(names, times, opens, high_price, low_price, close, np.full(close.shape, 1e6), f"{size} {seed}")


def text_for(symbols: int, fast: int) -> str:
    """The generated text of a crossover with a stop, an equal part of the equity for each symbol."""
    text = TEXT.read_text(encoding="utf-8")
    text = text.replace('"value": 25.0', f'"value": {100.0 / symbols}').replace(
        '"maximum_positions": 4', '"maximum_positions": None'
    )
    return text.replace('"fast_period": 10', f'"fast_period": {fast}')


def timed(run: Callable[[int], object], rounds: int, clock: Callable[[], float] = time.perf_counter) -> list[float]:
    """Milliseconds of each round after one that warms up."""
    run(0)
    found = []
    for number in range(1, rounds + 1):
        begun = clock()
        run(number)
        found.append((clock() - begun) * 1000)
    return found


def in_process(prices: Panel) -> Callable[[int], object]:
    """Signals, engine and metrics in this process, as the exported folder runs them."""

    def run(number: int) -> object:
        names: dict[str, Any] = {"__name__": "strategy"}
        exec(text_for(len(prices.symbols), 10 + number % 5), names)
        pool, _ = pool_of(prices, ())
        assert pool is not None
        bars = bars_from((prices.symbols, prices.times, fortran), prices.symbols, None, ())
        rules, problems = rules_from(names["RULES"])
        assert problems == ()
        arrays = evaluate(names["signals"], bars).arrays
        outcome, wrong = backtest(rules, arrays, (pool, prices), Settings())
        assert wrong == ()
        return outcome

    # the worker keeps prices in this order, as a panel comes in once and is tested often
    fortran = tuple(np.asfortranarray(getattr(prices, name)) for name in ("open", "high", "low", "close", "volume"))
    return run


def through_worker(prices: Panel, runner: Runner) -> Callable[[int], object]:
    """From a changed parameter to the result, the worker's locked process included."""

    def run(number: int) -> object:
        result = runner.run(RunRequest(text_for(len(prices.symbols), 5 + number % 20), TestConfig(), prices))
        assert isinstance(result, RunResult), result
        return result

    return run


def in_plain_python(prices: Panel) -> Callable[[int], object]:
    """As `in_process`, with the loop as plain Python."""
    compiled = in_process(prices)

    def run(number: int) -> object:
        with mock.patch.object(simulate, "loop_for", return_value=accelerate.run_plainly):
            return compiled(number)

    return run


def theirs(name: str, prices: Panel, rounds: int) -> list[float]:
    """Milliseconds of another package on the same prices, measured in its own environment."""
    python = oracle_python(name)
    with tempfile.TemporaryDirectory() as folder:
        fields = {field: getattr(prices, field) for field in ("open", "high", "low", "close")}
        np.savez(Path(folder) / "prices.npz", allow_pickle=False, times=prices.times.astype(np.int64), **fields)
        command = [str(python), "-I", str(FOLDER / f"quicktest_{name}.py"), folder, str(rounds)]
        environment = {"PATH": os.environ["PATH"], "HOME": folder} | KEPT_MEMORY
        environment |= {name: os.environ[name] for name in ("BENCHMARK_CLOCK",) if name in os.environ}
        done = subprocess.run(command, capture_output=True, text=True, env=environment)
        assert done.returncode == 0, done.stderr[-2000:]
        return [1000 * seconds for seconds in json.loads(done.stdout.splitlines()[-1])]


def peak_of_largest() -> tuple[float, float]:
    """Gigabytes at the peak, worker included, and seconds, of one test of 5,000 symbols × 2,500 days."""
    prices = panel(LARGEST)
    accelerate.warm().join()
    with Runner() as runner:
        begun = time.perf_counter()
        through_worker(prices, runner)(0)
        seconds = time.perf_counter() - begun
    kilobytes = (
        resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    )
    return kilobytes / 1e6, seconds


def first_run() -> float:
    """Milliseconds of the first test of a program whose worker is up and whose loop is compiled and cached."""
    prices = panel(SIZES[0])
    with Runner() as runner:
        runner.warm()
        accelerate.warm().join()
        while not runner.is_ready:
            time.sleep(0.01)
        begun = time.perf_counter()
        through_worker(prices, runner)(0)
        return (time.perf_counter() - begun) * 1000


def apart(measure: Callable[[], Any]) -> Any:
    """What a measurement says in a fresh process of its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure).result()


def row(title: str, samples: Sequence[float], ours: float) -> str:
    return (
        f"  {title:<28} {median(samples):>10,.1f} ms   p95 {high(samples):>10,.1f} ms   × {median(samples) / ours:,.1f}"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few rounds, and the slow engines on small sizes only")
    quick = parser.parse_args().quick
    if not KEPT_MEMORY.items() <= os.environ.items():  # signals are made in processes that are started so
        os.execve(sys.executable, [sys.executable, "-m", "tests.benchmarks.quicktest", *sys.argv[1:]],
                  dict(os.environ) | KEPT_MEMORY)  # fmt: skip
    accelerate.warm().join()
    slow: set[str] = set()
    with Runner() as runner:
        for size in SIZES:
            prices = panel(size)
            rounds = 5 if quick else 15
            print(f"\n{size[0]:,} symbols × {size[1]:,} {size[2]}s")
            mine = timed(in_process(prices), rounds, CLOCK)
            ours = median(mine)
            print(row("this, compiled", mine, ours))
            print(row("this, through the worker", timed(through_worker(prices, runner), 4 * rounds), ours))
            if not quick or size[0] * size[1] < 10_000:
                print(row("this, plain Python", timed(in_plain_python(prices), 2, CLOCK), ours), flush=True)
            for name in OTHERS:
                if name not in slow:
                    samples = theirs(name, prices, 1 if name == "backtesting" and size != SIZES[0] else rounds)
                    print(row(name, samples, ours), flush=True)
                    if (quick and max(samples) > 2000) or max(samples) > 1000 * SLOWEST_SECONDS:
                        slow.add(name)
    print(f"\nFirst run after the start: {apart(first_run):,.0f} ms")
    gigabytes, seconds = apart(peak_of_largest)
    print(f"{LARGEST[0]:,} × {LARGEST[1]:,}: {gigabytes:.2f} GB at the peak, {seconds:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
