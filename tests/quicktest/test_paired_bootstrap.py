"""The interval of two tests' difference: drawn as the paper says, right about known cases, the same for a seed."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from builder_app.quicktest.paired_bootstrap import (
    FEWEST_DAYS,
    dated_returns,
    mean_block_length,
    paired_difference,
    stationary_days,
)

FloatArray = NDArray[np.float64]
Curve = tuple[NDArray[np.datetime64], FloatArray]


def curve(returns: FloatArray, start: str = "2020-01-01") -> Curve:
    """A curve that has these daily returns."""
    times = np.datetime64(start, "ns") + np.arange(len(returns) + 1).astype("timedelta64[D]")
    return times, np.concatenate(([100.0], 100.0 * np.cumprod(1.0 + returns)))


def noise(seed: int, days: int = 750, mean: float = 0.0004, deviation: float = 0.01) -> FloatArray:
    return np.random.default_rng(seed).normal(mean, deviation, days)


@given(st.integers(1, 60), st.floats(1.0, 30.0), st.integers(0, 10_000))
@settings(max_examples=60, deadline=None)
def test_drawn_days_equal_a_draw_step_by_step(days: int, length: float, seed: int) -> None:
    drawn = stationary_days(days, length, 5, np.random.default_rng(seed))
    random = np.random.default_rng(seed)
    fresh = random.random((5, days), dtype=np.float32) < 1.0 / length
    starts = random.integers(0, days, size=(5, days), dtype=np.int32)
    for row in range(5):
        day = -1
        for place in range(days):
            day = int(starts[row, place]) if place == 0 or fresh[row, place] else (day + 1) % days
            assert drawn[row, place] == day


def test_every_day_is_drawn_equally_often_and_blocks_have_the_mean_length() -> None:
    days, length, draws = 50, 5.0, 8_000
    drawn = stationary_days(days, length, draws, np.random.default_rng(7))
    counts = np.bincount(drawn.ravel(), minlength=days) / draws
    assert np.abs(counts - 1.0).max() < 0.1
    goes_on = float(np.mean((drawn[:, 1:] - drawn[:, :-1]) % days == 1))
    assert goes_on == pytest.approx(1.0 - 1.0 / length + 1.0 / (length * days), abs=0.005)


def test_without_dependence_the_interval_is_the_normal_one() -> None:
    a, b = noise(1, 4_000), noise(2, 4_000, mean=0.0006)
    found = paired_difference(curve(a), curve(b), draws=4_000)
    assert found is not None
    spread = float((b - a).std(ddof=1)) / math.sqrt(len(a)) * 252
    assert found.yearly_return.difference == pytest.approx(float((b - a).mean()) * 252, rel=1e-9)
    assert found.yearly_return.high - found.yearly_return.low == pytest.approx(2 * 1.96 * spread, rel=0.08)


def test_paired_days_make_a_small_but_steady_lead_sure() -> None:
    a = noise(3)
    steady = paired_difference(curve(a), curve(a + 0.0002 + noise(4, mean=0.0, deviation=0.0002)))
    alone = paired_difference(curve(a), curve(noise(5, mean=0.0006)))
    assert steady is not None
    assert alone is not None
    assert steady.yearly_return.is_sure
    assert steady.yearly_return.share_above == 1.0
    assert not alone.yearly_return.is_sure, "the same lead between unrelated tests may be chance"


def test_block_draws_are_wider_where_days_hang_together() -> None:
    shocks = noise(6, 3_000, 0.0, 0.01)
    together = np.convolve(shocks, np.ones(10) / 10, mode="same")
    found = paired_difference(curve(np.zeros(3_000) + 1e-9 * shocks), curve(together))
    assert found is not None
    independent = float(together.std(ddof=1)) / math.sqrt(3_000) * 252 * 2 * 1.96
    assert found.yearly_return.high - found.yearly_return.low > 1.8 * independent


def test_a_test_against_itself_differs_by_nothing() -> None:
    found = paired_difference(curve(noise(8)), curve(noise(8)))
    assert found is not None
    for interval in (found.yearly_return, found.sharpe_ratio):
        assert (interval.difference, interval.low, interval.high) == (0.0, 0.0, 0.0)
        assert interval.share_above == 0.5
        assert not interval.is_sure


def test_turned_round_the_interval_is_turned_round_and_a_seed_gives_the_same_again() -> None:
    one, other = curve(noise(9)), curve(noise(10))
    there, back = paired_difference(one, other, seed=3), paired_difference(other, one, seed=3)
    assert there is not None
    assert back is not None
    assert there == paired_difference(one, other, seed=3)
    assert there != paired_difference(one, other, seed=4)
    assert back.yearly_return.low == pytest.approx(-there.yearly_return.high, abs=1e-12)
    assert back.sharpe_ratio.high == pytest.approx(-there.sharpe_ratio.low, abs=1e-12)


def test_only_the_days_that_both_have_count() -> None:
    returns = noise(11, 400)
    one, other = curve(returns), curve(returns[100:] + 0.001, start="2020-04-10")
    found = paired_difference(one, other)
    assert found is not None
    assert found.days == 300
    assert found.yearly_return.difference == pytest.approx(0.001 * 252, rel=1e-6)


def test_too_few_days_or_none_give_no_interval() -> None:
    assert paired_difference(curve(noise(1, FEWEST_DAYS - 1)), curve(noise(2, FEWEST_DAYS - 1))) is None
    assert paired_difference(curve(noise(1, 100)), curve(noise(2, 100), start="1990-01-01")) is None
    assert paired_difference(curve(noise(1, FEWEST_DAYS)), curve(noise(2, FEWEST_DAYS))) is not None


def test_equity_that_is_lost_or_flat_gives_no_sharpe_ratio_and_no_warning() -> None:
    flat = curve(np.zeros(100))
    found = paired_difference(flat, curve(noise(2, 100)))
    assert found is not None
    assert math.isnan(found.sharpe_ratio.difference)
    assert math.isnan(found.sharpe_ratio.low)
    times, equity = curve(noise(2, 100))
    equity = equity.copy()
    equity[50:] = 0.0
    lost = paired_difference(flat, (times, equity))
    assert lost is not None
    assert lost.days == 50


def test_minutes_are_put_together_to_days() -> None:
    times = np.datetime64("2024-01-02T09:30", "ns") + np.arange(3 * 390) * np.timedelta64(1, "m")
    times = np.concatenate([times[:390], times[:390] + np.timedelta64(1, "D"), times[:390] + np.timedelta64(2, "D")])
    equity = np.linspace(100.0, 110.0, len(times))
    dates, returns = dated_returns(times, equity)
    assert dates.tolist() == [np.datetime64("2024-01-03").item(), np.datetime64("2024-01-04").item()]
    assert returns[0] == pytest.approx(equity[779] / equity[389] - 1.0)
    empty = dated_returns(times[:0], equity[:0])
    assert len(empty[1]) == 0


def test_blocks_grow_with_the_cube_root_of_the_days() -> None:
    assert mean_block_length(1_000) == pytest.approx(10.0)
    assert mean_block_length(1) == 1.0


@pytest.mark.parametrize(("step", "a_year"), [("D", 252), ("W", 52), ("M", 12)])
def test_weekly_and_monthly_returns_are_made_yearly_by_their_own_count(step: str, a_year: int) -> None:
    times = np.arange(120).astype(f"datetime64[{step}]").astype("datetime64[ns]")
    moves = np.random.default_rng(5).normal(0.001, 0.02, (2, 120))
    one, other = (np.asarray(np.cumprod(1.0 + row), dtype=np.float64) for row in moves)
    found = paired_difference((times, one), (times, other), draws=50)
    assert found is not None
    a, b = (curve[1:] / curve[:-1] - 1.0 for curve in (one, other))
    assert found.yearly_return.difference == pytest.approx((b.mean() - a.mean()) * a_year, rel=1e-9)
    sharpe = [row.mean() / row.std(ddof=1) * math.sqrt(a_year) for row in (a, b)]
    assert found.sharpe_ratio.difference == pytest.approx(sharpe[1] - sharpe[0], rel=1e-9)
