"""Groups: made of chosen blocks, opened again, taken apart; what the strategy says never changes by it."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.flow import clipboard
from builder_app.flow.codec import dumps, loads
from builder_app.flow.difference import difference
from builder_app.flow.edits import (
    AddNode,
    Batch,
    Connect,
    Disconnect,
    EditRefused,
    InGroup,
    Mute,
    RemoveNodes,
    Rename,
    SetGroup,
    SetParameter,
    SetRoute,
    SetStrategyParameter,
    apply,
)
from builder_app.flow.group_expansion import expanded
from builder_app.flow.group_paths import (
    deepest_level,
    level_at,
    path_id,
    path_name,
    path_to_group,
    split_id,
)
from builder_app.flow.group_ports import (
    add_port,
    expose,
    hide_parameter,
    move_port,
    open_ports,
    remove_port,
    rename_port,
)
from builder_app.flow.group_templates import body_from_json, body_to_json, template_from_group
from builder_app.flow.grouping import EMPTY_BODY, GroupingRefused, group_nodes, in_group
from builder_app.flow.groups import catalogue_with_groups, used_groups
from builder_app.flow.history_titles import describe
from builder_app.flow.rules import check
from builder_app.flow.secret_values import edit_with_secrets, in_place, secrets_in, with_secrets
from builder_app.flow.templates import Catalogue
from builder_app.flow.turning import turning_into
from builder_app.flow.ungrouping import ungroup
from builder_app.flow.values import (
    GROUP_INPUTS,
    GROUP_OUTPUTS,
    Edge,
    Group,
    LogicFlow,
    Node,
    ParameterReference,
    Point,
    Port,
    PortType,
    Secret,
    StrategyParameter,
    frozen_mapping,
)
from tests.flow.blocks import CATALOGUE, CROSSOVER, block, draw, wire, within_bounds

STRATEGY = draw(*CROSSOVER)
PARTS = sorted(STRATEGY.nodes)


def _grouped(flow: LogicFlow = STRATEGY, *ids: str, title: str = "Trend filter") -> LogicFlow:
    return apply(flow, group_nodes(flow, CATALOGUE, ids or ("fast", "slow", "cross"), title))[0]


def _said(flow: LogicFlow) -> set[tuple[str, str, str, str]]:
    """The wires between blocks, by the kinds and labels of the blocks, whatever their ids."""
    names = {id: f"{node.template} {dict(node.parameters)}" for id, node in flow.nodes.items()}
    return {(names[s.node], s.port, names[t.node], t.port) for s, t in flow.edges}


def test_a_group_has_a_port_for_each_cut_wire_and_each_outer_output_only_once() -> None:
    flow = _grouped()
    group = flow.groups["group"]
    assert [(port.name, port.type) for port in group.inputs] == [("price", PortType.SERIES)]
    assert [(port.name, port.type) for port in group.outputs] == [("result", PortType.BOOLEAN)]
    assert wire("prices.close > group.price") in flow.edges
    assert wire("group.result > enter.condition") in flow.edges
    assert flow.nodes.keys() == {"prices", "group", "enter", "size", "stop"}
    template = catalogue_with_groups(flow, CATALOGUE).templates["group:group"]
    assert template.display_name == "Trend filter"
    assert not template.input_ports[0].required  # both averages take the close where nothing is wired


@given(st.sets(st.sampled_from(PARTS), min_size=1))
def test_grouping_changes_nothing_in_what_is_said_and_ungrouping_brings_back_the_picture(ids: set[str]) -> None:
    try:
        edit = group_nodes(STRATEGY, CATALOGUE, ids, "Part")
    except GroupingRefused:
        return
    flow, inverse = apply(STRATEGY, edit)
    opened = expanded(flow, CATALOGUE)
    assert _said(opened) == _said(STRATEGY)
    assert {split_id(flow, id)[1] for id in opened.nodes} == set(STRATEGY.nodes)
    assert check(flow, CATALOGUE, within_bounds) == ()
    assert apply(flow, inverse)[0] == STRATEGY
    apart, regroup = apply(flow, ungroup(flow, CATALOGUE, "group"))
    assert (apart.nodes.keys(), apart.edges, apart.groups) == (STRATEGY.nodes.keys(), STRATEGY.edges, {})
    assert apply(apart, regroup)[0] == flow


def test_blocks_that_would_close_a_circle_around_others_are_not_grouped() -> None:
    with pytest.raises(GroupingRefused, match="'Crosses above' stands between the chosen blocks"):
        group_nodes(STRATEGY, CATALOGUE, ("fast", "enter"))
    with pytest.raises(GroupingRefused, match="Select the blocks"):
        group_nodes(STRATEGY, CATALOGUE, ())


def test_groups_stand_in_groups_and_are_named_by_the_way_to_them() -> None:
    inner = _grouped(STRATEGY, "fast", "slow", "cross")
    outer = _grouped(inner, "group", "prices", title="All of it")
    path = path_to_group(outer, "group")
    assert path is not None
    assert path_name(outer, CATALOGUE, path_id(path, "fast")) == "All of it ▸ Trend filter ▸ Fast average"
    assert _said(expanded(outer, CATALOGUE)) == _said(STRATEGY)
    assert used_groups(outer) == ("group", "group_2")
    level = level_at(outer, CATALOGUE, path)
    assert level is not None
    assert level.group is outer.groups["group"]
    assert deepest_level(outer, (*path, "fast")) == path


def test_a_group_is_used_twice_and_each_instance_sets_its_own_parameters() -> None:
    flow = apply(_grouped(), expose(_grouped(), CATALOGUE, "group", "fast", "period"))[0]
    flow = apply(flow, RemoveNodes(frozenset()))[0]
    second = Node("again", "group:group", parameters=frozen_mapping({"period": 5}))
    flow = replace(flow, nodes=frozen_mapping({**flow.nodes, "again": second, "not": block("not", "not")}))
    flow = apply(flow, Connect(wire("again.result > not.condition")))[0]
    opened = expanded(flow, CATALOGUE)
    periods = {id: opened.nodes[path_id((id,), "fast")].parameters["period"] for id in ("group", "again")}
    assert periods == {"group": 10, "again": 5}


def test_problems_inside_a_group_name_the_way_and_are_mended_inside_it() -> None:
    wrong = block("fast", "sma", "Fast average", period=500)
    flow = _grouped(replace(STRATEGY, nodes=frozen_mapping({**STRATEGY.nodes, "fast": wrong})))
    (problem,) = check(flow, CATALOGUE, within_bounds)
    assert problem.node == path_id(("group",), "fast")
    assert "'Trend filter ▸ Fast average'" in problem.message
    assert problem.fix is not None
    assert check(apply(flow, problem.fix)[0], CATALOGUE, within_bounds) == ()


def test_what_an_instance_sets_wrongly_is_mended_at_the_instance() -> None:
    flow = apply(_grouped(), expose(_grouped(), CATALOGUE, "group", "fast", "period"))[0]
    flow = apply(flow, SetParameter("group", "period", 900))[0]
    fixes = [problem.fix for problem in check(flow, CATALOGUE, within_bounds)]
    assert fixes == [SetParameter("group", "period", 200)]


def test_a_muted_group_is_bypassed_as_one_block() -> None:
    flow = draw(
        "prices.close > average.price",
        "average.value > not.a",
        block("prices", "prices"),
        block("average", "sma"),
        block("not", "crosses_above"),
    )
    grouped = apply(_grouped(flow, "average"), Mute("group", True))[0]
    fed = check(grouped, CATALOGUE, within_bounds)
    assert all("into 'Fast'" not in problem.message for problem in fed)  # the prices reach it past the group


def test_a_group_never_comes_to_contain_itself() -> None:
    flow = _grouped()
    with pytest.raises(EditRefused, match="can't contain itself"):
        apply(flow, InGroup("group", AddNode(Node("again", "group:group"))))


def test_the_blocks_of_a_groups_ports_stay() -> None:
    flow = _grouped()
    for id in (GROUP_INPUTS, GROUP_OUTPUTS):
        with pytest.raises(EditRefused, match="stays in the group"):
            apply(flow, InGroup("group", RemoveNodes(frozenset({id}))))


def test_removing_a_port_takes_its_wires_inside_and_outside_and_undo_brings_them_back() -> None:
    flow = _grouped()
    changed, inverse = apply(flow, remove_port(flow, "group", GROUP_OUTPUTS, "result"))
    assert not changed.groups["group"].outputs
    assert all(
        "group" not in (edge.source.node, edge.target.node) or edge.target.node == "group" for edge in changed.edges
    )
    assert not [edge for edge in changed.groups["group"].body.edges if edge.target.node == GROUP_OUTPUTS]
    assert apply(changed, inverse)[0] == flow


def test_ports_are_renamed_moved_and_added() -> None:
    flow = _grouped()
    flow = apply(flow, rename_port(flow, "group", GROUP_INPUTS, "price", "Price to follow"))[0]
    offered = dict(open_ports(flow, CATALOGUE, "group", is_input=False))
    assert offered[Port("fast", "value")] == "Fast average · value"
    added = add_port(flow, CATALOGUE, "group", Port("fast", "value"), is_input=False)
    assert added is not None
    flow = apply(flow, added)[0]
    up = move_port(flow, "group", GROUP_OUTPUTS, "value", -1)
    assert up is not None
    flow = apply(flow, up)[0]
    assert [port.name for port in flow.groups["group"].outputs] == ["value", "result"]
    assert flow.groups["group"].inputs[0].display_name == "Price to follow"
    assert move_port(flow, "group", GROUP_OUTPUTS, "value", -1) is None


def test_a_wire_to_a_port_that_is_gone_is_said_and_not_dropped_in_silence() -> None:
    flow = _grouped()
    bare = replace(flow.groups["group"], outputs=())
    flow = apply(flow, SetGroup("group", bare))[0]
    missing = [problem for problem in check(flow, CATALOGUE, within_bounds) if problem.rule == "missing-port"]
    assert {problem.node for problem in missing} == {"group", path_id(("group",), GROUP_OUTPUTS)}
    for problem in missing:
        assert problem.fix is not None
        flow = apply(flow, problem.fix)[0]
    assert not [problem for problem in check(flow, CATALOGUE, within_bounds) if problem.rule == "missing-port"]


def test_groups_in_groups_without_end_are_said_not_opened() -> None:
    def holding(id: str, inner: str, count: int) -> Group:
        nodes = {f"n{place}": Node(f"n{place}", f"group:{inner}") for place in range(count)}
        return Group(id, id, replace(EMPTY_BODY, nodes=frozen_mapping({**EMPTY_BODY.nodes, **nodes})))

    around = LogicFlow(
        nodes=frozen_mapping({"a": Node("a", "group:a")}),
        groups=frozen_mapping({"a": holding("a", "b", 1), "b": holding("b", "a", 1)}),
    )
    assert "group-in-itself" in {problem.rule for problem in check(around, CATALOGUE, within_bounds)}
    bomb = {f"g{level}": holding(f"g{level}", f"g{level + 1}", 10) for level in range(12)}
    large = LogicFlow(nodes=frozen_mapping({"a": Node("a", "group:g0")}), groups=frozen_mapping(bomb))
    assert "groups-too-large" in {problem.rule for problem in check(large, CATALOGUE, within_bounds)}


def test_copying_an_instance_carries_its_group_and_pasting_knows_one_that_is_the_same() -> None:
    inner = _grouped()
    flow = _grouped(inner, "group", "prices", title="Outer")
    text = clipboard.copy(flow, ["group_2"])
    again = apply(flow, clipboard.paste(text, flow, Point(0.0, 0.0)))[0]
    assert again.groups == flow.groups
    assert {node.template for node in again.nodes.values()} >= {"group:group_2"}
    elsewhere = apply(LogicFlow(), clipboard.paste(text, LogicFlow(), Point(0.0, 0.0)))[0]
    assert elsewhere.groups == flow.groups
    other = apply(LogicFlow(), SetGroup("group", Group("group", "Another", EMPTY_BODY)))[0]
    mixed = apply(other, clipboard.paste(text, other, Point(0.0, 0.0)))[0]
    assert mixed.groups["group"].title == "Another"
    (outer,) = (group for group in mixed.groups.values() if group.title == "Outer")
    assert "group:group_2" in {node.template for node in outer.body.nodes.values()}


def test_a_sensitive_value_inside_a_group_has_its_own_place_and_is_never_written() -> None:
    secret = block("fast", "sma", period=10, key=Secret("hidden"))
    flow = _grouped(replace(STRATEGY, nodes=frozen_mapping({**STRATEGY.nodes, "fast": secret})))
    ((place, held),) = secrets_in(flow)
    assert place == ("group", "group", "fast", "key")
    assert in_place(flow, place) is held
    sealed = with_secrets(flow, lambda at, _: Secret(sealed="/".join(at)))
    assert in_place(sealed, place) == Secret(sealed="group/group/fast/key")
    assert "hidden" not in dumps(flow)
    edit = InGroup("group", SetParameter("fast", "key", Secret("hidden")))
    changed = edit_with_secrets(edit, lambda at, _: Secret(sealed="/".join(at)))
    assert isinstance(changed, InGroup)
    assert isinstance(changed.edit, SetParameter)
    assert isinstance(changed.edit.value, Secret)
    assert changed.edit.value.sealed == "group/group/fast/key"


def test_a_group_is_written_and_read_and_a_flow_without_any_is_written_as_before() -> None:
    assert loads(dumps(_grouped())) == _grouped()
    assert '"groups"' not in dumps(STRATEGY)
    assert '"points"' not in dumps(STRATEGY)


def test_steps_in_groups_are_named_with_the_group() -> None:
    flow = _grouped()
    edit = InGroup("group", SetParameter("fast", "period", 12))
    assert describe(edit, flow, CATALOGUE) == "Set period of Fast average to 12 in Trend filter"
    assert (
        describe(group_nodes(STRATEGY, CATALOGUE, ("fast", "slow", "cross")), STRATEGY, CATALOGUE) == "Group 3 blocks"
    )
    after = apply(flow, edit)[0]
    (change,) = difference(flow, after, CATALOGUE)
    assert change.text.startswith("In the group 'Trend filter': The block 'Fast average' was changed: period is 12")
    assert apply(flow, turning_into(flow, after, "Back"))[0] == after


def test_exposing_a_parameter_and_hiding_it_again_takes_away_what_instances_set() -> None:
    flow = _grouped()
    flow = apply(flow, expose(flow, CATALOGUE, "group", "fast", "period"))[0]
    flow = apply(flow, expose(flow, CATALOGUE, "group", "slow", "period"))[0]
    assert [held.name for held in flow.groups["group"].parameters] == ["period", "slow_average_period"]
    flow = apply(flow, SetParameter("group", "period", ParameterReference("x")))[0]
    flow = apply(flow, hide_parameter(flow, "group", "period"))[0]
    assert not flow.nodes["group"].parameters


def test_a_secret_that_cannot_be_opened_is_not_moved_into_a_group() -> None:
    closed = block("fast", "sma", "Fast average", key=Secret(why="No key.", kept={("session", "1", "x"): "…"}))
    flow = replace(STRATEGY, nodes=frozen_mapping({**STRATEGY.nodes, "fast": closed}))
    with pytest.raises(GroupingRefused, match="can't be opened now"):
        group_nodes(flow, CATALOGUE, ("fast",))


@settings(max_examples=50)
@given(st.lists(st.sampled_from(("fast", "slow", "cross")), unique=True, min_size=1))
def test_an_edit_of_several_parts_inside_a_group_copies_it_once(ids: list[str]) -> None:
    batch = Batch((*(Rename(id, "x") for id in ids), SetStrategyParameter("p", None), *(Rename(id, "y") for id in ids)))
    inside = in_group("group", batch)
    assert isinstance(inside, Batch)
    assert len(inside.edits) == 3
    flow = apply(_grouped(), inside)[0]
    assert all(flow.groups["group"].body.nodes[id].label == "y" for id in ids)


def test_removing_a_led_wire_and_undoing_it_brings_its_points_back() -> None:
    edge = Edge(Port("fast", "value"), Port("cross", "a"))
    flow = apply(STRATEGY, SetRoute(edge, (Point(1.0, 2.0),)))[0]
    for edit in (Disconnect(edge), RemoveNodes(frozenset({"fast", "slow"}))):
        without, inverse = apply(flow, edit)
        assert not without.routes
        assert apply(without, inverse)[0] == flow
    assert apply(flow, SetRoute(edge))[0] == STRATEGY


def test_a_group_becomes_a_template_that_means_the_same_and_holds_nothing_of_the_strategy() -> None:
    flow = _grouped(replace(STRATEGY, parameters=frozen_mapping({"days": StrategyParameter(12)})))
    flow = apply(flow, InGroup("group", SetParameter("fast", "period", ParameterReference("days"))))[0]
    template = template_from_group(flow, CATALOGUE, "group", "my_trend")
    assert body_from_json(body_to_json(template.body)) == template.body
    assert template.body[0].body.nodes["fast"].parameters["period"] == 12
    catalogue = Catalogue(frozen_mapping({**CATALOGUE.templates, "my_trend": template}))
    mine = replace(flow.nodes["group"], template="my_trend")
    drawn = replace(flow, nodes=frozen_mapping({**flow.nodes, "group": mine}), groups=frozen_mapping({}))
    settled = apply(flow, InGroup("group", SetParameter("fast", "period", 12)))[0]
    assert expanded(drawn, catalogue).nodes == expanded(settled, CATALOGUE).nodes
    assert expanded(drawn, catalogue).edges == expanded(settled, CATALOGUE).edges
    with pytest.raises(GroupingRefused, match="block of your own"):
        ungroup(drawn, catalogue, "group")


def test_a_sensitive_value_does_not_go_into_a_template() -> None:
    secret = block("fast", "sma", "Fast average", key=Secret("hidden"))
    flow = _grouped(replace(STRATEGY, nodes=frozen_mapping({**STRATEGY.nodes, "fast": secret})))
    with pytest.raises(GroupingRefused, match="is sensitive"):
        template_from_group(flow, CATALOGUE, "group", "my_trend")
