"""What the price windows need of a session: a library, and a mailbox that the test empties."""

import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from PySide6.QtWidgets import QApplication

from builder_app.market.library import Library, SymbolInfo
from builder_app.session import events
from tests.session.mailbox import Mailbox

SECONDS = 20.0


class Desk:
    """A session without strategies."""

    def __init__(self, folder: Path) -> None:
        self.post = Mailbox()
        self.library = Library(folder / "prices")
        self.rooms = SimpleNamespace(library=self.library)
        self.told: list[events.Event] = []

    def tell(self, event: events.Event) -> None:
        self.told.append(event)

    def symbols(self) -> tuple[SymbolInfo, ...]:
        return self.library.symbols()

    def prices_changed(self) -> None:
        self.told.append(events.PricesChanged(self.symbols()))

    def until(self, done: Callable[[], Any]) -> None:
        """Do what comes back to the owner's thread, and let the windows live, until it is so."""
        end = time.monotonic() + SECONDS
        while not done():
            assert time.monotonic() < end
            self.post.run_waiting()
            QApplication.processEvents()
            time.sleep(0.005)
