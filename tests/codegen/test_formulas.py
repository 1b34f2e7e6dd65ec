"""Parameters that are formulas over strategy parameters, as code: what they look like, and that they are kept to."""

import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.codegen.checks import check_program
from builder_app.codegen.compile import compile_flow
from builder_app.codegen.interpreter.certificate import certify, panel_of
from builder_app.codegen.interpreter.interpret import interpret
from builder_app.codegen.literals import width
from builder_app.codegen.passes.long_formulas import TAKEN
from builder_app.codegen.program import Program, ValidationStatus
from builder_app.codegen.targets.all_targets import EMITTERS
from builder_app.codegen.targets.formulas_text import constant_lines
from builder_app.flow.formula_reading import FormulaFault
from builder_app.flow.formula_trees import Tree, written
from builder_app.flow.formulas import names_in, number_from, worked_out
from builder_app.flow.values import (
    Formula,
    LogicFlow,
    ParameterReference,
    ParameterValue,
    StrategyParameter,
    frozen_mapping,
)
from builder_app.nodes import validate_parameters
from tests.codegen.flows import CATALOGUE, compiled, executed, flow, node, random_prices
from tests.codegen.panels import assert_equal
from tests.flow.formulas import trees

RUFF = (sys.executable, "-m", "ruff", "format", "--isolated", "--diff", "-")
STRATEGY = {"fast_period": StrategyParameter(10, 1.0, 50.0, 1.0), "atr_multiple": StrategyParameter(3.0)}
LONG = "max(round(fast_period * atr_multiple * 2.5), fast_period + 2 ** 3)"


def picture(strategy: Mapping[str, StrategyParameter] = STRATEGY, **changed: ParameterValue) -> LogicFlow:
    """Two averages, the second by a formula, with formulas in the size, in two exits and in a limit."""
    values: dict[str, ParameterValue] = {
        "period": Formula("2 * fast_period + 1"),
        "percent": Formula("100 / (fast_period % 7 + 1)"),
        "stop": Formula("atr_multiple / 2"),
        "multiple": Formula("atr_multiple * 1.5"),
        "count": Formula("min(fast_period, 5)"),
        **changed,
    }
    nodes = [
        node("fast", "sma", period=ParameterReference("fast_period")),
        node("slow", "sma", "Slow average", period=values["period"]),
        node("above", "crosses_above"),
        node("enter", "enter_long"),
        node("size", "percent_of_equity", percent=values["percent"]),
        node("stop", "percent_stop", percent=values["stop"]),
        node("far", "atr_stop", multiple=values["multiple"]),
        node("most", "maximum_positions", count=values["count"]),
    ]
    wires = [
        *("fast.value > above.a", "slow.value > above.b", "above.result > enter.condition"),
        *("enter.signal > size.signal", "size.position > stop.position", "stop.position > far.position"),
        "far.position > most.positions",
    ]
    return flow("Formulas", nodes, wires, strategy)


def unformatted(source: str) -> str:
    """What the formatter would change."""
    done = subprocess.run(RUFF, input=source, capture_output=True, text=True, check=False)
    return done.stdout


def test_formulas_stand_in_the_text_as_one_writes_them() -> None:
    source = compiled(picture()).source
    assert 'slow_average = ta.SMA(close, timeperiod=2 * PARAMETERS["fast_period"] + 1)' in source
    assert '"value": 100 / (PARAMETERS["fast_period"] % 7 + 1),' in source
    assert '"value": PARAMETERS["atr_multiple"] / 2,' in source
    assert 'stop_distance = PARAMETERS["atr_multiple"] * 1.5 * atr' in source
    assert '"portfolio": {"maximum_positions": min(PARAMETERS["fast_period"], 5)},' in source


def test_the_rules_hold_what_the_formulas_come_to() -> None:
    rules = executed(compiled(picture()), random_prices(1))[0]["RULES"]
    (leg,) = rules["legs"]
    assert leg["size"]["value"] == 25.0
    assert leg["exits"][0]["value"] == 1.5
    assert rules["portfolio"]["maximum_positions"] == 5


