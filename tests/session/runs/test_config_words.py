"""The difference of two set-ups in words: a sentence for each field, and none where nothing differs."""

import dataclasses
import datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from builder_app.quicktest.request import IntrabarOrder, TestConfig
from builder_app.session.runs.config_words import config_difference

CHANGED: dict[str, Any] = {
    "start_date": datetime.date(2004, 1, 5),
    "end_date": datetime.date(2010, 6, 30),
    "stock_pool": ("AAPL", "IBM"),
    "initial_capital": 250_000.0,
    "commission_rate": 0.0005,
    "slippage": 0.0,
    "benchmark": "AAPL",
    "frequency": "60 minutes",
    "minimum_commission": 1.5,
    "sell_tax_rate": 0.001,
    "lot_size": 100.0,
    "maximum_positions": 5,
    "intrabar_order": IntrabarOrder.TARGET_FIRST,
    "seed": 7,
    "price_limit": 0.1,
    "maximum_volume_share": 0.05,
}


def texts(before: TestConfig, after: TestConfig) -> list[str]:
    return [change.text for change in config_difference(before, after)]


def test_every_field_of_the_set_up_has_a_value_here() -> None:
    assert set(CHANGED) <= {field.name for field in dataclasses.fields(TestConfig)}


@given(st.sets(st.sampled_from(sorted(CHANGED))))
def test_exactly_the_fields_that_differ_are_said_each_in_a_sentence(names: set[str]) -> None:
    other = dataclasses.replace(TestConfig(), **{name: CHANGED[name] for name in names})
    said = texts(TestConfig(), other)
    assert len(said) == len(names)
    for sentence in said:
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert "None" not in sentence
        assert "_" not in sentence
    assert len(texts(other, TestConfig())) == len(names)


def test_sentences_read_as_a_strategist_would_say_them() -> None:
    other = dataclasses.replace(
        TestConfig(), commission_rate=0.0005, lot_size=100.0, start_date=datetime.date(2004, 1, 5), benchmark="AAPL"
    )
    assert texts(TestConfig(), other) == [
        "The first day is 2004-01-05 instead of the first price there is.",
        "The commission is 0.05 % instead of 0.1 %.",
        "The benchmark is AAPL instead of the pool, held.",
        "The lot size is 100 instead of none (fractions are allowed).",
    ]


def test_pools_say_which_symbols_came_and_went() -> None:
    pool = dataclasses.replace
    few, others = pool(TestConfig(), stock_pool=("AAPL", "IBM")), pool(TestConfig(), stock_pool=("IBM", "MSFT"))
    assert texts(few, others) == ["In the pool MSFT came in and AAPL went out."]
    assert texts(TestConfig(), few) == ["The pool is AAPL, IBM instead of every symbol of the library."]
    assert texts(few, pool(few, stock_pool=("IBM", "AAPL"))) == ["The pool has the same symbols in another order."]
    many = pool(TestConfig(), stock_pool=tuple(f"S{number}" for number in range(20)))
    assert texts(pool(TestConfig(), stock_pool=("S0",)), many) == [
        "In the pool S1, S2, S3, S4, S5, S6 and 13 more came in."
    ]
