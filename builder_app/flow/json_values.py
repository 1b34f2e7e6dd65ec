"""The parts of a flow as JSON values, and back.

The `…_from_json` functions take values that have passed their shape (see `part_shapes`). Texts lose half letters
(lone surrogates) on the way out: no file could hold them, and a screen shows them as the replacement letter already.
"""

from collections.abc import Mapping
from typing import Any, Final

from builder_app.flow.values import (
    Edge,
    Formula,
    Frame,
    Group,
    GroupParameter,
    GroupPort,
    Json,
    Literal,
    LogicFlow,
    Node,
    ParameterReference,
    ParameterValue,
    Point,
    Port,
    PortType,
    Rect,
    Secret,
    StickyNote,
    StrategyParameter,
    frozen_mapping,
)

EXACT_INTEGERS: Final = 2**53


def well_formed(words: str) -> str:
    """The text with half letters replaced by U+FFFD."""
    return words if words.isascii() else words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _whole(value: float) -> Json:
    """A coordinate: 3.0 and 3 are the same place, and are written the same."""
    return int(value) if -EXACT_INTEGERS < value < EXACT_INTEGERS and value == int(value) else value


def literal_to_json(value: Literal | Secret) -> Json:
    """A literal as it is; of a secret only what is sealed."""
    if isinstance(value, Secret):
        return {"sealed": value.sealed or None}
    return well_formed(value) if isinstance(value, str) else value


def _literal_from_json(value: Any) -> Literal | Secret:
    if isinstance(value, dict):
        return Secret(sealed=value["sealed"] or "")
    return value  # type: ignore[no-any-return]  # its shape says that it is a literal


def parameter_value_to_json(value: ParameterValue) -> Json:
    """A literal, `{"parameter": name}` for a reference, `{"formula": text}`, `{"sealed": ciphertext or null}`."""
    if isinstance(value, Formula):
        return {"formula": well_formed(value.text)}
    return {"parameter": well_formed(value.name)} if isinstance(value, ParameterReference) else literal_to_json(value)


def parameter_value_from_json(value: Any) -> ParameterValue:
    """The reverse of `parameter_value_to_json`."""
    if isinstance(value, dict) and "parameter" in value:
        return ParameterReference(value["parameter"])
    if isinstance(value, dict) and "formula" in value:
        return Formula(value["formula"])
    return _literal_from_json(value)


def point_to_json(point: Point) -> dict[str, Json]:
    """`{"x": …, "y": …}`."""
    return {"x": _whole(point.x), "y": _whole(point.y)}


def point_from_json(value: Mapping[str, Any]) -> Point:
    """The reverse of `point_to_json`."""
    return Point(float(value["x"]), float(value["y"]))


def _rect_to_json(rect: Rect) -> list[Json]:
    return [_whole(value) for value in rect]


def _rect_from_json(value: list[float]) -> Rect:
    return Rect(*(float(side) for side in value))


def node_to_json(node: Node) -> dict[str, Json]:
    """Every member of a node, those at their defaults too; but `collapsed` only where it is true, so that programs
    that do not know it read all other flows.
    """
    document: dict[str, Json] = {
        "id": well_formed(node.id),
        "template": well_formed(node.template),
        "template_version": well_formed(node.template_version),
        "parameters": {
            well_formed(name): parameter_value_to_json(value) for name, value in sorted(node.parameters.items())
        },
        "label": well_formed(node.label),
        "position": point_to_json(node.position),
        "muted": node.muted,
        "note": well_formed(node.note),
    }
    return {**document, "collapsed": True} if node.collapsed else document


def node_from_json(value: Mapping[str, Any]) -> Node:
    """The reverse of `node_to_json`; what is missing takes its default."""
    parameters = value.get("parameters", {})
    return Node(
        id=value["id"],
        template=value["template"],
        template_version=value.get("template_version", "1.0.0"),
        parameters=frozen_mapping((name, parameter_value_from_json(item)) for name, item in parameters.items()),
        label=value.get("label", ""),
        position=point_from_json(value["position"]) if "position" in value else Point(0.0, 0.0),
        muted=value.get("muted", False),
        note=value.get("note", ""),
        collapsed=value.get("collapsed", False),
    )


def edge_to_json(edge: Edge) -> dict[str, Json]:
    """`{"source": {"node": …, "port": …}, "target": …}`."""
    return {
        side: {"node": well_formed(end.node), "port": well_formed(end.port)}
        for side, end in (("source", edge.source), ("target", edge.target))
    }


def edge_from_json(value: Mapping[str, Any]) -> Edge:
    """The reverse of `edge_to_json`."""
    source, target = value["source"], value["target"]
    return Edge(Port(source["node"], source["port"]), Port(target["node"], target["port"]))


def wire_to_json(edge: Edge, points: tuple[Point, ...]) -> dict[str, Json]:
    """An edge as it stands in a file; `points` only where there are any: older programs read all other flows."""
    document: dict[str, Json] = dict(edge_to_json(edge))
    return {**document, "points": [point_to_json(point) for point in points]} if points else document


