"""Nobody sees or changes another's rows, whichever method is called."""

from collections.abc import Collection
from typing import Any

import pytest
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import aliased

from builder_app.store import NotAllowed, NotThere, Store
from builder_app.store.errors import UnguardedStatement
from builder_app.store.isolation import POLICIES, change, tally
from builder_app.store.list_records import TestCounts
from builder_app.store.models import Base, QuickTest, StrategyInstance, StrategyTemplate
from builder_app.store.records import NewNodeTemplate, Page
from builder_app.store.vocabulary import NodeType
from tests.store.places import ADMINISTRATOR, STRANGER
from tests.store.world import CALLS, FLOW, World, generation, methods, populate, quick_test, steps

pytestmark = pytest.mark.usefixtures("every_backend")

SHARED = {
    *("strategy_templates.get", "strategy_templates.list", "strategy_templates.popular"),
    *("node_templates.get", "node_templates.list", "node_templates.popular"),
}
"""Methods that show the system's templates to everybody."""
COUNTED = {
    *("strategy_templates.count_use", "strategy_templates.rate", "node_templates.count_use"),
    "strategies.create_from_template",
}
"""Methods by which everybody moves the public numbers of the system's templates."""
OWN = {
    *("strategies.create", "strategies.create_from_template", "node_templates.create", "strategy_templates.create"),
}
"""Methods that write a row of the caller's own."""
PUBLIC_NUMBERS = {"usage_count", "rating_average", "rating_count"}


def rows_of_others(store: Store, user: str, without: Collection[str] = ()) -> dict[str, list[str]]:
    """Every row of every table but those that belong to this user; and but these columns."""
    found = {}
    with store.connections.engines[0].connect() as connection:
        for table in Base.metadata.tables:
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").mappings()
            found[table] = sorted(
                repr({name: value for name, value in row.items() if name not in without})
                for row in rows
                if row.get("user_id") != user
            )
    return found


def shows_nothing(answer: Any) -> bool:
    """Whether nothing can be learned from what a method answered."""
    return answer == TestCounts() or not (answer.items if isinstance(answer, Page) else answer)


def test_every_repository_method_has_a_call(store: Store) -> None:
    assert methods(store) == set(CALLS)


def test_every_table_has_a_policy() -> None:
    assert {model.__tablename__ for model in POLICIES} == set(Base.metadata.tables)


@pytest.mark.usefixtures("long_on_a_server")
@pytest.mark.parametrize("method", sorted(CALLS))
def test_the_owner_is_served_by_every_method(populated: tuple[Store, World], method: str) -> None:
    store, world = populated
    somebody = store.as_principal(ADMINISTRATOR) if method.endswith(".seed") else store
    CALLS[method](somebody, world)


@pytest.mark.parametrize("method", sorted(CALLS))
def test_a_stranger_sees_nothing_and_changes_nothing(populated: tuple[Store, World], method: str) -> None:
    store, world = populated
    without = PUBLIC_NUMBERS if method in COUNTED else ()
    before = rows_of_others(store, STRANGER.user_id, without)
    assert all(before.values()), "each table holds a row that could be seen or changed"
    try:
        answer = CALLS[method](store.as_principal(STRANGER), world)
    except (NotThere, NotAllowed):
        answer = None
    if method not in SHARED | OWN:
        assert shows_nothing(answer)
    assert rows_of_others(store, STRANGER.user_id, without) == before


@pytest.mark.usefixtures("long_on_a_server")
@pytest.mark.parametrize("method", sorted(CALLS))
def test_an_administrator_sees_no_others_work_either(populated: tuple[Store, World], method: str) -> None:
    store, world = populated
    without = PUBLIC_NUMBERS if method in COUNTED else ()
    before = rows_of_others(store, ADMINISTRATOR.user_id, without)
    try:
        answer = CALLS[method](store.as_principal(ADMINISTRATOR), world)
    except NotThere:
        answer = None
    if not method.endswith(".seed"):
        if method not in SHARED | OWN:
            assert shows_nothing(answer)
        assert rows_of_others(store, ADMINISTRATOR.user_id, without) == before


