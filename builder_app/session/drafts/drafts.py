"""Autosave: one thread writes every edit to the journal at once, a snapshot now and then, and says what is durable."""

import datetime
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final, Protocol

from builder_app.flow.values import EMPTY_FLOW, LogicFlow
from builder_app.session.background import survive
from builder_app.session.drafts.journal import Entry, entry_to_json
from builder_app.session.drafts.stored_flow import split_flow
from builder_app.session.secrecy.sealing import Seal, of_draft
from builder_app.store import NotThere, StoreConflict
from builder_app.store.records import DraftSnapshot, JournalEntry
from builder_app.store.secrets import Vault
from builder_app.store.vocabulary import EditKind

EDITS_PER_SNAPSHOT: Final = 50
LIVE_SECONDS: Final = 0.06
"""An edit that is tested live waits so long, for its result comes first; others are written at once."""
SECONDS_TO_RETRY: Final = 1.0
LONGEST_RETRY: Final = 30.0
FLUSH_SECONDS: Final = 10.0
UNDO_ENTRIES_KEPT: Final = 2_000
"""Entries that stay in the journal for undo; more of them would make opening a strategy slow."""


class KeepsDrafts(Protocol):
    """Where drafts are kept; the store's here, a disk that fails in tests."""

    def write(self, draft: str, entries: list[JournalEntry], snapshot: DraftSnapshot | None, /) -> None:
        """Make entries and snapshot durable in one transaction; raises StoreConflict where another wrote first."""

    def end(self, draft: str, /) -> None:
        """The draft is over."""

    def move(self, draft: str, name: str, snapshot: DraftSnapshot, /) -> str:
        """Begin a new draft of the same strategy with this snapshot; its id."""


class Listens(Protocol):
    """Who hears how the writing goes. Each is called from the writer's thread."""

    def saved(self, draft: str, sequence: int, at: datetime.datetime, /) -> None:
        """Every entry up to `sequence` is durable."""

    def not_saved(self, draft: str, message: str, /) -> None:
        """The store refused; what was to be written is kept, and tried again."""

    def moved(self, draft: str, new: str, /) -> None:
        """Another program wrote to this draft, or removed it: it goes on as draft `new`, whole and durable."""


@dataclass(slots=True)
class _Waiting:
    """What of one draft is not on disk yet."""

    entries: list[tuple[int, Entry]] = field(default_factory=list)
    flow: LogicFlow = EMPTY_FLOW
    metadata: Mapping[str, Any] = field(default_factory=dict)
    sequence: int = 0
    snapshots_wanted: int = 0
    snapshots_written: int = 0
    since_snapshot: int = 0
    retry_at: float = 0.0
    """Not before this moment is it written, or tried again."""
    retries: int = 0
    is_closed: bool = False
    is_over: bool = False

    @property
    def is_due(self) -> bool:
        return bool(self.entries) or self.snapshots_wanted > self.snapshots_written or self.is_closed

    def part(self, *, is_whole: bool) -> "_Part":
        snapshot = (self.sequence, self.flow, self.metadata)
        return _Part(list(self.entries), snapshot, self.snapshots_wanted, is_whole)


@dataclass(frozen=True, slots=True)
class _Part:
    """What is written in one go."""

    entries: list[tuple[int, Entry]]
    snapshot: tuple[int, LogicFlow, Mapping[str, Any]]
    snapshots_wanted: int
    is_whole: bool

    def as_rows(self, seal: Seal) -> list[JournalEntry]:
        return [
            JournalEntry(sequence, EditKind(entry.kind.value), entry_to_json(seal.entry(entry)))
            for sequence, entry in self.entries
        ]

    def as_snapshot(self, seal: Seal) -> DraftSnapshot:
        sequence, flow, metadata = self.snapshot
        logic_flow, parameters = split_flow(seal.flow(flow))
        return DraftSnapshot(sequence, logic_flow, parameters, dict(metadata), UNDO_ENTRIES_KEPT)


