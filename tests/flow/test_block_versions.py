"""Versions of user-made blocks: what differs is said, and taking another version is one step that can be undone."""

from dataclasses import replace
from typing import Any

import pytest

from builder_app.flow.block_versions import newer_versions, next_version, taken_version, template_difference
from builder_app.flow.edits import Batch, InGroup, SetParameter, apply
from builder_app.flow.groups import template_name
from builder_app.flow.problems import Severity
from builder_app.flow.templates import Catalogue, InputPort, NodeTemplate, OutputPort
from builder_app.flow.values import (
    GROUP_INPUTS,
    GROUP_OUTPUTS,
    Edge,
    Group,
    Json,
    LogicFlow,
    Node,
    NodeType,
    ParameterValue,
    Port,
    PortType,
    frozen_mapping,
)


def _parameters(properties: dict[str, Json], **defaults: ParameterValue) -> dict[str, Any]:
    return {
        "parameter_schema": frozen_mapping({"type": "object", "properties": properties}),
        "default_parameters": frozen_mapping(defaults),
    }


FIRST = NodeTemplate(
    "my_line",
    "My line",
    NodeType.INDICATOR,
    "My blocks",
    input_ports=(InputPort("price", PortType.SERIES), InputPort("when", PortType.BOOLEAN, required=False)),
    output_ports=(OutputPort("value", PortType.SERIES),),
    outputs=frozen_mapping({"value": "ta.SMA(price, timeperiod=period)"}),
    **_parameters({"period": {"type": "integer", "minimum": 2}, "factor": {"type": "number"}}, period=5, factor=1.0),
)
SECOND = replace(
    FIRST,
    version="1.1.0",
    input_ports=(InputPort("price", PortType.SERIES, required=False, default='prices["close"]'),),
    outputs=frozen_mapping({"value": "ta.EMA(price, timeperiod=period)"}),
    earlier=(FIRST,),
    **_parameters({"period": {"type": "integer", "minimum": 3}}, period=9),
)
CATALOGUE = Catalogue(frozen_mapping({"my_line": SECOND}), frozenset({"my_line"}))
MINE = Node("mine", "my_line", "1.0.0", frozen_mapping({"period": 4, "factor": 2.0}))
WIRES = (Edge(Port("source", "value"), Port("mine", "price")), Edge(Port("source", "value"), Port("mine", "when")))
FLOW = LogicFlow(
    nodes=frozen_mapping({"mine": MINE, "source": Node("source", "my_line", "1.1.0")}), edges=tuple(sorted(WIRES))
)


def test_a_block_is_what_it_was_in_the_version_that_it_was_drawn_with() -> None:
    assert CATALOGUE.of(MINE) == FIRST
    assert CATALOGUE.of(FLOW.nodes["source"]) == SECOND
    assert CATALOGUE.of(replace(MINE, template_version="0.0.7")) == SECOND, "a version nobody kept is the newest"


@pytest.mark.parametrize(
    ("changes", "version"),
    [
        ({"description": "Other words."}, "1.0.1"),
        ({"display_name": "Another line"}, "1.0.1"),
        ({"outputs": frozen_mapping({"value": "price"})}, "1.1.0"),
        ({"node_type": NodeType.CUSTOM}, "1.1.0"),
        (_parameters({"period": {"type": "integer", "minimum": 2}}, period=6), "1.1.0"),
        ({"earlier": (replace(FIRST, version="0.9.0"),)}, "1.0.0"),
    ],
)
def test_words_alone_raise_the_last_number_and_meaning_the_middle_one(changes: dict[str, Any], version: str) -> None:
    assert next_version(FIRST, replace(FIRST, **changes)) == version


def test_the_words_of_a_parameter_are_words_only() -> None:
    titled = _parameters(
        {"period": {"type": "integer", "minimum": 2, "title": "Days"}, "factor": {"type": "number"}},
        period=5,
        factor=1.0,
    )
    assert next_version(replace(FIRST, version="2.3.9"), replace(FIRST, **titled)) == "2.3.10"


def test_every_difference_is_a_sentence() -> None:
    assert template_difference(FIRST, SECOND) == (
        "The input 'when' is gone.",
        "The input 'price' need not be wired.",
        "The input 'price' is 'prices[\"close\"]' while nothing is wired to it.",
        "The parameter 'factor' is gone.",
        "The default of 'period' is 9 instead of 5.",
        "The smallest value of 'period' is 3 instead of 2.",
        "'value' is 'ta.EMA(price, timeperiod=period)' instead of 'ta.SMA(price, timeperiod=period)'.",
    )
    assert template_difference(FIRST, FIRST) == ()


def test_taking_a_version_keeps_what_fits_and_can_be_undone() -> None:
    taken, inverse = apply(FLOW, taken_version(FLOW, "mine", FIRST, SECOND))
    assert taken.nodes["mine"].template_version == "1.1.0"
    assert taken.nodes["mine"].parameters == {"period": 4}
    assert taken.edges == (WIRES[0],)
    assert apply(taken, inverse)[0] == FLOW


def test_the_newer_version_is_a_remark_with_the_difference_and_its_fix() -> None:
    (offer,) = newer_versions(FLOW, CATALOGUE)
    assert offer.severity is Severity.REMARK
    assert (offer.node, offer.rule) == ("mine", "newer-version")
    assert offer.message == "'My line' is drawn with version 1.0.0; there is version 1.1.0."
    assert offer.hint.splitlines() == [*template_difference(FIRST, SECOND), "1 wire would be taken out."]
    assert offer.fix is not None
    assert not list(newer_versions(apply(FLOW, offer.fix)[0], CATALOGUE))


def test_a_block_inside_a_group_is_offered_too_and_its_fix_is_one_of_the_group() -> None:
    inside = {id: Node(id, id) for id in (GROUP_INPUTS, GROUP_OUTPUTS)}
    group = Group("trend", "Trend", LogicFlow(nodes=frozen_mapping({"mine": MINE, **inside})))
    instance = Node("one", template_name("trend"))
    whole = LogicFlow(nodes=frozen_mapping({"one": instance}), groups=frozen_mapping({"trend": group}))
    (offer,) = newer_versions(whole, CATALOGUE)
    assert isinstance(offer.fix, Batch)
    (inner,) = offer.fix.edits
    assert isinstance(inner, InGroup)
    assert isinstance(inner.edit, Batch)
    assert SetParameter("mine", "factor", is_set=False) in inner.edit.edits
    mended = apply(whole, offer.fix)[0]
    assert mended.groups["trend"].body.nodes["mine"].template_version == "1.1.0"
    assert not list(newer_versions(mended, CATALOGUE))
