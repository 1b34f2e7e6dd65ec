"""What keeps the store clean while the window is open, in a thread of its own: cleanups, measurements, left drafts."""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Final

from builder_app.flow.wording import UNTITLED_STRATEGY
from builder_app.session import events
from builder_app.session.background import survive
from builder_app.session.care.health import read_health
from builder_app.session.care.schedule import Clock, Schedule, SystemClock
from builder_app.session.desk import Desk
from builder_app.session.drafts.save_times import SaveTimes
from builder_app.store import Store, StoreError
from builder_app.store.measurements import NewMeasurement, last_runs, record, record_slow_queries
from builder_app.store.records import SessionRecord
from builder_app.store.retention import run_job
from builder_app.store.retention_rules import Job
from builder_app.store.vocabulary import MeasurementKind

LOOK_EVERY: Final = 30.0
"""Seconds between two looks at the clock; a machine that wakes up is late by no more than this."""
KEEP_SAVES_EVERY: Final = 60.0
"""Seconds of saves that become one measurement."""
NAMED: Final = 3
"""So many damaged drafts are named, and the rest is counted."""


class Maintenance:
    """Runs due jobs, keeps what was measured, offers drafts that were left behind, and reads the health when asked.

    Everything that touches the store is done in this thread; what the strategist is to hear is posted to the owner's.
    """

    def __init__(self, desk: Desk, clock: Clock | None = None) -> None:
        self._desk = desk
        self._store: Store = desk.rooms.store
        self._clock = clock or SystemClock()
        self._schedule = Schedule(self._clock)
        self.save_times = SaveTimes(self._clock.monotonic)
        self._saves_kept = self._clock.monotonic()
        self._changed = threading.Condition()
        self._work: list[Callable[[], None]] = []
        self._closed = False
        self._trouble = ""
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin: the cleanup of sessions runs at once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="maintenance", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Keep what was measured and end the thread; a cleanup under way ends with its rule. Twice is fine."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(timeout=10)

    def ask_health(self) -> None:
        """Read figures and alarms; HealthRead tells them."""
        self._ask(self._read_health)

    def look(self) -> None:
        """Do what is due now. Trouble with the store is said once, and tried again at the next look."""
        try:
            self._keep_measurements()
            self._keep_open_drafts()
            for job in self._schedule.due(last_runs(self._store.connections, self._clock.now())):
                run_job(self._store.connections, job, self._clock.now())
                if job is Job.DAILY:
                    with suppress(OSError):  # tomorrow is early enough
                        self._desk.rooms.library.empty_deleted(self._clock.now())
                self._schedule.ran(job)
                if job is Job.SESSIONS:
                    self._look_for_left_drafts()
                    self._look_for_damaged_drafts()
                    self._read_health()
            self._trouble = ""
        except StoreError as reason:
            self._tell_trouble(f"The store could not be cleaned up: {str(reason).rstrip('.')}. It is tried again.")

    # -- in the thread ----------------------------------------------------------------------------------------------

    def _run(self) -> None:
        while True:
            survive(self.look)
            with self._changed:
                self._changed.wait_for(lambda: self._work or self._closed, timeout=LOOK_EVERY)
                work, self._work = self._work, []
                if self._closed:
                    break
            for call in work:
                survive(call)
        self._saves_kept = float("-inf")
        survive(self._keep_last_measurements)

    def _ask(self, call: Callable[[], None]) -> None:
        with self._changed:
            if call not in self._work:
                self._work.append(call)
            self._changed.notify_all()

    def _keep_last_measurements(self) -> None:
        try:
            self._keep_measurements()
        except StoreError:
            return  # the program is being closed; figures of the last minute are no reason to complain

    def _keep_measurements(self) -> None:
        record_slow_queries(self._store.connections)
        if self._clock.monotonic() - self._saves_kept < KEEP_SAVES_EVERY:
            return
        self._saves_kept = self._clock.monotonic()
        samples, count, longest = self.save_times.take()
        if samples:
            detail = {"samples": [round(seconds, 6) for seconds in samples], "count": count}
            user, now = self._store.principal.user_id, self._clock.now()
            record(
                self._store.connections,
                [NewMeasurement(MeasurementKind.DRAFT_SAVE, longest, user_id=user, detail=detail, at=now)],
            )

    def _keep_open_drafts(self) -> None:
        """A draft that is open in the window does not expire, though nothing is drawn in it."""
        open_drafts = list(self._desk.documents)  # a copy made at once; the owner's thread may add one meanwhile
        if open_drafts:
            self._store.session_life.keep(open_drafts)

    def _look_for_left_drafts(self) -> None:
        found = self._store.session_life.left_behind()
        if found:
            self._desk.post(partial(self._take_left_drafts, found))

    def _look_for_damaged_drafts(self) -> None:
        found = self._store.session_life.set_aside_untold()
        if found:
            self._desk.post(partial(self._tell_damaged, found))

    def _read_health(self) -> None:
        try:
            self._keep_measurements()
            health = read_health(self._store, self._clock.now())
        except StoreError as reason:
            self._tell_trouble(f"The figures could not be read: {str(reason).rstrip('.')}.")
        else:
            self._desk.post_event(events.HealthRead(health))

    def _offer(self, drafts: Sequence[SessionRecord]) -> None:
        try:
            self._store.session_life.offer([draft.id for draft in drafts])
        except StoreError:
            return  # they are found again by the next cleanup
        names = tuple(draft.session_name or UNTITLED_STRATEGY for draft in drafts)
        self._desk.post_event(events.DraftsOffered(names))

    def _tell_trouble(self, sentence: str) -> None:
        if sentence != self._trouble:
            self._trouble = sentence
            self._desk.post_event(events.Refused("", sentence))

    # -- in the owner's thread --------------------------------------------------------------------------------------

    def _take_left_drafts(self, found: Sequence[SessionRecord]) -> None:
        """What is open meanwhile was not left behind."""
        left = [draft for draft in found if draft.id not in self._desk.documents]
        if left:
            self._ask(partial(self._offer, left))

    def _tell_damaged(self, found: Sequence[SessionRecord]) -> None:
        """Said first and kept as said then: where the program ends in between it is said again, not never."""
        self._desk.tell(events.Refused("", damaged_drafts([draft.session_name for draft in found])))
        self._ask(partial(self._keep_told, [draft.id for draft in found]))

    def _keep_told(self, drafts: Sequence[str]) -> None:
        with suppress(StoreError):  # they are told again by the next cleanup
            self._store.session_life.told(drafts)


def damaged_drafts(names: Sequence[str]) -> str:
    """That drafts of these names are damaged, what became of them, and where an older state may be."""
    named = ", ".join(f"'{name or UNTITLED_STRATEGY}'" for name in names[:NAMED])
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    which, it = (f"The draft {named} is", "it") if len(names) == 1 else (f"The drafts {named}{more} are", "them")
    return (
        f"{which} damaged on disk. As much of {it} as could be read was opened as a draft of its own; the rest was set "
        "aside and stays in the store for 30 days. An older state may be in a backup of the store."
    )
