"""What is wrong with a formula is said with block, parameter and what to do; its fixes mend it."""

from dataclasses import replace

import pytest

from builder_app.flow.clipboard import copy, paste
from builder_app.flow.codec import dumps, encode, loads
from builder_app.flow.difference import difference
from builder_app.flow.edit_codec import edit_from_json, edit_to_json
from builder_app.flow.edits import InGroup, SetParameter, apply
from builder_app.flow.group_templates import template_from_group
from builder_app.flow.grouping import group_nodes
from builder_app.flow.history_titles import describe
from builder_app.flow.problems import Problem, Severity
from builder_app.flow.rules import check
from builder_app.flow.summary import parameter_line
from builder_app.flow.templates import effective_parameters
from builder_app.flow.values import (
    EMPTY_FLOW,
    Formula,
    LogicFlow,
    ParameterReference,
    Point,
    Secret,
    StrategyParameter,
    frozen_mapping,
)
from tests.flow.blocks import CATALOGUE, CROSSOVER, block, draw, within_bounds

STRATEGY = {
    "fast_period": StrategyParameter(10, 1.0, 50.0, 1.0),
    "key": StrategyParameter(Secret(3)),
    "source": StrategyParameter("close"),
}


def drawn(period: Formula) -> LogicFlow:
    """The crossover with this period of its fast average."""
    picture = draw(*CROSSOVER)
    fast = replace(picture.nodes["fast"], parameters=frozen_mapping({"period": period}), label="Fast average")
    nodes = frozen_mapping({**picture.nodes, "fast": fast})
    return replace(picture, nodes=nodes, parameters=frozen_mapping(STRATEGY))


def problems_of(flow: LogicFlow) -> list[Problem]:
    """Those of the fast average."""
    return [problem for problem in check(flow, CATALOGUE, within_bounds) if problem.node == "fast"]


@pytest.mark.parametrize(
    ("text", "rule", "message", "hint"),
    [
        (
            "fast_perod * 2",
            "unknown-strategy-parameter",
            "uses the strategy parameter 'fast_perod', which does not exist.",
            "Did you mean 'fast_period'?",
        ),
        (
            "fast_period / 4",
            "faulty-formula",
            "comes to 2.5 and not to a whole number.",
            "Write round(fast_period / 4).",
        ),
        (
            "fast_period / 2",
            "faulty-formula",
            "comes to 5 here, but not always to a whole number.",
            "Write round(fast_period / 2).",
        ),
        (
            "100 // (fast_period - 10)",
            "faulty-formula",
            "divides by fast_period - 10, which is 0.",
            "Change it, or the strategy parameters in it.",
        ),
        (
            "2 * source",
            "faulty-formula",
            "uses the strategy parameter 'source', which is no number.",
            "Give 'source' a number, or write one in its place.",
        ),
        (
            "2 * key",
            "faulty-formula",
            "uses the strategy parameter 'key', which is sensitive and never in code.",
            "Use one that is not.",
        ),
        ("2 *", "faulty-formula", "ends where a number or a strategy parameter should follow.", "Write for example "),
    ],
)
def test_a_formula_without_a_value_is_one_error_with_what_to_do(text: str, rule: str, message: str, hint: str) -> None:
    (problem,) = problems_of(drawn(Formula(text)))
    assert (problem.severity, problem.rule, problem.parameter) == (Severity.ERROR, rule, "period")
    assert problem.message == f"The period of 'Fast average' is the formula “{Formula(text).text}”, which {message}"
    assert problem.hint.startswith(hint)


@pytest.mark.parametrize(
    ("text", "fix", "title"),
    [
        ("fast_perod * 2", Formula("fast_period * 2"), "Write fast_period instead"),
        ("fast_period / 4", Formula("round(fast_period / 4)"), "Round it"),
        ("fast_period * 30", Formula("min(fast_period * 30, 200)"), "Keep period at most 200"),
        ("fast_period - 30", Formula("max(fast_period - 30, 1)"), "Keep period at least 1"),
    ],
)
def test_one_click_mends_a_formula_and_keeps_it_one(text: str, fix: Formula, title: str) -> None:
    flow = drawn(Formula(text))
    (problem,) = problems_of(flow)
    assert problem.fix is not None
    assert (problem.fix, problem.fix_title) == (SetParameter("fast", "period", fix), title)
    mended, back = apply(flow, problem.fix)
    assert problems_of(mended) == []
    assert apply(mended, back)[0] == flow


def test_a_formula_out_of_bounds_is_said_with_the_formula() -> None:
    (problem,) = problems_of(drawn(Formula("fast_period * 30")))
    assert problem.rule == "wrong-parameter"
    assert problem.message.endswith("It is the formula “fast_period * 30”.")


