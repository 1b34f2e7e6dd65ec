"""Pulling wires by keys: new ones, and those that are there."""

from builder_app.flow.edits import Disconnect, Edit
from builder_app.ui.canvas.connecting import as_one
from builder_app.ui.canvas.gestures.key_wire import KeyWire, wire_ends_of, wire_picked_up
from builder_app.ui.canvas.stage import Stage


def connect_by_keys(view: Stage) -> None:
    """Begin to pull a wire from the one selected block, or to move an end of the one selected wire."""
    picture, nodes, wires = view.canvas.picture, sorted(view.selected_nodes()), sorted(view.canvas.selected_wires)
    if len(nodes) + len(wires) != 1:
        view.say("Select one block first, and the wire begins there; or one wire, to move its end.")
        return
    pulled = KeyWire(picture, wire_ends_of(picture, nodes[0])) if nodes else wire_picked_up(picture, wires[0])
    if pulled.fits_somewhere():
        view.hands.begin_by_keys(pulled)
    elif nodes:
        view.say(f"No other block has a free port that fits '{picture.faces[nodes[0]].title}'.")
    else:
        view.say("There is no other port that this wire could run to.")


def add_wired(view: Stage) -> None:
    """Search a block that is added with a wire to the first output of the one selected block (or its first input)."""
    nodes = sorted(view.selected_nodes())
    origins = wire_ends_of(view.canvas.picture, nodes[0]) if len(nodes) == 1 else []
    if origins:
        view.open_search(dangling=origins[0])
    else:
        view.say("Select one block with ports first; what is added will be wired to it.")


def cut_wires(view: Stage) -> None:
    """Wish that all wires of the selected blocks go, and the selected wires, as one step."""
    picture = view.canvas.picture
    wires = {wire for node in view.selected_nodes() for wire in picture.wires_at(node)} | view.canvas.selected_wires
    if not wires:
        view.say("Select blocks that have wires first; then these can be cut.")
    edits: tuple[Edit, ...] = tuple(Disconnect(wire) for wire in sorted(wires))
    view.request(as_one(edits, f"Cut {len(edits)} wires"))
