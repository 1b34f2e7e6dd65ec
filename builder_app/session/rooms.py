"""What a session stands on; the composition root makes it."""

from dataclasses import dataclass, field
from pathlib import Path

from builder_app.flow.templates import Catalogue
from builder_app.market.library import Library, SymbolInfo
from builder_app.quicktest.runner import Runner
from builder_app.store import Store
from builder_app.store.secrets import Vault

__all__ = ["Library", "Rooms", "Runner", "Store", "SymbolInfo", "Vault"]


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms below the session, ready to use."""

    store: Store
    catalogue: Catalogue
    library: Library
    runner: Runner
    examples: Path
    """The folder of ready-made strategies, `*.flow.json`."""
    vault: Vault = field(default_factory=lambda: Vault(None, "", None))
    """What seals sensitive values; this one keeps them in memory only."""
