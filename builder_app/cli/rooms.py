"""What the terminal's commands stand on, each made only when a command needs it: a fast start is a quick answer."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from builder_app.flow.templates import Catalogue
    from builder_app.session.rooms import Library, Store, Vault


@dataclass(frozen=True, slots=True)
class TerminalRooms:
    """Made by the composition root."""

    catalogue: Callable[[], "Catalogue"]
    library: Callable[[], "Library"]
    """The library; the sample prices are put into one that is empty."""
    library_as_it_is: Callable[[], "Library"]
    """The library, empty as it may be."""
    store: Callable[[], "Store"]
    vault: Callable[["Store"], "Vault"]
    """What opens and seals the sensitive values in the store."""
    store_file: Path | None
    """The file that the store is in; None where it is on a server."""
    examples: Path
    sample: Path
