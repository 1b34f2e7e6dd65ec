"""The main window: one strategist's open strategies, the views around them, and what runs between both."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSettings, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QMainWindow

from builder_app.flow.edits import Edit, EditRefused
from builder_app.session import FILL_RULES, METRIC_DEFINITIONS
from builder_app.session.code.targets import CHOICES
from builder_app.session.drafts.document import Document, View
from builder_app.session.session import Session
from builder_app.ui.canvas.looking import show_beginning
from builder_app.ui.canvas.view import CanvasView
from builder_app.ui.code import CodeView
from builder_app.ui.health import HealthView
from builder_app.ui.history.view import HistoryView
from builder_app.ui.inspector import InspectorView
from builder_app.ui.palette.view import PaletteView
from builder_app.ui.problems import ProblemsView
from builder_app.ui.results.strip import ResultsStrip
from builder_app.ui.results.view import ResultsView
from builder_app.ui.start.page import StartPage
from builder_app.ui.tests_history import TestsView
from builder_app.ui.theme import Theme
from builder_app.ui.why import WhyView
from builder_app.ui.window.actions import build_actions
from builder_app.ui.window.block_commands import BlockCommands
from builder_app.ui.window.canvas_commands import canvas_handlers
from builder_app.ui.window.code_history_commands import CodeHistoryCommands
from builder_app.ui.window.command_palette import CommandPalette
from builder_app.ui.window.commands import Commands
from builder_app.ui.window.files import dropped_files, dropped_prices
from builder_app.ui.window.following import Following
from builder_app.ui.window.gallery_commands import GalleryCommands
from builder_app.ui.window.laying_out import lay_out_unplaced
from builder_app.ui.window.layout import (
    DockPlaces,
    add_target_chooser,
    build_centre,
    build_docks,
    build_menus,
    build_toolbar,
    remember_layout,
    restore_layout,
)
from builder_app.ui.window.name_menu import add_name_menu
from builder_app.ui.window.panel_commands import panel_handlers
from builder_app.ui.window.prices_commands import PricesCommands
from builder_app.ui.window.report_commands import ReportCommands
from builder_app.ui.window.results_commands import ResultsCommands
from builder_app.ui.window.shelf_commands import ShelfCommands
from builder_app.ui.window.status import StatusLine
from builder_app.ui.window.tests_commands import TestsCommands
from builder_app.ui.window.used_blocks import UsedBlocks
from builder_app.ui.window.why_commands import WhyCommands
from builder_app.ui.window.wired_canvas import wired_canvas


class MainWindow(QMainWindow):
    """Holds the views and hands gestures to the session. `Following` shows what the session tells."""

    theme_requested = Signal(str)

    def __init__(self, session: Session, theme: Theme, settings: QSettings) -> None:
        super().__init__()
        self.session, self.theme, self.settings = session, theme, settings
        self.setWindowTitle("Strategy Builder")
        self.setMinimumSize(960, 600)
        self.start_page = StartPage(theme, session.catalogue)
        self.canvases: dict[str, CanvasView] = {}
        self.used_blocks = UsedBlocks(settings)
        self._make_views()
        self.commands = Commands(self)
        self.shelf = ShelfCommands(self)
        self.prices = PricesCommands(self)
        self.tests_commands = TestsCommands(self)
        self.why_commands = WhyCommands(self)
        self.reports = ReportCommands(self)
        self.results_commands = ResultsCommands(self)
        self.code_history = CodeHistoryCommands(self)
        self.gallery = GalleryCommands(self)
        self.blocks = BlockCommands(self)
        self.setAcceptDrops(True)
        self.actions_by_id = build_actions(
            self,
            {
                **self.commands.handlers(),
                **canvas_handlers(self),
                **panel_handlers(self),
                **self.shelf.handlers(),
                **self.prices.handlers(),
                **self.code_history.handlers(),
                **self.gallery.handlers(),
                **self.tests_commands.handlers(),
                **self.blocks.handlers(),
                **self.why_commands.handlers(),
                **self.reports.handlers(),
            },
        )
        build_menus(self, self.actions_by_id, self.docks)
        self.reports.offer()
        self.toolbar, self.name_button, self.saved_mark = build_toolbar(self, self.actions_by_id)
        self.target_button = add_target_chooser(self.toolbar, self.actions_by_id["export"])
        for chooser in (self.target_button, self.code.header.target):
            chooser.offer(CHOICES)
        add_name_menu(self)
        self.command_palette = CommandPalette(self.actions_by_id, self)
        self.following = Following(self)
        self._wire_views()
        self.offer_used_blocks()
        session.subscribe(self.following.follow)
        self.resize(1440, 900)
        restore_layout(self, settings)
        self.dock_places = DockPlaces(self, self.docks)
        self.following.show_document(None)
        self.start_page.show_hints(settings.value("hints_dismissed") is None)

    # -- the open strategy ----------------------------------------------------------------------------------------

    @property
    def document(self) -> Document | None:
        """The strategy whose tab is in front; None on the start page."""
        widget = self.centre.tabs.currentWidget()
        for id, canvas in self.canvases.items():
            if canvas is widget:
                return self.session.documents.get(id)
        return None

    @property
    def canvas(self) -> CanvasView | None:
        """The canvas in front; None on the start page."""
        document = self.document
        return self.canvases.get(document.id) if document is not None else None

    def edit(self, edit: Edit, gesture: str = "") -> None:
        """Hand an edit to the open strategy; a refusal is said, and nothing is changed."""
        document = self.document
        if document is None:
            return
        try:
            self.session.edit(document, edit, gesture)
        except EditRefused as reason:
            self.centre.messages.tell(str(reason))

    def edit_drawn(self, edit: Edit) -> None:
        """An edit that was made by hand; the blocks that it draws are offered first from now on."""
        self.edit(edit, self.commands.gesture_of(edit))
        if self.used_blocks.note(edit):
            self.offer_used_blocks()

    def add_canvas(self, document: Document) -> CanvasView:
        """A tab for a strategy that was opened, brought to the front."""
        canvas = wired_canvas(self)
        self.canvases[document.id] = canvas
        canvas.searching.prefer(tuple(self.used_blocks.preferred()))
        canvas.show_flow(None, document.flow)
        index = self.centre.tabs.addTab(canvas, document.name)
        self.centre.tabs.setCurrentIndex(index)
        canvas.select(document.view.selected)
        opened = document.flow

        def place_view() -> None:
            if document.flow is opened:  # who has begun to draw by now is not moved
                self._place_view(canvas, document.view)

        lay_out_unplaced(self, canvas, opened)
        QTimer.singleShot(0, canvas, place_view)  # the canvas has its size only when the docks have taken theirs
        return canvas

    def remove_canvas(self, document: str) -> None:
        """Take the tab of a closed strategy away."""
        canvas = self.canvases.pop(document)
        self.centre.tabs.removeTab(self.centre.tabs.indexOf(canvas))
        canvas.deleteLater()

    def show_dock(self, title: str) -> None:
        """Bring a dock to the front, opening it where it was closed."""
        self.actions_by_id["focus"].setChecked(False)
        self.dock_places.show_all()
        self.docks[title].show()
        self.docks[title].raise_()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file of a strategy, or of prices, may be dropped anywhere."""
        if dropped_files(event.mimeData()) or dropped_prices(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take in the strategies of the dropped files, and look at the prices in them."""
        for path in dropped_files(event.mimeData()):
            self.shelf.take_file(path)
        prices = dropped_prices(event.mimeData())
        if prices:
            self.prices.import_paths(prices)
        event.acceptProposedAction()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Closing asks nothing: every draft is kept and comes back."""
        self.dock_places.show_all()
        remember_layout(self, self.settings)
        event.accept()

    # -- making and wiring ----------------------------------------------------------------------------------------

    def _make_views(self) -> None:
        theme, catalogue = self.theme, self.session.catalogue
        self.palette_view = PaletteView(catalogue, theme)
        self.inspector = InspectorView(theme)
        self.results = ResultsView(theme, METRIC_DEFINITIONS, fill_rules=FILL_RULES)
        self.tests = TestsView(theme, METRIC_DEFINITIONS)
        self.why = WhyView(theme)
        self.code = CodeView(theme)
        self.problems = ProblemsView(theme)
        self.history = HistoryView(theme)
        self.health = HealthView(theme)
        self.strip = ResultsStrip(theme)
        self.views = {
            "Blocks": self.palette_view,
            "Inspector": self.inspector,
            "Results": self.results,
            "Why": self.why,
            "Tests": self.tests,
            "Code": self.code,
            "Problems": self.problems,
            "History": self.history,
            "Health": self.health,
        }
        self.centre = build_centre(self.strip)
        self.centre.tabs.addTab(self.start_page, "Start")
        self.setCentralWidget(self.centre.widget)
        self.docks = build_docks(self, self.views)
        self.setStatusBar(StatusLine(self))

    def _wire_views(self) -> None:
        commands = self.commands
        wishes: Sequence[tuple[object, Callable[..., None]]] = (
            (self.palette_view.add_requested, commands.add_block),
            (self.inspector.edit_requested, self._edit_requested_here),
            (self.inspector.group_edit_requested, self.edit),
            (self.inspector.group_open_requested, commands.open_group),
            (self.inspector.edit_finished, commands.end_gesture),
            (self.inspector.fix_requested, self.edit),
            (self.inspector.config_requested, commands.set_config),
            (self.code.nodes_requested, commands.select_blocks),
            (self.code.save_requested, commands.save_code),
            (self.code.open_requested, self.code_history.open_in_editor),
            (self.code.history_requested, self.code_history.show),
            (self.code.target_requested, commands.choose_target),
            (self.target_button.target_requested, commands.choose_target),
            (self.code.problems_requested, lambda: self.show_dock("Problems")),
            (self.problems.node_requested, lambda id: commands.select_blocks(frozenset({id}))),
            (self.problems.fix_requested, self.edit),
            (self.history.jump_requested, commands.jump),
            (self.health.refresh_requested, self.session.maintenance.ask_health),
            (self.results.test_requested, commands.test),
            (self.results.cancel_requested, commands.cancel),
            (self.results.line_requested, commands.show_line),
            (self.strip.results_requested, lambda: self.show_dock("Results")),
            (self.start_page.new_requested, commands.new),
            (self.start_page.open_requested, commands.open_strategy),
            (self.start_page.open_file_requested, commands.open_file),
            (self.start_page.import_prices_requested, self.prices.import_prices),
            (self.start_page.price_library_requested, self.prices.show_library),
            (self.start_page.delete_requested, commands.delete_strategy),
            (self.start_page.hints_dismissed, commands.dismiss_hints),
            (self.centre.tabs.tabCloseRequested, commands.close_tab),
            (self.centre.tabs.currentChanged, lambda _index: self.following.show_document(self.document)),
        )
        for signal, call in wishes:
            signal.connect(call)  # type: ignore[attr-defined]
        bar = self.centre.tabs.tabBar()
        for side in (bar.ButtonPosition.LeftSide, bar.ButtonPosition.RightSide):
            bar.setTabButton(0, side, None)  # the start page cannot be closed

    def _edit_requested_here(self, edit: Edit) -> None:
        """An edit of what the canvas shows, which may be the inside of a group."""
        self.edit_drawn(self.canvas.levels.outward(edit) if self.canvas is not None else edit)

    def offer_used_blocks(self) -> None:
        """Offer first what was used last and most, in the palette and in every search."""
        used = self.used_blocks
        self.palette_view.show_used(used.counted(), used.recent(), used.most_used())
        for canvas in self.canvases.values():
            canvas.searching.prefer(tuple(self.used_blocks.preferred()))

    def _place_view(self, canvas: CanvasView, view: View) -> None:
        if view.fitted:
            canvas.restore_viewport(view.zoom, view.pan_x, view.pan_y)
        else:
            show_beginning(canvas)
