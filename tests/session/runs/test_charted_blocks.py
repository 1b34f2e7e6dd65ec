"""What may be drawn with prices: every block and output by name, as its template wants it drawn."""

import numpy as np

from builder_app.flow.edits import apply
from builder_app.flow.group_paths import path_id
from builder_app.flow.grouping import group_nodes
from builder_app.flow.values import LogicFlow, Port
from builder_app.session.runs.block_values import BlockValues
from builder_app.session.runs.charted_blocks import ChartedBlock, charted_blocks
from tests.codegen.flows import CATALOGUE, flow, node
from tests.ui.results.samples import result

BARS = 30


def charted(picture: LogicFlow, *ports: Port) -> dict[str, ChartedBlock]:
    """These outputs' values are their numbers, counted from one."""
    series = {port: np.full(BARS, float(number)) for number, port in enumerate(ports, 1)}
    return charted_blocks(BlockValues(result(BARS), "IBM", picture, series), CATALOGUE)


def test_a_block_of_several_outputs_is_one_choice_and_each_output_another() -> None:
    found = charted(
        flow("S", [node("m", "macd", "Trend")], []), Port("m", "macd"), Port("m", "signal"), Port("m", "histogram")
    )
    assert next(iter(found)) == "Trend"
    assert len(found) == 4
    template = CATALOGUE.of(node("m", "macd"))
    assert template is not None
    for line, port in zip(found["Trend"].lines, ("macd", "signal", "histogram"), strict=True):
        output = template.output_port(port)
        assert output is not None
        assert line.name == output.display_name
    singles = [block for name, block in found.items() if name != "Trend"]
    assert [float(block.lines[0].values[0]) for block in singles] == [1.0, 2.0, 3.0]


def test_pane_and_styles_are_those_of_the_template() -> None:
    hinted = next(
        template for template in CATALOGUE.templates.values()
        if template.plot.get("pane") == "own" and "dashed_line" in dict(template.plot["styles"]).values()  # type: ignore[arg-type]
    )  # fmt: skip
    ports = [Port("n", output.name) for output in hinted.output_ports]
    found = charted(flow("S", [node("n", hinted.name, "Mine")], []), *ports)
    assert found["Mine"].has_own_pane
    assert [line.style for line in found["Mine"].lines] == [hinted.plot["styles"][port.port] for port in ports]  # type: ignore[index, call-overload]
    plain = charted(flow("S", [node("a", "sma", "Average")], []), Port("a", "value"))["Average"]
    assert (plain.has_own_pane, [line.style for line in plain.lines]) == (False, ["line"])
    assert not plain.lines[0].is_condition
    crossed = charted(flow("S", [node("x", "crosses_above", "Crosses")], []), Port("x", "result"))["Crosses"]
    assert crossed.lines[0].is_condition


def test_blocks_of_one_name_are_told_apart_and_an_unknown_one_is_a_line() -> None:
    picture = flow("S", [node("a", "sma", "Average"), node("b", "sma", "Average"), node("c", "of_nobody", "Odd")], [])
    found = charted(picture, Port("a", "value"), Port("b", "value"), Port("c", "value"))
    assert list(found) == ["Average", "Average (2)", "Odd"]
    assert found["Odd"].lines[0].name == "value"


def test_blocks_inside_groups_have_their_templates_too() -> None:
    picture = flow("S", [node("a", "sma", "Average"), node("m", "macd", "Trend")], [])
    inside, _ = apply(picture, group_nodes(picture, CATALOGUE, frozenset({"a", "m"}), "Both"))
    (instance,) = inside.nodes
    found = charted(inside, Port(path_id((instance,), "m"), "signal"))
    assert list(found) == ["Both ▸ Trend"]
    template = CATALOGUE.of(node("m", "macd"))
    assert template is not None
    output = template.output_port("signal")
    assert output is not None
    assert found["Both ▸ Trend"].lines[0].name == output.display_name
