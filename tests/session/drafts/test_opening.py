"""Recovery: older drafts are offered, damaged ones set aside, and another window's work is never overwritten."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import pytest

from builder_app.flow.edits import RenameStrategy
from builder_app.session import events
from builder_app.session.drafts.document import Document
from builder_app.session.shelf.listing import open_listed, strategies
from builder_app.store import Store
from tests.session.strategist import Ground, Strategist, crash, set_parameter


def saved_draft(work: Strategist) -> tuple[Document, str]:
    """An open draft with one edit more than its saved strategy, and the strategy's id."""
    document = work.open_example()
    work.session.save(document)
    instance = work.until_told(events.StrategySaved).instance
    set_parameter(document, "fast_period", 17)
    return document, instance


def save_elsewhere(store: Store, instance: str, name: str) -> None:
    """Another window saves the strategy under another name."""
    record = store.strategies.get(instance)
    store.strategies.save(instance, {**record.logic_flow, "name": name}, record.parameters, name)


def damage(home: Ground, statement: str) -> None:
    with closing(sqlite3.connect(home.folder / "strategies.db", isolation_level=None)) as connection:
        assert connection.execute(statement).rowcount >= 1


def test_draft_older_than_its_saved_strategy_is_offered_and_not_forced(home: Ground) -> None:
    with home.strategist() as work:
        draft, instance = saved_draft(work)
    with home.store() as store:
        save_elsewhere(store, instance, "Newer")
    for _ in range(2):  # what was said once is not forgotten, and nothing piles up
        with home.strategist() as work:
            opened = work.document
            assert opened.name == "Newer"
            assert not opened.is_draft
            listed = {item.name: item for item in strategies(work.session)}
            assert set(listed) == {"Newer", f"{draft.name} (older draft)"}
    with home.strategist() as work:
        older = next(item for item in strategies(work.session) if "older draft" in item.name)
        chosen = open_listed(work.session, older.id)
        assert chosen.flow == draft.flow
        assert "Save puts it in the place of the saved one" in chosen.note
        work.session.save(chosen)
        work.until_told(events.StrategySaved)
        assert work.store.strategies.get(instance).parameters["fast_period"]["value"] == 17


def test_note_says_that_there_is_an_older_draft(home: Ground) -> None:
    with home.strategist() as work:
        draft, instance = saved_draft(work)
        work.session.close_document(draft)
    with home.strategist() as work:
        save_elsewhere(work.store, instance, "Newer")
        opened = work.session.open_strategy(instance)
        assert opened.name == "Newer"
        assert "older draft is on the start page" in opened.note
        assert work.session.open_strategy(instance) is opened


def test_draft_that_goes_on_from_the_newest_version_is_opened(home: Ground) -> None:
    with home.strategist() as work:
        draft, instance = saved_draft(work)
        work.session.save(draft)
        work.until_told(events.StrategySaved, 2)
        set_parameter(draft, "fast_period", 18)
        work.session.close_document(draft)
    with home.strategist() as work:
        assert work.session.open_strategy(instance).flow == draft.flow


def test_draft_of_a_strategy_that_was_deleted_elsewhere_is_still_opened(home: Ground) -> None:
    with home.strategist() as work:
        draft, instance = saved_draft(work)
    with home.store() as store:
        store.strategies.soft_delete(instance)
    with home.strategist() as work:
        assert (work.document.flow, work.document.instance) == (draft.flow, None)
        work.session.save(work.document)
        assert work.until_told(events.StrategySaved).instance != instance


def test_two_windows_on_one_draft_lose_nothing_of_either(home: Ground) -> None:
    with home.strategist() as first:
        mine = first.open_example()
        set_parameter(mine, "fast_period", 11)
        first.settle()
        with home.strategist() as second:
            theirs = second.document
            assert theirs.flow == mine.flow
            set_parameter(theirs, "fast_period", 12)
            second.settle()
            set_parameter(mine, "slow_period", 44)
            set_parameter(mine, "slow_period", 45)
            first.until_told(events.DocumentOpened, 2)
            moved = first.document
            assert moved is mine
            assert moved.id != theirs.id
            assert "another window" in moved.note
            set_parameter(mine, "slow_period", 46)
            first.settle()
            assert first.heard(events.DocumentClosed)[0].document == theirs.id
            assert mine.durable == mine.sequence
            theirs.undo()
            second.settle()
            assert second.heard(events.DocumentOpened)[1:] == []
    with home.strategist() as work:
        flows = {id: document.flow for id, document in work.session.documents.items()}
        assert flows == {theirs.id: theirs.flow, mine.id: mine.flow}
        assert flows[mine.id].parameters["fast_period"].value == 11
        again = work.session.documents[mine.id]
        again.undo()
        assert again.flow.parameters["slow_period"].value == 45