def test_a_row_of_ones_own_cannot_hang_on_anothers_strategy(populated: tuple[Store, World]) -> None:
    store, world = populated
    other = store.as_principal(STRANGER)
    session = other.sessions.open(None, "My own")
    with pytest.raises(NotThere):
        other.sessions.bind(session.id, world.strategy)
    with pytest.raises(NotThere):
        other.quick_tests.start(quick_test(world.strategy))
    with pytest.raises(NotThere):
        other.generations.record(generation(world.strategy))
    with pytest.raises(NotThere):
        other.strategies.create("Mine", FLOW, {}, template_id=world.strategy)
    assert other.sessions.active()[0].instance_id is None


def test_two_users_may_use_the_same_journal_numbers(store: Store) -> None:
    other = store.as_principal(STRANGER)
    mine, theirs = store.sessions.open(None, "Mine"), other.sessions.open(None, "Theirs")
    store.sessions.write(mine.id, steps(1, 3))
    other.sessions.write(theirs.id, steps(1, 2))
    assert len(store.sessions.load(mine.id).entries) == 3
    assert len(other.sessions.load(theirs.id).entries) == 2


def test_deleted_rows_are_out_of_sight_for_every_statement(populated: tuple[Store, World]) -> None:
    store, world = populated
    with store.connections.reading(store.principal) as session:
        ids = set(session.scalars(select(StrategyInstance.id)))
    assert ids == {world.strategy, world.version}


def test_a_template_of_the_system_is_changed_by_an_administrator_only(populated: tuple[Store, World]) -> None:
    store, world = populated
    where = StrategyTemplate.id == world.strategy_template
    for principal, changed in ((store.principal, 0), (ADMINISTRATOR, 1)):
        with store.connections.writing(principal) as session:
            assert change(session, StrategyTemplate, where, {"description": "New"}) == changed
    with pytest.raises(NotAllowed):
        store.node_templates.seed([NewNodeTemplate("mine", "Mine", NodeType.CUSTOM)])


def test_anothers_own_template_is_neither_counted_nor_rated(populated: tuple[Store, World]) -> None:
    store, world = populated
    other = store.as_principal(STRANGER)
    with pytest.raises(NotThere):
        other.node_templates.count_use(world.own_template)
    store.node_templates.count_use(world.own_template)
    assert store.node_templates.get(world.own_template).usage_count == 1


def test_only_public_numbers_can_be_moved_by_a_reader(populated: tuple[Store, World]) -> None:
    store, world = populated
    where = StrategyTemplate.id == world.strategy_template
    with pytest.raises(UnguardedStatement), store.connections.writing(STRANGER) as session:
        tally(session, StrategyTemplate, where, {"name": "Taken"})


def test_statements_that_would_pass_the_filter_are_refused(populated: tuple[Store, World]) -> None:
    store, world = populated
    table: Any = StrategyInstance.__table__
    row = {"instance_id": world.strategy, "user_id": STRANGER.user_id, "test_config": {}, "logic_flow_snapshot": {}}
    for statement in (
        text("DELETE FROM strategy_instances"),
        select(table.c.id),
        table.delete(),
        update(StrategyInstance).values(name="Changed"),
        insert(QuickTest).values(row),
    ):
        with pytest.raises(UnguardedStatement), store.connections.writing(STRANGER) as session:
            session.execute(statement)
    with pytest.raises(UnguardedStatement), store.connections.writing(store.principal) as session:
        session.add(StrategyInstance(name="Past the gate", user_id=STRANGER.user_id, logic_flow={}))
    assert store.strategies.get(world.strategy).name == "A strategy"


def test_an_aliased_table_is_filtered_too(store: Store) -> None:
    populate(store)
    alias = aliased(StrategyInstance)
    with store.connections.reading(STRANGER) as session:
        assert session.scalars(select(alias.id)).all() == []
        nested = select(StrategyInstance.id).where(StrategyInstance.id.in_(select(alias.id)))
        assert session.scalars(nested).all() == []
