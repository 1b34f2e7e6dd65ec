"""Shows in the window how things stand: the line at the bottom, and the mark that says whether the draft is saved."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer

from builder_app.session import events
from builder_app.session.drafts.document import Document
from builder_app.ui.canvas.view import CanvasView
from builder_app.ui.window.sentences import block_count, pool_line, problem_count
from builder_app.ui.window.status import StatusLine

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow

LOOK_AGAIN_MILLISECONDS: Final = 300


class FollowingStatus:
    """Between the session and the status line of one window; while the worker starts, it looks again by itself."""

    def __init__(self, window: "MainWindow") -> None:
        self.window, self.session = window, window.session
        self._looks_again = QTimer(window, singleShot=True, interval=LOOK_AGAIN_MILLISECONDS)
        self._looks_again.timeout.connect(self.show)

    def show(self) -> None:
        """The strategy in front, the prices and the worker."""
        document, line = self.window.document, self._line
        line.show_part("blocks", block_count(document.flow) if document is not None else "")
        line.show_part("problems", problem_count(document.problems) if document is not None else "")
        symbols = self.session.symbols()
        line.show_part("prices", pool_line(symbols, document.config if document is not None else None))
        line.show_part("worker", self.session.worker_state)
        if not self.session.rooms.runner.is_ready and not self._looks_again.isActive():
            self._looks_again.start()
        if document is None:
            line.show_part("zoom", "")
            line.show_part("draft", "")

    def show_zoom(self, canvas: CanvasView) -> None:
        """How large the canvas shows the picture."""
        self._line.show_part("zoom", f"{canvas.zoom() * 100:.0f} %", "Zoom of the canvas")

    def show_kept(self, document: Document | None) -> None:
        """Whether the strategy in front is on disk as it is drawn; nothing where none is in front."""
        mark = self.window.saved_mark
        if document is None:
            mark.clear()
        else:
            mark.setText("saved ✓" if document.durable >= document.sequence else "saving…")

    def show_saved(self, event: events.DraftSaved | events.DraftNotSaved, *, in_front: bool) -> None:
        """A draft was written, or could not be."""
        if isinstance(event, events.DraftNotSaved):
            self.window.saved_mark.setText("not saved")
            self.window.centre.messages.tell(event.message, stays=True)
        elif in_front:
            self.window.saved_mark.setText("saved ✓")
            self._line.show_part("draft", f"draft saved {event.at.astimezone():%H:%M:%S}")

    @property
    def _line(self) -> StatusLine:
        line = self.window.statusBar()
        if not isinstance(line, StatusLine):
            raise TypeError("the window's status bar is a StatusLine")
        return line
