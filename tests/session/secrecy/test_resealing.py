"""After a rotation everything in the store is sealed with the new key, and the old one opens nothing any more."""

import multiprocessing
import random
import re
import shutil
import sqlite3
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from builder_app.session import events
from builder_app.session.secrecy import resealing
from builder_app.session.secrecy.resealing import Outcome, StoppedBetween, seal_anew
from builder_app.store import sealed_rows
from builder_app.store.sealed_rows import LONGEST_LOCK
from tests.session.resealing_program import (
    FileKeyring,
    fill_for_two,
    opened,
    run,
    tokens,
    values,
    vault_of,
)
from tests.session.secret_ground import SecretGround, files_holding, secret_of
from tests.session.strategist import OWNER, STRANGER, Ground, open_user_store
from tests.session.test_secrets_kept import with_secret

NURSERY: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
NURSERY.set_forkserver_preload(["tests.session.resealing_program", "tests.session.editing_program"])


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resealing, "SECONDS_BETWEEN_PASSES", 0.01)


@pytest.fixture
def folder(home: Ground) -> Path:
    fill_for_two(home.folder, 6)
    return home.folder


def sealed_anew(folder: Path) -> Outcome:
    with open_user_store(folder, OWNER) as store:
        outcome = seal_anew(store, vault_of(folder), lambda _rows: None)
    assert outcome is not None
    return outcome


def rotate(folder: Path) -> None:
    vault_of(folder).rotate()


def test_every_value_of_everybody_opens_after_a_rotation_and_the_old_key_opens_nothing(
    folder: Path, tmp_path: Path
) -> None:
    before = values(folder)
    assert {table: len(given) for table, given in before.items()} == {
        "strategy_instances": 48,
        "builder_sessions": 24,
        "builder_session_edits": 72,
        "quick_tests": 24,
        "code_generations": 24,
    }
    assert all(value is not None for given in before.values() for value in given)
    for name in ("strategies.db.keys", "keyring.json"):
        (tmp_path / "old").mkdir(exist_ok=True)
        shutil.copy(folder / name, tmp_path / "old" / name)
    rotate(folder)
    outcome = sealed_anew(folder)
    assert outcome.rows == 96
    assert outcome.keys_kept == frozenset()
    assert values(folder) == before
    old = {user: vault_of(tmp_path / "old", user) for user in (OWNER.user_id, STRANGER.user_id)}
    assert [token for _, user, owner, token in tokens(folder) if opened(old[user], owner, token) is not None] == []
    assert vault_of(folder).retired() == frozenset()
    assert len(FileKeyring(folder)._read()) == 1
    assert files_holding(folder, "canary-7f3a9") == []


def test_nothing_but_the_ciphertexts_and_checksums_is_different_after_it(folder: Path) -> None:
    before = everything(folder)
    rotate(folder)
    sealed_anew(folder)
    assert everything(folder) == before


def everything(folder: Path) -> list[Any]:
    def bare(value: Any) -> Any:
        return re.sub(r"1\.[0-9a-f]{16}\.[\w=-]+", "TOKEN", value) if isinstance(value, str) else value

    found = []
    with closing(sqlite3.connect(folder / "strategies.db")) as connection:
        connection.row_factory = sqlite3.Row
        for table in (
            "strategy_instances",
            "builder_sessions",
            "builder_session_edits",
            "quick_tests",
            "code_generations",
        ):
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2"):
                columns = {name: bare(row[name]) for name in row.keys() if "checksum" not in name}  # noqa: SIM118
                found.append((table, columns))
    return found


def test_the_checksums_of_drafts_steps_and_texts_hold_after_it(folder: Path) -> None:
    rotate(folder)
    sealed_anew(folder)
    read = 0
    with open_user_store(folder, OWNER) as store, closing(sqlite3.connect(folder / "strategies.db")) as connection:
        for id, instance in connection.execute(
            "SELECT id, instance_id FROM builder_sessions WHERE user_id = ? AND is_deleted = 0", (OWNER.user_id,)
        ):
            loaded = store.sessions.load(id)
            assert loaded.draft_is_whole
            assert loaded.problem == ""
            assert len(loaded.kept) == 4
            latest = store.generations.latest(instance, "standalone")
            read += latest is not None
    assert read >= 4


def test_a_row_that_was_damaged_is_left_as_it_is_and_keeps_the_old_key(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "strategies.db")) as connection:
        (id, text) = connection.execute("SELECT id, draft_logic_flow FROM builder_sessions LIMIT 1").fetchone()
        damaged = text.replace("fast", "fart", 1)
        connection.execute("UPDATE builder_sessions SET draft_logic_flow = ? WHERE id = ?", (damaged, id))
        connection.commit()
    rotate(folder)
    outcome = sealed_anew(folder)
    assert outcome.keys_kept == vault_of(folder).retired() != frozenset()
    assert "cannot be read" in resealing.sentence(outcome)
    with closing(sqlite3.connect(folder / "strategies.db")) as connection:
        query = "SELECT draft_logic_flow FROM builder_sessions WHERE id = ?"
        assert connection.execute(query, (id,)).fetchone() == (damaged,)
    assert all(value is not None for given in values(folder).values() for value in given)


