"""The tables refuse what no row may hold, and carry SCHEMA's indexes by name."""

import datetime
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Dialect, create_engine
from sqlalchemy.dialects import postgresql, sqlite

from builder_app.codegen.program import ValidationStatus as ProgramStatus
from builder_app.store import RefusedValue, Store
from builder_app.store.column_types import UtcTime, Word
from builder_app.store.models import Base
from builder_app.store.vocabulary import InstanceStatus, ValidationStatus
from tests.store.world import populate

BROKEN_ROWS = [
    ("strategy_templates", "category", "FANCY"),
    ("strategy_templates", "usage_count", -1),
    ("strategy_templates", "rating_average", 5.1),
    ("strategy_templates", "rating_average", -0.1),
    ("strategy_templates", "rating_count", -1),
    ("strategy_templates", "user_id", "somebody"),
    ("strategy_templates", "is_system_template", 0),
    ("strategy_templates", "is_system_template", 2),
    ("strategy_templates", "name", None),
    ("strategy_instances", "status", "LOST"),
    ("strategy_instances", "version", 0),
    ("strategy_instances", "user_id", None),
    ("strategy_instances", "logic_flow", None),
    ("strategy_instances", "template_id", "nowhere"),
    ("strategy_instances", "parent_version_id", "nowhere"),
    ("strategy_instances", "deleted_at", "2026-01-01 00:00:00.000000"),
    ("node_templates", "node_type", "WIDGET"),
    ("node_templates", "usage_count", -1),
    ("node_templates", "is_shared", 7),
    ("quick_tests", "status", "DONE"),
    ("quick_tests", "execution_time", -0.5),
    ("quick_tests", "instance_id", "nowhere"),
    ("code_generations", "validation_status", "FINE"),
    ("code_generations", "code_hash", "short"),
    ("code_generations", "line_count", -1),
    ("code_generations", "complexity_score", -1),
    ("code_generations", "generation_time", -1.0),
    ("code_generations", "instance_id", "nowhere"),
    ("builder_sessions", "session_type", "PARTY"),
    ("builder_sessions", "snapshot_sequence", -1),
    ("builder_sessions", "instance_id", "nowhere"),
    ("builder_session_edits", "kind", "guess"),
    ("builder_session_edits", "sequence", 0),
    ("builder_session_edits", "session_id", "nowhere"),
]


@pytest.mark.parametrize(("table", "column", "value"), BROKEN_ROWS)
def test_a_table_refuses_a_broken_row(store: Store, path: Path, table: str, column: str, value: Any) -> None:
    populate(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError):
            connection.execute(f"UPDATE {table} SET {column} = ?", (value,))


@pytest.mark.parametrize("table", ["strategy_templates", "node_templates"])
def test_a_system_name_is_unique_while_it_is_not_deleted(store: Store, path: Path, table: str) -> None:
    populate(store)
    copy = f"INSERT INTO {table} SELECT * FROM {table}_copy"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(f"CREATE TEMP TABLE {table}_copy AS SELECT * FROM {table}")
        connection.execute(f"DELETE FROM {table}_copy WHERE is_system_template = 0")
        connection.execute(f"UPDATE {table}_copy SET id = 'another'")
        with pytest.raises(sqlite3.IntegrityError, match="UNIQUE"):
            connection.execute(copy)
        connection.execute(f"UPDATE {table} SET is_deleted = 1, deleted_at = updated_at")
        connection.execute(copy)


def test_removing_a_strategy_for_good_takes_what_hangs_on_it(store: Store, path: Path) -> None:
    populate(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("DELETE FROM strategy_instances")
        for table in ("quick_tests", "code_generations", "builder_sessions", "builder_session_edits"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)


SCHEMA_INDEXES = """
node_templates: name node_type category is_system_template user_id is_deleted
quick_tests: instance_id user_id status completed_at is_deleted
code_generations: instance_id user_id code_hash validation_status is_deleted
builder_sessions: instance_id user_id session_type is_active last_activity_at expires_at is_deleted
strategy_instances: user_id status template_id parent_version_id is_deleted
"""
SCHEMA_COMPOSITES = """
ix_node_type_system node_type is_system_template
ix_node_user_type user_id node_type
ix_node_category_type category node_type
ix_node_deleted_created is_deleted created_at
ix_quicktest_instance_status instance_id status
ix_quicktest_user_created user_id created_at
ix_quicktest_status_created status created_at
ix_quicktest_user_instance user_id instance_id
ix_quicktest_deleted_completed is_deleted completed_at
ix_codegen_instance_created instance_id created_at
ix_codegen_user_created user_id created_at
ix_codegen_hash_instance code_hash instance_id
ix_codegen_validation_status validation_status created_at
ix_codegen_user_instance user_id instance_id
ix_codegen_deleted_created is_deleted created_at
ix_session_user_active user_id is_active
ix_session_user_activity user_id last_activity_at
ix_session_type_active session_type is_active
ix_session_expires expires_at is_active
ix_session_instance_user instance_id user_id
ix_session_deleted_activity is_deleted last_activity_at
ix_instance_user_status_updated user_id status updated_at
"""


def test_the_file_has_every_index_of_the_schema_by_name(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'index'").fetchall()
        found = {name: [row[2] for row in connection.execute(f"PRAGMA index_info({name})")] for (name,) in rows}
    for line in SCHEMA_INDEXES.split("\n")[1:-1]:
        table, columns = line.split(": ")
        for column in columns.split():
            assert found[f"ix_{table}_{column}"] == [column]
    for line in SCHEMA_COMPOSITES.split("\n")[1:-1]:
        name, *parts = line.split()
        assert found[name] == parts


def test_every_constraint_has_a_name() -> None:
    engine = create_engine("sqlite://")
    unnamed = [
        (table.name, constraint)
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if constraint.name is None
    ]
    engine.dispose()
    assert unnamed == []


@given(st.datetimes(timezones=st.timezones()))
def test_a_time_comes_back_as_the_same_moment_in_utc(moment: datetime.datetime) -> None:
    kind = UtcTime()
    try:
        expected = moment.astimezone(datetime.UTC)
    except OverflowError:  # the first and the last hours that Python knows
        return
    dialects: tuple[Dialect, ...] = (sqlite.dialect(), postgresql.dialect())  # type: ignore[no-untyped-call]
    for dialect in dialects:
        stored = kind.process_bind_param(moment, dialect)
        read = kind.process_result_value(stored, dialect)
        assert read == expected
        assert read is not None
        assert read.utcoffset() == datetime.timedelta(0)


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(RefusedValue, match="has no zone"):
        UtcTime().process_bind_param(datetime.datetime(2026, 1, 1), sqlite.dialect())


def test_a_word_that_is_not_in_the_list_is_refused() -> None:
    with pytest.raises(RefusedValue, match="one of DRAFT"):
        Word(InstanceStatus).process_bind_param("LOST", sqlite.dialect())


def test_the_store_and_code_generation_know_the_same_verdicts() -> None:
    assert [str(word) for word in ValidationStatus] == [str(word) for word in ProgramStatus]
