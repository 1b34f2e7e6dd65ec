"""Every curated block in a strategy of its own: golden text, checked, and equal to its meaning on panels with gaps.

`REWRITE_GOLDEN=1 pytest tests/codegen/test_blocks.py` writes the texts anew; read the difference first.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from builder_app.codegen.checks import check_program
from builder_app.codegen.program import Program, ValidationStatus
from builder_app.flow.templates import NodeTemplate
from builder_app.quicktest.engine.rules import rules_from
from tests.codegen.block_flows import CURATED, curated, strategy_of
from tests.codegen.flows import CATALOGUE, compiled
from tests.codegen.panels import assert_equal_on_panel, evaluated, random_bars
from tests.codegen.test_compile import assert_formatted

GOLDEN = Path(__file__).parent / "golden" / "blocks"
BLOCKS = curated()


def text_of(program: Program) -> str:
    """The strategy without the picture that travels behind it."""
    return program.source.partition("\n\n\n# The picture of this strategy")[0].rstrip("\n") + "\n"


@pytest.mark.parametrize("template", BLOCKS, ids=lambda template: template.name)
def test_block_becomes_its_golden_text(template: NodeTemplate) -> None:
    program = compiled(strategy_of(template))
    file = GOLDEN / f"{template.name}.py"
    if os.environ.get("REWRITE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text_of(program), encoding="utf-8", newline="\n")
    assert file.read_text(encoding="utf-8") == text_of(program)
    assert_formatted(text_of(program))
    report = check_program(program.source)
    assert report.status is ValidationStatus.VALID, report
    if template.name != "constant":  # a number stands in the lines of the blocks that take it
        assert any("block" in nodes for nodes in program.lines), "The block lights up no line."


@pytest.mark.parametrize("template", BLOCKS, ids=lambda template: template.name)
def test_text_of_block_says_what_the_block_means_on_panels_with_gaps(template: NodeTemplate) -> None:
    picture = strategy_of(template)
    program = compiled(picture)
    entries = 0
    with np.errstate(all="ignore"):
        for seed, bars, hours in ((1, 100, 0), (2, 100, 5), (3, 1, 0), (4, 7, 1)):
            entries += assert_equal_on_panel(picture, program, random_bars(seed, bars, hours))
    assert entries > 0, "A strategy that never enters shows nothing."


@pytest.mark.parametrize("template", BLOCKS, ids=lambda template: template.name)
def test_engine_reads_the_rules_of_block(template: NodeTemplate) -> None:
    rules, _ = evaluated(compiled(strategy_of(template)), random_bars(1))
    assert rules_from(rules)[1] == ()


def test_every_curated_block_is_tested_and_every_golden_file_belongs_to_one() -> None:
    folder = Path(__file__).parents[2] / "resources" / "node_templates"
    files = {file.stem for file in folder.rglob("*.json") if "talib" not in file.parts}
    assert files == CURATED
    assert {file.stem for file in GOLDEN.glob("*.py")} == CURATED
    assert set(CATALOGUE.templates) >= CURATED
