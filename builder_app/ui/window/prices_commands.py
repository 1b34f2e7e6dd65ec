"""What the window does with prices: the import assistant, the library, and groups as pools in the test set-up."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from builder_app.session import events
from builder_app.session.prices.price_library import read_groups
from builder_app.session.prices.prices_import import ImportReport
from builder_app.ui.prices.import_window import ImportWindow
from builder_app.ui.prices.library_window import LibraryWindow
from builder_app.ui.window.coming_to_front import to_front

if TYPE_CHECKING:
    from builder_app.ui.window.main_window import MainWindow


class PricesCommands:
    """Opens the two windows for prices, each at most once."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window
        self.import_window: ImportWindow | None = None
        self.library_window: LibraryWindow | None = None
        window.session.subscribe(self._follow)

    def handlers(self) -> dict[str, Callable[[], None]]:
        """A handler for each row of the table of actions that is about prices."""
        return {"import_prices": self.import_prices, "price_library": self.show_library}

    def import_prices(self) -> None:
        """Open the import assistant, or bring it to the front."""
        if self.import_window is None:
            self.import_window = ImportWindow(self._window.session, self._window.theme, self._window)
            self.import_window.imported.connect(self._imported)
            self.import_window.destroyed.connect(self._import_closed)
        to_front(self.import_window)

    def import_paths(self, paths: Sequence[Path]) -> None:
        """Open the import assistant on these files."""
        self.import_prices()
        if self.import_window is not None:
            self.import_window.open_paths(paths)

    def show_library(self) -> None:
        """Open the library of prices, or bring it to the front."""
        if self.library_window is None:
            self.library_window = LibraryWindow(self._window.session, self._window.theme, self._window)
            self.library_window.import_requested.connect(self.import_prices)
            self.library_window.groups_changed.connect(self.show_groups)
            self.library_window.destroyed.connect(self._library_closed)
        to_front(self.library_window)

    def show_groups(self) -> None:
        """Offer the groups in the test set-up."""
        self._window.inspector.show_groups(read_groups(self._window.session).groups)

    def _imported(self, _report: ImportReport) -> None:
        if self.library_window is not None:
            self.library_window.refresh()

    def _follow(self, event: events.Event) -> None:
        if isinstance(event, events.PricesChanged):
            self.show_groups()
            if self.library_window is not None:
                self.library_window.refresh()

    def _import_closed(self) -> None:
        self.import_window = None

    def _library_closed(self) -> None:
        self.library_window = None
