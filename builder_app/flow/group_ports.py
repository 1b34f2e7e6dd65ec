"""Changing what a group shows: its title, its ports and the parameters that instances may set, each as one edit."""

from collections.abc import Iterator
from dataclasses import replace

from builder_app.flow.edit_kinds import Batch, Connect, Disconnect, Edit, InGroup, SetGroup, SetParameter
from builder_app.flow.groups import BOUNDARY, catalogue_with_groups, template_name, with_boundary
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import (
    GROUP_INPUTS,
    GROUP_OUTPUTS,
    Edge,
    Group,
    GroupParameter,
    GroupPort,
    LogicFlow,
    Port,
    fresh_id,
    frozen_mapping,
)
from builder_app.flow.wording import block_name, words


def retitle(flow: LogicFlow, group: str, title: str) -> Edit:
    """Give a group another title; it names the function in the code."""
    return Batch((SetGroup(group, replace(flow.groups[group], title=title)),), f"Rename the group to {title}".rstrip())


def describe_group(flow: LogicFlow, group: str, description: str) -> Edit:
    """Say what a group does; the code says it too."""
    changed = replace(flow.groups[group], description=description)
    return Batch((SetGroup(group, changed),), f"Describe the group {changed.title}")


def rename_port(flow: LogicFlow, group: str, boundary: str, name: str, shown: str) -> Edit:
    """Call a port another name. `boundary` says which side it is on; wires stay as they are."""
    held = flow.groups[group]
    ports = tuple(replace(port, display_name=shown) if port.name == name else port for port in _ports(held, boundary))
    return Batch((SetGroup(group, _with_ports(held, boundary, ports)),), f"Rename the port {words(name)} to {shown}")


def move_port(flow: LogicFlow, group: str, boundary: str, name: str, steps: int) -> Edit | None:
    """Show a port further up (negative) or down; None where it is at the end already."""
    held = flow.groups[group]
    ports = list(_ports(held, boundary))
    place = next((index for index, port in enumerate(ports) if port.name == name), None)
    if place is None or not 0 <= place + steps < len(ports):
        return None
    ports.insert(place + steps, ports.pop(place))
    return Batch((SetGroup(group, _with_ports(held, boundary, tuple(ports))),), f"Move the port {words(name)}")


def remove_port(flow: LogicFlow, group: str, boundary: str, name: str) -> Edit:
    """Take a port away, with its wires inside the group and at every instance."""
    held = flow.groups[group]
    end = Port(boundary, name)
    outer = [
        Disconnect(edge) if level is None else InGroup(level, Disconnect(edge))
        for level, edge in _wires_at_instances(flow, group, boundary, name)
    ]
    cut = {edge for edge in held.body.edges if end in edge}
    body = replace(
        held.body,
        edges=tuple(edge for edge in held.body.edges if edge not in cut),
        routes=frozen_mapping((edge, points) for edge, points in held.body.routes.items() if edge not in cut),
    )
    ports = tuple(port for port in _ports(held, boundary) if port.name != name)
    changed = replace(_with_ports(held, boundary, ports), body=body)
    return Batch((*outer, SetGroup(group, changed)), f"Remove the port {words(name)}")


def add_port(flow: LogicFlow, catalogue: Catalogue, group: str, inner: Port, is_input: bool) -> Edit | None:
    """A new port of the group, wired to this port of a block inside; None where there is no such port."""
    held = flow.groups[group]
    known = with_boundary(held, catalogue_with_groups(flow, catalogue))
    node = held.body.nodes.get(inner.node)
    template = known.of(node) if node is not None and inner.node not in BOUNDARY else None
    port = template and (template.input_port(inner.port) if is_input else template.output_port(inner.port))
    if node is None or not port:
        return None
    boundary = GROUP_INPUTS if is_input else GROUP_OUTPUTS
    ports = _ports(held, boundary)
    name = fresh_id(inner.port, [each.name for each in ports])
    shown = port.display_name if name == inner.port else f"{block_name(node, known)} {words(inner.port)}"
    end = Port(boundary, name)
    edge = Edge(end, inner) if is_input else Edge(inner, end)
    changed = _with_ports(held, boundary, (*ports, GroupPort(name, port.type, shown)))
    title = f"Add the {'input' if is_input else 'output'} {shown or words(name)}"
    return Batch((SetGroup(group, changed), InGroup(group, Connect(edge))), title)