class DraftWriter:
    """Takes edits as they are made, without waiting, and writes them in order. A draft's trouble holds no other up."""

    def __init__(self, keep: KeepsDrafts, listener: Listens, vault: Vault | None = None) -> None:
        self._keep, self._listener = keep, listener
        self._vault = vault or Vault(None, "", None)
        self._drafts: dict[str, _Waiting] = {}
        self._moved: dict[str, str] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._writing = False
        self._thread = threading.Thread(target=self._run, name="draft-writer", daemon=True)
        self._thread.start()

    def record(self, draft: str, sequence: int, entry: Entry, flow: LogicFlow, metadata: Mapping[str, Any]) -> None:
        """An edit was made: write it. `flow` and `metadata` are the draft after it, for the next snapshot."""
        with self._changed:
            waiting = self._take(draft, sequence, flow, metadata)
            if metadata.get("live") and not waiting.is_due:
                waiting.retry_at = time.monotonic() + LIVE_SECONDS
            waiting.entries.append((sequence, entry))
            waiting.since_snapshot += 1

    def snapshot(self, draft: str, sequence: int, flow: LogicFlow, metadata: Mapping[str, Any]) -> None:
        """Write the whole draft, because something beside its flow changed, or it was opened."""
        with self._changed:
            self._take(draft, sequence, flow, metadata).snapshots_wanted += 1

    def close_draft(self, draft: str, *, is_over: bool) -> None:
        """Nothing more will come of this draft; when all is written it is forgotten, and ended where it `is_over`."""
        with self._changed:
            waiting = self._drafts.setdefault(self._place(draft), _Waiting())
            waiting.is_closed, waiting.is_over = True, is_over
            self._changed.notify_all()

    def follow_move(self, draft: str) -> None:
        """The owner calls the draft by its new id from now on."""
        with self._changed:
            self._moved.pop(draft, None)

    def flush(self, seconds: float | None = None) -> bool:
        """Wait until all that was given is durable; False where that took too long."""
        with self._changed:
            for waiting in self._drafts.values():
                waiting.retry_at = 0.0
            self._changed.notify_all()
            return self._changed.wait_for(
                lambda: not self._writing and not self._is_anything_due(), FLUSH_SECONDS if seconds is None else seconds
            )

    def close(self, seconds: float | None = None) -> bool:
        """Write what waits, then end the thread; False where something could not be made durable in so many seconds."""
        durable = self.flush(seconds)
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(timeout=10)
        return durable

    def _take(self, draft: str, sequence: int, flow: LogicFlow, metadata: Mapping[str, Any]) -> _Waiting:
        waiting = self._drafts.setdefault(self._place(draft), _Waiting())
        waiting.flow, waiting.metadata, waiting.sequence = flow, metadata, sequence
        waiting.is_closed = waiting.is_over = False
        self._changed.notify_all()
        return waiting

    def _place(self, draft: str) -> str:
        """Where a draft goes on that the owner may still call by its old id."""
        while draft in self._moved:
            draft = self._moved[draft]
        return draft

    def _is_anything_due(self) -> bool:
        return any(waiting.is_due for waiting in self._drafts.values())

    def _seal_for(self, draft: str) -> Seal:
        return Seal(self._vault, of_draft(draft))

    # -- in the writer's thread -----------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            with self._changed:
                draft = self._next()
                if draft is None:
                    return
                self._writing = True
            survive(partial(self._write_one, draft))
            with self._changed:
                self._writing = False
                self._changed.notify_all()

    def _next(self) -> str | None:
        """The draft to write, the one that waits longest first; None when the thread is to end."""
        while not self._closed:
            now = time.monotonic()
            due = {draft: waiting.retry_at for draft, waiting in self._drafts.items() if waiting.is_due}
            ready = next((draft for draft, retry_at in due.items() if retry_at <= now), None)
            if ready is not None:
                self._drafts[ready] = self._drafts.pop(ready)  # behind the others from now on
                return ready
            self._changed.wait(min(due.values()) - now if due else None)
        return None

    def _write_one(self, draft: str) -> None:
        with self._changed:
            waiting = self._drafts[draft]
            is_snapshot_wanted = waiting.snapshots_wanted > waiting.snapshots_written
            part = waiting.part(is_whole=is_snapshot_wanted or waiting.since_snapshot >= EDITS_PER_SNAPSHOT)
        try:
            if part.entries or part.is_whole:
                seal = self._seal_for(draft)
                self._keep.write(draft, part.as_rows(seal), part.as_snapshot(seal) if part.is_whole else None)
                self._written(draft, waiting, part)
            self._end_where_closed(draft, waiting)
        except (StoreConflict, NotThere):
            self._try_to_move(draft, waiting)
        except Exception as reason:  # whatever the store says, the edits are kept and tried again
            self._put_off(draft, waiting, reason)

    def _try_to_move(self, draft: str, waiting: _Waiting) -> None:
        try:
            self._move(draft, waiting)
        except Exception as reason:  # as above
            self._put_off(draft, waiting, reason)

    def _put_off(self, draft: str, waiting: _Waiting, reason: Exception) -> None:
        with self._changed:
            waiting.retry_at = time.monotonic() + min(SECONDS_TO_RETRY * 2**waiting.retries, LONGEST_RETRY)
            waiting.retries += 1
        why = str(reason).rstrip(".")
        message = f"The draft could not be written to disk: {why}. It is kept in memory and tried again."
        survive(partial(self._listener.not_saved, draft, message))

    def _written(self, draft: str, waiting: _Waiting, part: _Part) -> None:
        with self._changed:
            del waiting.entries[: len(part.entries)]
            waiting.retry_at, waiting.retries = 0.0, 0
            if part.is_whole:
                waiting.snapshots_written = part.snapshots_wanted
                waiting.since_snapshot = len(waiting.entries)
        survive(partial(self._listener.saved, draft, part.snapshot[0], datetime.datetime.now(datetime.UTC)))

    def _end_where_closed(self, draft: str, waiting: _Waiting) -> None:
        with self._changed:
            if not waiting.is_closed or waiting.entries or waiting.snapshots_wanted > waiting.snapshots_written:
                return
            is_over = waiting.is_over
        if is_over:
            self._keep.end(draft)
        with self._changed:
            if waiting.is_closed and self._drafts.get(draft) is waiting:
                del self._drafts[draft]

    def _move(self, draft: str, waiting: _Waiting) -> None:
        """Someone else wrote to this draft, or removed it: all that is here goes on in a draft of its own."""
        with self._changed:
            part = waiting.part(is_whole=True)
            if waiting.is_over:
                del self._drafts[draft]
                return
        new = self._keep.move(draft, part.snapshot[1].name, part.as_snapshot(self._seal_for(draft)))
        with self._changed:
            self._moved[draft] = new
            self._drafts[new] = self._drafts.pop(draft)
        self._written(new, waiting, part)
        survive(partial(self._listener.moved, draft, new))
