"""Tests from text to result, and everything that may go wrong on the way."""

import hashlib
import threading
import time
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from builder_app.market.prices.panel import Panel
from builder_app.quicktest.answers import lock_notes
from builder_app.quicktest.engine.replay import Replay
from builder_app.quicktest.request import (
    FailureKind,
    IntrabarOrder,
    Look,
    RunFailure,
    RunProgress,
    RunRequest,
    RunResult,
    TestConfig,
)
from builder_app.quicktest.runner import Runner
from builder_app.quicktest.worker import frames
from tests.quicktest.running import ENDLESS, GOOD, HEAD, LINUX, PANEL, POOL, PRICES, failure, result_of, run, text
from tests.quicktest.trading import FLAT, exit_rule, leg, panel_from, pool_from, trade


@pytest.mark.parametrize("fork", [pytest.param(True, marks=LINUX), False])
def test_run_gives_what_the_engine_gives_on_the_same_arrays(fork: bool) -> None:
    with Runner(fork) as own:
        result = result_of(run(own, GOOD, TestConfig(slippage=0.001, intrabar_order=IntrabarOrder.TARGET_FIRST)))
        again = result_of(run(own, GOOD, TestConfig(slippage=0.001)))
    namespace: dict[str, Any] = {}
    exec(GOOD, namespace)
    buy, sell = np.zeros(PANEL.close.shape, dtype=bool), np.zeros(PANEL.close.shape, dtype=bool)
    for column in range(3):
        valid = ~np.isnan(PANEL.close[:, column])
        names = ("open", "high", "low", "close", "volume")
        returned = namespace["signals"]({n: a[valid, column] for n, a in zip(names, PRICES, strict=True)})
        buy[valid, column], sell[valid, column] = returned["buy"], returned["sell"]
    expected = trade(POOL, [leg()], {"buy": buy, "sell": sell}, 2, slippage=0.001, commission_rate=0.001)
    assert len(result.trades) > 20
    for mine, theirs in zip(result.trades, expected.trades, strict=True):
        for name in ("symbol", "entry_bar", "entry_price", "exit_bar", "exit_price", "exit_reason", "pnl", "costs",
                     "quantity", "direction", "leg", "return_fraction", "ambiguous"):  # fmt: skip
            assert getattr(mine, name) == getattr(theirs, name)
    assert result.equity.tolist() == expected.equity.tolist() == again.equity.tolist()
    assert result.code_hash == hashlib.sha256(GOOD.encode()).hexdigest()
    assert result.data_fingerprint == PANEL.fingerprint
    assert set(result.traces) == {"close", "average", "smooth"}
    assert result.traces["close"].shape == (120, 3)
    np.testing.assert_array_equal(result.traces["close"], PANEL.close[-120:])
    assert [r.reason for r in result.rejections] == [r.reason for r in expected.rejections]


def test_progress_rises_to_one_with_dates(runner: Runner) -> None:
    seen: list[RunProgress] = []
    result_of(runner.run(RunRequest(GOOD, TestConfig(), PANEL), seen.append))
    shares = [progress.share for progress in seen]
    assert shares == sorted(shares)
    assert shares[0] == 0.0
    assert shares[-1] == 1.0
    assert any(progress.date == PANEL.times[-1].astype("datetime64[D]").item() for progress in seen)


def test_pool_and_benchmark_are_cut_from_the_panel(runner: Runner) -> None:
    result = result_of(run(runner, GOOD, TestConfig(stock_pool=("S2", "S0"), benchmark="S1")))
    assert result.symbols == ("S2", "S0")
    assert {trade.symbol for trade in result.trades} <= {"S0", "S2"}
    rows = np.flatnonzero(~np.isnan(PANEL.close[:, [2, 0]]).all(axis=1))
    np.testing.assert_array_equal(result.traces["close"], PANEL.close[rows][-120:, [2, 0]])
    known = pd.Series(PANEL.close[:, 1]).ffill().iloc[rows].dropna()
    assert result.benchmark[-1] == pytest.approx(100_000 * known.iloc[-1] / known.iloc[0])


def test_values_of_one_symbol_are_its_own_over_all_bars_without_the_others(runner: Runner) -> None:
    result = result_of(run(runner, GOOD, TestConfig(stock_pool=("S2", "S0"))))
    bars = len(result.times)
    for is_alone in (True, False):
        look = Look("S0", bars, is_alone)
        values = runner.values(RunRequest(GOOD, TestConfig(stock_pool=("S2", "S0")), PANEL, look=look))
        assert not isinstance(values, RunFailure), values
        assert set(values) == set(result.traces)
        for name, array in values.items():
            assert array.shape == (bars,)
            np.testing.assert_array_equal(array[-120:], result.traces[name][:, 1])
    few = runner.values(RunRequest(GOOD, TestConfig(), PANEL, look=Look("S1", 7, is_alone=True)))
    assert not isinstance(few, RunFailure)
    np.testing.assert_array_equal(few["close"], PANEL.close[-7:, 1])


