"""What is kept how long: each rule of SCHEMA as one condition and one change of one table.

No rule's condition depends on what an earlier rule of the same run did, so that counting before a run and running give
the same numbers.
"""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, exists, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from builder_app.store.left_drafts import STALE_AFTER, is_over, may_be_removed
from builder_app.store.models import (
    Base,
    BuilderSession,
    CodeGeneration,
    Measurement,
    QuickTest,
    SessionEdit,
    StrategyInstance,
)
from builder_app.store.repositories.quick_tests import PROCESS_WAS_GONE
from builder_app.store.vocabulary import InstanceStatus, TestStatus, ValidationStatus

LOST_AFTER: Final = datetime.timedelta(minutes=10)
ARCHIVED_FOR: Final = datetime.timedelta(days=365)
DELETED_FOR: Final = datetime.timedelta(days=90)
FAILED_TEXTS_FOR: Final = datetime.timedelta(days=90)
MEASUREMENTS_FOR: Final = datetime.timedelta(days=30)
FAILED: Final = (ValidationStatus.SYNTAX_ERROR, ValidationStatus.SECURITY_ERROR, ValidationStatus.RUNTIME_ERROR)

Condition = Callable[[datetime.datetime], ColumnElement[bool]]
_NOT_DELETED: Final = QuickTest.is_deleted.is_not(true())
"""Said so that no index answers it: SQLite would walk the million tests that are not deleted, not the few wanted."""


class Job(StrEnum):
    """Rules that run together."""

    SESSIONS = "sessions"
    DAILY = "daily"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the rows that are due at a moment, and what happens to them."""

    name: str
    job: Job
    title: str
    """What it does, in words, for a table of numbers."""
    model: type[Base]
    due: Condition
    change: Callable[[datetime.datetime], Mapping[str, Any]] | None = None
    """The columns' new values; None: the rows are removed for good."""
    still: Condition | None = None
    """What is asked again of a row at hand when its turn has come; None: the same."""

    @property
    def key(self) -> tuple["InstrumentedAttribute[Any]", ...]:
        """The columns of the table's primary key."""
        return tuple(getattr(self.model, column.name) for column in self.model.__table__.primary_key)


def _lost_tests(now: datetime.datetime) -> ColumnElement[bool]:
    test = QuickTest
    return and_(test.status == TestStatus.RUNNING, _NOT_DELETED, test.started_at <= now - LOST_AFTER)


def _removed_sessions(now: datetime.datetime) -> ColumnElement[bool]:
    session = BuilderSession
    return and_(
        session.is_deleted == true(), session.is_active == false(), session.last_activity_at <= now - STALE_AFTER
    )


def _purged_sessions(now: datetime.datetime) -> ColumnElement[bool]:
    return or_(_removed_sessions(now), may_be_removed(now))


def _steps_of_purged(now: datetime.datetime) -> ColumnElement[bool]:
    return SessionEdit.session_id.in_(select(BuilderSession.id).where(_purged_sessions(now)))


def _step_is_of_removed(now: datetime.datetime) -> ColumnElement[bool]:
    session = BuilderSession
    return exists(select(session.id).where(session.id == SessionEdit.session_id, _removed_sessions(now)))


def _is_long_deleted(now: datetime.datetime) -> ColumnElement[bool]:
    strategy = StrategyInstance
    return and_(strategy.is_deleted == true(), strategy.deleted_at <= now - DELETED_FOR)


def _is_deleted(now: datetime.datetime) -> ColumnElement[bool]:
    strategy = StrategyInstance
    return and_(strategy.is_deleted == true(), strategy.deleted_at > now - DELETED_FOR)


def _is_long_archived(now: datetime.datetime) -> ColumnElement[bool]:
    strategy = StrategyInstance
    return and_(
        strategy.status == InstanceStatus.ARCHIVED,
        strategy.is_deleted == false(),
        strategy.updated_at <= now - ARCHIVED_FOR,
    )


def _tests_of(strategies: Condition, *conditions: ColumnElement[bool]) -> Condition:
    """The tests that meet the conditions, of the strategies that do: found from the strategies."""
    strategy = StrategyInstance
    return lambda now: and_(QuickTest.instance_id.in_(select(strategy.id).where(strategies(now))), *conditions)


def _test_is_of(strategies: Condition, *conditions: ColumnElement[bool]) -> Condition:
    """The same, asked of a test that is at hand."""
    strategy = StrategyInstance
    return lambda now: and_(
        exists(select(strategy.id).where(strategy.id == QuickTest.instance_id, strategies(now))), *conditions
    )


