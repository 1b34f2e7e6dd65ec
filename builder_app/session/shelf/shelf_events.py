"""What happened to strategies as wholes and to their versions; `events` tells it with the others."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from builder_app.flow.difference import Change

if TYPE_CHECKING:
    from builder_app.session.shelf.shelving import KeptVersion


class ShelfOffer(StrEnum):
    """What may be done next with a strategy that was changed as a whole."""

    NOTHING = "nothing"
    OPEN = "open"
    BRING_BACK = "bring back"


@dataclass(frozen=True, slots=True)
class ShelfChanged:
    """Saved strategies were changed as wholes: a sentence on what was done, and to which, with what may come next."""

    message: str
    strategy: str = ""
    offer: ShelfOffer = ShelfOffer.NOTHING


@dataclass(frozen=True, slots=True)
class VersionsListed:
    """The kept versions of an open strategy, the newest first."""

    document: str
    versions: "tuple[KeptVersion, ...]"


@dataclass(frozen=True, slots=True)
class VersionKept:
    """The strategy as it is drawn was saved and kept as a version."""

    document: str
    version: "KeptVersion"


@dataclass(frozen=True, slots=True)
class VersionCompared:
    """What was changed in an open strategy since a kept version; empty where it is drawn as it was then."""

    document: str
    version: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class VersionRestored:
    """An open strategy is drawn as it was in this version, by one step that can be undone."""

    document: str
    version: "KeptVersion"