def test_draft_whose_session_was_removed_goes_on_in_a_new_one(home: Ground) -> None:
    with home.strategist() as work:
        document = work.open_example()
        work.settle()
        damage(home, "DELETE FROM builder_sessions")
        document.edit(RenameStrategy("Still here"))
        work.until_told(events.DocumentOpened, 2)
        work.settle()
    with home.strategist() as work:
        assert work.document.name == "Still here"


def test_damaged_step_costs_only_what_comes_after_it(home: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.store() as store:
        work = Strategist(home.rooms(store))
        work.session.start()
        document = work.open_example()
        work.settle()
        for period in range(11, 21):
            set_parameter(document, "fast_period", period)
        work.settle()
        crash(work, monkeypatch)
    damage(home, "UPDATE builder_session_edits SET edit = replace(edit, 'value', 'worth') WHERE sequence = 6")
    with home.strategist() as work:
        recovered = work.document
        assert recovered.flow.parameters["fast_period"].value == 15
        assert recovered.id != document.id
        assert "up to the first damaged part" in recovered.note
        assert "Nothing was deleted" in recovered.note
        recovered.undo()
        assert recovered.flow.parameters["fast_period"].value == 14
        set_parameter(recovered, "fast_period", 33)
    with home.strategist() as work:
        assert work.document.flow.parameters["fast_period"].value == 33
        work.document.undo()
        work.document.undo()
        assert work.document.flow.parameters["fast_period"].value == 14


def test_damaged_snapshot_is_set_aside_and_the_saved_strategy_can_be_opened(home: Ground) -> None:
    with home.strategist() as work:
        draft, instance = saved_draft(work)
    damage(home, "UPDATE builder_sessions SET draft_parameters = '{}'")
    with home.strategist() as work:
        assert work.session.documents == {}
        said = work.heard(events.Refused)[0].message
        assert "is set aside" in said
        assert "from the start page" in said
        opened = work.session.open_strategy(instance)
        assert opened.flow.parameters["fast_period"].value == 10
        with closing(sqlite3.connect(home.folder / "strategies.db")) as connection:
            (kept,) = connection.execute("SELECT count(*) FROM builder_sessions WHERE id = ?", (draft.id,)).fetchone()
            assert kept == 1


def test_one_draft_that_cannot_be_opened_keeps_no_other_from_opening(home: Ground) -> None:
    with home.strategist() as work:
        first, second = work.open_example(), work.open_example()
        first.edit(RenameStrategy("First"))
        second.edit(RenameStrategy("Second"))
    damage(home, f"UPDATE builder_sessions SET draft_checksum = '' WHERE id = '{first.id}'")
    with home.strategist() as work:
        assert [document.name for document in work.session.documents.values()] == ["Second"]
        assert len(work.heard(events.Refused)) == 1


def test_saved_strategy_whose_session_died_before_its_first_snapshot_is_shown_whole(home: Ground) -> None:
    with home.strategist() as work:
        draft, instance = saved_draft(work)
        saved = draft.saved_flow
        work.session.close_document(draft)
    with home.store() as store:
        for record in store.sessions.active():
            store.sessions.deactivate(record.id)
        store.sessions.open(instance, "Died early")
    with home.strategist() as work:
        assert work.document.flow == saved


def test_set_up_that_cannot_be_read_is_the_default_one_and_says_so(home: Ground) -> None:
    with home.strategist() as work:
        document = work.open_example()
        work.settle()
        snapshot = work.store.sessions.drafts([document.id])[document.id]
    with home.store() as store:
        odd = {**(snapshot.metadata or {}), "test_config": {"slippage": -1}}
        store.sessions.snapshot(document.id, replace(snapshot, metadata=odd))
    with home.strategist() as work:
        assert "slippage" in work.document.note
        assert work.document.flow == document.flow


OTHER_WINDOW = """
import sys
from pathlib import Path
from builder_app import paths
from builder_app.store import Principal, open_store

with open_store(Path(sys.argv[1]), paths.migrations(), Principal(sys.argv[2])):
    print("open", flush=True)
    sys.stdin.read()
"""


def test_what_another_window_has_open_is_not_opened_here_too(home: Ground) -> None:
    with home.strategist() as work:
        work.open_example()
    with home.store() as store:
        place, user = store.location, store.principal.user_id
    command = [sys.executable, "-c", OTHER_WINDOW, place, user]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        with home.strategist() as work:
            assert not work.session.documents
            assert any("Another window" in told.message for told in work.heard(events.Refused))
        other.communicate("", timeout=30)
    with home.strategist() as work:
        assert len(work.session.documents) == 1
