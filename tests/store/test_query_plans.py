"""No statement of any repository walks through a whole table or sorts in a temporary place."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from builder_app.store import Store
from builder_app.store.records import PageKey
from builder_app.store.vocabulary import InstanceStatus, NodeType, StrategyCategory
from tests.store.places import ADMINISTRATOR
from tests.store.world import CALLS, Call, populate

VARIANTS: dict[str, Call] = {
    "strategies.list by status": lambda store, world: store.strategies.list(InstanceStatus.DRAFT),
    "strategies.list next page": lambda store, world: store.strategies.list(
        limit=1, after_key=PageKey(store.strategies.get(world.strategy).updated_at, world.strategy)
    ),
    "strategies.list next page by status": lambda store, world: store.strategies.list(
        InstanceStatus.DRAFT, 1, PageKey(store.strategies.get(world.strategy).updated_at, world.strategy)
    ),
    "node_templates.list by type": lambda store, world: store.node_templates.list(NodeType.INDICATOR),
    "node_templates.list by type and category": lambda store, world: store.node_templates.list(
        NodeType.INDICATOR, "average"
    ),
    "strategy_templates.list by category": lambda store, world: store.strategy_templates.list(
        StrategyCategory.OSCILLATION
    ),
}
EVERY_CALL = {**CALLS, **VARIANTS}


@contextmanager
def statements(store: Store) -> Iterator[list[tuple[str, Any]]]:
    """The statements that go to the database meanwhile, with their values."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, many: bool) -> None:
        if re.match(r"\s*(SELECT|UPDATE|DELETE)", statement):
            seen.append((statement, values[0] if many else values))

    for engine in store.connections.engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in store.connections.engines:
            event.remove(engine, "before_cursor_execute", note)


def plan(store: Store, statement: str, values: Any) -> list[str]:
    with store.connections.engines[1].connect() as connection:
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]


def is_slow(step: str) -> bool:
    """A walk through a whole table, or a sort. (A walk along an index in its order is neither.)"""
    return "TEMP B-TREE" in step or bool(re.match(r"SCAN (?!.*USING (COVERING )?INDEX)(?!CONSTANT ROW)", step))


@pytest.mark.parametrize("method", sorted(EVERY_CALL))
def test_every_statement_uses_an_index(store: Store, method: str) -> None:
    world = populate(store)
    somebody = store.as_principal(ADMINISTRATOR) if method.endswith(".seed") else store
    with statements(store) as seen:
        EVERY_CALL[method](somebody, world)
    assert seen or method in {"strategies.create", "node_templates.seed", "strategy_templates.seed"}
    for statement, values in seen:
        slow = [step for step in plan(store, statement, values) if is_slow(step)]
        assert not slow, f"{slow} in {statement}"


def test_the_check_sees_a_table_walk_and_a_sort(store: Store) -> None:
    walk = plan(store, "SELECT id FROM strategy_instances WHERE name = ?", ("x",))
    sort = plan(store, "SELECT id FROM quick_tests WHERE user_id = ? ORDER BY test_name", ("x",))
    assert any(map(is_slow, walk))
    assert any(map(is_slow, sort))


@pytest.mark.parametrize(
    ("method", "index"),
    [
        ("sessions.active", "ix_session_user_active_activity"),
        ("quick_tests.recent", "ix_quicktest_instance_created"),
        ("strategies.list", "ix_instance_user_updated_id"),
        ("strategies.list next page by status", "ix_instance_user_status_updated_id"),
        ("generations.latest", "ix_codegen_instance_target_updated"),
        ("generations.find", "uq_code_generations_instance_target_hash"),
        ("node_templates.list by type and category", "ix_node_deleted_type_category_usage"),
    ],
)
def test_a_list_is_read_in_its_index_order(store: Store, method: str, index: str) -> None:
    world = populate(store)
    with statements(store) as seen:
        EVERY_CALL[method](store, world)
    statement, values = seen[-1]
    assert any(index in step for step in plan(store, statement, values)), plan(store, statement, values)
