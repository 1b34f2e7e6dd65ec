"""What happened, in the past tense. The session tells whoever listens; views show it."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder_app.codegen.program import CheckReport, Program
from builder_app.flow.problems import Problem
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.market.library import SymbolInfo
from builder_app.quicktest.request import RunFailure, RunProgress, RunResult, TestConfig
from builder_app.session.blocks.block_events import BlockChecked as BlockChecked
from builder_app.session.blocks.block_events import BlockRefused as BlockRefused
from builder_app.session.blocks.block_events import BlockSaved as BlockSaved
from builder_app.session.blocks.block_events import BlocksCounted as BlocksCounted
from builder_app.session.blocks.block_events import BlockShelved as BlockShelved
from builder_app.session.blocks.block_events import BlockUsesRead as BlockUsesRead
from builder_app.session.runs.history_events import QueueChanged as QueueChanged
from builder_app.session.runs.history_events import QueuedTest as QueuedTest
from builder_app.session.runs.history_events import TestRanAgain as TestRanAgain
from builder_app.session.runs.history_events import TestsChanged as TestsChanged
from builder_app.session.runs.history_events import TestsCompared as TestsCompared
from builder_app.session.runs.history_events import TestsListed as TestsListed
from builder_app.session.shelf.shelf_events import ShelfChanged as ShelfChanged
from builder_app.session.shelf.shelf_events import ShelfOffer as ShelfOffer
from builder_app.session.shelf.shelf_events import VersionCompared as VersionCompared
from builder_app.session.shelf.shelf_events import VersionKept as VersionKept
from builder_app.session.shelf.shelf_events import VersionRestored as VersionRestored
from builder_app.session.shelf.shelf_events import VersionsListed as VersionsListed

if TYPE_CHECKING:
    from builder_app.session.care.health import Health
    from builder_app.session.code.generating import Generated


@dataclass(frozen=True, slots=True)
class DocumentOpened:
    """A strategy is open; its document's `note` says whether it was recovered."""

    document: str


@dataclass(frozen=True, slots=True)
class DocumentClosed:
    """A strategy is no longer open. Its draft stays."""

    document: str


@dataclass(frozen=True, slots=True, eq=False)
class FlowChanged:
    """The picture is another one now, by an edit, an undo or a redo."""

    document: str
    before: LogicFlow
    after: LogicFlow


@dataclass(frozen=True, slots=True)
class ConfigChanged:
    """The test set-up is another one now."""

    document: str
    config: TestConfig


@dataclass(frozen=True, slots=True)
class ProblemsFound:
    """All problems of the newest picture; empty where there are none."""

    document: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ProgramGenerated:
    """The newest picture as code, with the checks' report; None where problems keep it from being code."""

    document: str
    program: Program | None
    report: CheckReport | None


@dataclass(frozen=True, slots=True)
class TargetChosen:
    """The strategy is written for this engine from now on; its text follows as TargetWritten."""

    document: str
    target: str


@dataclass(frozen=True, slots=True, eq=False)
class TargetWritten:
    """The newest picture as text for the chosen engine, or the problems that the engine refuses it for."""

    document: str
    target: str
    generated: "Generated"


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A test has begun: its turn has come. `live` tells one that followed an edit from one that was asked for."""

    document: str
    live: bool


@dataclass(frozen=True, slots=True)
class RunProgressed:
    """A test has come this far."""

    document: str
    progress: RunProgress


@dataclass(frozen=True, slots=True, eq=False)
class RunFinished:
    """A test has a result."""

    document: str
    result: RunResult
    live: bool


@dataclass(frozen=True, slots=True, eq=False)
class ResultChecked:
    """The newest live result, with what a check of its signals found; its figures and curves are the same."""

    document: str
    result: RunResult


@dataclass(frozen=True, slots=True)
class RunFailed:
    """A test has no result, and why."""

    document: str
    failure: RunFailure
    live: bool


@dataclass(frozen=True, slots=True)
class DraftSaved:
    """Every edit up to now, number `sequence` of the journal, is on disk and survives a kill."""

    document: str
    at: datetime.datetime
    sequence: int


@dataclass(frozen=True, slots=True)
class DraftNotSaved:
    """The draft could not be written; it is tried again."""

    document: str
    message: str


@dataclass(frozen=True, slots=True)
class StrategySaved:
    """The draft became the saved strategy of this id."""

    document: str
    instance: str


@dataclass(frozen=True, slots=True)
class PricesChanged:
    """The library of prices has other symbols now."""

    symbols: tuple[SymbolInfo, ...]


@dataclass(frozen=True, slots=True)
class PricesImported:
    """Price files were read into the library; `remarks` are what the strategist should know about them."""

    symbols: tuple[str, ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class CatalogueChanged:
    """Other blocks may be drawn now; the open strategies are made into code anew."""

    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class Exported:
    """The tested code was written to this folder."""

    document: str
    folder: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A wish could not be done: whole sentences that say why and what to do. `document` is empty where it had none."""

    document: str
    message: str


@dataclass(frozen=True, slots=True)
class LiveTurnedDown:
    """A live test took too long; live mode is off now."""

    document: str
    message: str


@dataclass(frozen=True, slots=True)
class DraftsOffered:
    """Drafts of these names were left for over a day; they are on the start page again, and stay there for 30 days."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class HealthRead:
    """Figures and alarms as they stand now."""

    health: "Health"


@dataclass(frozen=True, slots=True)
class SecretsSealedAnew:
    """After a rotation so many rows of the store are sealed with the new key; `message` says it, or how it ended."""

    rows: int
    is_over: bool
    message: str
    document: str = ""


Event = (
    DocumentOpened
    | DocumentClosed
    | FlowChanged
    | ConfigChanged
    | ProblemsFound
    | ProgramGenerated
    | TargetChosen
    | TargetWritten
    | RunStarted
    | RunProgressed
    | RunFinished
    | ResultChecked
    | RunFailed
    | DraftSaved
    | DraftNotSaved
    | StrategySaved
    | PricesChanged
    | PricesImported
    | CatalogueChanged
    | Exported
    | Refused
    | LiveTurnedDown
    | DraftsOffered
    | HealthRead
    | ShelfChanged
    | VersionsListed
    | VersionKept
    | VersionCompared
    | VersionRestored
    | SecretsSealedAnew
    | QueueChanged
    | TestsListed
    | TestsChanged
    | TestsCompared
    | TestRanAgain
    | BlockChecked
    | BlockRefused
    | BlocksCounted
    | BlockSaved
    | BlockShelved
    | BlockUsesRead
)
