"""The processes of tests: killed, lost, made ready, shared by threads, and ended with the program."""

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from builder_app.quicktest.fork_server import ForkServer
from builder_app.quicktest.request import (
    FailureKind,
    RunFailure,
    RunRequest,
    RunResult,
    TestConfig,
)
from builder_app.quicktest.runner import Runner
from builder_app.quicktest.spare_processes import SpareProcesses
from builder_app.quicktest.worker import frames
from tests.quicktest.engine.random_cases import random_pool
from tests.quicktest.running import ENDLESS, GOOD, LINUX, PANEL, failure, result_of, run, text
from tests.quicktest.trading import panel_from, without_empty_bars


def children_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def descriptors_of(process: object) -> int:
    return len(list(Path(f"/proc/{process}/fd").iterdir()))


def seconds_computed(process: int) -> float:
    """What a process has computed so far; 0 where it has ended."""
    try:
        after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return int(after_name[11]) / os.sysconf("SC_CLK_TCK")


def when_running(process: int, act: Callable[[int], None]) -> threading.Thread:
    """Do something to the server's child that runs an endless text, as soon as it is at work.

    Another may wait for the next run; it computes nothing.
    """

    def wait() -> None:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            for child in children_of(process):
                if seconds_computed(child) > 0.1:
                    with contextlib.suppress(ProcessLookupError):
                        act(child)
                        return
            time.sleep(0.01)

    thread = threading.Thread(target=wait)
    thread.start()
    return thread


@LINUX
def test_killed_worker_is_noticed_at_once_and_the_next_run_works(runner: Runner) -> None:
    result_of(run(runner, GOOD))
    server = runner._workers
    assert isinstance(server, ForkServer)
    assert server.process_id is not None
    killer = when_running(server.process_id, lambda child: os.kill(child, signal.SIGKILL))
    begun = time.perf_counter()
    found = failure(runner, ENDLESS)
    assert time.perf_counter() - begun < 2.0
    killer.join()
    assert found.kind == FailureKind.WORKER_LOST
    assert "signal 9" in found.message
    result_of(run(runner, GOOD))


@LINUX
def test_killed_server_is_replaced(runner: Runner) -> None:
    result_of(run(runner, GOOD))
    server = runner._workers
    assert isinstance(server, ForkServer)
    process = server.process_id
    assert process is not None

    def kill(_child: int) -> None:
        time.sleep(0.5)  # by then the text runs: what is lost in it is not run twice
        os.kill(process, signal.SIGKILL)

    killer = when_running(process, kill)
    found = failure(runner, ENDLESS)
    killer.join()
    assert found.kind == FailureKind.WORKER_LOST
    result_of(run(runner, GOOD))
    assert server.process_id != process


@LINUX
@pytest.mark.parametrize("waits", [0.0, 0.5])
def test_server_killed_between_two_runs_is_replaced_and_the_next_run_is_not_lost(runner: Runner, waits: float) -> None:
    before = result_of(run(runner, GOOD))
    server = runner._workers
    assert isinstance(server, ForkServer)
    process = server.process_id
    assert process is not None
    os.kill(process, signal.SIGKILL)
    time.sleep(waits)  # at once it may not have died yet when the run is sent; later it has, and nobody has noticed
    after = result_of(run(runner, GOOD))
    assert server.process_id not in {None, process}
    assert after.equity.tobytes() == before.equity.tobytes()


def test_spare_process_killed_between_two_runs_is_replaced_and_the_next_run_is_not_lost() -> None:
    with Runner(fork=False) as runner:
        before = result_of(run(runner, GOOD))
        workers = runner._workers
        assert isinstance(workers, SpareProcesses)
        for _ in range(3):
            spare = workers._spare
            assert spare is not None
            spare.kill()
            assert result_of(run(runner, GOOD)).equity.tobytes() == before.equity.tobytes()


@LINUX
def test_server_killed_before_the_text_began_is_replaced_and_the_run_is_not_lost(runner: Runner) -> None:
    result_of(run(runner, GOOD))
    server = runner._workers
    assert isinstance(server, ForkServer)
    process = server.process_id
    assert process is not None
    os.kill(process, signal.SIGSTOP)  # it takes the run, and dies before it looks at it
    found: list[RunResult | RunFailure] = []
    thread = threading.Thread(target=lambda: found.append(run(runner, GOOD)))
    before = server._number
    thread.start()
    deadline = time.monotonic() + 20
    while server._number == before and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.1)
    os.kill(process, signal.SIGKILL)
    thread.join(30)
    result_of(found[0])
    assert server.process_id not in {None, process}


@LINUX
def test_runs_of_several_threads_at_once_do_not_mix(runner: Runner) -> None:
    found: dict[int, RunResult | RunFailure] = {}

    def one(number: int) -> None:
        source = text(f"mine = prices['close'] * 0 + {number}")
        found[number] = run(runner, source)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    for number in range(6):
        assert np.nanmax(result_of(found[number]).traces["mine"]) == number


