"""Thinning out and ticks."""

import datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from builder_app.ui.results.sampling import FloatArray, date_ticks, extremes, round_ticks, time_words

VALUES = arrays(np.float64, st.integers(1, 400), elements=st.floats(-1e6, 1e6) | st.just(float("nan")))


@given(VALUES, st.integers(1, 60))
def test_thinning_out_keeps_every_extreme_and_no_more_than_it_may(values: FloatArray, buckets: int) -> None:
    bars, kept = extremes(values, 0, len(values) - 1, buckets)
    known = values[~np.isnan(values)]
    assert np.array_equal(kept, values[bars.astype(int)])
    assert np.all(np.diff(bars) > 0)
    if len(known):
        assert kept.min() == known.min()
        assert kept.max() == known.max()
        assert kept[0] == known[0]
        assert kept[-1] == known[-1]
    size = len(known) // buckets
    assert len(kept) <= (len(known) if size < 3 else 2 * (len(known) // size) + size + 1)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=400), st.integers(1, 60))
def test_no_lowest_and_no_highest_point_of_a_stretch_is_left_out(values: list[float], stretches: int) -> None:
    points = np.array(values)
    bars, _kept = extremes(points, 0, len(points) - 1, stretches)
    places = bars.astype(int)
    assert (places[0], places[-1]) == (0, len(points) - 1)
    size = max(1, len(points) // stretches)
    for begin in range(0, len(points), size):
        seen = points[places[(places >= begin) & (places < begin + size)]]
        whole = points[begin : begin + size]
        assert (seen.min(), seen.max()) == (whole.min(), whole.max())


def test_a_long_curve_becomes_two_points_a_bucket() -> None:
    bars, _ = extremes(np.random.default_rng(0).normal(size=100_000), 0, 99_999, 500)
    assert len(bars) <= 1002


def test_only_the_asked_bars_are_kept() -> None:
    bars, kept = extremes(np.arange(100.0), 40, 50, 1000)
    assert bars.tolist() == list(range(40, 51))
    assert kept.tolist() == list(range(40, 51))


@given(st.floats(-1e9, 1e9), st.floats(1e-3, 1e9), st.integers(1, 20))
def test_ticks_are_even_inside_and_few(low: float, span: float, count: int) -> None:
    high = low + span
    if high <= low:
        return
    ticks = round_ticks(low, high, count)
    assert len(ticks) <= count + 2
    slack = 1e-6 * max(abs(low), abs(high), span)
    assert all(low - slack <= tick <= high + slack for tick in ticks)
    if len(ticks) > 2:
        assert np.allclose(np.diff(ticks), ticks[1] - ticks[0], atol=slack)


def business_days(count: int) -> "np.ndarray[tuple[int], np.dtype[np.datetime64]]":
    return np.busday_offset("2000-03-01", np.arange(count), roll="forward").astype("datetime64[s]")


@given(st.integers(1, 3500), st.integers(0, 3400), st.integers(1, 20))
def test_date_ticks_are_few_in_order_and_at_shown_bars(count: int, first: int, most: int) -> None:
    first = min(first, count - 1)
    ticks = date_ticks(business_days(count), first, count - 1, most)
    bars = [bar for bar, _ in ticks]
    assert len(ticks) <= most
    assert bars == sorted(set(bars))
    assert all(first <= bar < count for bar in bars)
    assert ticks or count - first < 1


@given(st.integers(520, 3500), st.integers(1, 20))
def test_over_two_years_and_more_every_label_names_its_year(count: int, most: int) -> None:
    times = business_days(count)
    for bar, text in date_ticks(times, 0, count - 1, most):
        assert text.endswith(str(times[int(bar)].astype("datetime64[Y]")))


def test_years_are_marked_at_their_first_bar() -> None:
    times = business_days(2600)
    for bar, text in date_ticks(times, 0, 2599, 12):
        year = times[int(bar)].astype("datetime64[Y]")
        assert text == str(year)
        assert times[int(bar) - 1].astype("datetime64[Y]") == year - 1


@pytest.mark.parametrize(("bars", "text"), [(300, "Apr 2000"), (40, "6 Mar")])
def test_shorter_spans_name_months_and_days(bars: int, text: str) -> None:
    assert text in [words for _, words in date_ticks(business_days(bars), 0, bars - 1, 14)]


def test_the_time_of_day_is_said_only_where_there_is_one() -> None:
    assert time_words(np.datetime64("2003-01-01")) == "2003-01-01"
    assert time_words(np.datetime64(datetime.datetime(2003, 1, 1, 9, 30), "s")) == "2003-01-01 09:30"
