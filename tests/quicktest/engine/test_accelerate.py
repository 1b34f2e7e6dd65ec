"""The compiled loop comes when it is ready, and never changes a result or stops a test."""

import importlib
import time

import pytest

from builder_app.quicktest.engine import accelerate, simulate
from tests.quicktest.engine.random_cases import random_case, traded


def test_loop_may_change_in_the_middle_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    expected = [traded(random_case(seed)) for seed in range(30)]
    accelerate.warm().join()
    compiled = accelerate.compiled()
    assert compiled is not None
    calls = 0

    def other(cells: int) -> accelerate.RunBars:
        nonlocal calls
        calls += 1
        return compiled if calls % 2 else accelerate.run_plainly

    monkeypatch.setattr(simulate, "loop_for", other)
    monkeypatch.setattr(simulate, "CELLS_AT_ONCE", {True: 5, False: 5})
    for seed, plain in enumerate(expected):
        mixed = traded(random_case(seed))
        assert mixed.trades == plain.trades
        assert mixed.equity.tobytes() == plain.equity.tobytes()
    assert calls > 200


def test_small_runs_do_not_wake_the_compiler_and_large_ones_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accelerate, "_ready", [])
    woken: list[bool] = []
    monkeypatch.setattr(accelerate, "warm", lambda: woken.append(True))
    assert accelerate.loop_for(1000) is accelerate.run_plainly
    assert woken == []
    assert accelerate.loop_for(accelerate.WORTH_COMPILING) is accelerate.run_plainly
    assert woken == [True]


def test_broken_or_missing_numba_leaves_the_plain_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(name: str) -> None:
        raise OSError("no LLVM here")

    for attribute, value in (("import_module", broken), ("util.find_spec", lambda name: None)):
        with monkeypatch.context() as patch:
            patch.setattr(accelerate, "_ready", [])
            patch.setattr(accelerate, "_failed", [])
            target = importlib.util if "." in attribute else importlib
            patch.setattr(target, attribute.rpartition(".")[2], value)
            begun = time.perf_counter()
            assert accelerate.compiled() is None
            assert accelerate.loop_for(10**9) is accelerate.run_plainly
            assert time.perf_counter() - begun < 1.0
            assert accelerate._failed