@LINUX
def test_changed_prices_are_sent_and_unchanged_ones_are_not(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    kinds: list[str] = []
    encode = frames.encode

    def counted(kind: str, *rest: Any) -> list[memoryview]:
        kinds.append(kind)
        return encode(kind, *rest)

    monkeypatch.setattr(frames, "encode", counted)
    source = text("mine = prices['close']")
    for seed in (1, 1, 2, 1, 3, 1):
        panel = panel_from(without_empty_bars(random_pool(np.random.default_rng(seed), 140, 2)))
        result = result_of(runner.run(RunRequest(source, TestConfig(), panel)))
        np.testing.assert_array_equal(result.traces["mine"], panel.close[-120:])
    assert kinds.count("panel") == 4  # 1, 2, 3, and 1 again, since the last two are kept


@pytest.mark.parametrize("fork", [pytest.param(True, marks=LINUX), False])
def test_closed_runner_leaves_no_process_thread_or_descriptor(fork: bool) -> None:
    def state() -> tuple[int, int, int]:
        """When nobody reads an answer any more: who has read all of one ends by himself."""
        deadline = time.monotonic() + 10
        while any(one.name == "worker-answers" for one in threading.enumerate()) and time.monotonic() < deadline:
            time.sleep(0.01)
        return threading.active_count(), descriptors_of("self"), len(children_of(os.getpid()))

    if sys.platform != "linux":
        pytest.skip("descriptors are counted in /proc")
    own = Runner(fork)
    result_of(run(own, GOOD))
    own.close()
    before = state()
    own = Runner(fork)
    result_of(run(own, GOOD))
    failure(own, text("1 / 0"))
    failure(own, ENDLESS, time_limit=0.2)
    own.close()
    own.close()
    assert state() == before


@LINUX
def test_descriptors_do_not_grow_from_run_to_run(runner: Runner) -> None:
    result_of(run(runner, GOOD))
    server = runner._workers
    assert isinstance(server, ForkServer)

    def state() -> tuple[int, int]:
        return descriptors_of("self"), descriptors_of(server.process_id)

    time.sleep(0.2)  # until a process waits for the next run, as there will be one at the end
    before = state()
    for _ in range(20):
        result_of(run(runner, GOOD))
    deadline = time.monotonic() + 10
    while state() != before and time.monotonic() < deadline:
        time.sleep(0.01)
    assert state() == before


@LINUX
def test_run_is_not_lost_with_the_process_that_was_made_ready_for_it(runner: Runner) -> None:
    server = runner._workers
    assert isinstance(server, ForkServer)
    for _ in range(8):
        result_of(run(runner, GOOD))
        time.sleep(0.03)
        for child in children_of(server.process_id or 0):
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
    result_of(run(runner, GOOD))


def test_cancelled_before_the_worker_is_ready_ends_soon() -> None:
    own = Runner()
    begun = time.perf_counter()
    found = own.run(RunRequest(GOOD, TestConfig(), PANEL), None, lambda: True)
    assert time.perf_counter() - begun < 5.0
    assert isinstance(found, RunFailure)
    assert found.kind == FailureKind.CANCELLED
    result_of(run(own, GOOD))
    own.close()


def test_time_limit_of_a_request_does_not_reach_the_next_one(runner: Runner) -> None:
    failure(runner, ENDLESS, time_limit=0.1)
    assert result_of(runner.run(replace(RunRequest(GOOD, TestConfig(), PANEL), time_limit=5.0))).trades


@pytest.mark.parametrize("fork", [pytest.param(True, marks=LINUX), False])
def test_closed_runner_starts_nothing_any_more(fork: bool) -> None:
    own = Runner(fork)
    own.close()
    found = failure(own, GOOD)
    assert found.kind == FailureKind.WORKER_LOST


@LINUX
def test_close_ends_a_run_under_way() -> None:
    own = Runner()
    own.start()
    server = own._workers
    assert isinstance(server, ForkServer)
    assert server.process_id is not None
    closer = when_running(server.process_id, lambda child: own.close())
    begun = time.perf_counter()
    assert failure(own, ENDLESS).kind == FailureKind.WORKER_LOST
    assert time.perf_counter() - begun < 5.0
    closer.join()


PROGRAM = """
import sys, threading, time
sys.path.insert(0, sys.argv[1])
from builder_app.quicktest.request import RunRequest, TestConfig
from builder_app.quicktest.runner import Runner
from tests.quicktest.running import ENDLESS, PANEL
runner = Runner()
runner.start()
threading.Thread(target=lambda: runner.run(RunRequest(ENDLESS, TestConfig(), PANEL)), daemon=True).start()
print(runner._workers.process_id, flush=True)
time.sleep(60)
"""


@LINUX
def test_killed_program_leaves_no_worker_behind() -> None:
    root = str(Path(__file__).parents[2])
    with subprocess.Popen([sys.executable, "-c", PROGRAM, root], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        server = int(program.stdout.readline())
        children: list[int] = []
        when_running(server, children.append).join()
        assert children
        program.kill()
    deadline = time.monotonic() + 5
    alive = {server, *children}
    while alive and time.monotonic() < deadline:
        alive = {process for process in alive if Path(f"/proc/{process}/exe").exists()}
        time.sleep(0.02)
    assert not alive


@pytest.mark.parametrize("fork", [True, False])
def test_runner_says_when_a_run_could_begin_at_once(fork: bool) -> None:
    if fork and sys.platform != "linux":
        pytest.skip("forking is for Linux")
    with_workers = Runner(fork)
    ready_before = with_workers.is_ready
    assert not ready_before
    with_workers.start()
    end = time.monotonic() + 60
    while not with_workers.is_ready and time.monotonic() < end:
        time.sleep(0.02)
    assert with_workers.is_ready
    with_workers.close()
    ready_after = with_workers.is_ready
    assert not ready_after
