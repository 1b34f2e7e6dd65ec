"""What was changed since a kept version: compared on a thread that nothing else waits for, of edits the newest only."""

from dataclasses import dataclass

from builder_app.flow.difference import Change, difference
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.session import events
from builder_app.session.answering import in_words
from builder_app.session.background import Latest
from builder_app.session.desk import Desk
from builder_app.session.drafts.document import Document
from builder_app.session.shelf.strategies import Shelf, flow_of


@dataclass(frozen=True, slots=True, eq=False)
class _Question:
    """A drawing as it is now, and the version that it is compared with."""

    flow: LogicFlow
    version: str
    catalogue: Catalogue


class Comparing:
    """Asked at every edit, in the owner's thread; VersionCompared tells, of a drawing that is the newest still."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asked: dict[str, _Question] = {}
        self._latest = Latest("version-comparing", self._compare, self._compared)

    def ask(self, document: Document, version: str) -> None:
        """Compare what is drawn now with this version; the question that still waits is dropped."""
        question = _Question(document.flow, version, self._desk.catalogue)
        self._asked[document.id] = question
        self._latest.ask(document.id, question)

    def forget(self, document: Document) -> None:
        """The document is closed."""
        self._asked.pop(document.id, None)
        self._latest.forget(document.id)

    @property
    def is_idle(self) -> bool:
        """Nothing is being compared, and nothing waits."""
        return self._latest.is_idle

    def close(self) -> None:
        """End the thread after what it is working at."""
        self._latest.close()

    def _compare(self, _document: str, asked: _Question) -> tuple[Change, ...] | str:
        rooms = self._desk.rooms
        try:
            version = flow_of(Shelf(rooms.store, rooms.vault, asked.catalogue), asked.version)
            return difference(version, asked.flow, asked.catalogue)
        except Exception as reason:  # nobody waits for this thread's answer: what went wrong must be said
            return in_words(reason)

    def _compared(self, document: str, asked: _Question, found: tuple[Change, ...] | str) -> None:
        def take() -> None:
            if self._asked.get(document) is not asked:
                return  # a newer drawing, or another version, is being compared
            del self._asked[document]
            if isinstance(found, str):
                self._desk.tell(events.Refused("", found))
            else:
                self._desk.tell(events.VersionCompared(document, asked.version, found))

        self._desk.post(take)