def test_a_size_that_cannot_be_paid_for_keeps_its_formula_too() -> None:
    """What sets a value anywhere else, too, leaves a formula where there was one."""
    flow = drawn(Formula("fast_period"))
    size = block("size", "percent_of_equity", percent=Formula("fast_period * 15"))
    flow = replace(flow, nodes=frozen_mapping({**flow.nodes, "size": size}))
    (problem,) = [each for each in check(flow, CATALOGUE, within_bounds) if each.rule == "size-over-100-percent"]
    assert problem.fix == SetParameter("size", "percent", Formula("min(fast_period * 15, 100)"))


def test_what_no_one_click_can_mend_goes_back_to_the_default() -> None:
    flow = drawn(Formula("1 // 0"))
    (problem,) = problems_of(flow)
    assert problem.fix == SetParameter("fast", "period", is_set=False)
    assert problem.fix_title == "Use the default of period"


@pytest.mark.parametrize("text", ["5 / 2", "4 / 2", "1 / 0"])
def test_a_formula_of_numbers_only_is_looked_at_like_any_other(text: str) -> None:
    (problem,) = problems_of(drawn(Formula(text)))
    assert problem.rule == "faulty-formula"


def test_a_formula_inside_a_group_is_told_and_mended_there() -> None:
    flow = drawn(Formula("fast_period / 4"))
    grouped, _ = apply(flow, group_nodes(flow, CATALOGUE, ("fast", "slow", "cross"), "Trend"))
    (problem,) = [each for each in check(grouped, CATALOGUE, within_bounds) if each.rule == "faulty-formula"]
    assert "Fast average" in problem.message
    assert problem.fix == InGroup("group", SetParameter("fast", "period", Formula("round(fast_period / 4)")))
    mended, _ = apply(grouped, problem.fix)
    assert all(each.rule != "faulty-formula" for each in check(mended, CATALOGUE, within_bounds))


def test_a_block_of_ones_own_carries_the_value_and_not_the_formula() -> None:
    flow = drawn(Formula("2 * fast_period"))
    grouped, _ = apply(flow, group_nodes(flow, CATALOGUE, ("fast", "slow", "cross"), "Trend"))
    made = template_from_group(grouped, CATALOGUE, "group", "trend")
    assert made.body[0].body.nodes["fast"].parameters["period"] == 20


def test_a_formula_has_its_value_in_a_block_without_a_reference_being_touched() -> None:
    node = block("a", "sma", period=Formula("2 * fast_period + 1"), source=ParameterReference("source"))
    strategy = {name: each.value for name, each in STRATEGY.items()}
    assert effective_parameters(node, CATALOGUE.templates["sma"], strategy) == {"period": 21, "source": "close"}
    assert effective_parameters(node, CATALOGUE.templates["sma"], {}) == dict(node.parameters)


# -- files, the clipboard, the history --------------------------------------------------------------------------------


def test_a_formula_is_written_beside_references_which_stay_as_they_were() -> None:
    flow = draw(block("a", "sma", period=Formula("2*fast_period+1")), block("b", "sma", period=ParameterReference("x")))
    by_id = {node["id"]: node["parameters"] for node in encode(flow)["nodes"]}  # type: ignore[index, union-attr, call-overload]
    assert by_id == {"a": {"period": {"formula": "2 * fast_period + 1"}}, "b": {"period": {"parameter": "x"}}}
    assert loads(dumps(flow)) == flow


def test_a_formula_that_nobody_can_read_is_kept_as_it_was_written() -> None:
    flow = draw(block("a", "sma", period=Formula("2 +* wörld")))
    assert loads(dumps(flow)).nodes["a"].parameters["period"] == Formula("2 +* wörld")


def test_the_journal_and_the_history_know_formulas() -> None:
    edit = SetParameter("fast", "period", Formula("2 * fast_period"))
    assert edit_from_json(edit_to_json(edit)) == edit
    assert describe(edit, drawn(Formula("1")), CATALOGUE) == "Set period of Fast average to 2 * fast_period"


def test_a_difference_names_the_formula() -> None:
    (change,) = difference(drawn(Formula("2 * fast_period")), drawn(Formula("3 * fast_period")))
    said = "period is the formula '3 * fast_period' instead of the formula '2 * fast_period'"
    assert change.text == f"The block 'Fast average' was changed: {said}."


def test_the_line_of_a_block_shows_the_formula() -> None:
    node = block("a", "sma", period=Formula("2 * fast_period"))
    assert parameter_line(node, CATALOGUE.templates["sma"]) == "period = 2 * fast_period · close"


def test_copied_blocks_bring_the_strategy_parameters_of_their_formulas_but_no_secret() -> None:
    flow = drawn(Formula("2 * fast_period + key"))
    pasted, _ = apply(EMPTY_FLOW, paste(copy(flow, ["fast"]), EMPTY_FLOW, Point(0, 0)))
    assert pasted.nodes["fast"].parameters["period"] == Formula("2 * fast_period + key")
    assert dict(pasted.parameters) == {"fast_period": STRATEGY["fast_period"]}
