"""A fingerprint of what a flow says, whatever it looks like."""

import hashlib
import json

from builder_app.flow.groups import used_groups
from builder_app.flow.values import Formula, Group, Json, LogicFlow, ParameterReference, ParameterValue, Secret


def flow_hash(flow: LogicFlow) -> str:
    """SHA-256, in hex, of a canonical JSON of names, blocks, wires and parameters.

    Of groups count those that are drawn, with their titles, descriptions, ports and what is inside. Places, frames,
    notes, the points through which wires are led and the order in which things are listed do not count; nor do the
    bounds of parameters' sliders. Of sensitive parameters only the names count: a hash would give a short one away.
    """
    said: dict[str, Json] = {
        "name": flow.name,
        **_drawn(flow),
        "parameters": {name: _value(parameter.value) for name, parameter in flow.parameters.items()},
    }
    groups = [flow.groups[id] for id in used_groups(flow)] if flow.groups else []
    if groups:
        said["groups"] = [_group(group) for group in groups]
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _drawn(flow: LogicFlow) -> dict[str, Json]:
    return {
        "nodes": [
            {
                "id": node.id,
                "template": node.template,
                "template_version": node.template_version,
                "parameters": {name: _value(value) for name, value in node.parameters.items()},
                "label": node.label,
                "muted": node.muted,
            }
            for _, node in sorted(flow.nodes.items())
        ],
        "edges": [list[Json]((*edge.source, *edge.target)) for edge in sorted(flow.edges)],
    }


def _group(group: Group) -> Json:
    return {
        "id": group.id,
        "title": group.title,
        "description": group.description,
        "inputs": [[port.name, port.type.value, port.display_name] for port in group.inputs],
        "outputs": [[port.name, port.type.value, port.display_name] for port in group.outputs],
        "parameters": [[held.name, held.node, held.parameter] for held in group.parameters],
        **_drawn(group.body),
    }


def _value(value: ParameterValue) -> Json:
    match value:
        case ParameterReference(name):
            return {"parameter": name}
        case Formula(text):
            return {"formula": text}
        case Secret():
            return None
        case _:
            return value
