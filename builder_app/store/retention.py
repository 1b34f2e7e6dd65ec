"""Running the rules of retention: each in short transactions, batch by batch, so that nobody waits for a cleanup.

The rows that are due are found by a read, which holds nobody up; then each batch of keys is changed by the rule's one
statement, which asks the rule's condition again, so that a row that someone touched meanwhile is left alone. Batches
grow and shrink with the time that they hold the write lock.
"""

import datetime
import itertools
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, CursorResult, Delete, Update, and_, bindparam, delete, func, select, update

from builder_app.store.connections import Connections
from builder_app.store.measurements import NewMeasurement, record
from builder_app.store.retention_rules import RULES, Job, Rule
from builder_app.store.vocabulary import MeasurementKind

LONGEST_LOCK: Final = 0.05
"""Seconds that a cleanup may hold the write lock at a time."""
_AIM: Final = 0.012
"""Batches that take less than this grow, those that take twice as long shrink."""
_FIRST_BATCH: Final = 16
_LARGEST_BATCH: Final = 2_000
_READ_AT_ONCE: Final = 20_000
_PAUSE: Final = 0.001
"""Seconds between two batches, in which others write."""


@dataclass(frozen=True, slots=True)
class RuleOutcome:
    """How many rows one rule changed, or would change. `longest_lock`: seconds that its longest batch took."""

    rule: Rule
    rows: int
    longest_lock: float = 0.0


@dataclass(frozen=True, slots=True)
class JobOutcome:
    """What one job did, or would do."""

    job: Job
    outcomes: tuple[RuleOutcome, ...]
    seconds: float
    was_dry: bool

    @property
    def counts(self) -> Mapping[str, int]:
        """The rows by the rule's name."""
        return {outcome.rule.name: outcome.rows for outcome in self.outcomes}

    @property
    def longest_lock(self) -> float:
        """Seconds that the write lock was held at a time, at the most."""
        return max((outcome.longest_lock for outcome in self.outcomes), default=0.0)


def run_job(connections: Connections, job: Job, now: datetime.datetime, *, dry_run: bool = False) -> JobOutcome:
    """Run the job's rules as of `now`, over everybody's rows, and keep that it ran; a dry run only counts.

    StoreUnavailable where the store cannot be written: what was done until then stays done, and a new run goes on.
    """
    began = time.perf_counter()
    rules = [rule for rule in RULES if rule.job is job]
    work = count_due if dry_run else apply
    outcomes = tuple(work(connections, rule, now) for rule in rules)
    outcome = JobOutcome(job, outcomes, time.perf_counter() - began, dry_run)
    if not dry_run:
        _keep(connections, outcome, now)
    return outcome


def count_due(connections: Connections, rule: Rule, now: datetime.datetime) -> RuleOutcome:
    """How many rows the rule would change now."""
    with connections.reading_for_all() as connection:
        counted = select(func.count()).select_from(rule.model).where(rule.due(now))
        return RuleOutcome(rule, int(connection.execute(counted).scalar_one()))


def apply(connections: Connections, rule: Rule, now: datetime.datetime) -> RuleOutcome:
    """Change or remove every row that is due. Running it again at the same `now` changes nothing."""
    rows, longest, size = 0, 0.0, _FIRST_BATCH
    keys = _due_keys(connections, rule, now)
    while keys:
        changed_before = rows
        while keys:
            batch = _first_batch(keys, size)
            keys = keys[len(batch) :]
            changed, held = _change_batch(connections, rule, now, batch)
            rows, longest = rows + changed, max(longest, held)
            size = _next_size(size, held)
            time.sleep(_PAUSE)
        # Where nothing could be changed someone else was quicker, and there is nothing left to do.
        keys = _due_keys(connections, rule, now) if rows > changed_before else []
    return RuleOutcome(rule, rows, longest)


def _due_keys(connections: Connections, rule: Rule, now: datetime.datetime) -> list[Any]:
    with connections.reading_for_all() as connection:
        found = connection.execute(select(*rule.key).where(rule.due(now)).limit(_READ_AT_ONCE))
        return sorted(tuple(row) for row in found)


def _first_batch(keys: Sequence[Any], size: int) -> Sequence[Any]:
    """The first keys that differ in their last column only: of journals, steps of one session."""
    first = keys[0][:-1]
    return list(itertools.takewhile(lambda key: key[:-1] == first, keys[:size]))


def _change_batch(
    connections: Connections, rule: Rule, now: datetime.datetime, keys: Sequence[Any]
) -> tuple[int, float]:
    """How many rows were changed, and for how many seconds the write lock was held."""
    statement = _statement(rule, now)
    with connections.writing_for_all() as connection:
        began = time.perf_counter()
        result = connection.execute(statement, [_named(key) for key in keys])
    assert isinstance(result, CursorResult)
    return int(result.rowcount), time.perf_counter() - began


def _statement(rule: Rule, now: datetime.datetime) -> Update | Delete:
    """The rule's statement for one key. For a list of keys SQLite would rather walk a whole index of the condition."""
    is_it = and_(*(column == bindparam(f"key_{number}") for number, column in enumerate(rule.key)))
    where: tuple[ColumnElement[bool], ...] = (is_it, (rule.still or rule.due)(now))
    if rule.change is None:
        return delete(rule.model).where(*where)
    return update(rule.model).where(*where).values(**rule.change(now))


def _named(key: Sequence[Any]) -> dict[str, Any]:
    return {f"key_{number}": value for number, value in enumerate(key)}


def _next_size(size: int, held: float) -> int:
    if held < _AIM:
        return min(size * 2, _LARGEST_BATCH)
    return max(size // 2, 1) if held > 2 * _AIM else size


def _keep(connections: Connections, outcome: JobOutcome, now: datetime.datetime) -> None:
    detail = {"rows": dict(outcome.counts), "longest_lock": outcome.longest_lock}
    record(
        connections,
        [NewMeasurement(MeasurementKind.JOB, outcome.seconds, outcome.job.value, detail=detail, at=now)],
    )
