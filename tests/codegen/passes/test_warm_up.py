"""The warm-up that a program says is exactly the bars before its blocks have values."""

from typing import Any

import numpy as np
import pytest

from builder_app.codegen.program import Program
from builder_app.flow.values import NodeType, PortType
from tests.codegen.flows import CATALOGUE, compiled, flow, node
from tests.nodes.talib_blocks import bars, computed, locals_of, program_of

APART = {
    *("bars_since", "if_then_else"),  # are given conditions
    *("higher_timeframe", "higher_timeframe_average"),  # wait for a date, not for a number of bars
    *("benchmark", "other_symbol", "percentile_across", "rank", "z_score_across"),  # look at other symbols
    "constant",  # is a number in the text
    "candle_pattern",  # gives 0 where it can't know yet; see tests/nodes/test_talib.py
}
ALONE = [
    template.name
    for template in CATALOGUE.templates.values()
    if template.node_type is NodeType.INDICATOR
    and any(port.type is PortType.SERIES for port in template.output_ports)
    and template.name not in APART
]


@pytest.mark.parametrize("name", ALONE)
def test_every_block_has_its_first_value_right_after_the_warm_up(name: str) -> None:
    program = program_of(CATALOGUE.templates[name], {})
    with np.errstate(all="ignore"):
        outputs = computed(program, bars(5, program.warm_up + 60))
    first = [int(np.isnan(series).argmin()) for series in outputs.values() if series.dtype == float]
    assert max(first) == program.warm_up
    for series in outputs.values():
        assert not np.isnan(series[program.warm_up :]).any()


def _chain(*blocks: str, **parameters: Any) -> Program:
    """Blocks one behind the other, each fed by the one before."""
    nodes = [node(f"n{place}", name, **(parameters if place == 0 else {})) for place, name in enumerate(blocks)]
    wires = [f"n{place}.value > n{place + 1}.price" for place in range(len(blocks) - 1)]
    last = f"n{len(blocks) - 1}"
    nodes += [node("above", "greater_than", level=0.5), node("enter", "enter_long")]
    return compiled(flow("Chain", nodes, [*wires, f"{last}.value > above.a", "above.result > enter.condition"]))


def test_look_backs_add_up_along_a_chain() -> None:
    assert _chain("triple_exponential_average").warm_up == 87
    assert _chain("triple_exponential_average", "rsi").warm_up == 87 + 14
    assert _chain("triple_exponential_average", "rsi", "sma").warm_up == 87 + 14 + 19


def test_chained_blocks_have_values_exactly_after_the_warm_up() -> None:
    program = _chain("kaufman_adaptive_average", "regression_slope", "hull_average", period=5)
    series = locals_of(program, bars(9, program.warm_up + 20))[program.variables["n2.value"]]
    assert int(np.isnan(series).argmin()) == program.warm_up
