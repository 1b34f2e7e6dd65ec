"""The titles of steps in the history: what an edit did, in a few words."""

from dataclasses import replace
from typing import assert_never

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
from builder_app.flow.groups import catalogue_with_groups, with_boundary
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Edge, LogicFlow, Secret
from builder_app.flow.values import with_node as _with_node
from builder_app.flow.wording import block_name, harmless, name_of, value_words, words


def describe(edit: Edit, flow: LogicFlow, catalogue: Catalogue | None = None) -> str:
    """A short title, on one line, of an edit that is applied to `flow` (the flow before it), as the menu shows it.

    Blocks without a label are called as in the catalogue; without one, by the words of their template's name.
    """
    known = None if catalogue is None else catalogue_with_groups(flow, catalogue)
    return " ".join(harmless(_title(edit, flow, known)).split())


def _title(edit: Edit, flow: LogicFlow, catalogue: Catalogue | None) -> str:
    match edit:
        case AddNode(node):
            return f"Add {block_name(node, catalogue)}"
        case RemoveNodes(nodes):
            return f"Remove {_blocks(tuple(nodes), flow, catalogue)}"
        case MoveNodes(positions):
            return f"Move {_blocks(tuple(positions), flow, catalogue)}"
        case Connect(edge):
            return f"Connect {_ends(edge, flow, catalogue)}"
        case Disconnect(edge):
            return f"Disconnect {_ends(edge, flow, catalogue)}"
        case SetParameter() | Rename() | Annotate() | Mute() | Collapse() | SetTemplateVersion():
            return _describe_node_edit(edit, name_of(flow, edit.node, catalogue))
        case AddFrame() | ChangeFrame() | RemoveFrame() | AddNote() | ChangeNote() | RemoveNote():
            return _describe_canvas_edit(edit, flow)
        case SetStrategyParameter(name, parameter):
            if parameter is None:
                return f"Remove the strategy parameter {words(name)}"
            return f"Set the strategy parameter {words(name)} to {_short(value_words(parameter.value))}"
        case SetRoute() | SetGroup() | InGroup():
            return _describe_group_edit(edit, flow, catalogue)
        case RenameStrategy(name):
            return f"Rename the strategy to {_short(name)}" if name else "Take the strategy's name away"
        case Batch():
            return edit.title.strip() or _describe_batch(edit, flow, catalogue)
        case _:
            assert_never(edit)


def _describe_node_edit(
    edit: SetParameter | Rename | Annotate | Mute | Collapse | SetTemplateVersion, name: str
) -> str:
    match edit:
        case SetParameter(_, parameter, value, is_set):
            if is_set and isinstance(value, Secret):
                return f"Set {words(parameter)} of {name}"
            if is_set:
                return f"Set {words(parameter)} of {name} to {_short(value_words(value))}"
            return f"Return {words(parameter)} of {name} to its default"
        case Rename(_, label):
            return f"Rename {name} to {_short(label)}" if label else f"Take the label of {name} away"
        case Annotate(_, note):
            return f"Change the note of {name}" if note else f"Take the note of {name} away"
        case Mute(_, muted):
            return f"Mute {name}" if muted else f"Unmute {name}"
        case Collapse(_, collapsed):
            return f"Collapse {name}" if collapsed else f"Open {name} up"
        case SetTemplateVersion(_, version):
            return f"Use version {version} of {name}"
        case _:
            assert_never(edit)


def _describe_canvas_edit(
    edit: AddFrame | ChangeFrame | RemoveFrame | AddNote | ChangeNote | RemoveNote, flow: LogicFlow
) -> str:
    match edit:
        case AddFrame(frame):
            return f"Add the frame {_short(frame.title)}".rstrip()
        case ChangeFrame(frame):
            return f"Change the frame {_short(frame.title)}".rstrip()
        case RemoveFrame(id):
            title = flow.frames[id].title if id in flow.frames else id
            return f"Remove the frame {_short(title)}".rstrip()
        case AddNote():
            return "Add a note"
        case ChangeNote():
            return "Change a note"
        case RemoveNote():
            return "Remove a note"
        case _:
            assert_never(edit)


def _describe_group_edit(edit: SetRoute | SetGroup | InGroup, flow: LogicFlow, catalogue: Catalogue | None) -> str:
    match edit:
        case SetRoute(edge, points):
            held = flow.routes.get(edge, ())
            what = "Straighten" if not points else "Bend" if len(points) >= len(held) else "Take a bend out of"
            return f"{what} the wire {_ends(edge, flow, catalogue)}"
        case SetGroup(id, group):
            title = group.title if group is not None else flow.groups[id].title if id in flow.groups else id
            what = "Remove" if group is None else "Change" if id in flow.groups else "Define"
            return f"{what} the group {_short(title)}".rstrip()
        case InGroup(id, inner):
            if id not in flow.groups:
                return describe(inner, LogicFlow(groups=flow.groups), catalogue)
            group = flow.groups[id]
            known = None if catalogue is None else with_boundary(group, catalogue)
            said = describe(inner, replace(group.body, groups=flow.groups), known)
            return f"{said} in {_short(group.title)}".rstrip()
        case _:
            assert_never(edit)


def _describe_batch(edit: Batch, flow: LogicFlow, catalogue: Catalogue | None) -> str:
    if not edit.edits:
        return "Change nothing"
    added = [part.node for part in edit.edits if isinstance(part, AddNode)]
    if len(added) > 1:
        return f"Add {len(added)} blocks"
    first = edit.edits[0]
    for node in added:
        flow = _with_node(flow, node)
    others = len(edit.edits) - 1
    more = f" and {others} more change{'s' if others > 1 else ''}" if others else ""
    return f"{describe(first, flow, catalogue)}{more}"


def _blocks(ids: tuple[str, ...], flow: LogicFlow, catalogue: Catalogue | None) -> str:
    return name_of(flow, ids[0], catalogue) if len(ids) == 1 else f"{len(ids)} blocks"


def _ends(edge: Edge, flow: LogicFlow, catalogue: Catalogue | None) -> str:
    return " → ".join(name_of(flow, port.node, catalogue) for port in edge)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
