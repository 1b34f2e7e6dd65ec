"""Edits as JSON values, for the journal: `{"edit": "connect", "edge": {…}}`. Parts of a flow look as in its file."""

from collections.abc import Mapping
from typing import Any, Final, assert_never

from builder_app.flow.edit_kinds import (
    AddFrame,
    AddNode,
    AddNote,
    Annotate,
    Batch,
    ChangeFrame,
    ChangeNote,
    Collapse,
    Connect,
    Disconnect,
    Edit,
    InGroup,
    MoveNodes,
    Mute,
    RemoveFrame,
    RemoveNodes,
    RemoveNote,
    Rename,
    RenameStrategy,
    SetGroup,
    SetParameter,
    SetRoute,
    SetStrategyParameter,
    SetTemplateVersion,
)
from builder_app.flow.json_shape import Shape, constant, flag, listing, named, parameter_value, record, table, text
from builder_app.flow.json_text import check_depth
from builder_app.flow.json_values import (
    edge_from_json,
    edge_to_json,
    frame_from_json,
    frame_to_json,
    group_from_json,
    group_to_json,
    node_from_json,
    node_to_json,
    note_from_json,
    note_to_json,
    parameter_value_from_json,
    parameter_value_to_json,
    point_from_json,
    point_to_json,
    strategy_parameter_from_json,
    strategy_parameter_to_json,
    well_formed,
)
from builder_app.flow.part_shapes import EDGE, FRAME, GROUP, NODE, POINT, STICKY_NOTE, STRATEGY_PARAMETER
from builder_app.flow.unreadable import Faults, FlowUnreadable, Path, place
from builder_app.flow.values import Json, frozen_mapping

__all__ = ["FlowUnreadable", "edit_from_json", "edit_to_json"]


def edit_to_json(edit: Edit) -> dict[str, Json]:
    """The edit as JSON values; `edit_from_json` is the reverse."""
    match edit:
        case AddNode(node):
            return {"edit": "add_node", "node": node_to_json(node)}
        case RemoveNodes(nodes):
            return {"edit": "remove_nodes", "nodes": [well_formed(id) for id in sorted(nodes)]}
        case MoveNodes(positions):
            places: dict[str, Json] = {well_formed(id): point_to_json(point) for id, point in sorted(positions.items())}
            return {"edit": "move_nodes", "positions": places}
        case Connect(edge):
            return {"edit": "connect", "edge": edge_to_json(edge)}
        case Disconnect(edge):
            return {"edit": "disconnect", "edge": edge_to_json(edge)}
        case SetParameter() | Rename() | Annotate() | Mute() | Collapse() | SetTemplateVersion():
            return _node_edit_to_json(edit)
        case AddFrame() | ChangeFrame() | RemoveFrame() | AddNote() | ChangeNote() | RemoveNote():
            return _canvas_edit_to_json(edit)
        case SetStrategyParameter(name, parameter):
            value = None if parameter is None else strategy_parameter_to_json(parameter)
            return {"edit": "set_strategy_parameter", "name": well_formed(name), "parameter": value}
        case RenameStrategy(name):
            return {"edit": "rename_strategy", "name": well_formed(name)}
        case SetRoute(edge, points):
            return {"edit": "set_route", "edge": edge_to_json(edge), "points": [point_to_json(at) for at in points]}
        case SetGroup(id, group):
            held = None if group is None else group_to_json(group)
            return {"edit": "set_group", "id": well_formed(id), "group": held}
        case InGroup(group_id, inner):
            return {"edit": "in_group", "group": well_formed(group_id), "inner": edit_to_json(inner)}
        case Batch(edits, title):
            return {"edit": "batch", "edits": [edit_to_json(part) for part in edits], "title": well_formed(title)}
        case _:
            assert_never(edit)


def _node_edit_to_json(
    edit: SetParameter | Rename | Annotate | Mute | Collapse | SetTemplateVersion,
) -> dict[str, Json]:
    node = well_formed(edit.node)
    match edit:
        case SetParameter(_, name, value, is_set):
            document: dict[str, Json] = {"edit": "set_parameter", "node": node, "name": well_formed(name)}
            return {**document, "value": parameter_value_to_json(value), "is_set": is_set}
        case Rename(_, label):
            return {"edit": "rename", "node": node, "label": well_formed(label)}
        case Annotate(_, note):
            return {"edit": "annotate", "node": node, "note": well_formed(note)}
        case Mute(_, muted):
            return {"edit": "mute", "node": node, "muted": muted}
        case Collapse(_, collapsed):
            return {"edit": "collapse", "node": node, "collapsed": collapsed}
        case SetTemplateVersion(_, version):
            return {"edit": "set_template_version", "node": node, "version": well_formed(version)}
        case _:
            assert_never(edit)


def _canvas_edit_to_json(
    edit: AddFrame | ChangeFrame | RemoveFrame | AddNote | ChangeNote | RemoveNote,
) -> dict[str, Json]:
    match edit:
        case AddFrame(frame):
            return {"edit": "add_frame", "frame": frame_to_json(frame)}
        case ChangeFrame(frame):
            return {"edit": "change_frame", "frame": frame_to_json(frame)}
        case RemoveFrame(id):
            return {"edit": "remove_frame", "frame": well_formed(id)}
        case AddNote(note):
            return {"edit": "add_note", "note": note_to_json(note)}
        case ChangeNote(note):
            return {"edit": "change_note", "note": note_to_json(note)}
        case RemoveNote(id):
            return {"edit": "remove_note", "note": well_formed(id)}
        case _:
            assert_never(edit)


