"""Builder sessions: the draft of an open strategy, and the journal of its edits since the last snapshot."""

import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from builder_app.store import clock
from builder_app.store.models.base import (
    Base,
    Common,
    deletion_is_dated,
    flag,
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
from builder_app.store.vocabulary import EditKind, SessionType


class BuilderSession(Common, Base):
    """One open strategy. The draft columns are the newest snapshot; the journal says what came after."""

    __tablename__ = "builder_sessions"

    instance_id: Mapped[str | None] = reference("strategy_instances.id", nullable=True)
    user_id: Mapped[str] = id_column()
    session_type: Mapped[SessionType] = word_column(SessionType, default=SessionType.DRAFT)
    session_name: Mapped[str] = text_column(200, default="")
    draft_logic_flow: Mapped[dict[str, Any] | None] = json_column(nullable=True)
    """None: nothing was drawn before the journal's first edit."""
    draft_parameters: Mapped[dict[str, Any]] = json_column(default=dict)
    draft_metadata: Mapped[dict[str, Any] | None] = json_column(nullable=True)
    snapshot_sequence: Mapped[int] = mapped_column(default=0)
    """The journal's sequence up to which the draft columns hold everything."""
    draft_checksum: Mapped[str] = text_column(64)
    """SHA-256 over the draft columns, so that a flipped byte is found before it is trusted."""
    is_active: Mapped[bool] = flag("is_active", default=True)
    last_activity_at: Mapped[datetime.datetime] = time_column()
    expires_at: Mapped[datetime.datetime] = time_column()
    collaborator_ids: Mapped[list[str] | None] = json_column(nullable=True)
    lock_info: Mapped[dict[str, Any] | None] = json_column(nullable=True)
    """Who holds the draft now: locked_by, locked_at, lock_type. None: nobody."""
    audit_lines: Mapped[str] = text_column(default="", server_default="", sort_order=20)
    """Who opened this session or took it over, when: one JSON object a line, only ever added to.

    Text that one UPDATE appends to, so that no line is lost between reading and writing; it lives as long as the
    session that it is about.
    """
    offered_at: Mapped[datetime.datetime | None] = time_column(nullable=True, default=None, sort_order=21)
    """When the strategist was shown that this draft was left behind, or ended it; None: not since its last edit."""

    __table_args__ = (
        one_of("session_type", SessionType),
        not_negative("snapshot_sequence"),
        deletion_is_dated(),
        *indexed(
            "builder_sessions",
            "instance_id",
            "user_id",
            "session_type",
            "is_active",
            "last_activity_at",
            "expires_at",
            "is_deleted",
        ),
        Index("ix_session_user_active", "user_id", "is_active"),
        Index("ix_session_user_activity", "user_id", "last_activity_at"),
        Index("ix_session_type_active", "session_type", "is_active"),
        Index("ix_session_expires", "expires_at", "is_active"),
        Index("ix_session_instance_user", "instance_id", "user_id"),
        Index("ix_session_deleted_activity", "is_deleted", "last_activity_at"),
        # A user's active sessions, newest activity first, in the index's own order.
        Index("ix_session_user_active_activity", "user_id", "is_active", "is_deleted", "last_activity_at", "id"),
        # Those of them that expired, oldest first; and all of a user's sessions, newest activity first.
        Index("ix_session_user_active_expires", "user_id", "is_active", "is_deleted", "expires_at", "id"),
        Index("ix_session_user_deleted_activity", "user_id", "is_deleted", "last_activity_at", "id"),
    )


class SessionEdit(Base):
    """One row of a session's journal. Sequences run 1, 2, 3, … without gaps."""

    __tablename__ = "builder_session_edits"

    session_id: Mapped[str] = reference("builder_sessions.id", primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[EditKind] = word_column(EditKind)
    edit: Mapped[Any] = json_column()
    checksum: Mapped[str] = text_column(64)
    created_at: Mapped[datetime.datetime] = time_column(default=lambda: clock.now())

    __table_args__ = (one_of("kind", EditKind), CheckConstraint("sequence >= 1", name="sequence_from_one"))
