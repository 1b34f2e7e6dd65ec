"""Why and why not: what is named is really so, and the smallest change really does it, by brute force."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from builder_app.codegen.interpreter.certificate import panel_of
from builder_app.codegen.interpreter.interpret import Interpretation, Panel, interpret_panel
from builder_app.codegen.why import Asked, BarAnswer, NoSuchBar, Side, Step, looked, with_changes
from builder_app.codegen.why.change import unit_of
from builder_app.flow.drawing import drawing_of
from builder_app.flow.edits import Batch, Edit, SetParameter, SetStrategyParameter, apply
from builder_app.flow.values import Formula, LogicFlow, ParameterReference, StrategyParameter
from builder_app.nodes import validate_parameters
from tests.codegen.flows import CATALOGUE, flow, node, random_prices, well_typed_flows

DAY = "14 Mar 2006"
SIDES = ("long_entry", "short_entry", "long_exit", "short_exit")
BARS = 90


def panel(seed: int, bars: int = BARS) -> Panel:
    prices = random_prices(seed, bars)
    times = np.datetime64("2005-01-03", "ns") + np.arange(bars) * np.timedelta64(1, "D")
    return panel_of(("AAA",), times, {name: values[:, None] for name, values in prices.items()})


def asked(picture: LogicFlow, seed: int, bars: int = BARS) -> Asked:
    return Asked(picture, CATALOGUE, panel(seed, bars), "AAA", DAY)


def answered(picture: LogicFlow, seed: int, bars: int = BARS, seconds: float = 60.0) -> BarAnswer:
    found = looked(asked(picture, seed, bars), validate_parameters)
    return with_changes(found.scene, found.answer, seconds)


def meaning(picture: LogicFlow, seed: int, bars: int = BARS) -> Interpretation:
    with np.errstate(all="ignore"):
        return interpret_panel(picture, CATALOGUE, panel(seed, bars))["AAA"]


def holds(found: Interpretation, position: str, side: str) -> bool:
    """What the whole interpreter says of a leg's last bar."""
    rules = found.legs[position].rules
    return side in rules and bool(rules[side][-1])


def oversold(level: float = 30.0, period: int = 5) -> LogicFlow:
    return flow(
        "Oversold",
        [
            node("rsi", "rsi", period=period),
            node("low", "less_than", "RSI is low", level=level),
            node("buy", "enter_long"),
            node("size", "percent_of_equity"),
        ],
        ["rsi.value > low.a", "low.result > buy.condition", "buy.signal > size.signal"],
    )


def with_value(picture: LogicFlow, edit: Edit, value: float) -> LogicFlow:
    """The flow with another value where the edit would have put its own."""
    if isinstance(edit, SetStrategyParameter):
        assert edit.parameter is not None
        return apply(picture, replace(edit, parameter=replace(edit.parameter, value=value)))[0]
    assert isinstance(edit, SetParameter)
    return apply(picture, replace(edit, value=value))[0]


def old_value(picture: LogicFlow, edit: Edit) -> float:
    if isinstance(edit, SetStrategyParameter):
        value = picture.parameters[edit.name].value
    else:
        assert isinstance(edit, SetParameter)
        held = picture.nodes[edit.node].parameters.get(edit.name)
        template = CATALOGUE.of(picture.nodes[edit.node])
        assert template is not None
        held = template.default_parameters[edit.name] if held is None else held
        assert isinstance(held, int | float)
        return float(held)
    assert isinstance(value, int | float)
    return float(value)


def new_value(edit: Edit) -> float:
    return float(value_of(edit))


def value_of(edit: Edit) -> int | float:
    """The number that the edit writes, as it writes it."""
    if isinstance(edit, SetStrategyParameter):
        value = edit.parameter.value if edit.parameter is not None else None
    else:
        assert isinstance(edit, SetParameter)
        assert isinstance(edit.value, int | float)
        return edit.value
    assert isinstance(value, int | float)
    return value


def nearer(old: float, new: float, is_whole: bool) -> list[float]:
    """The values of the grid between the old one and the new one, without both."""
    if is_whole:
        return [float(value) for value in range(int(min(old, new)) + 1, int(max(old, new)))]
    if abs(new - old) < 1e-4 * max(1.0, abs(new)):  # nobody asks for a step so small
        return []
    unit = unit_of(abs(new - old))
    first, last = int(np.ceil(min(old, new) / unit - 1e-6)), int(np.floor(max(old, new) / unit + 1e-6))
    values = [round(step * unit, 12) for step in range(first, last + 1)]
    return [value for value in values if min(old, new) + unit / 1e6 < value < max(old, new) - unit / 1e6]


def is_allowed(picture: LogicFlow) -> bool:
    drawing = drawing_of(picture, CATALOGUE, validate_parameters)
    return all(not validate_parameters(template, drawing.values[one.id]) for one, template in drawing.blocks())


