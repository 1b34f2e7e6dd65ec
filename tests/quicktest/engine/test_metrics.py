"""Metrics against their formulas written out with pandas, and their edge cases."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.quicktest.engine.metrics import DEFINITIONS, Record, measure
from builder_app.quicktest.engine.simulate import TradeRecord
from tests.quicktest.engine.random_cases import random_case, traded


def a_trade(pnl: float, entry_bar: int = 1, exit_bar: int = 3, **changes: object) -> TradeRecord:
    values: dict[str, object] = {
        "symbol": "A", "leg": 0, "direction": 1, "quantity": 10.0, "entry_bar": entry_bar, "entry_price": 10.0,
        "exit_bar": exit_bar, "exit_price": 12.0, "exit_reason": "signal", "ambiguous": False, "pnl": pnl, "costs": 0.5,
    }  # fmt: skip
    return TradeRecord(**(values | changes))  # type: ignore[arg-type]


def record(
    equity: Sequence[float], trades: Sequence[TradeRecord] = (), benchmark: Sequence[float] | None = None
) -> Record:
    times = pd.bdate_range("2020-01-01", periods=len(equity)).to_numpy().astype("datetime64[ns]")
    lead = np.array(benchmark if benchmark is not None else [equity[0]] * len(equity), dtype=float)
    nothing = np.zeros(len(times))
    return Record(times, np.array(equity, dtype=float), lead, trades, 2, float(equity[0]), 0.01, None, nothing, nothing)


def returns_of(seed: int, count: int) -> pd.Series:
    return pd.Series(np.random.default_rng(seed).normal(0.0005, 0.02, count))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(60, 400))
def test_daily_metrics_equal_their_formulas(seed: int, count: int) -> None:
    equity = 1000.0 * pd.concat([pd.Series([1.0]), (1 + returns_of(seed, count)).cumprod()], ignore_index=True)
    bench = 1000.0 * pd.concat([pd.Series([1.0]), (1 + returns_of(seed + 1, count)).cumprod()], ignore_index=True)
    given_record = record(equity.tolist(), (), bench.tolist())
    found = measure(given_record)
    r, b = equity.pct_change().dropna(), bench.pct_change().dropna()
    days = (given_record.times[-1] - given_record.times[0]) / np.timedelta64(1, "D")
    drawdown = equity / equity.cummax() - 1
    beta = r.cov(b) / b.var()
    cagr = (equity.iloc[-1] / 1000.0) ** (365.25 / days) - 1
    expected = {
        "total_return": equity.iloc[-1] / 1000.0 - 1,
        "cagr": cagr,
        "volatility": r.std() * 252**0.5,
        "sharpe_ratio": r.mean() / r.std() * 252**0.5,
        "sortino": r.mean() / (r.clip(upper=0) ** 2).mean() ** 0.5 * 252**0.5,
        "max_drawdown": drawdown.min(),
        "calmar": cagr / -drawdown.min(),
        "benchmark_return": bench.iloc[-1] / 1000.0 - 1,
        "beta": beta,
        "alpha": (r.mean() - beta * b.mean()) * 252,
        "information_ratio": (r - b).mean() / (r - b).std() * 252**0.5,
    }
    assert {name: found[name] for name in expected} == pytest.approx(expected, rel=1e-9, abs=1e-9)


def test_trade_metrics_equal_their_formulas() -> None:
    profits = [10.0, -4.0, -6.0, 30.0, -1.0]
    trades = [a_trade(p, 2 * n, 2 * n + 1, ambiguous=n == 1) for n, p in enumerate(profits)]
    found = measure(record([1000.0] * 12, trades))
    frame = pd.Series(profits)
    expected = {
        "trade_count": 5.0, "win_rate": 0.4, "profit_factor": 40.0 / 11.0, "expectancy": frame.mean(),
        "average_win": 20.0, "average_loss": -11.0 / 3.0, "best_trade": 30.0, "worst_trade": -6.0,
        "average_bars_held": 1.0, "losing_streak": 2.0, "ambiguous_trades": 1.0, "rejected_entries": 2.0,
        "time_in_market": 10.0 / 12.0, "costs_paid": 2.5, "final_equity": 1000.0,
        "slippage_paid": 5 * (100.0 - 100.0 / 1.01 + 120.0 / 0.99 - 120.0),
    }  # fmt: skip
    assert {name: found[name] for name in expected} == pytest.approx(expected)
    years = 15 / 365.25  # twelve business days from a Wednesday
    assert found["turnover"] == pytest.approx(5 * 220.0 / 2 / 1000.0 / years)


def test_overlapping_trades_count_a_bar_once_for_the_time_in_the_market() -> None:
    found = measure(record([100.0] * 10, [a_trade(1.0, 1, 4), a_trade(1.0, 3, 5), a_trade(1.0, 9, 9)]))
    assert found["time_in_market"] == pytest.approx(6 / 10)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_exposure_is_what_positions_are_worth_at_each_close_over_the_equity(seed: int) -> None:
    """Worked out from the trades alone: their shares at the closes while they were held, over cash and shares."""
    case = random_case(seed)
    legs = [{name: value for name, value in leg.items() if name != "rebalance"} for leg in case.legs]
    result = traded(case._replace(legs=legs))
    closes = pd.DataFrame(case.pool.fields[3], columns=list(case.pool.symbols)).ffill()
    gross = net = pd.Series(0.0, index=closes.index)
    for one in result.trades:
        held = (closes.index >= one.entry_bar) & (closes.index < one.exit_bar)
        worth = (one.quantity * closes[one.symbol]).where(held, 0.0)
        gross, net = gross + worth, net + one.direction * worth
    equity = pd.Series(result.cash, index=closes.index) + net
    benchmark, capital = np.full(len(closes), 1.0), case.settings["initial_capital"]
    found = measure(
        Record(
            case.pool.times, result.equity, benchmark, result.trades, 0, capital, 0.0, None, result.long, result.short
        )
    )
    if equity.min() <= 1e-6:
        return  # the test below
    assert found["exposure"] == pytest.approx((gross / equity).mean(), rel=1e-9, abs=1e-9)
    assert found["net_exposure"] == pytest.approx((net / equity).mean(), rel=1e-9, abs=1e-9)


def test_exposure_has_no_value_where_the_equity_was_lost_or_what_was_held_is_not_known() -> None:
    plain = record([100.0, 50.0, 0.0, 10.0])
    held = np.array([0.0, 10.0, 5.0, 0.0])
    for one in (replace(plain, long=held, short=held), replace(record([100.0] * 4), long=None)):
        found = measure(one)
        assert np.isnan(found["exposure"])
        assert np.isnan(found["net_exposure"])
    both = measure(replace(record([100.0, 50.0, 25.0, 100.0]), long=held, short=held / 2))
    assert both["exposure"] == pytest.approx((0.3 + 0.3) / 4)
    assert both["net_exposure"] == pytest.approx((0.1 + 0.1) / 4)


def test_drawdown_counts_from_the_peak_to_the_bottom_and_back() -> None:
    found = measure(record([100, 120, 120, 90, 60, 80, 120, 130, 125]))
    assert found["max_drawdown"] == pytest.approx(-0.5)
    assert (found["max_drawdown_length"], found["max_drawdown_recovery"]) == (2.0, 2.0)
    assert np.isnan(measure(record([100, 120, 60, 80]))["max_drawdown_recovery"])


def test_metrics_without_trades_and_without_movement_have_no_value_or_zero() -> None:
    found = measure(record([100.0] * 20))
    zero = {"total_return", "cagr", "volatility", "max_drawdown", "max_drawdown_length", "max_drawdown_recovery",
            "exposure", "net_exposure", "time_in_market", "turnover", "costs_paid", "slippage_paid", "benchmark_return",
            "trade_count", "losing_streak", "ambiguous_trades"}  # fmt: skip
    assert {name for name, value in found.items() if value == 0.0} == zero
    assert {name for name, value in found.items() if np.isnan(value)} == set(found) - zero - {
        "final_equity",
        "rejected_entries",
    }


def test_all_wins_leave_what_losses_define_without_a_value() -> None:
    found = measure(record([100, 101, 103, 104, 106], [a_trade(3.0), a_trade(3.0)]))
    assert found["win_rate"] == 1.0
    assert found["max_drawdown"] == 0.0
    for name in ("profit_factor", "average_loss", "calmar", "sortino"):
        assert np.isnan(found[name]), name


def test_equal_returns_have_no_sharpe_ratio() -> None:
    equity = 100.0 * 1.01 ** np.arange(50)
    found = measure(record(equity.tolist()))
    assert found["volatility"] == pytest.approx(0.0, abs=1e-12)
    assert np.isnan(found["sharpe_ratio"])
    assert found["total_return"] == pytest.approx(1.01**49 - 1)


def test_lost_equity_has_no_daily_metrics() -> None:
    found = measure(record([100.0, 50.0, -10.0, 5.0]))
    assert np.isnan(found["sharpe_ratio"])
    assert found["max_drawdown"] == pytest.approx(-1.1)


def test_one_bar_has_no_yearly_values() -> None:
    found = measure(record([100.0]))
    assert np.isnan(found["cagr"])
    assert np.isnan(found["volatility"])
    assert found["total_return"] == 0.0


def test_every_metric_is_defined_in_words_and_every_definition_computed() -> None:
    assert list(measure(record([100.0, 101.0, 102.0]))) == [definition.name for definition in DEFINITIONS]
    for definition in DEFINITIONS:
        assert definition.unit in {"fraction", "ratio", "money", "bars", "count"}
        assert definition.title
        assert definition.definition.endswith(".")
        assert definition.formula
    assert len({definition.name for definition in DEFINITIONS}) == len(DEFINITIONS)


def test_daily_returns_are_taken_from_the_last_close_of_each_date() -> None:
    times = np.array(
        ["2020-01-01T10", "2020-01-01T16", "2020-01-02T10", "2020-01-02T16", "2020-01-03T16"], "datetime64[ns]"
    )
    equity = np.array([100.0, 110.0, 50.0, 99.0, 108.9])
    found = measure(Record(times, equity, np.full(5, 100.0), (), 0, 100.0, 0.0))
    daily = pd.Series([110.0, 99.0, 108.9]).pct_change().dropna()
    assert found["volatility"] == pytest.approx(daily.std() * 252**0.5)


@pytest.mark.parametrize(("rule", "returns_a_year"), [("B", 252), ("W-FRI", 52), ("BME", 12)])
def test_returns_of_weekly_and_monthly_bars_are_made_yearly_by_their_own_count(rule: str, returns_a_year: int) -> None:
    equity = 1000.0 * (1 + returns_of(7, 80)).cumprod()
    times = pd.date_range("2001-01-01", periods=80, freq=rule).to_numpy().astype("datetime64[ns]")
    found = measure(Record(times, equity.to_numpy(), equity.to_numpy(), (), 0, 1000.0, 0.0))
    r = equity.pct_change().dropna()
    assert found["volatility"] == pytest.approx(r.std() * returns_a_year**0.5)
    assert found["sharpe_ratio"] == pytest.approx(r.mean() / r.std() * returns_a_year**0.5)


def test_minute_bars_are_measured_by_the_last_close_of_each_day() -> None:
    hours = pd.date_range("2020-01-01", periods=240, freq="h").to_numpy().astype("datetime64[ns]")
    equity = 1000.0 * (1 + returns_of(9, 240)).cumprod().to_numpy()
    found = measure(Record(hours, equity, equity, (), 0, 1000.0, 0.0))
    daily = pd.Series(equity[23::24]).pct_change().dropna()
    assert found["volatility"] == pytest.approx(daily.std() * 252**0.5)
