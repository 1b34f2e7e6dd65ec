"""The edits that the canvas wishes: adding and deleting."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from builder_app.flow.edits import (
    AddFrame,
    AddNode,
    AddNote,
    Batch,
    Connect,
    Disconnect,
    Edit,
    RemoveFrame,
    RemoveNodes,
    RemoveNote,
)
from builder_app.flow.groups import BOUNDARY
from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import Edge, LogicFlow, Node, Point, fresh_id
from builder_app.flow.wording import name_of
from builder_app.ui.canvas.chains import healing_edges
from builder_app.ui.canvas.connecting import as_one
from builder_app.ui.canvas.furniture import Thing, frame, is_there, note
from builder_app.ui.canvas.gestures.drag_nodes import snapped
from builder_app.ui.canvas.node_face import NodeFace, PortEnd
from builder_app.ui.canvas.picture import Picture

_TITLE_MIDDLE = 20.0


def new_node(flow: LogicFlow, template: NodeTemplate) -> Node:
    """A block of this template with an id of its own, at (0, 0); its parameters are the template's defaults."""
    return Node(fresh_id(template.name, flow.nodes), template.name, template.version)


def place_under(face: NodeFace, place: QPointF, dangling: PortEnd | None) -> Point:
    """Where a new block goes so that the pointer holds its title; behind a pulled wire, so that its port is there."""
    if dangling is None:
        return Point(snapped(place.x() - face.width / 2), snapped(place.y() - _TITLE_MIDDLE))
    side = [port for port in face.ports if port.is_input is not dangling.is_input]
    at = side[0].place if side else QPointF(0, 0)
    return Point(snapped(place.x() - at.x()), snapped(place.y() - at.y()))


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is selected."""

    nodes: frozenset[str] = frozenset()
    wires: frozenset[Edge] = frozenset()
    things: frozenset[Thing] = frozenset()


def delete_edit(picture: Picture, chosen: Chosen) -> Edit | None:
    """Take what is chosen away, and close the gaps, as one step; None where there is nothing to take."""
    flow = picture.flow
    gone = (chosen.nodes & flow.nodes.keys()) - BOUNDARY
    loose = sorted(edge for edge in chosen.wires if edge.source.node not in gone and edge.target.node not in gone)
    edits: list[Edit] = [Disconnect(edge) for edge in loose]
    edits += [RemoveFrame(thing.id) if thing.is_frame else RemoveNote(thing.id) for thing in sorted(chosen.things)]
    if gone:
        edits.append(RemoveNodes(frozenset(gone)))
        healed = [Connect(edge) for edge in healing_edges(flow, picture.catalogue, gone)]
        what = name_of(flow, next(iter(gone)), picture.catalogue) if len(gone) == 1 else f"{len(gone)} blocks"
        return as_one((*edits, *healed), f"Remove {what}" if healed else "")
    return as_one(tuple(edits))


def are_there(flow: LogicFlow, chosen: Chosen) -> bool:
    """Whether the flow has all of these blocks, frames and notes."""
    return chosen.nodes <= flow.nodes.keys() and all(is_there(flow, thing) for thing in chosen.things)


def brought(edit: Edit) -> Chosen:
    """The blocks, frames and notes that an edit brings."""
    match edit:
        case AddNode(node):
            return Chosen(frozenset({node.id}))
        case AddFrame(added):
            return Chosen(things=frozenset({frame(added.id)}))
        case AddNote(added):
            return Chosen(things=frozenset({note(added.id)}))
        case Batch(edits):
            parts = [brought(part) for part in edits]
            nodes, things = [part.nodes for part in parts], [part.things for part in parts]
            return Chosen(frozenset[str]().union(*nodes), things=frozenset[Thing]().union(*things))
        case _:
            return Chosen()
