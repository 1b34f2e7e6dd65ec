"""The edits that wishes become."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.flow.edits import Edit, SetParameter, apply
from builder_app.flow.templates import effective_parameters
from builder_app.flow.values import (
    GROUP_INPUTS,
    GROUP_OUTPUTS,
    Formula,
    Group,
    LogicFlow,
    Node,
    ParameterReference,
    ParameterValue,
    frozen_mapping,
)
from builder_app.ui.inspector.parameter_form import parameter_forms
from builder_app.ui.inspector.wishes import (
    bind_to_new,
    parameter_state,
    references_in,
    remove_strategy_parameter,
    rename_strategy_parameter,
    reset_parameter,
    same_value,
    set_parameter,
)
from tests.ui.inspector.samples import FLOW, SMA

PERIOD = parameter_forms(SMA)[0]
VALUES = st.none() | st.integers(1, 5) | st.just(20) | st.builds(ParameterReference, st.sampled_from(["a", "b"]))


def node(id: str, value: ParameterValue) -> Node:
    """A block with this period; None: it is not set."""
    return Node(id, "sma", parameters=frozen_mapping({} if value is None else {"period": value}))


@given(st.lists(VALUES, min_size=1, max_size=4))
def test_values_are_mixed_exactly_where_two_blocks_differ(values: list[ParameterValue]) -> None:
    state = parameter_state([node(str(index), value) for index, value in enumerate(values)], PERIOD)
    effective = [20 if value is None else value for value in values]
    assert state.mixed == (len(set(effective)) > 1)
    assert state.changed == any(value != 20 for value in effective)
    assert state.value == effective[0]


def test_one_and_true_are_different_values_and_one_and_one_point_nought_are_not() -> None:
    assert not same_value(1, True)
    assert same_value(1, 1.0)


def test_setting_several_blocks_is_one_step() -> None:
    edit = set_parameter([FLOW.nodes["fast"], FLOW.nodes["slow"]], PERIOD, 15)
    after, back = apply(FLOW, edit)
    assert [after.nodes[id].parameters["period"] for id in ("fast", "slow")] == [15, 15]
    assert apply(after, back)[0] == FLOW
    assert set_parameter([FLOW.nodes["fast"]], PERIOD, 15) == SetParameter("fast", "period", 15)


def test_renaming_and_removing_reach_formulas_and_groups() -> None:
    """A strategy parameter is named by blocks alone, in formulas, and by blocks inside groups."""
    values: dict[str, ParameterValue] = {"period": Formula("2 * slow_period + threshold")}
    by_formula = Node("formula", "sma", parameters=frozen_mapping(values))
    inside = (node("in", ParameterReference("slow_period")), *(Node(id, id) for id in (GROUP_INPUTS, GROUP_OUTPUTS)))
    group = Group("g", "Trend", LogicFlow(nodes=frozen_mapping((each.id, each) for each in inside)))
    drawn = replace(
        FLOW,
        nodes=frozen_mapping({**FLOW.nodes, "formula": by_formula}),
        groups=frozen_mapping({"g": group}),
    )
    assert set(references_in(drawn)["slow_period"]) == {
        ("", "bound", "period"),
        ("", "formula", "period"),
        ("g", "in", "period"),
    }
    after, back = apply(drawn, rename_strategy_parameter(drawn, "slow_period", "long period"))
    assert after.nodes["formula"].parameters["period"] == Formula('2 * "long period" + threshold')
    assert after.groups["g"].body.nodes["in"].parameters["period"] == ParameterReference("long period")
    assert apply(after, back)[0].nodes == drawn.nodes
    gone, _ = apply(drawn, remove_strategy_parameter(drawn, "slow_period"))
    assert gone.nodes["formula"].parameters["period"] == Formula("2 * 30 + threshold")
    assert gone.groups["g"].body.nodes["in"].parameters["period"] == 30
    last, _ = apply(gone, remove_strategy_parameter(gone, "threshold"))
    assert last.nodes["formula"].parameters["period"] == 60.25


def test_resetting_leaves_nothing_set() -> None:
    after, _ = apply(FLOW, reset_parameter([FLOW.nodes["fast"], FLOW.nodes["slow"]], PERIOD))
    assert "period" not in after.nodes["fast"].parameters
    assert "period" not in after.nodes["slow"].parameters


def test_binding_to_a_new_strategy_parameter_changes_no_value() -> None:
    after, back = apply(FLOW, bind_to_new([FLOW.nodes["fast"]], PERIOD, "period", 10))
    strategy = {name: parameter.value for name, parameter in after.parameters.items()}
    assert effective_parameters(after.nodes["fast"], SMA, strategy)["period"] == 10
    assert (after.parameters["period"].minimum, after.parameters["period"].maximum) == (1.0, 200.0)
    assert apply(after, back)[0] == FLOW


@pytest.mark.parametrize(
    "edit", [rename_strategy_parameter(FLOW, "slow_period", "long"), remove_strategy_parameter(FLOW, "slow_period")]
)
def test_renaming_and_removing_a_strategy_parameter_change_no_blocks_value(edit: Edit) -> None:
    after, back = apply(FLOW, edit)
    assert "slow_period" not in after.parameters
    assert "slow_period" not in references_in(after)
    strategy = {name: parameter.value for name, parameter in after.parameters.items()}
    assert effective_parameters(after.nodes["bound"], SMA, strategy)["period"] == 30
    assert dict(apply(after, back)[0].parameters) == dict(FLOW.parameters)
    assert apply(after, back)[0].nodes == FLOW.nodes