@pytest.mark.parametrize("formula", ["2 * fast_period + 1", LONG])
@pytest.mark.parametrize("fast", [3, 10, 10.0])
def test_a_formula_gives_the_signals_of_its_value(formula: str, fast: float) -> None:
    strategy = {**STRATEGY, "fast_period": StrategyParameter(fast)}
    prices = random_prices(7, bars=300)
    by_formula = compiled(picture(strategy, period=Formula(formula)))
    number = number_from(Formula(formula), {name: each.value for name, each in strategy.items()})
    by_number = compiled(picture(strategy, period=number))
    assert by_formula.warm_up == by_number.warm_up
    one, other = executed(by_formula, prices)[1], executed(by_number, prices)[1]
    assert all(np.array_equal(a, b, equal_nan=True) for a, b in zip(one.values(), other.values(), strict=True))
    assert one[next(iter(one))].any()


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 40), st.sampled_from((1, 1.5, 2.0, 3.3, 4.25)), st.integers(0, 50))
def test_a_value_edited_in_the_text_gives_what_the_picture_means_with_it(fast: int, multiple: float, seed: int) -> None:
    """The text holds the formulas, not what they came to as it was written."""
    text = compiled(picture(period=Formula(LONG))).source
    text = text.replace('"fast_period": 10', f'"fast_period": {fast}').replace(
        '"atr_multiple": 3,', f'"atr_multiple": {multiple},'
    )
    strategy = {"fast_period": StrategyParameter(fast), "atr_multiple": StrategyParameter(multiple)}
    prices = random_prices(seed, bars=150)
    names, arrays = executed(replace(compiled(picture()), source=text), prices)
    with np.errstate(all="ignore"):
        meaning = interpret(picture(strategy, period=Formula(LONG)), CATALOGUE, prices)
    assert_equal(names["RULES"], arrays, meaning)


@pytest.mark.parametrize("target", sorted(EMITTERS))
@pytest.mark.parametrize("formula", ["2 * fast_period + 1", LONG])
def test_every_target_says_formulas_or_names_the_block_that_it_refuses(target: str, formula: str) -> None:
    drawn = picture(period=Formula(formula))
    outcome = compile_flow(drawn, CATALOGUE, target, validate_parameters)
    if not isinstance(outcome, Program):
        assert all(problem.node in drawn.nodes for problem in outcome)
        assert {problem.rule for problem in outcome} == {"target-cannot-say"}
        return
    assert 'PARAMETERS["fast_period"]' in outcome.source
    assert unformatted(outcome.source) == ""
    standalone = compiled(drawn)
    rules = _rules(standalone.source)
    assert rules in outcome.source


def _rules(source: str) -> str:
    return source[source.index("PARAMETERS = {") : source.index("def ")]


def test_a_long_formula_becomes_a_constant_above_the_rules() -> None:
    program = compiled(picture(period=Formula(LONG), percent=Formula(LONG + " / 10")))
    assert "ta.SMA(close, timeperiod=SLOW_AVERAGE_PERIOD)" in program.source
    assert '"value": PERCENT_OF_EQUITY}' in program.source
    assert check_program(program.source).status is ValidationStatus.VALID
    assert unformatted(program.source) == ""
    line = next(n for n, text in enumerate(program.source.splitlines()) if text.startswith("SLOW_AVERAGE_PERIOD"))
    assert program.lines[line] == ("slow",)


names = st.sampled_from(("fast", "a_rather_long_name_for_a_number", "größe und länge", "x" * 38))


@given(st.data())
def test_constants_of_long_formulas_are_formatted_and_mean_the_same(data: st.DataObject) -> None:
    own = data.draw(st.lists(names, min_size=1, max_size=3, unique=True))
    tree: Tree = data.draw(trees(own, most=14))
    lines = constant_lines("SLOW_AVERAGE_PERIOD", written(tree), {"SLOW_AVERAGE_PERIOD"})
    assert all(width(line) <= 88 for line in lines)
    text = "".join(f"{line}\n" for line in lines)
    values = {name: 2 + place for place, name in enumerate(own)}
    try:
        number = worked_out(tree, values)
    except FormulaFault:  # towers of powers would take for ever
        return
    space: dict[str, object] = {"PARAMETERS": values}
    exec(text, space)
    assert space["SLOW_AVERAGE_PERIOD"] == number


@settings(max_examples=12)
@given(st.lists(trees(["fast", "a_rather_long_name_for_a_number", "x" * 38], most=14), min_size=40, max_size=40))
def test_the_formatter_leaves_constants_as_they_are(drawn: list[Tree]) -> None:
    taken = {f"NUMBER_{place}" for place in range(len(drawn))}
    said = [constant_lines(f"NUMBER_{place}", written(tree), taken) for place, tree in enumerate(drawn)]
    lines = [line for each in said for line in each]
    names_said = re.findall(r"^(\w+) = ", "\n".join(lines), re.MULTILINE)
    assert len(names_said) == len(set(names_said))
    assert unformatted("".join(f"{line}\n" for line in lines)) == ""


def test_no_other_constant_of_a_text_is_called_like_one_of_a_formula() -> None:
    adapters = Path(__file__).parents[2] / "builder_app" / "codegen" / "targets" / "adapters"
    text = "".join(file.read_text("utf-8") for file in adapters.glob("*.txt"))
    assert set(re.findall(r"^([A-Z][A-Z_]+)\b", text, re.MULTILINE)) <= TAKEN


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("period", Formula("fast_period / 2"), "which comes to 5 here, but not always to a whole number."),
        ("period", Formula("fast_period * 0.25"), "which comes to 2.5 and not to a whole number."),
        ("period", Formula("fast_period - 10"), "The period of Simple moving average was 0; it must be between 1 and"),
        ("period", Formula("slow_period + 1"), "uses the strategy parameter 'slow_period', which does not exist."),
        ("stop", Formula("1 / (fast_period - 10)"), "which divides by fast_period - 10, which is 0."),
        ("stop", Formula("2 *"), "which ends where a number or a strategy parameter should follow."),
    ],
)
def test_what_a_formula_cannot_be_is_said_with_its_block(name: str, value: Formula, sentence: str) -> None:
    problems = compile_flow(picture(STRATEGY, **{name: value}), CATALOGUE, "standalone", validate_parameters)
    assert not isinstance(problems, Program)
    assert [problem.node for problem in problems] == ["slow" if name == "period" else "stop"]
    assert sentence in problems[0].message


