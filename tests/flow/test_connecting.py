"""A wire is refused while it is pulled, with the reason."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.flow.connecting import connection_refusal
from builder_app.flow.edits import Connect, apply
from builder_app.flow.rules import check
from builder_app.flow.topological_order import TopologicalOrder
from builder_app.flow.topology import find_cycles
from builder_app.flow.values import Edge, LogicFlow
from tests.flow.blocks import CATALOGUE, CROSSOVER, block, draw, wire, within_bounds
from tests.flow.strategies import wires_between
from tests.flow.test_rules import PORTS, drawn_at_random

FLOW = draw(
    *CROSSOVER, block("n1", "not"), block("n2", "not"), block("odd", "mystery", "Odd"), "n1.result > n2.condition"
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "fast.value > n1.condition",
            "A series can't be wired into 'condition', which takes true/false; put a comparison between them.",
        ),
        (
            "cross.result > size.signal",
            "A true/false can't be wired into 'signal', which takes entry and exit signals; "
            "put an entry or exit between them.",
        ),
        (
            "enter.signal > stop.position",
            "A signal can't be wired into 'position', which takes positions; put a position size between them.",
        ),
        (
            "stop.position > fast.price",
            "A position can't be wired into 'price', which takes a number per bar; wire in a price or an indicator.",
        ),
        (
            "slow.value > cross.a",
            "'Fast' takes one wire, and has one from 'Fast average'; take that one out first.",
        ),
        ("fast.value > cross.a", "This wire is there already."),
        ("n1.result > n1.condition", "A block can't be wired to itself."),
        (
            "n2.result > n1.condition",
            "This wire would close a circle ('Not' → 'Not' → 'Not'): a block can't depend on its own result.",
        ),
        (
            "fast.price > cross.a",
            "A wire runs from an output to an input; both ends are inputs, or it is the wrong way round.",
        ),
        (
            "fast.value > slow.value",
            "A wire runs from an output to an input; both ends are outputs, or it is the wrong way round.",
        ),
        ("fast.upper > cross.a", "'Fast average' has no output 'upper'."),
        ("fast.value > cross.c", "'Crosses above' has no input 'c'."),
        (
            "odd.value > cross.a",
            "The kind of the block 'Odd' is not known here, and so are its ports; add its template first.",
        ),
        ("gone.value > cross.a", "One of the two blocks is not there any more."),
    ],
)
def test_a_wire_that_cannot_be_is_refused_with_its_reason(text: str, reason: str) -> None:
    assert connection_refusal(FLOW, CATALOGUE, wire(text)) == reason
    assert connection_refusal(FLOW, CATALOGUE, wire(text), TopologicalOrder(FLOW)) == reason


@pytest.mark.parametrize("text", ["cross.result > n1.condition", "prices.close > enter.strength"])
def test_a_wire_that_fits_is_not_refused(text: str) -> None:
    assert connection_refusal(FLOW, CATALOGUE, wire(text)) is None


@given(drawn_at_random(), st.data())
def test_a_wire_is_refused_exactly_where_drawing_it_would_make_a_new_problem(
    flow: LogicFlow, data: st.DataObject
) -> None:
    unmuted = draw(*(block(id, node.template) for id, node in flow.nodes.items()))
    flow = LogicFlow(unmuted.nodes, flow.edges)
    if not flow.nodes:
        return
    edge = data.draw(wires_between(flow.nodes, PORTS).filter(lambda edge: edge not in flow.edges))
    reason = connection_refusal(flow, CATALOGUE, edge)
    assert reason == connection_refusal(flow, CATALOGUE, edge, TopologicalOrder(flow))
    known = "mystery" not in {flow.nodes[end.node].template for end in edge}
    before, after = _about(flow), _about(apply(flow, Connect(edge))[0])
    if reason is None:
        assert after == before
    elif known and not find_cycles(flow):
        assert len(after) > len(before)


@given(drawn_at_random(), st.data())
def test_the_answer_without_some_wires_is_that_of_the_flow_without_them(flow: LogicFlow, data: st.DataObject) -> None:
    if not flow.nodes:
        return
    gone = data.draw(st.lists(st.sampled_from(flow.edges), max_size=3)) if flow.edges else []
    edge = data.draw(wires_between(flow.nodes, PORTS))
    rest = replace(flow, edges=tuple(it for it in flow.edges if it not in gone))
    reason = connection_refusal(rest, CATALOGUE, edge)
    assert connection_refusal(flow, CATALOGUE, edge, None, gone) == reason
    assert connection_refusal(flow, CATALOGUE, edge, TopologicalOrder(flow), gone) == reason


def _about(flow: LogicFlow) -> list[tuple[str, str | None, str | None]]:
    """The problems of wires: an input with three wires in place of two has the same one, so wires are counted too."""
    wires = {"missing-port", "type-mismatch", "circle"}
    found = [it for it in check(flow, CATALOGUE, within_bounds) if it.rule in wires]
    surplus = [edge.target for edge in flow.edges if _is_single(flow, edge)]
    twice = [target for target in surplus if surplus.count(target) > 1]
    return [*((it.rule, it.node, it.port) for it in found), *(("taken", target.node, target.port) for target in twice)]


def _is_single(flow: LogicFlow, edge: Edge) -> bool:
    template = CATALOGUE.of(flow.nodes[edge.target.node])
    entry = template.input_port(edge.target.port) if template is not None else None
    return entry is not None and not entry.multiple


def test_an_input_for_many_wires_takes_another_one() -> None:
    flow = draw(*CROSSOVER, block("other", "enter_long"))
    assert connection_refusal(flow, CATALOGUE, wire("other.signal > size.signal")) is None


def test_in_a_flow_with_a_circle_another_one_is_refused_too() -> None:
    """The kept order leaves the wire from b to a out, and would not see the way from b over a to c."""
    blocks = [block(id, "all_of") for id in "abc"]
    wires = ["a.result > b.conditions", "b.result > a.conditions", "a.result > c.conditions"]
    flow = draw(*blocks, *wires)
    reason = connection_refusal(flow, CATALOGUE, wire("c.result > b.conditions"), TopologicalOrder(flow))
    assert reason is not None
    assert "circle" in reason
