"""Searching a block to add at a place of the canvas, or behind a wire that hangs there."""

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from builder_app.flow.groups import BOUNDARY
from builder_app.ui.canvas.connecting import fitting_edge
from builder_app.ui.canvas.gestures.outcome import PulledWire
from builder_app.ui.canvas.gestures.pull_wire import PullWire
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.search_popup import SearchPopup
from builder_app.ui.canvas.wishes import new_node

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage


class Searching:
    """The popup of one canvas, and what becomes of its answer."""

    def __init__(self, view: "Stage") -> None:
        self._view = view
        self._preferred: tuple[str, ...] = ()
        self._place = QPointF()
        self._dangling: PortEnd | None = None
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
        """Search there (None: under the pointer); behind a pulled wire only what fits is offered."""
        view, picture = self._view, self._view.canvas.picture
        self._place = view.pointer_place() if pixel is None else view.place_at(pixel)
        self._dangling = dangling
        self.held = PullWire(picture, dangling).moved_to(self._place, 1.0).wire if dangling else None
        at = (view.pixel_of(self._place) if pixel is None else pixel).toPoint()
        offered = [
            template
            for template in picture.catalogue.templates.values()
            if template.name not in BOUNDARY
            and (
                dangling is None
                or fitting_edge(picture.flow, picture.catalogue, new_node(picture.flow, template), dangling)
            )
        ]
        self.popup.open_at(at, offered)
        view.search_requested.emit(at, dangling)

    def _drop(self) -> None:
        self.held = None
        self._view.viewport().update()

    def _add(self, template: str) -> None:
        self._drop()
        self._view.add_block(template, self._place, self._dangling)
