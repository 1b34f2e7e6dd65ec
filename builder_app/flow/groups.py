"""Groups as blocks: what an instance of a group shows, and a catalogue in which groups stand beside all other blocks.

A template with a `body` is a group, whether the flow itself defines it (`group:<id>`) or a user saved it as a block.
Rules, canvas, inspector, palette and code ask the catalogue and need not know which of the two it is.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from builder_app.flow.templates import Catalogue, InputPort, NodeTemplate, OutputPort, template_of
from builder_app.flow.values import (
    GROUP_INPUTS,
    GROUP_OUTPUTS,
    GROUP_PREFIX,
    Group,
    GroupPort,
    Json,
    LogicFlow,
    NodeType,
    ParameterValue,
    PortType,
    frozen_mapping,
)

BOUNDARY: Final = frozenset({GROUP_INPUTS, GROUP_OUTPUTS})
"""The ids of the two blocks that stand for a group's own ports inside it."""
CATEGORY: Final = "Groups"
_TYPES: Final = {
    PortType.SERIES: NodeType.INDICATOR,
    PortType.BOOLEAN: NodeType.CONDITION,
    PortType.SIGNAL: NodeType.SIGNAL,
    PortType.POSITION: NodeType.POSITION,
    PortType.PORTFOLIO: NodeType.RISK_MANAGEMENT,
}
_NO_PORT: Final = InputPort("", PortType.SERIES, required=False)

_latest: list[tuple[Mapping[str, Group], Catalogue, Catalogue]] = []
_MOST_KEPT: Final = 8


def template_name(group: str) -> str:
    """The name of the template that instances of this group have."""
    return f"{GROUP_PREFIX}{group}"


def group_of(template: str) -> str | None:
    """The id of the flow's group that a block of this template is an instance of, or None."""
    return template.removeprefix(GROUP_PREFIX) if template.startswith(GROUP_PREFIX) else None


def catalogue_with_groups(flow: LogicFlow, catalogue: Catalogue) -> Catalogue:
    """The catalogue, and in it a template for each of the flow's groups; the catalogue itself where there are none.

    A group that contains itself has no template: its instances are placeholders, as those of any unknown block.
    """
    if not flow.groups:
        return catalogue
    for groups, given, made in _latest:
        if groups is flow.groups and given is catalogue:
            return made
    made = with_templates(flow.groups, catalogue)
    _latest.insert(0, (flow.groups, catalogue, made))
    del _latest[_MOST_KEPT:]
    return made


def with_templates(groups: Mapping[str, Group], catalogue: Catalogue) -> Catalogue:
    """The catalogue with a template for each of these groups."""
    templates = dict(catalogue.templates)
    for id in inner_first(groups):
        templates[template_name(id)] = derived_template(groups[id], groups, templates)
    return Catalogue(frozen_mapping(templates), catalogue.user_made)


def level_catalogue(flow: LogicFlow, group: Group, catalogue: Catalogue) -> Catalogue:
    """What may be drawn inside a group of this flow: all blocks, and the two that stand for the group's own ports."""
    return with_boundary(group, catalogue_with_groups(flow, catalogue))


def with_boundary(group: Group, catalogue: Catalogue) -> Catalogue:
    """The catalogue with templates for the two blocks that stand for this group's ports."""
    inputs, outputs = boundary_templates(group)
    templates = {**catalogue.templates, GROUP_INPUTS: inputs, GROUP_OUTPUTS: outputs}
    return Catalogue(frozen_mapping(templates), catalogue.user_made)


def boundary_templates(group: Group) -> tuple[NodeTemplate, NodeTemplate]:
    """The templates of the blocks that stand for a group's inputs and for its outputs."""
    inputs = NodeTemplate(
        GROUP_INPUTS,
        "Inputs",
        NodeType.CUSTOM,
        "",
        description=f"What is wired into '{group.title}'.",
        output_ports=tuple(OutputPort(port.name, port.type, "", port.display_name) for port in group.inputs),
    )
    outputs = NodeTemplate(
        GROUP_OUTPUTS,
        "Outputs",
        NodeType.CUSTOM,
        "",
        description=f"What '{group.title}' gives.",
        input_ports=tuple(
            InputPort(port.name, port.type, False, False, "", port.display_name) for port in group.outputs
        ),
    )
    return inputs, outputs


def used_groups(flow: LogicFlow) -> tuple[str, ...]:
    """The ids of the groups of which there is an instance in the picture, or inside one of those, sorted."""
    return tuple(sorted(_reached(_instances_in(flow), flow.groups)))


def instances_of(flow: LogicFlow, group: str) -> int:
    """How many instances of a group are drawn, at any level."""
    levels = [flow, *(held.body for held in flow.groups.values())]
    return sum(node.template == template_name(group) for level in levels for node in level.nodes.values())


def templates_in(flow: LogicFlow) -> frozenset[str]:
    """The names of the templates of all blocks that are drawn, in groups too; without the groups themselves."""
    levels = (flow, *(flow.groups[id].body for id in used_groups(flow)))
    names = {node.template for level in levels for node in level.nodes.values()} - BOUNDARY
    return frozenset(name for name in names if group_of(name) not in flow.groups)


def with_renamed_templates(flow: LogicFlow, names: Mapping[str, str]) -> LogicFlow:
    """The flow with blocks of these templates, in groups too, as blocks of those that take their place."""
    if not names:
        return flow
    groups = {id: replace(group, body=with_renamed_templates(group.body, names)) for id, group in flow.groups.items()}
    nodes = {id: replace(node, template=names.get(node.template, node.template)) for id, node in flow.nodes.items()}
    return replace(flow, nodes=frozen_mapping(nodes), groups=frozen_mapping(groups))


