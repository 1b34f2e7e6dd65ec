"""The slow-query log: what took over the limit is kept once, with its plan and without its values."""

import time

import pytest
from sqlalchemy import text

from builder_app.store import Store
from builder_app.store.connections import Connections
from builder_app.store.figures import read_figures
from builder_app.store.measurements import record_slow_queries
from builder_app.store.models import Measurement
from builder_app.store.slow_queries import SLOW_SECONDS, SlowQueries
from tests.store.places import OWNER
from tests.store.upkeep_rows import rows
from tests.store.world import FLOW

pytestmark = pytest.mark.usefixtures("every_backend")
SLOW = {
    "sqlite": "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < :many) SELECT max(x) FROM n",
    "postgresql": "SELECT count(*) FROM generate_series(1, :many)",
}


def be_slow(connections: Connections, backend: str, many: int = 30_000_000) -> None:
    """Run one statement that takes its time."""
    with connections.reading_for_all() as connection:
        began = time.perf_counter()
        while time.perf_counter() - began < 1.5 * connections.slow_queries.limit:
            began = time.perf_counter()
            connection.execute(text(SLOW[backend]), {"many": many}).all()
            many *= 4


def test_limit_is_a_tenth_of_a_second() -> None:
    assert SLOW_SECONDS == 0.1
    log = SlowQueries()
    log.note("SELECT 1", (), 0.1)
    assert log.take() == ()
    log.note("SELECT 1", (), 0.1001)
    assert [slow.statement for slow in log.take()] == ["SELECT 1"]
    assert log.take() == ()


def test_slow_statement_is_kept_with_plan_and_without_values(store: Store, backend: str) -> None:
    store.connections.slow_queries.limit = 0.02
    store.connections.slow_queries.take()
    be_slow(store.connections, backend, 200_000)
    store.connections.slow_queries.limit = 60.0
    assert record_slow_queries(store.connections) == 1
    (kept,) = rows(store, Measurement)
    assert kept["seconds"] > 0.02
    assert kept["detail"]["plan"]
    assert "max(x)" in kept["detail"]["statement"] or "count(*)" in kept["detail"]["statement"]
    assert "200000" not in str(kept["detail"]["statement"])
    assert record_slow_queries(store.connections) == 0
    (shown,) = read_figures(store.connections, OWNER, kept["created_at"]).slow_queries
    assert shown.plan == tuple(kept["detail"]["plan"])


def test_quick_statements_are_not_kept(store: Store) -> None:
    store.connections.slow_queries.limit = 60.0
    store.connections.slow_queries.take()
    store.strategies.create("Mine", FLOW, {})
    store.strategies.list()
    assert store.connections.slow_queries.take() == ()


def test_time_of_fetches_counts_on_sqlite(store: Store, backend: str) -> None:
    if backend != "sqlite":
        pytest.skip("a server hands all rows over at once")
    rows_of = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 400000) SELECT x FROM n"
    log = store.connections.slow_queries
    log.limit = 60.0
    with store.connections.reading_for_all() as connection:
        result = connection.execute(text(rows_of))
        log.limit = 0.01  # the first row comes at once; all the time goes by in fetching
        result.all()
    log.limit = 60.0
    (slow,) = log.take()
    assert slow.statement == rows_of


def test_one_statement_many_times_is_one_entry_with_its_longest_time() -> None:
    log = SlowQueries(0.1)
    for seconds in (0.2, 0.9, 0.3):
        log.note("SELECT 1", (seconds,), seconds)
    (slow,) = log.take()
    assert (slow.seconds, slow.times, slow.values) == (0.9, 3, (0.9,))


def test_very_many_different_statements_do_not_fill_the_memory() -> None:
    log = SlowQueries(0.1)
    for number in range(10_000):
        log.note(f"SELECT {number}", (), 1.0)
    assert len(log.take()) == 100


def test_slow_commit_is_noted_on_sqlite(store: Store, backend: str) -> None:
    if backend != "sqlite":
        pytest.skip("a server's commit is no statement of a cursor")
    log = store.connections.slow_queries
    log.take()
    log.limit = -1.0
    store.strategies.create("Mine", FLOW, {})
    log.limit = 60.0
    assert {"BEGIN IMMEDIATE", "COMMIT"} <= {slow.statement for slow in log.take()}
