"""Longer bars are made of shorter ones without look-ahead: what is known at a time never changes later."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.market.prices import Bars, PricesUnreadable
from builder_app.market.prices.panel import FIELDS, bars_of
from builder_app.market.resampling import can_make, resampled
from tests.market.csv_files import random_bars


def bars_at(times: pd.DatetimeIndex, frequency: str, seed: int = 1) -> Bars:
    return bars_of("ABC", times.to_numpy().astype("datetime64[ns]"), random_bars(len(times), seed), frequency)


def some_of(times: pd.DatetimeIndex, seed: int, share: float = 0.8) -> pd.DatetimeIndex:
    keep = np.random.default_rng(seed).random(len(times)) < share
    keep[[0, -1]] = True
    return times[keep]


def shares_days(days: int, seed: int) -> pd.DatetimeIndex:
    return some_of(pd.bdate_range("2020-01-01", periods=days), seed)


def crypto_days(days: int, seed: int) -> pd.DatetimeIndex:
    return some_of(pd.date_range("2019-12-28", periods=days), seed)


def session_minutes(days: int, seed: int) -> pd.DatetimeIndex:
    opens = pd.bdate_range("2020-01-01", periods=days) + pd.Timedelta("14:30:00")
    return some_of(
        pd.DatetimeIndex([at for day in opens for at in pd.date_range(day, periods=61, freq="min")[1:]]), seed
    )


CASES = {
    "minutes to 5 minutes": (session_minutes, "1min", "5min"),
    "minutes to hours": (session_minutes, "1min", "hourly"),
    "minutes to days": (session_minutes, "1min", "daily"),
    "days to weeks": (shares_days, "daily", "weekly"),
    "days to months": (shares_days, "daily", "monthly"),
    "every day to weeks": (crypto_days, "daily", "weekly"),
    "every day to months": (crypto_days, "daily", "monthly"),
}


def made(bars: Bars, frequency: str) -> Bars | None:
    try:
        return resampled(bars, frequency)
    except PricesUnreadable:
        return None


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6), count=st.integers(8, 60), cut=st.floats(0.1, 1.0))
def test_cutting_the_shorter_bars_off_never_changes_a_longer_bar(case: str, seed: int, count: int, cut: float) -> None:
    times_of, given_, wanted = CASES[case]
    whole = bars_at(times_of(count if given_ == "daily" else max(count // 10, 2), seed), given_, seed)
    kept = max(int(len(whole.times) * cut), 1)
    known = replace(whole, times=whole.times[:kept], **{name: getattr(whole, name)[:kept] for name in FIELDS})
    before, after = made(known, wanted), made(whole, wanted)
    if before is None:
        return
    assert after is not None
    count_before = len(before.times)
    np.testing.assert_array_equal(before.times, after.times[:count_before])
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(before, name), getattr(after, name)[:count_before])


@pytest.mark.parametrize("case", CASES)
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_a_longer_bar_stands_at_or_after_all_that_it_holds_and_before_the_next_begins(case: str, seed: int) -> None:
    times_of, given_, wanted = CASES[case]
    bars = bars_at(times_of(45 if given_ == "daily" else 4, seed), given_, seed)
    found = resampled(bars, wanted)
    edges = found.times.astype("datetime64[ns]")
    ends = edges + np.timedelta64(1, "D") if wanted == "daily" else edges
    own = bars.times
    for number in range(len(edges)):
        begins = ends[number - 1] if number else own[0] - np.timedelta64(1, "ns")
        inside = (own > begins) & (own <= ends[number])
        assert inside.any()
        assert found.open[number] == bars.open[inside][0]
        assert found.close[number] == bars.close[inside][-1]
        assert found.high[number] == bars.high[inside].max()
        assert found.low[number] == bars.low[inside].min()
        np.testing.assert_allclose(found.volume[number], bars.volume[inside].sum())


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_five_minutes_are_those_of_pandas(seed: int) -> None:
    bars = bars_at(session_minutes(3, seed), "1min", seed)
    frame = pd.DataFrame({name: getattr(bars, name) for name in FIELDS}, index=pd.DatetimeIndex(bars.times))
    how = {"open": "first", "high": "max", "low": "min", "close": "last", "volume": "sum"}
    expected = frame.resample("5min", closed="right", label="right").agg(how).dropna()
    found = resampled(bars, "5min")
    expected = expected.iloc[: len(found.times)]
    np.testing.assert_array_equal(found.times, expected.index.to_numpy().astype("datetime64[ns]"))
    for name in FIELDS:
        np.testing.assert_allclose(getattr(found, name), expected[name])


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_weeks_are_those_of_pandas(seed: int) -> None:
    bars = bars_at(shares_days(90, seed), "daily", seed)
    frame = pd.DataFrame({name: getattr(bars, name) for name in FIELDS}, index=pd.DatetimeIndex(bars.times))
    how = {"open": "first", "high": "max", "low": "min", "close": "last", "volume": "sum"}
    expected = frame.resample("W-FRI").agg(how).dropna()
    found = resampled(bars, "weekly")
    assert len(expected) - len(found.times) in (0, 1)
    expected = expected.iloc[: len(found.times)]
    np.testing.assert_array_equal(found.times, expected.index.to_numpy().astype("datetime64[ns]"))
    np.testing.assert_allclose(found.high, expected["high"])


def test_the_day_of_a_bar_is_that_of_the_exchanges_clock() -> None:
    sydney = pd.date_range("2020-01-06 10:00", periods=18, freq="h", tz="Australia/Sydney").tz_convert(None)
    bars = bars_at(sydney[:6].union(sydney[:6] + pd.Timedelta(days=1)), "hourly")
    days = [str(day)[:10] for day in resampled(bars, "daily", "Australia/Sydney").times]
    assert days == ["2020-01-06"], "the second day is left out: nothing says that it is over"


def test_a_week_that_is_not_over_is_left_out() -> None:
    bars = bars_at(pd.bdate_range("2020-01-06", "2020-01-16"), "daily")  # to a Thursday
    assert [str(time)[:10] for time in resampled(bars, "weekly").times] == ["2020-01-10"]


def test_bars_that_cannot_be_made_are_a_sentence() -> None:
    bars = bars_at(pd.bdate_range("2020-01-06", periods=30), "daily")
    with pytest.raises(PricesUnreadable, match="ABC has daily bars, and hourly ones cannot be made of them"):
        resampled(bars, "hourly")
    with pytest.raises(PricesUnreadable, match="too few daily bars to make a monthly one"):
        resampled(bars_at(pd.bdate_range("2020-01-06", periods=3), "daily"), "monthly")
    assert can_make("daily", "5min")
    assert can_make("15min", "5min")
    assert not can_make("15min", "10min")
    assert not can_make("monthly", "weekly")
    assert not can_make("daily", "tick")
