import dataclasses
import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.market.prices import FIELDS, Bars, Panel, PricesUnreadable, cut, make_panel, panel_of
from builder_app.market.prices.panel import bars_of
from tests.market.csv_files import random_bars

START = np.datetime64("2020-01-01", "ns")


def _bars(symbol: str, days: list[int], frequency: str = "daily") -> Bars:
    fields = {name: values[: len(days)] for name, values in random_bars(max(len(days), 1), len(symbol)).items()}
    return bars_of(symbol, START + np.array(sorted(days), dtype="timedelta64[D]"), fields, frequency)


day_sets = st.sets(st.integers(0, 40), min_size=1, max_size=25).map(sorted)


@given(first=day_sets, second=day_sets)
def test_a_panel_has_each_symbols_bars_at_their_times_and_nan_elsewhere(first: list[int], second: list[int]) -> None:
    bars = [_bars("A", first), _bars("BB", second)]
    panel = panel_of(bars)
    assert len(panel.times) == len({*first, *second})
    for column, one in enumerate(bars):
        has = np.isin(panel.times, one.times)
        for name in FIELDS:
            np.testing.assert_array_equal(getattr(panel, name)[has, column], getattr(one, name))
            assert np.isnan(getattr(panel, name)[~has, column]).all()


@given(days=day_sets, other=day_sets, start=st.integers(0, 40), length=st.integers(0, 40))
def test_cutting_a_panel_is_the_panel_of_cut_bars(days: list[int], other: list[int], start: int, length: int) -> None:
    panel = panel_of([_bars("A", days), _bars("BB", other)])
    first = datetime.date(2020, 1, 1) + datetime.timedelta(start)
    last = first + datetime.timedelta(length)
    inside = [day for day in days if start <= day <= start + length]
    if not inside:
        with pytest.raises(PricesUnreadable, match="A has no bars from"):
            cut(panel, first, last, ["A"])
        return
    found = cut(panel, first, last, ["A"])
    assert found.symbols == ("A",)
    expected = START + np.array(inside, dtype="timedelta64[D]")
    np.testing.assert_array_equal(found.times, expected)
    whole = _bars("A", days)
    np.testing.assert_array_equal(found.close[:, 0], whole.close[np.isin(whole.times, expected)])


def test_the_fingerprint_sees_every_value_symbol_and_time_and_nothing_else() -> None:
    panel = panel_of([_bars("A", [0, 1, 2]), _bars("BB", [1, 2])])
    fields = {name: getattr(panel, name) for name in FIELDS}

    def again(**changes: np.ndarray) -> str:
        return make_panel(panel.symbols, panel.times, {**fields, **changes}).fingerprint

    assert again() == panel.fingerprint
    assert make_panel(panel.symbols, panel.times, fields, remarks=("x",)).fingerprint == panel.fingerprint
    for name in FIELDS:
        changed = fields[name].copy()
        changed[2, 1] = np.nextafter(changed[2, 1], 1e9)
        assert again(**{name: changed}) != panel.fingerprint
    assert make_panel(("A", "C"), panel.times, fields).fingerprint != panel.fingerprint
    moved = panel.times + np.timedelta64(1, "ns")
    assert make_panel(panel.symbols, moved, fields).fingerprint != panel.fingerprint


def test_arrays_are_float64_in_c_order_whatever_went_in() -> None:
    column: Any = np.asfortranarray(np.arange(1, 7, dtype=np.float32).reshape(3, 2))
    panel = make_panel(("A", "B"), START + np.arange(3), dict.fromkeys(FIELDS, column))
    for name in FIELDS:
        assert getattr(panel, name).dtype == np.float64
        assert getattr(panel, name).flags.c_contiguous


def test_arrays_that_do_not_fit_are_the_callers_fault() -> None:
    fields = {name: np.ones((2, 1)) for name in FIELDS}
    with pytest.raises(ValueError, match="must be"):
        make_panel(("A",), START + np.arange(3), fields)
    with pytest.raises(ValueError, match="must rise"):
        make_panel(("A",), START + np.array([1, 1]), fields)


def test_a_panel_cannot_be_changed_and_a_cut_that_takes_all_is_the_same() -> None:
    panel = panel_of([_bars("A", [0, 1])])
    assert cut(panel) is panel
    with pytest.raises(dataclasses.FrozenInstanceError):
        panel.frequency = "hourly"  # type: ignore[misc]


def test_bars_of_two_frequencies_are_not_mixed() -> None:
    with pytest.raises(PricesUnreadable, match="different frequencies"):
        panel_of([_bars("A", [0]), _bars("BB", [0], "hourly")])
    with pytest.raises(PricesUnreadable, match="There are no prices"):
        panel_of([])


def test_remarks_of_a_symbol_come_along_once() -> None:
    bars = [dataclasses.replace(_bars(symbol, [0]), remarks=("said once.",)) for symbol in ("A", "BB")]
    panel: Panel = panel_of(bars)
    assert panel.remarks == ("said once.",)
