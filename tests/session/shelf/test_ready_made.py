"""The ready-made strategies: complete, without problems, equal to their golden text, and with the results they claim.

`REWRITE_EXAMPLES=1 pytest tests/session/shelf/test_ready_made.py` writes texts and results anew; read the difference.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from builder_app import paths
from builder_app.codegen.advice import advice_on_picture
from builder_app.codegen.checks import check_program
from builder_app.codegen.program import ValidationStatus
from builder_app.flow.explaining import explain
from builder_app.flow.rules import check
from builder_app.market.library import Library
from builder_app.nodes import validate_parameters
from builder_app.quicktest.request import RunRequest, RunResult, TestConfig
from builder_app.quicktest.runner import Runner
from builder_app.session.code.certifying import ToCertify, certificate_of
from builder_app.session.shelf.ready_made import (
    CURVE_POINTS,
    FIGURES,
    RESULTS,
    ReadyMade,
    ready_made,
    result_of,
    result_to_json,
)
from tests.codegen.flows import CATALOGUE, compiled
from tests.codegen.test_compile import assert_formatted

FOLDER = paths.resources() / "examples"
GOLDEN = Path(__file__).parents[2] / "codegen" / "golden" / "examples"
EXAMPLES = {example.id: example for example in ready_made(FOLDER)}
REWRITES = bool(os.environ.get("REWRITE_EXAMPLES"))


@pytest.fixture(scope="module")
def runner() -> Iterator[Runner]:
    with Runner() as found:
        yield found


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    found = Library(tmp_path_factory.mktemp("prices"))
    found.install_sample(paths.resources() / "samples" / "stocks.csv.gz")
    return found


@pytest.fixture(params=sorted(EXAMPLES))
def example(request: pytest.FixtureRequest) -> ReadyMade:
    found: ReadyMade = EXAMPLES[request.param]
    return found


def test_there_are_fifteen_or_more_and_five_of_each_kind() -> None:
    kinds = Counter(example.category for example in EXAMPLES.values())
    assert sum(kinds.values()) >= 15
    assert set(kinds) == {"TREND_FOLLOWING", "OSCILLATION", "MULTI_FACTOR"}
    assert min(kinds.values()) >= 5
    assert len({example.name for example in EXAMPLES.values()}) == len(EXAMPLES)


def test_each_explains_itself_and_has_no_problems(example: ReadyMade) -> None:
    assert check(example.flow, CATALOGUE, validate_parameters) == ()
    assert advice_on_picture(example.flow, CATALOGUE) == ()
    assert 60 < len(example.description) < 400
    assert explain(example.flow, CATALOGUE).sentences
    for name, parameter in example.flow.parameters.items():
        assert parameter.minimum is not None, name
        assert parameter.maximum is not None, name


def test_no_two_blocks_of_a_picture_lie_on_each_other(example: ReadyMade) -> None:
    places = [node.position for node in example.flow.nodes.values()]
    assert len(set(places)) == len(places)


def test_the_code_is_the_golden_text_and_is_certified(example: ReadyMade, runner: Runner, library: Library) -> None:
    program = compiled(example.flow)
    file = GOLDEN / f"{example.id}.py"
    if REWRITES:
        file.parent.mkdir(exist_ok=True)
        file.write_text(program.source, encoding="utf-8", newline="\n")
    assert file.read_text(encoding="utf-8") == program.source
    assert_formatted(program.source)
    assert check_program(program.source).status is ValidationStatus.VALID
    certificate = certificate_of(ToCertify(program, example.flow, CATALOGUE), runner, library)
    assert certificate is not None
    assert certificate.holds, certificate.differences


def test_each_did_on_the_sample_prices_what_its_card_says(example: ReadyMade, runner: Runner, library: Library) -> None:
    found = runner.run(RunRequest(compiled(example.flow).source, TestConfig(), library.load()))
    assert isinstance(found, RunResult), found
    fresh = result_of(found)
    if REWRITES:
        results = json.loads((FOLDER / RESULTS).read_text()) if (FOLDER / RESULTS).exists() else {}
        results[example.id] = result_to_json(fresh)
        lines = ",\n".join(f"  {json.dumps(id)}: {json.dumps(results[id])}" for id in sorted(results))
        (FOLDER / RESULTS).write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
        return
    claimed = example.result
    assert claimed is not None
    assert claimed.trades == fresh.trades > 5
    assert (claimed.first_day, claimed.last_day, claimed.symbols) == (fresh.first_day, fresh.last_day, fresh.symbols)
    assert set(FIGURES) >= claimed.figures.keys() == fresh.figures.keys()
    assert claimed.figures == pytest.approx(fresh.figures, rel=1e-5)
    assert np.allclose(claimed.curve, fresh.curve, rtol=1e-4)
    assert np.allclose(claimed.benchmark, fresh.benchmark, rtol=1e-4)
    assert len(claimed.curve) == CURVE_POINTS


def test_no_golden_text_is_left_over() -> None:
    assert {file.stem for file in GOLDEN.glob("*.py")} == set(EXAMPLES)
