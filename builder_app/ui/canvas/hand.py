"""The gesture that runs on a canvas: what it shows, whoever leads it, and how keys lead one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF

from builder_app.ui.canvas.gestures.key_wire import KeyWire
from builder_app.ui.canvas.gestures.outcome import Gesture, Preview
from builder_app.ui.canvas.gestures.pull_wire import PullWire
from builder_app.ui.canvas.walking import bring_into_sight

if TYPE_CHECKING:
    from builder_app.ui.canvas.stage import Stage


class Hand:
    """The gesture that runs, if one does, and its preview."""

    def __init__(self, view: "Stage") -> None:
        self._view = view
        self._gesture: Gesture | None = None
        self.preview = Preview()
        self.pointer = QPointF()

    @property
    def busy(self) -> bool:
        """Whether a gesture runs."""
        return self._gesture is not None

    def cancel(self) -> bool:
        """Take back what the gesture shows; whether there was one."""
        was_busy = self.busy
        self._let_go()
        return was_busy

    # ── keys ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def begin_by_keys(self, gesture: KeyWire) -> None:
        """Begin to pull a wire by keys."""
        self.cancel()
        self._gesture = gesture
        self.steer(0, 0)

    @property
    def by_keys(self) -> bool:
        """Whether a wire is being pulled by keys."""
        return isinstance(self._gesture, KeyWire)

    def steer(self, across: int, down: int) -> None:
        """Choose another end for the wire that is pulled by keys."""
        if isinstance(self._gesture, KeyWire):
            preview = self._gesture.turn(across, down)
            if down == 0:
                self._view.canvas.show_pull(self._gesture.pull)
            self._show(preview)
            self._view.message_requested.emit(preview.hint.partition("\n")[0])
            if (target := self._gesture.target) is not None:
                bring_into_sight(self._view, self._view.canvas.picture.rect_of(target.node))

    def finish_by_keys(self) -> None:
        """Enter: connect."""
        if isinstance(self._gesture, KeyWire):
            gesture, outcome = self._gesture, self._gesture.finish()
            self._let_go()
            self._view.take_outcome(outcome, self.pointer)
            edge = gesture.edge
            if gesture.taken is not None and edge is not None and edge in self._view.canvas.picture.wires.runs:
                self._view.select_parts(frozenset(), frozenset({edge}))

    def search_by_keys(self) -> None:
        """Tab: let the wire that is pulled by keys hang, and search a block to wire it to."""
        if isinstance(self._gesture, KeyWire):
            origin = self._gesture.pull.origin
            self._let_go()
            self._view.open_search(dangling=origin)

    # ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────

    def _show(self, preview: Preview) -> None:
        before, self.preview = self.preview, preview
        if preview.places:
            self._view.canvas.put(preview.places)
        if preview.rects:
            self._view.put_things(preview.rects)
        if preview.route:
            self._view.canvas.lead(*preview.route)
        self._view.canvas.light(preview.lit)
        if preview.selection is not None:
            self._view.select_parts(preview.selection, things=preview.selected_things)
        self._view.repaint_overlay(before, preview)

    def _let_go(self, homeward: bool = True) -> None:
        pulling = isinstance(self._gesture, PullWire | KeyWire)
        self._gesture = None
        before, self.preview = self.preview, Preview()
        if (before.places or before.route) and homeward:
            self._view.canvas.put_home()
        if before.rects:
            self._view.put_things({})
        self._view.canvas.light(frozenset())
        if pulling:
            self._view.canvas.show_pull(None)
        self._view.repaint_overlay(before, self.preview)
