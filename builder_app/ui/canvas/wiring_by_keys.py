"""Beginning a wire by keys."""

from builder_app.ui.canvas.gestures.key_wire import KeyWire
from builder_app.ui.canvas.stage import Stage


def connect_by_keys(view: Stage) -> None:
    """Begin to pull a wire by keys from the one selected block."""
    picture = view.canvas.picture
    if len(view.selected_nodes()) != 1:
        view.say("Select one block first; the wire begins there.")
        return
    (node,) = view.selected_nodes()
    wire = KeyWire(picture, node)
    if wire.fits_somewhere():
        view.hands.begin_by_keys(wire)
    else:
        view.say(f"No other block has a free port that fits '{picture.faces[node].title}'.")
