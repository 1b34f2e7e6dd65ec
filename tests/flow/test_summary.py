"""The quiet line of a block."""

import pytest

from builder_app.flow.summary import parameter_line
from builder_app.flow.values import Node, ParameterReference
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
