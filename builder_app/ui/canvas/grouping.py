"""The actions that make a group of what is selected, and take one apart."""

from dataclasses import replace

from PySide6.QtCore import QRectF

from builder_app.flow.edits import AddNode, Batch, apply
from builder_app.flow.grouping import GroupingRefused, group_nodes
from builder_app.flow.groups import catalogue_with_groups
from builder_app.flow.ungrouping import ungroup
from builder_app.ui.canvas.free_ground import free_ground
from builder_app.ui.canvas.furniture import carried
from builder_app.ui.canvas.node_face import make_face
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.stage import Stage


def group_selection(view: Stage) -> None:
    """Wish a group in the place of the selected blocks, with the selected frames and notes in it."""
    picture, things = view.canvas.picture, view.canvas.things.selected
    inside, moved = carried(picture, things)
    frames = [thing.id for thing in moved if thing.is_frame]
    notes = [thing.id for thing in moved if not thing.is_frame]
    title = picture.flow.frames[frames[0]].title if len(frames) == 1 else ""
    chosen = view.selected_nodes() | inside
    try:
        edit = group_nodes(picture.flow, picture.catalogue, chosen, title, (frames, notes))
        view.request(_beside_others(picture, chosen, edit))
    except GroupingRefused as reason:
        view.say(str(reason))


def _beside_others(picture: Picture, chosen: frozenset[str], edit: Batch) -> Batch:
    """The edit, with the new block on ground where no block stays."""
    grouped = apply(picture.flow, edit)[0]
    (added,) = (part.node for part in edit.edits if isinstance(part, AddNode))
    face = make_face(added, catalogue_with_groups(grouped, picture.catalogue))
    wanted = QRectF(*added.position, face.width, face.height)
    placed = replace(added, position=free_ground(picture, wanted, chosen))
    return replace(edit, edits=tuple(AddNode(placed) if isinstance(part, AddNode) else part for part in edit.edits))


def ungroup_selection(view: Stage) -> None:
    """Wish that the selected group is taken apart."""
    chosen = sorted(view.selected_nodes())
    if len(chosen) != 1:
        view.say("Select one group first; then it can be taken apart.")
        return
    picture = view.canvas.picture
    try:
        view.request(ungroup(picture.flow, picture.catalogue, chosen[0], view.levels.whole))
    except GroupingRefused as reason:
        view.say(str(reason))
