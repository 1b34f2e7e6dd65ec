"""Generated text: deterministic, neat, harmless, and complete."""

import ast
import hashlib
import random
import re
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder_app.codegen.checks import check_program
from builder_app.codegen.compile import PASSES, compile_flow
from builder_app.codegen.flow_hash import flow_hash
from builder_app.codegen.program import Program, ValidationStatus
from builder_app.flow.problems import Problem
from builder_app.flow.values import (
    LogicFlow,
    ParameterReference,
    Point,
    StrategyParameter,
    frozen_mapping,
    with_node,
)
from builder_app.nodes import validate_parameters
from tests.codegen.flows import CATALOGUE, HOSTILE_TEXTS, compiled, executed, flow, moved, node, random_prices, wire
from tests.codegen.flows import well_typed_flows as flows

UNHURRIED = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
RUFF = (sys.executable, "-m", "ruff")


def crossover(**changes: object) -> LogicFlow:
    """Long while the fast average is above the slow one, with a stop."""
    picture = flow(
        "Crossover",
        [
            node("price", "prices"),
            node("fast", "sma", "Fast average", period=10),
            node("slow", "sma", "Slow average", period=30),
            node("golden", "crosses_above", "Golden cross"),
            node("death", "crosses_below", "Death cross"),
            node("buy", "enter_long"),
            node("sell", "exit_long"),
            node("size", "percent_of_equity", "Quarter", percent=25.0),
            node("stop", "percent_stop", percent=5.0),
        ],
        [
            "price.close > fast.price",
            "price.close > slow.price",
            "fast.value > golden.a",
            "slow.value > golden.b",
            "fast.value > death.a",
            "slow.value > death.b",
            "golden.result > buy.condition",
            "death.result > sell.condition",
            "buy.signal > size.signal",
            "sell.signal > size.signal",
            "size.position > stop.position",
        ],
    )
    return replace(picture, **changes)  # type: ignore[arg-type]


def problems_of(picture: LogicFlow) -> tuple[Problem, ...]:
    outcome = compile_flow(picture, CATALOGUE, "standalone", validate_parameters)
    assert not isinstance(outcome, Program)
    assert all(problem.message.endswith(".") for problem in outcome)
    return outcome


def assert_formatted(source: str) -> None:
    """Neither formatter nor linter would change a letter."""
    shape = subprocess.run(
        (*RUFF, "format", "--isolated", "--stdin-filename", "s.py", "-"), input=source, capture_output=True, text=True
    )
    assert shape.stdout == source, shape.stderr
    lint = subprocess.run(
        (*RUFF, "check", "--isolated", "--no-cache", "--extend-select", "I,UP,B", "--stdin-filename", "s.py", "-"),
        input=source,
        capture_output=True,
        text=True,
    )
    assert lint.returncode == 0, lint.stdout


@UNHURRIED
@given(picture=flows())
def test_text_is_as_the_formatter_and_the_linter_would_leave_it(picture: LogicFlow) -> None:
    assert_formatted(compiled(picture).source)


@UNHURRIED
@given(picture=flows(), seed=st.integers(0, 10_000))
def test_order_and_places_of_blocks_do_not_change_a_byte(picture: LogicFlow, seed: int) -> None:
    other = moved(picture, random.Random(seed))
    first, second = compiled(picture), compiled(other)
    assert first == second
    assert first.sha256 == hashlib.sha256(first.source.encode()).hexdigest()
    assert flow_hash(picture) == flow_hash(other) == first.flow_hash


@UNHURRIED
@given(picture=flows())
def test_every_named_step_is_used(picture: LogicFlow) -> None:
    tree = ast.parse(compiled(picture).source)
    (signals,) = [item for item in tree.body if isinstance(item, ast.FunctionDef) and item.name == "signals"]
    names = [item for item in ast.walk(signals) if isinstance(item, ast.Name)]
    stored = [item.id for item in names if isinstance(item.ctx, ast.Store) and item.id != "_"]
    read = {item.id for item in names if isinstance(item.ctx, ast.Load)}
    assert len(stored) == len(set(stored))
    assert set(stored) <= read


@UNHURRIED
@given(picture=flows())
def test_every_line_names_blocks_that_exist_and_every_live_block_has_a_line(picture: LogicFlow) -> None:
    program = compiled(picture)
    assert len(program.lines) == program.source.count("\n")
    named = {id for line in program.lines for id in line}
    assert named <= set(picture.nodes)
    assert {output.partition(".")[0] for output in program.variables} <= set(picture.nodes)


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_labels_and_names_stay_words(text: str) -> None:
    picture = crossover(name=text)
    for id in picture.nodes:
        picture = with_node(picture, replace(picture.nodes[id], label=text))
    program = compiled(picture)
    assert check_program(program.source).status is ValidationStatus.VALID
    assert_formatted(program.source)
    plain = ast.dump(ast.parse(re.sub(r"#.*", "", program.source)))
    assert "Import(names=[alias(name='os')])" not in plain
    names, _ = executed(program, random_prices(1))
    assert "os" not in names


