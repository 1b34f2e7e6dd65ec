"""What every block is said to have given, at every bar, is what the independent interpreter gives there."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builder_app.codegen.checks import check_program
from builder_app.codegen.interpreter.interpret import Interpretation, Panel, work_out
from builder_app.codegen.program import ValidationStatus
from builder_app.codegen.why.looking import SHOWN, Looking, looking_at
from builder_app.flow.drawing import drawing_of
from builder_app.flow.edits import Mute, RemoveNodes, apply
from builder_app.flow.group_paths import path_id
from builder_app.flow.grouping import group_nodes
from builder_app.flow.templates import Catalogue
from builder_app.flow.topology import order
from builder_app.flow.values import Formula, LogicFlow, Port, StrategyParameter, frozen_mapping
from builder_app.nodes import validate_parameters
from builder_app.quicktest.engine.bars import Bars, asked_symbols
from builder_app.quicktest.engine.evaluate import evaluate
from builder_app.quicktest.engine.traces import Traced
from tests.codegen.block_flows import curated, strategy_of
from tests.codegen.flows import CATALOGUE, compiled, flow, node, well_typed_flows
from tests.codegen.panels import FIELDS, panel_of, random_bars
from tests.codegen.passes.test_group_functions import grouped_flows
from tests.codegen.test_panels import factors, panel_flows

HEALTHY = [HealthCheck.too_slow, HealthCheck.data_too_large]


def looked_at(looking: Looking, bars: Bars, symbol: str) -> dict[Port, np.ndarray]:
    """Every output's values of one symbol over all bars, from the text."""
    names: dict[str, object] = {"__name__": "strategy"}
    exec(compile(looking.source, "strategy.py", "exec"), names)
    asked = asked_symbols(names["RULES"])
    others = {name: fields for name, fields in bars.others.items() if name in asked}
    column = bars.symbols.index(symbol)
    pool = ((symbol,), tuple(field[:, [column]] for field in bars.fields)) if looking.is_alone else None
    symbols, fields = pool or (bars.symbols, bars.fields)
    seen = Bars(symbols, bars.times, fields, bars.benchmark, others)
    with np.errstate(all="ignore"):
        steps = names.get("STEPS", names["signals"])
        traces = evaluate(steps, seen, traced=Traced(len(bars.times), symbol)).traces  # type: ignore[arg-type]
    found = {port: traces[variable][:, 0] for port, variable in looking.variables.items()}
    prices = dict(zip(FIELDS, bars.fields, strict=True))
    found |= {port: prices[name][:, column] for port, name in looking.columns.items()}
    gaps = np.isnan(prices["close"][:, column])
    return found | {port: np.where(gaps, np.nan, number) for port, number in looking.numbers.items()}


def meanings(picture: LogicFlow, panel: Panel, catalogue: Catalogue = CATALOGUE) -> dict[str, Interpretation]:
    """What the interpreter makes of every block, also of those that no signal uses."""
    drawing = drawing_of(picture, catalogue, validate_parameters)
    found = {member.symbol: Interpretation() for member in panel.members}
    with np.errstate(all="ignore"):
        work_out(order(drawing.flow), (drawing.flow, drawing.catalogue), panel, found)
    return found


def assert_every_value_is_the_interpreters(picture: LogicFlow, bars: Bars) -> set[Port]:
    """All of them, of every symbol and bar; the outputs that have values."""
    looking, panel = looking_at(picture, CATALOGUE), panel_of(bars)
    meant = meanings(picture, panel)
    drawing = drawing_of(picture, CATALOGUE, validate_parameters)
    wanted = {
        Port(node.id, port.name)
        for node, template in drawing.blocks()
        for port in template.output_ports
        if port.type in SHOWN
    }
    for symbol in bars.symbols:
        found = looked_at(looking, bars, symbol)
        assert wanted <= found.keys(), wanted - found.keys()
        rows = next(member.rows for member in panel.members if member.symbol == symbol)
        for port in wanted:
            expected = np.full(len(bars.times), np.nan)
            expected[rows] = np.asarray(meant[symbol].values[f"{port.node}.{port.port}"], dtype=float)
            np.testing.assert_array_equal(found[port], expected, err_msg=f"{port} of {symbol}")
    return set(found)


@settings(max_examples=60, deadline=None, suppress_health_check=HEALTHY)
@given(picture=well_typed_flows(), seed=st.integers(0, 1000), bars=st.sampled_from((1, 30, 90)))
def test_every_blocks_values_are_the_interpreters_at_every_bar(picture: LogicFlow, seed: int, bars: int) -> None:
    assert_every_value_is_the_interpreters(picture, random_bars(seed, bars))


