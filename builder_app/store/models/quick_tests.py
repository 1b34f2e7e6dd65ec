"""Quick tests: what ran, on which settings, and what came out."""

import datetime
from typing import Any

from sqlalchemy import Index
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
        # A user's tests by status: running ones to end, successes to count.
        Index("ix_quicktest_user_status", "user_id", "status", "is_deleted", "started_at"),
    )