def open_ports(flow: LogicFlow, catalogue: Catalogue, group: str, is_input: bool) -> Iterator[tuple[Port, str]]:
    """The ports of blocks inside that may become ports of the group, each with what it is called."""
    held = flow.groups[group]
    known = catalogue_with_groups(flow, catalogue)
    wired = {edge.target for edge in held.body.edges}
    given = {edge.source for edge in held.body.edges if edge.target.node == GROUP_OUTPUTS}
    for id in sorted(held.body.nodes):
        template = known.of(held.body.nodes[id])
        if template is None or id in BOUNDARY:
            continue
        name = block_name(held.body.nodes[id], known)
        for port in template.input_ports if is_input else template.output_ports:
            end = Port(id, port.name)
            if (end not in wired or getattr(port, "multiple", False)) if is_input else end not in given:
                yield end, f"{name} · {port.display_name or words(port.name)}"


def expose(flow: LogicFlow, catalogue: Catalogue, group: str, node: str, parameter: str) -> Edit:
    """Let each instance set a parameter of a block inside; until it does, the block's own value holds."""
    held = flow.groups[group]
    name = fresh_id(parameter, [each.name for each in held.parameters])
    if name != parameter:
        known = catalogue_with_groups(flow, catalogue)
        label = "".join(sign if sign.isalnum() else "_" for sign in block_name(held.body.nodes[node], known).casefold())
        name = fresh_id(f"{label.strip('_') or node}_{parameter}", [each.name for each in held.parameters])
    changed = replace(held, parameters=(*held.parameters, GroupParameter(name, node, parameter)))
    return Batch((SetGroup(group, changed),), f"Let instances set {words(name)}")


def hide_parameter(flow: LogicFlow, group: str, name: str) -> Edit:
    """Take a parameter back into the group; what instances had set is gone with it."""
    held = flow.groups[group]
    changed = replace(held, parameters=tuple(each for each in held.parameters if each.name != name))
    edits: list[Edit] = []
    for level, drawn in ((None, flow), *((id, inner.body) for id, inner in flow.groups.items() if id != group)):
        for id, node in drawn.nodes.items():
            if node.template == template_name(group) and name in node.parameters:
                edit = SetParameter(id, name, is_set=False)
                edits.append(edit if level is None else InGroup(level, edit))
    return Batch((*edits, SetGroup(group, changed)), f"Keep {words(name)} inside the group")


def hidden_parameters(flow: LogicFlow, catalogue: Catalogue, group: str) -> Iterator[tuple[str, str, str]]:
    """(block, parameter, what it is called) of each parameter inside that instances may not set yet."""
    held = flow.groups[group]
    known = catalogue_with_groups(flow, catalogue)
    shown = {(each.node, each.parameter) for each in held.parameters}
    for id in sorted(held.body.nodes):
        template = known.of(held.body.nodes[id])
        properties = template.parameter_schema.get("properties") if template is not None else None
        if template is None or not isinstance(properties, dict):
            continue
        hidden = template.sensitive
        for name in properties:
            if (id, name) not in shown and name not in hidden:
                yield id, name, f"{block_name(held.body.nodes[id], known)} · {words(name)}"


def _ports(group: Group, boundary: str) -> tuple[GroupPort, ...]:
    return group.inputs if boundary == GROUP_INPUTS else group.outputs


def _with_ports(group: Group, boundary: str, ports: tuple[GroupPort, ...]) -> Group:
    return replace(group, inputs=ports) if boundary == GROUP_INPUTS else replace(group, outputs=ports)


def _wires_at_instances(flow: LogicFlow, group: str, boundary: str, name: str) -> Iterator[tuple[str | None, Edge]]:
    """The wires at this port of every instance, each with the group that it is drawn in."""
    for level, drawn in ((None, flow), *((id, held.body) for id, held in flow.groups.items() if id != group)):
        instances = {id for id, node in drawn.nodes.items() if node.template == template_name(group)}
        for edge in drawn.edges:
            end = edge.target if boundary == GROUP_INPUTS else edge.source
            if end.node in instances and end.port == name:
                yield level, edge
