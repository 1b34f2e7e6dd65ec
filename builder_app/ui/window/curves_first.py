"""While a live test is on its way: what else an edit changes is shown when the new curves are on the screen."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from builder_app.session.drafts.document import Document

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow

MILLISECONDS_OF_HOLD: Final = 30
"""At the latest then the canvas is painted."""
MILLISECONDS_OF_PATIENCE: Final = 60
"""At the latest then what was put off is shown: a test may take long, or may not even begin."""
MILLISECONDS_BEFORE_THE_REST: Final = 12
"""The curves are painted first, and a hand that moves on has its turn."""


class CurvesFirst:
    """Puts off what one window would show meanwhile.

    Code is made, a test is begun and its answer is read in threads of this process, and Python does one thing at a
    time: a list of steps that is painted meanwhile comes before the curve that the strategist looks at.
    """

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self._awaits: Document | None = None
        self._put_off: dict[str, Callable[[], None]] = {}
        self._behind: Callable[[], None] | None = None
        """What follows the curves, wherever the strategist has gone meanwhile."""
        self._held: QWidget | None = None
        self._hold = QTimer(window, singleShot=True, interval=MILLISECONDS_OF_HOLD)
        self._hold.timeout.connect(self.paint_canvas)
        self._patience = QTimer(window, singleShot=True, interval=MILLISECONDS_OF_PATIENCE)
        self._patience.timeout.connect(self.catch_up)
        self._rest = QTimer(window, singleShot=True, interval=MILLISECONDS_BEFORE_THE_REST)
        self._rest.timeout.connect(self.catch_up)

    def begin(self, document: Document) -> None:
        """A value of the strategy in front was changed that is tested live."""
        if self._awaits is not document:
            self.catch_up()
        self._awaits = document
        if self._held is None:  # neither is begun anew by each edit of a drag, which would put it off for ever
            self._held = self._window.canvases[document.id].viewport()
            self._held.setUpdatesEnabled(False)
            self._hold.start()
        if not self._patience.isActive():
            self._patience.start()

    def show(self, document: Document, name: str, show: Callable[[], None]) -> None:
        """Call `show` now, or with what waits for the curves of this strategy; then only the newest of its name."""
        if self._awaits is document:
            self._put_off[name] = show
        else:
            show()

    def paint_canvas(self) -> None:
        """Do not wait any longer with the canvas."""
        held, self._held = self._held, None
        self._hold.stop()
        if held is not None and isValid(held):
            held.setUpdatesEnabled(True)

    def curves_shown(self, document: Document, behind: Callable[[], None]) -> None:
        """The curves are there, and painted in this turn: soon all else is shown, and `behind` is called."""
        self._awaits, self._behind = document, behind
        self._hold.stop()
        self._rest.start()

    def catch_up(self) -> None:
        """Nothing is waited for any more: show what was put off, as far as its strategy is still in front."""
        self.paint_canvas()
        self._patience.stop()
        self._rest.stop()
        document, self._awaits = self._awaits, None
        put_off, self._put_off = self._put_off, {}
        behind, self._behind = self._behind, None
        if document is not None and self._window.document is document:
            for show in put_off.values():
                show()
        if behind is not None:
            behind()