def edit_from_json(value: object) -> Edit:
    """The edit that a JSON value holds. Raises FlowUnreadable with everything that is wrong."""
    faults = Faults()
    check_depth(value)
    _edit(value, (), faults)
    faults.raise_if_any()
    assert isinstance(value, dict)
    return _from_json(value)


def _parameter_or_none(value: object, path: Path, faults: Faults) -> None:
    if value is not None:
        STRATEGY_PARAMETER(value, path, faults)


def _group_or_none(value: object, path: Path, faults: Faults) -> None:
    if value is not None:
        GROUP(value, path, faults)


def _edit(value: object, path: Path, faults: Faults) -> None:
    kind = value.get("edit") if isinstance(value, dict) else None
    shape = SHAPES.get(kind) if isinstance(kind, str) else None
    if shape is not None:
        shape(value, path, faults)
    else:
        message = f"At {place(path)} there must be an edit, but there was {named(value if kind is None else kind)}."
        faults.add("unknown-edit", message, "A newer version of the program may have written it: update the program.")


def _shape(kind: str, **members: Shape) -> tuple[str, Shape]:
    return kind, record({"edit": constant(kind), **members})


SHAPES: Final[Mapping[str, Shape]] = dict(
    (
        _shape("add_node", node=NODE),
        _shape("remove_nodes", nodes=listing(text)),
        _shape("move_nodes", positions=table(POINT)),
        _shape("connect", edge=EDGE),
        _shape("disconnect", edge=EDGE),
        _shape("set_parameter", node=text, name=text, value=parameter_value, is_set=flag),
        _shape("rename", node=text, label=text),
        _shape("annotate", node=text, note=text),
        _shape("mute", node=text, muted=flag),
        _shape("collapse", node=text, collapsed=flag),
        _shape("set_template_version", node=text, version=text),
        _shape("add_frame", frame=FRAME),
        _shape("change_frame", frame=FRAME),
        _shape("remove_frame", frame=text),
        _shape("add_note", note=STICKY_NOTE),
        _shape("change_note", note=STICKY_NOTE),
        _shape("remove_note", note=text),
        _shape("set_strategy_parameter", name=text, parameter=_parameter_or_none),
        _shape("rename_strategy", name=text),
        _shape("set_route", edge=EDGE, points=listing(POINT)),
        _shape("set_group", id=text, group=_group_or_none),
        _shape("in_group", group=text, inner=_edit),
        _shape("batch", edits=listing(_edit), title=text),
    )
)


def _from_json(value: Mapping[str, Any]) -> Edit:
    match value["edit"]:
        case "remove_nodes":
            return RemoveNodes(frozenset(value["nodes"]))
        case "move_nodes":
            return MoveNodes(frozen_mapping((id, point_from_json(at)) for id, at in value["positions"].items()))
        case "connect":
            return Connect(edge_from_json(value["edge"]))
        case "disconnect":
            return Disconnect(edge_from_json(value["edge"]))
        case "set_strategy_parameter":
            parameter = value["parameter"]
            known = None if parameter is None else strategy_parameter_from_json(parameter)
            return SetStrategyParameter(value["name"], known)
        case "rename_strategy":
            return RenameStrategy(value["name"])
        case "set_route":
            return SetRoute(edge_from_json(value["edge"]), tuple(point_from_json(at) for at in value["points"]))
        case "set_group":
            group = value["group"]
            return SetGroup(value["id"], None if group is None else group_from_json(group))
        case "in_group":
            return InGroup(value["group"], _from_json(value["inner"]))
        case "batch":
            return Batch(tuple(_from_json(part) for part in value["edits"]), value["title"])
        case _:
            return _node_edit_from_json(value)


def _node_edit_from_json(value: Mapping[str, Any]) -> Edit:
    match value["edit"]:
        case "add_node":
            return AddNode(node_from_json(value["node"]))
        case "set_parameter":
            content = parameter_value_from_json(value["value"])
            return SetParameter(value["node"], value["name"], content, value["is_set"])
        case "rename":
            return Rename(value["node"], value["label"])
        case "annotate":
            return Annotate(value["node"], value["note"])
        case "mute":
            return Mute(value["node"], value["muted"])
        case "collapse":
            return Collapse(value["node"], value["collapsed"])
        case "set_template_version":
            return SetTemplateVersion(value["node"], value["version"])
        case _:
            return _canvas_edit_from_json(value)


def _canvas_edit_from_json(value: Mapping[str, Any]) -> Edit:
    match value["edit"]:
        case "add_frame":
            return AddFrame(frame_from_json(value["frame"]))
        case "change_frame":
            return ChangeFrame(frame_from_json(value["frame"]))
        case "remove_frame":
            return RemoveFrame(value["frame"])
        case "add_note":
            return AddNote(note_from_json(value["note"]))
        case "change_note":
            return ChangeNote(note_from_json(value["note"]))
        case "remove_note":
            return RemoveNote(value["note"])
        case kind:
            raise AssertionError(f"the shape of '{kind}' has no reader")
