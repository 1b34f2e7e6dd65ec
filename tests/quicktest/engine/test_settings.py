"""Configurations from files give settings, or sentences."""

import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.quicktest.engine.settings import FREQUENCIES, Settings, settings_from


def test_empty_configuration_is_the_default() -> None:
    assert settings_from({}) == (Settings(), ())


def test_dates_come_as_text() -> None:
    settings, problems = settings_from({"start_date": "2010-01-31", "stock_pool": ["A"], "initial_capital": 5})
    assert problems == ()
    assert settings.start_date == datetime.date(2010, 1, 31)
    assert (settings.stock_pool, settings.initial_capital) == (("A",), 5.0)


@pytest.mark.parametrize(
    ("document", "word"),
    [
        ([], "JSON object"),
        ({"capital": 1}, "capital"),
        ({"initial_capital": 0}, "initial_capital"),
        ({"initial_capital": True}, "initial_capital"),
        ({"initial_capital": 10**400}, "initial_capital"),
        ({"commission_rate": 0.6}, "commission_rate"),
        ({"slippage": float("nan")}, "slippage"),
        ({"maximum_positions": 1.5}, "maximum_positions"),
        ({"start_date": "31.1.2010"}, "start_date"),
        ({"stock_pool": "AAPL"}, "stock_pool"),
        ({"stock_pool": ["A", "A"]}, "more than once"),
        ({"start_date": "2010-01-02", "end_date": "2010-01-01"}, "swap"),
        ({"intrabar_order": "coin"}, "intrabar_order"),
        ({"frequency": "minute"}, "daily"),
        ({"benchmark": ""}, "benchmark"),
    ],
)
def test_wrong_entries_give_a_sentence_that_names_them(document: Any, word: str) -> None:
    _, problems = settings_from(document)
    assert len(problems) == 1
    assert word in problems[0]
    assert problems[0].endswith(".")


@given(st.dictionaries(st.sampled_from(list(Settings.__slots__)), st.none() | st.integers() | st.floats() | st.text()))
def test_no_document_breaks_the_reader(document: dict[str, object]) -> None:
    settings_from(document)


@pytest.mark.parametrize("frequency", FREQUENCIES)
def test_every_frequency_of_bars_is_taken(frequency: str) -> None:
    found, problems = settings_from({"frequency": frequency})
    assert (found.frequency, problems) == (frequency, ())