@given(text=st.text(max_size=60))
@settings(deadline=None, max_examples=40)
def test_any_label_and_name_gives_a_valid_program_that_does_the_same(text: str) -> None:
    named = with_node(crossover(name=text), replace(crossover().nodes["fast"], label=text))
    report = check_program(compiled(named).source)
    assert report.status is ValidationStatus.VALID
    prices = random_prices(3)
    _, plain = executed(compiled(crossover()), prices)
    _, answer = executed(compiled(named), prices)
    assert [value.tolist() for value in answer.values()] == [value.tolist() for value in plain.values()]


@pytest.mark.parametrize("value", ['close"]; import os', "x", True, None, 10**400, 1e308, -5, 2.5, "10", -0.0])
def test_wrong_parameter_values_are_refused_with_the_block(value: object) -> None:
    picture = with_node(crossover(), node("fast", "sma", period=value))  # type: ignore[arg-type]
    assert {problem.node for problem in problems_of(picture)} == {"fast"}


@pytest.mark.parametrize("value", ['close"]; import os', "x", True, 10**400, 1e308, float("inf"), float("nan"), -5])
def test_wrong_values_are_refused_without_a_schema_too(value: object) -> None:
    picture = with_node(crossover(), node("fast", "sma", period=value))  # type: ignore[arg-type]
    outcome = compile_flow(picture, CATALOGUE)
    assert not isinstance(outcome, Program)
    assert outcome[0].node == "fast"


@pytest.mark.parametrize("value", ["a\"]\nimport os\n['", "x" * 38 + "yz", "快速", "it's", 'say "x"', "back\\slash"])
def test_hostile_strategy_parameter_names_stay_keys(value: str) -> None:
    picture = with_node(crossover(), node("fast", "sma", "Fast", period=ParameterReference(value)))
    picture = replace(picture, parameters=frozen_mapping({value: StrategyParameter(10)}))
    outcome = compile_flow(picture, CATALOGUE, "standalone", validate_parameters)
    if not isinstance(outcome, Program):
        assert "38 characters" in outcome[0].hint + outcome[0].message
        return
    assert check_program(outcome.source).status is ValidationStatus.VALID
    assert_formatted(outcome.source)
    names, _ = executed(outcome, random_prices(1))
    assert names["PARAMETERS"] == {value: 10}


def test_sensitive_strategy_parameters_never_reach_the_text() -> None:
    secret = StrategyParameter(12, sensitive=True)
    picture = with_node(crossover(parameters=frozen_mapping({"key": secret})), crossover().nodes["fast"])
    assert "12" not in compiled(picture).source.partition("from the logic flow")[0]
    used = with_node(picture, node("fast", "sma", "Fast average", period=ParameterReference("key")))
    (problem,) = problems_of(used)
    assert problem.node == "fast"
    assert "sensitive" in problem.message
    assert "12" not in problem.message


def test_sensitive_values_do_not_show_in_the_flow_hash() -> None:
    one = crossover(parameters=frozen_mapping({"key": StrategyParameter(1, sensitive=True)}))
    other = crossover(parameters=frozen_mapping({"key": StrategyParameter(2, sensitive=True)}))
    assert flow_hash(one) == flow_hash(other)
    assert flow_hash(one) != flow_hash(crossover(parameters=frozen_mapping({"key": StrategyParameter(1)})))


def test_whole_valued_parameters_count_bars_as_whole_numbers() -> None:
    picture = with_node(crossover(), node("fast", "previous_value", bars=ParameterReference("shift")))
    picture = replace(picture, edges=tuple(edge for edge in picture.edges if edge.target.node != "fast"))
    program = compiled(replace(picture, parameters=frozen_mapping({"shift": StrategyParameter(3.0)})))
    assert '"shift": 3,' in program.source
    executed(program, random_prices(1))


@pytest.mark.parametrize("name", ["source", "s" * 38])
@pytest.mark.parametrize("label", ["Fast", "A label that is longer than a name may be"])
def test_a_price_column_may_be_a_strategy_parameter(name: str, label: str) -> None:
    source = ParameterReference(name)
    picture = crossover(parameters=frozen_mapping({name: StrategyParameter("high")}))
    for each in (
        node("fast", "sma", label, period=10, source=source),
        node("slow", "custom_expression", label, expression="(a - 1) * a"),
        node("before", "previous_value", label + " of the bar before", bars=0, source=source),
    ):
        picture = with_node(picture, each)
    edges = [edge for edge in picture.edges if edge.target.node not in ("fast", "slow")]
    picture = replace(picture, edges=tuple(sorted((*edges, wire("before.value > slow.a")))))
    program = compiled(picture)
    assert f'prices[PARAMETERS["{name}"]]' in program.source.replace("\n", "").replace("    ", "")
    assert_formatted(program.source)
    assert check_program(program.source).status is ValidationStatus.VALID
    executed(program, random_prices(1))
    wrong = replace(picture, parameters=frozen_mapping({name: StrategyParameter("__class__")}))
    assert not isinstance(compile_flow(wrong, CATALOGUE), Program)