def test_a_row_that_someone_writes_meanwhile_is_not_overwritten(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rotate(folder)
    real = sealed_rows.exchange
    changed: list[str] = []

    def late(connections: Any, rows: Any) -> tuple[int, float]:
        if not changed:
            with closing(sqlite3.connect(folder / "strategies.db")) as connection:
                changed.append(rows[0][0].values["id"])
                connection.execute("UPDATE strategy_instances SET parameters = '{}' WHERE id = ?", changed)
                connection.commit()
        return real(connections, rows)

    monkeypatch.setattr(resealing, "exchange", late)
    before = values(folder)
    sealed_anew(folder)
    with closing(sqlite3.connect(folder / "strategies.db")) as connection:
        query = "SELECT parameters FROM strategy_instances WHERE id = ?"
        assert connection.execute(query, changed).fetchone() == ("{}",)
    assert vault_of(folder).retired() == frozenset()
    after = values(folder)
    assert None not in after["strategy_instances"]
    assert len(after["strategy_instances"]) == len(before["strategy_instances"]) - 1


def test_the_write_lock_is_held_for_moments(folder: Path) -> None:
    rotate(folder)
    assert 0 < sealed_anew(folder).longest_lock <= LONGEST_LOCK


def test_stopped_in_the_middle_it_goes_on_with_the_next_call(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resealing, "ROWS_AT_ONCE", 5)
    before = values(folder)
    rotate(folder)
    stopping = threading.Event()
    with open_user_store(folder, OWNER) as store, pytest.raises(StoppedBetween):
        seal_anew(store, vault_of(folder), lambda _rows: stopping.set(), stopping)
    assert values(folder) == before
    assert vault_of(folder).retired()
    sealed_anew(folder)
    assert values(folder) == before
    assert not vault_of(folder).retired()


def killed_after(folder: Path, words: int) -> int:
    """Let a program seal anew, kill it (-9) after so many words; its last one, -1 where it was done before."""
    hears, says = NURSERY.Pipe(duplex=False)
    process = NURSERY.Process(target=run, args=(folder, says), daemon=True)
    process.start()
    says.close()
    said = 0
    try:
        for _ in range(words):
            said = hears.recv()
        process.kill()
        while True:
            said = hears.recv()
    except (EOFError, OSError):
        return said
    finally:
        process.kill()
        process.join()
        process.close()
        hears.close()


def test_killed_in_the_middle_five_times_no_value_is_lost(folder: Path) -> None:
    chance = random.Random(5)
    before = values(folder)
    in_the_middle = 0
    for _ in range(5):
        said = killed_after(folder, chance.randint(2, 6))
        in_the_middle += said > 0
        assert values(folder) == before
        if said != -1:
            assert len(vault_of(folder).retired()) == 1
    assert in_the_middle == 5
    sealed_anew(folder)
    assert values(folder) == before
    assert vault_of(folder).retired() == frozenset()
    with closing(sqlite3.connect(folder / "strategies.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_session_does_it_behind_the_window_and_says_when_it_is_done(home: Ground) -> None:
    ground = SecretGround(home.folder, home.catalogue, home.runner)
    with ground.strategist() as work:
        document, node = with_secret(work, saved=True)
        work.result_of(document)
        work.settle()
        work.session.secrets.rotate()
        work.until(lambda: any(event.is_over for event in work.heard(events.SecretsSealedAnew)))
        (told,) = (event for event in work.heard(events.SecretsSealedAnew) if event.is_over)
        assert "The old key is destroyed" in told.message
        vault = work.session.rooms.vault
        assert not vault.retired()
        found = tokens(home.folder)
        assert {table for table, *_ in found} >= {"strategy_instances", "quick_tests", "code_generations"}
        assert all(vault.is_current(token) for *_, token in found)
    with ground.strategist() as later:
        assert secret_of(later.document.flow, node).is_set
        later.document.undo()


def test_the_next_start_goes_on_with_what_a_rotation_left_to_do(home: Ground) -> None:
    ground = SecretGround(home.folder, home.catalogue, home.runner)
    with ground.strategist() as work:
        document, node = with_secret(work, saved=True)
        work.session.close_document(document)
        work.settle()
        work.session.rooms.vault.rotate()
    with ground.strategist() as later:
        later.until(lambda: any(event.is_over for event in later.heard(events.SecretsSealedAnew)))
        assert not later.session.rooms.vault.retired()
        assert secret_of(later.session.open_strategy(str(document.instance)).flow, node).is_set


def test_while_another_program_has_the_store_open_the_old_key_stays_and_the_next_call_destroys_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rotate(folder)
    before = values(folder)
    with monkeypatch.context() as patch:
        patch.setattr(resealing, "another_has_open", lambda _path: True)
        outcome = sealed_anew(folder)
    assert outcome.rows == 96
    assert "Another program" in resealing.sentence(outcome)
    assert len(vault_of(folder).retired()) == 1
    assert sealed_anew(folder).rows == 0
    assert vault_of(folder).retired() == frozenset()
    assert values(folder) == before
