"""Prices for the charts."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from builder_app.session.prices.shown_prices import over_bars

START = np.datetime64("2003-01-01", "ns")
DAYS = st.lists(st.integers(0, 60), unique=True, max_size=40).map(sorted)


@given(DAYS, DAYS)
def test_each_bar_has_the_value_of_its_own_time_or_none(bars: list[int], known: list[int]) -> None:
    times, there = (START + np.array(days, dtype=np.int64) * np.timedelta64(1, "D") for days in (bars, known))
    found = over_bars(times, there, np.array(known, dtype=np.float64))
    for bar, value in zip(bars, found.tolist(), strict=True):
        assert value == bar if bar in known else np.isnan(value)
