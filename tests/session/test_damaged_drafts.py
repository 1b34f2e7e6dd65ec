"""A damaged draft that was set aside is said to the strategist once, and is not opened again and again."""

import datetime
import sqlite3
from contextlib import closing
from functools import partial

import pytest

from builder_app.market.library import Library
from builder_app.session import events
from builder_app.session.care.maintenance import damaged_drafts
from builder_app.session.care.upkeep import clean_up
from builder_app.store import Store, StoreUnavailable, clock
from builder_app.store.repositories.session_life import SessionLife
from builder_app.store.retention import run_job
from builder_app.store.retention_rules import Job
from tests.session.strategist import OWNER, Ground, Strategist, open_user_store

TOLD = "stays in the store for 30 days"


def damaged_draft(home: Ground) -> str:
    """A draft that was open when the program ended, and one flipped value in it since; its id."""
    with home.strategist() as work:
        draft = work.open_example().id
    with closing(sqlite3.connect(home.folder / "strategies.db")) as connection:
        changed = connection.execute("UPDATE builder_sessions SET draft_parameters = '{}' WHERE id = ?", (draft,))
        assert changed.rowcount == 1
        connection.commit()
    return draft


def told(work: Strategist) -> list[str]:
    """What was said about drafts that are damaged."""
    return [event.message for event in work.heard(events.Refused) if TOLD in event.message]


def waiting(store: Store) -> list[str]:
    """The damaged drafts that the strategist was not told of yet."""
    return [draft.id for draft in store.session_life.set_aside_untold()]


def test_damaged_draft_is_told_of_once_and_kept(home: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = damaged_draft(home)
    with home.strategist() as work:
        assert waiting(work.store) == [draft]
        work.until(lambda: bool(told(work)))
        work.until(lambda: waiting(work.store) == [])
        assert told(work) == [damaged_drafts(["Moving average crossover"])]
        kept = work.store.sessions.load(draft).session
        assert not kept.is_active
    with home.strategist() as again:
        again.session.maintenance.look()
        again.mailbox.run_waiting()
        assert told(again) == []
        assert again.session.documents == {}
    now = clock.now()
    for days, is_there in ((29, True), (31, False)):
        monkeypatch.setattr(clock, "now", lambda days=days: now + datetime.timedelta(days=days))
        with home.strategist() as later:
            run_job(later.store.connections, Job.SESSIONS, clock.now())
            found = [record.id for record in later.store.sessions.list().items]
            assert (draft in found) is is_there


def test_program_that_ends_before_it_could_tell_tells_at_the_next_start(home: Ground) -> None:
    draft = damaged_draft(home)
    with home.strategist() as work:
        assert told(work) == []  # nobody looked into the mailbox
    with home.store() as store:
        assert waiting(store) == [draft]
    with home.strategist() as work:
        work.until(lambda: bool(told(work)))
        work.until(lambda: waiting(work.store) == [])


def test_what_was_told_but_not_kept_as_told_is_told_again(home: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    damaged_draft(home)

    def refuse(*_given: object) -> None:
        raise StoreUnavailable("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(SessionLife, "told", refuse)
        with home.strategist() as work:
            work.until(lambda: bool(told(work)))
    with home.strategist() as work:
        work.until(lambda: bool(told(work)))


def test_maintaining_from_a_terminal_keeps_it_and_counts_it_as_waiting(
    home: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = damaged_draft(home)
    with home.strategist():
        pass
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + datetime.timedelta(days=400))
    library = partial(Library, home.folder / "prices")
    done = clean_up(lambda: open_user_store(home.folder, OWNER), library, dry_run=False)
    assert done.drafts_waiting == 1
    with home.store() as store:
        assert waiting(store) == [draft]


@pytest.mark.parametrize(
    ("names", "begin"),
    [
        (["A"], "The draft 'A' is damaged on disk. As much of it as"),
        (["A", ""], "The drafts 'A', 'Untitled strategy' are damaged on disk. As much of them as"),
        (list("ABCDE"), "The drafts 'A', 'B', 'C' and 2 more are damaged on disk."),
    ],
)
def test_sentence_names_the_drafts(names: list[str], begin: str) -> None:
    assert damaged_drafts(names).startswith(begin)
