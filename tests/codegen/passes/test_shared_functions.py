"""The functions that groups became, as values: instances share one, and other groups have nothing to do with it."""

import pytest

from builder_app.codegen.passes import shared_functions
from builder_app.codegen.plan import GroupFunction
from builder_app.flow.edits import AddNode, Connect, apply
from builder_app.flow.values import Node
from tests.benchmarks.codegen import drawn, in_groups
from tests.codegen.flows import CATALOGUE, compiled, wire


def test_a_function_is_compared_with_those_of_its_own_group_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    grouped = in_groups(drawn(98, CATALOGUE), CATALOGUE)
    assert len(grouped.groups) == 12
    first = next(node for node in grouped.nodes.values() if node.template.startswith("group:"))
    again = apply(grouped, AddNode(Node("again", first.template, parameters=first.parameters)))[0]
    again = apply(again, AddNode(Node("more", "enter_long")))[0]
    output = next(edge.source.port for edge in grouped.edges if edge.source.node == first.id)
    for end in (f"again.{output} > more.condition", "more.signal > size.signal", "prices.close > again.price"):
        again = apply(again, Connect(wire(end)))[0]
    read: list[str] = []
    reads = shared_functions._reads

    def noted(function: GroupFunction) -> tuple[object, ...]:
        read.append(function.group)
        return reads(function)

    monkeypatch.setattr(shared_functions, "_reads", noted)
    source = compiled(again).source
    assert source.count("\ndef group") == 12, "both instances call one function"
    assert len(read) == 12 + 2
    assert read.count(first.template) == 3
