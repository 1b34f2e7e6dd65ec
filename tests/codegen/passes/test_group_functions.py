"""Groups in the text: one readable function each, equal to the picture bar by bar, whatever is grouped."""

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder_app.codegen.advice import advice_on_picture
from builder_app.codegen.checks import check_program
from builder_app.codegen.flow_hash import flow_hash
from builder_app.codegen.interpreter.interpret import interpret
from builder_app.codegen.program import ValidationStatus
from builder_app.codegen.reading_back.round_trip import read_back
from builder_app.flow.edits import AddNode, Connect, MoveNodes, SetParameter, apply
from builder_app.flow.group_paths import path_id
from builder_app.flow.group_ports import expose, hidden_parameters
from builder_app.flow.grouping import GroupingRefused, group_nodes, in_group
from builder_app.flow.rules import check
from builder_app.flow.values import (
    Formula,
    LogicFlow,
    Node,
    ParameterReference,
    Point,
    StrategyParameter,
    frozen_mapping,
)
from builder_app.nodes import validate_parameters
from tests.codegen.flows import CATALOGUE, compiled, executed, flow, node, random_prices, well_typed_flows, wire
from tests.codegen.interpreter.test_interpret import assert_equivalent

PICTURE = flow(
    "Demo",
    [
        node("prices", "prices"),
        node("fast", "sma", "Fast average", period=10),
        node("slow", "sma", "Slow average", period=30),
        node("cross", "crosses_above"),
        node("buy", "enter_long"),
        node("no", "not"),
        node("sell", "exit_long"),
        node("size", "percent_of_equity"),
        node("stop", "percent_stop"),
    ],
    [
        "prices.close > fast.price",
        "prices.close > slow.price",
        "fast.value > cross.a",
        "slow.value > cross.b",
        "cross.result > buy.condition",
        "cross.result > no.condition",
        "no.result > sell.condition",
        "buy.signal > size.signal",
        "sell.signal > size.signal",
        "size.position > stop.position",
    ],
)


def _grouped(picture: LogicFlow, *ids: str, title: str = "Trend filter") -> LogicFlow:
    return apply(picture, group_nodes(picture, CATALOGUE, ids, title))[0]


def _trend() -> LogicFlow:
    picture = _grouped(PICTURE, "fast", "slow", "cross")
    return apply(picture, expose(picture, CATALOGUE, "group", "fast", "period"))[0]


def _functions(source: str) -> dict[str, ast.FunctionDef]:
    return {held.name: held for held in ast.parse(source).body if isinstance(held, ast.FunctionDef)}


def test_a_group_is_one_function_with_its_inputs_and_parameters_called_once() -> None:
    source = compiled(_trend()).source
    assert "def trend_filter(price: np.ndarray, period: int = 10) -> np.ndarray:" in source
    assert '    """Trend filter."""' in source
    assert "    fast_average = ta.SMA(price, timeperiod=period)" in source
    assert source.count("= trend_filter(close)") == 1


def test_what_an_instance_sets_is_said_in_its_call_and_two_instances_share_the_function() -> None:
    picture = apply(_trend(), SetParameter("group", "period", 5))[0]
    picture = apply(picture, AddNode(Node("again", "group:group", parameters=frozen_mapping({"period": 7.0}))))[0]
    for each in ("prices.close > again.price", "again.result > both.condition"):
        picture = apply(picture, AddNode(node("both", "enter_short")))[0] if "both" not in picture.nodes else picture
        picture = apply(picture, Connect(wire(each)))[0]
    picture = apply(picture, Connect(wire("both.signal > size.signal")))[0]
    program = compiled(picture)
    assert "trend_filter(close, period=5)" in program.source
    assert "trend_filter(close, period=7)" in program.source
    assert list(_functions(program.source)).count("trend_filter") == 1
    assert "trend_filter_2" not in _functions(program.source)
    line = next(
        number for number, text in enumerate(program.source.splitlines()) if "ta.SMA(price, timeperiod=period)" in text
    )
    assert set(program.lines[line]) == {path_id(("group",), "fast"), path_id(("again",), "fast")}
    assert_equivalent(picture, random_prices(3))


def test_a_strategy_parameter_goes_through_the_call_and_stays_whole() -> None:
    picture = apply(_trend(), SetParameter("group", "period", ParameterReference("fast")))[0]
    picture = LogicFlow(
        picture.nodes, picture.edges, parameters=frozen_mapping({"fast": StrategyParameter(6.0)}), groups=picture.groups
    )
    source = compiled(picture).source
    assert '"fast": 6,' in source
    assert 'trend_filter(close, period=PARAMETERS["fast"])' in source
    assert_equivalent(picture, random_prices(4))


