"""Texts certified for real: run in the sandboxed worker, compared with the interpreter."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from builder_app import paths
from builder_app.market.library import Library
from builder_app.quicktest.runner import Runner
from builder_app.session.code.certifying import ToCertify, certificate_of, made_prices
from tests.codegen.flows import CATALOGUE, compiled
from tests.codegen.test_golden import FLOWS, crossover_with_stop
from tests.session.strategist import Strategist


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as found:
        yield found


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    found = Library(tmp_path_factory.mktemp("prices"))
    found.install_sample(paths.resources() / "samples" / "stocks.csv.gz")
    return found


@pytest.mark.parametrize("make", FLOWS, ids=lambda make: make.__name__)
def test_every_golden_program_is_certified_on_real_prices_and_on_prices_with_gaps(
    make: object, runner: Runner, library: Library
) -> None:
    assert callable(make)
    picture = make()
    found = certificate_of(ToCertify(compiled(picture), picture, CATALOGUE), runner, library)
    assert found is not None
    assert found.holds, found.differences
    assert found.bars > 300
    assert found.values > 1500


def test_a_text_that_lies_is_told_apart(runner: Runner, library: Library) -> None:
    picture = crossover_with_stop()
    program = compiled(picture)
    lying = replace(program, source=program.source.replace("crossed_above(fast_average", "crossed_below(fast_average"))
    assert lying != program
    found = certificate_of(ToCertify(lying, picture, CATALOGUE), runner, library)
    assert found is not None
    assert "enter long" in found.differences[0]


def test_a_text_that_cannot_run_gets_no_certificate(runner: Runner, library: Library) -> None:
    picture = crossover_with_stop()
    broken = replace(compiled(picture), source="RULES = {}\n")
    assert certificate_of(ToCertify(broken, picture, CATALOGUE), runner, library) is None


def test_without_any_prices_the_made_ones_are_enough(runner: Runner, tmp_path: Path) -> None:
    picture = crossover_with_stop()
    found = certificate_of(ToCertify(compiled(picture), picture, CATALOGUE), runner, Library(tmp_path))
    assert found is not None
    assert found.holds


def test_made_prices_have_gaps_and_coherent_bars() -> None:
    panel = made_prices(200)
    assert np.isnan(panel.close).any(axis=0).all()
    known = ~np.isnan(panel.close)
    assert (panel.high[known] >= panel.low[known]).all()
    assert (panel.low[known] > 0).all()


def test_an_open_strategy_gets_its_certificate_when_it_rests(work: Strategist) -> None:
    document = work.open_example()
    work.until(lambda: document.report is not None and bool(document.report.certificate))
    assert document.report is not None
    assert document.report.certificate.startswith("The code equals the picture on ")
