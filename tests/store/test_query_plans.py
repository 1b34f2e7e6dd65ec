"""No statement of any repository walks through a whole table or sorts in a temporary place."""

import datetime
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from builder_app.store import Store, clock
from builder_app.store.list_records import NodeTemplateWish, StrategyTemplateWish, StrategyWish, TestWish
from builder_app.store.records import PageKey
from builder_app.store.vocabulary import (
    InstanceStatus,
    NodeType,
    StrategyCategory,
    StrategyOrder,
    TemplateOrder,
    TestOrder,
    TestStatus,
    ValidationStatus,
)
from tests.store.places import ADMINISTRATOR
from tests.store.world import CALLS, CODE_HASH, Call, World


def _moment(store: Store, world: World) -> datetime.datetime:
    return store.strategies.get(world.strategy).updated_at


def _wished(order: StrategyOrder, **more: Any) -> Call:
    """The second page of the strategies in this order."""

    def call(store: Store, world: World) -> Any:
        ends = {StrategyOrder.NAME: "A strategy"}
        key = PageKey(ends.get(order, _moment(store, world)), world.strategy)
        return store.strategies.list(limit=1, after_key=key, wish=StrategyWish(order=order, **more))

    return call


def _tests(**more: Any) -> Call:
    return lambda store, world: store.quick_tests.list(
        TestWish(**more), 1, PageKey(store.quick_tests.get(world.test).created_at, world.test)
    )


def _blocks(key: Any = None, **more: Any) -> Call:
    return lambda store, world: store.node_templates.list(
        NodeTemplateWish(**more), 5, None if key is None else PageKey(key, world.node_template)
    )


def _ready_made(key: Any = None, **more: Any) -> Call:
    return lambda store, world: store.strategy_templates.list(
        StrategyTemplateWish(**more), 5, None if key is None else PageKey(key, world.strategy_template)
    )


VARIANTS: dict[str, Call] = {
    "strategies.list by name": _wished(StrategyOrder.NAME),
    "strategies.list by age": _wished(StrategyOrder.CREATED),
    "strategies.list of a tag": _wished(StrategyOrder.CHANGED, tag="trend"),
    "strategies.list of a tag, archived, by name": _wished(
        StrategyOrder.NAME, tag="trend", status=InstanceStatus.ARCHIVED, text="a"
    ),
    "strategies.with_latest_code next page": lambda store, world: store.strategies.with_latest_code(
        1, PageKey(_moment(store, world), world.strategy)
    ),
    "versions.list next page": lambda store, world: store.versions.list(
        world.strategy, 1, PageKey(_moment(store, world), world.strategy)
    ),
    "quick_tests.list next page": _tests(),
    "quick_tests.list from the oldest": _tests(order=TestOrder.OLDEST),
    "quick_tests.list by status": _tests(status=TestStatus.FAILED),
    "quick_tests.list of a strategy": _tests(instance_id="x"),
    "quick_tests.list of a strategy by status and day": _tests(
        instance_id="x", status=TestStatus.FAILED, since=clock.now(), until=clock.now()
    ),
    "quick_tests.list of starred ones": _tests(starred=True),
    "quick_tests.list of starred ones of a strategy": _tests(instance_id="x", starred=True),
    "quick_tests.list of deleted ones": _tests(deleted=True),
    "quick_tests.list of deleted ones of a strategy": _tests(instance_id="x", deleted=True),
    "generations.list next page": lambda store, world: store.generations.list(
        world.strategy, 1, PageKey(_moment(store, world), world.generation)
    ),
    "generations.list of a target": lambda store, world: store.generations.list(world.strategy, target="standalone"),
    "generations.failures next page": lambda store, world: store.generations.failures(
        ValidationStatus.SYNTAX_ERROR, 1, PageKey(_moment(store, world), world.generation)
    ),
    "sessions.list of active ones": lambda store, world: store.sessions.list(True),
    "sessions.list next page": lambda store, world: store.sessions.list(
        None, 1, PageKey(_moment(store, world), world.session)
    ),
    "node_templates.list next page": _blocks(3),
    "node_templates.list by type": _blocks(node_type=NodeType.INDICATOR),
    "node_templates.list by type and category": _blocks(node_type=NodeType.INDICATOR, category="average"),
    "node_templates.list by type and category, next page": _blocks(3, node_type=NodeType.INDICATOR, category="average"),
    "node_templates.list of one's own by name": _blocks("a", system=False, order=TemplateOrder.NAME),
    "strategy_templates.list next page": _ready_made(3),
    "strategy_templates.list by category": _ready_made(category=StrategyCategory.OSCILLATION),
    "strategy_templates.list of favourites": _ready_made(favourite=True),
    "strategy_templates.list by rating": _ready_made(3.5, order=TemplateOrder.RATING),
    "strategy_templates.list by name": _ready_made("a", system=True, order=TemplateOrder.NAME),
    "strategies.list by status": lambda store, world: store.strategies.list(InstanceStatus.DRAFT),
    "strategies.list next page": lambda store, world: store.strategies.list(
        limit=1, after_key=PageKey(store.strategies.get(world.strategy).updated_at, world.strategy)
    ),
    "strategies.list next page by status": lambda store, world: store.strategies.list(
        InstanceStatus.DRAFT, 1, PageKey(store.strategies.get(world.strategy).updated_at, world.strategy)
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
def test_every_statement_uses_an_index(populated: tuple[Store, World], method: str) -> None:
    store, world = populated
    somebody = store.as_principal(ADMINISTRATOR) if method.endswith(".seed") else store
    with statements(store) as seen:
        EVERY_CALL[method](somebody, world)
    assert seen or method in {"node_templates.seed", "strategy_templates.seed"}
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
        ("strategies.list by name", "ix_instance_user_name_id"),
        ("strategies.list by age", "ix_instance_parent_created"),
        ("versions.list next page", "ix_instance_parent_created"),
        ("sessions.list next page", "ix_session_user_deleted_activity"),
        ("quick_tests.list of a strategy", "ix_quicktest_instance_created"),
        ("quick_tests.list of a strategy by status and day", "ix_quicktest_instance_status_created"),
        ("quick_tests.list by status", "ix_quicktest_user_status_created"),
    ],
)
def test_a_list_is_read_in_its_index_order(populated: tuple[Store, World], method: str, index: str) -> None:
    store, world = populated
    with statements(store) as seen:
        EVERY_CALL[method](store, world)
    statement, values = seen[-1]
    assert any(index in step for step in plan(store, statement, values)), plan(store, statement, values)


