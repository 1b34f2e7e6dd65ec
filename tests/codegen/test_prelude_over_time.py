"""The functions over windows, times and symbols that travel in strategies, against their definitions, bit by bit."""

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from builder_app.codegen import prelude
from builder_app.codegen.interpreter.across import COMPARED, last_known, periods_begin
from builder_app.codegen.interpreter.meanings import MEANINGS
from builder_app.codegen.recipes.vocabulary import MONTHS, PARTS, TIMEFRAMES, WEEKDAYS

Array = NDArray[Any]
F = prelude.FUNCTIONS
VALUES = st.one_of(st.sampled_from((0.0, 0.1, 1.0, 1.0 + 1e-10, 2.0, -1.0, math.nan)), st.floats(-1e6, 1e6, width=32))
SERIES = st.lists(VALUES, max_size=30).map(lambda values: np.array(values, dtype=float))
FLAGS = st.lists(st.booleans(), max_size=30).map(lambda values: np.array(values, dtype=bool))


def same(one: Array, other: Array) -> None:
    assert one.dtype == other.dtype
    assert np.array_equal(one, other, equal_nan=one.dtype != bool)


@pytest.mark.parametrize("name", ["rolling_sum", "median", "standard_deviation", "z_score", "percentile_rank", "slope"])
@given(series=SERIES, period=st.integers(2, 12))
def test_rolling_functions_follow_their_definitions(name: str, series: Array, period: int) -> None:
    same(F[name](series, period), MEANINGS[name](series, period))


@given(series=SERIES, period=st.integers(2, 12), seed=st.integers(0, 9))
def test_correlation_follows_its_definition_and_stays_within_one(series: Array, period: int, seed: int) -> None:
    other = np.random.default_rng(seed).normal(size=len(series)).round(1)
    found = F["correlation"](series, other, period)
    same(found, MEANINGS["correlation"](series, other, period))
    assert not (np.abs(found) > 1).any()


@given(flags=FLAGS, bars=st.integers(1, 9))
def test_conditions_over_time_follow_their_definitions(flags: Array, bars: int) -> None:
    same(F["bars_since"](flags), MEANINGS["bars_since"](flags))
    same(F["within_bars"](flags, bars), MEANINGS["within_bars"](flags, bars))
    same(F["for_bars"](flags, bars), MEANINGS["for_bars"](flags, bars))


@st.composite
def times(draw: st.DrawFn) -> Array:
    """Rising times with steps from a minute to years."""
    steps = draw(st.lists(st.sampled_from((1, 30, 60, 1440, 1441, 10_000, 45_000, 600_000)), max_size=25))
    start = draw(st.integers(-20_000_000, 40_000_000))
    return (np.datetime64(0, "m") + start + np.cumsum(np.array(steps, dtype=np.int64))).astype("datetime64[ns]")


@settings(max_examples=60)
@given(time=times(), seed=st.integers(0, 99), timeframe=st.sampled_from(TIMEFRAMES), days=st.integers(1, 6))
def test_calendar_follows_pythons_own(time: Array, seed: int, timeframe: str, days: int) -> None:
    random = np.random.default_rng(seed)
    series, flags = random.normal(size=len(time)), random.random(len(time)) > 0.5
    series[random.random(len(time)) > 0.9] = math.nan
    same(F["new_period"](time, timeframe), MEANINGS["new_period"](time, timeframe))
    same(F["first_in"](flags, time, timeframe), MEANINGS["first_in"](flags, time, timeframe))
    for part in PARTS:
        same(F["completed"](series, time, timeframe, part), MEANINGS["completed"](series, time, timeframe, part))
    means = (series, time, timeframe, days)
    same(F["completed_average"](*means), MEANINGS["completed_average"](*means))
    for name in ("month_start", "month_end"):
        same(F[name](time, days), MEANINGS[name](time, days))
    for session in (("09:30", "16:00"), ("22:00", "04:15"), ("00:00", "00:00")):
        same(F["in_session"](time, *session), MEANINGS["in_session"](time, *session))


@given(time=times())
def test_every_weekday_and_month_is_pythons_own(time: Array) -> None:
    for weekday in WEEKDAYS:
        same(F["is_weekday"](time, weekday), MEANINGS["is_weekday"](time, weekday))
    for month in MONTHS:
        same(F["is_month"](time, month), MEANINGS["is_month"](time, month))


@given(time=times(), seed=st.integers(0, 99), timeframe=st.sampled_from(TIMEFRAMES))
def test_what_is_completed_does_not_change_when_later_bars_come(time: Array, seed: int, timeframe: str) -> None:
    series = np.random.default_rng(seed).normal(size=len(time))
    whole = F["completed"](series, time, timeframe, "high")
    for known in range(len(time)):
        same(F["completed"](series[:known], time[:known], timeframe, "high"), whole[:known])


@st.composite
def tables(draw: st.DrawFn) -> Array:
    """Bars × symbols with ties and gaps."""
    bars, symbols = draw(st.integers(0, 8)), draw(st.integers(1, 12))
    cells = draw(st.lists(VALUES, min_size=bars * symbols, max_size=bars * symbols))
    return np.array(cells, dtype=float).reshape(bars, symbols)


@pytest.mark.parametrize("name", ["rank_across", "order_across", "percentile_across", "z_score_across"])
@given(table=tables())
def test_comparisons_across_symbols_follow_their_definitions(name: str, table: Array) -> None:
    same(F[name](table), COMPARED[name](table))


@given(table=tables(), count=st.integers(1, 4), timeframe=st.sampled_from(("bar", *TIMEFRAMES)), step=st.integers(1, 9))
def test_choice_follows_its_definition(table: Array, count: int, timeframe: str, step: int) -> None:
    days = np.datetime64("2024-01-25", "ns") + np.arange(len(table)) * np.timedelta64(step * 24, "h")
    market = SimpleNamespace(times=days)
    begins = periods_begin(days, timeframe)
    same(F["top_across"](table, count, timeframe, market), COMPARED["top_across"](table, count, begins))


@given(series=SERIES)
def test_another_symbols_last_known_value_stands_in_its_gaps(series: Array) -> None:
    market = SimpleNamespace(bars=np.ones((len(series), 2), dtype=bool), others={"SPY": {"close": series}})
    found = F["of_symbol"]("close", "SPY", market)
    assert np.array_equal(found, np.column_stack([last_known(series)] * 2).reshape(-1, 2), equal_nan=True)
