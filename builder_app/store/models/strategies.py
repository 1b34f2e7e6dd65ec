"""Strategy templates and what users think of them; the strategies themselves and their tags."""

from typing import Any

from sqlalchemy import CheckConstraint, Index, String
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
    system_has_no_user,
    text_column,
    word_column,
)
from builder_app.store.vocabulary import InstanceStatus, StrategyCategory


class StrategyTemplate(Common, Base):
    """A ready-made strategy to begin from."""

    __tablename__ = "strategy_templates"

    name: Mapped[str] = text_column(200)
    description: Mapped[str] = text_column(default="")
    category: Mapped[StrategyCategory] = word_column(StrategyCategory)
    logic_flow: Mapped[dict[str, Any]] = json_column()
    parameters: Mapped[dict[str, Any]] = json_column(default=dict)
    is_system_template: Mapped[bool] = flag("is_system_template", default=False)
    user_id: Mapped[str | None] = id_column(nullable=True)
    usage_count: Mapped[int] = mapped_column(default=0)
    rating_average: Mapped[float] = mapped_column(default=0.0)
    rating_count: Mapped[int] = mapped_column(default=0)
    backtest_example: Mapped[dict[str, Any] | None] = json_column(nullable=True)

    __table_args__ = (
        one_of("category", StrategyCategory),
        not_negative("usage_count"),
        not_negative("rating_count"),
        CheckConstraint("rating_average BETWEEN 0 AND 5", name="rating_average_in_range"),
        system_has_no_user(),
        deletion_is_dated(),
        Index("ix_strategy_template_deleted_category_usage", "is_deleted", "category", "usage_count", "id"),
        # The same list without a category, by name, and by rating; and the system's most used ones.
        Index("ix_strategy_template_deleted_usage", "is_deleted", "usage_count", "id"),
        Index("ix_strategy_template_system_deleted_usage", "is_system_template", "is_deleted", "usage_count", "id"),
        Index("ix_strategy_template_deleted_name", "is_deleted", "name", "id"),
        Index("ix_strategy_template_deleted_rating", "is_deleted", "rating_average", "id"),
        partial_index(
            "uq_strategy_templates_system_name",
            "name",
            condition="is_system_template = 1 AND is_deleted = 0",
            unique=True,
        ),
    )


class StrategyTemplateOpinion(Base):
    """What one user thinks of one strategy template: whether it is a favourite, and the stars that it was given.

    A system template belongs to nobody and is everybody's, so a mark on its own row could not be one user's. With the
    user's stars kept here, rating once more replaces them instead of counting twice.
    """

    __tablename__ = "strategy_template_opinions"

    user_id: Mapped[str] = id_column(primary_key=True)
    template_id: Mapped[str] = reference("strategy_templates.id", primary_key=True)
    is_favourite: Mapped[bool] = flag("is_favourite", default=False)
    rating: Mapped[int | None] = mapped_column(nullable=True)

    __table_args__ = (
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating_in_range"),
        Index("ix_strategy_template_opinions_template_id", "template_id"),
    )


class StrategyInstance(Common, Base):
    """One strategy of a user. A row with a parent is a snapshot of it, kept as it was at that version."""

    __tablename__ = "strategy_instances"

    name: Mapped[str] = text_column(200)
    template_id: Mapped[str | None] = reference("strategy_templates.id", "SET NULL", nullable=True)
    user_id: Mapped[str] = id_column()
    logic_flow: Mapped[dict[str, Any]] = json_column()
    parameters: Mapped[dict[str, Any]] = json_column(default=dict)
    status: Mapped[InstanceStatus] = word_column(InstanceStatus, default=InstanceStatus.DRAFT)
    version: Mapped[int] = mapped_column(default=1)
    parent_version_id: Mapped[str | None] = reference("strategy_instances.id", nullable=True)
    version_note: Mapped[str] = text_column(default="", server_default="", sort_order=20)
    """What the strategist wrote about a snapshot when it was kept."""

    __table_args__ = (
        one_of("status", InstanceStatus),
        CheckConstraint("version >= 1", name="version_from_one"),
        deletion_is_dated(),
        *indexed("strategy_instances", "user_id", "status", "template_id", "parent_version_id", "is_deleted"),
        Index("ix_instance_user_status_updated", "user_id", "status", "updated_at"),
        # The list of strategies, newest first, page by page: the keys in order, snapshots and deleted ones left out.
        partial_index(
            "ix_instance_user_updated_id",
            "user_id",
            "updated_at",
            "id",
            condition="is_deleted = 0 AND parent_version_id IS NULL",
        ),
        # The same list by name.
        partial_index(
            "ix_instance_user_name_id",
            "user_id",
            "name",
            "id",
            condition="is_deleted = 0 AND parent_version_id IS NULL",
        ),
        # The snapshots of one strategy, newest first; and (no parent) the strategies by age.
        Index("ix_instance_parent_created", "parent_version_id", "user_id", "is_deleted", "created_at", "id"),
        partial_index(
            "ix_instance_user_status_updated_id",
            "user_id",
            "status",
            "updated_at",
            "id",
            condition="is_deleted = 0 AND parent_version_id IS NULL",
        ),
    )


class StrategyTag(Base):
    """One tag of one strategy.

    A table and not a JSON column: SQLite cannot index the members of a JSON list, and its JSON functions are not
    PostgreSQL's; here "the strategies with this tag" and "my tags" are walks along an index in both.
    """

    __tablename__ = "strategy_tags"

    instance_id: Mapped[str] = reference("strategy_instances.id", primary_key=True)
    tag: Mapped[str] = mapped_column(String(50), primary_key=True)
    user_id: Mapped[str] = id_column()

    __table_args__ = (
        CheckConstraint("length(tag) BETWEEN 1 AND 50", name="tag_has_letters"),
        Index("ix_strategy_tag_user_tag", "user_id", "tag", "instance_id"),
    )
