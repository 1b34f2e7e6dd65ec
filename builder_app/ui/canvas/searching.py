"""Searching a block to add at a place of the canvas, or behind a wire that hangs there."""

from functools import cached_property
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QSizeF

from builder_app.flow.groups import BOUNDARY
from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import Edge
from builder_app.ui.canvas.chains import insertion_edits
from builder_app.ui.canvas.connecting import fitting_edge
from builder_app.ui.canvas.free_ground import place_beside
from builder_app.ui.canvas.gestures.outcome import PulledWire
from builder_app.ui.canvas.gestures.pull_wire import PullWire
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.search_popup import SearchPopup
from builder_app.ui.canvas.wishes import new_node

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage

_USUAL_SIZE: Final = QSizeF(200, 96)
"""About what a block takes; the popup opens where it will stand."""


class Searching:
    """The popup of one canvas, and what becomes of its answer."""

    def __init__(self, view: "Stage") -> None:
        self._view = view
        self._preferred: tuple[str, ...] = ()
        self._place: QPointF | None = None
        self._dangling: PortEnd | None = None
        self._wire: Edge | None = None
        self.held: PulledWire | None = None
        """The wire that waits for the answer."""

    @cached_property
    def popup(self) -> SearchPopup:
        """The popup, made when it is first wanted."""
        popup = SearchPopup(self._view.canvas.inks.theme, self._view)
        popup.preferred = self._preferred
        popup.chosen.connect(self._add)
        popup.dismissed.connect(self._drop)
        return popup

    def prefer(self, templates: tuple[str, ...]) -> None:
        """Offer these before others that match as well."""
        self._preferred = templates
        if "popup" in vars(self):
            self.popup.preferred = templates

    def open(self, pixel: QPointF | None, dangling: PortEnd | None) -> None:
        """Search there; behind a pulled wire only what fits is offered.

        None: under the pointer; without one over the canvas, or behind a wire that is pulled by keys, where a new block
        goes by itself, or in the one wire that is selected, for which only what fits between its ends is offered.
        """
        view, picture = self._view, self._view.canvas.picture
        if pixel is None and dangling is None and view.has_pointer():
            pixel = view.hands.pointer
        self._dangling = dangling
        self._place = view.place_at(pixel) if pixel is not None else None
        chosen = view.canvas.selected_wires if pixel is None and dangling is None else frozenset()
        (self._wire,) = chosen if len(chosen) == 1 else (None,)
        at = QPointF(*place_beside(view, _USUAL_SIZE, dangling)) if self._place is None else self._place
        self.held = PullWire(picture, dangling).moved_to(at, 1.0).wire if dangling else None
        offered = [template for template in picture.catalogue.templates.values() if self._fits(template)]
        self.popup.open_at(view.pixel_of(at).toPoint(), offered)

    def _fits(self, template: NodeTemplate) -> bool:
        """Whether a block of this template can be added there."""
        picture = self._view.canvas.picture
        if template.name in BOUNDARY:
            return False
        node = new_node(picture.flow, template)
        if self._dangling is not None:
            return fitting_edge(picture.flow, picture.catalogue, node, self._dangling) is not None
        return self._wire is None or bool(insertion_edits(picture.flow, picture.catalogue, node, self._wire))

    def _drop(self) -> None:
        self.held = None
        self._view.viewport().update()

    def _add(self, template: str) -> None:
        self._drop()
        self._view.add_block(template, self._place, self._dangling, self._wire)
