"""The loop is compiled beside the window, once, and its process ends with the window."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from builder_app.quicktest import warming
from builder_app.quicktest.warming import WarmUp


def _until(done: object, seconds: float = 20.0) -> None:
    assert callable(done)
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


@pytest.fixture
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    return tmp_path


def test_a_window_that_closes_ends_the_process_that_compiles(empty_cache: Path) -> None:
    mark = empty_cache / "begun"
    warm_up = WarmUp(f"open({str(mark)!r}, 'w').close()\nimport time\ntime.sleep(600)")
    warm_up.begin()
    warm_up.begin()
    _until(mark.exists)
    child = warm_up._child
    assert child is not None
    warm_up.end()
    assert child.returncode is not None
    _until(lambda: not any(each.name == "engine-warm-up" for each in threading.enumerate()))


def test_a_process_that_fails_leaves_the_loop_as_it_is(empty_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded: list[bool] = []
    monkeypatch.setattr(warming, "compiled", lambda: loaded.append(True))
    warm_up = WarmUp("raise SystemExit(3)")
    warm_up.begin()
    assert warm_up._thread is not None
    warm_up._thread.join(20)
    assert not loaded


def test_what_was_compiled_is_loaded_without_another_process(
    empty_cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[bool] = []
    monkeypatch.setattr(warming, "compiled", lambda: loaded.append(True))
    monkeypatch.setattr(warming, "_is_compiled", lambda _folder: True)
    warm_up = WarmUp("raise SystemExit(3)")
    warm_up.begin()
    assert warm_up._thread is not None
    warm_up._thread.join(20)
    assert loaded == [True]
    assert warm_up._child is None


@pytest.mark.long
def test_the_process_leaves_code_that_another_one_loads_quickly(empty_cache: Path) -> None:
    subprocess.run([sys.executable, "-c", warming.COMPILE], check=True, timeout=200)
    assert list(empty_cache.rglob("*.nbi"))
    timed = "import time; t = time.perf_counter()\n" + warming.COMPILE + "print(time.perf_counter() - t)"
    done = subprocess.run([sys.executable, "-c", timed], check=True, capture_output=True, text=True, timeout=200)
    assert float(done.stdout) < 8.0
