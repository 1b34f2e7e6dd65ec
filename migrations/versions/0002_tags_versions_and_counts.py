"""Tags, notes of versions, opinions on templates, audit lines, numbers of tests, and the indexes of longer lists.

Each part of `upgrade` stands in a function of its own, and `downgrade` takes the parts back in reverse.

Revision: 0002
After: 0001
"""

import hashlib
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_LISTED = "is_deleted = 0 AND parent_version_id IS NULL"

INDEXES = (
    ("ix_instance_parent_created", "strategy_instances", "parent_version_id user_id is_deleted created_at id"),
    ("ix_quicktest_user_deleted_created", "quick_tests", "user_id is_deleted created_at id"),
    ("ix_quicktest_instance_status_created", "quick_tests", "instance_id status user_id is_deleted created_at id"),
    ("ix_quicktest_user_status_created", "quick_tests", "user_id status is_deleted created_at id"),
    ("ix_codegen_instance_updated", "code_generations", "instance_id is_deleted updated_at id"),
    ("ix_codegen_user_status_created", "code_generations", "user_id validation_status is_deleted created_at id"),
    ("ix_node_deleted_usage", "node_templates", "is_deleted usage_count id"),
    ("ix_node_deleted_name", "node_templates", "is_deleted name id"),
    ("ix_node_system_deleted_usage", "node_templates", "is_system_template is_deleted usage_count id"),
    ("ix_strategy_template_deleted_usage", "strategy_templates", "is_deleted usage_count id"),
    (
        "ix_strategy_template_system_deleted_usage",
        "strategy_templates",
        "is_system_template is_deleted usage_count id",
    ),
    ("ix_strategy_template_deleted_name", "strategy_templates", "is_deleted name id"),
    ("ix_strategy_template_deleted_rating", "strategy_templates", "is_deleted rating_average id"),
    ("ix_session_user_active_expires", "builder_sessions", "user_id is_active is_deleted expires_at id"),
    ("ix_session_user_deleted_activity", "builder_sessions", "user_id is_deleted last_activity_at id"),
)
PARTIAL_INDEXES = (("ix_instance_user_name_id", "strategy_instances", "user_id name id"),)
STATUSES = "'PENDING', 'RUNNING', 'COMPLETED', 'FAILED', 'CANCELLED'"

_MORE = (
    "INSERT INTO quick_test_counts (user_id, status, tests) SELECT NEW.user_id, NEW.status, 1 WHERE NEW.is_deleted = 0 "
    "ON CONFLICT (user_id, status) DO UPDATE SET tests = quick_test_counts.tests + 1;"
)
_FEWER = (
    "UPDATE quick_test_counts SET tests = tests - 1 "
    "WHERE OLD.is_deleted = 0 AND user_id = OLD.user_id AND status = OLD.status;"
)
SQLITE_TRIGGERS = (
    f"CREATE TRIGGER quick_tests_counted_insert AFTER INSERT ON quick_tests BEGIN {_MORE} END",
    "CREATE TRIGGER quick_tests_counted_update AFTER UPDATE OF user_id, status, is_deleted ON quick_tests "
    f"BEGIN {_FEWER} {_MORE} END",
    f"CREATE TRIGGER quick_tests_counted_delete AFTER DELETE ON quick_tests BEGIN {_FEWER} END",
)
POSTGRESQL_FUNCTION = """
CREATE FUNCTION count_quick_tests() RETURNS trigger LANGUAGE plpgsql AS $count$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE quick_test_counts SET tests = tests - 1
        WHERE NOT OLD.is_deleted AND user_id = OLD.user_id AND status = OLD.status;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO quick_test_counts (user_id, status, tests)
        SELECT NEW.user_id, NEW.status, 1 WHERE NOT NEW.is_deleted
        ON CONFLICT (user_id, status) DO UPDATE SET tests = quick_test_counts.tests + 1;
    END IF;
    RETURN NULL;
END $count$
"""
POSTGRESQL_TRIGGER = (
    "CREATE TRIGGER quick_tests_counted AFTER INSERT OR DELETE OR UPDATE OF user_id, status, is_deleted ON quick_tests "
    "FOR EACH ROW EXECUTE FUNCTION count_quick_tests()"
)


