"""Shows in the window what the session tells: each event touches only the views that it concerns."""

from functools import partial
from typing import TYPE_CHECKING, Final, assert_never

from builder_app.flow.groups import catalogue_with_groups
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.session import events
from builder_app.session.care.health import Health
from builder_app.session.code.targets import STANDALONE, refusals
from builder_app.session.drafts.document import Document, View
from builder_app.session.session import Session
from builder_app.ui.window.actions import enable_actions, name_steps
from builder_app.ui.window.block_commands import BlockEvent
from builder_app.ui.window.following_runs import FollowingRuns, RunEvent
from builder_app.ui.window.following_status import FollowingStatus
from builder_app.ui.window.sentences import left_drafts
from builder_app.ui.window.shelf_commands import ShelfEvent
from builder_app.ui.window.tests_commands import HistoryEvent

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow

NAME_ACTIONS: Final = 2
"""The toolbar begins with the strategy's name and a line behind it."""
DocumentEvent = (
    RunEvent
    | events.DocumentOpened
    | events.FlowChanged
    | events.ProblemsFound
    | events.ProgramGenerated
    | events.TargetChosen
    | events.TargetWritten
    | events.ConfigChanged
    | events.LiveTurnedDown
    | events.DraftSaved
    | events.DraftNotSaved
)
"""What an open strategy's own views show."""
SessionEvent = (
    events.PricesChanged
    | events.PricesImported
    | events.CatalogueChanged
    | events.Refused
    | events.Exported
    | events.DraftsOffered
    | events.SecretsSealedAnew
    | events.HealthRead
    | events.DocumentClosed
    | events.StrategySaved
)
"""What the window as a whole shows."""


