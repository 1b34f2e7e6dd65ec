"""A file of code opens again as its flow, edited by hand or not."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.codegen.compile import compile_flow
from builder_app.codegen.flow_hash import flow_hash
from builder_app.codegen.program import Program
from builder_app.codegen.reading_back.carried_flow import (
    TITLE,
    NoFlowInside,
    above_the_flow,
    read_flow_inside,
    what_is_said,
)
from builder_app.codegen.reading_back.round_trip import ReadBack, read_back
from builder_app.codegen.targets.all_targets import EMITTERS
from builder_app.flow.edits import SetParameter, SetStrategyParameter, apply
from builder_app.flow.values import (
    Formula,
    LogicFlow,
    ParameterReference,
    Point,
    Secret,
    StrategyParameter,
    frozen_mapping,
)
from builder_app.nodes import validate_parameters
from tests.codegen.flows import CATALOGUE, compiled, well_typed_flows
from tests.codegen.targets.pictures import crossover
from tests.codegen.test_golden import bollinger_bands, crossover_with_stop, long_short_with_atr_exits


def _read(source: str) -> ReadBack:
    return read_back(source, CATALOGUE, validate_parameters)


def _edited(picture: LogicFlow, *changes: tuple[str, str]) -> ReadBack:
    """What is read back after these pieces of the text were replaced by hand."""
    source = compiled(picture).source
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    return _read(source)


@settings(max_examples=60)
@given(well_typed_flows())
def test_any_program_opens_again_as_what_its_flow_says(picture: LogicFlow) -> None:
    program = compile_flow(picture, CATALOGUE, "standalone", validate_parameters)
    if isinstance(program, Program):
        found = _read(program.source)
        assert found == ReadBack(found.flow, "standalone")
        if found.flow == what_is_said(picture):
            assert flow_hash(found.flow) == program.flow_hash
            assert compiled(found.flow).source == program.source
        else:  # letters that no file can hold are written as �
            assert r"\ud800" in repr(what_is_said(picture))


def test_places_notes_and_bounds_do_not_change_the_text() -> None:
    picture = crossover_with_stop()
    moved = replace(
        picture,
        nodes=frozen_mapping(
            (id, replace(node, position=Point(7, 9), note="Why")) for id, node in picture.nodes.items()
        ),
        parameters=frozen_mapping((name, StrategyParameter(each.value)) for name, each in picture.parameters.items()),
    )
    assert compiled(moved).source == compiled(picture).source


@pytest.mark.parametrize("target", EMITTERS)
def test_the_file_of_every_engine_opens_again_and_gives_its_edited_constants_back(target: str) -> None:
    picture = crossover()
    program = compile_flow(picture, CATALOGUE, target, validate_parameters)
    assert isinstance(program, Program)
    assert {id for ids in program.lines for id in ids} == set(picture.nodes), "Some block lights up no line."
    assert _read(program.source) == ReadBack(what_is_said(picture), target)
    edited = program.source.replace("timeperiod=30", "timeperiod=44").replace('"value": 100.0', '"value": 120.0')
    found = _read(edited)
    assert found.edited
    assert not found.difference
    assert found.target == target
    assert len(found.taken) == 2
    assert found.flow.nodes["slow"].parameters["period"] == 44
    assert found.flow.nodes["size"].parameters["quantity"] == 120.0


def test_line_ends_of_another_system_are_no_edit() -> None:
    assert not _read(compiled(crossover_with_stop()).source.replace("\n", "\r\n")).edited


def test_edited_constants_are_taken_back_into_the_parameters_that_they_came_from() -> None:
    found = _edited(
        crossover_with_stop(),
        ('"fast_period": 10', '"fast_period": 12'),
        ('"value": 25.0', '"value": 30'),
        ('"maximum_positions": 4', '"maximum_positions": 7'),
    )
    assert found.flow.parameters["fast_period"].value == 12
    assert found.flow.nodes["size"].parameters["percent"] == 30.0
    assert found.flow.nodes["limit"].parameters["count"] == 7
    assert (len(found.taken), found.difference, found.edited) == (3, "", True)
    assert found.taken[0] == "The strategy parameter 'fast period' was set from 10 to 12."


def test_a_default_that_was_edited_is_set_in_its_block() -> None:
    found = _edited(long_short_with_atr_exits(), ("3.5 * ", "4.25 * "))
    assert found.flow.nodes["target"].parameters["multiple"] == 4.25
    assert not found.difference


def test_a_constant_that_several_blocks_share_in_one_step_is_not_guessed() -> None:
    found = _edited(long_short_with_atr_exits(), ("timeperiod=14", "timeperiod=21"))
    assert "timeperiod=21" in found.difference
    assert found.flow == what_is_said(long_short_with_atr_exits())


def test_what_no_parameter_says_is_shown_as_a_difference_and_the_constants_beside_it_are_still_taken() -> None:
    found = _edited(
        bollinger_bands(), ("    return {", "    close = close * 2\n    return {"), ('"value": 20.0', '"value": 15.0')
    )
    assert found.flow.nodes["size"].parameters["percent"] == 15.0
    assert "+    close = close * 2" in found.difference
    assert '"value"' not in found.difference.replace(' "value": 15.0', "")


def test_a_changed_comment_is_shown_too() -> None:
    assert (
        "+    # My own words"
        in _edited(crossover_with_stop(), ("    # Golden cross: Crosses above", "    # My own words")).difference
    )


def test_a_value_that_the_block_does_not_allow_stays_a_difference() -> None:
    found = _edited(crossover_with_stop(), ('"value": 25.0', '"value": -25.0'))
    assert found.taken == ()
    assert "-25.0" in found.difference


def test_text_that_is_not_python_any_more_is_a_difference_as_a_whole() -> None:
    found = _edited(crossover_with_stop(), ("def signals", "dfe signals"))
    assert "+dfe signals" in found.difference
    assert found.flow == what_is_said(crossover_with_stop())


@settings(max_examples=60)
@given(well_typed_flows(), st.data())
def test_text_of_another_value_is_read_back_as_that_value_or_shown_as_different(
    picture: LogicFlow, data: st.DataObject
) -> None:
    program = compile_flow(picture, CATALOGUE, "standalone", validate_parameters)
    if not isinstance(program, Program):
        return
    other = compile_flow(_another_value(picture, data), CATALOGUE, "standalone", validate_parameters)
    if not isinstance(other, Program):
        return
    trailer = program.source[program.source.index(TITLE) :]
    found = _read(f"{above_the_flow(other.source)}\n\n{trailer}")
    again = compiled(found.flow)
    same = _code(again.source) == _code(other.source)
    assert same or found.difference


def _code(source: str) -> str:
    """The text above the flow, without the line that names the flow's hash."""
    return "\n".join(line for line in above_the_flow(source).split("\n") if "from the logic flow" not in line)


