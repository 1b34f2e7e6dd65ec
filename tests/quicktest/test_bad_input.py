"""What a test says, or gives, where there is little to test: each a whole sentence or a result, never a traceback."""

import dataclasses
import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from builder_app.market.prices.panel import Panel
from builder_app.quicktest.engine import accelerate, simulate
from builder_app.quicktest.request import FailureKind, RunFailure, RunRequest, RunResult, TestConfig
from builder_app.quicktest.runner import Runner
from tests.quicktest.trading import FLAT, leg, panel_from, pool_from

TEXT = """
import numpy as np
RULES = {{"legs": [{leg!r}], "portfolio": {{"maximum_positions": None}}}}
def signals(prices):
    bars = len(prices["close"])
    return {{"buy": {buy}, "sell": {sell}}}
"""
NEVER = "np.zeros(bars, dtype=bool)"
LOTS = TestConfig(commission_rate=0.0, slippage=0.0, lot_size=1.0)


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as running:
        yield running


def text(buy: str = NEVER, sell: str = NEVER, **changes: Any) -> str:
    return TEXT.format(leg=leg(**changes), buy=buy, sell=sell)


def result_of(outcome: RunResult | RunFailure) -> RunResult:
    assert isinstance(outcome, RunResult), outcome
    return outcome


def failure_of(outcome: RunResult | RunFailure) -> RunFailure:
    assert isinstance(outcome, RunFailure)
    assert outcome.message.endswith(".")
    return outcome


def flat_panel(bars: int = 10, symbols: int = 1) -> Panel:
    return panel_from(pool_from({f"S{n}": [FLAT] * bars for n in range(symbols)}))


def test_empty_pool_is_said(runner: Runner) -> None:
    empty = np.zeros((10, 0))
    panel = dataclasses.replace(
        flat_panel(), symbols=(), open=empty, high=empty, low=empty, close=empty, volume=empty, fingerprint="none"
    )
    failure = failure_of(runner.run(RunRequest(text(), LOTS, panel)))
    assert failure.kind is FailureKind.BAD_REQUEST
    assert failure.message == "There are no price bars to test on; choose other dates, or symbols that have prices."


def test_panel_of_nan_is_said(runner: Runner) -> None:
    panel = panel_from(pool_from({"A": [None] * 5}))
    failure = failure_of(runner.run(RunRequest(text(), LOTS, panel)))
    assert failure.message == "The symbols of the pool have no bars in this range of dates; choose other dates."


def test_symbols_whose_dates_do_not_overlap_are_traded_each_in_its_own(runner: Runner) -> None:
    panel = panel_from(pool_from({"A": [*[FLAT] * 5, *[None] * 5], "B": [*[None] * 5, *[FLAT] * 5]}))
    result = result_of(runner.run(RunRequest(text(buy="np.ones(bars, dtype=bool)"), LOTS, panel)))
    assert [(t.symbol, t.entry_bar, t.exit_bar) for t in result.trades] == [("A", 1, 4), ("B", 6, 9)]


def test_missing_benchmark_is_said(runner: Runner) -> None:
    config = dataclasses.replace(LOTS, benchmark="SPY")
    failure = failure_of(runner.run(RunRequest(text(), config, flat_panel())))
    assert failure.kind is FailureKind.BAD_REQUEST
    assert failure.message == "There are no prices for the benchmark SPY; add them, or choose another."


def test_capital_too_small_for_one_lot_refuses_each_entry_and_says_so(runner: Runner) -> None:
    config = dataclasses.replace(LOTS, initial_capital=9.0)
    size = {"kind": "percent_of_equity", "value": 100.0}
    source = text(buy="np.arange(bars) == 2", size=size)
    result = result_of(runner.run(RunRequest(source, config, flat_panel())))
    assert result.notes[0] == "There was no trade: every entry was refused in this range of dates."
    assert result.notes[1] == "1 entry refused: The size came to less than one lot, or to nothing after costs."


def test_signal_on_the_last_bar_is_refused_and_recorded(runner: Runner) -> None:
    source = text(buy="np.arange(bars) == bars - 1")
    result = result_of(runner.run(RunRequest(source, LOTS, flat_panel())))
    assert [(r.bar, r.reason) for r in result.rejections] == [
        (9, "No later bar of the symbol was left to fill the order.")
    ]