def test_a_number_that_a_formula_gives_is_a_value_like_any_other() -> None:
    level = node("level", "constant", value=Formula("min(base, 4) / 2"))
    above = node("above", "greater_than")
    drawn = flow(
        "Formula",
        [node("prices", "prices"), level, above, node("go", "enter_long")],
        ["prices.close > above.a", "level.value > above.b", "above.result > go.condition"],
    )
    picture = replace(drawn, parameters=frozen_mapping({"base": StrategyParameter(9)}))
    found = assert_every_value_is_the_interpreters(picture, random_bars(1, 30))
    assert Port("level", "value") in found


@settings(max_examples=40, deadline=None, suppress_health_check=HEALTHY)
@given(picture=panel_flows(), seed=st.integers(0, 100), hours=st.sampled_from((0, 7)))
def test_values_across_symbols_are_the_interpreters(picture: LogicFlow, seed: int, hours: int) -> None:
    assert_every_value_is_the_interpreters(picture, random_bars(seed, 60, hours))


@settings(max_examples=40, deadline=None, suppress_health_check=HEALTHY)
@given(picture=panel_flows(), seed=st.integers(0, 100))
def test_without_what_no_signal_uses_the_rest_has_the_same_values(picture: LogicFlow, seed: int) -> None:
    bars = random_bars(seed, 60)
    few, all_of_them = (looking_at(picture, CATALOGUE, is_whole=is_whole) for is_whole in (False, True))
    assert few.other_symbols == compiled(picture).other_symbols
    whole = looked_at(all_of_them, bars, "BBB")
    for port, values in looked_at(few, bars, "BBB").items():
        np.testing.assert_array_equal(values, whole[port])


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(pictures=grouped_flows(), seed=st.integers(0, 1000))
def test_blocks_inside_groups_have_the_values_that_they_have_outside(
    pictures: tuple[LogicFlow, LogicFlow], seed: int
) -> None:
    plain, grouped = pictures
    bars = random_bars(seed, 60)
    assert_every_value_is_the_interpreters(grouped, bars)
    inside, outside = (looked_at(looking_at(each, CATALOGUE), bars, "BBB") for each in (grouped, plain))
    for port, values in inside.items():
        if (port.node.split("›")[-1], port.port) in outside:
            same = Port(port.node.split("›")[-1], port.port)
            np.testing.assert_array_equal(values, outside[same])


@pytest.mark.long
@pytest.mark.timeout(1800)
@settings(max_examples=1000, deadline=None, suppress_health_check=list(HealthCheck))
@given(picture=panel_flows(), seed=st.integers(0, 100), hours=st.sampled_from((0, 7)))
def test_values_of_a_thousand_flows_are_the_interpreters(picture: LogicFlow, seed: int, hours: int) -> None:
    assert_every_value_is_the_interpreters(picture, random_bars(seed, 80, hours))


@pytest.mark.parametrize("template", curated(), ids=lambda template: template.name)
def test_curated_block_can_be_looked_at(template: object) -> None:
    picture = strategy_of(template)  # type: ignore[arg-type]
    assert_every_value_is_the_interpreters(picture, random_bars(3, 80))


def test_each_instance_of_a_group_has_values_of_its_own_and_the_group_those_of_its_outputs() -> None:
    picture = factors()
    inner = frozenset({"momentum", "one"})
    grouped = apply(picture, group_nodes(picture, CATALOGUE, inner, "Score"))[0]
    (group,) = (id for id, node in grouped.nodes.items() if node.template.startswith("group"))
    bars = random_bars(5)
    found = looked_at(looking_at(grouped, CATALOGUE), bars, "CCC")
    (output,) = (port for port in found if port.node == group)
    np.testing.assert_array_equal(found[output], found[Port(path_id((group,), "one"), "value")])


def test_text_to_look_at_passes_the_checks_and_knows_whether_symbols_are_compared() -> None:
    looking = looking_at(factors(), CATALOGUE)
    assert not looking.is_alone
    assert looking.other_symbols == ("SPY",)
    assert check_program(looking.source).status is ValidationStatus.VALID


def test_block_that_nothing_uses_has_values_too() -> None:
    picture = factors()
    loose = apply(picture, RemoveNodes(frozenset({"up"})))[0]
    found = assert_every_value_is_the_interpreters(loose, random_bars(2))
    assert Port("trend", "value") in found


def test_muted_block_has_no_values_and_those_behind_it_take_what_goes_into_it() -> None:
    picture = apply(factors(), Mute("trend", True))[0]
    found = assert_every_value_is_the_interpreters(picture, random_bars(4))
    assert Port("trend", "value") not in found
