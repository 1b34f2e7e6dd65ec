"""Checks and backups beside the work; and a second program on the same file is noticed."""

import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from builder_app.store import Store, open_store, sqlite_file
from builder_app.store.backups import backups
from builder_app.store.upkeep import Upkeep
from tests.store.places import MIGRATIONS, OWNER
from tests.store.world import FLOW, populate

ROOT = Path(__file__).parents[2]


def upkeep(store: Store) -> Upkeep:
    assert store.upkeep is not None
    return store.upkeep


@pytest.fixture
def killed(path: Path, tmp_path: Path) -> Path:
    """A store as a killed program leaves it: with a write-ahead log."""
    left = tmp_path / "left" / "store.db"
    left.parent.mkdir()
    with open_store(path, MIGRATIONS, OWNER) as store:
        populate(store)
        for ending in ("", "-wal"):
            shutil.copy(path.with_name(path.name + ending), left.with_name(left.name + ending))
    assert left.with_name("store.db-wal").stat().st_size > 0
    return left


def lose_an_index_entry(path: Path) -> None:
    """Damage that a quick check does not see: an index that lacks a row."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        sql = "CREATE INDEX ix_quick_tests_status ON quick_tests (status) WHERE status = 'nothing'"
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'ix_quick_tests_status'", (sql,))
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE quick_tests SET status = 'FAILED'")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        sql = "CREATE INDEX ix_quick_tests_status ON quick_tests (status)"
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = 'ix_quick_tests_status'", (sql,))
        assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]


def test_the_first_start_of_a_day_makes_a_backup_and_the_second_none(store: Store, path: Path) -> None:
    populate(store)
    upkeep(store).run_due()
    upkeep(store).run_due()
    assert len(backups(path)) == 1
    assert store.notices == ()


def test_upkeep_runs_beside_the_work_and_ends_with_the_store(path: Path) -> None:
    with open_store(path, MIGRATIONS, OWNER) as store:
        upkeep(store).start()
        upkeep(store).start()
        store.strategies.create("Meanwhile", FLOW, {})
    assert len(backups(path)) <= 1
    assert not list((path.parent / "backups").glob("*.unfinished"))


def test_a_backup_that_cannot_be_made_is_said_once(store: Store, path: Path) -> None:
    (path.parent / "backups").write_text("a file in the way")
    heard: list[str] = []
    store.said.listen(heard.append)
    for _ in range(3):
        upkeep(store).run_due()
    assert len(store.notices) == 1
    assert "backup" in store.notices[0]
    assert list(store.notices) == heard


def test_a_small_file_is_checked_whole_at_start_after_an_unclean_end(killed: Path) -> None:
    lose_an_index_entry(killed)
    shutil.copy(killed, killed.with_name("again.db"))
    with closing(sqlite3.connect(killed)) as holder:  # the log stays, as after a kill
        holder.execute("UPDATE quick_tests SET test_name = 'x'")
        holder.commit()
        for ending in ("", "-wal"):
            source = killed.with_name(killed.name + ending)
            shutil.copy(source, killed.with_name(f"again.db{ending}"))
    with open_store(killed.with_name("again.db"), MIGRATIONS, OWNER) as store:
        assert "was set aside" in store.notices[0]
        assert len(store.strategies.list().items) == 1


def test_a_large_file_is_checked_beside_the_work_after_an_unclean_end(
    killed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_file, "_CHECKED_AT_START", 0)
    with open_store(killed, MIGRATIONS, OWNER) as store:
        assert upkeep(store).needs_check
        upkeep(store).run_due()
        assert not upkeep(store).needs_check
        assert store.notices == ()
    with open_store(killed, MIGRATIONS, OWNER) as store:
        assert not upkeep(store).needs_check, "it was closed in good order"


def test_damage_found_beside_the_work_is_said_and_mended_at_the_next_start(
    killed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(sqlite3.connect(killed)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    lose_an_index_entry(killed)
    monkeypatch.setattr(sqlite_file, "_CHECKED_AT_START", 0)
    with open_store(killed, MIGRATIONS, OWNER) as store:
        before = store.notices
        upkeep(store).needs_check = True
        upkeep(store).run_due()
        (damage,) = store.notices[len(before) :]
        assert before == ()
        assert "is damaged" in damage
        assert "not deleted" in damage
    assert backups(killed) == ()
    with open_store(killed, MIGRATIONS, OWNER) as store:
        assert "was set aside" in store.notices[0]
        assert [item.name for item in store.strategies.list().items] == ["A strategy"]
    with open_store(killed, MIGRATIONS, OWNER) as store:
        assert store.notices == ()


@pytest.mark.long
def test_a_large_store_opens_within_150_ms_also_after_an_unclean_end(killed: Path) -> None:
    with closing(sqlite3.connect(killed, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        names = [row[1] for row in connection.execute("PRAGMA table_info(code_generations)")]
        new = {"id": "lower(hex(randomblob(18)))", "code_hash": "lower(hex(randomblob(32)))"}
        new["generated_code"] = "hex(zeroblob(10000))"
        numbers = "WITH RECURSIVE k(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM k WHERE i < 10000) SELECT i FROM k"
        copied = (
            f"SELECT {', '.join(new.get(name, name) for name in names)} FROM (SELECT * FROM code_generations LIMIT 1)"
        )
        connection.execute(f"INSERT INTO code_generations {copied}, ({numbers})")
    assert killed.stat().st_size > 200 * 2**20
    seconds = []
    for is_unclean in (False, True, False):
        if is_unclean:
            killed.with_name("store.db-wal").write_bytes(b"\0" * 5000)  # a log that says nothing, as of a kill
        start = time.perf_counter()
        store = open_store(killed, MIGRATIONS, OWNER)
        seconds.append(time.perf_counter() - start)
        assert upkeep(store).needs_check is is_unclean
        store.close()
    assert max(seconds) <= 0.15


def test_a_check_that_was_cut_short_is_done_at_the_next_start(killed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_file, "_CHECKED_AT_START", 0)
    monkeypatch.setattr(Upkeep, "run_due", lambda self: None)
    with open_store(killed, MIGRATIONS, OWNER) as store:
        upkeep(store).start()
    suspect = killed.with_name("store.db.suspect")
    assert suspect.exists()
    with open_store(killed, MIGRATIONS, OWNER) as store:
        assert not upkeep(store).needs_check
    assert not suspect.exists()


HOLD = """
import sys
from pathlib import Path
from builder_app.store import open_store
from tests.store.places import MIGRATIONS, OWNER
with open_store(Path(sys.argv[1]), MIGRATIONS, OWNER) as store:
    print(len(store.notices), flush=True)
    sys.stdin.readline()
"""


def hold(path: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", HOLD, str(path)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_second_program_on_the_same_store_is_noticed_and_said(path: Path) -> None:
    with hold(path) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "0\n"
        with open_store(path, MIGRATIONS, OWNER) as store:
            assert "open in another program" in store.notices[0]
            assert "rare fault" in store.notices[0] or sqlite3.sqlite_version_info >= (3, 51, 3)
            store.strategies.create("Mine", FLOW, {})
            with open_store(path, MIGRATIONS, OWNER) as again:
                assert "open in another program" in again.notices[0]
        other.kill()
    with open_store(path, MIGRATIONS, OWNER) as store:
        assert store.notices == (), "a killed program holds nothing"
        with open_store(path, MIGRATIONS, OWNER) as again:
            assert again.notices == (), "one's own second store is no stranger"
            assert store.notices == ()
        with hold(path) as other:
            assert other.stdout is not None
            assert other.stdout.readline() == "1\n", "the sign stands while one of two stores is open"
            other.kill()
    with hold(path) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "0\n", "and is taken down with the last"
        other.kill()
