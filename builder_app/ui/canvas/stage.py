"""The canvas's face to the window: shows flows, and turns what hands and actions want into wishes."""

from collections.abc import Mapping
from functools import cached_property
from typing import Any, Final

import numpy.typing as npt
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from builder_app.flow.edits import Edit
from builder_app.flow.group_paths import GroupPath
from builder_app.flow.problems import Problem
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import Edge, LogicFlow, Rect
from builder_app.ui.canvas import wishing
from builder_app.ui.canvas.badge_popup import BadgePopup
from builder_app.ui.canvas.breadcrumbs import Breadcrumbs
from builder_app.ui.canvas.clipboard import copy_selection
from builder_app.ui.canvas.find_popup import FindPopup
from builder_app.ui.canvas.foreground import Speech, paint_foreground
from builder_app.ui.canvas.furniture import Thing, is_there
from builder_app.ui.canvas.gestures.outcome import Outcome, Preview, preview_rects
from builder_app.ui.canvas.hands import Hands
from builder_app.ui.canvas.levels import Levels
from builder_app.ui.canvas.looking import VisitedPlaces
from builder_app.ui.canvas.node_face import PortEnd
from builder_app.ui.canvas.opening import go_to_level, go_up, open_group, show_catalogue, show_whole
from builder_app.ui.canvas.scene import CanvasScene
from builder_app.ui.canvas.search_popup import SearchPopup
from builder_app.ui.canvas.searching import Searching
from builder_app.ui.canvas.selecting import SelectingView
from builder_app.ui.canvas.wishes import Chosen, are_there, brought
from builder_app.ui.canvas.words_editor import WordsEditor
from builder_app.ui.theme import Theme

_NOTHING: Final = Preview()


