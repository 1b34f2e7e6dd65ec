"""What the library of prices has, as the session knows it: read once, and anew when it was changed."""

from builder_app.market.prices.panel import Panel
from builder_app.quicktest.request import TestConfig
from builder_app.session import events
from builder_app.session.desk import Desk
from builder_app.session.rooms import SymbolInfo
from builder_app.session.runs.one_run import load_pool


class KnownPrices:
    """Asked in the owner's thread, but for `load`, which any thread may call."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._library = desk, desk.rooms.library
        self._symbols: tuple[SymbolInfo, ...] | None = None
        desk.subscribe(self._follow)

    def symbols(self) -> tuple[SymbolInfo, ...]:
        """What the library has; it is read anew after an import."""
        if self._symbols is None:
            self._symbols = self._library.symbols()
        return self._symbols

    def changed(self) -> None:
        """The library was changed: read it anew, and tell."""
        self._symbols = None
        self._desk.tell(events.PricesChanged(self.symbols()))

    def load(self, config: TestConfig) -> Panel:
        """The bars that a test set-up asks for; raises ValueError with a sentence where there are none."""
        return load_pool(self._library, config)

    def _follow(self, event: events.Event) -> None:
        if isinstance(event, events.PricesImported):
            self._symbols = None
