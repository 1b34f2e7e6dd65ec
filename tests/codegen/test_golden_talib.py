"""The text of every block of TA-Lib, a strategy for each of TA-Lib's groups: golden files, executed and regenerated.

`REWRITE_GOLDEN=1 pytest tests/codegen/test_golden_talib.py` writes them anew; read the difference before it is
committed. The flow that travels behind the text is left out here: it says the same as the picture below.
"""

import os
from pathlib import Path

import numpy as np
import pytest

from builder_app.codegen.checks import check_program
from builder_app.codegen.program import ValidationStatus
from builder_app.codegen.reading_back.carried_flow import TITLE
from builder_app.codegen.recipes.choices import CANDLE_PATTERNS
from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import LogicFlow, Node, PortType
from tests.codegen.flows import CATALOGUE, compiled, flow, node
from tests.codegen.interpreter.test_interpret import assert_equivalent
from tests.codegen.test_compile import assert_formatted
from tests.nodes.derive_talib import FOLDER
from tests.nodes.talib_blocks import INPUTS, bars
from tests.nodes.talib_wording import CANDLES

GOLDEN = Path(__file__).parent / "golden" / "talib"
GROUPS = sorted(folder.name for folder in FOLDER.iterdir())


def blocks_of(group: str) -> list[Node]:
    """Each block of a group at its defaults; the block of candle patterns once for each pattern."""
    names = sorted(file.stem for file in (FOLDER / group).glob("*.json"))
    patterns = [node(f"p{place}", CANDLES, pattern=word) for place, word in enumerate(CANDLE_PATTERNS)]
    return [each for name in names for each in (patterns if name == CANDLES else [node(name, name)])]


def strategy_of(group: str) -> LogicFlow:
    """Enters where any output of any block of the group says so."""
    nodes = [node("prices", "prices"), node("any", "any_of"), node("enter", "enter_long")]
    wires = ["any.result > enter.condition"]
    for block in blocks_of(group):
        template = CATALOGUE.templates[block.template]
        nodes.append(block)
        wires += [
            f"prices.{INPUTS.get(port.name, 'close')} > {block.id}.{port.name}"
            for port in template.input_ports
            if port.required
        ]
        for port in template.output_ports:
            is_series = port.type is PortType.SERIES
            if is_series and block.template != CANDLES:
                test = f"{block.id}_{port.name}"
                nodes.append(node(test, "crosses_above", level=0.5))
                wires += [f"{block.id}.{port.name} > {test}.a", f"{test}.result > any.conditions"]
            elif not is_series:
                wires.append(f"{block.id}.{port.name} > any.conditions")
    return flow(group.replace("_", " ").capitalize(), nodes, wires)


@pytest.mark.parametrize("group", GROUPS)
def test_program_of_a_group_is_the_golden_text(group: str) -> None:
    program = compiled(strategy_of(group))
    text = program.source.partition(TITLE)[0].rstrip() + "\n"
    file = GOLDEN / f"{group}.py"
    if os.environ.get("REWRITE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8", newline="\n")
    assert file.read_text(encoding="utf-8") == text
    assert_formatted(program.source)
    assert check_program(program.source).status is ValidationStatus.VALID


@pytest.mark.parametrize("group", GROUPS)
def test_program_of_a_group_does_what_the_picture_says(group: str) -> None:
    with np.errstate(all="ignore"):
        assert_equivalent(strategy_of(group), bars(11, 400))


def test_every_golden_file_belongs_to_a_group() -> None:
    assert sorted(file.stem for file in GOLDEN.glob("*.py")) == GROUPS


def _unwired(template: NodeTemplate) -> list[str]:
    return [port.name for port in template.input_ports if port.required]


def test_only_blocks_without_a_price_of_their_own_must_be_wired() -> None:
    derived = [CATALOGUE.templates[file.stem] for file in FOLDER.rglob("*.json")]
    must = {template.name: _unwired(template) for template in derived if _unwired(template)}
    of_values = {file.stem: ["value"] for file in (FOLDER / "math_transform").glob("*.json")}
    of_pairs = {"beta": ["market", "price"], "variable_period_average": ["periods"]}
    assert must == {**of_values, **of_pairs, "running_total": ["value"]}