class Stage(SelectingView):
    """The picture of a flow, without its events. It changes nothing: every change is wished by `edit_requested`
    and seen by `show_flow`.

    `selection_changed` carries a frozenset of block ids, `message_requested` a sentence (a refusal's reason),
    `context_requested` carries a place on the screen and what a menu there is for (see `context`).
    """

    edit_requested = Signal(object)
    message_requested = Signal(str)
    node_activated = Signal(str)
    context_requested = Signal(QPoint, str)
    level_changed = Signal()

    def __init__(self, catalogue: Catalogue, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(CanvasScene(catalogue, theme), parent)
        self.canvas.setParent(self)
        self.levels = Levels(catalogue)
        self._problems: tuple[Problem, ...] = ()
        self._traces: Mapping[str, npt.NDArray[Any]] = {}
        self.hands = Hands(self)
        self.searching = Searching(self)
        self.visited = VisitedPlaces(self)
        self._select_when_shown = Chosen()
        self.breadcrumbs = Breadcrumbs(self, theme)
        self.speech = Speech(self)
        self.ghost: QRectF | None = None
        self.focus_by_key = False
        self.setAccessibleName("Canvas")
        self.setMouseTracking(True)
        self.viewport().setMouseTracking(True)
        self.setAcceptDrops(True)
        self.fit(QRectF())

    # ── what opens above the picture; most strategies are looked at without any of it ────────────────────────────

    @cached_property
    def search(self) -> SearchPopup:
        """The search for a block to add, made when it is first wanted."""
        return self.searching.popup

    @cached_property
    def finder(self) -> FindPopup:
        """The search in the flow, made when it is first wanted."""
        return FindPopup(self.canvas.inks.theme, self)

    @cached_property
    def words(self) -> WordsEditor:
        """The field for labels, titles and notes, made when it is first wanted."""
        return WordsEditor(self)

    @cached_property
    def badge_popup(self) -> BadgePopup:
        """What a badge says, made when it is first wanted."""
        return BadgePopup(self)

    # ── facts shown ──────────────────────────────────────────────────────────────────────────────────────────────

    def show_flow(self, before: LogicFlow | None, after: LogicFlow) -> None:
        """Show the strategy `after`; where `before` is what is shown, only the difference is touched.

        What is open stays open; a step that changed only another level opens that one.
        """
        self.hands.cancel()
        self.speech.hush()
        if "badge_popup" in vars(self):
            self.badge_popup.close_popup()
        selected = self.selected_nodes()
        was_empty = not self.canvas.picture.faces
        show_whole(self, before, after)
        wanted = self._select_when_shown
        if wanted != Chosen() and are_there(self.levels.shown.flow, wanted):
            self._select_when_shown = Chosen()
            self.canvas.select(wanted.nodes, things=wanted.things)
        if selected != self.selected_nodes():
            self.selection_changed.emit(self.selected_nodes())
        if was_empty is not (not self.canvas.picture.faces):
            self.viewport().update()

    def show_catalogue(self, catalogue: Catalogue) -> None:
        """Draw with these templates from now on."""
        self.levels.take_catalogue(catalogue)
        show_catalogue(self)

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Badge the blocks that have problems, and the groups that have some inside, and only those."""
        self._problems = problems
        self.canvas.show_problems(self.levels.problems_here(problems))

    def show_traces(self, traces: Mapping[str, npt.NDArray[Any]]) -> None:
        """Draw on each of these blocks its values (one-dimensional, oldest first), and on no other."""
        self._traces = traces
        self.canvas.show_traces(self.levels.values_here(traces))

    def show_cursor(self, values: Mapping[str, Mapping[str, float]], share: float | None) -> None:
        """Write each port's value at the charts' cursor in the place of its name; {} and None: there is no cursor.

        `share` is where the cursor is in the sparklines, from 0 (left) to 1.
        """
        self.canvas.show_cursor(self.levels.values_here(values), share)

    def show_known_facts(self) -> None:
        """Problems and values once more: another level is shown."""
        self.show_problems(self._problems)
        self.show_traces(self._traces)

    def set_theme(self, theme: Theme) -> None:
        """Paint in this theme from now on."""
        self.canvas.set_theme(theme)
        for made in vars(self).keys() & {"search", "finder"}:
            getattr(self, made).set_theme(theme)
        self.breadcrumbs.set_theme(theme)
        self.forget_minimap()
        self.viewport().update()

    # ── levels ───────────────────────────────────────────────────────────────────────────────────────────────────

    def go_to_level(self, path: GroupPath) -> bool:
        """Show the strategy (an empty path) or what is inside a group; False where there is none."""
        return go_to_level(self, path)

    def go_up(self) -> bool:
        """Leave the group that is open; whether one was."""
        return go_up(self)

    def activate(self, node: str) -> None:
        """Open a group in place; any other block's label may be written now."""
        if not open_group(self, node):
            self.node_activated.emit(node)

    def whole_view(self) -> tuple[tuple[float, float, float], frozenset[str]]:
        """Where the eye is on the strategy itself (zoom and place), and what is selected there."""
        path = self.levels.path
        if not path:
            return self.viewport_state(), self.selected_nodes()
        return self.levels.viewports.get((), self.viewport_state()), frozenset(path[:1])

    # ── wishes ───────────────────────────────────────────────────────────────────────────────────────────────────

    def request(self, edit: Edit | None) -> None:
        """Wish an edit; the blocks, frames and notes it brings are selected as soon as they are shown."""
        if edit is None:
            return
        self._select_when_shown = brought(edit)
        self.edit_requested.emit(self.levels.outward(edit))

    def add_block(
        self,
        template: str,
        place: QPointF | None = None,
        dangling: PortEnd | None = None,
        wire: Edge | None = None,
    ) -> None:
        """Wish a block of this template; see `wishing.add_block`."""
        wishing.add_block(self, template, place, dangling, wire)

    def delete_selection(self) -> None:
        """Wish that what is selected goes."""
        wishing.delete_selection(self)

    def copy_selection(self) -> None:
        """Put what is selected on the clipboard as text."""
        copy_selection(self.canvas.picture, self.selected_nodes(), self.canvas.things.selected)

    def cut_selection(self) -> None:
        """Copy what is selected, and wish that it goes."""
        wishing.cut_selection(self)

    def paste(self) -> None:
        """Wish what is on the clipboard."""
        wishing.paste(self)

    def duplicate(self) -> None:
        """Wish copies of what is selected."""
        wishing.duplicate(self)

    def nudge(self, columns: int, rows: int) -> None:
        """Wish that what is selected moves by so many steps of the grid."""
        wishing.nudge(self, columns, rows)

    def take_outcome(self, outcome: Outcome, pixel: QPointF) -> None:
        """Pass on what a finished gesture wishes."""
        self.request(outcome.edit)
        if outcome.message:
            self.say(outcome.message, pixel)
        if outcome.search_from is not None:
            self.open_search(pixel, outcome.search_from)

    # ── search ───────────────────────────────────────────────────────────────────────────────────────────────────

    def open_search(self, pixel: QPointF | None = None, dangling: PortEnd | None = None) -> None:
        """Search a block to add there (None: under the pointer, or on free ground); see `Searching.open`."""
        self.searching.open(pixel, dangling)

    # ── pointer and messages ─────────────────────────────────────────────────────────────────────────────────────

    def has_pointer(self) -> bool:
        """Whether the pointer is over the canvas."""
        return self.hands.has_pointer and QRectF(self.viewport().rect()).contains(self.hands.pointer)

    def pointer_place(self) -> QPointF:
        """The place on the canvas under the pointer, or in the middle of the view where the pointer is elsewhere."""
        return self.place_at(self.hands.pointer) if self.has_pointer() else self.shown_rect().center()

    def pixel_of(self, place: QPointF) -> QPointF:
        """Where a place of the canvas is in the view."""
        return self.viewportTransform().map(place)

    def say(self, message: str, pixel: QPointF | None = None) -> None:
        """Say a sentence at a pixel of the view for a moment, and to whoever listens."""
        self.speech.say(message, self.pixel_of(self.pointer_place()) if pixel is None else pixel)
        self.message_requested.emit(message)

    # ── painting above everything ────────────────────────────────────────────────────────────────────────────────

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        """The gesture's preview, messages, the map, the words on an empty canvas."""
        del rect
        paint_foreground(painter, self)

    def repaint_overlay(self, before: Preview, after: Preview) -> None:
        """Paint anew where a preview was or is."""
        if before.message or after.message or before.hint or after.hint:
            self.viewport().update()
            return
        transform = self.viewportTransform()
        for rect in (*preview_rects(before), *preview_rects(after)):
            self.viewport().update(transform.mapRect(rect).toAlignedRect().adjusted(-4, -4, 4, 4))

    def put_things(self, rects: Mapping[Thing, Rect]) -> None:
        """Draw frames and notes elsewhere while they are dragged; none: where the flow has them."""
        things, flow = self.canvas.things, self.canvas.picture.flow
        moved = [things.rect_of(flow, thing) for thing in things.rects.keys() | rects.keys() if is_there(flow, thing)]
        things.rects = dict(rects)
        moved += [QRectF(*rect) for rect in rects.values()]
        for rect in moved:
            self.viewport().update(self.viewportTransform().mapRect(rect).toAlignedRect().adjusted(-6, -6, 6, 6))

    def show_drop(self, ghost: QRectF | None) -> None:
        """Show where a dragged block would land."""
        self.ghost = ghost
        if ghost is None:
            self.canvas.light(frozenset())
        self.viewport().update()
