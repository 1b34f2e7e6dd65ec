"""Autosave: one thread writes every edit to the journal at once, a snapshot now and then, and says what is durable."""

import datetime
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from builder_app.flow.values import LogicFlow
from builder_app.session.journal import Entry, entry_to_json
from builder_app.session.stored_flow import split_flow
from builder_app.store.records import DraftSnapshot, JournalEntry
from builder_app.store.vocabulary import EditKind

EDITS_PER_SNAPSHOT: Final = 50
SECONDS_TO_RETRY: Final = 1.0
UNDO_ENTRIES_KEPT: Final = 10_000


class WriteDraft(Protocol):
    """The store's call that makes entries and snapshot durable in one transaction."""

    def __call__(self, session_id: str, entries: list[JournalEntry], snapshot: DraftSnapshot | None, /) -> object: ...


@dataclass(slots=True)
class _Waiting:
    """What of one draft is not on disk yet."""

    entries: list[tuple[int, Entry]] = field(default_factory=list)
    flow: LogicFlow | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)
    sequence: int = 0
    snapshots_wanted: int = 0
    snapshots_written: int = 0
    since_snapshot: int = 0

    @property
    def is_due(self) -> bool:
        return bool(self.entries) or self.snapshots_wanted > self.snapshots_written


class DraftWriter:
    """Takes edits as they are made, without waiting, and writes them in order.

    `saved(draft, sequence, at)` is called from the writer's thread when every entry up to `sequence` is durable,
    `failed(draft, sentence)` when the store refused; what failed is kept and tried again.
    """

    def __init__(
        self,
        write: WriteDraft,
        saved: Callable[[str, int, datetime.datetime], None],
        failed: Callable[[str, str], None],
    ) -> None:
        self._write, self._saved, self._failed = write, saved, failed
        self._drafts: dict[str, _Waiting] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._writing = False
        self._thread = threading.Thread(target=self._run, name="draft-writer", daemon=True)
        self._thread.start()

    def record(self, draft: str, sequence: int, entry: Entry, flow: LogicFlow, metadata: Mapping[str, Any]) -> None:
        """An edit was made: write it. `flow` and `metadata` are the draft after it, for the next snapshot."""
        with self._changed:
            waiting = self._drafts.setdefault(draft, _Waiting())
            waiting.entries.append((sequence, entry))
            waiting.flow, waiting.metadata, waiting.sequence = flow, metadata, sequence
            waiting.since_snapshot += 1
            self._changed.notify_all()

    def snapshot(self, draft: str, sequence: int, flow: LogicFlow, metadata: Mapping[str, Any]) -> None:
        """Write the whole draft, because something beside its flow changed, or it is being closed."""
        with self._changed:
            waiting = self._drafts.setdefault(draft, _Waiting())
            waiting.flow, waiting.metadata, waiting.sequence = flow, metadata, sequence
            waiting.snapshots_wanted += 1
            self._changed.notify_all()

    def flush(self, seconds: float = 10.0) -> bool:
        """Wait until all that was given is durable; False where that took too long."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._writing and not self._due(), timeout=seconds)

    def close(self) -> None:
        """Write what waits, then end the thread."""
        self.flush()
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        self._thread.join(timeout=10)

    def _due(self) -> str | None:
        return next((draft for draft, waiting in self._drafts.items() if waiting.is_due), None)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._due() or self._closed)
                draft = self._due()
                if draft is None:
                    return
                self._writing = True
            trouble = self._write_one(draft)
            with self._changed:
                self._writing = False
                self._changed.notify_all()
                if trouble and self._closed:
                    return
            if trouble:
                self._failed(draft, trouble)
                time.sleep(SECONDS_TO_RETRY)

    def _write_one(self, draft: str) -> str:
        with self._changed:
            waiting = self._drafts[draft]
            entries, sequence, wanted = list(waiting.entries), waiting.sequence, waiting.snapshots_wanted
            whole = wanted > waiting.snapshots_written or waiting.since_snapshot >= EDITS_PER_SNAPSHOT
            flow, metadata = waiting.flow, waiting.metadata
        trouble = self._try_to_write(draft, entries, (sequence, flow, metadata) if whole else None)
        if trouble:
            return trouble
        with self._changed:
            del waiting.entries[: len(entries)]
            if whole:
                waiting.snapshots_written = wanted
                waiting.since_snapshot = len(waiting.entries)
        self._saved(draft, sequence, datetime.datetime.now(datetime.UTC))
        return ""

    def _try_to_write(
        self,
        draft: str,
        entries: list[tuple[int, Entry]],
        whole: tuple[int, LogicFlow | None, Mapping[str, Any]] | None,
    ) -> str:
        rows = [JournalEntry(sequence, EditKind(entry.kind.value), entry_to_json(entry)) for sequence, entry in entries]
        snapshot = None
        if whole is not None and whole[1] is not None:
            logic_flow, parameters = split_flow(whole[1])
            snapshot = DraftSnapshot(whole[0], logic_flow, parameters, dict(whole[2]), UNDO_ENTRIES_KEPT)
        try:
            self._write(draft, rows, snapshot)
        except Exception as reason:  # whatever the store says, the edits are kept and tried again
            return f"The draft could not be written to disk: {reason}. It is kept in memory and tried again."
        return ""
