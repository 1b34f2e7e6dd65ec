"""A process is forked and locked ahead of the next run, used once, and no run is lost with it."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from builder_app.quicktest.fork_server import CAN_FORK, ForkServer
from builder_app.quicktest.processes import Job
from builder_app.quicktest.worker import frames

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="processes are forked on Linux only")

PRICES = {name: np.arange(1.0, 5.0).reshape(4, 1) for name in frames.PANEL_ARRAYS[1:]}
PANEL = {"times": np.arange(4) * 86_400_000_000_000, **PRICES}
OTHER_PANEL = {**PANEL, "close": PRICES["close"] * 2.0}
CLOSES = "RULES = {}\ndef signals(prices):\n    return {'close': prices['close'] * 1.0}\n"
COUNTS = """
import math
RULES = {}
try:
    math.rounds += 1
except Exception:
    math.rounds = 1
def signals(prices):
    return {"rounds": prices["close"] * 0.0 + math.rounds}
"""


@pytest.fixture
def server() -> Iterator[ForkServer]:
    shared = ForkServer()
    shared.start()
    yield shared
    shared.close()


def arrays_of(server: ForkServer, source: str, panel: str = "panel", time_limit: float = 10.0) -> frames.Frame:
    """The answer to a text, after the word that the process was locked."""
    values = {"source": source, "symbols": ["A"], "pool": ["A"], "benchmark": None, "time_limit": time_limit}
    answers = server.open(Job(panel, PANEL if panel == "panel" else OTHER_PANEL, values), 10_000_000, lambda: False)
    try:
        came: list[frames.Frame] = []
        while not came or came[-1].kind not in {"signals", "failed"}:
            item = answers.arrived.get(timeout=30)
            assert isinstance(item, frames.Frame), item
            came.append(item)
        assert [frame.kind for frame in came if frame.kind != "progress"] == ["locked", "signals"], came[-1].values
        return came[-1]
    finally:
        answers.end()


def children(server: ForkServer) -> set[int]:
    """The processes that the server has, by their ids."""
    process = server.process_id
    return {int(text) for text in Path(f"/proc/{process}/task/{process}/children").read_text().split()}


def descriptors(process: int) -> set[str]:
    """The numbers of the descriptors that a process has."""
    return {entry.name for entry in Path(f"/proc/{process}/fd").iterdir()}


def made_ready(server: ForkServer, but: frozenset[int] = frozenset()) -> int:
    """The one process that waits for a run, which is none of these."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        waiting = children(server) - but
        if len(waiting) == 1:
            return waiting.pop()
        time.sleep(0.005)
    raise AssertionError(f"no process was made ready: {children(server)}")


def test_run_after_the_first_is_done_by_the_process_that_waited(server: ForkServer) -> None:
    arrays_of(server, CLOSES)
    waited = made_ready(server)
    found = arrays_of(server, CLOSES)
    assert found.arrays["signal:close"].ravel().tolist() == [1.0, 2.0, 3.0, 4.0]
    assert made_ready(server, frozenset({waited})) != waited
    assert waited not in children(server)


def test_no_process_runs_a_second_text(server: ForkServer) -> None:
    for _ in range(4):
        assert arrays_of(server, COUNTS).arrays["signal:rounds"].max() == 1.0
        made_ready(server)


def test_other_prices_and_other_limits_are_not_run_by_a_process_made_ready_for_these(server: ForkServer) -> None:
    arrays_of(server, CLOSES)
    made_ready(server)
    assert arrays_of(server, CLOSES, "other").arrays["signal:close"].ravel().tolist() == [2.0, 4.0, 6.0, 8.0]
    made_ready(server)
    assert arrays_of(server, CLOSES, "other", 20.0).arrays["signal:close"].ravel().tolist() == [2.0, 4.0, 6.0, 8.0]
    made_ready(server)
    assert arrays_of(server, CLOSES).arrays["signal:close"].ravel().tolist() == [1.0, 2.0, 3.0, 4.0]


def test_process_that_waits_holds_no_descriptor_but_its_channel(server: ForkServer) -> None:
    arrays_of(server, CLOSES)
    waiting = made_ready(server)
    end = time.monotonic() + 10
    while (held := descriptors(waiting)) != {"0", "1", "2", "3"} and time.monotonic() < end:
        time.sleep(0.005)
    assert held == {"0", "1", "2", "3"}


@pytest.mark.skipif(sys.platform != "linux", reason="it looks into /proc")
def test_process_that_waits_ends_with_the_server(server: ForkServer) -> None:
    arrays_of(server, CLOSES)
    waiting = made_ready(server)
    server.close()
    end = time.monotonic() + 10
    while Path(f"/proc/{waiting}").exists() and time.monotonic() < end:
        time.sleep(0.005)
    assert not Path(f"/proc/{waiting}").exists()
