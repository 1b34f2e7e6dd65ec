"""What was acknowledged is on disk: programs are killed while they write, and two write at once."""

import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from builder_app.store import open_store
from tests.store.places import MIGRATIONS, OWNER
from tests.store.writer import KEPT, SNAPSHOT_EVERY, edit

ROOT = Path(__file__).parents[2]


def start(*arguments: str | Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "tests.store.writer", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def let_go(process: "subprocess.Popen[bytes]") -> None:
    assert process.stdin is not None
    process.stdin.write(b"go\n")
    process.stdin.flush()


def acknowledged_until_killed(process: "subprocess.Popen[bytes]", edits: int) -> int:
    """Let a program write at least this many edits, kill it at any moment, and return the last it acknowledged."""
    let_go(process)
    with process:
        assert process.stdout is not None
        for _ in range(edits):
            assert process.stdout.readline()
        process.kill()
        rest = process.stdout.read().split(b"\n")
    complete = rest[:-1]  # what follows the last line's end was cut off
    return int(complete[-1]) if complete else -1


def lose_nothing(path: Path, kills: int) -> None:
    chance = random.Random(20260101)
    with open_store(path, MIGRATIONS, OWNER) as store:
        session = store.sessions.open(None, "Killed").id
    last = 0
    spare = start("edits", path, session)
    for number in range(1, kills + 1):
        process = spare
        if number < kills:
            spare = start("edits", path, session)
        written = chance.randint(1, 60)
        acknowledged = max(acknowledged_until_killed(process, written), last + written)
        with open_store(path, MIGRATIONS, OWNER) as store:
            assert store.notices == ()
            loaded = store.sessions.load(session)
        assert loaded.problem == ""
        assert loaded.last_sequence in (acknowledged, acknowledged + 1)
        assert loaded.sequence == loaded.last_sequence // SNAPSHOT_EVERY * SNAPSHOT_EVERY
        assert loaded.logic_flow == ({"up to": loaded.sequence} if loaded.sequence else None)
        steps = [*loaded.kept, *loaded.entries]
        first = max(1, loaded.sequence - KEPT + 1)
        assert [step.sequence for step in steps] == list(range(first, loaded.last_sequence + 1))
        assert [step.edit for step in steps] == [edit(step.sequence) for step in steps]
        last = loaded.last_sequence
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_no_acknowledged_edit_is_lost_when_the_program_is_killed(path: Path) -> None:
    lose_nothing(path, kills=10)


@pytest.mark.long
def test_no_acknowledged_edit_is_lost_in_200_kills(path: Path) -> None:
    lose_nothing(path, kills=200)


def test_two_programs_writing_at_once_lose_nothing(path: Path) -> None:
    count = 100
    with open_store(path, MIGRATIONS, OWNER) as store:
        shared = store.strategies.create("Shared", {}, {})
    writers = [start("strategies", path, shared.id, name, str(count)) for name in ("first", "second")]
    for writer in writers:
        let_go(writer)
    for writer in writers:
        with writer:
            assert writer.wait(timeout=120) == 0
    with open_store(path, MIGRATIONS, OWNER) as store:
        names = {summary.name for summary in store.strategies.list(limit=1000).items}
        assert names == {"Shared", *(f"{name} {number}" for name in ("first", "second") for number in range(count))}
        assert store.strategies.get(shared.id).version == 1 + 2 * count
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM code_generations").fetchone() == (2 * count,)