def test_strategy_that_never_trades_says_so(runner: Runner) -> None:
    result = result_of(runner.run(RunRequest(text(), LOTS, flat_panel())))
    assert result.notes[0] == "There was no trade: no entry was signalled in this range of dates."
    assert np.isnan(result.metrics["win_rate"])
    assert result.equity.tolist() == [100_000.0] * 10


ALTERNATELY = {"buy": "np.arange(bars) % 2 == 0", "sell": "np.arange(bars) % 2 == 1"}


def test_more_trades_than_are_kept_end_the_test_with_a_sentence(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(simulate, "MOST_TRADES", 1000)
    panel = flat_panel(3000, 2)
    failure = failure_of(runner.run(RunRequest(text(**ALTERNATELY), LOTS, panel)))
    assert failure.kind is FailureKind.STRATEGY_ERROR
    assert failure.message.startswith("The strategy had made more than 1,000 trades by 20")


@pytest.mark.long
def test_ten_million_trades_end_the_test_in_bounded_memory(runner: Runner) -> None:
    pytest.importorskip("numba")
    accelerate.warm().join()
    panel = flat_panel(200_000, 100)
    size = {"kind": "shares", "value": 1.0}
    failure = failure_of(runner.run(RunRequest(text(**ALTERNATELY, size=size), LOTS, panel)))
    assert "more than 1,000,000 trades" in failure.message


def test_refusals_beyond_those_kept_are_counted(runner: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    size = {"kind": "shares", "value": 1e9}
    source = text(buy="np.ones(bars, dtype=bool)", size=size)
    result = result_of(runner.run(RunRequest(source, LOTS, flat_panel(2500, 50))))
    assert result.metrics["rejected_entries"] == 125_000
    assert len(result.rejections) == 100_000
    assert result.notes[-1] == "Only the first 100,000 refused entries are listed."


# The same test gives the same bytes ----------------------------------------------------------------------------------
def bytes_of(result: RunResult) -> bytes:
    from builder_app.session.runs.results_codec import result_to_json

    return json.dumps(result_to_json(dataclasses.replace(result, seconds=0.0)), sort_keys=True).encode()


def test_same_code_data_config_and_seed_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    random = "np.random.random(bars) > 0.8"
    panel = flat_panel(300, 3)
    config = TestConfig(seed=7)
    found = []
    for _ in range(2):
        with Runner() as fresh:
            found.append(result_of(fresh.run(RunRequest(text(buy=random, sell=random), config, panel))))
    assert bytes_of(found[0]) == bytes_of(found[1])
    assert len(found[0].trades) > 10
    with Runner() as fresh:
        other = dataclasses.replace(config, seed=8)
        changed = result_of(fresh.run(RunRequest(text(buy=random, sell=random), other, panel)))
    assert bytes_of(changed) != bytes_of(found[0])


def test_result_says_what_made_it(runner: Runner) -> None:
    result = result_of(runner.run(RunRequest(text(), TestConfig(seed=5), flat_panel())))
    assert result.seed == 5
    assert result.data_fingerprint == flat_panel().fingerprint
    assert len(result.code_hash) == 64
    assert set(result.versions) == {"Engine", "Python", "NumPy", "pandas", "TA-Lib", "numba"}
    assert all(result.versions.values())


def test_metrics_lie_between_both_readings_of_ambiguous_bars(runner: Runner) -> None:
    both = [("stop", 1.0), ("target", 1.0)]
    exits = [{"kind": kind, "unit": "distance", "value": value} for kind, value in both]
    wide = (10.0, 12.0, 8.0, 10.0)
    panel = panel_from(pool_from({"A": [FLAT, FLAT, wide, FLAT, FLAT]}))
    source = text(buy="np.arange(bars) == 0", exits=exits)
    result = result_of(runner.run(RunRequest(source, LOTS, panel)))
    assert result.metrics["final_equity"] == 99_990.0
    assert (result.lower["final_equity"], result.upper["final_equity"]) == (99_990.0, 100_010.0)
    assert "between -0.01% and 0.01%" in result.notes[1]
    plain = result_of(runner.run(RunRequest(text(buy="np.arange(bars) == 0"), LOTS, panel)))
    for end in (plain.lower, plain.upper):
        np.testing.assert_equal(dict(end), dict(plain.metrics))