def test_blocked_entry_names_the_condition_its_value_and_the_level_that_would_have_done() -> None:
    seed = next(s for s in range(50) if 32 < meaning(oversold(), s).values["rsi.value"][-1] < 60)
    rsi = float(meaning(oversold(), seed).values["rsi.value"][-1])
    (side,) = answered(oversold(), seed).sides
    assert not side.holds
    assert side.sentence.startswith(f"AAA was not bought on {DAY}: 'RSI is low' was false (“")
    assert "5-bar RSI of the close is below 30" in side.sentence
    assert f"{rsi:.4g} against 30" in side.sentence
    assert side.change is not None
    assert side.change.edit == SetParameter("low", "level", new_value(side.change.edit))
    assert rsi < new_value(side.change.edit) <= rsi + unit_of(rsi - 30)
    assert side.change_sentence == f"With {side.change.words} it would have been."


def test_entry_that_was_decided_is_said_and_has_nothing_to_change() -> None:
    seed = next(s for s in range(50) if meaning(oversold(99.0), s).values["rsi.value"][-1] < 98)
    (side,) = answered(oversold(99.0), seed).sides
    assert side.holds
    assert "was to be bought" in side.sentence
    assert side.change is None
    assert side.blockers == ()


def test_two_conditions_that_block_are_both_named_and_changed_together() -> None:
    both = flow(
        "Both",
        [
            node("rsi", "rsi", period=5),
            node("low", "less_than", "RSI is low", level=1.0),
            node("price", "prices"),
            node("dear", "greater_than", "Price is high", level=1000.0),
            node("and", "all_of"),
            node("buy", "enter_long"),
        ],
        [
            *("rsi.value > low.a", "price.close > dear.a", "low.result > and.conditions"),
            *("dear.result > and.conditions", "and.result > buy.condition"),
        ],
    )
    seed = next(s for s in range(50) if meaning(both, s).values["rsi.value"][-1] > 20)
    (side,) = answered(both, seed).sides
    assert {port.node for port in side.blockers} == {"low", "dear"}
    assert "'RSI is low' was false" in side.sentence
    assert "'Price is high' was false" in side.sentence
    assert side.change is not None
    assert isinstance(side.change.edit, Batch)
    assert holds(meaning(apply(both, side.change.edit)[0], seed), "", "long_entry")


def test_condition_that_counts_for_and_against_the_entry_is_not_what_is_named() -> None:
    """One of two, but not the first: turning the first over would do nothing."""
    picture = flow(
        "One of two, but not the first",
        [
            node("price", "prices"),
            node("one", "greater_than", "First", level=1000.0),
            node("two", "greater_than", "Second", level=2000.0),
            node("or", "any_of"),
            node("no", "not"),
            node("and", "all_of"),
            node("buy", "enter_long"),
        ],
        [
            *("price.close > one.a", "price.close > two.a", "one.result > or.conditions", "two.result > or.conditions"),
            *("one.result > no.condition", "or.result > and.conditions", "no.result > and.conditions"),
            "and.result > buy.condition",
        ],
    )
    (side,) = answered(picture, 1).sides
    assert not side.holds
    assert [port.node for port in side.blockers] == ["two"]


def test_symbol_without_a_bar_is_refused_with_a_sentence() -> None:
    gap = panel(1)
    gap = replace(gap, members=tuple(replace(one, rows=one.rows[:-1]) for one in gap.members))
    with pytest.raises(NoSuchBar, match="no bar there"):
        looked(Asked(oversold(), CATALOGUE, gap, "AAA", DAY), validate_parameters)
    with pytest.raises(NoSuchBar, match="not among the symbols"):
        looked(Asked(oversold(), CATALOGUE, gap, "ZZZ", DAY), validate_parameters)


def test_strategy_parameter_is_what_is_changed_where_the_level_comes_from_one() -> None:
    picture = oversold()
    held = replace(picture.nodes["low"], parameters={"level": ParameterReference("threshold")})
    picture = replace(
        picture,
        nodes={**picture.nodes, "low": held},
        parameters={"threshold": StrategyParameter(30.0, 0.0, 100.0, 0.5)},
    )
    seed = next(s for s in range(50) if 32 < meaning(picture, s).values["rsi.value"][-1] < 45)
    (side,) = answered(picture, seed).sides
    assert side.change is not None
    assert isinstance(side.change.edit, SetStrategyParameter)
    assert side.change.edit.name == "threshold"
    assert "the strategy parameter “threshold”" in side.change_sentence


