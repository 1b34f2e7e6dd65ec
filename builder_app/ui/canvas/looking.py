"""Going places on the canvas: to the selection, and back and forward through the places that were looked at."""

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QTimer

from builder_app.flow.group_paths import GroupPath
from builder_app.ui.canvas.furniture import around

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage

_REST_MILLISECONDS: Final = 600
_MOST_PLACES: Final = 50
_OTHER_ZOOM: Final = 1.6
READABLE: Final = 0.6
"""From this zoom on labels, parameters and ports can be read well."""
_NEARLY: Final = 0.9
"""So little less is no reason to leave a part of the picture out."""
_MARGIN: Final = 32.0
"""What is seen beside the first blocks, in canvas units."""


class Place(NamedTuple):
    """Where a view looks: its zoom, what is in its middle, and at which level of the strategy."""

    zoom: float
    x: float
    y: float
    path: GroupPath = ()


class VisitedPlaces:
    """The places of one view where the eye rested, in the order of the visits."""

    def __init__(self, view: "Stage") -> None:
        self._view = view
        self._places: list[Place] = []
        self._at = -1
        self._rest = QTimer(view)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MILLISECONDS)
        self._rest.timeout.connect(self.settle)
        view.viewport_changed.connect(lambda *_where: self._rest.start())

    def settle(self) -> None:
        """The eye rests here: a new place if it is far from the last one, otherwise the last one is here now."""
        self._rest.stop()
        here = Place(*self._view.viewport_state(), self._view.levels.path)
        if self._at >= 0 and not self._is_far(self._places[self._at], here):
            self._places[self._at] = here
            return
        self._places = [*self._places[: self._at + 1], here][-_MOST_PLACES:]
        self._at = len(self._places) - 1

    def go(self, steps: int) -> bool:
        """Look at an earlier (−1) or later (1) place again; whether there is one."""
        self.settle()
        if not 0 <= self._at + steps < len(self._places):
            return False
        self._at += steps
        zoom, x, y, path = self._places[self._at]
        if self._view.go_to_level(path):
            self._view.restore_viewport(zoom, x, y)
        self._rest.stop()
        return True

    def _is_far(self, one: Place, other: Place) -> bool:
        if one.path != other.path:
            return True
        zoom = max(one.zoom, other.zoom)
        if zoom / min(one.zoom, other.zoom) > _OTHER_ZOOM:
            return True
        size = self._view.viewport().size()
        return abs(one.x - other.x) * zoom > size.width() / 2 or abs(one.y - other.y) * zoom > size.height() / 2


def show_beginning(view: "Stage") -> None:
    """Show everything where it can be read so; otherwise the left end, where the inputs are, at a zoom for reading: the
    map tells where that is.
    """
    picture = view.canvas.picture
    bounds = picture.bounds()
    if bounds.isEmpty() or view.fitting_zoom(bounds) >= READABLE * _NEARLY:
        view.fit_all()
        return
    size = view.viewport().size() / READABLE
    first = min(picture.faces, key=lambda id: (picture.places[id], id), default=None)
    start = picture.rect_of(first).center() if first is not None else bounds.topLeft()
    x = _middle(bounds.left(), bounds.right(), size.width(), bounds.left())
    y = _middle(bounds.top(), bounds.bottom(), size.height(), start.y())
    view.restore_viewport(READABLE, x, y)


def _middle(low: float, high: float, length: float, wanted: float) -> float:
    """Where the middle of a view of this length is for something to be seen whole, or so that `wanted` is as near to
    its middle as it can be without empty ground beyond the ends.
    """
    first, last = low - _MARGIN + length / 2, high + _MARGIN - length / 2
    return (low + high) / 2 if first > last else min(max(wanted, first), last)


def fit_selection(view: "Stage") -> None:
    """Show what is selected, at 100 % at most."""
    picture = view.canvas.picture
    rects = [
        *view.selected_rects(),
        *(picture.rect_of(end.node) for wire in view.canvas.selected_wires for end in wire),
    ]
    if not rects:
        view.say("Select what shall be seen first.")
        return
    view.visited.settle()
    view.fit(around(rects))


def go_back(view: "Stage") -> None:
    """Look where the eye rested before."""
    if not view.visited.go(-1):
        view.say("There is no place visited before this one.")


def go_forward(view: "Stage") -> None:
    """Look where the eye rested after this."""
    if not view.visited.go(1):
        view.say("There is no place visited after this one.")