def _is_failed_text(text: Any, now: datetime.datetime) -> ColumnElement[bool]:
    """The text failed its checks, when it was generated last, over 90 days ago."""
    old = now - FAILED_TEXTS_FOR
    failed = or_(*(text.validation_status == verdict for verdict in FAILED))  # IN cannot be prepared for many keys
    return and_(failed, text.created_at <= old, text.updated_at <= old)


def _repeated_texts(now: datetime.datetime) -> ColumnElement[bool]:
    """Deleted texts that another row of the same strategy, target and hash holds too; the newest stays.

    Among rows that are not deleted the database itself refuses a second one.
    """
    text: Any = CodeGeneration
    other: Any = aliased(CodeGeneration)
    is_kept_instead = or_(
        other.is_deleted == false(),
        other.updated_at > text.updated_at,
        and_(other.updated_at == text.updated_at, other.id > text.id),
    )
    same = and_(
        other.instance_id == text.instance_id,
        other.target == text.target,
        other.code_hash == text.code_hash,
        other.id != text.id,
    )
    return and_(
        text.is_deleted == true(),
        ~_is_failed_text(text, now),
        exists(select(other.id).where(same, is_kept_instead, ~_is_failed_text(other, now))),
    )


def _ended_session(now: datetime.datetime) -> Mapping[str, Any]:
    return {"is_active": False, "updated_at": now}


def _soft_deleted(now: datetime.datetime) -> Mapping[str, Any]:
    return {"is_deleted": True, "deleted_at": now, "updated_at": now}


def _removed_session(now: datetime.datetime) -> Mapping[str, Any]:
    return {"is_active": False, **_soft_deleted(now)}


def _deleted_with_strategy(now: datetime.datetime) -> Mapping[str, Any]:
    """The moment is the strategy's own, so that both can be brought back together."""
    moment = select(StrategyInstance.deleted_at).where(StrategyInstance.id == QuickTest.instance_id).scalar_subquery()
    return {"is_deleted": True, "deleted_at": moment, "updated_at": now}


def _ended_as_lost(now: datetime.datetime) -> Mapping[str, Any]:
    return {
        "status": TestStatus.FAILED,
        "error_message": PROCESS_WAS_GONE,
        "completed_at": now,
        "updated_at": now,
    }


RULES: Final = (
    Rule("lost_tests", Job.SESSIONS, "Tests ended whose process was gone", QuickTest, _lost_tests, _ended_as_lost),
    Rule("ended_sessions", Job.SESSIONS, "Sessions ended", BuilderSession, is_over, _ended_session),
    # A removed session is put out of sight first, so that nobody goes on with one whose journal is half gone.
    Rule("removed_sessions", Job.SESSIONS, "Sessions removed", BuilderSession, may_be_removed, _removed_session),
    Rule(
        "removed_steps",
        Job.SESSIONS,
        "Steps of removed sessions, for good",
        SessionEdit,
        _steps_of_purged,
        still=_step_is_of_removed,
    ),
    Rule(
        "purged_sessions",
        Job.SESSIONS,
        "Removed sessions, for good",
        BuilderSession,
        _purged_sessions,
        still=_removed_sessions,
    ),
    Rule(
        "purged_tests",
        Job.DAILY,
        "Tests of strategies deleted 90 days ago, for good",
        QuickTest,
        _tests_of(_is_long_deleted),
        still=_test_is_of(_is_long_deleted),
    ),
    Rule(
        "tests_of_deleted",
        Job.DAILY,
        "Tests deleted with their strategies",
        QuickTest,
        _tests_of(_is_deleted, _NOT_DELETED),
        _deleted_with_strategy,
        still=_test_is_of(_is_deleted, _NOT_DELETED),
    ),
    Rule(
        "tests_of_archived",
        Job.DAILY,
        "Tests of strategies archived for a year, deleted",
        QuickTest,
        _tests_of(_is_long_archived, _NOT_DELETED),
        _soft_deleted,
        still=_test_is_of(_is_long_archived, _NOT_DELETED),
    ),
    Rule(
        "failed_texts",
        Job.DAILY,
        "Failed code older than 90 days, for good",
        CodeGeneration,
        lambda now: _is_failed_text(CodeGeneration, now),
    ),
    Rule("repeated_texts", Job.DAILY, "Deleted code that is kept elsewhere", CodeGeneration, _repeated_texts),
    Rule(
        "old_measurements",
        Job.DAILY,
        "Measurements older than 30 days, for good",
        Measurement,
        lambda now: Measurement.created_at <= now - MEASUREMENTS_FOR,
    ),
)
"""In the order in which they run."""
