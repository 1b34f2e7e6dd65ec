"""Generated texts, each kept once per strategy and target."""

from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

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
    partial_index,
    reference,
    text_column,
    word_column,
)
from builder_app.store.vocabulary import ValidationStatus


class CodeGeneration(Common, Base):
    """One generated text and what the checks found in it."""

    __tablename__ = "code_generations"

    instance_id: Mapped[str] = reference("strategy_instances.id")
    user_id: Mapped[str] = id_column()
    logic_flow_snapshot: Mapped[dict[str, Any]] = json_column()
    parameters_snapshot: Mapped[dict[str, Any]] = json_column(default=dict)
    target: Mapped[str] = text_column(50)
    generated_code: Mapped[str] = text_column()
    code_hash: Mapped[str] = text_column(64)
    """SHA-256 (hex) of `generated_code` in UTF-8."""
    validation_status: Mapped[ValidationStatus] = word_column(ValidationStatus, default=ValidationStatus.PENDING)
    validation_result: Mapped[dict[str, Any] | None] = json_column(nullable=True)
    syntax_check_passed: Mapped[bool | None] = flag("syntax_check_passed", default=None, nullable=True)
    security_check_passed: Mapped[bool | None] = flag("security_check_passed", default=None, nullable=True)
    code_version: Mapped[str] = text_column(20, default="")
    """The generator's version."""
    line_count: Mapped[int] = mapped_column(default=0)
    complexity_score: Mapped[int] = mapped_column(default=0)
    generation_time: Mapped[float | None] = mapped_column(nullable=True)
    """Seconds."""
    row_checksum: Mapped[str] = text_column(64, default="", server_default="", sort_order=20)
    """SHA-256 (hex) over what the row says (`checksums.generation_checksum`)."""

    __table_args__ = (
        one_of("validation_status", ValidationStatus),
        CheckConstraint("length(code_hash) = 64", name="code_hash_is_sha256"),
        not_negative("line_count"),
        not_negative("complexity_score"),
        not_negative("generation_time"),
        deletion_is_dated(),
        *indexed("code_generations", "instance_id", "user_id", "code_hash", "validation_status", "is_deleted"),
        Index("ix_codegen_instance_created", "instance_id", "created_at"),
        Index("ix_codegen_user_created", "user_id", "created_at"),
        Index("ix_codegen_hash_instance", "code_hash", "instance_id"),
        Index("ix_codegen_validation_status", "validation_status", "created_at"),
        Index("ix_codegen_user_instance", "user_id", "instance_id"),
        Index("ix_codegen_deleted_created", "is_deleted", "created_at"),
        # The latest text of an instance for a target. `updated_at`: generating an old text again makes it the latest.
        Index("ix_codegen_instance_target_updated", "instance_id", "target", "is_deleted", "updated_at", "id"),
        # The latest text of an instance for any target, and all of them, newest first.
        Index("ix_codegen_instance_updated", "instance_id", "is_deleted", "updated_at", "id"),
        # A user's texts that a check refused, newest first.
        Index("ix_codegen_user_status_created", "user_id", "validation_status", "is_deleted", "created_at", "id"),
        # Verdicts and times of a span of days, for figures, without touching the rows and their long texts.
        Index(
            "ix_codegen_created_figures",
            "is_deleted",
            "created_at",
            "user_id",
            "validation_status",
            "complexity_score",
            "generation_time",
        ),
        partial_index(
            "uq_code_generations_instance_target_hash",
            "instance_id",
            "target",
            "code_hash",
            condition="is_deleted = 0",
            unique=True,
        ),
    )