@pytest.mark.parametrize(
    ("formula", "call", "constant"),
    [
        ("2 * fast + 1", 'trend_filter(close, period=2 * PARAMETERS["fast"] + 1)', False),
        ("round(fast * 1.5) + max(fast // 2, fast - 3, 1)", "trend_filter(close, period=TREND_FILTER_PERIOD)", True),
        ("2 * 3", "trend_filter(close, period=6)", False),
    ],
)
def test_a_formula_goes_through_the_call(formula: str, call: str, constant: bool) -> None:
    picture = apply(_trend(), SetParameter("group", "period", Formula(formula)))[0]
    picture = replace(picture, parameters=frozen_mapping({"fast": StrategyParameter(6.0)}))
    source = compiled(picture).source
    assert call in source
    assert ("\nTREND_FILTER_PERIOD = (" in source or "\nTREND_FILTER_PERIOD = round" in source) is constant
    assert_equivalent(picture, random_prices(4))


def test_a_formula_inside_a_group_reads_the_strategy_parameters() -> None:
    picture = apply(_trend(), in_group("group", SetParameter("slow", "period", Formula("3 * fast"))))[0]
    picture = replace(picture, parameters=frozen_mapping({"fast": StrategyParameter(6)}))
    source = compiled(picture).source
    assert 'timeperiod=3 * PARAMETERS["fast"])' in source
    assert_equivalent(picture, random_prices(4))


@pytest.mark.parametrize("formula", ["fast * 2", "max(fast, 2) + round(fast / 3) + fast // 2 + fast % 5"])
def test_an_instance_that_sets_nothing_takes_the_formula_inside(formula: str) -> None:
    picture = apply(_trend(), in_group("group", SetParameter("fast", "period", Formula(formula))))[0]
    picture = replace(picture, parameters=frozen_mapping({"fast": StrategyParameter(6)}))
    source = compiled(picture).source
    assert "def trend_filter(price: np.ndarray, period: int) -> np.ndarray:" in source
    assert check_program(source).status is ValidationStatus.VALID
    assert_equivalent(picture, random_prices(4))


def test_an_input_that_is_not_wired_keeps_the_default_of_the_block_inside() -> None:
    picture = _trend()
    edge = wire("prices.close > group.price")
    picture = LogicFlow(picture.nodes, tuple(e for e in picture.edges if e != edge), groups=picture.groups)
    source = compiled(picture).source
    assert "def trend_filter(prices: dict[str, np.ndarray], period: int = 10) -> np.ndarray:" in source
    assert "trend_filter(prices)" in source
    assert_equivalent(picture, random_prices(5))


def test_groups_in_groups_are_functions_that_call_functions() -> None:
    picture = _grouped(_trend(), "group", "no", title="Signals to trade")
    source = compiled(picture).source
    names = list(_functions(source))
    assert names.index("trend_filter") < names.index("signals_to_trade") < names.index("signals")
    assert "tuple[np.ndarray, np.ndarray]:" in source
    assert_equivalent(picture, random_prices(6))


def test_a_group_with_rules_is_opened_in_its_place_and_the_group_inside_it_stays_a_function() -> None:
    picture = _grouped(_trend(), "group", "buy", "no", "sell", "size", title="Whole")
    program = compiled(picture)
    assert "trend_filter" in _functions(program.source)
    assert "whole" not in _functions(program.source)
    assert program.warm_up == compiled(PICTURE).warm_up
    assert_equivalent(picture, random_prices(7))


def test_every_line_of_a_function_leads_to_its_blocks_and_their_instance() -> None:
    program = compiled(_trend())
    found = {id for nodes in program.lines for id in nodes}
    assert {path_id(("group",), id) for id in ("fast", "slow", "cross")} <= found
    head = next(
        number for number, text in enumerate(program.source.splitlines()) if text.startswith("def trend_filter")
    )
    assert program.lines[head] == ("group",)


def test_the_hash_counts_what_is_in_drawn_groups_and_not_where() -> None:
    picture = _trend()
    moved = apply(picture, in_group("group", MoveNodes(frozen_mapping({"fast": Point(9.0, 9.0)}))))[0]
    other = apply(picture, in_group("group", SetParameter("slow", "period", 31)))[0]
    assert flow_hash(moved) == flow_hash(picture)
    assert flow_hash(other) != flow_hash(picture)
    assert flow_hash(apply(PICTURE, AddNode(node("x", "not")))[0]) != flow_hash(PICTURE)


def test_a_function_that_is_not_of_a_groups_form_is_found() -> None:
    source = compiled(_trend()).source
    assert check_program(source).status is ValidationStatus.VALID
    for old, new in (
        ("    return crosses_above\n", "    return open(price)\n"),
        ("(price: np.ndarray, period: int = 10)", "(price: np.ndarray, *period: int)"),
        ("(price: np.ndarray, period: int = 10)", "(price: np.ndarray, period: int = print(1))"),
        ("(price: np.ndarray, period: int = 10)", "(price: object, period: int = 10)"),
        ("def trend_filter(", "def print("),
        ("    fast_average = ta.SMA(price, timeperiod=period)", "    fast_average = __import__('os').getcwd()"),
    ):
        assert old in source
        assert check_program(source.replace(old, new)).status is ValidationStatus.SECURITY_ERROR, new


