"""What happened to blocks that users make; `events` tells them with the others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from builder_app.session.blocks.block_checks import CheckedDraft
    from builder_app.session.blocks.block_probe import BlockPreview


@dataclass(frozen=True, slots=True, eq=False)
class BlockChecked:
    """What is wrong with the block in a form, what it gives, and what saving it would change, in sentences."""

    form: str
    checked: "CheckedDraft"
    preview: "BlockPreview | None"
    changes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockSaved:
    """A block was made or written anew; `form` is the one that asked, `version` the one that it has now."""

    form: str
    name: str
    version: str
    message: str
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class BlockShelved:
    """A block was shared, deleted or brought back: a sentence; `deleted` is the row that Undo would bring back."""

    name: str
    message: str
    deleted: str = ""
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class BlockUsesRead:
    """Where a block is used: names of strategies, drafts and other blocks."""

    name: str
    title: str
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BlockRefused:
    """A wish of a form could not be done: a whole sentence."""

    form: str
    message: str


@dataclass(frozen=True, slots=True)
class BlocksCounted:
    """How often blocks were used, by name, as the store counted it."""

    counts: Mapping[str, int]