def _another_value(picture: LogicFlow, data: st.DataObject) -> LogicFlow:
    held = [
        (id, name, value)
        for id, node in sorted(picture.nodes.items())
        for name, value in node.parameters.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    ]
    held += [
        ("", name, parameter.value)
        for name, parameter in picture.parameters.items()
        if isinstance(parameter.value, int | float)
    ]
    if not held:
        return picture
    id, name, value = data.draw(st.sampled_from(held))
    assert isinstance(value, int | float)
    changed = value + data.draw(st.integers(1, 3))
    edit = SetParameter(id, name, changed) if id else SetStrategyParameter(name, StrategyParameter(changed))
    return apply(picture, edit)[0]


@pytest.mark.parametrize("cut", ["whole", "piece", "letter"])
def test_a_damaged_picture_is_refused_with_a_way_out(cut: str) -> None:
    source = compiled(crossover_with_stop()).source
    lines = source.split("\n")
    if cut == "whole":
        source = above_the_flow(source)
    elif cut == "piece":
        source = "\n".join(lines[:-3])
    else:
        lines[-3] = lines[-3].replace(lines[-3][10], "A" if lines[-3][10] != "A" else "B", 1)
        source = "\n".join(lines)
    with pytest.raises(NoFlowInside, match=r"Open the \.flow\.json file instead"):
        read_flow_inside(source)


def test_a_sensitive_value_never_travels_in_code() -> None:
    picture = crossover_with_stop()
    held = replace(picture.nodes["size"], parameters=frozen_mapping({"percent": Secret("c4nary")}))
    said = what_is_said(replace(picture, nodes=frozen_mapping({**picture.nodes, "size": held})))
    assert said.nodes["size"].parameters["percent"] == Secret()
    assert isinstance(picture.nodes["fast"].parameters["period"], ParameterReference)


def _by_formula() -> LogicFlow:
    """The crossover whose fast average takes its period by a formula."""
    picture = crossover_with_stop()
    held = replace(picture.nodes["fast"], parameters=frozen_mapping({"period": Formula("2 * pace + 1")}))
    return replace(
        picture,
        nodes=frozen_mapping({**picture.nodes, "fast": held}),
        parameters=frozen_mapping({**picture.parameters, "pace": StrategyParameter(4)}),
    )


def test_a_formula_opens_again_as_it_was_written() -> None:
    picture = _by_formula()
    found = _read(compiled(picture).source)
    assert found == ReadBack(what_is_said(picture), "standalone")
    assert found.flow.nodes["fast"].parameters["period"] == Formula("2 * pace + 1")


def test_an_edited_strategy_parameter_of_a_formula_is_taken_back_as_one() -> None:
    found = _edited(_by_formula(), ('"pace": 4', '"pace": 6'))
    assert found.taken == ("The strategy parameter 'pace' was set from 4 to 6.",)
    assert found.flow.parameters["pace"].value == 6
    assert not found.difference


@pytest.mark.parametrize(("old", "new", "formula"), [("2 *", "3 *", "3 * pace + 1"), ("+ 1", "+ 7", "2 * pace + 7")])
def test_an_edited_number_of_a_formula_is_taken_back_into_it(old: str, new: str, formula: str) -> None:
    found = _edited(_by_formula(), ('2 * PARAMETERS["pace"] + 1', '2 * PARAMETERS["pace"] + 1'.replace(old, new)))
    assert found.flow.nodes["fast"].parameters["period"] == Formula(formula)
    assert found.taken[0].endswith(f" from {old.strip(' *+')} to {new.strip(' *+')} in its formula.")
    assert not found.difference


def test_an_edited_number_of_a_long_formula_is_taken_back_from_its_constant() -> None:
    picture = _by_formula()
    long = Formula("min(round(pace * 2.5) + 5, pace * 3, max(pace, 200))")
    held = replace(picture.nodes["fast"], parameters=frozen_mapping({"period": long}))
    picture = replace(picture, nodes=frozen_mapping({**picture.nodes, "fast": held}))
    assert "FAST_AVERAGE_PERIOD" in compiled(picture).source
    found = _edited(picture, ("* 2.5) + 5", "* 1.5) + 5"))
    assert found.flow.nodes["fast"].parameters["period"] == Formula(long.text.replace("2.5", "1.5"))
    assert not found.difference


def test_another_operator_in_a_formula_is_shown_as_a_difference_and_not_guessed() -> None:
    found = _edited(_by_formula(), ('PARAMETERS["pace"] + 1', 'PARAMETERS["pace"] - 1'))
    assert found.flow == what_is_said(_by_formula())
    assert "- 1)" in found.difference
