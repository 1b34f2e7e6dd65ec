"""What differs between two flows, in words: all of it, and nothing where they are equal."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from builder_app.flow.codec import decode, encode
from builder_app.flow.difference import ChangeKind, Subject, difference, summary
from builder_app.flow.edits import AddNode, Connect, Edit, MoveNodes, Mute, RemoveNodes, SetParameter, apply
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import (
    EMPTY_FLOW,
    Edge,
    LogicFlow,
    Node,
    NodeType,
    ParameterReference,
    Point,
    Port,
    Secret,
    StrategyParameter,
    frozen_mapping,
)
from tests.flow.strategies import fitting_edits, flows

PRICES = Node("price", "prices", label="Prices")
FAST = Node("fast", "sma", label="Fast average", parameters=frozen_mapping({"period": 10}))
WIRE = Edge(Port("price", "close"), Port("fast", "price"))


def made_of(*edits: Edit, start: LogicFlow = EMPTY_FLOW) -> LogicFlow:
    flow = start
    for edit in edits:
        flow, _ = apply(flow, edit)
    return flow


DRAWN = made_of(AddNode(PRICES), AddNode(FAST), Connect(WIRE))


def said(before: LogicFlow, after: LogicFlow, catalogue: Catalogue | None = None) -> list[str]:
    return [change.text for change in difference(before, after, catalogue)]


@given(flows(), flows())
def test_there_is_a_difference_exactly_where_flows_are_not_equal(before: LogicFlow, after: LogicFlow) -> None:
    assert bool(difference(before, after)) == (before != after or bool(_ones_that_became_true(before, after)))


def _ones_that_became_true(before: LogicFlow, after: LogicFlow) -> bool:
    """Whether equal flows differ in a 1 or 0 on one side that is a true or false on the other."""

    def kinds(flow: LogicFlow) -> list[bool]:
        values = [value for id in sorted(flow.nodes) for _, value in sorted(flow.nodes[id].parameters.items())]
        values += [flow.parameters[name].value for name in sorted(flow.parameters)]
        return [isinstance(value, bool) for value in values]

    return kinds(before) != kinds(after)


@given(flows())
def test_a_flow_that_was_written_and_read_again_does_not_differ(flow: LogicFlow) -> None:
    assert difference(decode(encode(flow)), decode(encode(flow))) == ()


@given(st.data(), flows())
def test_every_edit_that_changes_something_is_told(data: st.DataObject, flow: LogicFlow) -> None:
    after, _ = apply(flow, data.draw(fitting_edits(flow)))
    changes = difference(flow, after)
    assert bool(changes) == (flow != after)
    assert all("\n" not in change.text and change.text.endswith(".") for change in changes)


@given(flows(), flows())
def test_what_was_added_one_way_was_removed_the_other(before: LogicFlow, after: LogicFlow) -> None:
    there, back = difference(before, after), difference(after, before)
    added = {c.node for c in there if c.subject is Subject.BLOCK and c.kind is ChangeKind.ADDED}
    removed = {c.node for c in back if c.subject is Subject.BLOCK and c.kind is ChangeKind.REMOVED}
    assert added == removed == after.nodes.keys() - before.nodes.keys()


def test_blocks_and_wires_are_told_by_their_names() -> None:
    assert said(EMPTY_FLOW, DRAWN) == [
        "The block 'Fast average' (sma) with period 10 was added.",
        "The block 'Prices' (prices) was added.",
        "The wire 'Prices' close → 'Fast average' price was added.",
    ]
    without = made_of(RemoveNodes(frozenset({"fast"})), start=DRAWN)
    assert said(DRAWN, without) == ["The block 'Fast average' was removed, with its wires."]


def test_a_changed_block_is_one_sentence() -> None:
    after = made_of(SetParameter("fast", "period", 12, True), Mute("fast", True), start=DRAWN)
    assert said(DRAWN, after) == ["The block 'Fast average' was changed: period is 12 instead of 10, it is muted."]


def test_a_parameter_at_its_default_is_told_with_the_default_where_it_is_known() -> None:
    template = NodeTemplate(
        "sma", "Simple average", NodeType.INDICATOR, "averages", default_parameters=frozen_mapping({"period": 20})
    )
    after = made_of(SetParameter("fast", "period", None, False), start=DRAWN)
    assert said(DRAWN, after) == ["The block 'Fast average' was changed: period is its default instead of 10."]
    known = Catalogue(frozen_mapping({"sma": template}))
    assert said(DRAWN, after, known) == [
        "The block 'Fast average' was changed: period is its default of 20 instead of 10."
    ]


def test_a_reference_is_told_by_its_name() -> None:
    after = made_of(SetParameter("fast", "period", ParameterReference("fast_period"), True), start=DRAWN)
    (text,) = said(DRAWN, after)
    assert text.endswith("period is the strategy parameter 'fast period' instead of 10.")


def test_moved_blocks_are_counted_not_listed() -> None:
    places = frozen_mapping({"fast": Point(9, 9), "price": Point(8, 8)})
    assert said(DRAWN, made_of(MoveNodes(places), start=DRAWN)) == ["2 blocks were moved."]


def test_a_sensitive_value_is_never_told() -> None:
    before = replace(EMPTY_FLOW, parameters=frozen_mapping({"key": StrategyParameter(Secret("canary-1"))}))
    after = replace(EMPTY_FLOW, parameters=frozen_mapping({"key": StrategyParameter(Secret("canary-2"))}))
    for first, second in ((before, after), (EMPTY_FLOW, after), (after, EMPTY_FLOW)):
        texts = said(first, second)
        assert texts
        assert "canary" not in " ".join(texts)


def test_one_and_true_are_not_the_same_value() -> None:
    before = made_of(SetParameter("fast", "period", 1, True), start=DRAWN)
    after = made_of(SetParameter("fast", "period", True, True), start=DRAWN)
    assert said(before, after) == ["The block 'Fast average' was changed: period is on instead of 1."]


def test_the_summary_counts_in_words() -> None:
    assert summary(difference(EMPTY_FLOW, DRAWN)) == "2 blocks added, 1 wire added"
    assert summary(difference(DRAWN, DRAWN)) == "no difference"
    renamed = replace(DRAWN, name="New")
    assert summary(difference(DRAWN, renamed)) == "1 property of the strategy changed"
