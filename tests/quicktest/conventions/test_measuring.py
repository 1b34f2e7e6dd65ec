"""Each convention equals the package that it follows, and says what it can say."""

import json
import math
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from builder_app.codegen.targets.all_targets import TARGETS
from builder_app.market.prices import read_prices
from builder_app.quicktest.conventions.measuring import TITLES, Convention, definitions_of, measure_as
from builder_app.quicktest.request import IntrabarOrder, RunRequest, RunResult, TestConfig
from builder_app.quicktest.runner import Runner
from tests.environments import CHECKOUT, python_with
from tests.quicktest.conventions.cases import CROSSOVER, SAMPLE, as_json, random_run, real_run

QUANTSTATS_AND_BACKTESTING: Final = ("quantstats==0.0.64", "backtesting==0.6.4", "numpy<2.3", "pandas<3", "ipython")
PACKAGES: Final[dict[Convention, tuple[str, Sequence[str]]]] = {
    Convention.QUANTSTATS: ("metrics", QUANTSTATS_AND_BACKTESTING),
    Convention.BACKTESTING: ("metrics", QUANTSTATS_AND_BACKTESTING),
    Convention.FREQTRADE: ("target-freqtrade", (*TARGETS["freqtrade"].requirements, "TA-Lib>=0.8")),
}
FOREIGN: Final = list(PACKAGES)
_STOP: Final = '{"kind": "stop", "unit": "percent", "value": 5.0}'
AMBIGUOUS: Final = CROSSOVER.replace(
    _STOP, '{"kind": "stop", "unit": "percent", "value": 1.0}, {"kind": "target", "unit": "percent", "value": 1.0}'
)
"""Stop and target so near that many bars touch both."""


@pytest.fixture(scope="module")
def results() -> list[RunResult]:
    """A real test; daily bars with and without weekends; weekly and hourly ones; few bars."""
    return [
        real_run(),
        *(random_run(seed) for seed in range(6)),
        random_run(10, 200, "weekly", "2009-01-09"),
        random_run(11, 900, "hourly"),
        random_run(12, 40),
    ]


def said_by(convention: Convention, results: list[RunResult], *, installs: bool) -> list[dict[str, float]]:
    """What the package itself says of the results; skips where it is not installed and may not be, or cannot be."""
    name, requirements = PACKAGES[convention]
    if not installs and not (CHECKOUT / f".oracle-{name}" / "requirements.sha256").exists():
        pytest.skip(f"The environment of {TITLES[convention]} is not there yet; the long tests install it.")
    try:
        python = python_with(name, requirements)
    except subprocess.CalledProcessError as reason:
        pytest.skip(f"{TITLES[convention]} could not be installed here, so its formulas stand unchecked: {reason}")
    driver = Path(__file__).parent / f"{convention.value}_driver.py"
    done = subprocess.run([python, driver], input=as_json(results), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said: list[dict[str, float]] = json.loads(done.stdout)
    return said


@pytest.mark.parametrize("convention", FOREIGN)
def test_every_number_equals_the_one_of_the_package_itself(convention: Convention, results: list[RunResult]) -> None:
    compare(convention, results, said_by(convention, results, installs=False))


@pytest.mark.long
@pytest.mark.parametrize("convention", FOREIGN)
def test_many_random_runs_measure_as_the_packages_do(convention: Convention) -> None:
    runs = [random_run(seed, 60 + seed) for seed in range(100, 160)]
    compare(convention, runs, said_by(convention, runs, installs=True))


def compare(convention: Convention, results: list[RunResult], said: list[dict[str, float]]) -> None:
    assert set(said[0]) == {definition.name for definition in definitions_of(convention)}
    for place, (result, theirs) in enumerate(zip(results, said, strict=True)):
        ours = measure_as(convention, result).values
        for name, value in theirs.items():
            assert ours[name] == pytest.approx(value, rel=1e-9, abs=1e-9, nan_ok=True), (place, name)


@pytest.mark.parametrize("convention", list(Convention))
def test_every_number_has_a_definition_a_unit_and_a_formula(convention: Convention) -> None:
    for definition in definitions_of(convention):
        assert definition.unit in {"fraction", "ratio", "money", "bars", "count"}
        assert definition.title
        assert definition.formula
        assert definition.definition.endswith(".")


def test_this_programs_numbers_are_those_of_the_result() -> None:
    result = replace(random_run(1), metrics={"total_return": 0.25})
    assert measure_as(Convention.OWN, result).values == {"total_return": 0.25}


@pytest.mark.parametrize("convention", list(Convention))
def test_every_convention_gives_each_number_between_the_two_readings_of_ambiguous_bars(convention: Convention) -> None:
    """Each end is what the other reading's equity and trades give, measured by themselves."""
    panel = read_prices([SAMPLE], ("AAPL", "GOOG", "IBM"))
    with Runner() as runner:
        ours, others = (
            runner.run(RunRequest(AMBIGUOUS, TestConfig(intrabar_order=order), panel)) for order in IntrabarOrder
        )
    assert isinstance(ours, RunResult)
    assert isinstance(others, RunResult)
    assert ours.metrics["ambiguous_trades"] > 0
    assert ours.metrics["total_return"] != others.metrics["total_return"]
    measures, otherwise = measure_as(convention, ours), measure_as(convention, others)
    assert measures.lower.keys() == measures.upper.keys() == measures.values.keys()
    for name, value in measures.values.items():
        ends = [one for one in (value, otherwise.values[name]) if not math.isnan(one)]
        wanted = (min(ends, default=math.nan), max(ends, default=math.nan))
        assert (measures.lower[name], measures.upper[name]) == pytest.approx(wanted, rel=1e-12, nan_ok=True), name
    assert any(measures.lower[name] < measures.upper[name] for name in measures.values)


def test_without_ambiguous_bars_there_is_no_other_reading_to_measure() -> None:
    run = random_run(2)
    for convention in FOREIGN:
        measures = measure_as(convention, run)
        assert (measures.lower, measures.upper) == ({}, {})


def test_a_benchmark_equal_to_the_equity_has_the_equitys_numbers() -> None:
    run = random_run(3)
    same = replace(run, benchmark=run.equity)
    for convention in (Convention.QUANTSTATS, Convention.BACKTESTING):
        measures = measure_as(convention, same)
        assert len(measures.benchmark) >= 8
        for name, value in measures.benchmark.items():
            assert measures.values[name] == value, name


@pytest.mark.parametrize("convention", FOREIGN)
def test_a_test_without_trades_moves_or_bars_gives_numbers_or_none_and_never_an_error(convention: Convention) -> None:
    still = random_run(1, 60)
    flat = np.full(len(still.times), 100_000.0)
    for bars in (1, 2, len(flat)):
        result = replace(
            still,
            times=still.times[:bars],
            equity=flat[:bars],
            benchmark=flat[:bars],
            drawdown=np.zeros(bars),
            trades=(),
        )
        values = measure_as(convention, result).values
        assert values.keys() == {definition.name for definition in definitions_of(convention)}
        assert not any(math.isinf(value) for value in values.values())
    empty = replace(still, times=still.times[:0], equity=flat[:0], benchmark=flat[:0], drawdown=flat[:0], trades=())
    assert measure_as(convention, empty).values == {}
