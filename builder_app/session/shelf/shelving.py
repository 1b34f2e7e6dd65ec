"""What the window asks of strategies as wholes: done off the owner's thread, told as events.

A strategy is named as the list names it (`listing`): a saved one, or the draft that goes on from it.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from builder_app.flow.edits import RenameStrategy
from builder_app.flow.turning import turning_into
from builder_app.flow.values import LogicFlow
from builder_app.session import events
from builder_app.session.answering import answered
from builder_app.session.drafts.document import Document
from builder_app.session.drafts.opening import open_draft
from builder_app.session.events import ShelfChanged, ShelfOffer
from builder_app.session.secrecy.sealing import open_document
from builder_app.session.shelf.bundles import LARGEST_FILE
from builder_app.session.shelf.exchanging import export_flow, import_strategy
from builder_app.session.shelf.listing import SAVED, ListedStrategy, open_listed
from builder_app.session.shelf.strategies import (
    Shelf,
    archive,
    bring_back,
    copy_flow,
    flow_of,
    keep_version,
    rename,
    versions,
)
from builder_app.session.whole_files import read_limited, write_whole_bytes

if TYPE_CHECKING:
    from builder_app.session.session import Session

T = TypeVar("T")
LARGEST_BUNDLE: Final = 2 * LARGEST_FILE
"""Bytes of a strategy file that are read at all; what is larger is refused as it is."""


@dataclass(frozen=True, slots=True)
class KeptVersion:
    """A version that was kept: the number that the strategy had then, its note, and when it was."""

    id: str
    number: int
    note: str
    at: datetime.datetime


class Shelving:
    """Every method is called in the owner's thread, and an event tells how it ended: Refused says why it did not."""

    def __init__(self, session: "Session") -> None:
        self._session = session
        self._to_keep: dict[str, tuple[LogicFlow, str]] = {}
        session.subscribe(self._follow)

    @property
    def _shelf(self) -> Shelf:
        rooms = self._session.rooms
        return Shelf(rooms.store, rooms.vault, self._session.catalogue)

    # -- from the list ----------------------------------------------------------------------------------------------

    def rename(self, listed: ListedStrategy, name: str) -> None:
        """Give a strategy another name: a draft's drawing as an edit, a saved one in the list and in its drawing.

        Raises ValueError for an empty name, or where the draft cannot be read.
        """
        if not name.strip():
            raise ValueError("A strategy needs a name; the one given was empty.")
        kind, _, row = listed.id.partition(":")
        if kind == SAVED:
            said = ShelfChanged(f"'{listed.name}' is called '{name}' now.")
            self._run(lambda: rename(self._shelf, row, name), lambda _made: self._session.tell(said))
            return
        is_open = row in self._session.documents
        document = open_listed(self._session, listed.id)
        self._session.edit(document, RenameStrategy(name))
        if not is_open:
            self._session.close_document(document)
        self._session.tell(ShelfChanged(f"'{listed.name}' is called '{name}' now."))

    def duplicate(self, listed: ListedStrategy) -> None:
        """Make a new saved strategy of what is drawn, with the same tags."""
        drawn = self._drawn(listed)

        def told(name: str, id: str) -> None:
            said = f"'{listed.name}' was duplicated as '{name}'."
            self._session.tell(ShelfChanged(said, f"{SAVED}:{id}", ShelfOffer.OPEN))

        self._run(lambda: copy_flow(self._shelf, drawn(), listed.tags), lambda made: told(made.name, made.id))

    def set_tags(self, listed: ListedStrategy, tags: tuple[str, ...]) -> None:
        """Give a saved strategy these tags and no others."""
        instance = listed.instance
        if instance is not None:
            said = f"'{listed.name}' has the tags {', '.join(tags)}." if tags else f"'{listed.name}' has no tags now."
            self._run(
                lambda: self._shelf.store.strategies.set_tags(instance, tags),
                lambda _none: self._session.tell(ShelfChanged(said)),
            )

    def archive(self, listed: ListedStrategy) -> None:
        """Put a saved strategy away, closing it where it is open; its draft stays with it."""
        instance = listed.instance
        if instance is None:
            return
        for document in tuple(self._session.documents.values()):
            if document.instance == instance:
                self._session.close_document(document)
        said = ShelfChanged(f"'{listed.name}' was archived.", instance, ShelfOffer.BRING_BACK)
        self._run(lambda: archive(self._shelf, instance), lambda _none: self._session.tell(said))

    def bring_back(self, instance: str, name: str = "The strategy") -> None:
        """Take an archived strategy out again."""
        said = ShelfChanged(f"{name} is among your strategies again.")
        self._run(lambda: bring_back(self._shelf, instance), lambda _none: self._session.tell(said))

    def export(self, listed: ListedStrategy, path: Path) -> None:
        """Write what is drawn to one file, whole or not at all."""
        self._export(self._drawn(listed), listed.tags, path)

    def export_document(self, document: Document, path: Path) -> None:
        """Write an open strategy to one file as it is drawn, whole or not at all."""
        flow, instance = document.flow, document.instance
        tags = self._shelf.store.strategies.tags_of([instance]).get(instance, ()) if instance is not None else ()
        self._export(lambda: flow, tags, path)

    def import_file(self, path: Path) -> None:
        """Make a new saved strategy of a file; nothing is changed where it is refused."""

        def told(name: str, id: str, remarks: tuple[str, ...]) -> None:
            said = " ".join((f"'{name}' was imported.", *remarks))
            self._session.tell(ShelfChanged(said, f"{SAVED}:{id}", ShelfOffer.OPEN))

        self._run(
            lambda: import_strategy(self._shelf, read_limited(path, LARGEST_BUNDLE)),
            lambda made: told(made.strategy.name, made.strategy.id, made.remarks),
        )

    # -- versions of an open strategy -------------------------------------------------------------------------------

    def keep_version(self, document: Document, note: str = "") -> None:
        """Save the strategy as it is drawn now and keep that as a version; VersionKept tells when it is."""
        if document.instance is not None and not document.is_draft:
            self._keep(document, note)
            return
        self._to_keep[document.id] = (document.flow, note)
        self._session.save(document)

    def ask_versions(self, document: Document) -> None:
        """Read the kept versions; VersionsListed tells them."""
        instance, id = document.instance, document.id
        if instance is None:
            self._session.tell(events.VersionsListed(id, ()))
            return

        def read() -> tuple[KeptVersion, ...]:
            found = versions(self._shelf, instance)
            return tuple(KeptVersion(one.id, one.version, one.version_note, one.created_at) for one in found)

        self._run(read, lambda found: self._session.tell(events.VersionsListed(id, found)))

    def ask_difference(self, document: Document, version: KeptVersion) -> None:
        """Compare what is drawn now with a kept version; VersionCompared tells, whatever else is being read or written.

        Asked again before that, only the newest drawing is compared.
        """
        self._session.comparing.ask(document, version.id)

    def restore(self, document: Document, version: KeptVersion) -> None:
        """Draw an open strategy as it was in a kept version, by one step that can be undone; nothing is saved."""

        def draw(flow: LogicFlow) -> None:
            if document.id in self._session.documents:
                self._session.edit(document, turning_into(document.flow, flow, f"Restore version {version.number}"))
                self._session.tell(events.VersionRestored(document.id, version))

        self._run(lambda: flow_of(self._shelf, version.id), draw)

    # -- parts ------------------------------------------------------------------------------------------------------

    def _follow(self, event: events.Event) -> None:
        if isinstance(event, events.Refused | events.DocumentClosed):
            self._to_keep.pop(event.document, None)
        elif isinstance(event, events.StrategySaved) and event.document in self._to_keep:
            flow, note = self._to_keep[event.document]
            document = self._session.documents.get(event.document)
            if document is not None and document.saved_flow == flow:
                del self._to_keep[event.document]
                self._keep(document, note)

    def _keep(self, document: Document, note: str) -> None:
        id, instance = document.id, document.instance
        if instance is None:
            raise ValueError("only a saved strategy has versions")

        def keep() -> KeptVersion:
            made = keep_version(self._shelf, instance, note)
            return KeptVersion(made.id, made.version, note, made.created_at)

        self._run(keep, lambda kept: self._session.tell(events.VersionKept(id, kept)))

    def _drawn(self, listed: ListedStrategy) -> Callable[[], LogicFlow]:
        """What reads the listed strategy's drawing, in any thread, with its sensitive values open."""
        kind, _, row = listed.id.partition(":")
        document = self._session.documents.get(row) or self._session.closed.get(row)
        if document is not None and kind != SAVED:
            flow = document.flow
            return lambda: flow
        if kind == SAVED:
            return lambda: flow_of(self._shelf, row)
        return lambda: self._draft(row)

    def _draft(self, row: str) -> LogicFlow:
        opened = open_draft(self._shelf.store, row)
        if isinstance(opened, str):
            raise ValueError(opened)
        open_document(self._session.rooms.vault, opened)
        return opened.flow

    def _export(self, drawn: Callable[[], LogicFlow], tags: tuple[str, ...], path: Path) -> None:
        said = ShelfChanged(f"The strategy was written to {path}, without the values of sensitive parameters.")
        self._run(
            lambda: write_whole_bytes(path, export_flow(self._shelf, drawn(), tags)),
            lambda _none: self._session.tell(said),
        )

    def _run(self, work: Callable[[], T], done: Callable[[T], None]) -> None:
        """Work off the owner's thread, then `done` in it; what went wrong is told as a sentence."""
        answered(self._session.slow_writes, self._session.post, work, done, self._refuse)

    def _refuse(self, sentence: str) -> None:
        self._session.tell(events.Refused("", sentence))
