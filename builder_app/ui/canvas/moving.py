"""Moving blocks, frames and notes together: where all of them stand, and the one edit that puts them elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from builder_app.flow.edits import Batch, ChangeFrame, ChangeNote, Edit, MoveNodes
from builder_app.flow.history_titles import describe
from builder_app.flow.values import LogicFlow, Point, Rect, frozen_mapping
from builder_app.ui.canvas.connecting import as_one
from builder_app.ui.canvas.furniture import Thing, carried, rect_of
from builder_app.ui.canvas.picture import Picture
from builder_app.ui.canvas.routes import carried_routes


@dataclass(frozen=True, slots=True)
class Places:
    """Where blocks, frames and notes are."""

    nodes: Mapping[str, Point]
    things: Mapping[Thing, Rect]

    def shifted(self, across: float, down: float) -> "Places":
        """All of them so far away."""
        return Places(
            {id: Point(at.x + across, at.y + down) for id, at in self.nodes.items()},
            {thing: rect._replace(x=rect.x + across, y=rect.y + down) for thing, rect in self.things.items()},
        )


def places_of(picture: Picture, nodes: Iterable[str], things: Iterable[Thing]) -> Places:
    """Where these are in the flow, together with what the frames among them carry."""
    flow = picture.flow
    inside, moved = carried(picture, things)
    ids = {id for id in nodes if id in flow.nodes} | inside
    return Places({id: flow.nodes[id].position for id in ids}, {thing: rect_of(flow, thing) for thing in moved})


def move_edit(flow: LogicFlow, places: Places) -> Edit | None:
    """One step that puts them there; None where all are there already."""
    moved = {id: at for id, at in sorted(places.nodes.items()) if flow.nodes[id].position != at}
    edits: list[Edit] = [MoveNodes(frozen_mapping(moved)), *carried_routes(flow, moved)] if moved else []
    edits += [
        reshaped(flow, thing, rect) for thing, rect in sorted(places.things.items()) if rect_of(flow, thing) != rect
    ]
    if moved and len(edits) > 1 and not places.things:
        return Batch(tuple(edits), describe(edits[0], flow))
    titles = [flow.frames[thing.id].title for thing in places.things if thing.is_frame]
    return as_one(tuple(edits), f"Move the frame {titles[0]}".rstrip() if len(titles) == 1 else "Move a part")


def reshaped(flow: LogicFlow, thing: Thing, rect: Rect) -> Edit:
    """The edit that gives a frame or a note another rectangle."""
    if thing.is_frame:
        return ChangeFrame(replace(flow.frames[thing.id], rect=rect))
    return ChangeNote(replace(flow.notes[thing.id], rect=rect))
