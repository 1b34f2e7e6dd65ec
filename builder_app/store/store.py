"""The open store: its repositories in one principal's name."""

from pathlib import Path

from builder_app.store.connections import Connections
from builder_app.store.notices import Notices
from builder_app.store.presence import another_has_open
from builder_app.store.principal import Principal
from builder_app.store.repositories.generations import Generations
from builder_app.store.repositories.node_templates import NodeTemplates
from builder_app.store.repositories.quick_tests import QuickTests
from builder_app.store.repositories.session_life import SessionLife
from builder_app.store.repositories.sessions import Sessions
from builder_app.store.repositories.strategies import Strategies
from builder_app.store.repositories.strategy_templates import StrategyTemplates
from builder_app.store.repositories.versions import Versions
from builder_app.store.upkeep import Upkeep


class Store:
    """The repositories over one open database. Any thread may call them; `close` (or `with`) when done.

    `upkeep` is that of its file (None on a server); whoever keeps the store open for long starts it.
    """

    def __init__(
        self,
        connections: Connections,
        principal: Principal,
        said: Notices | None = None,
        upkeep: Upkeep | None = None,
    ) -> None:
        self.connections = connections
        self.principal = principal
        self.said = said or Notices()
        self.upkeep = upkeep
        self.strategies = Strategies(connections, principal)
        self.versions = Versions(connections, principal)
        self.sessions = Sessions(connections, principal)
        self.session_life = SessionLife(connections, principal)
        self.quick_tests = QuickTests(connections, principal)
        self.generations = Generations(connections, principal)
        self.strategy_templates = StrategyTemplates(connections, principal)
        self.node_templates = NodeTemplates(connections, principal)

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences about what happened at opening and since: a damaged file that was set aside, a backup missed."""
        return self.said.sentences

    @property
    def is_open_elsewhere(self) -> bool:
        """Whether another program has this file open now; of a server that is not known, and False."""
        return self.upkeep is not None and another_has_open(Path(self.location))

    @property
    def location(self) -> str:
        """The file's path, or the URL without its password."""
        url = self.connections.url
        is_file = url.get_backend_name() == "sqlite"
        return str(url.database) if is_file else url.render_as_string(hide_password=True)

    def as_principal(self, principal: Principal) -> "Store":
        """The same open store in another's name; both are closed by closing either."""
        return Store(self.connections, principal, self.said, self.upkeep)

    def close(self) -> None:
        """Close every connection; a second call does nothing."""
        if self.upkeep is not None:
            self.upkeep.stop()
        self.connections.close()
        if self.upkeep is not None:
            self.upkeep.leave()

    def __enter__(self) -> "Store":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()
