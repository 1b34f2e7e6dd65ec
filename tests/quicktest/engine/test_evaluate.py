"""Signals are called on valid bars only, put back in place, and checked."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from builder_app.quicktest.engine.evaluate import Evaluation, SignalsError, evaluate
from tests.quicktest.trading import FLAT, pool_from

POOL = pool_from({"A": [FLAT, None, (20, 20, 20, 20), None], "B": [FLAT] * 4, "C": [None] * 4})


def call(signals: Callable[..., object], **options: Any) -> Evaluation:
    return evaluate(signals, POOL.fields, POOL.symbols, **options)


def test_signals_see_valid_bars_only_and_values_are_put_back_in_place() -> None:
    lengths = []

    def signals(prices: dict[str, Any]) -> dict[str, Any]:
        lengths.append(len(prices["close"]))
        assert set(prices) == {"open", "high", "low", "close", "volume"}
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

    traces = evaluate(signals, pool.fields, pool.symbols, traced=True).traces
    assert set(traces) == {"double", "high"}
    assert traces["double"].shape == (120, 2)
    assert traces["double"][-1].tolist() == [40.0, 20.0]
    assert not np.isnan(traces["double"][:, 0]).any()
    assert np.isnan(traces["double"][69, 1])
    assert not np.isnan(traces["double"][70, 1])
    assert traces["high"][-1].tolist() == [1.0, 0.0]


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
        evaluate(lambda prices: {}, pool.fields, pool.symbols)
