"""Switching what the selected blocks are: muted or not, collapsed or not."""

from builder_app.flow.edits import Collapse, Edit, Mute
from builder_app.ui.canvas.connecting import as_one
from builder_app.ui.canvas.stage import Stage
from builder_app.ui.canvas.walking import bring_into_sight


def mute(view: Stage) -> None:
    """Wish that the selected blocks are muted; where all are, that they count again."""
    nodes = [view.canvas.picture.flow.nodes[id] for id in sorted(view.selected_nodes())]
    wanted = not all(node.muted for node in nodes)
    edits: tuple[Edit, ...] = tuple(Mute(node.id, wanted) for node in nodes if node.muted is not wanted)
    _wish(view, edits, f"{'Mute' if wanted else 'Unmute'} {len(edits)} blocks")


def collapse(view: Stage) -> None:
    """Wish that the selected blocks show their titles only; where all do, that they open up."""
    nodes = [view.canvas.picture.flow.nodes[id] for id in sorted(view.selected_nodes())]
    wanted = not all(node.collapsed for node in nodes)
    edits: tuple[Edit, ...] = tuple(Collapse(node.id, wanted) for node in nodes if node.collapsed is not wanted)
    _wish(view, edits, f"Collapse {len(edits)} blocks" if wanted else f"Open {len(edits)} blocks up")


def show_problems(view: Stage) -> None:
    """Show what the badge of the one selected block says."""
    (node,) = view.selected_nodes() if len(view.selected_nodes()) == 1 else ("",)
    if view.canvas.problems.get(node):
        bring_into_sight(view, view.canvas.picture.rect_of(node))
        at = view.pixel_of(view.canvas.picture.rect_of(node).topRight()).toPoint()
        view.badge_popup.open(node, at)
    else:
        view.say("Select one block that has problems first." if not node else "This block has no problems.")


def _wish(view: Stage, edits: tuple[Edit, ...], title: str) -> None:
    if not edits:
        view.say("Select one block or more first.")
    view.request(as_one(edits, title))