TEN_QUERIES: list[tuple[str, Call, str]] = [
    ("the user's active session", CALLS["sessions.newest_active"], "ix_session_user_active_activity"),
    ("the newest tests of a strategy", CALLS["quick_tests.recent"], "ix_quicktest_instance_created"),
    (
        "templates by type and category, by usage",
        VARIANTS["node_templates.list by type and category"],
        "ix_node_deleted_type_category_usage",
    ),
    ("popular system templates", CALLS["node_templates.popular"], "ix_node_system_deleted_usage"),
    ("expired or stale sessions", CALLS["sessions.expired"], "ix_session_user_active_expires"),
    (
        "whether a text is stored already",
        lambda store, world: store.generations.find(world.strategy, "standalone", CODE_HASH),
        "uq_code_generations_instance_target_hash",
    ),
    ("each strategy with its latest code", CALLS["strategies.with_latest_code"], "ix_codegen_instance_updated"),
    ("the user's success rate", CALLS["quick_tests.counts"], "pk"),
    (
        "recent failures by verdict",
        VARIANTS["generations.failures next page"],
        "ix_codegen_user_status_created",
    ),
    ("a history, page by page", VARIANTS["quick_tests.list next page"], "ix_quicktest_user_deleted_created"),
]


@pytest.mark.parametrize(("query", "call", "index"), TEN_QUERIES, ids=[query for query, _, _ in TEN_QUERIES])
def test_the_ten_queries_of_the_schema_are_one_statement_on_their_index(
    populated: tuple[Store, World], query: str, call: Call, index: str
) -> None:
    store, world = populated
    store.quick_tests.counts()
    with statements(store) as seen:
        call(store, world)
    statement, values = seen[-1]
    steps = plan(store, statement, values)
    wanted = "sqlite_autoindex_quick_test_counts_1" if index == "pk" else index
    assert any(wanted in step for step in steps), steps
    assert not any(is_slow(step) for step in steps), steps
    assert all("SCAN" not in step for step in steps if "CONSTANT" not in step), steps