class Following:
    """Between the session's events and the views of one window."""

    def __init__(self, window: "MainWindow") -> None:
        self.window = window
        self.session: Session = window.session
        self.selected: frozenset[str] = frozenset()
        self._offered_groups: tuple[tuple[str, str], ...] = ()
        self._runs = FollowingRuns(window)
        self._curves_first = self._runs.curves_first
        self._status = FollowingStatus(window)

    def follow(self, event: events.Event) -> None:
        """Show one event."""
        if isinstance(event, DocumentEvent):
            document = self.session.documents.get(event.document)
            if document is not None:
                self._follow_document(document, event, in_front=document is self.window.document)
        elif isinstance(event, ShelfEvent):
            self.window.shelf.follow(event)
        elif isinstance(event, HistoryEvent):
            self.window.tests_commands.follow(event)
        elif isinstance(event, BlockEvent):
            self.window.blocks.follow(event)
        else:
            self._follow_session(event)

    def _follow_session(self, event: SessionEvent) -> None:
        tell = self.window.centre.messages.tell
        match event:
            case events.PricesChanged():
                self.window.inspector.show_symbols(list(dict.fromkeys(info.symbol for info in event.symbols)))
                self.refresh_start_page()
                self.show_status()
            case events.PricesImported():
                tell(" ".join((f"Imported {', '.join(event.symbols)}.", *event.remarks)))
            case events.CatalogueChanged():
                self._show_catalogue(event.catalogue)
            case events.Refused():
                tell(event.message, stays=True)
            case events.Exported():
                tell(f"The tested code was written to {event.folder}.", stays=True)
            case events.DraftsOffered():
                tell(left_drafts(event.names), stays=True)
                self.refresh_start_page()
            case events.SecretsSealedAnew():
                tell(event.message, stays=event.is_over)
            case events.HealthRead():
                self._show_health(event.health)
            case events.DocumentClosed():
                self.window.remove_canvas(event.document)
                self.refresh_start_page()
            case events.StrategySaved():
                self.refresh_start_page()
            case _:
                assert_never(event)

    def _follow_document(self, document: Document, event: DocumentEvent, *, in_front: bool) -> None:
        window = self.window
        if isinstance(event, RunEvent):
            self._runs.follow(document, event, in_front=in_front)
            return
        match event:
            case events.DocumentOpened():
                self._opened(document)
            case events.FlowChanged():
                window.canvases[document.id].show_flow(event.before, event.after)
                if in_front:
                    self._show_flow(document, event.before)
            case events.ProblemsFound():
                window.canvases[document.id].show_problems(event.problems)
                if in_front:
                    if document.errors:
                        self._curves_first.catch_up()  # no test comes of it
                    self._curves_first.show(document, "problems", partial(self._show_problems, document))
            case events.ProgramGenerated() | events.TargetChosen() | events.TargetWritten():
                if in_front:
                    self._curves_first.show(document, "code", partial(self._show_code, document))
            case events.ConfigChanged():
                if in_front:
                    window.inspector.show_config(event.config)
                    self._show_code(document)
                    self.show_status()
            case events.LiveTurnedDown():
                if in_front:
                    window.actions_by_id["live"].setChecked(False)
                    self._runs.show_staleness(document)
                window.centre.messages.tell(event.message)
            case events.DraftSaved() | events.DraftNotSaved():
                self._status.show_saved(event, in_front=in_front)
            case _:
                assert_never(event)

    # -- one strategy in front ----------------------------------------------------------------------------------

    def show_document(self, document: Document | None) -> None:
        """Another tab is in front: show everything of its strategy, or empty views on the start page."""
        window = self.window
        enable_actions(window.actions_by_id, document)
        name_steps(window.actions_by_id, document)
        window.strip.setVisible(document is not None)
        for action in window.toolbar.actions()[:NAME_ACTIONS]:
            action.setVisible(document is not None)
        if document is None or window.actions_by_id["focus"].isChecked():
            window.dock_places.hide_all()
        else:
            window.dock_places.show_all()
        window.target_button.setEnabled(document is not None)
        if document is None:
            window.target_button.show_target(STANDALONE)
            self.refresh_start_page()
            self._status.show_kept(None)
            self.show_status()
            return
        self._show_text(document)
        self._runs.show_document(document)
        window.inspector.show_config(document.config)
        window.actions_by_id["live"].setChecked(document.live)
        self._show_history(document)
        self._list_problems(document)
        self.show_selection()
        self.show_status()
        if window.canvas is not None:
            self._status.show_zoom(window.canvas)

    def show_selection(self) -> None:
        """Show in the inspector and in the code what is selected on the canvas in front."""
        document, canvas = self.window.document, self.window.canvas
        if document is None or canvas is None:
            return
        level = canvas.levels.shown
        self.selected = canvas.levels.whole_ids(canvas.selected_nodes())
        problems = canvas.levels.problems_here(document.problems)
        self.window.inspector.show_selection(level.flow, level.catalogue, canvas.selected_nodes(), problems)
        self.window.inspector.show_group(document.flow, self.session.catalogue, level.group)
        self.window.code.highlight_nodes(self.selected)
        self._offer_groups(document)

    def _offer_groups(self, document: Document) -> None:
        """The palette offers the groups of the strategy in front, too."""
        offered = tuple((id, group.title) for id, group in sorted(document.flow.groups.items()))
        if offered != self._offered_groups:
            self._offered_groups = offered
            self.window.palette_view.show_catalogue(catalogue_with_groups(document.flow, self.session.catalogue))

    def remember_view(self) -> None:
        """Keep where the strategist looks, with the draft."""
        document, canvas = self.window.document, self.window.canvas
        if document is None or canvas is None:
            return
        (zoom, pan_x, pan_y), selected = canvas.whole_view()
        self.session.set_view(document, View(zoom, pan_x, pan_y, selected, fitted=True))
        self._status.show_zoom(canvas)

    def show_status(self) -> None:
        """The line at the bottom."""
        self._status.show()

    def refresh_start_page(self) -> None:
        """Read the strategies and examples again."""
        self.window.shelf.refresh()
        self.window.gallery.refresh()

    def show_staleness(self, document: Document) -> None:
        """The result in front may be one of before, or of now again."""
        self._runs.show_staleness(document)

    # -- parts --------------------------------------------------------------------------------------------------

    def _show_health(self, health: Health) -> None:
        self.window.health.show_health(health)
        count = len(health.alarms)
        self.window.docks["Health"].setWindowTitle(f"Health ({count})" if count else "Health")

    def _show_catalogue(self, catalogue: Catalogue) -> None:
        """Other blocks may be drawn: every view that draws or offers blocks takes them."""
        window = self.window
        window.palette_view.show_catalogue(catalogue)
        self._offered_groups = ()
        window.offer_used_blocks()
        window.start_page.show_catalogue(catalogue)
        for id, canvas in window.canvases.items():
            canvas.show_catalogue(catalogue)
            document = self.session.documents.get(id)
            if document is not None:
                canvas.show_problems(document.problems)
                window.results_commands.on_canvas.show_traces(document)
        self.show_selection()

    def _opened(self, document: Document) -> None:
        canvas = self.window.add_canvas(document)
        canvas.show_problems(document.problems)
        if document.note:
            self.window.centre.messages.tell(document.note)

    def _show_flow(self, document: Document, before: LogicFlow) -> None:
        enable_actions(self.window.actions_by_id, document)
        if document.live and before.nodes.keys() == document.flow.nodes.keys():
            self._curves_first.begin(document)
            self._curves_first.show(document, "history", partial(self._show_history, document))
            return  # its problems come in a moment, and what is selected is shown with them
        self._curves_first.catch_up()
        self._show_history(document)
        self.show_selection()
        self.show_status()

    def _show_history(self, document: Document) -> None:
        """The steps, and the name with its mark of being saved, which any step may change."""
        window = self.window
        titles = [step.title for step in document.history.steps]
        window.history.show_history(titles, document.history.position)
        name_steps(window.actions_by_id, document)
        window.centre.tabs.setTabText(window.centre.tabs.indexOf(window.canvases[document.id]), document.name)
        window.name_button.setText(f"{document.name} ▾")
        window.setWindowTitle(f"{document.name} — Strategy Builder")
        self._status.show_kept(document)

    def _show_problems(self, document: Document) -> None:
        self._list_problems(document)
        self.show_selection()
        self.show_status()

    def _list_problems(self, document: Document) -> None:
        window, catalogue = self.window, self.session.catalogue
        window.problems.show_problems(document.problems, document.flow, catalogue)
        count = len(document.problems)
        window.docks["Problems"].setWindowTitle(f"Problems ({count})" if count else "Problems")
        window.code.show_problem_count(len(document.errors))

    def _show_code(self, document: Document) -> None:
        window = self.window
        self._show_text(document)
        window.code.highlight_nodes(self.selected)
        self._runs.show_staleness(document)

    def _show_text(self, document: Document) -> None:
        """The text for the chosen engine, or what the engine refuses."""
        window = self.window
        window.target_button.show_target(document.target)
        program, report = document.shown_code
        if document.target == STANDALONE or program is not None or document.program is None:
            window.code.show_program(program, report)
            return
        refused = refusals(document.target_code) if document.target_code is not None else ()
        window.code.show_refused(document.target, refused, document.flow, self.session.catalogue)
