"""Copied text carries blocks and their inner wires; pasted ones never touch what is there."""

import pytest
from hypothesis import given

from builder_app.flow.clipboard import add_part, copy, corner_of, part_of, paste
from builder_app.flow.codec import FlowUnreadable, dumps, loads
from builder_app.flow.edits import Batch, apply
from builder_app.flow.values import EMPTY_FLOW, LogicFlow, ParameterReference, Point, StrategyParameter
from tests.flow.blocks import CROSSOVER, block, draw
from tests.flow.strategies import flows

FLOW = draw(*CROSSOVER)


@given(flows())
def test_pasting_a_copy_into_an_empty_flow_gives_the_blocks_and_inner_wires_again(flow: LogicFlow) -> None:
    some = sorted(flow.nodes)[::2]
    text = copy(flow, some)
    pasted, _ = apply(EMPTY_FLOW, paste(text, EMPTY_FLOW, Point(0, 0)))
    assert set(pasted.nodes) == set(some)
    assert pasted.edges == tuple(it for it in flow.edges if it.source.node in some and it.target.node in some)
    for id in some:
        assert pasted.nodes[id].parameters == flow.nodes[id].parameters
        assert pasted.nodes[id].label == flow.nodes[id].label


def test_a_copy_is_pasted_beside_the_original_under_fresh_ids_and_taken_back_in_one_step() -> None:
    edit = paste(copy(FLOW, FLOW.nodes), FLOW, Point(100, 50))
    assert isinstance(edit, Batch)
    assert edit.title == "Paste 7 blocks"
    twice, inverse = apply(FLOW, edit)
    assert set(twice.nodes) == {*FLOW.nodes, *(f"{id}_2" for id in FLOW.nodes)}
    assert len(twice.edges) == 2 * len(FLOW.edges)
    assert apply(twice, inverse)[0] == FLOW
    thrice, _ = apply(twice, paste(copy(twice, ["fast_2", "slow"]), twice, Point(0, 0)))
    assert set(thrice.nodes) - set(twice.nodes) == {"fast_3", "slow_3"}


@given(flows())
def test_what_is_added_without_text_is_what_a_copied_text_brings(flow: LogicFlow) -> None:
    some = sorted(flow.nodes)[::2]
    frames, notes = sorted(flow.frames)[:1], sorted(flow.notes)[:1]
    part = part_of(flow, some, frames, notes)
    corner = corner_of(part)
    at = Point(corner.x + 32, corner.y + 32)
    by_text = apply(flow, paste(copy(flow, some, frames, notes), flow, at))[0]
    assert apply(flow, add_part(part, flow, at))[0] == by_text


def test_the_upper_left_corner_lands_where_it_was_asked_for() -> None:
    first, _ = apply(EMPTY_FLOW, paste(copy(FLOW, ["fast"]), EMPTY_FLOW, Point(30, 40)))
    both, _ = apply(first, paste(copy(FLOW, ["slow"]), first, Point(130, 90)))
    moved, _ = apply(EMPTY_FLOW, paste(copy(both, both.nodes), EMPTY_FLOW, Point(-10, 5)))
    assert moved.nodes["fast"].position == Point(-10, 5)
    assert moved.nodes["slow"].position == Point(90, 55)


def test_strategy_parameters_come_along_but_for_sensitive_ones_and_those_that_exist() -> None:
    nodes = (
        block("a", "sma", period=ParameterReference("open")),
        block("b", "sma", period=ParameterReference("secret")),
    )
    parameters = {
        "open": StrategyParameter(5),
        "secret": StrategyParameter(123456, sensitive=True),
        "other": StrategyParameter(1),
    }
    text = copy(draw(*nodes, parameters=parameters), ["a", "b"])
    assert "123456" not in text
    pasted, _ = apply(EMPTY_FLOW, paste(text, EMPTY_FLOW, Point(0, 0)))
    assert pasted.parameters == {"open": StrategyParameter(5)}
    there = LogicFlow(parameters={"open": StrategyParameter(9)})
    assert apply(there, paste(text, there, Point(0, 0)))[0].parameters == there.parameters


@given(flows())
def test_a_whole_flow_can_be_pasted_with_its_frames_and_notes(flow: LogicFlow) -> None:
    pasted, _ = apply(flow, paste(dumps(flow), flow, Point(0, 0)))
    assert len(pasted.nodes) == 2 * len(flow.nodes)
    assert len(pasted.edges) == 2 * len(flow.edges)
    assert len(pasted.frames) == 2 * len(flow.frames)
    assert len(pasted.notes) == 2 * len(flow.notes)


@pytest.mark.parametrize("text", ["", "hello", "{}", '{"format": "logic-flow-fragment", "version": 2}'])
def test_any_other_text_is_refused_like_a_file(text: str) -> None:
    with pytest.raises(FlowUnreadable):
        paste(text, EMPTY_FLOW, Point(0, 0))


def test_a_fragment_is_no_file() -> None:
    with pytest.raises(FlowUnreadable, match="This is not a logic flow"):
        loads(copy(FLOW, FLOW.nodes))


def test_fresh_ids_avoid_those_of_the_fragment_too() -> None:
    part = draw(block("a", "prices"), block("a_2", "sma"), "a.close > a_2.price")
    there = draw(block("a", "prices"))
    pasted, _ = apply(there, paste(copy(part, part.nodes), there, Point(0, 0)))
    assert set(pasted.nodes) == {"a", "a_2", "a_3"}
    assert [edge.source.node for edge in pasted.edges] == ["a_2"]
    assert [edge.target.node for edge in pasted.edges] == ["a_3"]
