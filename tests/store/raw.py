"""Looking past the repositories: a store's rows as its database has them, whoever owns them."""

from typing import Any, Final

from hypothesis import HealthCheck

from builder_app.store import Store

SHARED_STORE: Final = (HealthCheck.function_scoped_fixture, HealthCheck.differing_executors)
"""What a property test suppresses whose examples all use the test's one store, on each kind of database."""


def rows(store: Store, statement: str) -> list[tuple[Any, ...]]:
    """The rows that this statement finds."""
    with store.connections.engines[0].connect() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(statement)]


def count_rows(store: Store, table: str) -> int:
    """How many rows the table has, deleted ones and others' too."""
    ((number,),) = rows(store, f"SELECT count(*) FROM {table}")
    return int(number)