def test_codegen_refuses_by_itself_what_no_function_takes() -> None:
    """Without the templates' schemas it still writes no text that would fail as it runs."""
    problems = compile_flow(picture(period=Formula("fast_period / 2")), CATALOGUE, "standalone", None)
    assert not isinstance(problems, Program)


ATTACKS = (
    "9 ** 9 ** 9",
    'PARAMETERS["fast_period"] ** 99999999',
    'PARAMETERS["fast_period"] / 0',
    'PARAMETERS["other"] + 1',
    'min(PARAMETERS["fast_period"])',
    'round(PARAMETERS["fast_period"], ndigits=2)',
    'min(*PARAMETERS["fast_period"], 2)',
    'pow(PARAMETERS["fast_period"], 2)',
    'PARAMETERS["fast_period"] @ 2',
    'PARAMETERS["fast_period"] if 1 else 2',
    'PARAMETERS["fast_period"].real + 1',
    '"a" * PARAMETERS["fast_period"]',
    "[PARAMETERS]",
    "__import__('os')",
    "10",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_constants_hold_nothing_but_formulas_that_have_a_value(attack: str) -> None:
    source = compiled(picture(period=Formula(LONG))).source
    assert check_program(source).status is ValidationStatus.VALID
    hurt = source.replace("RULES = {", f"EVIL = {attack}\n\nRULES = {{", 1)
    assert check_program(hurt).status is ValidationStatus.SECURITY_ERROR


@pytest.mark.parametrize("name", ["RULES", "PARAMETERS", "STEPS", "SLOW_AVERAGE_PERIOD", "np", "signals", "min"])
def test_a_constant_takes_no_name_that_means_something(name: str) -> None:
    source = compiled(picture(period=Formula(LONG))).source
    hurt = source.replace("\nRULES = {", f'\n{name} = PARAMETERS["fast_period"] + 1\n\nRULES = {{', 1)
    assert check_program(hurt).status is ValidationStatus.SECURITY_ERROR


def test_the_line_of_a_strategy_parameter_belongs_to_the_blocks_whose_formulas_name_it() -> None:
    program = compiled(picture())
    texts = program.source.splitlines()
    lines = {name: texts.index(next(text for text in texts if text.startswith(f'    "{name}":'))) for name in STRATEGY}
    assert set(program.lines[lines["fast_period"]]) == {"fast", "slow", "size", "most"}
    assert set(program.lines[lines["atr_multiple"]]) == {"stop", "far"}


def test_the_certificate_tells_a_text_whose_formula_is_another_one() -> None:
    drawn = picture()
    prices = random_prices(3, bars=200)
    times = np.datetime64("2020-01-01", "ns") + np.arange(200) * np.timedelta64(1, "D")
    panel = panel_of(("A",), times, {name: values[:, None] for name, values in prices.items()})
    for asked, holds in ((drawn, True), (picture(period=Formula("2 * fast_period + 2")), False)):
        names, arrays = executed(compiled(asked), prices)
        said = names["RULES"], {key: array[:, None] for key, array in arrays.items()}
        assert certify(drawn, CATALOGUE, panel, said).holds is holds


def test_a_formula_of_numbers_only_is_the_number_in_the_text() -> None:
    program = compiled(picture(period=Formula("2 * 7 + 1")))
    assert "timeperiod=15)" in program.source


def test_functions_of_numbers_alone_are_worked_out() -> None:
    program = compiled(picture(period=Formula("min(3, 4) * fast_period - round(2.4)")))
    assert 'timeperiod=3 * PARAMETERS["fast_period"] - 2)' in program.source


def test_a_name_alone_is_written_as_it_always_was() -> None:
    drawn = picture(period=ParameterReference("fast_period"))
    as_formula = picture(period=Formula("fast_period"))
    above = [compiled(each).source.split("# The picture")[0].splitlines() for each in (drawn, as_formula)]
    assert [line for line, other in zip(*above, strict=True) if line != other and "logic flow" not in line] == []


def test_unused_strategy_parameters_stay_out_of_the_text() -> None:
    drawn = picture()
    more = {**drawn.parameters, "unused": StrategyParameter(1)}
    source = compiled(replace(drawn, parameters=frozen_mapping(more))).source.split("# The picture")[0]
    assert "unused" not in source
    assert names_in(Formula(LONG)) == ("fast_period", "atr_multiple")
