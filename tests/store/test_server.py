"""A desk shares one store on PostgreSQL: the same migrations, the same refusals in sentences, no lost writes."""

import datetime
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, NullPool, create_engine, exc, make_url

from builder_app.store import Store, StoreConflict, StoreUnavailable, open_store
from builder_app.store.migration import downgrade, known_revisions, migrate
from builder_app.store.models import Base
from builder_app.store.server import prepare_server
from tests.store.places import MIGRATIONS, OWNER, STRANGER
from tests.store.postgresql import execute, free_port
from tests.store.raw import count_rows, rows
from tests.store.world import CODE, CODE_HASH, FLOW, populate, steps

NewDatabase = Callable[[], str]
INSTANCE = "00000000-0000-4000-8000-00000000000a"
MOMENT = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture
def backend() -> str:
    """Every store here is on the server."""
    return "postgresql"


@pytest.fixture
def on_server(place: str | Path) -> str:
    """The URL of an emptied store."""
    return str(place)


@pytest.fixture
def engine(new_database: NewDatabase) -> Iterator[Engine]:
    made = create_engine(new_database(), poolclass=NullPool)
    yield made
    made.dispose()


def tables(engine: Engine) -> set[str]:
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {str(name) for (name,) in found} - {"alembic_version"}


def constraints(engine: Engine) -> list[tuple[str, str]]:
    """Every constraint and index as the server writes it, conditions included."""
    with engine.connect() as connection:
        checks = connection.exec_driver_sql(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace"
        ).all()
        indexes = connection.exec_driver_sql("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
        return sorted((str(name), str(text)) for name, text in [*checks, *indexes.all()] if "alembic" not in str(name))


def test_the_same_migrations_build_what_the_models_say(new_database: NewDatabase, engine: Engine) -> None:
    url = make_url(new_database())
    migrate(url, MIGRATIONS)
    migrated = create_engine(url, poolclass=NullPool)
    with migrated.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
    Base.metadata.create_all(engine)
    assert constraints(migrated) == constraints(engine)
    assert len(constraints(engine)) > 100


def test_every_revision_goes_back_to_nothing(engine: Engine) -> None:
    for revision in (*known_revisions(MIGRATIONS), "head"):
        migrate(engine.url, MIGRATIONS, revision)
        downgrade(engine.url, MIGRATIONS, "base")
        assert tables(engine) == set()


def test_a_store_of_the_first_revision_is_brought_up_to_date_and_that_is_said(engine: Engine) -> None:
    migrate(engine.url, MIGRATIONS, "0001")
    (notice,) = prepare_server(engine.url, MIGRATIONS)
    assert f"from revision 0001 to {known_revisions(MIGRATIONS)[-1]}" in notice
    assert prepare_server(engine.url, MIGRATIONS) == ()
    assert tables(engine) == set(Base.metadata.tables)


def test_a_text_of_the_first_revision_gets_its_checksum(engine: Engine) -> None:
    migrate(engine.url, MIGRATIONS, "0001")
    common = {"id": INSTANCE, "created_at": MOMENT, "updated_at": MOMENT, "is_deleted": False, "user_id": OWNER.user_id}
    strategy = {**common, "name": "Old", "logic_flow": "{}", "parameters": "{}", "status": "DRAFT", "version": 1}
    text = {
        **common,
        **{"instance_id": INSTANCE, "logic_flow_snapshot": '{"a":[1.5,"\\u00e9"]}', "parameters_snapshot": "{}"},
        **{"target": "standalone", "generated_code": CODE, "code_hash": CODE_HASH, "validation_status": "VALID"},
        **{"validation_result": None, "syntax_check_passed": True, "security_check_passed": None},
        **{"code_version": "0.1", "line_count": 2, "complexity_score": 0, "generation_time": 0.1},
    }
    with engine.begin() as connection:
        for table, row in (("strategy_instances", strategy), ("code_generations", text)):
            named = ", ".join(f"%({name})s" for name in row)
            connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({named})", row)
    with open_store(engine.url.render_as_string(hide_password=False), MIGRATIONS, OWNER) as store:
        found = store.generations.latest(INSTANCE, "standalone")
        assert found is not None
        assert (found.generated_code, found.logic_flow_snapshot) == (CODE, {"a": [1.5, "é"]})


def test_a_failed_migration_leaves_the_database_as_it_was(
    new_database: NewDatabase, next_version: Callable[[str], Path]
) -> None:
    url = new_database()
    with open_store(url, MIGRATIONS, OWNER) as store:
        populate(store)
        before = rows(store, "SELECT * FROM quick_tests")
    broken = next_version('op.execute("DELETE FROM quick_tests"); op.execute("INSERT INTO nowhere VALUES (1)")')
    with pytest.raises(StoreUnavailable, match="Nothing in it was changed"):
        open_store(url, broken, OWNER)
    with open_store(url, MIGRATIONS, OWNER) as store:
        assert rows(store, "SELECT * FROM quick_tests") == before


def test_a_newer_store_is_refused_with_a_way_out(
    new_database: NewDatabase, next_version: Callable[[str], Path]
) -> None:
    url = new_database()
    open_store(url, next_version("pass"), OWNER).close()
    with pytest.raises(StoreUnavailable, match=r"newer version.*Install the newer version"):
        open_store(url, MIGRATIONS, OWNER)


def test_many_programs_that_come_to_an_empty_database_at_once_make_one_store(new_database: NewDatabase) -> None:
    url, together = new_database(), threading.Barrier(4)

    def enter(number: int) -> Store:
        together.wait()
        store = open_store(url, MIGRATIONS, OWNER)
        store.strategies.create(f"From {number}", FLOW, {})
        return store

    with ThreadPoolExecutor(4) as pool, ExitStack() as stack:
        stores = [stack.enter_context(opened.result()) for opened in [pool.submit(enter, n) for n in range(4)]]
        assert [len(store.strategies.list().items) for store in stores] == [4] * 4


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    pytest.importorskip("psycopg")
    place = f"postgresql+psycopg://desk:secret-word@127.0.0.1:{free_port()}/strategies"
    with pytest.raises(StoreUnavailable, match="See that the server runs") as refusal:
        open_store(place, MIGRATIONS, OWNER)
    assert "secret-word" not in str(refusal.value)
    assert str(refusal.value).count("\n") == 0


def test_a_wrong_password_and_a_missing_database_are_refused_in_a_sentence(on_server: str) -> None:
    url = make_url(on_server)
    for wrong in (url.set(password="wrong"), url.set(database="nowhere")):
        with pytest.raises(StoreUnavailable, match="user and password are right") as refusal:
            open_store(wrong.render_as_string(hide_password=False), MIGRATIONS, OWNER)
        assert str(url.password) not in str(refusal.value)


def test_a_missing_driver_is_named() -> None:
    with pytest.raises(StoreUnavailable, match=r"needs the package.*strategy-builder\[postgresql\]"):
        open_store("postgresql+pg8000://desk@127.0.0.1/strategies", MIGRATIONS, OWNER)


def test_a_read_sees_one_moment_and_cannot_write(on_server: str) -> None:
    with open_store(on_server, MIGRATIONS, OWNER) as store:
        world = populate(store)
        statement = "SELECT name FROM strategy_instances WHERE NOT is_deleted"
        with store.connections.engines[1].connect() as reader:
            before = reader.exec_driver_sql(statement).all()
            store.strategies.rename(world.strategy, "After")
            assert reader.exec_driver_sql(statement).all() == before
            with pytest.raises(exc.DBAPIError, match="read-only"):
                reader.exec_driver_sql("DELETE FROM strategy_instances")


def test_two_programs_of_one_user_cannot_write_the_same_step_twice(on_server: str) -> None:
    """Both read the newest step before either writes: without taking turns both would write the next."""
    count = 50
    with ExitStack() as stack:
        stores = [stack.enter_context(open_store(on_server, MIGRATIONS, OWNER)) for _ in range(4)]
        session = stores[0].sessions.open(None, "Shared").id

        def write(store: Store) -> int:
            refused = 0
            for number in range(1, count + 1):
                try:
                    store.sessions.write(session, steps(number, number))
                except StoreConflict:
                    refused += 1
            return refused

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(write, stores)) == 0, "the same steps written again are passed over"
        assert stores[0].sessions.load(session).last_sequence == count
        assert count_rows(stores[0], "builder_session_edits") == count