def templates_inside(template: NodeTemplate) -> frozenset[str]:
    """The names of the blocks that a block made of a group holds, in its earlier versions too; without its groups."""
    groups = [group for version in (template, *template.earlier) for group in version.body]
    names = {node.template for group in groups for node in group.body.nodes.values()} - BOUNDARY
    return frozenset(name for name in names if group_of(name) is None)


def with_renamed_inside(template: NodeTemplate, names: Mapping[str, str]) -> NodeTemplate:
    """The block with other names for blocks that it holds, in its earlier versions too."""
    if not names or not templates_inside(template):
        return template
    body = tuple(replace(group, body=with_renamed_templates(group.body, names)) for group in template.body)
    earlier = tuple(with_renamed_inside(version, names) for version in template.earlier)
    return replace(template, body=body, earlier=earlier)


def bundle_of(group: str, groups: Mapping[str, Group]) -> tuple[Group, ...]:
    """A group and, after it, every group that it contains, by id."""
    inside = _reached(_instances_in(groups[group].body), groups) - {group}
    return (groups[group], *(groups[id] for id in sorted(inside)))


def contains(group: str, other: str, groups: Mapping[str, Group]) -> bool:
    """Whether a group is another one, or has an instance of it anywhere inside."""
    return group == other or (group in groups and other in _reached(_instances_in(groups[group].body), groups))


def is_inside_itself(group: str, groups: Mapping[str, Group]) -> bool:
    """Whether a group has an instance of itself anywhere inside."""
    return group in groups and group in _reached(_instances_in(groups[group].body), groups)


def inner_first(groups: Mapping[str, Group]) -> list[str]:
    """The groups, each after those it contains; without those that contain themselves, and those around them."""
    found: dict[str, bool] = {}
    ordered: list[str] = []
    for root in sorted(groups):
        walk: list[tuple[str, Iterator[str]]] = []
        if root not in found:
            found[root] = False
            walk.append((root, iter(sorted(_instances_in(groups[root].body)))))
        while walk:
            id, rest = walk[-1]
            inner = next((other for other in rest if other in groups and other not in found), None)
            if inner is not None:
                found[inner] = False
                walk.append((inner, iter(sorted(_instances_in(groups[inner].body)))))
                continue
            walk.pop()
            found[id] = all(found[other] for other in _instances_in(groups[id].body) if other in groups)
            if found[id]:
                ordered.append(id)
    return ordered


def derived_template(group: Group, groups: Mapping[str, Group], templates: Mapping[str, NodeTemplate]) -> NodeTemplate:
    """What an instance of the group shows. `templates` has those of all blocks inside it."""
    feeds: dict[str, list[InputPort]] = {port.name: [] for port in group.inputs}
    for (source, output), (target, entry) in group.body.edges:
        if source == GROUP_INPUTS and output in feeds and target in group.body.nodes:
            template = template_of(group.body.nodes[target], templates)
            feeds[output].append((template.input_port(entry) if template is not None else None) or _NO_PORT)
    schemas, defaults = _parameters(group, templates)
    return NodeTemplate(
        name=template_name(group.id),
        display_name=group.title or "Group",
        node_type=_TYPES[group.outputs[0].type] if group.outputs else NodeType.CUSTOM,
        category=CATEGORY,
        description=group.description,
        parameter_schema=frozen_mapping(
            {"type": "object", "properties": schemas, "additionalProperties": False, "required": list[Json](schemas)}
        ),
        default_parameters=frozen_mapping(defaults),
        input_ports=tuple(_input(port, feeds[port.name]) for port in group.inputs),
        output_ports=tuple(OutputPort(port.name, port.type, "", port.display_name) for port in group.outputs),
        synonyms=("group",),
        body=bundle_of(group.id, groups),
    )


def _input(port: GroupPort, fed: list[InputPort]) -> InputPort:
    description = next((entry.description for entry in fed if entry.description), "")
    required = any(entry.required for entry in fed)
    multiple = bool(fed) and all(entry.multiple for entry in fed)
    return InputPort(port.name, port.type, required, multiple, description, port.display_name)


def _parameters(
    group: Group, templates: Mapping[str, NodeTemplate]
) -> tuple[dict[str, Json], dict[str, ParameterValue]]:
    """The schemas and the defaults of what instances may set; what leads to no parameter of a block is left out."""
    schemas: dict[str, Json] = {}
    defaults: dict[str, ParameterValue] = {}
    for parameter in group.parameters:
        node = group.body.nodes.get(parameter.node)
        template = template_of(node, templates) if node is not None else None
        properties = template.parameter_schema.get("properties") if template is not None else None
        schema = properties.get(parameter.parameter) if isinstance(properties, dict) else None
        if node is None or template is None or schema is None:
            continue
        schemas[parameter.name] = schema
        held = {**template.default_parameters, **node.parameters}
        if parameter.parameter in held:
            defaults[parameter.name] = held[parameter.parameter]
    return schemas, defaults


def _instances_in(flow: LogicFlow) -> frozenset[str]:
    """The groups of which there is an instance at this level."""
    templates = {node.template for node in flow.nodes.values()}
    return frozenset(id for template in templates if (id := group_of(template)) is not None)


def _reached(start: frozenset[str], groups: Mapping[str, Group]) -> frozenset[str]:
    found = {id for id in start if id in groups}
    waiting = list(found)
    while waiting:
        fresh = {id for id in _instances_in(groups[waiting.pop()].body) if id in groups} - found
        found |= fresh
        waiting += fresh
    return frozenset(found)
