"""Cleaning up and examining the store once, without a window: what `maintain` and `doctor` do."""

import datetime
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from builder_app.market.library import Library
from builder_app.session.care.health import Health, read_health
from builder_app.store import Store, StoreError
from builder_app.store.retention import JobOutcome, run_job
from builder_app.store.retention_rules import Job

OpenStore = Callable[[], Store]


class UpkeepRefused(ValueError):
    """The store could not be opened, read or written; the text is a sentence with a way out."""


@dataclass(frozen=True, slots=True)
class CleanUp:
    """What a cleanup did, or would do. `drafts_waiting`: unsaved drafts that wait to be offered, and are kept;
    `prices_removed`: files of deleted prices that were too old to be restored."""

    store: str
    was_dry: bool
    outcomes: tuple[JobOutcome, ...]
    drafts_waiting: int
    notices: tuple[str, ...]
    prices_removed: int


@dataclass(frozen=True, slots=True, eq=False)
class Examination:
    """Where the store is, what it said when it was opened, and its health."""

    store: str
    notices: tuple[str, ...]
    health: Health


def clean_up(open_store: OpenStore, open_library: Callable[[], Library], *, dry_run: bool) -> CleanUp:
    """Run every job of retention, or only count what it would do. Raises UpkeepRefused."""
    now = datetime.datetime.now(datetime.UTC)
    with _opened(open_store) as store:
        outcomes = tuple(run_job(store.connections, job, now, dry_run=dry_run) for job in Job)
        waiting = len(store.session_life.left_behind()) + len(store.session_life.set_aside_untold())
        removed = open_library().empty_deleted(now, dry_run=dry_run)
        return CleanUp(store.location, dry_run, outcomes, waiting, store.notices, removed)


def examine(open_store: OpenStore) -> Examination:
    """Read figures and alarms. Raises UpkeepRefused."""
    with _opened(open_store) as store:
        return Examination(store.location, store.notices, read_health(store, datetime.datetime.now(datetime.UTC)))


@contextmanager
def _opened(open_store: OpenStore) -> Iterator[Store]:
    try:
        with open_store() as store:
            yield store
    except StoreError as reason:
        raise UpkeepRefused(str(reason)) from reason