def upgrade() -> None:
    """From 0001 to 0002."""
    _add_columns()
    _create_tags_and_opinions()
    _create_indexes()
    _create_counts()
    _create_upkeep()
    _add_checksums()


def downgrade() -> None:
    """Back from 0002 to 0001."""
    op.drop_column("code_generations", "row_checksum")
    _drop_upkeep()
    _drop_counts()
    _drop_indexes()
    op.drop_table("strategy_template_opinions")
    op.drop_table("strategy_tags")
    op.drop_column("builder_sessions", "audit_lines")
    op.drop_column("strategy_instances", "version_note")


def _add_columns() -> None:
    """Columns are added in place, not by copying the tables: they may be large."""
    for table, column in (("strategy_instances", "version_note"), ("builder_sessions", "audit_lines")):
        op.add_column(table, sa.Column(column, sa.Text(), server_default="", nullable=False))


def _create_tags_and_opinions() -> None:
    op.create_table(
        "strategy_tags",
        sa.Column("instance_id", sa.String(36), nullable=False),
        sa.Column("tag", sa.String(50), nullable=False),
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("instance_id", "tag", name="pk_strategy_tags"),
        sa.CheckConstraint("length(tag) BETWEEN 1 AND 50", name=op.f("ck_strategy_tags_tag_has_letters")),
        sa.ForeignKeyConstraint(
            ["instance_id"],
            ["strategy_instances.id"],
            name="fk_strategy_tags_instance_id_strategy_instances",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_strategy_tag_user_tag", "strategy_tags", ["user_id", "tag", "instance_id"])
    favourite = sa.Boolean(create_constraint=True, name=op.f("ck_strategy_template_opinions_is_favourite_boolean"))
    op.create_table(
        "strategy_template_opinions",
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.Column("template_id", sa.String(36), nullable=False),
        sa.Column("is_favourite", favourite, nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", "template_id", name="pk_strategy_template_opinions"),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_strategy_template_opinions_rating_in_range")),
        sa.ForeignKeyConstraint(
            ["template_id"],
            ["strategy_templates.id"],
            name="fk_strategy_template_opinions_template_id_strategy_templates",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_strategy_template_opinions_template_id", "strategy_template_opinions", ["template_id"])


def _create_indexes() -> None:
    for name, table, columns in INDEXES:
        op.create_index(name, table, columns.split())
    for name, table, columns in PARTIAL_INDEXES:
        listed = sa.text(_LISTED.replace("= 0", "= false"))
        op.create_index(name, table, columns.split(), sqlite_where=sa.text(_LISTED), postgresql_where=listed)
    # ix_quicktest_user_status_created takes its place.
    op.drop_index("ix_quicktest_user_status", "quick_tests")


def _drop_indexes() -> None:
    op.create_index("ix_quicktest_user_status", "quick_tests", ["user_id", "status", "is_deleted", "started_at"])
    for name, table, _ in (*INDEXES, *PARTIAL_INDEXES):
        op.drop_index(name, table)


def _create_counts() -> None:
    op.create_table(
        "quick_test_counts",
        sa.Column("user_id", sa.String(36), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("tests", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "status", name="pk_quick_test_counts"),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_quick_test_counts_status")),
        sa.CheckConstraint("tests >= 0", name=op.f("ck_quick_test_counts_tests_not_negative")),
    )
    op.execute(
        "INSERT INTO quick_test_counts (user_id, status, tests) "
        "SELECT user_id, status, count(*) FROM quick_tests WHERE deleted_at IS NULL GROUP BY user_id, status"
    )
    for statement in _triggers():
        op.execute(statement)


def _triggers() -> tuple[str, ...]:
    match op.get_context().dialect.name:
        case "sqlite":
            return SQLITE_TRIGGERS
        case "postgresql":
            return (POSTGRESQL_FUNCTION, POSTGRESQL_TRIGGER)
        case other:
            raise NotImplementedError(f"The numbers of tests are kept by triggers, and none are written for {other}.")


def _drop_counts() -> None:
    if op.get_context().dialect.name == "sqlite":
        for name in ("insert", "update", "delete"):
            op.execute(f"DROP TRIGGER quick_tests_counted_{name}")
    else:
        op.execute("DROP TRIGGER quick_tests_counted ON quick_tests")
        op.execute("DROP FUNCTION count_quick_tests()")
    op.drop_table("quick_test_counts")


# -- upkeep: measurements, the offer of drafts that were left behind, and the indexes of figures

FIGURE_INDEXES = (
    ("ix_quicktest_completed_figures", "quick_tests", "is_deleted completed_at user_id status execution_time"),
    (
        "ix_codegen_created_figures",
        "code_generations",
        "is_deleted created_at user_id validation_status complexity_score generation_time",
    ),
)


def _create_upkeep() -> None:
    op.create_table(
        "measurements",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("user_id", sa.String(36), nullable=True),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_measurements"),
        sa.CheckConstraint("kind IN ('DRAFT_SAVE', 'JOB', 'SLOW_QUERY')", name=op.f("ck_measurements_kind")),
        sa.CheckConstraint("seconds >= 0", name=op.f("ck_measurements_seconds_not_negative")),
    )
    op.create_index("ix_measurement_kind_created", "measurements", ["kind", "created_at", "id"])
    op.create_index("ix_measurement_kind_name_created", "measurements", ["kind", "name", "created_at"])
    op.create_index("ix_measurement_user_kind_created", "measurements", ["user_id", "kind", "created_at", "id"])
    for name, table, columns in FIGURE_INDEXES:
        op.create_index(name, table, columns.split())
    op.add_column("builder_sessions", sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True))
    # Until now a session became inactive by the strategist's own hand only: such a draft is not offered again.
    op.execute("UPDATE builder_sessions SET offered_at = updated_at WHERE NOT is_active")


def _drop_upkeep() -> None:
    op.drop_column("builder_sessions", "offered_at")
    for name, table, _ in FIGURE_INDEXES:
        op.drop_index(name, table)
    op.drop_table("measurements")


# -- checksums: one on every generated text, of what the row says

CHECKED = (
    *("id", "instance_id", "target", "generated_code", "code_hash", "logic_flow_snapshot", "parameters_snapshot"),
    *("validation_status", "validation_result", "syntax_check_passed", "security_check_passed"),
    *("code_version", "line_count", "complexity_score", "generation_time"),
)
ROWS_AT_ONCE = 500


def _add_checksums() -> None:
    op.add_column("code_generations", sa.Column("row_checksum", sa.String(64), server_default="", nullable=False))
    flags = ("syntax_check_passed", "security_check_passed")
    columns = [sa.column(name, sa.Boolean() if name in flags else None) for name in CHECKED]
    table = sa.table("code_generations", *columns, sa.column("row_checksum", sa.String()))
    connection = op.get_bind()
    ids = [id for (id,) in connection.execute(sa.select(table.c.id))]
    sealed = sa.update(table).where(table.c.id == sa.bindparam("of")).values(row_checksum=sa.bindparam("sealed"))
    for first in range(0, len(ids), ROWS_AT_ONCE):
        some = sa.select(*(table.c[name] for name in CHECKED)).where(table.c.id.in_(ids[first : first + ROWS_AT_ONCE]))
        rows = connection.execute(some).all()
        connection.execute(sealed, [{"of": row[0], "sealed": _checksum(row[1:])} for row in rows])


def _checksum(parts: tuple[Any, ...]) -> str:
    """SHA-256 over the parts, each with its length before it: a number as Python writes it, yes and no as 1 and 0."""
    digest = hashlib.sha256()
    for part in parts:
        text = str(int(part)) if isinstance(part, bool) else str(part)
        octets = b"" if part is None else text.encode("utf-8", "surrogateescape")
        digest.update(b"-" if part is None else f"{len(octets)}:".encode())
        digest.update(octets)
    return digest.hexdigest()
