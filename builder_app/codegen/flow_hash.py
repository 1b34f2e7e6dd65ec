"""A fingerprint of what a flow says, whatever it looks like."""

import hashlib
import json

from builder_app.flow.values import Json, LogicFlow, ParameterReference, ParameterValue, Secret


def flow_hash(flow: LogicFlow) -> str:
    """SHA-256, in hex, of a canonical JSON of names, blocks, wires and parameters.

    Places, frames, notes and the order in which things are listed do not count; nor do the bounds of parameters'
    sliders. Of sensitive parameters only the names count: a hash would give a short one away.
    """
    said = {
        "name": flow.name,
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
        "edges": sorted([*edge.source, *edge.target] for edge in flow.edges),
        "parameters": {name: _value(parameter.value) for name, parameter in flow.parameters.items()},
    }
    text = json.dumps(said, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _value(value: ParameterValue) -> Json:
    match value:
        case ParameterReference(name):
            return {"parameter": name}
        case Secret():
            return None
        case _:
            return value
