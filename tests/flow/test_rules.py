"""Every problem is found at once, is said in a sentence that names the block, and its fix mends it."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.flow.edits import AddNode, Batch, Mute, apply
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.rules import check
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import (
    EMPTY_FLOW,
    LogicFlow,
    Node,
    ParameterReference,
    StrategyParameter,
    frozen_mapping,
)
from tests.flow.blocks import CATALOGUE, CROSSOVER, block, draw, within_bounds
from tests.flow.strategies import nodes, wires_between


def _check(flow: LogicFlow) -> tuple[Problem, ...]:
    return check(flow, CATALOGUE, within_bounds)


def _rules(problems: Sequence[Problem]) -> list[str]:
    return [problem.rule for problem in problems]


def _only(flow: LogicFlow) -> Problem:
    (problem,) = _check(flow)
    return problem


def _mended(flow: LogicFlow, problem: Problem) -> LogicFlow:
    assert problem.fix is not None
    assert problem.fix_title
    return apply(flow, problem.fix)[0]


def _with(flow: LogicFlow, *parts: Node | str) -> LogicFlow:
    other = draw(*parts)
    return draw_again(flow, other)


def draw_again(flow: LogicFlow, other: LogicFlow) -> LogicFlow:
    """Both flows as one; blocks of the second take the place of those with their id."""
    return LogicFlow(
        frozen_mapping({**flow.nodes, **other.nodes}),
        tuple(sorted({*flow.edges, *other.edges})),
        parameters=flow.parameters,
    )


FLOW = draw(*CROSSOVER)


def test_a_whole_strategy_has_no_problems() -> None:
    assert _check(FLOW) == ()


def test_an_empty_canvas_never_enters() -> None:
    problem = _only(EMPTY_FLOW)
    assert (problem.severity, problem.rule) == (Severity.ERROR, "no-entry")
    assert problem.message == "The canvas is empty: it has no entry."


def test_a_block_of_unknown_kind_is_named_and_keeps_its_wires_out_of_the_other_rules() -> None:
    problem = _only(_with(FLOW, block("fast", "smaa", "Fast average")))
    assert problem.message == "The block 'Fast average' is of a kind that this program does not have: 'smaa'."
    assert problem.hint.startswith("Did you mean 'sma'?")
    assert problem.severity is Severity.ERROR


def test_wires_to_ports_that_do_not_exist_are_named_and_can_be_taken_out() -> None:
    flow = _with(FLOW, "fast.upper > cross.c")
    output, entry = _check(flow)
    assert output.message == (
        "The wire from 'Fast average' to 'Crosses above' needs the output 'upper' of 'Fast average', "
        "which does not exist."
    )
    assert output.hint == "Of outputs it has value; wire it anew."
    assert (entry.node, entry.port) == ("cross", "c")
    assert _check(_mended(flow, entry)) == ()


def test_a_series_does_not_fit_a_condition_and_the_sentence_says_what_to_put_between() -> None:
    flow = _with(
        FLOW, block("leave", "exit_long", "Leave"), "fast.value > leave.condition", "leave.signal > size.signal"
    )
    problem = _only(flow)
    assert problem.message == (
        "A series can't be wired into 'condition' of 'Leave', which takes true/false; put a comparison between them."
    )
    assert (problem.node, problem.port, problem.rule) == ("leave", "condition", "type-mismatch")
    assert "missing-input" in _rules(_check(_mended(flow, problem)))


def test_an_input_for_one_wire_with_two_is_a_problem_whose_fix_keeps_the_first() -> None:
    flow = _with(FLOW, "slow.value > cross.a")
    problem = _only(flow)
    assert problem.message == (
        "'Fast' of 'Crosses above' takes one wire and has 2, from 'Fast average', 'Slow average'."
    )
    assert _mended(flow, problem) == FLOW


def test_an_input_for_many_wires_takes_many() -> None:
    flow = _with(FLOW, block("leave", "exit_long"), "cross.result > leave.condition", "leave.signal > size.signal")
    assert _check(flow) == ()


def test_a_circle_is_named_by_its_blocks_and_its_fix_opens_it() -> None:
    flow = _with(
        FLOW,
        block("n1", "not", "First"),
        block("n2", "not", "Second"),
        block("leave", "exit_long"),
        "n1.result > n2.condition",
        "n2.result > n1.condition",
        "n2.result > leave.condition",
        "leave.signal > size.signal",
    )
    problem = _only(flow)
    assert problem.message == (
        "The wires go in a circle: 'First' → 'Second' → 'First'; a block can't depend on its own result."
    )
    assert _rules(_check(_mended(flow, problem))) == ["missing-input"]


def test_a_circle_through_a_muted_block_is_still_one() -> None:
    flow = draw(*CROSSOVER, block("n1", "not", muted=True), "n1.result > n1.condition")
    assert "circle" in _rules(_check(flow))


def test_a_missing_wire_is_a_problem_of_its_port() -> None:
    flow = draw(*(part for part in CROSSOVER if part != "fast.value > cross.a"))
    found = _check(flow)
    assert _rules(found) == ["missing-input", "unused"]
    assert found[0].message == "'Crosses above' needs a wire into 'Fast'."
    assert (found[0].node, found[0].port, found[0].hint) == ("cross", "a", "Wire in a price or an indicator.")


@pytest.mark.parametrize(
    ("value", "mended"), [(0, 1), (-3, 1), (500, 200), (12.4, 12), ("twelve", None), (True, None), (None, None)]
)
def test_a_parameter_out_of_range_goes_to_the_nearest_bound_or_else_to_its_default(
    value: int | float | str | None, mended: int | None
) -> None:
    flow = _with(FLOW, block("fast", "sma", "Fast average", period=value))
    problem = _only(flow)
    assert problem.message.startswith("In 'Fast average': The period must be ")
    assert (problem.rule, problem.parameter) == ("wrong-parameter", "period")
    after = _mended(flow, problem)
    assert after.nodes["fast"].parameters.get("period") == mended
    assert _check(after) == ()


def test_a_parameter_that_the_template_does_not_know_can_be_taken_away() -> None:
    flow = _with(FLOW, block("fast", "sma", "Fast average", period=10, length=3))
    problem = _only(flow)
    assert problem.message == "In 'Fast average': There is no parameter 'length'."
    assert _mended(flow, problem) == FLOW


def test_a_wrong_value_from_a_strategy_parameter_is_mended_where_it_is_held() -> None:
    drawn = _with(FLOW, block("fast", "sma", "Fast average", period=ParameterReference("fast")))
    flow = LogicFlow(drawn.nodes, drawn.edges, parameters={"fast": StrategyParameter(0)})
    problem = _only(flow)
    after = _mended(flow, problem)
    assert after.parameters["fast"].value == 1
    assert after.nodes == flow.nodes


def test_a_reference_to_no_strategy_parameter_can_be_defined_with_the_default() -> None:
    flow = _with(FLOW, block("fast", "sma", "Fast average", period=ParameterReference("fast_period")))
    problem = _only(flow)
    assert problem.message == (
        "The period of 'Fast average' is the strategy parameter 'fast_period', which does not exist."
    )
    after = _mended(flow, problem)
    assert after.parameters["fast_period"].value == 20
    assert _check(after) == ()


def test_a_negative_shift_looks_ahead_and_only_that_rule_speaks_of_it() -> None:
    flow = _with(
        draw(*(part for part in CROSSOVER if part != "fast.value > cross.a")),
        block("past", "previous_value", "Tomorrow", bars=-2),
        "fast.value > past.series",
        "past.value > cross.a",
    )
    problem = _only(flow)
    assert problem.message == "'Tomorrow' looks 2 bars ahead: prices that nobody knew then."
    assert problem.rule == "looks-ahead"
    assert _check(_mended(flow, problem)) == ()


@pytest.mark.parametrize(
    ("parameter", "mended"),
    [
        (StrategyParameter(5, minimum=10), StrategyParameter(10, minimum=10)),
        (StrategyParameter(5, maximum=2.5), StrategyParameter(2.5, maximum=2.5)),
        (StrategyParameter(5, minimum=9, maximum=1), StrategyParameter(5, minimum=1, maximum=9)),
    ],
)
def test_a_strategy_parameter_outside_its_bounds_is_a_warning(
    parameter: StrategyParameter, mended: StrategyParameter
) -> None:
    flow = LogicFlow(FLOW.nodes, FLOW.edges, parameters={"p": parameter})
    problem = _only(flow)
    assert (problem.severity, problem.parameter) == (Severity.WARNING, "p")
    assert _mended(flow, problem).parameters["p"] == mended


def test_without_an_entry_the_strategy_never_enters() -> None:
    flow = draw(*(part for part in CROSSOVER if "enter" not in (part if isinstance(part, str) else part.id)))
    found = {problem.rule: problem for problem in _check(flow)}
    assert found["no-entry"].message == "This strategy never enters a position: it has no entry."
    assert found["no-entry"].severity is Severity.ERROR


def test_a_leg_with_exits_alone_is_told_apart_from_a_strategy_without_entries() -> None:
    flow = _with(
        FLOW,
        block("leave", "exit_long"),
        block("other", "percent_of_equity", "Other size"),
        "cross.result > leave.condition",
        "leave.signal > other.signal",
    )
    problem = _only(flow)
    assert problem.message == "'Other size' never enters: only exits are wired into it."
    assert (problem.severity, problem.node) == (Severity.WARNING, "other")


def test_without_exit_stop_or_target_positions_stay_open() -> None:
    bare = draw(*(part for part in CROSSOVER if "stop" not in (part if isinstance(part, str) else part.id)))
    problem = _only(bare)
    assert problem.message == (
        "The long positions of 'Percent of equity' are never closed: there is no exit signal, stop or target."
    )
    assert problem.severity is Severity.WARNING
    target = _with(bare, block("target", "percent_target"), "size.position > target.position")
    leave = _with(bare, block("x", "exit_long"), "cross.result > x.condition", "x.signal > size.signal")
    wrong_side = _with(bare, block("x", "exit_short"), "cross.result > x.condition", "x.signal > size.signal")
    assert (_rules(_check(target)), _rules(_check(leave)), _rules(_check(wrong_side))) == ([], [], ["no-exit"])


def test_a_leg_over_100_percent_is_an_error_and_a_sum_over_it_a_warning_that_can_be_scaled() -> None:
    single = _only(_with(FLOW, block("size", "percent_of_equity", "Big", percent=150.0)))
    assert single.message == "'Big' asks for 150 % of equity; there is only 100 % to spend."
    assert single.severity is Severity.ERROR
    two = _with(
        FLOW,
        block("size", "percent_of_equity", "First", percent=80.0),
        block("size2", "percent_of_equity", "Second", percent=40.0),
        block("stop2", "percent_stop"),
        "enter.signal > size2.signal",
        "size2.position > stop2.position",
    )
    total = _only(two)
    assert total.message.startswith("The position sizes 'First', 'Second' add up to 120 % of equity")
    assert total.severity is Severity.WARNING
    after = _mended(two, total)
    assert [after.nodes[id].parameters["percent"] for id in ("size", "size2")] == [66.66, 33.33]
    assert _check(after) == ()


@pytest.mark.parametrize(("percent", "is_wrong"), [(99.0, False), (100.0, True), (0.0, True), (-5.0, True)])
def test_a_stop_beyond_the_entry_is_refused_for_a_long_position(percent: float, is_wrong: bool) -> None:
    flow = _with(FLOW, block("stop", "percent_stop", percent=percent))
    assert _rules(_check(flow)) == (["stop-beyond-entry"] if is_wrong else [])
    if is_wrong:
        assert _check(_mended(flow, _only(flow))) == ()


def test_a_short_position_may_have_a_stop_at_twice_its_entry() -> None:
    flow = _with(FLOW, block("enter", "enter_short"), block("stop", "percent_stop", percent=100.0))
    assert _check(flow) == ()


def test_blocks_that_nothing_uses_are_remarked_and_can_be_removed() -> None:
    flow = _with(FLOW, block("idle", "sma", "Idle"), "prices.close > idle.price")
    problem = _only(flow)
    assert (problem.severity, problem.message) == (
        Severity.REMARK,
        "Nothing depends on 'Idle': it is left out of the code.",
    )
    assert _mended(flow, problem) == FLOW


def test_signals_without_a_position_are_traded_in_the_default_size_and_one_fix_gives_them_all_one() -> None:
    loose = draw(
        *(part for part in CROSSOVER if not any(word in str(part) for word in ("size", "stop"))),
        block("leave", "exit_long"),
        "cross.result > leave.condition",
    )
    found = _check(loose)
    assert _rules(found) == ["no-position", "no-position"]
    assert found[0].message == (
        "No position size is wired behind 'Enter long': it is traded in the default size, 10 % of equity an entry."
    )
    after = _mended(loose, found[0])
    assert _check(after) == ()
    (size,) = (node for node in after.nodes.values() if node.template == "percent_of_equity")
    assert size.parameters == {"percent": 10.0}


def test_a_loose_exit_is_wired_into_the_only_position() -> None:
    flow = _with(FLOW, block("leave", "exit_long"), "cross.result > leave.condition")
    problem = _only(flow)
    assert "closes nothing" in problem.message
    after = _mended(flow, problem)
    assert after.nodes == flow.nodes
    assert _check(after) == ()


def test_muted_blocks_are_bypassed_and_a_fix_never_takes_out_a_wire_that_is_not_drawn() -> None:
    muted, _ = apply(FLOW, Mute("stop", True))
    assert _rules(_check(muted)) == ["no-exit"]
    flow = draw(
        block("both", "all_of", muted=True),
        block("n1", "not"),
        block("n2", "not"),
        block("enter", "enter_long"),
        "n1.result > both.conditions",
        "n2.result > both.conditions",
        "both.result > enter.condition",
    )
    (taken,) = (problem for problem in _check(flow) if problem.rule == "taken-input")
    assert taken.fix is None


def test_all_problems_are_told_at_once() -> None:
    flow = draw(
        block("a", "sma", "A", period=0),
        block("b", "mystery"),
        block("c", "crosses_above"),
        block("d", "enter_long"),
        "a.value > d.condition",
        "a.nothing > c.a",
    )
    assert set(_rules(_check(flow))) >= {
        "unknown-template",
        "missing-port",
        "type-mismatch",
        "missing-input",
        "wrong-parameter",
        "no-exit",
        "no-position",
        "unused",
    }


PORTS = sorted(
    {port.name for it in CATALOGUE.templates.values() for port in it.input_ports}
    | {port.name for it in CATALOGUE.templates.values() for port in it.output_ports}
)


@st.composite
def drawn_at_random(draw_value: st.DrawFn) -> LogicFlow:
    """Blocks of the catalogue (and others), wired anyhow, ports that do not exist included."""
    kinds = [*CATALOGUE.templates, "mystery"]
    by_id = {node.id: node for node in draw_value(st.lists(nodes(templates=kinds), max_size=8))}
    wires = draw_value(st.sets(wires_between(by_id, PORTS), max_size=16)) if by_id else set()
    return LogicFlow(frozen_mapping(by_id), tuple(sorted(wires)))


@settings(max_examples=200, deadline=None)
@given(drawn_at_random())
def test_any_drawing_gets_whole_sentences_and_every_fix_can_be_applied(flow: LogicFlow) -> None:
    for problem in _check(flow):
        assert problem.message.endswith(".")
        assert problem.message[0] in "'" or problem.message[0].isupper()
        assert problem.hint or problem.fix
        assert bool(problem.fix) == bool(problem.fix_title)
        assert problem.node is None or problem.node in flow.nodes
        if problem.fix is not None:
            changed, inverse = apply(flow, problem.fix)
            assert apply(changed, inverse)[0] == flow


def test_an_empty_catalogue_makes_every_block_unknown() -> None:
    found = check(FLOW, Catalogue(), within_bounds)
    assert _rules(found) == ["unknown-template"] * len(FLOW.nodes) + ["no-entry"]


def test_ten_thousand_blocks_are_checked_with_a_few_looks_at_each() -> None:
    looks = 0

    def counting(*arguments: object) -> list[tuple[str, str]]:
        nonlocal looks
        looks += 1
        return []

    blocks = Batch(tuple(AddNode(block(f"n{number}", "sma")) for number in range(10_000)))
    flow, _ = apply(EMPTY_FLOW, blocks)
    assert len(check(flow, CATALOGUE, counting)) == 1
    assert looks == 10_000


def test_a_validator_that_misses_a_parameter_whose_reference_is_open_says_nothing_twice() -> None:
    flow = _with(FLOW, block("fast", "sma", "Fast average", period=ParameterReference("fast_period")))
    found = check(flow, CATALOGUE, lambda form, values: [("period", "It is missing.")] if form.name == "sma" else [])
    assert _rules(found) == ["unknown-strategy-parameter", "wrong-parameter"]
    assert [problem.node for problem in found] == ["fast", "slow"]
