"""The store's builder sessions as the place where the draft writer keeps drafts."""

from dataclasses import dataclass

from builder_app.store import NotThere, Store
from builder_app.store.records import DraftSnapshot, JournalEntry


@dataclass(frozen=True, slots=True)
class StoredDrafts:
    """Keeps each draft in the builder session of its id."""

    store: Store

    def write(self, draft: str, entries: list[JournalEntry], snapshot: DraftSnapshot | None, /) -> None:
        """Write steps and snapshot in one transaction."""
        self.store.sessions.write(draft, entries, snapshot)

    def end(self, draft: str, /) -> None:
        """End the session: it is neither opened at the next start nor listed."""
        self.store.sessions.deactivate(draft)

    def move(self, draft: str, name: str, snapshot: DraftSnapshot, /) -> str:
        """A new session of the same strategy, which begins with this snapshot at its own place of the journal."""
        try:
            instance = self.store.sessions.load(draft).session.instance_id
        except NotThere:
            instance = None
        try:
            return self.store.sessions.open(instance, name, snapshot).id
        except NotThere:  # the strategy was deleted meanwhile
            return self.store.sessions.open(None, name, snapshot).id
