"""How often blocks and examples are used: counted in the store, on the thread of slow writes."""

import threading
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass

from builder_app.flow.edits import AddNode, Batch, Edit, InGroup
from builder_app.flow.groups import group_of
from builder_app.flow.values import frozen_mapping
from builder_app.session import events
from builder_app.session.background import survive
from builder_app.session.desk import Desk
from builder_app.session.drafts.journal import Entry, EntryKind
from builder_app.session.shelf.seeding import Seeded, seed_templates
from builder_app.store import NotThere, StoreError


@dataclass(frozen=True, slots=True)
class _Used:
    """A template by its name."""

    name: str
    is_example: bool = False


class TemplateUse:
    """Seeds the system's templates at the start, then counts. The owner's thread only notes what was used.

    A count that the store does not take is kept and written with the next one, or when the session ends.
    """

    def __init__(self, desk: Desk, executor: Executor) -> None:
        self._desk, self._executor = desk, executor
        self._store = desk.rooms.store
        self._noting = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: Counter[_Used] = Counter()
        self._seeded: Seeded | None = None
        self._is_closed = False

    def start(self) -> None:
        """Bring the store's system templates to what ships, when the thread comes to it."""
        self._executor.submit(survive, self._start)

    def edited(self, entry: Entry) -> None:
        """The strategist took a step: the blocks that it placed count, those of an undo or redo do not."""
        if entry.kind is EntryKind.EDIT:
            self._note(_Used(name) for name in placed_blocks(entry.step.edit))

    def example_opened(self, name: str) -> None:
        """A strategy was begun from the example of this name."""
        self._note([_Used(name, is_example=True)])

    def example_id(self, name: str) -> str | None:
        """The id of the example's template, or None where there is none; reads the store, so not for the owner."""
        with suppress(StoreError, ValueError, OSError), self._writing:
            return self._templates().examples.get(name)
        return None

    def close(self) -> None:
        """The session ends: what was noted is written, in a thread too, and nothing after it."""
        with self._noting:
            self._is_closed = True
            has_more = bool(self._waiting)
        if has_more:
            last = threading.Thread(target=survive, args=(self._write,), name="last-uses", daemon=True)
            last.start()
            last.join(timeout=10)
        with self._writing:  # what the other thread is writing ends first: the store is closed next
            return

    def _note(self, used: Iterable[_Used]) -> None:
        with self._noting:
            counted = Counter(used)
            if self._is_closed or not counted:
                return
            self._waiting += counted
        self._executor.submit(survive, self._write)

    # -- in the thread of slow writes -------------------------------------------------------------------------------

    def _start(self) -> None:
        try:
            with self._writing:
                if not self._is_closed:
                    self._templates()
                    self._tell_counts()
        except (StoreError, ValueError, OSError) as reason:
            why = str(reason).rstrip(".")
            self._desk.post_event(
                events.Refused("", f"The templates could not be written to the store, so their use is not kept: {why}.")
            )

    def _templates(self) -> Seeded:
        if self._seeded is None:
            rooms = self._desk.rooms
            self._seeded = seed_templates(self._store, rooms.catalogue, rooms.examples)
        return self._seeded

    def _write(self) -> None:
        with self._writing:
            with self._noting:
                waiting, self._waiting = self._waiting, Counter()
            while waiting:
                used, times = waiting.popitem()
                try:
                    self._count(used, times)
                except (StoreError, ValueError, OSError):
                    with self._noting:
                        self._waiting += waiting + Counter({used: times})
                    return
            with suppress(StoreError, ValueError, OSError):
                self._tell_counts()

    def _tell_counts(self) -> None:
        """What was counted so far: the palette offers first what is used most."""
        if self._is_closed:
            return
        counts = frozen_mapping(self._store.node_templates.counts())
        if counts:
            self._desk.post_event(events.BlocksCounted(counts))

    def _count(self, used: _Used, times: int) -> None:
        with suppress(NotThere):  # a user's block may be gone by now
            if used.is_example:
                id = self._templates().examples.get(used.name)
                if id is not None:
                    self._store.strategy_templates.count_use(id, times)
                return
            id = self._templates().blocks.get(used.name) or self._users_block(used.name)
            if id is not None:
                self._store.node_templates.count_use(id, times)

    def _users_block(self, name: str) -> str | None:
        found = self._store.node_templates.named(name)
        return None if found is None else found.id


def placed_blocks(edit: Edit) -> Iterable[str]:
    """The names of the templates whose blocks the edit places, one for each block."""
    match edit:
        case AddNode() if group_of(edit.node.template) is None:
            yield edit.node.template
        case Batch():
            for part in edit.edits:
                yield from placed_blocks(part)
        case InGroup():
            yield from placed_blocks(edit.edit)
