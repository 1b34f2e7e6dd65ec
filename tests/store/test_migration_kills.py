"""A program killed at any moment of a migration, or of making a store, leaves one that opens whole."""

import gzip
import random
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from builder_app.store import open_store
from builder_app.store.migration import known_revisions
from builder_app.store.sqlite_file import inspect
from tests.store.places import MIGRATIONS, OWNER, RELEASED

ROOT = Path(__file__).parents[2]
OLDEST, NEWEST = known_revisions(MIGRATIONS)[0], known_revisions(MIGRATIONS)[-1]
Content = dict[str, Any]


def spare(path: Path) -> "subprocess.Popen[str]":
    """A program that is ready to open this store."""
    command = [sys.executable, "-m", "tests.store.migrator", str(path)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    return process


def let_go(process: "subprocess.Popen[str]") -> None:
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


def seconds_to_open(path: Path) -> float:
    with spare(path) as process:
        assert process.stdout is not None
        let_go(process)
        start = time.perf_counter()
        assert process.stdout.readline() == "open\n"
        seconds = time.perf_counter() - start
        process.kill()
    return seconds


def content(path: Path) -> Content:
    """The definitions of everything in the file, and every row."""
    with closing(sqlite3.connect(path)) as connection:
        found: Content = {"": connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY name").fetchall()}
        for kind, name, _ in found[""]:
            if kind == "table":
                found[name] = sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return found


def kill_and_open(path: Path, after: float) -> str | None:
    """Kill a program so many seconds after it began to open the store; the revision that is found then."""
    with spare(path) as process:
        let_go(process)
        time.sleep(after)
        process.kill()
    found = inspect(path)
    with open_store(path, MIGRATIONS, OWNER) as store:
        assert not any("set aside" in notice for notice in store.notices)
    return found.revision


def kill_often(folder: Path, saved: bytes, kills: int) -> Counter[str | None]:
    """Kill at moments spread over the whole opening; each time the store must then open as if nothing had been."""
    reference = folder / "reference" / "store.db"
    reference.parent.mkdir()
    if saved:
        reference.write_bytes(saved)
    seconds = seconds_to_open(reference)
    with open_store(reference, MIGRATIONS, OWNER):
        pass
    wanted = content(reference)
    chance = random.Random(20260102)
    found: Counter[str | None] = Counter()
    for number in range(kills):
        path = folder / str(number) / "store.db"
        path.parent.mkdir()
        if saved:
            path.write_bytes(saved)
        found[kill_and_open(path, seconds * chance.uniform(0, 1.2))] += 1
        assert content(path) == wanted
        for copy in (path.parent / "backups").glob("*.db"):
            assert inspect(copy).revision == OLDEST, "a copy that has a copy's name is whole and from before"
    return found


def first_release() -> bytes:
    return gzip.decompress((RELEASED / f"{OLDEST}.db.gz").read_bytes())


def test_a_kill_during_a_migration_loses_nothing(tmp_path: Path) -> None:
    found = kill_often(tmp_path, first_release(), 10)
    assert set(found) <= {OLDEST, NEWEST}, "one transaction: nothing in between"


def test_a_kill_while_a_store_is_made_leaves_one_that_can_be_made(tmp_path: Path) -> None:
    assert set(kill_often(tmp_path, b"", 5)) <= {None, NEWEST}


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_two_hundred_kills_during_a_migration_lose_nothing(tmp_path: Path) -> None:
    found = kill_often(tmp_path, first_release(), 200)
    assert set(found) == {OLDEST, NEWEST}, "kills fell before and after the moment that counts"


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_two_hundred_kills_while_a_store_is_made_leave_one_that_can_be_made(tmp_path: Path) -> None:
    assert set(kill_often(tmp_path, b"", 200)) == {None, NEWEST}
