"""A damaged file is set aside and named, what is readable lives on, and the newest backup is offered."""

import gzip
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from builder_app.store import Store, StoreUnavailable, open_store
from builder_app.store.backups import back_up
from builder_app.store.migration import known_revisions
from builder_app.store.models import Base
from builder_app.store.replacing import restore_backup
from builder_app.store.sqlite_file import inspect
from tests.store.places import MIGRATIONS, OWNER, RELEASED
from tests.store.world import FLOW, World, steps

PAGE = 4096
Row = tuple[Any, ...]


@pytest.fixture
def filled(populated_file: tuple[Path, World], tmp_path: Path) -> Path:
    return Path(shutil.copy(populated_file[0], tmp_path / "store.db"))


@pytest.fixture(scope="module")
def large_file(populated_file: tuple[Path, World], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose list of strategies and journal lie on many pages."""
    path = Path(shutil.copy(populated_file[0], tmp_path_factory.mktemp("large") / "store.db"))
    with open_store(path, MIGRATIONS, OWNER) as store:
        session = store.sessions.open(None, "Long").id
        store.sessions.write(session, steps(1, 400))
        for number in range(150):
            store.strategies.create(f"Strategy {number}", {**FLOW, "text": "x" * 300}, {})
    return path


@pytest.fixture
def large(large_file: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(large_file, tmp_path / "store.db"))


def every_row(path: Path) -> dict[str, set[Row]]:
    with closing(sqlite3.connect(path)) as connection:
        return {name: set(connection.execute(f"SELECT * FROM {name}")) for name in Base.metadata.tables}


def pages_of(path: Path, table: str) -> list[int]:
    """The leaf pages of a table's rows, by number from 0: those whose first byte says so and that hold its rows."""
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
    octets = path.read_bytes()
    found, waiting = [], [root - 1]
    while waiting:
        number = waiting.pop()
        page = octets[number * PAGE : (number + 1) * PAGE]
        if page[0] == 13:
            found.append(number)
            continue
        assert page[0] == 5
        cells = int.from_bytes(page[3:5], "big")
        pointers = [int.from_bytes(page[12 + 2 * index : 14 + 2 * index], "big") for index in range(cells)]
        waiting += [int.from_bytes(page[at : at + 4], "big") - 1 for at in pointers]
        waiting.append(int.from_bytes(page[8:12], "big") - 1)
    return sorted(found)


def break_pages(path: Path, *numbers: int) -> None:
    octets = bytearray(path.read_bytes())
    for number in numbers:
        octets[number * PAGE : (number + 1) * PAGE] = b"\xa5" * PAGE
    path.write_bytes(octets)


def overwrite_header(octets: bytearray) -> None:
    octets[:100] = b"x" * 100


def overwrite_middle(octets: bytearray) -> None:
    octets[PAGE * 2 : PAGE * 12] = b"\xff" * (PAGE * 10)


def cut_short(octets: bytearray) -> None:
    del octets[PAGE * 5 :]


@pytest.mark.parametrize("damage", [overwrite_header, overwrite_middle, cut_short])
def test_a_damaged_file_is_set_aside_as_it_is_and_named(filled: Path, damage: Callable[[bytearray], None]) -> None:
    octets = bytearray(filled.read_bytes())
    damage(octets)
    filled.write_bytes(octets)
    with open_store(filled, MIGRATIONS, OWNER) as store:
        (notice,) = store.notices
        store.strategies.create("A new one", FLOW, {})
    (aside,) = filled.parent.glob("*.damaged-*")
    assert str(aside) in notice
    assert "nothing was deleted" in notice
    assert "There is no backup." in notice
    assert aside.read_bytes() == octets
    with open_store(filled, MIGRATIONS, OWNER) as store:
        assert store.notices == ()
        assert "A new one" in {item.name for item in store.strategies.list().items}
    assert not list(filled.parent.glob("*reading*")) + list(filled.parent.glob("*carried*"))


def test_a_file_without_its_first_bytes_is_carried_over_whole(large: Path) -> None:
    before = every_row(large)
    octets = bytearray(large.read_bytes())
    overwrite_header(octets)
    large.write_bytes(octets)
    with open_store(large, MIGRATIONS, OWNER) as store:
        assert f"{len(before['strategy_instances'])} strategies" in store.notices[0]
        assert f"{len(before['builder_session_edits'])} steps of drafts" in store.notices[0]
        assert "broken" not in store.notices[0]
    assert every_row(large) == before


def test_rubbish_gives_an_empty_store_and_says_so(path: Path) -> None:
    path.write_bytes(b"rubbish")
    with open_store(path, MIGRATIONS, OWNER) as store:
        assert "Nothing in it could be read" in store.notices[0]
        assert store.strategies.list().items == ()


@pytest.mark.parametrize("table", ["strategy_instances", "builder_session_edits"])
def test_a_broken_page_costs_the_rows_on_it_and_no_others(large: Path, table: str) -> None:
    before = every_row(large)
    pages = pages_of(large, table)
    assert len(pages) > 10
    broken = pages[len(pages) // 2]
    with closing(sqlite3.connect(f"file:{large}?immutable=1", uri=True)) as connection:
        count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    break_pages(large, broken)
    open_store(large, MIGRATIONS, OWNER).close()
    after = every_row(large)
    assert after[table] < before[table]
    assert len(before[table] - after[table]) <= 3 * count / len(pages)
    for name in set(before) - {table}:
        assert after[name] == before[name], name


@pytest.mark.parametrize("seed", range(6))
def test_whatever_pages_break_what_is_carried_over_is_what_was_there(large: Path, seed: int) -> None:
    chance = random.Random(seed)
    before = every_row(large)
    count = large.stat().st_size // PAGE
    break_pages(large, *chance.sample(range(1, count), chance.choice((1, 5, 20))))
    with open_store(large, MIGRATIONS, OWNER) as store:
        store.strategies.create("After all", FLOW, {})
        said = store.notices
    after = every_row(large)
    if not said:  # only pages that no check reads were hit: nothing was set aside
        return
    for table in ("strategy_templates", "node_templates", "code_generations", "builder_session_edits"):
        assert after[table] <= before[table], table
    instances = {row[0]: row for row in before["strategy_instances"]}
    kept = [row for row in after["strategy_instances"] if row[0] in instances]
    assert len(kept) == len(after["strategy_instances"]) - 1
    for row in kept:
        assert row[2:3] == instances[row[0]][2:3] or row[2] is None
    with closing(sqlite3.connect(large)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_rows_that_are_no_rows_are_left_behind_and_counted(large: Path) -> None:
    with closing(sqlite3.connect(large, isolation_level=None)) as connection:
        (count,) = connection.execute("SELECT count(*) FROM strategy_instances").fetchone()
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for number, broken in enumerate(
            (
                "logic_flow = CAST(X'FFFE' AS TEXT)",
                "logic_flow = '{\"half'",
                "created_at = 'yesterday'",
                "version = 'two'",
                "status = 'LOST'",
            )
        ):
            changed = f"UPDATE strategy_instances SET {broken} WHERE name = 'Strategy {number}'"
            assert connection.execute(changed).rowcount == 1
    break_pages(large, pages_of(large, "builder_session_edits")[3])
    with open_store(large, MIGRATIONS, OWNER) as store:
        assert f"{count - 5} strategies" in store.notices[0]
        assert "5 more were found but are broken" in store.notices[0]


def test_a_draft_outlives_its_strategy_and_a_test_does_not(filled: Path) -> None:
    with closing(sqlite3.connect(filled, isolation_level=None)) as connection:
        connection.execute("DELETE FROM strategy_instances")  # foreign keys are off: rows hang in the air
    octets = bytearray(filled.read_bytes())
    overwrite_header(octets)
    filled.write_bytes(octets)
    with open_store(filled, MIGRATIONS, OWNER) as store:
        (session,) = store.sessions.active()
        assert session.instance_id is None
        assert store.sessions.load(session.id).entries == tuple(steps(1, 3))
        assert "more were found but are broken" in store.notices[0]
    left = every_row(filled)
    assert left["quick_tests"] == left["code_generations"] == set()


def test_a_damaged_file_of_an_older_version_is_carried_over_and_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(gzip.decompress((RELEASED / "0001.db.gz").read_bytes()))
    octets = bytearray(path.read_bytes())
    overwrite_header(octets)
    path.write_bytes(octets)
    with open_store(path, MIGRATIONS, OWNER) as store:
        (strategy,) = store.strategies.list().items
        assert store.strategies.get(strategy.id).logic_flow == FLOW
        assert len(store.quick_tests.recent(strategy.id)) == 1
    assert inspect(path).revision == known_revisions(MIGRATIONS)[-1]


def test_the_newest_backup_is_offered_and_put_back_by_an_explicit_call(filled: Path) -> None:
    back_up(filled)
    with open_store(filled, MIGRATIONS, OWNER) as store:
        store.strategies.create("Since the backup", FLOW, {})
    copy = back_up(filled)
    before = every_row(filled)
    octets = bytearray(filled.read_bytes())
    overwrite_middle(octets)
    filled.write_bytes(octets)
    with open_store(filled, MIGRATIONS, OWNER) as store:
        assert str(copy) in store.notices[0]
        assert "strategy-builder restore" in store.notices[0]
        with pytest.raises(StoreUnavailable, match="is open in a program"):
            restore_backup(filled, copy)
    kept = restore_backup(filled, copy)
    assert every_row(filled) == before
    assert kept is not None
    assert inspect(kept).revision == known_revisions(MIGRATIONS)[-1]


@pytest.mark.parametrize("content", [b"rubbish", b"", None])
def test_a_backup_that_is_none_changes_nothing(filled: Path, tmp_path: Path, content: bytes | None) -> None:
    before = filled.read_bytes()
    copy = tmp_path / "copy.db"
    if content is not None:
        copy.write_bytes(content)
    with pytest.raises(StoreUnavailable):
        restore_backup(filled, copy)
    assert filled.read_bytes() == before


def test_a_database_of_another_program_is_no_backup(filled: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "photos.db")) as connection:
        connection.execute("CREATE TABLE photos (id INTEGER)")
    with pytest.raises(StoreUnavailable, match="another program"):
        restore_backup(filled, tmp_path / "photos.db")


def test_a_damaged_backup_is_not_put_back(large: Path) -> None:
    copy = back_up(large)
    break_pages(copy, pages_of(copy, "strategy_instances")[2])
    with pytest.raises(StoreUnavailable, match="damaged"):
        restore_backup(large, copy)


def test_a_program_killed_between_the_two_names_finds_the_finished_file(filled: Path) -> None:
    before = every_row(filled)
    filled.rename(filled.with_name("store.db.carried-over"))
    with open_store(filled, MIGRATIONS, OWNER):
        pass
    assert every_row(filled) == before


def test_a_damaged_file_that_is_open_is_not_taken_from_under_the_program(filled: Path) -> None:
    with open_store(filled, MIGRATIONS, OWNER) as store:
        store.strategies.list()
        octets = bytearray(filled.read_bytes())
        overwrite_header(octets)
        filled.write_bytes(octets)
        with pytest.raises(StoreUnavailable, match="Close that first"):
            open_store(filled, MIGRATIONS, OWNER)
    assert not list(filled.parent.glob("*.damaged-*"))


def names(store: Store) -> set[str]:
    return {item.name for item in store.strategies.list(limit=1000).items}


def test_edits_that_were_still_in_the_log_are_carried_over_too(filled: Path) -> None:
    """The program was killed, and the file is damaged besides: the write-ahead log is read with it."""
    store = open_store(filled, MIGRATIONS, OWNER)
    store.strategies.create("Only in the log", FLOW, {})
    parts = {end: filled.with_name(filled.name + end).read_bytes() for end in ("", "-wal")}
    store.close()
    octets = bytearray(parts[""])
    overwrite_header(octets)
    filled.write_bytes(octets)
    filled.with_name("store.db-wal").write_bytes(parts["-wal"])
    with open_store(filled, MIGRATIONS, OWNER) as store:
        assert len(store.notices) == 1
        assert names(store) == {"A strategy", "Only in the log"}
