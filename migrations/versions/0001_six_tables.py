"""The six tables and the journal, with every constraint and index of the first release.

Revision: 0001
After: nothing
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    "strategy_templates",
    "strategy_instances",
    "node_templates",
    "quick_tests",
    "code_generations",
    "builder_sessions",
    "builder_session_edits",
)


def upgrade() -> None:
    """From nothing to 0001."""
    _create_strategy_templates()
    _create_strategy_instances()
    _create_node_templates()
    _create_quick_tests()
    _create_code_generations()
    _create_builder_sessions()
    _create_builder_session_edits()


def downgrade() -> None:
    """Back from 0001 to nothing."""
    for table in reversed(TABLES):
        op.drop_table(table)


def _flag(table: str, column: str, nullable: bool) -> sa.Column[Any]:
    kind = sa.Boolean(create_constraint=True, name=op.f(f"ck_{table}_{column}_boolean"))
    return sa.Column(column, kind, nullable=nullable)


def _check(name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(name))


def _reference(table: str, column: str, parent: str, on_delete: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{parent}.id"], name=op.f(f"fk_{table}_{column}_{parent}"), ondelete=on_delete
    )


def _index_each(table: str, *columns: str) -> None:
    for column in columns:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _partial_index(name: str, table: str, columns: list[str], condition: str, unique: bool = False) -> None:
    plain = condition.replace("= 0", "= false").replace("= 1", "= true")
    op.create_index(
        name, table, columns, unique=unique, sqlite_where=sa.text(condition), postgresql_where=sa.text(plain)
    )


def _common_columns(table: str) -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _flag(table, "is_deleted", nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_by", sa.String(36), nullable=True),
        sa.Column("updated_by", sa.String(36), nullable=True),
    )


def _create_strategy_templates() -> None:
    op.create_table(
        "strategy_templates",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.String(20), nullable=False),
        sa.Column("logic_flow", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        _flag("strategy_templates", "is_system_template", nullable=False),
        sa.Column("user_id", sa.String(36), nullable=True),
        sa.Column("usage_count", sa.Integer(), nullable=False),
        sa.Column("rating_average", sa.Double(), nullable=False),
        sa.Column("rating_count", sa.Integer(), nullable=False),
        sa.Column("backtest_example", sa.Text(), nullable=True),
        *_common_columns("strategy_templates"),
        sa.PrimaryKeyConstraint("id", name="pk_strategy_templates"),
        _check("ck_strategy_templates_category", "category IN ('TREND_FOLLOWING', 'OSCILLATION', 'MULTI_FACTOR')"),
        _check("ck_strategy_templates_usage_count_not_negative", "usage_count >= 0"),
        _check("ck_strategy_templates_rating_count_not_negative", "rating_count >= 0"),
        _check("ck_strategy_templates_rating_average_in_range", "rating_average BETWEEN 0 AND 5"),
        _check("ck_strategy_templates_system_has_no_user", "is_system_template = (user_id IS NULL)"),
        _check("ck_strategy_templates_deletion_is_dated", "is_deleted = (deleted_at IS NOT NULL)"),
    )
    op.create_index(
        "ix_strategy_template_deleted_category_usage",
        "strategy_templates",
        ["is_deleted", "category", "usage_count", "id"],
    )
    _partial_index(
        "uq_strategy_templates_system_name",
        "strategy_templates",
        ["name"],
        "is_system_template = 1 AND is_deleted = 0",
        unique=True,
    )


def _create_strategy_instances() -> None:
    op.create_table(
        "strategy_instances",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("template_id", sa.String(36), nullable=True),
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.Column("logic_flow", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("parent_version_id", sa.String(36), nullable=True),
        *_common_columns("strategy_instances"),
        sa.PrimaryKeyConstraint("id", name="pk_strategy_instances"),
        _check("ck_strategy_instances_status", "status IN ('DRAFT', 'TESTING', 'ACTIVE', 'ARCHIVED')"),
        _check("ck_strategy_instances_version_from_one", "version >= 1"),
        _check("ck_strategy_instances_deletion_is_dated", "is_deleted = (deleted_at IS NOT NULL)"),
        _reference("strategy_instances", "template_id", "strategy_templates", "SET NULL"),
        _reference("strategy_instances", "parent_version_id", "strategy_instances", "CASCADE"),
    )
    _index_each("strategy_instances", "is_deleted", "parent_version_id", "status", "template_id", "user_id")
    op.create_index("ix_instance_user_status_updated", "strategy_instances", ["user_id", "status", "updated_at"])
    _partial_index(
        "ix_instance_user_status_updated_id",
        "strategy_instances",
        ["user_id", "status", "updated_at", "id"],
        "is_deleted = 0 AND parent_version_id IS NULL",
        unique=False,
    )
    _partial_index(
        "ix_instance_user_updated_id",
        "strategy_instances",
        ["user_id", "updated_at", "id"],
        "is_deleted = 0 AND parent_version_id IS NULL",
        unique=False,
    )


def _create_node_templates() -> None:
    op.create_table(
        "node_templates",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("display_name", sa.String(200), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("node_type", sa.String(20), nullable=False),
        sa.Column("category", sa.String(100), nullable=False),
        sa.Column("parameter_schema", sa.Text(), nullable=False),
        sa.Column("default_parameters", sa.Text(), nullable=False),
        sa.Column("input_ports", sa.Text(), nullable=False),
        sa.Column("output_ports", sa.Text(), nullable=False),
        _flag("node_templates", "is_system_template", nullable=False),
        sa.Column("user_id", sa.String(36), nullable=True),
        _flag("node_templates", "is_shared", nullable=False),
        sa.Column("validation_rules", sa.Text(), nullable=True),
        sa.Column("execution_hints", sa.Text(), nullable=True),
        sa.Column("usage_count", sa.Integer(), nullable=False),
        sa.Column("icon", sa.String(100), nullable=False),
        sa.Column("color", sa.String(20), nullable=False),
        sa.Column("version", sa.String(20), nullable=False),
        *_common_columns("node_templates"),
        sa.PrimaryKeyConstraint("id", name="pk_node_templates"),
        _check(
            "ck_node_templates_node_type",
            "node_type IN ('INDICATOR', 'CONDITION', 'SIGNAL', 'POSITION', "
            "'STOP_LOSS', 'STOP_PROFIT', 'RISK_MANAGEMENT', 'CUSTOM')",
        ),
        _check("ck_node_templates_usage_count_not_negative", "usage_count >= 0"),
        _check("ck_node_templates_system_has_no_user", "is_system_template = (user_id IS NULL)"),
        _check("ck_node_templates_deletion_is_dated", "is_deleted = (deleted_at IS NOT NULL)"),
    )
    _index_each("node_templates", "category", "is_deleted", "is_system_template", "name", "node_type", "user_id")
    op.create_index("ix_node_category_type", "node_templates", ["category", "node_type"])
    op.create_index("ix_node_deleted_created", "node_templates", ["is_deleted", "created_at"])
    op.create_index(
        "ix_node_deleted_type_category_usage",
        "node_templates",
        ["is_deleted", "node_type", "category", "usage_count", "id"],
    )
    op.create_index("ix_node_type_system", "node_templates", ["node_type", "is_system_template"])
    op.create_index("ix_node_user_type", "node_templates", ["user_id", "node_type"])
    _partial_index(
        "uq_node_templates_system_name",
        "node_templates",
        ["name"],
        "is_system_template = 1 AND is_deleted = 0",
        unique=True,
    )
    _partial_index(
        "uq_node_templates_user_name",
        "node_templates",
        ["user_id", "name"],
        "is_system_template = 0 AND is_deleted = 0",
        unique=True,
    )


def _create_quick_tests() -> None:
    op.create_table(
        "quick_tests",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("instance_id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.Column("test_name", sa.String(200), nullable=False),
        sa.Column("test_config", sa.Text(), nullable=False),
        sa.Column("logic_flow_snapshot", sa.Text(), nullable=False),
        sa.Column("parameters_snapshot", sa.Text(), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("test_result", sa.Text(), nullable=True),
        sa.Column("metrics_summary", sa.Text(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("execution_time", sa.Double(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_hash", sa.String(64), nullable=True),
        *_common_columns("quick_tests"),
        sa.PrimaryKeyConstraint("id", name="pk_quick_tests"),
        _check("ck_quick_tests_status", "status IN ('PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED')"),
        _check("ck_quick_tests_execution_time_not_negative", "execution_time >= 0"),
        _check("ck_quick_tests_deletion_is_dated", "is_deleted = (deleted_at IS NOT NULL)"),
        _reference("quick_tests", "instance_id", "strategy_instances", "CASCADE"),
    )
    _index_each("quick_tests", "completed_at", "instance_id", "is_deleted", "status", "user_id")
    op.create_index("ix_quicktest_deleted_completed", "quick_tests", ["is_deleted", "completed_at"])
    op.create_index(
        "ix_quicktest_instance_created", "quick_tests", ["instance_id", "user_id", "is_deleted", "created_at", "id"]
    )
    op.create_index("ix_quicktest_instance_status", "quick_tests", ["instance_id", "status"])
    op.create_index("ix_quicktest_status_created", "quick_tests", ["status", "created_at"])
    op.create_index("ix_quicktest_user_created", "quick_tests", ["user_id", "created_at"])
    op.create_index("ix_quicktest_user_instance", "quick_tests", ["user_id", "instance_id"])
    op.create_index("ix_quicktest_user_status", "quick_tests", ["user_id", "status", "is_deleted", "started_at"])


def _create_code_generations() -> None:
    op.create_table(
        "code_generations",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("instance_id", sa.String(36), nullable=False),
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.Column("logic_flow_snapshot", sa.Text(), nullable=False),
        sa.Column("parameters_snapshot", sa.Text(), nullable=False),
        sa.Column("target", sa.String(50), nullable=False),
        sa.Column("generated_code", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("validation_status", sa.String(20), nullable=False),
        sa.Column("validation_result", sa.Text(), nullable=True),
        _flag("code_generations", "syntax_check_passed", nullable=True),
        _flag("code_generations", "security_check_passed", nullable=True),
        sa.Column("code_version", sa.String(20), nullable=False),
        sa.Column("line_count", sa.Integer(), nullable=False),
        sa.Column("complexity_score", sa.Integer(), nullable=False),
        sa.Column("generation_time", sa.Double(), nullable=True),
        *_common_columns("code_generations"),
        sa.PrimaryKeyConstraint("id", name="pk_code_generations"),
        _check(
            "ck_code_generations_validation_status",
            "validation_status IN ('PENDING', 'VALID', 'SYNTAX_ERROR', 'SECURITY_ERROR', 'RUNTIME_ERROR')",
        ),
        _check("ck_code_generations_code_hash_is_sha256", "length(code_hash) = 64"),
        _check("ck_code_generations_line_count_not_negative", "line_count >= 0"),
        _check("ck_code_generations_complexity_score_not_negative", "complexity_score >= 0"),
        _check("ck_code_generations_generation_time_not_negative", "generation_time >= 0"),
        _check("ck_code_generations_deletion_is_dated", "is_deleted = (deleted_at IS NOT NULL)"),
        _reference("code_generations", "instance_id", "strategy_instances", "CASCADE"),
    )
    _index_each("code_generations", "code_hash", "instance_id", "is_deleted", "user_id", "validation_status")
    op.create_index("ix_codegen_deleted_created", "code_generations", ["is_deleted", "created_at"])
    op.create_index("ix_codegen_hash_instance", "code_generations", ["code_hash", "instance_id"])
    op.create_index("ix_codegen_instance_created", "code_generations", ["instance_id", "created_at"])
    op.create_index(
        "ix_codegen_instance_target_updated",
        "code_generations",
        ["instance_id", "target", "is_deleted", "updated_at", "id"],
    )
    op.create_index("ix_codegen_user_created", "code_generations", ["user_id", "created_at"])
    op.create_index("ix_codegen_user_instance", "code_generations", ["user_id", "instance_id"])
    op.create_index("ix_codegen_validation_status", "code_generations", ["validation_status", "created_at"])
    _partial_index(
        "uq_code_generations_instance_target_hash",
        "code_generations",
        ["instance_id", "target", "code_hash"],
        "is_deleted = 0",
        unique=True,
    )


def _create_builder_sessions() -> None:
    op.create_table(
        "builder_sessions",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("instance_id", sa.String(36), nullable=True),
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.Column("session_type", sa.String(20), nullable=False),
        sa.Column("session_name", sa.String(200), nullable=False),
        sa.Column("draft_logic_flow", sa.Text(), nullable=True),
        sa.Column("draft_parameters", sa.Text(), nullable=False),
        sa.Column("draft_metadata", sa.Text(), nullable=True),
        sa.Column("snapshot_sequence", sa.Integer(), nullable=False),
        sa.Column("draft_checksum", sa.String(64), nullable=False),
        _flag("builder_sessions", "is_active", nullable=False),
        sa.Column("last_activity_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("collaborator_ids", sa.Text(), nullable=True),
        sa.Column("lock_info", sa.Text(), nullable=True),
        *_common_columns("builder_sessions"),
        sa.PrimaryKeyConstraint("id", name="pk_builder_sessions"),
        _check("ck_builder_sessions_session_type", "session_type IN ('DRAFT', 'AUTOSAVE', 'COLLABORATIVE')"),
        _check("ck_builder_sessions_snapshot_sequence_not_negative", "snapshot_sequence >= 0"),
        _check("ck_builder_sessions_deletion_is_dated", "is_deleted = (deleted_at IS NOT NULL)"),
        _reference("builder_sessions", "instance_id", "strategy_instances", "CASCADE"),
    )
    _index_each(
        "builder_sessions",
        "expires_at",
        "instance_id",
        "is_active",
        "is_deleted",
        "last_activity_at",
        "session_type",
        "user_id",
    )
    op.create_index("ix_session_deleted_activity", "builder_sessions", ["is_deleted", "last_activity_at"])
    op.create_index("ix_session_expires", "builder_sessions", ["expires_at", "is_active"])
    op.create_index("ix_session_instance_user", "builder_sessions", ["instance_id", "user_id"])
    op.create_index("ix_session_type_active", "builder_sessions", ["session_type", "is_active"])
    op.create_index("ix_session_user_active", "builder_sessions", ["user_id", "is_active"])
    op.create_index(
        "ix_session_user_active_activity",
        "builder_sessions",
        ["user_id", "is_active", "is_deleted", "last_activity_at", "id"],
    )
    op.create_index("ix_session_user_activity", "builder_sessions", ["user_id", "last_activity_at"])


def _create_builder_session_edits() -> None:
    op.create_table(
        "builder_session_edits",
        sa.Column("session_id", sa.String(36), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("edit", sa.Text(), nullable=False),
        sa.Column("checksum", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "sequence", name="pk_builder_session_edits"),
        _check("ck_builder_session_edits_kind", "kind IN ('edit', 'undo', 'redo')"),
        _check("ck_builder_session_edits_sequence_from_one", "sequence >= 1"),
        _reference("builder_session_edits", "session_id", "builder_sessions", "CASCADE"),
    )