def test_values_of_very_many_variables_are_all_there(runner: Runner) -> None:
    lines = "".join(f"    v{number} = close + {number}\n" for number in range(1500))
    answer = "    return {'buy': close > 20, 'sell': close < 10}\n"
    text = f"{HEAD}def signals(prices):\n    close = prices['close']\n{lines}{answer}"
    values = runner.values(RunRequest(text, TestConfig(), PANEL, look=Look("S1", 300, is_alone=True)))
    assert not isinstance(values, RunFailure), values
    assert len(values) == 1501
    np.testing.assert_array_equal(values["v1499"], PANEL.close[-300:, 1] + 1499)


def test_values_of_a_text_that_fails_are_a_sentence(runner: Runner) -> None:
    found = runner.values(RunRequest("RULES = {}", TestConfig(), PANEL, look=Look("S1", 7, is_alone=True)))
    assert isinstance(found, RunFailure)
    assert "signals" in found.message


def test_benchmark_with_a_longer_history_changes_nothing_of_the_strategys_own(runner: Runner) -> None:
    fields = [np.array(getattr(PANEL, name)) for name in ("open", "high", "low", "close", "volume")]
    for field in fields:
        field[:120, [0, 2]] = np.nan  # the pool begins late, the benchmark S1 does not
        field[200:203, [0, 2]] = np.nan  # and has days that the pool has not
    opens, highs, lows, closes, volumes = fields
    panel = Panel(PANEL.symbols, PANEL.times, opens, highs, lows, closes, volumes, "longer benchmark")
    pool = TestConfig(stock_pool=("S0", "S2"))
    alone = result_of(runner.run(RunRequest(GOOD, pool, panel)))
    beside = result_of(runner.run(RunRequest(GOOD, replace(pool, benchmark="S1"), panel)))
    assert alone.trades == beside.trades
    np.testing.assert_array_equal(alone.times, beside.times)
    np.testing.assert_array_equal(alone.equity, beside.equity)
    of_the_benchmark = {"benchmark_return", "alpha", "beta", "information_ratio"}
    own = [name for name in alone.metrics if name not in of_the_benchmark]
    assert [alone.metrics[name] for name in own] == pytest.approx([beside.metrics[name] for name in own], nan_ok=True)
    known = fields[3][:, 1]
    start = known[:121][~np.isnan(known[:121])][-1]
    assert beside.benchmark[0] == pytest.approx(pool.initial_capital)
    assert beside.benchmark[-1] == pytest.approx(pool.initial_capital * known[~np.isnan(known)][-1] / start)
    assert not np.isin(panel.times[200:203], beside.times).any()


# The strategy's own faults -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("source", "word", "line"),
    [
        ("x = 1\nx = = 2\n", "syntax", 2),
        ("x = 1\n", "RULES", 0),
        (HEAD, "signals", 0),
        (HEAD + "signals = 5\n", "signals", 0),
        (text("x = 1\ny = x / 0"), "ZeroDivisionError", 7),
        (text("missing"), "missing", 6),
        (text("def inner():\n    return [][5]\ninner()"), "IndexError", 7),
        (text("return {'buy': [1, 2]}"), "list", 0),
        (text("return {'buy': prices['close'][1:] > 0, 'sell': prices['close'] > 0}"), "shape", 0),
        (text("return {'buy': prices['close'].astype('O')}"), "object", 0),
        (text("return None"), "dictionary", 0),
        (HEAD + "raise SystemExit(3)\n", "SystemExit", 5),
        ("import os\n" + GOOD, "os", 1),
        (text("import subprocess"), "subprocess", 6),
        (text("open('x')"), "open", 6),
        (text("eval('1')"), "eval", 6),
        (text("def deep():\n    return deep()\ndeep()"), "RecursionError", -1),
        ("RULES = {'legs': [{1}]}\ndef signals(prices):\n    return {}\n", "RULES", 0),
        ("(" * 10_000 + "\n", "", -1),
        ("x = 1\0", "", -1),
    ],
)  # fmt: skip
def test_fault_of_the_text_is_a_sentence_with_its_line(runner: Runner, source: str, word: str, line: int) -> None:
    found = failure(runner, source)
    assert found.kind == FailureKind.STRATEGY_ERROR
    assert word in found.message
    assert line in (-1, found.line)


@pytest.mark.parametrize(
    ("source", "word"),
    [
        (GOOD.replace("'buy', 'long_exit'", "'bought', 'long_exit'"), "bought"),
        (text("return {'buy': prices['close'], 'sell': prices['close'] > 0}"), "true or false"),
        (GOOD.replace("'shares'", "'acres'"), "acres"),
        ("RULES = 5\ndef signals(prices):\n    return {}\n", "RULES"),
    ],
)
def test_answer_that_does_not_fit_is_a_sentence(runner: Runner, source: str, word: str) -> None:
    assert source != GOOD
    found = failure(runner, source)
    assert found.kind == FailureKind.BAD_ANSWER
    assert word in found.message


