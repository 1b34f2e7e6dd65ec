"""Quick tests: what ran, on which settings, and what came out; and how many ended in which way.

The numbers are kept by triggers: to count a million rows takes 60 ms, and a trigger sees what retention removes too.
"""

import datetime
from typing import Any, Final

from sqlalchemy import DDL, Index, event
from sqlalchemy.orm import Mapped, mapped_column

from builder_app.store.models.base import (
    Base,
    Common,
    deletion_is_dated,
    id_column,
    indexed,
    json_column,
    not_negative,
    one_of,
    partial_index,
    reference,
    text_column,
    time_column,
    word_column,
)
from builder_app.store.vocabulary import TestStatus


class QuickTest(Common, Base):
    """One quick test of a strategy."""

    __tablename__ = "quick_tests"

    instance_id: Mapped[str] = reference("strategy_instances.id")
    user_id: Mapped[str] = id_column()
    test_name: Mapped[str] = text_column(200, default="")
    test_config: Mapped[dict[str, Any]] = json_column()
    logic_flow_snapshot: Mapped[dict[str, Any]] = json_column()
    parameters_snapshot: Mapped[dict[str, Any]] = json_column(default=dict)
    status: Mapped[TestStatus] = word_column(TestStatus, default=TestStatus.PENDING)
    test_result: Mapped[dict[str, Any] | None] = json_column(nullable=True)
    metrics_summary: Mapped[dict[str, Any] | None] = json_column(nullable=True)
    error_message: Mapped[str | None] = text_column(nullable=True)
    execution_time: Mapped[float | None] = mapped_column(nullable=True)
    """Seconds."""
    started_at: Mapped[datetime.datetime | None] = time_column(nullable=True)
    completed_at: Mapped[datetime.datetime | None] = time_column(nullable=True)
    code_hash: Mapped[str | None] = text_column(64, nullable=True)
    """SHA-256 (hex) of the text that ran."""
    starred_at: Mapped[datetime.datetime | None] = time_column(nullable=True)
    """When the user marked it as one to remember; NULL where it is not."""

    __table_args__ = (
        one_of("status", TestStatus),
        not_negative("execution_time"),
        deletion_is_dated(),
        *indexed("quick_tests", "instance_id", "user_id", "status", "completed_at", "is_deleted"),
        Index("ix_quicktest_instance_status", "instance_id", "status"),
        Index("ix_quicktest_user_created", "user_id", "created_at"),
        Index("ix_quicktest_status_created", "status", "created_at"),
        Index("ix_quicktest_user_instance", "user_id", "instance_id"),
        Index("ix_quicktest_deleted_completed", "is_deleted", "completed_at"),
        # The newest tests of an instance: every condition and the order are in the index.
        Index("ix_quicktest_instance_created", "instance_id", "user_id", "is_deleted", "created_at", "id"),
        # A user's tests, newest first, and the same by status: running ones to end, failures to look at.
        Index("ix_quicktest_user_deleted_created", "user_id", "is_deleted", "created_at", "id"),
        Index("ix_quicktest_user_status_created", "user_id", "status", "is_deleted", "created_at", "id"),
        # A strategy's tests in one status, newest first.
        Index(
            "ix_quicktest_instance_status_created",
            "instance_id",
            "status",
            "user_id",
            "is_deleted",
            "created_at",
            "id",
        ),
        # A user's starred tests, newest first: few among many.
        partial_index(
            *("ix_quicktest_user_starred_created", "user_id", "is_deleted", "created_at", "id"),
            condition="starred_at IS NOT NULL",
        ),
        # Times and endings of a span of days, for figures, without touching the rows and their long texts.
        Index("ix_quicktest_completed_figures", "is_deleted", "completed_at", "user_id", "status", "execution_time"),
    )


class QuickTestCount(Base):
    """How many tests, not deleted, a user has in one status. Only the triggers write here."""

    __tablename__ = "quick_test_counts"

    user_id: Mapped[str] = id_column(primary_key=True)
    status: Mapped[TestStatus] = word_column(TestStatus, primary_key=True)
    tests: Mapped[int] = mapped_column(default=0)

    __table_args__ = (one_of("status", TestStatus), not_negative("tests"))


_MORE: Final = (
    "INSERT INTO quick_test_counts (user_id, status, tests) SELECT NEW.user_id, NEW.status, 1 WHERE NEW.is_deleted = 0 "
    "ON CONFLICT (user_id, status) DO UPDATE SET tests = quick_test_counts.tests + 1;"
)
_FEWER: Final = (
    "UPDATE quick_test_counts SET tests = tests - 1 "
    "WHERE OLD.is_deleted = 0 AND user_id = OLD.user_id AND status = OLD.status;"
)
_SQLITE_TRIGGERS: Final = (
    f"CREATE TRIGGER quick_tests_counted_insert AFTER INSERT ON quick_tests BEGIN {_MORE} END",
    "CREATE TRIGGER quick_tests_counted_update AFTER UPDATE OF user_id, status, is_deleted ON quick_tests "
    f"BEGIN {_FEWER} {_MORE} END",
    f"CREATE TRIGGER quick_tests_counted_delete AFTER DELETE ON quick_tests BEGIN {_FEWER} END",
)
_ddl: Any = DDL  # its own annotations are incomplete
for _trigger in _SQLITE_TRIGGERS:
    # PostgreSQL's triggers are written by the migration alone; these stand here so that the two are compared.
    event.listen(QuickTest.__table__, "after_create", _ddl(_trigger).execute_if(dialect="sqlite"))
