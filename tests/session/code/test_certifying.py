"""Texts certified for real: run in the sandboxed worker, compared with the interpreter."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import numpy as np
import pytest

from builder_app import paths
from builder_app.codegen.program import CheckReport
from builder_app.codegen.targets import assembly
from builder_app.codegen.targets.all_targets import TARGETS
from builder_app.codegen.targets.checking import check_text
from builder_app.flow.values import LogicFlow
from builder_app.market.library import Library
from builder_app.quicktest.runner import Runner
from builder_app.session.code.certifying import ToCertify, certificate_of, certified, made_prices
from tests.codegen.flows import CATALOGUE, compiled
from tests.codegen.targets.pictures import PICTURES
from tests.codegen.targets.real_runs import program_for
from tests.codegen.targets.test_assembly import written
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


def _certify(picture: LogicFlow, target: str, rooms: tuple[Runner, Library], told: str, instead: str) -> CheckReport:
    """The report on the picture's text for an engine with these words exchanged; its checks find nothing."""
    program = program_for(target, picture)
    assert told in program.source
    changed = replace(program, source=program.source.replace(told, instead))
    report = check_text(changed.source, target)
    assert report.is_valid
    return certified(ToCertify(changed, picture, CATALOGUE), report, rooms)


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("picture", ["crossover", "both_ways", "ten_thousand", "atr_stop", "at_most_two", "swing_low"])
def test_the_text_for_every_engine_has_a_certificate_of_its_own(
    target: str, picture: str, runner: Runner, library: Library
) -> None:
    drawn = PICTURES[picture]()
    program = written(target, drawn)
    if program is None:
        assert picture != "crossover", "every engine can say this"
        return
    report = certified(ToCertify(program, drawn, CATALOGUE), check_text(program.source, target), (runner, library))
    assert report.is_valid, report.failures
    where = "equals the picture on 496 bars of 2 symbols: "
    assert report.certificate.startswith(f"The strategy in the code for {TARGETS[target].title} {where}")


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize(
    ("told", "instead", "blamed"),
    [
        ("= crossed_above(fast", "= crossed_below(fast", "'Hundred shares', enter long of "),
        ("timeperiod=30", "timeperiod=31", "'Hundred shares', enter long of "),
        ('"long_exit": "death_cross"', '"long_exit": "golden_cross"', "'Hundred shares', exit long of "),
        ('"value": 100.0', '"value": 101.0', "'Hundred shares', size of "),
        ("timeperiod=10)", "timeperiod=0)", "The block 'Fast average': "),
    ],
)
def test_a_text_for_an_engine_that_was_tampered_with_is_refused_with_the_block_s_name(
    target: str, told: str, instead: str, blamed: str, runner: Runner, library: Library
) -> None:
    report = _certify(PICTURES["crossover"](), target, (runner, library), told, instead)
    assert blamed in report.runtime_error
    assert not report.is_valid
    assert not report.certificate


def test_a_text_for_an_engine_that_gives_no_answer_to_compare_is_refused(runner: Runner, library: Library) -> None:
    report = _certify(PICTURES["crossover"](), "backtrader", (runner, library), '"long_exit": ', '"no_exit": ')
    assert "could not be run beside its picture" in report.runtime_error


def test_an_adapter_that_leaves_a_rule_out_gets_no_certificate(
    runner: Runner, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    piece = assembly._piece
    monkeypatch.setattr(assembly, "_piece", lambda name: piece(name).replace('given("long_exit")', 'given("exit")'))
    report = _certify(PICTURES["crossover"](), "backtrader", (runner, library), "", "")
    told = "'Hundred shares', long exit: what stands behind the strategy for backtrader never reads it."
    assert report.runtime_error == f"The strategy in the code for backtrader differs from the picture: {told}"


def test_a_text_that_the_checks_refuse_is_not_run(library: Library) -> None:
    picture = PICTURES["crossover"]()
    program = program_for("backtrader", picture)
    worse = replace(program, source=program.source.replace("import json", "import json\nimport os"))
    report = check_text(worse.source, "backtrader")

    class Unused(Runner):
        def signals(self, *_: object) -> NoReturn:
            raise AssertionError("it was run")

    with Unused() as unused:
        assert certified(ToCertify(worse, picture, CATALOGUE), report, (unused, library)) is report


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
