"""Look-ahead and warm-up of a strategy's signals are found, and said in sentences."""

from typing import Any

import numpy as np
import pytest
import talib

from builder_app.quicktest.engine.bars import Bars
from builder_app.quicktest.engine.checking import CHECKED_BARS, checked
from builder_app.quicktest.engine.signals_check import signals_check_from
from tests.quicktest.engine.random_cases import random_pool

BARS = 300


def bars_of(count: int = BARS, symbols: int = 3) -> Bars:
    pool = random_pool(np.random.default_rng(5), count, symbols)
    return Bars(pool.symbols, pool.times, pool.fields)


def average(prices: Any) -> Any:
    close = prices["close"]
    mean = talib.SMA(close, timeperiod=20)
    return {"buy": close > mean, "far": mean}


def future(prices: Any) -> Any:
    close = prices["close"]
    tomorrow = np.append(close[1:], np.nan)
    return {"buy": tomorrow > close}


def whole_sample(prices: Any) -> Any:
    close = prices["close"]
    return {"buy": close > close.mean()}


def forever(prices: Any) -> Any:
    return {"buy": np.arange(len(prices["close"])) % 2 == 0}


def test_honest_signals_look_at_nothing_later_and_settle_after_their_period() -> None:
    bars = bars_of()
    check = signals_check_from(checked(average, bars), bars.times)
    assert check is not None
    assert not check.looks_ahead
    assert check.warm_up_bars is not None
    assert 19 <= check.warm_up_bars <= 30  # bars of the test, of which some are gaps
    assert "No look-ahead" in check.sentences[0]
    assert "Warm-up" in check.sentences[1]


@pytest.mark.parametrize("signals", [future, whole_sample])
def test_signals_that_see_the_future_are_caught_with_key_symbol_and_date(signals: Any) -> None:
    bars = bars_of()
    check = signals_check_from(checked(signals, bars), bars.times)
    assert check is not None
    assert check.looks_ahead
    assert "“buy” for S" in check.sentences[0]
    assert "2020-" in check.sentences[0]


def test_signals_that_never_settle_are_said_to_depend_on_the_beginning() -> None:
    bars = bars_of(61, 1)
    check = signals_check_from(checked(forever, Bars(bars.symbols, bars.times[1:], tuple(f[1:] for f in bars.fields))),
                               bars.times[1:])  # fmt: skip
    assert check is not None
    assert check.warm_up_bars is None or check.warm_up_bars > 30


def test_text_that_fails_on_a_shorter_history_is_said_to() -> None:
    def picky(prices: Any) -> Any:
        if len(prices["close"]) < 100:
            raise ValueError("too short")
        return {"buy": prices["close"] > 0}

    bars = bars_of(150, 1)
    check = signals_check_from(checked(picky, bars), bars.times)
    assert check is not None
    assert "could not be checked" in check.sentences[0]
    assert "too short" in check.sentences[0]


def test_steps_across_symbols_are_checked_as_well() -> None:
    def measures(prices: Any) -> Any:
        return {"strong": talib.ROC(prices["close"], timeperiod=5)}

    def across(earlier: Any, market: Any) -> Any:
        best = np.nanmax(np.where(np.isnan(earlier["strong"]), -np.inf, earlier["strong"]), axis=1)
        return {"top": earlier["strong"] == best[:, None]}

    def signals(prices: Any, earlier: Any) -> Any:
        return {"buy": earlier["top"]}

    bars = bars_of()
    assert checked((measures, across, signals), bars)["look_ahead"] == []


def test_long_histories_are_checked_at_their_end() -> None:
    random = np.random.default_rng(1)
    close = 50 * np.exp(np.cumsum(random.normal(0, 0.001, (CHECKED_BARS + 500, 1)), axis=0))
    times = np.datetime64("2020-01-01", "ns") + np.arange(len(close)) * np.timedelta64(1, "m")
    bars = Bars(("A",), times, (close, close, close, close, close))
    found = checked(future, bars)
    assert found["look_ahead"]
    assert min(bar for _, _, bar in found["look_ahead"]) >= 500


@pytest.mark.parametrize(
    "found",
    [None, 7, {}, {"symbols": ["A"], "failed": "", "cuts": [], "look_ahead": [["k", "A", 10**9]], "bars": 1,
     "warm_up_bars": 0}, {"symbols": ["A"], "failed": "", "cuts": 3, "look_ahead": [], "bars": 1, "warm_up_bars": 0}],
)  # fmt: skip
def test_forged_findings_are_none(found: object) -> None:
    assert signals_check_from(found, np.zeros(3, dtype="datetime64[ns]")) is None
