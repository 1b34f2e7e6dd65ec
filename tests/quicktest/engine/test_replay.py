"""Levels are where the loop's stops and targets stood: the reference looks the same ones up, and numba no other."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder_app.quicktest.engine import accelerate, book, loop, simulate
from builder_app.quicktest.engine.replay import Levels
from tests.quicktest.engine import reference
from tests.quicktest.engine.random_cases import random_case, replay, traded
from tests.quicktest.engine.test_reference import world_of
from tests.quicktest.trading import exit_rule, flags, leg, pool_from, replay_of

CASES = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
seeds = st.integers(0, 2**32 - 1)


def levels_of(seed: int, symbol: str) -> Levels:
    found = replay(random_case(seed)).levels(symbol)
    assert found is not None
    return found


def compare(seed: int) -> None:
    case = random_case(seed)
    wanted = reference.run(world_of(case)).levels
    for symbol in case.pool.symbols:
        found = levels_of(seed, symbol)
        assert found.stop.shape == (len(case.pool.times), len(case.legs))
        for bar, number in np.ndindex(found.stop.shape):
            if (symbol, number, bar) not in wanted:
                assert found.entry_bar[bar, number] == -1
                assert math.isnan(found.stop[bar, number])
                assert math.isnan(found.target[bar, number])
                continue
            stop, reason, target, entry_bar = wanted[symbol, number, bar]
            assert found.entry_bar[bar, number] == entry_bar
            for mine, theirs in ((found.stop, stop), (found.target, target)):
                value = float(mine[bar, number])
                assert math.isnan(value) if math.isinf(theirs) else value == pytest.approx(theirs, rel=1e-9)
            if math.isfinite(stop):
                assert found.stop_name(bar, number) == reason


@CASES
@given(seeds)
def test_levels_are_those_that_the_reference_looks_up(seed: int) -> None:
    compare(seed)


@pytest.mark.long
@settings(CASES, max_examples=5_000)
@given(seeds)
def test_levels_are_those_of_the_reference_five_thousand_times(seed: int) -> None:
    compare(seed)


@CASES
@given(seeds)
def test_who_left_at_a_stop_or_target_left_at_its_level(seed: int) -> None:
    """Or at the open of a bar that opened beyond it: what is shown is what the trades were settled at."""
    case = random_case(seed)
    opens, slippage = case.pool.fields[0], case.settings["slippage"]
    for trade in traded(case).trades:
        if trade.exit_reason not in ("stop", "trailing stop", "break even", "target"):
            continue
        found = levels_of(seed, trade.symbol)
        column = case.pool.symbols.index(trade.symbol)
        price = trade.exit_price / (1.0 - trade.direction * slippage)
        opened = price == pytest.approx(float(opens[trade.exit_bar, column]), rel=1e-9)
        if trade.exit_reason == "target":
            beyond = trade.direction * (price - found.target[trade.exit_bar, trade.leg]) >= -1e-9 * price
            assert opened or beyond or case.settings["price_limit"]
        else:
            at_level = price == pytest.approx(float(found.stop[trade.exit_bar, trade.leg]), rel=1e-9)
            assert opened or at_level
            assert opened or found.stop_name(trade.exit_bar, trade.leg) == trade.exit_reason


def test_compiled_loop_notes_the_same_bits(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("numba")
    compiled = accelerate.compiled()
    assert compiled is not None
    for seed in range(200):
        for symbol in random_case(seed).pool.symbols:
            found = []
            for run in (loop.run_bars, accelerate.run_plainly, compiled):
                monkeypatch.setattr(simulate, "loop_for", lambda cells, run=run: run)
                found.append(levels_of(seed, symbol))
            for other in found[1:]:
                assert other.stop.tobytes() == found[0].stop.tobytes()
                assert other.target.tobytes() == found[0].target.tobytes()
                assert other.entry_bar.tobytes() == found[0].entry_bar.tobytes()
                assert other.reasons.tobytes() == found[0].reasons.tobytes()


def test_a_trailing_stop_follows_the_best_price_one_bar_behind() -> None:
    pool = pool_from({"A": [(10, 10, 10, 10), (10, 12, 10, 12), None, (12, 15, 12, 14), (13, 13, 10, 10)]})
    rules = [leg(exits=[exit_rule("trailing_stop", "distance", 2.0), exit_rule("target", "percent", 100.0)])]
    found = replay_of(pool, (rules, {"buy": flags(pool, A=[0])})).levels("A")
    assert found is not None
    np.testing.assert_array_equal(found.stop[:, 0], [math.nan, 8.0, math.nan, 10.0, 13.0])
    np.testing.assert_array_equal(found.target[:, 0], [math.nan, 20.0, math.nan, 20.0, 20.0])
    np.testing.assert_array_equal(found.entry_bar[:, 0], [-1, 1, -1, 1, 1])
    assert found.stop_name(3, 0) == "trailing stop"


def test_a_watch_that_says_to_stop_ends_it_and_only_a_known_symbol_has_levels() -> None:
    again = replay(random_case(3))
    assert again.levels(again.pool.symbols[0], lambda _bars: False) is None
    with pytest.raises(ValueError, match="not in tuple"):
        again.levels("NONE")


def test_nobody_asks_in_a_test_itself() -> None:
    test, empty = simulate.smallest_run()
    assert empty.counts[book.WATCHED] == -1
    assert empty.levels.shape[0] == 0
    accelerate.run_plainly((0, 1), test, empty)
