"""The program as a process: it starts, and ends in good order when it is asked to."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

SECONDS = 60


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM that a program could answer")
@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.long)])
def test_polite_end_from_outside_closes_the_window_and_keeps_the_draft(tmp_path: Path, number: int) -> None:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "STRATEGY_BUILDER_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "builder_app", "open", "--example", "moving_average_crossover"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        wait_for_a_finished_test(tmp_path / "strategies.db")
        program.send_signal(number)
        _, errors = program.communicate(timeout=SECONDS)
    assert program.returncode == 0, errors
    assert "Traceback" not in errors
    with sqlite3.connect(tmp_path / "strategies.db") as store:
        (metadata,) = store.execute("SELECT draft_metadata FROM builder_sessions WHERE is_active").fetchone()
    store.close()
    assert '"is_open":true' in metadata.replace(" ", "")


def wait_for_a_finished_test(path: Path) -> None:
    """Wait until the store holds a completed quick test."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        if path.exists():
            store = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
            try:
                if store.execute("SELECT count(*) FROM quick_tests WHERE status = 'COMPLETED'").fetchone()[0]:
                    return
            except sqlite3.Error:
                pass  # the tables are being made
            finally:
                store.close()
        time.sleep(0.1)
    raise AssertionError("the first test did not finish")
