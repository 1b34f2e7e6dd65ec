"""The benchmark, prices that cannot be traded, and notes."""

import numpy as np
import pytest

from builder_app.quicktest.engine.backtest import benchmark_of
from builder_app.quicktest.engine.prices import pool_of, wrong_prices
from builder_app.quicktest.engine.settings import Settings
from tests.quicktest.trading import FLAT, Bar, panel_from, pool_from

UP: Bar = (20.0, 20.0, 20.0, 20.0)


def test_default_benchmark_buys_each_symbol_at_its_first_close_with_an_equal_part() -> None:
    panel = panel_from(pool_from({"A": [FLAT, UP, None, UP], "B": [None, FLAT, UP, None], "C": [None] * 4}))
    pool, _ = pool_of(panel, ())
    assert pool is not None
    value, problems = benchmark_of(pool, panel, Settings(initial_capital=300.0))
    assert problems == ()
    assert value is not None
    assert value.tolist() == [300.0, 400.0, 500.0, 500.0]


def test_benchmark_may_be_a_symbol_outside_the_pool() -> None:
    panel = panel_from(pool_from({"A": [FLAT] * 3, "B": [None, FLAT, UP]}))
    pool, _ = pool_of(panel, ("A",))
    assert pool is not None
    assert pool.symbols == ("A",)
    value, _ = benchmark_of(pool, panel, Settings(initial_capital=100.0, benchmark="B"))
    assert value is not None
    assert value.tolist() == [100.0, 100.0, 200.0]


def test_missing_symbols_are_named() -> None:
    panel = panel_from(pool_from({"A": [FLAT] * 3}))
    assert "ZZZ" in pool_of(panel, ("A", "ZZZ"))[1][0]
    pool, _ = pool_of(panel, ())
    assert pool is not None
    assert "SPY" in benchmark_of(pool, panel, Settings(benchmark="SPY"))[1][0]


def test_pool_order_is_the_stock_pools() -> None:
    panel = panel_from(pool_from({"A": [FLAT] * 2, "B": [UP] * 2}))
    pool, _ = pool_of(panel, ("B", "A"))
    assert pool is not None
    assert pool.fields[3].tolist() == [[20.0, 10.0]] * 2


@pytest.mark.parametrize("value", [0.0, -1.0, np.inf])
def test_prices_that_cannot_be_traded_are_named_with_symbol_and_date(value: float) -> None:
    panel = panel_from(pool_from({"A": [FLAT] * 3, "B": [FLAT, (10.0, 10.0, value, 10.0), FLAT]}))
    (sentence,) = wrong_prices(panel)
    assert sentence.startswith("B has the low")
    assert "2020-01-02" in sentence


def test_gap_in_one_field_only_is_wrong() -> None:
    panel = panel_from(pool_from({"A": [FLAT, (np.nan, 10.0, 10.0, 10.0), FLAT]}))
    assert wrong_prices(panel)[0].startswith("A has the open nan")
