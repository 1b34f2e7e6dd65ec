"""A strategist without a window: a session on real rooms, whose mailbox the test empties, and every event it told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

import pytest

from builder_app import paths
from builder_app.flow.edits import SetStrategyParameter
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import StrategyParameter
from builder_app.market.library import Library
from builder_app.quicktest.request import RunFailure, RunResult
from builder_app.quicktest.runner import Runner
from builder_app.session import events
from builder_app.session.drafts import drafts
from builder_app.session.drafts.document import Document
from builder_app.session.rooms import Rooms
from builder_app.session.session import Session
from builder_app.session.shelf.listing import open_example
from builder_app.store import Principal, Store, open_store
from tests.session.mailbox import Mailbox

E = TypeVar("E", bound=events.Event)

OWNER: Final = Principal("00000000-0000-4000-8000-000000000001")
STRANGER: Final = Principal("00000000-0000-4000-8000-000000000002")
EXAMPLE: Final = "moving_average_crossover"
SECONDS: Final = 30.0


def open_user_store(folder: Path, principal: Principal) -> Store:
    """The store of a data folder."""
    return open_store(folder / "strategies.db", paths.migrations(), principal)


class Strategist:
    """One session and what it told."""

    def __init__(self, rooms: Rooms) -> None:
        self.mailbox = Mailbox()
        self.session = Session(rooms, self.mailbox)
        self.store = rooms.store
        self.told: list[events.Event] = []
        self.session.subscribe(self.told.append)

    def open_example(self, name: str = EXAMPLE) -> Document:
        """A copy of a ready-made strategy, with its code."""
        document = open_example(self.session, name)
        self.until(lambda: document.is_coded)
        return document

    @property
    def document(self) -> Document:
        """The one open strategy."""
        (document,) = self.session.documents.values()
        return document

    def until(self, done: Callable[[], bool], seconds: float = SECONDS) -> None:
        """Do what comes back to the owner's thread until it is so."""
        assert self.mailbox.run_until(done, seconds), self.told[-5:]

    def until_told(self, kind: type[E], count: int = 1) -> E:
        """Wait for the event of this kind, or so many of them; the last of them."""
        self.until(lambda: len(self.heard(kind)) >= count)
        return self.heard(kind)[count - 1]

    def heard(self, kind: type[E]) -> list[E]:
        """The events of this kind, in order."""
        return [event for event in self.told if isinstance(event, kind)]

    def test(self, document: Document) -> RunResult | RunFailure:
        """Ask for a test and wait for its end."""
        before = len(self.told)
        self.session.run_test(document)
        kinds = (events.RunFinished, events.RunFailed)
        self.until(lambda: any(isinstance(event, kinds) for event in self.told[before:]))
        ended = next(event for event in self.told[before:] if isinstance(event, kinds))
        return ended.result if isinstance(ended, events.RunFinished) else ended.failure

    def result_of(self, document: Document) -> RunResult:
        """Ask for a test that must end well."""
        outcome = self.test(document)
        assert isinstance(outcome, RunResult), outcome
        return outcome

    def settle(self) -> None:
        """Wait until everything is durable, generated and tested, and was told."""
        self.until(lambda: self.session.is_idle)
        assert self.session.flush()
        self.mailbox.run_waiting()


@dataclass
class Ground:
    """A data folder in which sessions are opened, closed and crashed."""

    folder: Path
    catalogue: Catalogue
    runner: Runner
    library: Library = field(init=False)

    def __post_init__(self) -> None:
        self.library = Library(self.folder / "prices")

    def rooms(self, store: Store, runner: Runner | None = None) -> Rooms:
        """The rooms on this folder."""
        return Rooms(store, self.catalogue, self.library, runner or self.runner, paths.resources() / "examples")

    @contextmanager
    def strategist(self, principal: Principal = OWNER, runner: Runner | None = None) -> Iterator[Strategist]:
        """A session that is started, and closed at the end."""
        with open_user_store(self.folder, principal) as store:
            strategist = Strategist(self.rooms(store, runner))
            strategist.session.start()
            try:
                yield strategist
            finally:
                strategist.session.close()

    @contextmanager
    def store(self, principal: Principal = OWNER) -> Iterator[Store]:
        """The store alone."""
        with open_user_store(self.folder, principal) as store:
            yield store


def crash(strategist: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
    """The program ends where it stands: nothing more is written, whatever the threads still have to do."""
    strategist.store.close()
    with monkeypatch.context() as patch:
        patch.setattr(drafts, "FLUSH_SECONDS", 0.0)
        strategist.session.close()


def set_parameter(document: Document, name: str, value: int) -> None:
    """Give a strategy parameter another value."""
    before = document.flow.parameters[name]
    parameter = StrategyParameter(value, before.minimum, before.maximum, before.step)
    document.edit(SetStrategyParameter(name, parameter))
