"""A group as a block of its own: what "Save as my block…" keeps, and its body as JSON values."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from builder_app.flow.formulas import value_of
from builder_app.flow.group_faults import check_groups
from builder_app.flow.grouping import GroupingRefused
from builder_app.flow.groups import catalogue_with_groups, derived_template, template_name
from builder_app.flow.json_shape import listing
from builder_app.flow.json_values import group_from_json, group_to_json
from builder_app.flow.part_shapes import GROUP
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.unreadable import Faults, Path
from builder_app.flow.values import (
    Group,
    Json,
    LogicFlow,
    Node,
    ParameterValue,
    Secret,
    frozen_mapping,
)
from builder_app.flow.wording import block_name, words


def template_from_group(flow: LogicFlow, catalogue: Catalogue, group: str, name: str) -> NodeTemplate:
    """A template of this name whose inside is the flow's group; it holds nothing of the strategy that it came from.

    Strategy parameters become the values that they have now. Raises GroupingRefused where a sensitive value would be
    given away.
    """
    known = catalogue_with_groups(flow, catalogue)
    held = flow.groups[group]
    if template_name(group) not in known.templates:
        raise GroupingRefused(f"The group '{held.title}' contains itself, so it can't be a block of its own.")
    groups = {each.id: _apart(each, flow, known) for each in known.templates[template_name(group)].body}
    made = derived_template(groups[group], groups, known.templates)
    return replace(made, name=name, category="My blocks", version="1.0.0")


def _apart(group: Group, flow: LogicFlow, catalogue: Catalogue) -> Group:
    nodes = frozen_mapping((id, _settled(node, flow, catalogue)) for id, node in group.body.nodes.items())
    return replace(group, body=replace(group.body, nodes=nodes))


def _settled(node: Node, flow: LogicFlow, catalogue: Catalogue) -> Node:
    """The block with values in the place of strategy parameters."""

    strategy = {name: parameter.value for name, parameter in flow.parameters.items()}

    def settled(parameter: str, value: ParameterValue) -> ParameterValue:
        found = value_of(value, strategy)
        if isinstance(found, Secret):
            said = f"The {words(parameter)} of '{block_name(node, catalogue)}'"
            raise GroupingRefused(f"{said} is sensitive, and a block of your own would carry it: take it out first.")
        return found

    if not node.parameters:
        return node
    values = {name: settled(name, value) for name, value in node.parameters.items()}
    return replace(node, parameters=frozen_mapping(values))


def body_to_json(body: tuple[Group, ...]) -> list[Json]:
    """A template's groups as JSON values: the group itself, then those that it contains."""
    return [group_to_json(group) for group in body]


def body_from_json(value: object) -> tuple[Group, ...]:
    """The reverse of `body_to_json`. Raises FlowUnreadable with everything that is wrong."""
    faults = Faults()
    listing(GROUP)(value, ("groups",), faults)
    if isinstance(value, list) and not faults.problems:
        check_groups({"groups": value}, faults, _check_drawn)
    faults.raise_if_any()
    assert isinstance(value, list)
    return tuple(group_from_json(group) for group in value)


def _check_drawn(document: Mapping[str, Any], at: Path, faults: Faults) -> None:
    """What the shape of a group does not say: ids are taken once, and wires have their blocks."""
    for member, what in (("nodes", "block"), ("frames", "frame"), ("notes", "note")):
        ids = [item["id"] for item in document.get(member, ())]
        for id in sorted({id for id in ids if ids.count(id) > 1}):
            faults.add("duplicate-id", f"Several {what}s of a group have the id '{id}'.", "Give each its own.")
    known = {node["id"] for node in document["nodes"]}
    for wire in document["edges"]:
        for side in ("source", "target"):
            if wire[side]["node"] not in known:
                message = f"A wire of a group leads to nowhere: there is no block with the id '{wire[side]['node']}'."
                faults.add("edge-to-nowhere", message, "Add that block, or take the wire out.")
    del at
