"""What each action and wish does: one method each, in the words of the table of actions."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from builder_app.flow.edits import Edit
from builder_app.session import TestConfig, files
from builder_app.session.answering import answered
from builder_app.session.code import code_files
from builder_app.session.drafts.document import Document
from builder_app.session.shelf import listing
from builder_app.ui.canvas.opening import select_whole
from builder_app.ui.window.files import ask_for_file, ask_for_folder, ask_where_to_save
from builder_app.ui.window.gestures import GestureKeys
from builder_app.ui.window.passphrase_dialog import PassphraseDialog
from builder_app.ui.window.shortcuts_page import ShortcutsPage

if TYPE_CHECKING:
    from builder_app.ui.canvas.view import CanvasView
    from builder_app.ui.window.main_window import MainWindow


class Commands:
    """The handlers of one window."""

    def __init__(self, window: "MainWindow") -> None:
        self.window = window
        self.session = window.session
        self._gestures = GestureKeys()

    def handlers(self) -> dict[str, Callable[[], None]]:
        """A handler for each row of the table of actions."""
        return {
            "new": self.new,
            "open_file": self.open_file,
            "save": lambda: self._with_document(self.session.save),
            "save_file": self.save_file,
            "export": self.export,
            "secrets": self.secrets,
            "close_document": lambda: self._with_document(self.session.close_document),
            "quit": lambda: self._quit(),
            "undo": lambda: self._with_document(Document.undo),
            "redo": lambda: self._with_document(Document.redo),
            "cut": lambda: self._with_canvas("cut_selection"),
            "copy": lambda: self._with_canvas("copy_selection"),
            "paste": lambda: self._with_canvas("paste"),
            "duplicate": lambda: self._with_canvas("duplicate"),
            "delete": lambda: self._with_canvas("delete_selection"),
            "select_all": lambda: self._with_canvas("select_all"),
            "fit": lambda: self._with_canvas("fit_all"),
            "zoom_in": lambda: self._with_canvas("zoom_in"),
            "zoom_out": lambda: self._with_canvas("zoom_out"),
            "focus": self.focus,
            "theme_system": lambda: self.window.theme_requested.emit("system"),
            "theme_dark": lambda: self.window.theme_requested.emit("dark"),
            "theme_light": lambda: self.window.theme_requested.emit("light"),
            "test": self.test,
            "cancel": self.cancel,
            "live": self.live,
            "commands": lambda: self.window.command_palette.open(),
            "shortcuts": lambda: ShortcutsPage(self.window).open(),
        }

    # -- strategies ---------------------------------------------------------------------------------------------

    def new(self) -> None:
        """Open an empty strategy."""
        self._try(self.session.new_document)

    def open_strategy(self, id: str) -> None:
        """Open a card of the start page."""
        self._try(lambda: listing.open_listed(self.session, id))

    def open_example(self, id: str) -> None:
        """Open a copy of a ready-made strategy."""
        self._try(lambda: listing.open_example(self.session, id))

    def open_and_test_example(self, id: str) -> None:
        """Open a copy of a ready-made strategy and show its first result."""
        self.open_example(id)
        self.test()

    def open_file(self) -> None:
        """Ask for a flow file, or a file of code, and open it."""
        ask_for_file(self.window, "Open flow or code file", "Flows and code (*.flow.json *.json *.py)", self.open_path)

    def open_path(self, path: Path) -> None:
        """Open a flow file, or a file of code as its flow; what is wrong is said, and nothing is opened then."""
        if path.suffix == code_files.CODE:
            code_files.open_code_file(self.session, path)
        else:
            files.open_flow_file(self.session, path)

    def save_file(self) -> None:
        """Ask for a name and write the picture there."""
        document = self.window.document
        if document is not None:
            suggested = f"{document.name}.flow.json"
            ask_where_to_save(self.window, "Save as flow file", suggested, self._write_flow)

    def rename(self) -> None:
        """Put the cursor into the strategy's name in the inspector."""
        if self.window.canvas is not None:
            self.window.canvas.select(frozenset())
            self.window.show_dock("Inspector")
            self.window.inspector.edit_name()

    def secrets(self) -> None:
        """Show how sensitive values are kept, and take the passphrase where one is needed."""
        keeping = self.session.secrets
        dialog = PassphraseDialog(keeping.keeping, self.window)

        def take(call: Callable[[str], None], passphrase: str) -> None:
            try:
                call(passphrase)
            except ValueError as reason:
                dialog.say(str(reason))
            else:
                dialog.accept()

        dialog.unlock_requested.connect(lambda passphrase: take(keeping.unlock, passphrase))
        dialog.set_requested.connect(lambda passphrase: take(keeping.set_passphrase, passphrase))
        dialog.rotate_requested.connect(lambda passphrase: take(keeping.rotate, passphrase))
        dialog.try_again_requested.connect(lambda: take(lambda _: keeping.try_again(), ""))
        dialog.open()

    def close_tab(self, index: int) -> None:
        """Close the strategy of a tab."""
        widget = self.window.centre.tabs.widget(index)
        for id, canvas in tuple(self.window.canvases.items()):
            if canvas is widget:
                self.session.close_document(self.session.documents[id])

    def delete_strategy(self, id: str) -> None:
        """Take a strategy from the start page; the message offers to bring it back."""

        def delete() -> None:
            name = listing.delete_listed(self.session, id)
            self.window.centre.messages.tell(f"'{name}' was deleted.", "Undo", lambda: self._try(bring_back))
            self.window.following.refresh_start_page()

        def bring_back() -> None:
            listing.restore_listed(self.session, id)
            self.window.following.refresh_start_page()

        self._try(delete)

    def dismiss_hints(self) -> None:
        """Do not show the first-run hints again."""
        self.window.settings.setValue("hints_dismissed", True)

    # -- the picture --------------------------------------------------------------------------------------------

    def add_block(self, template: str) -> None:
        """Put a block of the palette beside what is selected, or into the middle of what is seen."""
        canvas = self.window.canvas
        if canvas is None:
            self.new()
            canvas = self.window.canvas
        if canvas is not None:
            canvas.add_block(template)

    def select_blocks(self, ids: frozenset[str]) -> None:
        """Select blocks and bring them into view."""
        canvas = self.window.canvas
        if canvas is not None:
            select_whole(canvas, ids)

    def open_group(self, node: str) -> None:
        """Open a group that the inspector shows."""
        canvas = self.window.canvas
        if canvas is not None:
            canvas.activate(node)

    def jump(self, position: int) -> None:
        """Go to a place in the history."""
        self._with_document(lambda document: document.jump(position))

    def gesture_of(self, edit: Edit) -> str:
        """The key of the gesture that an edit of the inspector belongs to."""
        return self._gestures.key(edit)

    def end_gesture(self) -> None:
        """A slider was let go, a field was left."""
        self._gestures.end()
        self._with_document(Document.end_gesture)

    # -- testing and exporting ----------------------------------------------------------------------------------

    def test(self) -> None:
        """Run the test."""
        self._with_document(self.session.run_test)

    def cancel(self) -> None:
        """Stop the test."""
        self._with_document(self.session.cancel_test)

    def live(self) -> None:
        """Switch live testing."""
        on = self.window.actions_by_id["live"].isChecked()
        self._with_document(lambda document: self.session.set_live(document, on))
        self._with_document(self.window.following.show_staleness)

    def set_config(self, config: TestConfig) -> None:
        """Take another test set-up."""
        self._with_document(lambda document: self.session.set_config(document, config))

    def export(self) -> None:
        """Ask for a folder; the strategy is tested first where its newest text was not."""
        if self.window.document is not None:
            engine = self.window.target_button.text().removesuffix(" ▾")
            ask_for_folder(self.window, f"Export for {engine} to a new or empty folder", self._export_to)

    def save_code(self) -> None:
        """Ask for a name and write the generated code there."""
        document = self.window.document
        if document is not None and document.shown_code[0] is not None:
            ask_where_to_save(self.window, "Save code", "strategy.py", self._write_code)

    def choose_target(self, target: str) -> None:
        """Write the code for another engine."""
        self._with_document(lambda document: self.session.targets.choose(document, target))

    def show_line(self, line: int) -> None:
        """Show a line of the code."""
        self.window.show_dock("Code")
        self.window.code.text.show_line(line)

    def focus(self) -> None:
        """Leave only the canvas and the strip, or bring the docks back."""
        if self.window.actions_by_id["focus"].isChecked():
            self.window.dock_places.hide_all()
        elif self.window.document is not None:
            self.window.dock_places.show_all()

    # -- parts --------------------------------------------------------------------------------------------------

    def _with_document(self, call: Callable[[Document], object]) -> None:
        document = self.window.document
        if document is not None:
            call(document)

    def _with_canvas(self, method: str) -> None:
        canvas: CanvasView | None = self.window.canvas
        if canvas is not None:
            getattr(canvas, method)()

    def _try(self, call: Callable[[], object]) -> None:
        try:
            call()
        except (OSError, ValueError) as reason:
            self.window.centre.messages.tell(str(reason), stays=True)

    def _write_flow(self, path: Path) -> None:
        self._with_document(lambda document: self._write(path, partial(files.write_flow_file, document.flow, path)))

    def _write_code(self, path: Path) -> None:
        def write(document: Document) -> None:
            self._write(path, partial(files.write_code_file, files.code_of(document), path))

        self._try(lambda: self._with_document(write))

    def _write(self, path: Path, write: Callable[[], None]) -> None:
        tell, session = self.window.centre.messages.tell, self.session

        def done(_nothing: None) -> None:
            tell(f"'{path}' was written.")

        answered(session.slow_writes, session.post, write, done, lambda why: tell(why, stays=True))

    def _export_to(self, folder: Path) -> None:
        self._with_document(lambda document: self.session.export(document, folder))

    def _quit(self) -> None:
        self.window.close()
        QApplication.quit()
