"""Drafts and their journals: what was written is what is read, and what is damaged is named, never trusted."""

import datetime
import random
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.store import NotThere, Store, StoreConflict, clock
from builder_app.store.records import DraftSnapshot, JournalEntry
from builder_app.store.vocabulary import EditKind
from tests.store.places import OWNER
from tests.store.raw import SHARED_STORE, count_rows
from tests.store.world import FLOW, steps

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


class TestSessions:
    def test_a_new_session_holds_its_first_draft(self, store: Store) -> None:
        draft = DraftSnapshot(0, FLOW, {"fast": {"value": 10}}, {"viewport": {"zoom": 1.5, "pan_x": 0.1, "pan_y": -2}})
        record = store.sessions.open(None, "New", draft)
        loaded = store.sessions.load(record.id)
        assert loaded.session == record
        assert (loaded.logic_flow, loaded.parameters, loaded.metadata) == (FLOW, draft.parameters, draft.metadata)
        assert (loaded.kept, loaded.entries, loaded.sequence, loaded.last_sequence) == ((), (), 0, 0)
        assert loaded.draft_is_whole
        assert loaded.problem == ""

    def test_it_expires_a_day_after_its_last_activity(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOON)
        record = store.sessions.open(None, "New")
        assert record.expires_at == NOON + datetime.timedelta(hours=24)
        later = NOON + datetime.timedelta(hours=30)
        monkeypatch.setattr(clock, "now", lambda: later)
        store.sessions.deactivate(record.id)
        store.sessions.write(record.id, steps(1, 1))
        (again,) = store.sessions.active()
        assert (again.last_activity_at, again.expires_at) == (later, later + datetime.timedelta(hours=24))

    def test_activity_is_kept_to_ten_seconds(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        record = store.sessions.open(None, "New")
        for number in range(1, 40):
            moment = record.last_activity_at + datetime.timedelta(seconds=number)
            monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
            store.sessions.write(record.id, steps(number, number))
            (found,) = store.sessions.active()
            assert datetime.timedelta(0) <= moment - found.last_activity_at <= datetime.timedelta(seconds=10)

    def test_edits_undos_and_redos_come_back_in_order(self, store: Store) -> None:
        session = store.sessions.open(None, "New").id
        entries = (
            JournalEntry(1, EditKind.EDIT, {"add": "node"}),
            JournalEntry(2, EditKind.UNDO, None),
            JournalEntry(3, EditKind.REDO, [1, 2.5, "é\ud800\x00"]),
        )
        store.sessions.write(session, entries[:2])
        store.sessions.write(session, entries[2:])
        assert store.sessions.load(session).entries == entries

    def test_a_snapshot_drops_the_rows_that_undo_does_not_need(self, store: Store) -> None:
        session = store.sessions.open(None, "New").id
        store.sessions.write(session, steps(1, 10))
        store.sessions.snapshot(session, DraftSnapshot(8, FLOW, keep=3))
        loaded = store.sessions.load(session)
        assert [entry.sequence for entry in loaded.kept] == [6, 7, 8]
        assert [entry.sequence for entry in loaded.entries] == [9, 10]
        assert (loaded.sequence, loaded.last_sequence) == (8, 10)
        assert count_rows(store, "builder_session_edits") == 5

    def test_steps_and_snapshot_are_written_both_or_neither(self, store: Store) -> None:
        session = store.sessions.open(None, "New").id
        store.sessions.write(session, steps(1, 5), DraftSnapshot(5, {"at": 5}))
        with pytest.raises(StoreConflict, match="newer snapshot"):
            store.sessions.write(session, steps(6, 7), DraftSnapshot(4, {"at": 4}))
        loaded = store.sessions.load(session)
        assert loaded.logic_flow == {"at": 5}
        assert loaded.last_sequence == 5

    def test_a_write_may_be_tried_again(self, store: Store) -> None:
        session = store.sessions.open(None, "New").id
        store.sessions.write(session, steps(1, 4))
        store.sessions.write(session, steps(3, 6))
        assert store.sessions.load(session).entries == tuple(steps(1, 6))

    @pytest.mark.parametrize("entry", [JournalEntry(2, EditKind.UNDO, 1), JournalEntry(5, EditKind.EDIT, {})])
    def test_a_step_that_does_not_follow_is_refused(self, store: Store, entry: JournalEntry) -> None:
        session = store.sessions.open(None, "New").id
        store.sessions.write(session, steps(1, 3))
        with pytest.raises(StoreConflict):
            store.sessions.write(session, [entry])
        assert store.sessions.load(session).entries == tuple(steps(1, 3))

    def test_active_sessions_come_newest_activity_first(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        ids = []
        for minute in range(4):
            moment = NOON + datetime.timedelta(minutes=minute)
            monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
            ids.append(store.sessions.open(None, f"Session {minute}").id)
        late = NOON + datetime.timedelta(hours=1)
        monkeypatch.setattr(clock, "now", lambda: late)
        store.sessions.write(ids[1], steps(1, 1))
        store.sessions.deactivate(ids[2])
        assert [record.id for record in store.sessions.active()] == [ids[1], ids[3], ids[0]]

    def test_a_session_is_bound_to_the_strategy_it_was_saved_as(self, store: Store) -> None:
        session = store.sessions.open(None, "New").id
        strategy = store.strategies.create("Saved", FLOW, {}).id
        store.sessions.bind(session, strategy)
        assert store.sessions.load(session).session.instance_id == strategy
        with pytest.raises(NotThere):
            store.sessions.bind(session, "nowhere")

    def test_a_session_that_ended_is_active_again_when_it_is_brought_back(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        session = store.sessions.open(None, "New").id
        store.sessions.write(session, steps(1, 3))
        store.sessions.deactivate(session)
        assert store.sessions.active() == ()
        later = clock.now() + datetime.timedelta(days=3)
        monkeypatch.setattr(clock, "now", lambda: later)
        store.sessions.reactivate(session)
        (found,) = store.sessions.active()
        assert (found.id, found.last_activity_at) == (session, later)
        assert found.expires_at == later + datetime.timedelta(hours=24)
        assert store.sessions.load(session).entries == tuple(steps(1, 3))
        with pytest.raises(NotThere):
            store.sessions.reactivate("nowhere")

    def test_drafts_of_a_list_are_those_that_load_gives(self, store: Store) -> None:
        drawn = store.sessions.open(None, "Drawn", DraftSnapshot(0, FLOW, {"fast": {"value": 1}}, {"zoom": 2})).id
        moved = store.sessions.open(None, "Moved", DraftSnapshot(0, FLOW)).id
        store.sessions.write(moved, steps(1, 4), DraftSnapshot(3, {"at": 3}))
        never = store.sessions.open(None, "Never").id
        found = store.sessions.drafts([drawn, moved, never, "nowhere"])
        assert found.keys() == {drawn, moved}
        for id, draft in found.items():
            loaded = store.sessions.load(id)
            whole = (loaded.sequence, loaded.logic_flow, loaded.parameters, loaded.metadata)
            assert (draft.sequence, draft.logic_flow, draft.parameters, draft.metadata) == whole
        assert store.sessions.drafts([]) == {}

    def test_who_opened_and_who_took_over_is_written_down(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        noon = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)
        monkeypatch.setattr(clock, "now", lambda: noon)
        session = store.sessions.open(None, "New").id
        assert store.sessions.hold(session, "window 1") is None
        assert store.sessions.hold(session, "window 1") is None
        assert store.sessions.hold(session, "window 2") == "window 1"
        store.sessions.release(session, "window 1")
        assert store.sessions.hold(session, "window 3") == "window 2", "only its holder gives a draft free"
        store.sessions.release(session, "window 3")
        assert store.sessions.hold(session, "window 1") is None
        lines = store.sessions.audit(session)
        assert [line.what for line in lines] == [
            "begun",
            *["opened by window 1"] * 2,
            "taken over from window 1 by window 2",
            "taken over from window 2 by window 3",
            "opened by window 1",
        ]
        assert {(line.who, line.when) for line in lines} == {(OWNER.user_id, noon)}
        for call in (store.sessions.audit, lambda id: store.sessions.hold(id, "x")):
            with pytest.raises(NotThere):
                call("nowhere")

    def test_no_line_of_the_audit_is_lost_between_many_windows(self, store: Store) -> None:
        session = store.sessions.open(None, "New").id
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda number: store.sessions.hold(session, f"window {number}"), range(40)))
        said = [line.what for line in store.sessions.audit(session)]
        assert len(said) == 41
        assert {what.rpartition(" by ")[2] for what in said[1:]} == {f"window {number}" for number in range(40)}

    def test_sessions_are_listed_page_by_page_and_the_newest_active_one_is_found(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert store.sessions.newest_active() is None
        start, ids = clock.now(), []
        for number in range(5):
            moment = start + datetime.timedelta(minutes=number)
            monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
            ids.append(store.sessions.open(None, f"Number {number}").id)
        store.sessions.deactivate(ids[4])
        first = store.sessions.list(limit=2)
        second = store.sessions.list(limit=3, after_key=first.next_key)
        assert [item.id for item in (*first.items, *second.items)] == ids[::-1]
        assert [item.id for item in store.sessions.list(is_active=False).items] == [ids[4]]
        newest = store.sessions.newest_active()
        assert newest is not None
        assert newest.id == ids[3]

    def test_expired_sessions_that_are_still_active_are_found(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        start = clock.now()
        old, ended = store.sessions.open(None, "Old").id, store.sessions.open(None, "Ended").id
        store.sessions.deactivate(ended)
        monkeypatch.setattr(clock, "now", lambda: start + datetime.timedelta(hours=23))
        store.sessions.open(None, "Young")
        assert store.sessions.expired() == ()
        monkeypatch.setattr(clock, "now", lambda: start + datetime.timedelta(hours=25))
        assert [item.id for item in store.sessions.expired()] == [old]

    def test_a_session_that_is_not_there_is_said(self, store: Store) -> None:
        with pytest.raises(NotThere, match="no row 'nowhere'"):
            store.sessions.write("nowhere", steps(1, 1))

    @settings(max_examples=25, suppress_health_check=SHARED_STORE, deadline=None)
    @given(st.lists(st.tuples(st.integers(0, 5), st.none() | st.integers(0, 6)), max_size=8))
    def test_any_run_of_writes_reads_back_what_a_list_would_hold(
        self, store: Store, writes: list[tuple[int, int | None]]
    ) -> None:
        session = store.sessions.open(None, "New").id
        newest, snapped, oldest = 0, 0, 1
        for count, keep in writes:
            entries = steps(newest + 1, newest + count)
            newest += count
            snapshot = None if keep is None else DraftSnapshot(newest, {"at": newest}, keep=keep)
            store.sessions.write(session, entries, snapshot)
            if keep is not None:
                snapped, oldest = newest, max(oldest, newest - keep + 1)
        loaded = store.sessions.load(session)
        assert loaded.kept == tuple(steps(oldest, snapped))
        assert loaded.entries == tuple(steps(snapped + 1, newest))
        assert loaded.last_sequence == newest


class TestDamage:
    @pytest.fixture
    def session(self, store: Store) -> str:
        session = store.sessions.open(None, "Hurt").id
        store.sessions.write(session, steps(1, 10), DraftSnapshot(5, FLOW, {}, {"zoom": 1}))
        return session

    def damage(self, path: Path, statement: str) -> None:
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA ignore_check_constraints = ON")
            assert connection.execute(statement).rowcount == 1

    @pytest.mark.parametrize(
        "change",
        [
            "edit = replace(edit, 'step', 'stop')",
            "edit = substr(edit, 1, 5)",
            "edit = CAST(X'FFFE7B' AS TEXT)",
            "kind = 'undo'",
            "kind = 'guess'",
            "checksum = 'lost'",
            "sequence = 80",
        ],
    )
    def test_reading_stops_before_a_damaged_step(self, store: Store, path: Path, session: str, change: str) -> None:
        self.damage(path, f"UPDATE builder_session_edits SET {change} WHERE sequence = 8")
        loaded = store.sessions.load(session)
        assert loaded.entries == tuple(steps(6, 7))
        assert loaded.logic_flow == FLOW
        assert "the first 2 could be read" in loaded.problem
        assert "Nothing was deleted" in loaded.problem
        with closing(sqlite3.connect(path)) as connection:
            assert connection.execute("SELECT count(*) FROM builder_session_edits").fetchone() == (10,)

    def test_a_lost_row_is_noticed(self, store: Store, path: Path, session: str) -> None:
        self.damage(path, "DELETE FROM builder_session_edits WHERE sequence = 6")
        loaded = store.sessions.load(session)
        assert loaded.entries == ()
        assert "of 4 steps" in loaded.problem

    def test_a_damaged_step_that_only_undo_needs_costs_only_undo(self, store: Store, path: Path, session: str) -> None:
        self.damage(path, "UPDATE builder_session_edits SET edit = '1' WHERE sequence = 3")
        loaded = store.sessions.load(session)
        assert loaded.kept == tuple(steps(4, 5))
        assert loaded.entries == tuple(steps(6, 10))
        assert "only its last 2 steps can be undone" in loaded.problem

    @pytest.mark.parametrize(
        "change",
        [
            "draft_logic_flow = replace(draft_logic_flow, '1', '2')",
            "draft_logic_flow = CAST(X'FF' AS TEXT)",
            "draft_parameters = '{\"a\":1}'",
            "draft_metadata = NULL",
            "snapshot_sequence = 6",
            "draft_checksum = ''",
        ],
    )
    def test_a_damaged_draft_is_not_trusted(self, store: Store, path: Path, session: str, change: str) -> None:
        self.damage(path, f"UPDATE builder_sessions SET {change}")
        loaded = store.sessions.load(session)
        assert not loaded.draft_is_whole
        assert (loaded.logic_flow, loaded.entries) == (None, ())
        assert store.sessions.drafts([session]) == {}
        assert "cannot be trusted" in loaded.problem

    def test_every_flipped_byte_of_the_draft_and_the_journal_is_found(
        self, store: Store, path: Path, session: str
    ) -> None:
        whole = store.sessions.load(session)
        chance = random.Random(7)
        texts = [("builder_sessions", "draft_logic_flow", "id = id")]
        texts += [("builder_session_edits", "edit", f"sequence = {number}") for number in (2, 6, 10)]
        for table, column, where in texts:
            with closing(sqlite3.connect(path, isolation_level=None)) as connection:
                (octets,) = connection.execute(f"SELECT CAST({column} AS BLOB) FROM {table} WHERE {where}").fetchone()
                for position in chance.sample(range(len(octets)), 12):
                    flipped = bytearray(octets)
                    flipped[position] ^= 1 << chance.randrange(8)
                    put = f"UPDATE {table} SET {column} = CAST(? AS TEXT) WHERE {where}"
                    connection.execute(put, (bytes(flipped),))
                    assert store.sessions.load(session).problem, (column, position)
                connection.execute(put, (octets,))
        assert store.sessions.load(session) == whole