def test_strategy_parameter_in_a_formula_is_what_is_changed_and_the_formula_stays() -> None:
    picture = oversold()
    held = replace(picture.nodes["low"], parameters={"level": Formula("100 / divisor - 5")})
    picture = replace(
        picture,
        nodes={**picture.nodes, "low": held},
        parameters={"divisor": StrategyParameter(3.0, 0.0, 10.0, 0.1)},
    )
    seed = next(s for s in range(50) if 32 < meaning(picture, s).values["rsi.value"][-1] < 45)
    (side,) = answered(picture, seed).sides
    assert side.change is not None
    assert isinstance(side.change.edit, SetStrategyParameter)
    assert side.change.edit.name == "divisor"
    assert "the strategy parameter “divisor”" in side.change_sentence
    changed = apply(picture, side.change.edit)[0]
    assert changed.nodes["low"].parameters["level"] == Formula("100 / divisor - 5")
    assert holds(meaning(changed, seed), "size", "long_entry")


def every(steps: tuple[Step, ...]) -> list[Step]:
    return [one for step in steps for one in (step, *every(step.inside))]


@settings(max_examples=60, deadline=None)
@given(well_typed_flows(), st.integers(0, 1000))
def test_every_side_says_what_the_interpreter_says_and_names_what_really_stood_in_the_way(
    picture: LogicFlow, seed: int
) -> None:
    found = meaning(picture, seed)
    answer = answered(picture, seed, seconds=0.0)
    said = {(side.position, side.side) for side in answer.sides}
    assert said == {(id, side) for id, leg in found.legs.items() for side in leg.rules}
    for side in answer.sides:
        assert side.holds is holds(found, side.position, side.side)
        assert side.holds or side.blockers
        for port in side.blockers:
            if not isinstance(found.values[f"{port.node}.{port.port}"], list):
                assert_turning_it_helps(picture, found, side)
        for step in every(side.steps):
            assert step.node in picture.nodes
            assert step.value


def assert_turning_it_helps(picture: LogicFlow, found: Interpretation, side: Side) -> None:
    """With all that is named turned over, and everything else as it was, And, Or and Not let the signal through.

    Unless nothing at all would, as where a condition and its opposite are asked for.
    """
    turned = {
        f"{port.node}.{port.port}": not bool(found.values[f"{port.node}.{port.port}"][-1]) for port in side.blockers
    }
    joints = {"all_of", "any_of", "not"}

    def leaves(source: str) -> set[str]:
        id, _, _ = source.partition(".")
        if picture.nodes[id].template not in joints:
            return {source}
        return {leaf for e in picture.edges_into(id) for leaf in leaves(f"{e.source.node}.{e.source.port}")}

    def condition(source: str, turned: dict[str, bool]) -> bool:
        if source in turned:
            return turned[source]
        id, _, _ = source.partition(".")
        fed = [condition(f"{e.source.node}.{e.source.port}", turned) for e in picture.edges_into(id)]
        match picture.nodes[id].template:
            case "all_of":
                return all(fed)
            case "any_of":
                return any(fed)
            case "not":
                return not fed[0]
        return bool(found.values[source][-1])

    signals = [e.source.node for e in picture.edges_into(side.position) if picture.nodes[e.source.node].template] or [
        id for id, one in picture.nodes.items() if one.template.startswith(("enter", "exit"))
    ]
    word = {"long_entry": "enter_long", "short_entry": "enter_short", "long_exit": "exit_long"}.get(
        side.side, "exit_short"
    )
    conditions = [
        f"{e.source.node}.{e.source.port}"
        for id in signals
        if picture.nodes[id].template == word
        for e in picture.edges_into(id)
        if e.target.port == "condition"
    ]
    asked = sorted({leaf for source in conditions for leaf in leaves(source)})
    tries = (dict(zip(asked, truths, strict=True)) for truths in product((True, False), repeat=len(asked)))
    can_hold = any(condition(source, every) for every in tries for source in conditions)
    assert not can_hold or any(condition(source, turned) for source in conditions)


@settings(max_examples=10, deadline=None)
@given(well_typed_flows(), st.integers(0, 1000))
def test_smallest_change_lets_it_through_and_no_smaller_step_of_the_grid_does(picture: LogicFlow, seed: int) -> None:
    blocked = [side for side in answered(picture, seed, 60, 20.0).sides if side.change is not None]
    assume(blocked)
    for side in blocked:
        assert side.change is not None
        edit = side.change.edit
        after = apply(picture, edit)[0]
        assert is_allowed(after)
        assert holds(meaning(after, seed, 60), side.position, side.side)
        if isinstance(edit, Batch):
            continue
        old, new = old_value(picture, edit), new_value(edit)
        value = value_of(edit)
        for between in nearer(old, new, isinstance(value, int)):
            tried = with_value(picture, edit, int(between) if isinstance(value, int) else between)
            assert not is_allowed(tried) or not holds(meaning(tried, seed, 60), side.position, side.side), between
