"""Alarms: what in the store should not be as it is, each in sentences that say what, where, and what to do."""

import datetime
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, false, func, or_, select, true

from builder_app.store.connections import Connections
from builder_app.store.figures import Figures, rows_of
from builder_app.store.measurements import last_runs
from builder_app.store.models import BuilderSession, QuickTest
from builder_app.store.principal import Principal
from builder_app.store.repositories.quick_tests import PROCESS_WAS_GONE
from builder_app.store.retention_rules import LOST_AFTER, Job
from builder_app.store.vocabulary import TestStatus, ValidationStatus

LARGEST_FAILED_SHARE: Final = 0.2
MOST_ACTIVE_SESSIONS: Final = 10_000
LONGEST_WITHOUT_CLEANUP: Final = {Job.SESSIONS: datetime.timedelta(hours=2), Job.DAILY: datetime.timedelta(hours=26)}
"""The daily one is late two hours after a day."""
LOST_TESTS_TOLD_FOR: Final = datetime.timedelta(days=1)
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Alarm:
    """`rule` names the kind of alarm; `message` says what is wrong and where, `hint` what to do."""

    rule: str
    message: str
    hint: str


def read_alarms(connections: Connections, principal: Principal, figures: Figures) -> tuple[Alarm, ...]:
    """Every alarm at the figures' moment; empty where all is well."""
    return (
        *_lost_tests(connections, principal, figures.at),
        *_failed_validation(figures),
        *_active_sessions(connections),
        *_late_cleanups(connections, figures.at),
    )


def _lost_tests(connections: Connections, principal: Principal, now: datetime.datetime) -> tuple[Alarm, ...]:
    test: Any = QuickTest
    runs_too_long = and_(test.status == TestStatus.RUNNING, test.started_at <= now - LOST_AFTER)
    was_ended = and_(
        test.status == TestStatus.FAILED,
        test.completed_at > now - LOST_TESTS_TOLD_FOR,
        test.error_message == PROCESS_WAS_GONE,
    )
    statement = select(test.test_name, test.started_at, test.completed_at).where(
        test.is_deleted == false(), or_(runs_too_long, was_ended)
    )
    with rows_of(connections, principal) as reads:
        found = list(reads.execute(statement))
    lost = [name for name, begun, ended in found if begun is not None and (ended or now) - begun >= LOST_AFTER]
    if not lost:
        return ()
    named = ", ".join(f"'{name}'" for name in sorted(lost)[:_NAMED])
    more = f" and {len(lost) - _NAMED} more" if len(lost) > _NAMED else ""
    what = "A quick test" if len(lost) == 1 else f"{len(lost)} quick tests"
    message = f"{what} ran for more than 10 minutes without an answer: {named}{more}. The process was gone."
    return (Alarm("lost_test", message, "It is ended as failed; test the strategy again."),)


def _failed_validation(figures: Figures) -> tuple[Alarm, ...]:
    share = figures.failed_share
    if share is None or share <= LARGEST_FAILED_SHARE:
        return ()
    kinds = ", ".join(
        f"{count:,} {_error_in_words(status, count)}"
        for status, count in sorted(figures.validation.items())
        if status.name.endswith("_ERROR")
    )
    message = f"{share * 100:.2f} % of the code generated in the last 7 days failed its checks ({kinds})."
    return (Alarm("failed_validation", message, "Look at Problems and Code of the strategies drawn last."),)


def _error_in_words(status: ValidationStatus, count: int) -> str:
    """Such as "runtime error", or "runtime errors" of several."""
    return status.value.replace("_", " ").lower() + ("" if count == 1 else "s")


def _active_sessions(connections: Connections) -> tuple[Alarm, ...]:
    session = BuilderSession
    counted = select(func.count()).where(session.is_active == true(), session.is_deleted == false())
    with connections.reading_for_all() as connection:
        active = int(connection.execute(counted).scalar_one())
    if active <= MOST_ACTIVE_SESSIONS:
        return ()
    message = f"There are {active:,} active sessions in the store, more than {MOST_ACTIVE_SESSIONS:,}."
    return (Alarm("active_sessions", message, "Run 'strategy-builder maintain'; close windows that nobody uses."),)


def _late_cleanups(connections: Connections, now: datetime.datetime) -> tuple[Alarm, ...]:
    runs = last_runs(connections, now)
    return tuple(
        Alarm(
            "late_cleanup",
            _late_sentence(job, runs.get(job.value)),
            "Open the window, or run 'strategy-builder maintain'.",
        )
        for job, longest in LONGEST_WITHOUT_CLEANUP.items()
        if _is_late(connections, runs.get(job.value), now - longest)
    )


def _is_late(connections: Connections, last: datetime.datetime | None, limit: datetime.datetime) -> bool:
    """The job last ran before the limit; or never, and there is a session that is older than the limit."""
    if last is not None:
        return last < limit
    older = select(BuilderSession.id).where(BuilderSession.last_activity_at < limit).limit(1)
    with connections.reading_for_all() as connection:
        return connection.execute(older).first() is not None


def _late_sentence(job: Job, last: datetime.datetime | None) -> str:
    title = "The cleanup of sessions" if job is Job.SESSIONS else "The daily cleanup"
    if last is None:
        return f"{title} never ran on this store."
    return f"{title} last ran on {last:%Y-%m-%d at %H:%M} UTC; it is late."
