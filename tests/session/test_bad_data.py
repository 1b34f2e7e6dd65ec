"""Prices that a test cannot run on, or not as it was asked for: each gives a sentence that says what to do."""

import datetime
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from builder_app.market.library import Library
from builder_app.market.prices import PricesUnreadable, make_panel
from builder_app.market.prices.panel import FIELDS
from builder_app.quicktest.engine.prices import pool_of, wrong_prices
from builder_app.quicktest.request import TestConfig
from builder_app.session.runs.one_run import load_pool
from tests.cli.terminal import SAMPLE


@pytest.fixture
def library(tmp_path: Path) -> Library:
    made = Library(tmp_path / "prices")
    made.install_sample(SAMPLE)
    return made


def refusal(library: Library, **changes: object) -> str:
    with pytest.raises(PricesUnreadable) as refused:
        load_pool(library, replace(TestConfig(), **changes))  # type: ignore[arg-type]
    return " ".join(refused.value.problems)


def test_an_empty_pool_of_an_empty_library_says_how_to_fill_it(tmp_path: Path) -> None:
    assert "The library has no daily prices; import a CSV file, or install the sample." in refusal(Library(tmp_path))


def test_a_pool_whose_dates_do_not_overlap_the_tests_says_how_far_its_prices_run(library: Library) -> None:
    early = datetime.date(2005, 12, 31)
    sentence = refusal(library, stock_pool=("FB",), end_date=early)
    assert sentence.startswith("FB has no bars up to 2005-12-31; its prices run from 2012-05-18 to 2013-03-01.")
    nobody = refusal(library, start_date=datetime.date(2020, 1, 1))
    assert "None of the symbols has bars from 2020-01-01; the prices run from 2000-03-01 to 2013-03-01" in nobody


def test_a_missing_benchmark_is_named(library: Library) -> None:
    assert "There is no symbol GOGG in the library; did you mean GOOG?" in refusal(
        library, stock_pool=("AAPL",), benchmark="GOGG"
    )


def test_a_group_with_symbols_that_have_no_prices_names_each_of_them(library: Library) -> None:
    sentences = refusal(library, stock_pool=("AAPL", "TSLA", "NVDA"))
    assert "no symbol TSLA" in sentences
    assert "no symbol NVDA" in sentences


def test_a_panel_of_nothing_but_gaps_is_a_sentence() -> None:
    days = np.arange("2020-01-01", "2020-01-11", dtype="datetime64[D]").astype("datetime64[ns]")
    panel = make_panel(("A", "B"), days, {name: np.full((10, 2), np.nan) for name in FIELDS})
    assert wrong_prices(panel) == ()
    pool, problems = pool_of(panel, ())
    assert pool is None
    assert problems == ("The symbols of the pool have no bars in this range of dates; choose other dates.",)


def test_a_frequency_that_cannot_be_made_of_what_is_there_is_a_sentence(library: Library) -> None:
    sentence = refusal(library, stock_pool=("AAPL",), frequency="hourly")
    assert "AAPL has daily bars, and hourly ones cannot be made of them; import hourly prices" in sentence
