"""Edits: each has an inverse, none leaves a flow half-changed, and a batch is one step."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from builder_app.flow.codec import dumps
from builder_app.flow.edits import (
    AddFrame,
    AddNode,
    Batch,
    Connect,
    Disconnect,
    Edit,
    EditRefused,
    MoveNodes,
    RemoveNodes,
    SetParameter,
    SetStrategyParameter,
    apply,
)
from builder_app.flow.values import (
    EMPTY_FLOW,
    Edge,
    Frame,
    LogicFlow,
    Node,
    Point,
    Port,
    Rect,
    StrategyParameter,
    frozen_mapping,
)
from tests.flow.strategies import edits, fitting_edits, flows


@given(flows(), edits)
def test_any_edit_either_is_refused_with_a_sentence_or_is_taken_back_by_its_inverse(
    flow: LogicFlow, edit: Edit
) -> None:
    before, refusal = dumps(flow), "."
    try:
        changed, inverse = apply(flow, edit)
    except EditRefused as error:
        refusal = str(error)
    else:
        back, again = apply(changed, inverse)
        assert back == flow
        assert dumps(back) == before
        assert dumps(apply(back, again)[0]) == dumps(changed)
    assert refusal.endswith(".")
    assert dumps(flow) == before


@settings(max_examples=40, deadline=None)
@given(flows(), st.data())
def test_a_batch_does_what_its_parts_do_one_after_the_other(flow: LogicFlow, data: st.DataObject) -> None:
    parts, stepwise = [], flow
    for _ in range(4):
        part = data.draw(fitting_edits(stepwise))
        stepwise, _ = apply(stepwise, part)
        parts.append(part)
    at_once, inverse = apply(flow, Batch(tuple(parts)))
    assert dumps(at_once) == dumps(stepwise)
    assert dumps(apply(at_once, inverse)[0]) == dumps(flow)


class EditingMachine(RuleBasedStateMachine):
    """A strategist who edits, undoes and redoes; the flows seen before are the oracle for undo and redo."""

    def __init__(self) -> None:
        super().__init__()
        self.flow: LogicFlow = EMPTY_FLOW
        self.undo: list[tuple[Edit, str]] = []
        self.redo: list[tuple[Edit, str]] = []

    @initialize(flow=flows(most_nodes=4))
    def start(self, flow: LogicFlow) -> None:
        self.flow = flow

    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        before = dumps(self.flow)
        self.flow, inverse = apply(self.flow, data.draw(fitting_edits(self.flow)))
        self.undo.append((inverse, before))
        self.redo.clear()

    @rule(edit=edits)
    def edit_of_any_kind(self, edit: Edit) -> None:
        before = dumps(self.flow)
        try:
            self.flow, inverse = apply(self.flow, edit)
        except EditRefused:
            assert dumps(self.flow) == before
        else:
            self.undo.append((inverse, before))
            self.redo.clear()

    @precondition(lambda self: bool(self.undo))
    @rule()
    def take_back(self) -> None:
        inverse, expected = self.undo.pop()
        before = dumps(self.flow)
        self.flow, again = apply(self.flow, inverse)
        assert dumps(self.flow) == expected
        self.redo.append((again, before))

    @precondition(lambda self: bool(self.redo))
    @rule()
    def do_again(self) -> None:
        edit, expected = self.redo.pop()
        before = dumps(self.flow)
        self.flow, inverse = apply(self.flow, edit)
        assert dumps(self.flow) == expected
        self.undo.append((inverse, before))

    @precondition(lambda self: bool(self.undo))
    @rule()
    def take_everything_back(self) -> None:
        expected = self.undo[0][1]
        while self.undo:
            self.take_back()
        assert dumps(self.flow) == expected

    @invariant()
    def wires_are_sorted_and_there_once(self) -> None:
        assert list(self.flow.edges) == sorted(set(self.flow.edges))

    @invariant()
    def no_wire_leads_to_nowhere(self) -> None:
        assert {end.node for edge in self.flow.edges for end in edge} <= self.flow.nodes.keys()

    @invariant()
    def everything_stands_under_its_own_id(self) -> None:
        for items in (self.flow.nodes, self.flow.frames, self.flow.notes):
            assert all(id == item.id for id, item in items.items())


EditingMachine.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestEditing = EditingMachine.TestCase


def _wire(source: str, target: str) -> Edge:
    return Edge(Port(source, "out"), Port(target, "in"))


def _chain(length: int) -> tuple[Edit, ...]:
    blocks: list[Edit] = [AddNode(Node(f"n{number:05}", "sma")) for number in range(length)]
    return (*blocks, *(Connect(_wire(f"n{number:05}", f"n{number + 1:05}")) for number in range(length - 1)))


def test_removing_a_block_takes_its_wires_and_undo_brings_them_back() -> None:
    flow, _ = apply(EMPTY_FLOW, Batch(_chain(3)))
    smaller, inverse = apply(flow, RemoveNodes(frozenset({"n00001"})))
    assert smaller.edges == ()
    assert set(smaller.nodes) == {"n00000", "n00002"}
    assert apply(smaller, inverse)[0] == flow


def test_a_batch_that_fails_half_way_changes_nothing() -> None:
    flow, _ = apply(EMPTY_FLOW, AddNode(Node("a", "sma")))
    with pytest.raises(EditRefused, match="There is no block with the id 'missing'"):
        apply(flow, Batch((AddNode(Node("b", "sma")), Connect(_wire("b", "missing")))))
    assert set(flow.nodes) == {"a"}


@pytest.mark.parametrize("number", [float("nan"), float("inf"), 10**400])
def test_a_number_that_no_file_can_hold_is_refused_in_every_edit(number: float) -> None:
    flow, _ = apply(EMPTY_FLOW, AddNode(Node("a", "sma")))
    refused: tuple[Edit, ...] = (
        SetParameter("a", "period", number),
        MoveNodes(frozen_mapping({"a": Point(number, 0)})),
        AddNode(Node("b", "sma", position=Point(0, number))),
        AddNode(Node("b", "sma", parameters=frozen_mapping({"period": number}))),
        AddFrame(Frame("f", "", Rect(0, 0, number, 0))),
        SetStrategyParameter("x", StrategyParameter(1, maximum=number)),
    )
    for edit in refused:
        with pytest.raises(EditRefused, match="not finite"):
            apply(flow, edit)


def test_a_strategy_parameter_keeps_its_place_when_it_changes() -> None:
    fast, slow = (
        SetStrategyParameter("fast", StrategyParameter(10)),
        SetStrategyParameter("slow", StrategyParameter(30)),
    )
    flow, _ = apply(EMPTY_FLOW, Batch((fast, slow)))
    changed, inverse = apply(flow, SetStrategyParameter("fast", StrategyParameter(11)))
    assert [(name, one.value) for name, one in changed.parameters.items()] == [("fast", 11), ("slow", 30)]
    assert list(apply(changed, inverse)[0].parameters) == ["fast", "slow"]


def test_an_empty_id_and_a_block_too_many_are_refused() -> None:
    with pytest.raises(EditRefused, match="not empty"):
        apply(EMPTY_FLOW, AddNode(Node("", "sma")))
    full, _ = apply(EMPTY_FLOW, Batch(tuple(AddNode(Node(f"n{number}", "sma")) for number in range(10_000))))
    with pytest.raises(EditRefused, match="at most 10,000 blocks"):
        apply(full, AddNode(Node("one more", "sma")))


@pytest.mark.parametrize("there", [True, False])
def test_a_wire_is_drawn_once_and_taken_out_only_where_it_is(there: bool) -> None:
    flow, _ = apply(EMPTY_FLOW, Batch(_chain(2 if there else 1)))
    edit = Connect(_wire("n00000", "n00001")) if there else Disconnect(_wire("n00000", "n00001"))
    with pytest.raises(EditRefused, match=r"is there already\.$" if there else r"is not there\.$"):
        apply(flow, edit)


def test_undoing_a_large_batch_removes_its_blocks_in_one_step() -> None:
    """Otherwise each of thousands of removals would walk over all wires."""
    _, inverse = apply(EMPTY_FLOW, Batch(_chain(2_000)))
    assert isinstance(inverse, Batch)
    removals = [part for part in inverse.edits if isinstance(part, RemoveNodes)]
    assert [len(removal.nodes) for removal in removals] == [2_000]


def test_a_block_that_moves_keeps_everything_else() -> None:
    held = Node("a", "sma", "2.0.0", frozen_mapping({"period": 5}), "Fast", Point(1.0, 2.0), True, "Why", True)
    plain = Node("", "")
    assert all(getattr(held, field.name) != getattr(plain, field.name) for field in fields(Node))
    moved, _ = apply(LogicFlow(frozen_mapping({"a": held})), MoveNodes(frozen_mapping({"a": Point(3.0, 4.0)})))
    assert moved.nodes["a"] == replace(held, position=Point(3.0, 4.0))
