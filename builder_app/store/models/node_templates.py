"""Block templates that users made or that the system keeps in the store."""

from typing import Any

from sqlalchemy import Index
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
    system_has_no_user,
    text_column,
    word_column,
)
from builder_app.store.vocabulary import NodeType


class NodeTemplateRow(Common, Base):
    """One kind of block; the columns are the fields of the flow's NodeTemplate."""

    __tablename__ = "node_templates"

    name: Mapped[str] = text_column(100)
    display_name: Mapped[str] = text_column(200)
    description: Mapped[str] = text_column(default="")
    node_type: Mapped[NodeType] = word_column(NodeType)
    category: Mapped[str] = text_column(100, default="")
    parameter_schema: Mapped[dict[str, Any]] = json_column(default=dict)
    default_parameters: Mapped[dict[str, Any]] = json_column(default=dict)
    input_ports: Mapped[list[Any]] = json_column(default=list)
    output_ports: Mapped[list[Any]] = json_column(default=list)
    is_system_template: Mapped[bool] = flag("is_system_template", default=False)
    user_id: Mapped[str | None] = id_column(nullable=True)
    is_shared: Mapped[bool] = flag("is_shared", default=False)
    validation_rules: Mapped[dict[str, Any] | None] = json_column(nullable=True)
    execution_hints: Mapped[dict[str, Any] | None] = json_column(nullable=True)
    usage_count: Mapped[int] = mapped_column(default=0)
    icon: Mapped[str] = text_column(100, default="")
    color: Mapped[str] = text_column(20, default="")
    version: Mapped[str] = text_column(20, default="1.0.0")

    __table_args__ = (
        one_of("node_type", NodeType),
        not_negative("usage_count"),
        system_has_no_user(),
        deletion_is_dated(),
        *indexed("node_templates", "name", "node_type", "category", "is_system_template", "user_id", "is_deleted"),
        Index("ix_node_type_system", "node_type", "is_system_template"),
        Index("ix_node_user_type", "user_id", "node_type"),
        Index("ix_node_category_type", "category", "node_type"),
        Index("ix_node_deleted_created", "is_deleted", "created_at"),
        # Templates by type and category, not deleted, by usage: the keys in that order, so that nothing is sorted.
        Index("ix_node_deleted_type_category_usage", "is_deleted", "node_type", "category", "usage_count", "id"),
        # The same list without a type or category, and by name; and the system's most used ones.
        Index("ix_node_deleted_usage", "is_deleted", "usage_count", "id"),
        Index("ix_node_deleted_name", "is_deleted", "name", "id"),
        Index("ix_node_system_deleted_usage", "is_system_template", "is_deleted", "usage_count", "id"),
        partial_index(
            "uq_node_templates_system_name", "name", condition="is_system_template = 1 AND is_deleted = 0", unique=True
        ),
        partial_index(
            "uq_node_templates_user_name",
            "user_id",
            "name",
            condition="is_system_template = 0 AND is_deleted = 0",
            unique=True,
        ),
    )
