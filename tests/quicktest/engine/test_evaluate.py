"""Signals are called on valid bars only, put back in place, and checked."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from builder_app.quicktest.engine.bars import Bars, bars_from, missing_symbols
from builder_app.quicktest.engine.evaluate import Evaluation, SignalsError, evaluate
from builder_app.quicktest.engine.prices import Pool
from builder_app.quicktest.engine.traces import Traced
from tests.quicktest.trading import FLAT, pool_from

POOL = pool_from({"A": [FLAT, None, (20, 20, 20, 20), None], "B": [FLAT] * 4, "C": [None] * 4})


def bars_of(pool: Pool) -> Bars:
    return Bars(pool.symbols, pool.times, pool.fields)


def call(signals: Callable[..., object], **options: Any) -> Evaluation:
    return evaluate(signals, bars_of(POOL), **options)


def test_signals_see_valid_bars_only_and_values_are_put_back_in_place() -> None:
    lengths = []

    def signals(prices: dict[str, Any]) -> dict[str, Any]:
        lengths.append(len(prices["close"]))
        assert set(prices) == {"open", "high", "low", "close", "volume", "time"}
        times = prices.pop("time")
        assert times.dtype == np.dtype("datetime64[ns]")
        assert times.shape == prices["close"].shape
        assert all(array.flags.c_contiguous and array.dtype == np.float64 for array in prices.values())
        return {"buy": prices["close"] > 15, "value": prices["close"]}

    arrays = call(signals).arrays
    assert lengths == [2, 4]  # C has no bar and is not asked for
    assert arrays["buy"].tolist() == [[False] * 3, [False] * 3, [True, False, False], [False] * 3]
    np.testing.assert_array_equal(arrays["value"][:, 0], [10, np.nan, 20, np.nan])
    assert np.isnan(arrays["value"][:, 2]).all()


def test_signals_cannot_change_the_prices_of_the_test() -> None:
    def signals(prices: dict[str, Any]) -> dict[str, Any]:
        prices["close"][:] = -1.0
        return {"buy": prices["close"] > 0}

    before = [field.copy() for field in POOL.fields]
    call(signals)
    for field, old in zip(POOL.fields, before, strict=True):
        np.testing.assert_array_equal(field, old)


def test_local_variables_are_traced_over_the_last_bars() -> None:
    pool = pool_from({"A": [FLAT] * 199 + [(20, 20, 20, 20)], "B": [None] * 150 + [FLAT] * 50})

    def signals(prices: dict[str, Any]) -> dict[str, Any]:
        double = prices["close"] * 2
        high = double > 30
        number = 5  # noqa: F841
        return {"buy": high}

    traces = evaluate(signals, bars_of(pool), traced=Traced()).traces
    assert set(traces) == {"double", "high"}
    assert traces["double"].shape == (120, 2)
    assert traces["double"][-1].tolist() == [40.0, 20.0]
    assert not np.isnan(traces["double"][:, 0]).any()
    assert np.isnan(traces["double"][69, 1])
    assert not np.isnan(traces["double"][70, 1])
    assert traces["high"][-1].tolist() == [1.0, 0.0]


def test_variables_of_one_symbol_are_traced_over_all_its_bars_and_alone() -> None:
    pool = pool_from({"A": [FLAT] * 199 + [(20, 20, 20, 20)], "B": [None] * 150 + [FLAT] * 50})

    def measures(prices: dict[str, Any]) -> dict[str, Any]:
        double = prices["close"] * 2
        return {"double": double}

    def across(earlier: dict[str, Any], market: Any) -> dict[str, Any]:
        total = earlier["double"] + 1.0
        return {"total": total}

    def signals(prices: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
        total = earlier["total"]
        high = total > 30
        return {"buy": high}

    steps = (measures, across, signals)
    traces = evaluate(steps, bars_of(pool), traced=Traced(1000, "B")).traces
    assert set(traces) == {"double", "total", "high"}
    assert all(values.shape == (200, 1) for values in traces.values())
    assert np.isnan(traces["double"][:150]).all()
    assert (traces["total"][150:] == traces["double"][150:] + 1).all()
    newest = evaluate(steps, bars_of(pool), traced=Traced(30, "A")).traces
    assert newest["total"].shape == (30, 1)
    assert newest["total"][-1, 0] == 41.0


WRONG: dict[str, tuple[Callable[..., object], str]] = {
    "not a dictionary": (lambda prices: [1], "dictionary"),
    "a list": (lambda prices: {"buy": [True] * len(prices["close"])}, "list"),
    "too short": (lambda prices: {"buy": prices["close"][1:] > 0}, "shape"),
    "two dimensions": (lambda prices: {"buy": prices["close"].reshape(-1, 1)}, "shape"),
    "objects": (lambda prices: {"buy": prices["close"].astype(object)}, "object"),
    "whole numbers": (lambda prices: {"buy": prices["close"].astype(int)}, "int64"),
    "a key that is no text": (lambda prices: {5: prices["close"]}, "key"),
    "keys that differ": (lambda prices: {str(len(prices["close"])): prices["close"]}, "only one of A and B"),
    "kinds that differ": (
        lambda prices: {"buy": prices["close"] if len(prices["close"]) == 2 else prices["close"] > 0},
        "as bool for B",
    ),
    "an error": (lambda prices: {"buy": prices["nothing"]}, "KeyError"),
}


@pytest.mark.parametrize("case", list(WRONG))
def test_wrong_answers_give_a_sentence(case: str) -> None:
    signals, word = WRONG[case]
    with pytest.raises(SignalsError, match=word):
        call(signals)


def test_pool_without_any_bar_gives_a_sentence() -> None:
    pool = pool_from({"A": [None, None]})
    with pytest.raises(SignalsError, match="bar"):
        evaluate(lambda prices: {}, bars_of(pool))


def measures(prices: dict[str, Any]) -> dict[str, Any]:
    return {"gain": prices["close"] - prices["open"], "rising": prices["close"] > 15}


def test_steps_pass_their_arrays_on_across_symbols_and_back() -> None:
    seen: dict[str, Any] = {}

    def across(earlier: dict[str, Any], market: Any) -> dict[str, Any]:
        seen["market"] = market
        assert earlier["gain"].shape == earlier["rising"].shape == (4, 3)
        assert np.isnan(earlier["gain"][1, 0])  # a gap
        assert not earlier["rising"][1, 0]
        total = np.repeat(np.nansum(earlier["gain"], axis=1)[:, np.newaxis], 3, axis=1)
        return {"total": total}

    def signals(prices: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
        assert set(earlier) == {"gain", "rising", "total"}
        assert all(values.shape == prices["close"].shape for values in earlier.values())
        return {"buy": earlier["total"] > 4, "own": earlier["gain"]}

    pool = pool_from({"A": [FLAT, None, (1, 9, 1, 6), None], "B": [(10, 12, 10, 11)] * 4, "C": [None] * 4})
    found = evaluate((measures, across, signals), bars_of(pool), traced=Traced())
    assert found.arrays["buy"].tolist() == [[False] * 3, [False] * 3, [True, True, False], [False] * 3]
    np.testing.assert_array_equal(found.arrays["own"][:, 0], [0, np.nan, 5, np.nan])
    assert set(found.arrays) == {"buy", "own"}
    np.testing.assert_array_equal(found.traces["total"][:, 0], [1, np.nan, 6, np.nan])
    assert seen["market"].symbols == ("A", "B", "C")
    np.testing.assert_array_equal(seen["market"].times, pool.times)


def test_market_carries_benchmark_and_symbols_that_are_asked_for() -> None:
    pool = pool_from({"A": [FLAT] * 3, "B": [(8, 8, 8, 8), None, (4, 4, 4, 4)], "SPY": [None, FLAT, (20, 20, 20, 20)]})
    seen: list[Any] = []

    def across(earlier: dict[str, Any], market: Any) -> dict[str, Any]:
        seen.append(market)
        return {"flat": np.zeros((3, 2))}

    def signals(prices: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
        return {"buy": prices["close"] > 0}

    prices = (pool.symbols, pool.times, pool.fields)
    steps = (measures, across, signals)
    evaluate(steps, bars_from(prices, ("A", "B"), None, ("B", "SPY")))
    evaluate(steps, bars_from(prices, ("A", "B"), "SPY", ()))
    np.testing.assert_allclose(seen[0].benchmark, [100.0, 100.0, 75.0])
    np.testing.assert_array_equal(seen[0].others["SPY"]["rising"], [False, False, True])
    np.testing.assert_array_equal(seen[0].others["SPY"]["gain"], [np.nan, 0, 0])
    np.testing.assert_array_equal(seen[0].others["B"]["gain"], [0, np.nan, 0])
    np.testing.assert_array_equal(seen[1].benchmark, [np.nan, 10, 20])
    assert seen[0].bars.tolist() == [[True, True], [True, False], [True, True]]
    # what was compared across the symbols is known of the pool's symbols only
    assert seen[0].others["B"]["flat"].tolist() == [0.0] * 3
    assert np.isnan(seen[0].others["SPY"]["flat"]).all()


def test_symbol_that_is_asked_for_and_not_there_is_said_with_the_block_that_asks() -> None:
    rules = {"other_symbols": {"SPY": "The block 'Market'"}}
    assert missing_symbols(rules, ("A", "SPY")) == ()
    (sentence,) = missing_symbols(rules, ("A", "B"))
    assert "The block 'Market' looks at SPY" in sentence


WRONG_STEPS: dict[str, tuple[Any, str]] = {
    "none": ((), "signals"),
    "no function": ((measures, 5, measures), "signals"),
    "an even number": ((measures, measures), "in turn"),
    "a key twice": ((measures, lambda earlier, market: {"gain": earlier["gain"]}, measures), "gain"),
    "one symbol's shape": ((measures, lambda earlier, market: {"x": np.zeros(4)}, measures), "4 × 3"),
}


@pytest.mark.parametrize("case", list(WRONG_STEPS))
def test_wrong_steps_give_a_sentence(case: str) -> None:
    steps, word = WRONG_STEPS[case]
    with pytest.raises(SignalsError, match=word):
        call(steps)
