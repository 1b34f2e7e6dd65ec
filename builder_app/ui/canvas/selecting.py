"""What is selected on the canvas, and bringing it into view."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF, Signal

from builder_app.flow.values import Edge
from builder_app.ui.canvas.camera import Camera
from builder_app.ui.canvas.furniture import Thing, all_things, is_there
from builder_app.ui.canvas.routes import Bend


class SelectingView(Camera):
    """A view whose blocks, wires, frames, notes and wires' points can be selected; none of it changes the flow.

    `selection_changed` carries a frozenset of block ids.
    """

    selection_changed = Signal(object)
    keyed_block = ""
    """The block whose wires are gone through by keys."""

    def selected_nodes(self) -> frozenset[str]:
        """The ids of the selected blocks."""
        return self.canvas.selected_nodes

    def selected_rects(self) -> list[QRectF]:
        """Where the selected blocks, frames and notes are."""
        picture, things = self.canvas.picture, self.canvas.things
        return [
            *(picture.rect_of(id) for id in sorted(self.selected_nodes())),
            *(things.rect_of(picture.flow, thing) for thing in sorted(things.selected)),
        ]

    def select(self, ids: Iterable[str]) -> None:
        """Select these blocks, as far as they are there, and nothing else."""
        self.select_parts(frozenset(ids) & self.canvas.picture.faces.keys())

    def select_parts(
        self,
        nodes: frozenset[str],
        wires: frozenset[Edge] = frozenset(),
        things: frozenset[Thing] = frozenset(),
    ) -> None:
        """Select blocks, wires, frames and notes."""
        before = self.selected_nodes()
        self.canvas.select_bend(None)
        self.canvas.select(nodes, wires, things)
        if before != nodes:
            self.selection_changed.emit(nodes)

    def select_bend(self, bend: Bend) -> None:
        """Select one of the points through which a wire is led, and the wire."""
        if bend.edge in self.canvas.picture.wires.runs:
            self.select_parts(frozenset(), frozenset({bend.edge}))
            self.canvas.select_bend(bend)

    def select_toggled(self, what: str | Thing, adding: bool) -> None:
        """Select only this block, frame or note; or, `adding`, take it in beside the others or out again."""
        nodes = self.selected_nodes() if adding else frozenset()
        things = self.canvas.things.selected if adding else frozenset()
        if isinstance(what, Thing):
            self.select_parts(nodes, things=things ^ {what})
        else:
            self.select_parts(nodes ^ {what}, things=things)

    def select_all(self) -> None:
        """Select every block, frame and note."""
        picture = self.canvas.picture
        self.select_parts(frozenset(picture.faces), things=frozenset(all_things(picture.flow)))

    def reveal(self, id: str) -> None:
        """Select a block and bring it to the middle of the view, at a zoom where it can be read."""
        if id in self.canvas.picture.faces:
            self.select({id})
            self._look_near(self.canvas.picture.rect_of(id))

    def reveal_all(self, ids: Iterable[str]) -> None:
        """Bring several blocks into view, without selecting others."""
        for id in sorted(ids)[:1]:
            self._look_near(self.canvas.picture.rect_of(id))

    def reveal_thing(self, thing: Thing) -> None:
        """Select a frame or a note and bring it to the middle of the view."""
        if is_there(self.canvas.picture.flow, thing):
            self.select_parts(frozenset(), things=frozenset({thing}))
            self._look_near(self.canvas.things.rect_of(self.canvas.picture.flow, thing))

    def _look_near(self, rect: QRectF) -> None:
        middle = rect.center()
        self.restore_viewport(max(self.zoom(), 0.75), middle.x(), middle.y())