def routes_from_json(wires: list[Any]) -> Mapping[Edge, tuple[Point, ...]]:
    """The points through which wires are led."""
    return frozen_mapping(
        (edge_from_json(wire), tuple(point_from_json(point) for point in wire["points"]))
        for wire in wires
        if wire.get("points")
    )


def drawn_to_json(flow: LogicFlow) -> dict[str, Json]:
    """Blocks, wires, frames and notes of a flow, everything in a fixed order."""
    return {
        "nodes": [node_to_json(flow.nodes[id]) for id in sorted(flow.nodes)],
        "edges": [wire_to_json(edge, flow.routes.get(edge, ())) for edge in sorted(flow.edges)],
        "frames": [frame_to_json(flow.frames[id]) for id in sorted(flow.frames)],
        "notes": [note_to_json(flow.notes[id]) for id in sorted(flow.notes)],
    }


def drawn_from_json(value: Mapping[str, Any]) -> LogicFlow:
    """The reverse of `drawn_to_json`."""
    nodes = [node_from_json(item) for item in value["nodes"]]
    frames = [frame_from_json(item) for item in value.get("frames", ())]
    notes = [note_from_json(item) for item in value.get("notes", ())]
    return LogicFlow(
        nodes=frozen_mapping((node.id, node) for node in nodes),
        edges=tuple(sorted(edge_from_json(item) for item in value["edges"])),
        frames=frozen_mapping((frame.id, frame) for frame in frames),
        notes=frozen_mapping((note.id, note) for note in notes),
        routes=routes_from_json(value["edges"]),
    )


def group_to_json(group: Group) -> dict[str, Json]:
    """A group with its ports, its parameters and what is drawn inside."""
    return {
        "id": well_formed(group.id),
        "title": well_formed(group.title),
        "description": well_formed(group.description),
        "inputs": [_group_port_to_json(port) for port in group.inputs],
        "outputs": [_group_port_to_json(port) for port in group.outputs],
        "parameters": [
            {"name": well_formed(held.name), "node": well_formed(held.node), "parameter": well_formed(held.parameter)}
            for held in group.parameters
        ],
        **drawn_to_json(group.body),
    }


def group_from_json(value: Mapping[str, Any]) -> Group:
    """The reverse of `group_to_json`."""
    return Group(
        id=value["id"],
        title=value["title"],
        description=value.get("description", ""),
        body=drawn_from_json(value),
        inputs=tuple(_group_port_from_json(port) for port in value["inputs"]),
        outputs=tuple(_group_port_from_json(port) for port in value["outputs"]),
        parameters=tuple(
            GroupParameter(held["name"], held["node"], held["parameter"]) for held in value.get("parameters", ())
        ),
    )


def _group_port_to_json(port: GroupPort) -> dict[str, Json]:
    return {"name": well_formed(port.name), "type": str(port.type), "display_name": well_formed(port.display_name)}


def _group_port_from_json(value: Mapping[str, Any]) -> GroupPort:
    return GroupPort(value["name"], PortType(value["type"]), value.get("display_name", ""))


def frame_to_json(frame: Frame) -> dict[str, Json]:
    """`{"id": …, "title": …, "rect": [left, top, width, height], "color": …}`."""
    return {
        "id": well_formed(frame.id),
        "title": well_formed(frame.title),
        "rect": _rect_to_json(frame.rect),
        "color": well_formed(frame.color),
    }


def frame_from_json(value: Mapping[str, Any]) -> Frame:
    """The reverse of `frame_to_json`."""
    return Frame(value["id"], value["title"], _rect_from_json(value["rect"]), value.get("color", ""))


def note_to_json(note: StickyNote) -> dict[str, Json]:
    """`{"id": …, "text": …, "rect": […]}`."""
    return {"id": well_formed(note.id), "text": well_formed(note.text), "rect": _rect_to_json(note.rect)}


def note_from_json(value: Mapping[str, Any]) -> StickyNote:
    """The reverse of `note_to_json`."""
    return StickyNote(value["id"], value["text"], _rect_from_json(value["rect"]))


def strategy_parameter_to_json(parameter: StrategyParameter) -> dict[str, Json]:
    """The value (of a secret only what is sealed), and of bounds, step and `x-sensitive` only what is set."""
    bounds = {"minimum": parameter.minimum, "maximum": parameter.maximum, "step": parameter.step}
    value = parameter.value
    empty = isinstance(value, Secret) and not value.sealed
    document: dict[str, Json] = {"value": None if empty else literal_to_json(value)}
    document.update({name: _whole(value) for name, value in bounds.items() if value is not None})
    return {**document, "x-sensitive": True} if parameter.sensitive else document


def strategy_parameter_from_json(value: Mapping[str, Any]) -> StrategyParameter:
    """The reverse of `strategy_parameter_to_json`."""
    minimum, maximum, step = (float(value[name]) if name in value else None for name in ("minimum", "maximum", "step"))
    content = _literal_from_json(value["value"])
    return StrategyParameter(content, minimum, maximum, step, value.get("x-sensitive", False))
