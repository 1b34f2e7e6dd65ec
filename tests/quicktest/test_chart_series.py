"""The series of the charts, held to what they must add up to."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from builder_app.quicktest import chart_series
from builder_app.quicktest.outcomes import trade_of
from builder_app.quicktest.request import Trade
from tests.quicktest.engine import reference
from tests.quicktest.engine.random_cases import random_case, traded
from tests.quicktest.engine.test_reference import world_of

MOVES = arrays.arrays(np.float64, st.integers(2, 900), elements=st.floats(-0.2, 0.2))


def curve(moves: chart_series.FloatArray, hours: int = 24) -> tuple[chart_series.Times, chart_series.FloatArray]:
    """Bars so many hours apart, and an equity that makes these moves."""
    times = np.datetime64("2003-11-20", "ns") + np.arange(len(moves)) * np.timedelta64(hours, "h")
    return times, np.asarray(1000.0 * np.cumprod(1.0 + moves), dtype=np.float64)


@given(MOVES, st.sampled_from([6, 24, 24 * 7]))
def test_months_and_years_compound_to_the_total_return(moves: chart_series.FloatArray, hours: int) -> None:
    times, equity = curve(moves, hours)
    months = chart_series.monthly_returns(times, equity)
    total = equity[-1] / equity[0]
    assert np.nanprod(1.0 + months.table) == pytest.approx(total, rel=1e-9)
    assert np.prod(1.0 + months.totals) == pytest.approx(total, rel=1e-9)
    assert np.nanprod(1.0 + months.table, axis=1) == pytest.approx(1.0 + months.totals, rel=1e-9)
    assert months.years.tolist() == sorted({int(str(time)[:4]) for time in times})
    assert np.isfinite(months.table).sum() == len({str(time)[:7] for time in times})


@given(MOVES)
def test_falls_are_disjoint_sorted_and_as_deep_as_the_curve_says(moves: chart_series.FloatArray) -> None:
    _, equity = curve(moves)
    drawdown = equity / np.maximum.accumulate(equity) - 1.0
    falls = chart_series.deepest_falls(drawdown, most=1000)
    depths = [fall.depth for fall in falls]
    assert depths == sorted(depths)
    assert depths[0] == drawdown.min() if falls else drawdown.min() == 0.0
    covered: set[int] = set()
    for fall in falls:
        end = len(drawdown) if fall.end is None else fall.end
        inside = set(range(fall.peak + 1, end))
        assert (drawdown[sorted(inside)] < 0.0).all()
        assert drawdown[fall.peak] == 0.0
        assert fall.end is None or drawdown[fall.end] == 0.0
        assert fall.bottom in inside
        assert not covered & inside
        covered |= inside
    assert covered == set(np.flatnonzero(drawdown < 0.0).tolist())
    assert chart_series.deepest_falls(drawdown) == falls[:5]


@given(arrays.arrays(np.float64, st.integers(2, 120), elements=st.floats(-0.05, 0.05)), st.integers(2, 40))
def test_the_rolling_sharpe_ratio_is_that_of_each_window_by_itself(moves: chart_series.FloatArray, window: int) -> None:
    times, equity = curve(moves)
    rolling = chart_series.rolling_sharpe(times, equity, window)
    returns = equity[1:] / equity[:-1] - 1.0
    for bar in range(len(equity)):
        part = returns[bar - window : bar] if bar >= window else returns[:0]
        if len(part) == window and part.std(ddof=1) > 1e-9:
            assert rolling[bar] == pytest.approx(part.mean() / part.std(ddof=1) * math.sqrt(252), rel=1e-6)
        elif len(part) < window:
            assert math.isnan(rolling[bar])


def test_within_a_day_the_rolling_ratio_stands_at_the_days_last_bar() -> None:
    times, equity = curve(np.random.default_rng(1).normal(0.0, 0.01, 400), hours=6)
    rolling = chart_series.rolling_sharpe(times, equity, 20)
    places = np.flatnonzero(np.isfinite(rolling))
    assert (np.diff(places) == 4).all()
    assert set(places % 4) == {3}


@given(arrays.arrays(np.float64, st.integers(1, 2000), elements=st.floats(-0.5, 0.5)))
def test_every_return_is_in_one_bin_and_zero_parts_gains_from_losses(returns: chart_series.FloatArray) -> None:
    edges, counts = chart_series.histogram(returns)
    assert counts.sum() == len(returns)
    assert len(edges) == len(counts) + 1
    assert np.abs(edges).min() < 1e-12
    assert len(counts) <= 64
    middle = int(np.argmin(np.abs(edges)))
    assert counts[:middle].sum() == np.count_nonzero(returns < 0.0) or np.ptp(returns) < 1e-9


TRADES = st.lists(
    st.tuples(
        st.sampled_from(["AAPL", "IBM", "MSFT"]),
        st.sampled_from([1, -1]),
        st.integers(0, 59),
        st.integers(0, 20),
        st.floats(-500, 500),
    ),
    max_size=40,
)


def made(rows: list[tuple[str, int, int, int, float]]) -> list[Trade]:
    return [
        Trade(symbol, side, 3.0, entry, 20.0, min(entry + held, 59), 21.0, "signal", pnl, 1.5, pnl / 60.0)
        for symbol, side, entry, held, pnl in rows
    ]


@given(st.integers(0, 2**32 - 1))
def test_exposure_is_what_is_open_at_each_close_at_its_market_value(seed: int) -> None:
    """The reference knows which positions are open, also those bought and sold in parts, and looks their closes up."""
    case = random_case(seed)
    account, result = reference.run(world_of(case)), traded(case)
    found = chart_series.exposure(
        [trade_of(record) for record in result.trades], result.equity, (result.long, result.short)
    )
    assert found.positions.tolist() == account.open_at_close
    for bar, (long, short) in enumerate(account.held_at_close):
        equity = account.equity[bar]
        if abs(equity) < 1e-6:
            continue
        wanted = (long / equity, short / equity) if equity > 0.0 else (math.nan, math.nan)
        assert (found.long[bar], found.short[bar]) == pytest.approx(wanted, rel=1e-6, abs=1e-9, nan_ok=True)
        assert found.gross[bar] == pytest.approx(sum(wanted), rel=1e-6, abs=1e-9, nan_ok=True)
        assert found.net[bar] == pytest.approx(wanted[0] - wanted[1], rel=1e-6, abs=1e-9, nan_ok=True)


def test_a_position_sold_in_parts_is_one_and_is_not_open_where_it_ended() -> None:
    parts = [replace(one, symbol="IBM", direction=1, entry_bar=3) for one in made([("IBM", 1, 3, 2, 1.0)] * 3)]
    parts[1] = replace(parts[1], exit_bar=8)
    found = chart_series.exposure(parts, np.full(12, 600.0), (np.full(12, 60.0), np.zeros(12)))
    assert found.positions.tolist() == [0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0]
    assert found.gross.tolist() == [0.1] * 12


@pytest.mark.parametrize(("step", "a_year", "window"), [("D", 252, 126), ("W", 52, 26), ("M", 12, 6)])
def test_the_rolling_ratio_of_weeks_and_months_is_yearly_by_their_own_count(
    step: str, a_year: int, window: int
) -> None:
    times = np.arange(300).astype(f"datetime64[{step}]").astype("datetime64[ns]")
    equity = np.cumprod(1.0 + np.random.default_rng(2).normal(0.001, 0.02, 300)).astype(np.float64)
    assert chart_series.rolling_window(times, 126) == window
    rolling = chart_series.rolling_sharpe(times, equity, 126)
    returns = (equity[1:] / equity[:-1] - 1.0)[-window:]
    assert rolling[-1] == pytest.approx(returns.mean() / returns.std(ddof=1) * math.sqrt(a_year))
    assert np.isfinite(rolling).argmax() == window


@given(TRADES)
def test_contributions_add_up_to_the_whole_profit(rows: list[tuple[str, int, int, int, float]]) -> None:
    trades = made(rows)
    found = chart_series.contributions(trades)
    assert sum(one.profit for one in found) == pytest.approx(sum(trade.pnl for trade in trades), abs=1e-6)
    assert sum(one.trades for one in found) == len(trades)
    assert sum(one.costs for one in found) == pytest.approx(1.5 * len(trades))
    assert [one.profit for one in found] == sorted((one.profit for one in found), reverse=True)
    assert all(one.worst <= one.best for one in found)


def test_nothing_has_empty_series() -> None:
    nothing, times = np.zeros(0), np.zeros(0, dtype="datetime64[ns]")
    assert chart_series.monthly_returns(times, nothing).table.shape == (0, 12)
    assert chart_series.deepest_falls(nothing) == []
    assert len(chart_series.histogram(nothing)[1]) == 0
    assert len(chart_series.rolling_sharpe(times, nothing, 20)) == 0
    assert chart_series.contributions(()) == []
    assert len(chart_series.exposure((), nothing, (nothing, nothing)).positions) == 0
