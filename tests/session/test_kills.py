"""A program is killed while a strategist draws or tests: what it said was saved is there, with the whole history."""

import multiprocessing
import random
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from builder_app.session.drafts.drafts import UNDO_ENTRIES_KEPT
from builder_app.store.repositories.quick_tests import PROCESS_WAS_GONE
from builder_app.store.vocabulary import TestStatus
from tests.session.editing_program import run, scripted
from tests.session.strategist import Ground

NURSERY: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "forkserver")
NURSERY.set_forkserver_preload(["tests.session.editing_program"])


def killed_after(what: str, folder: Path, words: int) -> int:
    """Let a program work, kill it at any moment after so many words, and return the last one that it said."""
    hears, says = NURSERY.Pipe(duplex=False)
    process = NURSERY.Process(target=run, args=(what, folder, says), daemon=True)
    process.start()
    says.close()
    said: int = -1
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


def lose_nothing(home: Ground, kills: int) -> None:
    """Kill again and again; after each kill every acknowledged edit is there, and the whole history with it."""
    chance = random.Random(20260301)
    durable = 0
    for number in range(kills):
        durable = max(durable, killed_after("edits", home.folder, chance.randint(1, 20)))
        with home.strategist() as work:
            document = work.document
            assert document.sequence >= durable
            durable = document.sequence
            model = scripted(durable)
            assert document.flow == model.flow
            if durable <= UNDO_ENTRIES_KEPT:
                assert document.history == model.history
        if number % 10 == 9 or number == kills - 1:
            undo_to_the_beginning(home)
    assert durable > 10 * kills
    with closing(sqlite3.connect(home.folder / "strategies.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def undo_to_the_beginning(home: Ground) -> None:
    """Undo every step that is known, on a copy that is not kept, and take every one again."""
    with home.strategist() as work:
        document = work.document
        flow, place = document.flow, document.history.position
        document.on_change = lambda *_change: None
        sequence = document.sequence
        document.jump(0)
        if sequence <= UNDO_ENTRIES_KEPT:
            assert not document.flow.nodes
        document.jump(place)
        assert document.flow == flow
        document.sequence = sequence


def test_no_acknowledged_edit_is_lost_when_the_program_is_killed(home: Ground) -> None:
    lose_nothing(home, kills=10)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_no_acknowledged_edit_is_lost_in_200_kills(home: Ground) -> None:
    lose_nothing(home, kills=200)


def test_program_killed_while_it_tests_comes_back_with_its_draft_and_a_closed_test(home: Ground) -> None:
    chance = random.Random(7)
    for _ in range(3):
        durable = killed_after("test", home.folder, chance.randint(1, 3))
        assert durable > 0
        with home.strategist() as work:
            document = work.document
            assert document.sequence >= durable
            assert document.flow.parameters["fast_period"].value != 10
            assert document.instance is not None
            rows = work.store.quick_tests.recent(document.instance, 100)
            assert all(row.status in (TestStatus.COMPLETED, TestStatus.FAILED) for row in rows)
            assert {row.error_message for row in rows if row.status is TestStatus.FAILED} <= {PROCESS_WAS_GONE}
            work.until(lambda document=document: document.is_coded)  # type: ignore[misc]
            assert len(work.result_of(document).trades) > 0