def test_saves_of_many_programs_at_once_are_all_counted(on_server: str) -> None:
    with ExitStack() as stack:
        stores = [stack.enter_context(open_store(on_server, MIGRATIONS, OWNER)) for _ in range(4)]
        shared = stores[0].strategies.create("Shared", FLOW, {})

        def save(store: Store) -> None:
            for _ in range(50):
                store.strategies.save(shared.id, FLOW, {}, "Shared")

        with ThreadPoolExecutor(4) as pool:
            list(pool.map(save, stores))
        assert stores[0].strategies.get(shared.id).version == 201


def test_a_user_who_writes_does_not_keep_another_waiting(on_server: str) -> None:
    with open_store(on_server, MIGRATIONS, OWNER) as mine, open_store(on_server, MIGRATIONS, STRANGER) as other:
        with mine.connections.writing(OWNER):
            other.strategies.create("Meanwhile", FLOW, {})
        assert len(other.strategies.list().items) == 1
        assert mine.strategies.list().items == ()


def test_a_connection_that_breaks_while_it_is_asked_whether_it_lives_is_replaced(
    on_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(on_server, MIGRATIONS, OWNER) as store:
        psycopg = pytest.importorskip("psycopg")
        populate(store)
        _, reader = store.connections.engines
        asked: list[object] = []

        def dying(connection: object) -> bool:
            asked.append(connection)
            monkeypatch.undo()
            raise psycopg.ProgrammingError("can't change 'autocommit' now: connection in transaction status ACTIVE")

        monkeypatch.setattr(reader.dialect, "do_ping", dying)
        assert len(store.strategies.list().items) == 1
        assert len(asked) == 1


def test_a_broken_connection_is_replaced(on_server: str) -> None:
    with open_store(on_server, MIGRATIONS, OWNER) as store:
        populate(store)
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        execute(make_url(on_server), f"{others} AND datname = current_database()")
        assert len(store.strategies.list().items) == 1
        store.strategies.create("After the restart", FLOW, {})
