"""Any thread may call the store, errors come out as sentences, and closing leaves nothing open."""

import gc
import sqlite3
import threading
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from builder_app.store import RefusedValue, Store, StoreUnavailable, connections, open_store
from builder_app.store.models import StrategyInstance
from builder_app.store.records import JournalEntry, StrategyRecord
from builder_app.store.repositories.base import fetch
from builder_app.store.vocabulary import EditKind
from tests.store.places import MIGRATIONS, OWNER
from tests.store.world import FLOW, generation, populate, steps


def test_threads_reading_and_writing_at_once_lose_nothing(store: Store) -> None:
    shared = store.strategies.create("Shared", FLOW, {})

    def work(number: int) -> None:
        session = store.sessions.open(shared.id, f"Session {number}")
        for step in range(1, 26):
            store.sessions.write(session.id, steps(step, step))
            store.strategies.save(shared.id, {"by": number}, {}, "Shared")
            assert store.sessions.load(session.id).last_sequence == step
            store.generations.record(generation(shared.id))

    with ThreadPoolExecutor(8) as pool:
        for future in [pool.submit(work, number) for number in range(8)]:
            future.result()
    assert store.strategies.get(shared.id).version == 1 + 8 * 25
    assert [store.sessions.load(session.id).last_sequence for session in store.sessions.active()] == [25] * 8


def test_a_reader_sees_one_moment_while_another_writes(store: Store) -> None:
    strategy = store.strategies.create("Before", FLOW, {})
    with store.connections.reading(store.principal) as session:
        before = fetch(session, StrategyInstance, StrategyRecord, strategy.id)
        store.strategies.rename(strategy.id, "After")
        session.expire_all()
        assert fetch(session, StrategyInstance, StrategyRecord, strategy.id) == before
    assert store.strategies.get(strategy.id).name == "After"


def test_a_failed_write_writes_nothing_and_the_next_one_works(store: Store) -> None:
    world = populate(store)
    with pytest.raises(RefusedValue):
        store.sessions.write(world.session, [*steps(4, 5), _broken_step(6)])
    assert store.sessions.load(world.session).last_sequence == 3
    store.sessions.write(world.session, steps(4, 5))
    assert store.sessions.load(world.session).last_sequence == 5


def _broken_step(sequence: int) -> JournalEntry:
    return JournalEntry(sequence, EditKind.EDIT, float("nan"))


def test_a_store_that_another_program_holds_says_that_it_is_busy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BUSY_TIMEOUT_SECONDS", 0.05)
    with open_store(path, MIGRATIONS, OWNER) as store, closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreUnavailable, match="busy: another program"):
            store.strategies.create("Late", FLOW, {})
        assert store.strategies.list().items == (), "reading goes on meanwhile"
        other.execute("ROLLBACK")
        store.strategies.create("In time", FLOW, {})


def test_a_full_disk_is_said_and_nothing_is_lost(store: Store) -> None:
    kept = store.strategies.create("Kept", FLOW, {})
    with store.connections.engines[0].connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailable, match="disk is full"):
        store.strategies.create("Too much", {"text": "x" * 1_000_000}, {})
    assert [item.id for item in store.strategies.list().items] == [kept.id]


def test_closing_leaves_nothing_open(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        store = open_store(path, MIGRATIONS, OWNER)
        with ThreadPoolExecutor(4) as pool:
            for reading in [pool.submit(store.strategies.list) for _ in range(20)]:
                reading.result()
        store.strategies.create("One", FLOW, {})
        store.close()
        store.close()
        del store
        gc.collect()
    assert sorted(file.name for file in path.parent.iterdir()) == ["store.db", "store.db.open", "store.db.opening"]


@pytest.mark.parametrize(
    "call", [lambda store: store.strategies.list(), lambda store: store.strategies.create("Late", FLOW, {})]
)
def test_a_closed_store_says_so(path: Path, call: Callable[[Store], object]) -> None:
    store = open_store(path, MIGRATIONS, OWNER)
    store.close()
    with pytest.raises(StoreUnavailable, match="was closed"):
        call(store)


def test_closing_waits_for_a_read_under_way(path: Path) -> None:
    store = open_store(path, MIGRATIONS, OWNER)
    inside, go_on = threading.Event(), threading.Event()

    def read() -> None:
        with store.connections.reading(OWNER):
            inside.set()
            assert go_on.wait(5)

    reader = threading.Thread(target=read)
    reader.start()
    assert inside.wait(5)
    closer = threading.Thread(target=store.close)
    closer.start()
    closer.join(0.1)
    assert closer.is_alive()
    go_on.set()
    reader.join(5)
    closer.join(5)
    assert not closer.is_alive()


def test_a_stored_value_that_cannot_be_read_is_a_sentence(store: Store, path: Path) -> None:
    world = populate(store)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE strategy_instances SET logic_flow = '{\"half'")
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        store.strategies.get(world.strategy)
