"""The test set-up as JSON."""

import datetime
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.quicktest.request import IntrabarOrder, TestConfig
from builder_app.session.runs.config_codec import ConfigUnreadable, config_from_json, config_to_json

fractions = st.floats(0, 0.5)
days = st.dates(datetime.date(1970, 1, 1), datetime.date(2100, 1, 1))
configs = st.builds(
    TestConfig,
    start_date=st.none() | days,
    stock_pool=st.lists(st.text(min_size=1, max_size=6), max_size=4, unique=True).map(tuple),
    initial_capital=st.floats(0.01, 1e12),
    commission_rate=fractions,
    slippage=fractions,
    benchmark=st.none() | st.text(min_size=1, max_size=5),
    minimum_commission=st.floats(0, 1e6),
    sell_tax_rate=fractions,
    lot_size=st.floats(0, 1e6),
    maximum_positions=st.integers(0, 500),
    intrabar_order=st.sampled_from(IntrabarOrder),
    seed=st.integers(0, 2**31),
    price_limit=fractions,
    maximum_volume_share=fractions,
)


@given(configs)
def test_config_comes_back_from_its_json(config: TestConfig) -> None:
    assert config_from_json(json.loads(json.dumps(config_to_json(config)))) == config


def test_missing_fields_have_their_defaults() -> None:
    assert config_from_json({"initial_capital": 5000}) == TestConfig(initial_capital=5000.0)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "JSON object"),
        ({"comission_rate": 0.1}, "did you mean commission_rate"),
        ({"initial_capital": 0}, "above zero"),
        ({"initial_capital": True}, "must be money"),
        ({"initial_capital": math.nan}, "must be money"),
        ({"commission_rate": 1.5}, "fraction"),
        ({"start_date": "12/31/2010"}, "2010-12-31"),
        ({"stock_pool": "AAPL"}, "list of symbols"),
        ({"maximum_positions": -1}, "whole number"),
        ({"intrabar_order": "coin"}, "stop_first"),
        ({"frequency": "minute"}, "must be one of 1min"),
        ({"benchmark": 3}, "benchmark"),
        ({"lot_size": -1}, "number of shares"),
        ({"start_date": "2011-01-01", "end_date": "2010-01-01"}, "after its end"),
    ],
)
def test_wrong_set_up_is_refused_with_a_sentence(content: object, words: str) -> None:
    with pytest.raises(ConfigUnreadable, match=words):
        config_from_json(content)


def test_all_problems_are_said_at_once() -> None:
    with pytest.raises(ConfigUnreadable) as caught:
        config_from_json({"slippage": -1, "seed": "x", "lots": 1})
    assert len(caught.value.problems) == 3