@st.composite
def grouped_flows(draw: st.DrawFn) -> tuple[LogicFlow, LogicFlow]:
    """A random strategy, and the same with one to three groups of random blocks, some in each other, some parameters
    of theirs to be set from outside.
    """
    picture = draw(well_typed_flows())
    grouped = picture
    for number in range(draw(st.integers(1, 3))):
        chosen = draw(st.sets(st.sampled_from(sorted(grouped.nodes)), min_size=1, max_size=8))
        try:
            grouped = apply(grouped, group_nodes(grouped, CATALOGUE, chosen, f"Part {number}"))[0]
        except GroupingRefused:
            continue
        made = max(grouped.groups, key=lambda id: len(id))
        for inner, parameter, _ in list(hidden_parameters(grouped, CATALOGUE, made))[: draw(st.integers(0, 2))]:
            grouped = apply(grouped, expose(grouped, CATALOGUE, made, inner, parameter))[0]
    return picture, grouped


def _assert_same_trades(picture: LogicFlow, grouped: LogicFlow, seed: int) -> None:
    prices = random_prices(seed)
    one, other = (interpret(each, CATALOGUE, prices) for each in (picture, grouped))
    assert one.maximum_positions == other.maximum_positions
    assert len(one.legs) == len(other.legs)
    names, arrays = executed(compiled(grouped), prices)
    assert len(names["RULES"]["legs"]) == len(one.legs)
    assert all(array.shape == prices["close"].shape for array in arrays.values())


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(pictures=grouped_flows(), seed=st.integers(0, 1000))
def test_grouped_flows_have_the_text_of_their_meaning(pictures: tuple[LogicFlow, LogicFlow], seed: int) -> None:
    picture, grouped = pictures
    with np.errstate(all="ignore"):
        assert_equivalent(grouped, random_prices(seed))
        _assert_same_trades(picture, grouped, seed)


@pytest.mark.long
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(pictures=grouped_flows(), seed=st.integers(0, 1000))
def test_thousands_of_grouped_flows_have_the_text_of_their_meaning(
    pictures: tuple[LogicFlow, LogicFlow], seed: int
) -> None:
    with np.errstate(all="ignore"):
        assert_equivalent(pictures[1], random_prices(seed))


def test_text_with_functions_of_groups_is_formatted_and_free_of_lint(tmp_path: Path) -> None:
    for place, picture in enumerate((_trend(), _grouped(_trend(), "group", "no", title="Signals to trade"))):
        file = tmp_path / f"strategy_{place}.py"
        file.write_text(compiled(picture).source, "utf-8")
        for command in (["format", "--check"], ["check"]):
            run = subprocess.run(
                [sys.executable, "-m", "ruff", *command, "--isolated", str(file)], capture_output=True, text=True
            )
            assert run.returncode == 0, run.stdout + run.stderr


def test_rules_of_a_grouped_flow_find_what_they_find_without_groups() -> None:
    assert {problem.rule for problem in check(_trend(), CATALOGUE, validate_parameters)} == {
        problem.rule for problem in check(PICTURE, CATALOGUE, validate_parameters)
    }


def test_a_constant_that_was_edited_inside_a_function_is_taken_back_into_the_group() -> None:
    source = compiled(_trend()).source
    read = read_back(source, CATALOGUE, validate_parameters)
    assert flow_hash(read.flow) == flow_hash(_trend())
    edited = read_back(source.replace("timeperiod=30", "timeperiod=40"), CATALOGUE, validate_parameters)
    assert edited.flow.groups["group"].body.nodes["slow"].parameters["period"] == 40
    assert edited.taken == ("'Trend filter ▸ Slow average': the period was set from 30 to 40.",)
    assert not edited.difference


def test_advice_about_a_block_in_a_group_is_taken_where_the_block_is_drawn() -> None:
    picture = flow(
        "Twice",
        [
            node("prices", "prices"),
            *(node(id, "sma", id.upper(), period=10) for id in ("a", "b")),
            *(node(id, "greater_than", level=5) for id in ("over", "above")),
            node("both", "all_of"),
            node("buy", "enter_long"),
        ],
        [
            *(f"prices.close > {id}.price" for id in ("a", "b")),
            "a.value > over.a",
            "b.value > above.a",
            "over.result > both.conditions",
            "above.result > both.conditions",
            "both.result > buy.condition",
        ],
    )
    grouped = _grouped(picture, "a", "b", "over", "above", "both", title="Part")
    found = [each for each in advice_on_picture(grouped, CATALOGUE) if each.node == path_id(("group",), "b")]
    assert [each.fix is not None for each in found] == [True]
    assert found[0].fix is not None
    mended = apply(grouped, found[0].fix)[0]
    assert "b" not in mended.groups["group"].body.nodes
    twice = apply(grouped, AddNode(Node("again", "group:group")))[0]
    twice = apply(apply(twice, AddNode(node("sell", "exit_long")))[0], Connect(wire("again.result > sell.condition")))[
        0
    ]
    assert all(each.fix is None for each in advice_on_picture(twice, CATALOGUE) if each.node and "›" in each.node)