def test_shared_calls_are_computed_once_and_several_outputs_are_taken_together() -> None:
    picture = crossover()
    bands = [node(id, "bollinger_bands", period=20) for id in ("one", "two")]
    for each in bands:
        picture = with_node(picture, each)
    picture = with_node(picture, node("low", "less_than"))
    picture = with_node(picture, node("over", "exit_long"))
    more = ["one.lower > low.b", "two.upper > low.a", "low.result > over.condition", "over.signal > size.signal"]
    picture = replace(picture, edges=tuple(sorted((*picture.edges, *map(wire, more)))))
    source = compiled(picture).source
    assert source.count("ta.BBANDS(") == 1
    assert re.search(r"upper, _, lower = ta\.BBANDS\(", source)


def test_unused_blocks_are_left_out_and_said() -> None:
    program = compiled(with_node(crossover(), node("idle", "rsi", "Idle strength")))
    assert "RSI" not in program.source
    assert any("Idle strength" in remark for remark in program.remarks)


def test_muted_blocks_are_bypassed_wherever_they_stand() -> None:
    picture = crossover()
    muted = with_node(picture, replace(picture.nodes["stop"], muted=True))
    elsewhere = with_node(picture, replace(picture.nodes["stop"], muted=True, position=Point(5.0, 5.0)))
    assert '"exits": [],' in compiled(muted).source
    assert compiled(muted).source == compiled(elsewhere).source


def test_warm_up_is_the_longest_chain_of_look_backs() -> None:
    assert compiled(crossover()).warm_up == 29 + 1
    longer = with_node(crossover(), node("slow", "ema", "Slow average", period=40))
    assert compiled(longer).warm_up == 39 + 1


def test_a_limit_over_some_positions_only_is_refused_with_its_block() -> None:
    picture = crossover()
    for each in (node("second", "fixed_cash"), node("limit", "maximum_positions", "Few", count=2)):
        picture = with_node(picture, each)
    more = ["buy.signal > second.signal", "stop.position > limit.positions"]
    picture = replace(picture, edges=tuple(sorted((*picture.edges, *map(wire, more)))))
    (problem,) = problems_of(picture)
    assert problem.node == "limit"


def test_division_by_a_constant_zero_is_refused_with_its_block() -> None:
    picture = with_node(crossover(), node("odd", "custom_expression", expression='prices["close"] / 0'))
    edges = [edge for edge in picture.edges if edge.source.node != "fast"]
    more = ["odd.value > golden.a", "odd.value > death.a"]
    (problem,) = problems_of(replace(picture, edges=tuple(sorted((*edges, *map(wire, more))))))
    assert problem.node == "odd"
    assert "divides by 0" in problem.message


def test_an_indicator_behind_a_division_is_remarked_on() -> None:
    picture = crossover()
    for each in (node("ratio", "divide"), node("price2", "prices")):
        picture = with_node(picture, each)
    edges = [edge for edge in picture.edges if edge.target != ("fast", "price")]
    more = ["price2.close > ratio.a", "price2.volume > ratio.b", "ratio.value > fast.price"]
    program = compiled(replace(picture, edges=tuple(sorted((*edges, *map(wire, more))))))
    assert any("Fast average" in remark and "division" in remark for remark in program.remarks)
    assert compiled(crossover()).remarks == ()


def test_an_unknown_target_is_refused() -> None:
    outcome = compile_flow(crossover(), CATALOGUE, "excel")
    assert not isinstance(outcome, Program)
    assert "excel" in outcome[0].message


def test_the_passes_are_in_sight() -> None:
    names = [run.__name__ for run in PASSES]
    assert names[:5] == ["order", "prune", "substitute", "fold", "gather"]
    assert names[5:] == ["share", "count_warm_up", "remark_gaps", "stage", "inline", "name", "narrow"]


def test_generating_a_thousand_blocks_takes_less_than_three_seconds() -> None:
    picture = crossover()
    nodes = dict(picture.nodes)
    wires = []
    for number in range(1000):
        nodes[f"n{number}"] = node(f"n{number}", "ema", period=1 + number % 50)
        wires.append(f"{f'n{number - 1}.value' if number else 'price.close'} > n{number}.price")
    edges = [edge for edge in picture.edges if edge.target != ("golden", "a")]
    wires.append("n999.value > golden.a")
    picture = replace(picture, nodes=frozen_mapping(nodes), edges=tuple(sorted((*edges, *map(wire, wires)))))
    start = time.perf_counter()
    compiled(picture)
    assert time.perf_counter() - start < 3


def test_no_process_is_started_by_code_generation() -> None:
    folder = Path(__file__).parents[2] / "builder_app" / "codegen"
    assert not [file for file in folder.rglob("*.py") if "subprocess" in file.read_text("utf-8")]
