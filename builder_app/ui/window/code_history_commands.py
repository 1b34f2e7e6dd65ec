"""The history of a strategy's code: one dialog for each open strategy, brought up to date as it is drawn."""

import re
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from builder_app.session import events
from builder_app.session.code.code_history import CodeComparison, CodeHistory, KeptCode
from builder_app.session.drafts.document import Document
from builder_app.ui.code.history_dialog import CodeHistoryDialog
from builder_app.ui.window.coming_to_front import tell_drawn_again, to_front

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow


class CodeHistoryCommands:
    """The handler of "Code history…", and what keeps its dialogs true."""

    def __init__(self, window: "MainWindow") -> None:
        self.window = window
        self._history = CodeHistory(window.session, lambda said: window.centre.messages.tell(said, stays=True))
        self._dialogs: dict[str, CodeHistoryDialog] = {}
        window.session.subscribe(self._follow)

    def handlers(self) -> dict[str, Callable[[], None]]:
        """A handler for each of its rows in the table of actions."""
        return {"code_history": self.show, "open_code": self.open_in_editor}

    def show(self) -> None:
        """Show the code of the strategy in front, and what it was before."""
        document = self.window.document
        if document is None:
            return
        dialog = self._dialogs.get(document.id) or self._dialog(document)
        to_front(dialog)
        dialog.list.setFocus()
        self._list(document)

    def open_in_editor(self) -> None:
        """Write the text in front to a file of its own and open it in the system's editor."""
        document, program = self.window.document, self.window.code.program
        if document is None or program is None:
            return
        folder = Path(tempfile.mkdtemp(prefix="strategy-builder-"))
        path = folder / f"{re.sub(r'[^A-Za-z0-9_]+', '_', document.name).strip('_') or 'strategy'}.py"
        tell = self.window.centre.messages.tell
        try:
            path.write_text(program.source, encoding="utf-8", newline="\n")
        except OSError as reason:
            tell(f"'{path}' could not be written: {reason.strerror}; save the code as a file instead.", stays=True)
            return
        if QDesktopServices.openUrl(QUrl.fromLocalFile(str(path))):
            tell(f"'{path}' was opened. When you have changed it, File ▸ Open takes it in.")
        else:
            tell(f"This system has no editor for Python files. The text is in '{path}'.", stays=True)

    def _dialog(self, document: Document) -> CodeHistoryDialog:
        id = document.id
        dialog = self._dialogs[id] = CodeHistoryDialog(document.name, self.window.theme, self.window)
        dialog.destroyed.connect(lambda: self._dialogs.pop(id, None))
        dialog.compare_requested.connect(lambda kept: self._compare(document, kept))
        dialog.restore_requested.connect(lambda kept: self._restore(document, kept))
        return dialog

    def _list(self, document: Document) -> None:
        self._history.ask_list(document, partial(self._listed, document.id))

    def _listed(self, id: str, kept: tuple[KeptCode, ...]) -> None:
        if id in self._dialogs:
            self._dialogs[id].show_kept(kept)

    def _compare(self, document: Document, kept: KeptCode) -> None:
        self._history.ask_comparison(document, kept, partial(self._compared, document.id))

    def _compared(self, id: str, comparison: CodeComparison) -> None:
        if id in self._dialogs:
            self._dialogs[id].show_comparison(comparison)

    def _restore(self, document: Document, kept: KeptCode | None) -> None:
        if kept is None:
            return
        said = f"'{document.name}' is drawn as it was for this code. Undo brings back what was drawn before."
        self._history.restore(document, kept, partial(tell_drawn_again, self.window, document, said))

    def _follow(self, event: events.Event) -> None:
        """New code, a finished test (which keeps its code) and a closed strategy change what a dialog shows."""
        id = getattr(event, "document", "")
        dialog = self._dialogs.get(id) if isinstance(id, str) else None
        document = self.window.session.documents.get(id) if dialog is not None else None
        if dialog is None:
            return
        if isinstance(event, events.DocumentClosed):
            dialog.close()
        elif document is not None and isinstance(event, events.RunFinished | events.StrategySaved):
            self._list(document)
        elif document is not None and isinstance(event, events.ProgramGenerated) and dialog.chosen is not None:
            self._compare(document, dialog.chosen)
