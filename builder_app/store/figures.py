"""Figures of health, had from the rows themselves: how long things take, how often they go well, what is used.

Each user has the figures of his own rows; an administrator those of everybody's. Nothing here changes a row. The rows'
long texts are never read: every query is answered from an index or from the small table of measurements.
"""

import datetime
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlalchemy import false, func, select, true

from builder_app.store.connections import Connections
from builder_app.store.models import (
    BuilderSession,
    CodeGeneration,
    Measurement,
    NodeTemplateRow,
    QuickTest,
    StrategyTemplate,
)
from builder_app.store.principal import Principal
from builder_app.store.vocabulary import MeasurementKind, TestStatus, ValidationStatus

SPAN: Final = datetime.timedelta(days=30)
"""Times and rates are of this long before now."""
VALIDATION_SPAN: Final = datetime.timedelta(days=7)
NEWEST_TESTS: Final = 20_000
NEWEST_TEXTS: Final = 10_000
NEWEST_SAVES: Final = 2_000
SHOWN: Final = 20
POINTS: Final = 300
"""Points of a plot."""
COMPLEXITIES: Final = ((0, 5), (6, 10), (11, 20), (21, None))
"""Classes of cyclomatic complexity, both ends included."""


class _Reads(Protocol):
    def execute(self, statement: Any, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Spread:
    """How times (seconds) are spread. The n-th percentile is the smallest time that n % of them do not exceed."""

    count: int = 0
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None


@dataclass(frozen=True, slots=True)
class Point:
    """One time of a plot."""

    at: datetime.datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class JobFigure:
    """The last run of a cleanup job: how long it took, how many rows it changed, how long it held the write lock."""

    name: str
    at: datetime.datetime
    seconds: float
    rows: int
    longest_lock: float


@dataclass(frozen=True, slots=True)
class SlowQuery:
    """A statement that took over a tenth of a second: its longest time, how often it was, and its plan then."""

    statement: str
    seconds: float
    times: int
    plan: tuple[str, ...]
    at: datetime.datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures at one moment. Times are in seconds, rates fractions; None: there is nothing to count yet."""

    at: datetime.datetime
    quick_test_time: Spread
    completed_tests: int
    failed_tests: int
    generation_time: Mapping[str, Spread]
    """By class of complexity, for example "6–10"."""
    draft_save: Spread
    most_used_templates: tuple[tuple[str, int], ...]
    validation: Mapping[ValidationStatus, int]
    """Generated texts of the last 7 days by what their checks found."""
    active_sessions: tuple[tuple[str, int], ...]
    """By user, the most first."""
    jobs: tuple[JobFigure, ...]
    slow_queries: tuple[SlowQuery, ...]
    test_times: tuple[Point, ...] = ()
    """The newest quick tests, oldest first."""
    save_times: tuple[Point, ...] = ()
    """The newest saves of drafts, oldest first; each point the median of a minute."""

    @property
    def success_rate(self) -> float | None:
        """Of the tests that ended well or failed, those that ended well."""
        ended = self.completed_tests + self.failed_tests
        return self.completed_tests / ended if ended else None

    @property
    def failed_share(self) -> float | None:
        """Of the generated texts that were checked, those that failed."""
        checked = sum(count for status, count in self.validation.items() if status is not ValidationStatus.PENDING)
        return (checked - self.validation.get(ValidationStatus.VALID, 0)) / checked if checked else None


def percentile(ordered: Sequence[float], share: float) -> float:
    """The smallest of the ordered values that at least `share` of them do not exceed (the nearest-rank method)."""
    return ordered[max(math.ceil(share * len(ordered)), 1) - 1]


def spread(seconds: Sequence[float]) -> Spread:
    """Count and percentiles of some times."""
    ordered = sorted(seconds)
    if not ordered:
        return Spread()
    return Spread(len(ordered), *(percentile(ordered, share) for share in (0.5, 0.95, 0.99)))


def read_figures(connections: Connections, principal: Principal, now: datetime.datetime) -> Figures:
    """All figures as they stand at `now`."""
    with rows_of(connections, principal) as reads:
        tests = _ended_tests(reads, now)
        times, validation = _texts(reads, now)
        saves = _saves(reads, now)
        templates, sessions = _most_used(reads), _active_sessions(reads)
    with connections.reading_for_all() as reads:
        jobs, slow_queries = _jobs(reads), _slow_queries(reads, now)
    completed = [row for row in tests if row[1] is TestStatus.COMPLETED and row[2] is not None]
    return Figures(
        at=now,
        quick_test_time=spread([row[2] for row in completed]),
        completed_tests=sum(row[1] is TestStatus.COMPLETED for row in tests),
        failed_tests=sum(row[1] is TestStatus.FAILED for row in tests),
        generation_time=times,
        draft_save=spread([seconds for _, detail in saves for seconds in detail["samples"]]),
        most_used_templates=templates,
        validation=validation,
        active_sessions=sessions,
        jobs=jobs,
        slow_queries=slow_queries,
        test_times=tuple(Point(row[0], row[2]) for row in reversed(completed[:POINTS])),
        save_times=tuple(
            Point(at, percentile(sorted(detail["samples"]), 0.5)) for at, detail in reversed(saves[:POINTS])
        ),
    )


@contextmanager
def rows_of(connections: Connections, principal: Principal) -> Iterator[_Reads]:
    """The principal's rows by the ownership filter; an administrator's are everybody's."""
    if principal.is_administrator:
        with connections.reading_for_all() as everything:
            yield everything
    else:
        with connections.reading(principal) as own:
            yield own


def _ended_tests(reads: _Reads, now: datetime.datetime) -> list[Any]:
    """When, how and in which time, newest first."""
    test = QuickTest
    statement = (
        select(test.completed_at, test.status, test.execution_time)
        .where(test.is_deleted == false(), test.completed_at > now - SPAN, test.completed_at <= now)
        .order_by(test.completed_at.desc())
        .limit(NEWEST_TESTS)
    )
    return list(reads.execute(statement))


def _texts(reads: _Reads, now: datetime.datetime) -> tuple[dict[str, Spread], dict[ValidationStatus, int]]:
    """The times by class of complexity, and the verdicts of the last week."""
    text = CodeGeneration
    statement = (
        select(text.created_at, text.validation_status, text.complexity_score, text.generation_time)
        .where(text.is_deleted == false(), text.created_at > now - SPAN, text.created_at <= now)
        .order_by(text.created_at.desc())
        .limit(NEWEST_TEXTS)
    )
    times: dict[str, list[float]] = {_class_name(*limits): [] for limits in COMPLEXITIES}
    verdicts: dict[ValidationStatus, int] = {}
    for at, status, complexity, seconds in reads.execute(statement):
        if at > now - VALIDATION_SPAN:
            verdicts[status] = verdicts.get(status, 0) + 1
        if seconds is not None:
            times[_class_of(complexity)].append(seconds)
    return {name: spread(found) for name, found in times.items() if found}, verdicts


def _class_of(complexity: int) -> str:
    return next(_class_name(low, high) for low, high in COMPLEXITIES if high is None or complexity <= high)


def _class_name(low: int, high: int | None) -> str:
    if low == 0:
        return f"up to {high}"
    return f"over {low - 1}" if high is None else f"{low}–{high}"


def _saves(reads: _Reads, now: datetime.datetime) -> list[Any]:
    """When, and the times of the saves of that minute, newest first."""
    one = Measurement
    statement = (
        select(one.created_at, one.detail)
        .where(one.kind == MeasurementKind.DRAFT_SAVE, one.created_at > now - SPAN, one.created_at <= now)
        .order_by(one.created_at.desc(), one.id.desc())
        .limit(NEWEST_SAVES)
    )
    return [(at, detail) for at, detail in reads.execute(statement) if detail and detail.get("samples")]


def _most_used(reads: _Reads) -> tuple[tuple[str, int], ...]:
    block, ready_made = NodeTemplateRow, StrategyTemplate
    used: list[tuple[str, int]] = []
    for model, title in ((block, block.display_name), (ready_made, ready_made.name)):
        statement = (
            select(title, model.usage_count)
            .where(model.is_deleted == false(), model.usage_count > 0)
            .order_by(model.usage_count.desc(), title)
            .limit(SHOWN)
        )
        used += [(name, count) for name, count in reads.execute(statement)]
    return tuple(sorted(used, key=lambda row: (-row[1], row[0]))[:SHOWN])


def _active_sessions(reads: _Reads) -> tuple[tuple[str, int], ...]:
    session = BuilderSession
    statement = (
        select(session.user_id, func.count())
        .where(session.is_active == true(), session.is_deleted == false())
        .group_by(session.user_id)
    )
    counted = [(user, count) for user, count in reads.execute(statement)]
    return tuple(sorted(counted, key=lambda row: (-row[1], row[0]))[:SHOWN])


def _jobs(reads: _Reads) -> tuple[JobFigure, ...]:
    """The last run of each job, by name."""
    one = Measurement
    of_jobs = one.kind == MeasurementKind.JOB
    newest = (
        select(one.name.label("name"), func.max(one.created_at).label("at")).where(of_jobs).group_by(one.name)
    ).subquery()
    statement = (
        select(one.name, one.created_at, one.seconds, one.detail)
        .join(newest, (one.name == newest.c.name) & (one.created_at == newest.c.at))
        .where(of_jobs)
        .order_by(one.name)
    )
    last = {}
    for name, at, seconds, detail in reads.execute(statement):
        counted = detail or {}
        rows = sum(counted.get("rows", {}).values())
        last[name] = JobFigure(name, at, seconds, rows, counted.get("longest_lock", 0.0))
    return tuple(last.values())


def _slow_queries(reads: _Reads, now: datetime.datetime) -> tuple[SlowQuery, ...]:
    """The slow statements of the last week, each once, slowest first."""
    one = Measurement
    statement = (
        select(one.name, one.seconds, one.detail, one.created_at)
        .where(one.kind == MeasurementKind.SLOW_QUERY, one.created_at > now - VALIDATION_SPAN, one.created_at <= now)
        .order_by(one.created_at.desc())
        .limit(NEWEST_SAVES)
    )
    found: dict[str, SlowQuery] = {}
    for name, seconds, detail, at in reads.execute(statement):
        told = detail or {}
        known = found.get(name)
        times = int(told.get("times", 1)) + (known.times if known else 0)
        if known is None or seconds > known.seconds:
            known = SlowQuery(told.get("statement", ""), seconds, times, tuple(told.get("plan", ())), at)
        found[name] = SlowQuery(known.statement, known.seconds, times, known.plan, known.at)
    return tuple(sorted(found.values(), key=lambda slow: -slow.seconds)[:SHOWN])
