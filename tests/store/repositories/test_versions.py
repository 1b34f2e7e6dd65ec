"""Kept versions: what a strategy was, in order, and back again without losing what it is."""

import datetime

import pytest

from builder_app.store import NotThere, Store, StoreConflict, clock
from builder_app.store.records import PageKey
from builder_app.store.vocabulary import InstanceStatus
from tests.store.places import STRANGER


@pytest.fixture
def strategy(store: Store) -> str:
    return store.strategies.create("First name", {"at": 1}, {"fast": {"value": 1}}).id


class TestVersions:
    def test_a_kept_version_stays_as_the_strategy_was(self, store: Store, strategy: str) -> None:
        kept = store.versions.keep(strategy, "Before the stop")
        store.strategies.save(strategy, {"at": 2}, {}, "Second name")
        assert store.versions.get(kept.id) == kept
        assert (kept.version, kept.name, kept.version_note) == (1, "First name", "Before the stop")
        assert (kept.logic_flow, kept.parameters) == ({"at": 1}, {"fast": {"value": 1}})
        assert kept.parent_version_id == strategy
        assert [item.id for item in store.strategies.list().items] == [strategy]

    def test_no_method_of_strategies_changes_a_kept_version(self, store: Store, strategy: str) -> None:
        kept = store.versions.keep(strategy)
        with pytest.raises(StoreConflict, match="kept version"):
            store.strategies.save(kept.id, {"changed": 1}, {}, "Changed")
        for call in (
            lambda: store.strategies.rename(kept.id, "Changed"),
            lambda: store.strategies.set_status(kept.id, InstanceStatus.ARCHIVED),
            lambda: store.strategies.soft_delete(kept.id),
            lambda: store.versions.keep(kept.id),
            lambda: store.versions.list(kept.id),
        ):
            with pytest.raises(NotThere):
                call()
        assert store.versions.get(kept.id) == kept

    def test_the_list_shows_the_newest_first_page_by_page(
        self, store: Store, strategy: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        start, notes = clock.now(), [f"Note {number}" for number in range(7)]
        for number, note in enumerate(notes):
            moment = start + datetime.timedelta(seconds=number // 2)  # two of them in each moment
            monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
            store.versions.keep(strategy, note)
        store.versions.keep(store.strategies.create("Another", {}, {}).id)
        seen: list[str] = []
        key: PageKey | None = None
        while True:
            page = store.versions.list(strategy, 2, key)
            seen += [item.version_note for item in page.items]
            key = page.next_key
            if key is None:
                break
        assert sorted(seen) == notes
        assert [int(note[5:]) // 2 for note in seen] == [3, 2, 2, 1, 1, 0, 0]

    def test_going_back_keeps_what_was_there_first(self, store: Store, strategy: str) -> None:
        first = store.versions.keep(strategy)
        store.strategies.save(strategy, {"at": 2}, {}, "Second name")
        now = store.versions.restore(first.id)
        assert (now.id, now.version, now.name) == (strategy, 3, "First name")
        assert (now.logic_flow, now.parameters) == ({"at": 1}, {"fast": {"value": 1}})
        saved = next(item for item in store.versions.list(strategy).items if item.id != first.id)
        assert (saved.version, saved.version_note) == (2, "Before version 1 was restored")
        assert store.versions.restore(saved.id).logic_flow == {"at": 2}

    def test_going_back_keeps_nothing_twice(self, store: Store, strategy: str) -> None:
        first = store.versions.keep(strategy)
        store.strategies.save(strategy, {"at": 2}, {}, "Second name")
        store.versions.keep(strategy, "By hand")
        store.versions.restore(first.id)
        assert len(store.versions.list(strategy).items) == 2

    def test_a_note_is_written_anew_and_a_version_is_taken_off_the_list(self, store: Store, strategy: str) -> None:
        kept = store.versions.keep(strategy, "Old")
        store.versions.annotate(kept.id, "New")
        assert store.versions.get(kept.id).version_note == "New"
        store.versions.soft_delete(kept.id)
        assert store.versions.list(strategy).items == ()
        with pytest.raises(NotThere):
            store.versions.restore(kept.id)

    def test_a_strategy_is_no_version_and_a_strangers_is_not_there(self, store: Store, strategy: str) -> None:
        with pytest.raises(NotThere, match="no kept version"):
            store.versions.restore(strategy)
        with pytest.raises(NotThere):
            store.versions.annotate(strategy, "Note")
        kept = store.versions.keep(strategy)
        with pytest.raises(NotThere):
            store.as_principal(STRANGER).versions.restore(kept.id)
