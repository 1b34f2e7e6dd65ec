"""Start-up never loses a file: it makes, migrates, refuses or sets aside, and says which."""

import os
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from builder_app.store import Store, StoreUnavailable, open_store
from builder_app.store.migration import known_revisions
from builder_app.store.sqlite_file import inspect
from tests.store.next_version import NEXT
from tests.store.places import MIGRATIONS, OWNER
from tests.store.world import FLOW, populate

GOES_WRONG = 'op.execute("INSERT INTO nowhere VALUES (1)")'
COMMITS_HALF_WAY = f'op.execute("DELETE FROM strategy_instances"); op.execute("COMMIT"); {GOES_WRONG}'
MAKES_ORPHANS = "op.execute(\"UPDATE quick_tests SET instance_id = 'nowhere'\")"


def dump(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return list(connection.iterdump())


@pytest.fixture
def filled(path: Path) -> Path:
    with open_store(path, MIGRATIONS, OWNER) as store:
        populate(store)
    return path


def test_a_missing_file_is_made_with_its_folders_and_settings(tmp_path: Path) -> None:
    place = tmp_path / "new folder é" / "deeper" / "my store #1?.db"
    with open_store(place, MIGRATIONS, OWNER) as store:
        assert store.notices == ()
        assert store.location == str(place)
        wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10000}
        wanted |= {"fullfsync": 1, "checkpoint_fullfsync": 1}
        for engine in store.connections.engines:
            with engine.connect() as connection:
                found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
            assert found == wanted
    assert inspect(place).revision == known_revisions(MIGRATIONS)[-1]


def test_text_and_urls_name_the_same_file(filled: Path) -> None:
    for place in (str(filled), f"sqlite:///{filled}", f"sqlite+pysqlite:///{filled}"):
        with open_store(place, MIGRATIONS, OWNER) as store:
            assert len(store.strategies.list().items) == 1


@pytest.mark.parametrize("place", ["sqlite://", "sqlite:///:memory:", "nonsense://x", "http://[", "mystore://a/b"])
def test_a_place_that_is_none_is_refused_in_a_sentence(place: str) -> None:
    with pytest.raises(StoreUnavailable, match=r"\.$"):
        open_store(place, MIGRATIONS, OWNER)


def test_a_file_of_this_version_is_opened_without_a_backup(filled: Path) -> None:
    before = dump(filled)
    with open_store(filled, MIGRATIONS, OWNER) as store:
        assert store.notices == ()
    assert dump(filled) == before
    assert not (filled.parent / "backups").exists()


def test_an_older_file_is_copied_and_then_migrated(filled: Path, next_version: Callable[[str], Path]) -> None:
    before = dump(filled)
    with open_store(filled, next_version("pass"), OWNER) as store:
        assert len(store.strategies.list().items) == 1
        (notice,) = store.notices
    assert inspect(filled).revision == NEXT
    (copy,) = (filled.parent / "backups").iterdir()
    assert str(copy) in notice
    assert dump(copy) == before


@pytest.mark.parametrize("then", [GOES_WRONG, COMMITS_HALF_WAY, MAKES_ORPHANS])
def test_a_failed_migration_leaves_the_file_as_it_was(
    filled: Path, next_version: Callable[[str], Path], then: str
) -> None:
    before = dump(filled)
    with pytest.raises(StoreUnavailable, match="put back as it was"):
        open_store(filled, next_version(then), OWNER)
    assert dump(filled) == before
    with open_store(filled, MIGRATIONS, OWNER) as store:
        assert len(store.strategies.list().items) == 1


def test_a_failed_migration_can_be_tried_again(filled: Path, next_version: Callable[[str], Path]) -> None:
    with pytest.raises(StoreUnavailable):
        open_store(filled, next_version(GOES_WRONG), OWNER)
    open_store(filled, next_version("pass"), OWNER).close()
    assert inspect(filled).revision == NEXT
    assert len(list((filled.parent / "backups").iterdir())) == 2


def test_a_newer_file_is_refused_untouched_with_a_way_out(filled: Path, next_version: Callable[[str], Path]) -> None:
    open_store(filled, next_version("pass"), OWNER).close()
    octets = filled.read_bytes()
    with pytest.raises(StoreUnavailable, match=rf"newer version.*{NEXT}.*Install the newer"):
        open_store(filled, MIGRATIONS, OWNER)
    assert filled.read_bytes() == octets


def test_a_database_of_another_program_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "photos.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (id INTEGER)")
    octets = path.read_bytes()
    with pytest.raises(StoreUnavailable, match="another program"):
        open_store(path, MIGRATIONS, OWNER)
    assert path.read_bytes() == octets


def test_a_second_damaged_file_does_not_overwrite_the_first(filled: Path) -> None:
    for _ in range(3):
        filled.write_bytes(b"rubbish")
        open_store(filled, MIGRATIONS, OWNER).close()
    assert len(list(filled.parent.glob("*.damaged-*"))) == 3


def test_an_empty_file_is_a_new_store(tmp_path: Path) -> None:
    (tmp_path / "store.db").touch()
    with open_store(tmp_path / "store.db", MIGRATIONS, OWNER) as store:
        assert store.notices == ()


def test_a_folder_in_the_way_is_named_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder", "utf-8")
    for place in (tmp_path, tmp_path / "file" / "store.db"):
        with pytest.raises(StoreUnavailable, match="could not be opened"):
            open_store(place, MIGRATIONS, OWNER)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="file rights bind neither here nor the superuser")
def test_a_folder_without_the_right_to_write_is_named_in_a_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreUnavailable, match="may not write there"):
        open_store(tmp_path / "store.db", MIGRATIONS, OWNER)
    tmp_path.chmod(0o700)


def open_at_once(path: Path, count: int) -> list[Store]:
    """The stores that this many threads get which open the same file at the same moment."""
    together = threading.Barrier(count)

    def enter() -> Store:
        together.wait()
        return open_store(path, MIGRATIONS, OWNER)

    with ThreadPoolExecutor(count) as pool:
        return [future.result() for future in [pool.submit(enter) for _ in range(count)]]


def test_many_openings_at_once_make_one_store(tmp_path: Path) -> None:
    stores = open_at_once(tmp_path / "store.db", 4)
    for number, store in enumerate(stores):
        store.strategies.create(f"From {number}", FLOW, {})
    assert all(len(store.strategies.list().items) == 4 for store in stores)
    for store in stores:
        store.close()


def test_many_openings_at_once_set_a_damaged_file_aside_once(path: Path) -> None:
    path.write_bytes(b"rubbish")
    stores = open_at_once(path, 6)
    assert sorted(len(store.notices) for store in stores) == [0, 0, 0, 0, 0, 1]
    assert len(list(path.parent.glob("*.damaged-*"))) == 1
    for store in stores:
        store.close()