@pytest.mark.parametrize(
    ("config", "word"),
    [
        (TestConfig(initial_capital=-1.0), "initial_capital"),
        (TestConfig(stock_pool=("S0", "NONE")), "NONE"),
        (TestConfig(benchmark="SPY"), "SPY"),
        (TestConfig(slippage=float("nan")), "slippage"),
    ],
)
def test_request_that_cannot_be_run_is_a_sentence(runner: Runner, config: TestConfig, word: str) -> None:
    found = failure(runner, GOOD, config)
    assert found.kind == FailureKind.BAD_REQUEST
    assert word in found.message


def test_bad_prices_and_time_limits_are_sentences(runner: Runner) -> None:
    wrong = panel_from(pool_from({"A": [FLAT, (10, 10, -5, 10), FLAT]}))
    found = runner.run(RunRequest(GOOD, TestConfig(), wrong))
    assert isinstance(found, RunFailure)
    assert found.kind == FailureKind.BAD_REQUEST
    assert "A has the low" in found.message
    assert failure(runner, GOOD, time_limit=0.0).kind == FailureKind.BAD_REQUEST


# Time, cancel, death -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fork", [pytest.param(True, marks=LINUX), False])
def test_cancel_is_answered_within_a_fifth_of_a_second(fork: bool) -> None:
    with Runner(fork) as own:
        result_of(run(own, GOOD))
        took: list[float] = []
        for _ in range(3):
            asked = threading.Event()
            answers: list[RunResult | RunFailure] = []
            request = RunRequest(ENDLESS, TestConfig(), PANEL)
            thread = threading.Thread(target=lambda: answers.append(own.run(request, None, asked.is_set)))  # noqa: B023
            thread.start()
            time.sleep(0.3)
            assert thread.is_alive()
            begun = time.perf_counter()
            asked.set()
            thread.join(5)
            took.append(time.perf_counter() - begun)
            (found,) = answers
            assert isinstance(found, RunFailure)
            assert found.kind == FailureKind.CANCELLED
        assert sorted(took)[1] < 0.2  # the median, since the machine may be busy


def test_endless_text_ends_at_the_time_limit(runner: Runner) -> None:
    begun = time.perf_counter()
    found = failure(runner, ENDLESS, time_limit=0.5)
    assert found.kind == FailureKind.TIMED_OUT
    assert "0.5 seconds" in found.message
    assert time.perf_counter() - begun < 1.5
    result_of(run(runner, GOOD))


def test_text_that_takes_all_memory_is_stopped(runner: Runner) -> None:
    found = failure(runner, text("hog = []\nwhile True:\n    hog.append(np.ones(10_000_000))"))
    assert found.kind in (FailureKind.STRATEGY_ERROR, FailureKind.WORKER_LOST)
    assert "emory" in found.message
    result_of(run(runner, GOOD))


def test_answer_of_too_many_bytes_is_refused(runner: Runner) -> None:
    many = text("return {str(n): prices['close'] for n in range(900)}")
    found = failure(runner, many)
    assert found.kind == FailureKind.BAD_ANSWER


def test_a_test_is_gone_through_again_with_what_its_text_says(runner: Runner) -> None:
    """The levels of a result that was kept are those of the result itself."""
    exits = [exit_rule("stop", "percent", 4.0), exit_rule("target", "percent", 6.0)]
    source = GOOD.replace("'exits': []", f"'exits': {exits!r}")
    result = result_of(run(runner, source))
    again = runner.replay(RunRequest(source, TestConfig(), PANEL))
    assert isinstance(again, Replay)
    assert result.replay is not None
    for symbol in PANEL.symbols:
        ours, theirs = result.replay.levels(symbol), again.levels(symbol)
        assert ours is not None
        assert theirs is not None
        assert np.isfinite(ours.stop).any()
        assert (ours.stop.tobytes(), ours.target.tobytes()) == (theirs.stop.tobytes(), theirs.target.tobytes())
    refused = runner.replay(RunRequest("def signals(prices): return 1 / 0\nRULES = {}", TestConfig(), PANEL))
    assert isinstance(refused, RunFailure)


def lock_frame(**values: object) -> frames.Frame:
    return frames.Frame("locked", values, {})


def test_missing_walls_are_said_in_the_notes() -> None:
    assert lock_notes(lock_frame(open=[], broken=[])) == ()
    (note,) = lock_notes(lock_frame(open=["files", "the network"], broken=[]))
    assert "files, the network" in note


@pytest.mark.parametrize("values", [{"open": [], "broken": ["files"]}, {"open": 5, "broken": []}, {}])
def test_lock_that_does_not_hold_ends_the_run(values: dict[str, object]) -> None:
    with pytest.raises(Exception, match="did not hold"):
        lock_notes(lock_frame(**values))


@LINUX
def test_forged_lock_and_signals_change_nothing(runner: Runner) -> None:
    forged = (
        "python = np.__builtins__\n"
        "os = python['__import__']('os')\n"
        'header = b\'{"kind": "locked", "values": {"open": [], "broken": []}, "arrays": []}\'\n'
        "os.write(3, b'QTW1' + len(header).to_bytes(4, 'big') + python['bytes'](8) + header)"
    )
    found = failure(runner, text(forged))
    assert found.kind == FailureKind.BAD_ANSWER
    assert "not known" in found.message
