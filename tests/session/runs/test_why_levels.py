"""Where each stop and target is said to have stood is where the engine had it, on random tests of all rules."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.quicktest.engine import book as at
from builder_app.quicktest.engine.replay import Levels
from builder_app.session.runs.why_levels import STOPS, Position
from tests.quicktest.engine.random_cases import Case, random_case, replay, traded

CLOSE = 1e-9


def positions(case: Case) -> list[tuple[Position, Levels, int]]:
    """Every position of a test in every bar that it was held in, with the engine's levels."""
    gone_through, found = replay(case), []
    directions = {(t.symbol, t.leg, t.entry_bar): t.direction for t in traded(case).trades}
    for column, symbol in enumerate(case.pool.symbols):
        levels = gone_through.levels(symbol)
        assert levels is not None
        for bar, leg in zip(*np.nonzero(levels.entry_bar >= 0), strict=True):
            entry = int(levels.entry_bar[bar, leg])
            direction = directions[symbol, int(leg), entry]
            found.append((Position(gone_through, column, int(leg), direction, entry), levels, int(bar)))
    return found


def check_levels(seed: int) -> int:
    """All levels of one random test; how many were compared."""
    compared = 0
    for position, levels, bar in positions(random_case(seed)):
        sign, leg = position.direction, position.leg
        stops = {row: position.level(row, bar) for row in position.rows if position.kind(row) != at.TARGET_EXIT}
        tightest = max((sign * level for level in stops.values() if level is not None), default=-math.inf)
        engines = float(levels.stop[bar, leg])
        assert math.isnan(engines) == (not math.isfinite(tightest))
        if not math.isnan(engines):
            assert sign * tightest == pytest.approx(engines, rel=CLOSE)
            row = position.stop_row(levels.stop_name(bar, leg), bar, engines)
            assert row is not None
            assert position.kind(row) == STOPS[levels.stop_name(bar, leg)]
            assert position.level(row, bar) == pytest.approx(engines, rel=CLOSE)
            compared += 1
        target = float(levels.target[bar, leg])
        if not math.isnan(target):
            row = position.target_row(target, 0)
            assert row is not None
            assert position.kind(row) == at.TARGET_EXIT
            assert position.level(row, bar) == pytest.approx(target, rel=CLOSE)
            compared += 1
    return compared


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10_000))
def test_tightest_stop_and_nearest_target_are_the_engines(seed: int) -> None:
    check_levels(seed)


@pytest.mark.long
@settings(max_examples=2000, deadline=None)
@given(st.integers(0, 1_000_000))
def test_levels_of_thousands_of_tests_are_the_engines(seed: int) -> None:
    check_levels(seed)


def test_enough_levels_of_each_kind_are_compared() -> None:
    assert sum(check_levels(seed) for seed in range(60)) > 300


def test_targets_of_a_position_are_taken_one_after_the_other() -> None:
    taken = 0
    for seed in range(80):
        case = random_case(seed)
        gone_through, rows = replay(case), dict[tuple[str, int, int], list[int]]()
        for trade in traded(case).trades:
            if trade.exit_reason != "target":
                continue
            column = case.pool.symbols.index(trade.symbol)
            position = Position(gone_through, column, trade.leg, trade.direction, trade.entry_bar)
            before = rows.setdefault((trade.symbol, trade.leg, trade.entry_bar), [])
            raw = trade.exit_price / (1.0 - trade.direction * gone_through.settings.slippage)
            row = position.target_row(raw, len(before))
            assert row is not None
            level = position.level(row, trade.exit_bar)
            assert level is not None
            assert trade.direction * raw >= trade.direction * level * (1.0 - trade.direction * CLOSE)
            before.append(row)
            taken += 1
    assert taken > 50
