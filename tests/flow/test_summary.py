"""The quiet line of a block."""

import pytest

from builder_app.flow.summary import parameter_line
from builder_app.flow.templates import InputPort, NodeTemplate
from builder_app.flow.values import Node, NodeType, ParameterReference, PortType
from tests.flow.blocks import CATALOGUE, block


@pytest.mark.parametrize(
    ("node", "line"),
    [
        (block("a", "sma", period=10), "period 10 · close"),
        (block("a", "sma"), "period 20 · close"),
        (block("a", "sma", source="open", period=ParameterReference("fast_period")), "period = fast period · open"),
        (block("a", "percent_stop", percent=2.5), "percent 2.5 %"),
        (block("a", "percent_stop"), "percent 5 %"),
        (block("a", "prices"), ""),
        (block("a", "prices", on=True, off=False, text=" a\n b ", nothing=None), "on · a b"),
    ],
)
def test_the_line_shows_the_parameters_in_the_templates_order(node: Node, line: str) -> None:
    assert parameter_line(node, CATALOGUE.templates[node.template]) == line


def test_parameter_that_stands_in_for_an_input_is_idle_only_while_that_input_is_wired() -> None:
    template = NodeTemplate(
        "crosses_above",
        "Crosses above",
        NodeType.CONDITION,
        "Crossings",
        parameter_schema={"properties": {"level": {"type": "number"}, "period": {"type": "integer"}}},
        default_parameters={"level": 0.0, "period": 5},
        input_ports=(InputPort("a", PortType.SERIES), InputPort("b", PortType.SERIES, False, default="level")),
        outputs={"result": "crossed_above(a, previous(b, period))"},
    )
    assert parameter_line(block("x", "crosses_above"), template) == "level 0 · period 5"
    assert parameter_line(block("x", "crosses_above"), template, {"a"}) == "level 0 · period 5"
    assert parameter_line(block("x", "crosses_above"), template, {"a", "b"}) == "period 5"
