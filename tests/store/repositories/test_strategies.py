"""Strategies: saved, listed newest first page by page, deleted softly and brought back."""

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.store import NotThere, RefusedValue, Store, StoreConflict, clock
from builder_app.store.list_records import StrategyWish
from builder_app.store.records import PageKey, StrategySummary
from builder_app.store.vocabulary import InstanceStatus, StrategyOrder
from tests.store.places import ADMINISTRATOR
from tests.store.raw import SHARED_STORE
from tests.store.world import FLOW, STRATEGY_TEMPLATE, generation

NOON = datetime.datetime(2026, 3, 1, 12, tzinfo=datetime.UTC)


class TestStrategies:
    def test_a_created_strategy_is_a_draft_of_version_one(self, store: Store) -> None:
        record = store.strategies.create("Crossover", FLOW, {"fast": {"value": 10}})
        assert store.strategies.get(record.id) == record
        assert (record.name, record.status, record.version) == ("Crossover", InstanceStatus.DRAFT, 1)
        assert (record.logic_flow, record.parameters, record.template_id) == (FLOW, {"fast": {"value": 10}}, None)
        assert len(record.id) == 36
        assert record.created_at.utcoffset() == datetime.timedelta(0)

    def test_a_read_value_may_be_changed_without_changing_the_store(self, store: Store) -> None:
        record = store.strategies.create("Crossover", FLOW, {})
        record.logic_flow["nodes"] = "changed"
        assert store.strategies.get(record.id).logic_flow == FLOW

    def test_saving_replaces_the_content_and_counts_the_version(
        self, store: Store, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        record = store.strategies.create("Before", FLOW, {})
        later = record.updated_at + datetime.timedelta(minutes=5)
        monkeypatch.setattr(clock, "now", lambda: later)
        saved = store.strategies.save(record.id, {"nodes": [1]}, {"slow": {"value": 30}}, "After")
        assert store.strategies.get(record.id) == saved
        assert (saved.name, saved.version, saved.updated_at) == ("After", 2, later)
        assert (saved.logic_flow, saved.parameters) == ({"nodes": [1]}, {"slow": {"value": 30}})
        assert saved.created_at == record.created_at

    def test_a_save_over_a_newer_version_is_refused_when_the_version_is_given(self, store: Store) -> None:
        record = store.strategies.create("Mine", FLOW, {})
        store.strategies.save(record.id, {"by": "one window"}, {}, "Mine", expected_version=1)
        with pytest.raises(StoreConflict, match="version 2, not 1"):
            store.strategies.save(record.id, {"by": "another window"}, {}, "Mine", expected_version=1)
        assert store.strategies.get(record.id).logic_flow == {"by": "one window"}

    def test_renaming_and_a_new_status_leave_drawing_and_version(self, store: Store) -> None:
        record = store.strategies.create("Before", FLOW, {})
        store.strategies.rename(record.id, "After")
        store.strategies.set_status(record.id, InstanceStatus.ACTIVE)
        again = store.strategies.get(record.id)
        assert (again.name, again.status) == ("After", InstanceStatus.ACTIVE)
        assert (again.version, again.logic_flow) == (1, FLOW)

    def test_a_deleted_strategy_is_out_of_sight_until_it_is_restored(self, store: Store) -> None:
        record = store.strategies.create("Gone", FLOW, {"fast": {"value": 10}})
        store.strategies.soft_delete(record.id)
        assert store.strategies.list().items == ()
        for call in (store.strategies.get, store.strategies.soft_delete):
            with pytest.raises(NotThere):
                call(record.id)
        with pytest.raises(NotThere):
            store.strategies.rename(record.id, "Still gone")
        store.strategies.restore(record.id)
        again = store.strategies.get(record.id)
        assert (again.name, again.logic_flow, again.parameters) == ("Gone", FLOW, {"fast": {"value": 10}})

    def test_a_strategy_that_never_was_is_said(self, store: Store) -> None:
        for call in (
            store.strategies.get,
            store.strategies.soft_delete,
            store.strategies.restore,
            lambda id: store.strategies.save(id, {}, {}, "x"),
        ):
            with pytest.raises(NotThere, match="nowhere"):
                call("nowhere")

    def test_a_strategy_knows_the_template_it_began_from(self, store: Store) -> None:
        store.as_principal(ADMINISTRATOR).strategy_templates.seed([STRATEGY_TEMPLATE])
        (template,) = store.strategy_templates.list().items
        record = store.strategies.create("From a template", template.logic_flow, {}, template.id)
        assert record.template_id == template.id
        with pytest.raises(NotThere, match="strategy_templates"):
            store.strategies.create("From nowhere", FLOW, {}, "nowhere")

    @pytest.mark.parametrize("broken", [{"a": float("inf")}, {1: 2}, {"a": (1,)}])
    def test_what_is_no_json_is_refused(self, store: Store, broken: Any) -> None:
        record = store.strategies.create("Whole", FLOW, {})
        with pytest.raises(RefusedValue):
            store.strategies.save(record.id, broken, {}, "Broken")
        assert store.strategies.get(record.id) == record

    @pytest.mark.parametrize("limit", [0, -1, 1_001])
    def test_a_page_that_is_none_is_refused(self, store: Store, limit: int) -> None:
        with pytest.raises(RefusedValue, match="1 to 1000 rows"):
            store.strategies.list(limit=limit)

    def test_tags_are_set_as_a_whole_counted_and_found(self, store: Store) -> None:
        first, second = (store.strategies.create(name, FLOW, {}).id for name in ("First", "Second"))
        store.strategies.set_tags(first, ["trend", " daily  bars ", "trend"])
        store.strategies.set_tags(second, ["trend"])
        assert store.strategies.tags_of([first, second]) == {first: ("daily bars", "trend"), second: ("trend",)}
        assert store.strategies.tags() == {"daily bars": 1, "trend": 2}
        store.strategies.set_tags(first, ["other"])
        assert store.strategies.tags() == {"other": 1, "trend": 1}
        store.strategies.soft_delete(second)
        assert store.strategies.tags() == {"other": 1}
        store.strategies.set_tags(first, [])
        assert store.strategies.tags_of([first]) == {}

    @pytest.mark.parametrize("tags", [[""], ["  "], ["x" * 51], [f"tag {number}" for number in range(51)]])
    def test_tags_that_are_none_are_refused(self, store: Store, tags: list[str]) -> None:
        id = store.strategies.create("Tagged", FLOW, {}).id
        store.strategies.set_tags(id, ["kept"])
        with pytest.raises(RefusedValue, match="tag"):
            store.strategies.set_tags(id, tags)
        assert store.strategies.tags() == {"kept": 1}
        with pytest.raises(NotThere):
            store.strategies.set_tags("nowhere", ["x"])

    def test_a_wish_narrows_and_sorts(self, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
        start = clock.now()
        for number, name in enumerate(("Crossover 50%", "Reversal", "Another_crossover", "Crossover 500")):
            monkeypatch.setattr(clock, "now", lambda number=number: start + datetime.timedelta(seconds=number))
            id = store.strategies.create(name, FLOW, {}).id
            store.strategies.set_tags(id, ["even" if number % 2 == 0 else "odd"])
        monkeypatch.setattr(clock, "now", lambda: start + datetime.timedelta(hours=1))
        reversal = next(item.id for item in store.strategies.list().items if item.name == "Reversal")
        store.strategies.set_status(reversal, InstanceStatus.ARCHIVED)

        def names(**wish: Any) -> list[str]:
            return [item.name for item in store.strategies.list(wish=StrategyWish(**wish)).items]

        assert names() == ["Reversal", "Crossover 500", "Another_crossover", "Crossover 50%"]
        assert names(order=StrategyOrder.CREATED)[0] == "Crossover 500"
        assert names(order=StrategyOrder.NAME) == ["Another_crossover", "Crossover 50%", "Crossover 500", "Reversal"]
        assert names(tag="odd") == ["Reversal", "Crossover 500"]
        assert names(tag="odd", status=InstanceStatus.DRAFT) == ["Crossover 500"]
        assert names(text="CROSSOVER", tag="even") == ["Another_crossover", "Crossover 50%"]
        assert names(text="50%") == ["Crossover 50%"]
        assert names(text="r_c") == ["Another_crossover"]
        assert names(tag="none") == []

    def test_a_duplicate_has_template_and_tags_and_is_a_draft_of_its_own(self, store: Store) -> None:
        store.as_principal(ADMINISTRATOR).strategy_templates.seed([STRATEGY_TEMPLATE])
        (template,) = store.strategy_templates.list().items
        first = store.strategies.create_from_template(template.id, "First").id
        store.strategies.set_tags(first, ["b", "a"])
        store.strategies.set_status(first, InstanceStatus.ACTIVE)
        made = store.strategies.duplicate(first, "Copy", {"at": 2}, {"x": {"value": 1}})
        assert (made.name, made.status, made.version) == ("Copy", InstanceStatus.DRAFT, 1)
        assert (made.template_id, made.logic_flow) == (template.id, {"at": 2})
        assert store.strategies.tags_of([made.id])[made.id] == ("a", "b")
        with pytest.raises(NotThere):
            store.strategies.duplicate("nowhere", "Copy", {}, {})

    def test_each_strategy_is_shown_with_the_text_that_was_generated_last(self, store: Store) -> None:
        coded, bare = (store.strategies.create(name, FLOW, {}).id for name in ("Coded", "Bare"))
        store.versions.keep(coded)
        newest = [store.generations.record(generation(coded, code)).id for code in ("a = 1\n", "a = 2\n")]
        rows = {row.id: row for row in store.strategies.with_latest_code().items}
        assert rows.keys() == {coded, bare}
        assert (rows[coded].code_id, rows[coded].code_target) == (newest[1], "standalone")
        assert (rows[bare].code_id, rows[bare].code_hash) == (None, None)
        store.generations.record(generation(coded, "a = 1\n"))
        again = {row.id: row.code_id for row in store.strategies.with_latest_code().items}
        assert again[coded] == newest[0]
        first = store.strategies.with_latest_code(1)
        second = store.strategies.with_latest_code(1, first.next_key)
        assert {first.items[0].id, second.items[0].id} == {coded, bare}

    @settings(max_examples=25, suppress_health_check=SHARED_STORE, deadline=None)
    @given(minutes=st.lists(st.integers(0, 3), max_size=9), limit=st.integers(1, 4))
    def test_pages_show_each_strategy_once_newest_change_first(
        self, store: Store, minutes: list[int], limit: int
    ) -> None:
        """Also where many were changed in the same moment."""
        for old in store.strategies.list(limit=100).items:
            store.strategies.soft_delete(old.id)
        with pytest.MonkeyPatch.context() as patch:
            for minute in minutes:
                moment = NOON + datetime.timedelta(minutes=minute)
                patch.setattr(clock, "now", lambda moment=moment: moment)
                status = InstanceStatus.ACTIVE if minute % 2 else InstanceStatus.TESTING
                store.strategies.set_status(store.strategies.create(f"At {minute}", FLOW, {}).id, status)
        for wish in (None, InstanceStatus.ACTIVE, InstanceStatus.ARCHIVED):
            seen: list[StrategySummary] = []
            key: PageKey | None = None
            while True:
                page = store.strategies.list(wish, limit, key)
                assert len(page.items) <= limit
                seen += page.items
                if page.next_key is None:
                    break
                key = page.next_key
            wanted = [m for m in minutes if wish is None or (wish is InstanceStatus.ACTIVE and m % 2)]
            assert [item.name for item in seen] == [f"At {m}" for m in sorted(wanted, reverse=True)]
            assert len({item.id for item in seen}) == len(seen)

    def test_the_drawings_of_a_list_come_in_one_go(self, store: Store) -> None:
        first = store.strategies.create("First", {"at": 1}, {"fast": {"value": 1}}).id
        second = store.strategies.create("Second", {"at": 2}, {}).id
        store.strategies.save(second, {"at": 3}, {}, "Second")
        gone = store.strategies.create("Gone", FLOW, {}).id
        store.strategies.soft_delete(gone)
        found = store.strategies.drawings([first, second, gone, "nowhere"])
        assert found.keys() == {first, second}
        assert (found[first].version, found[first].logic_flow) == (1, {"at": 1})
        assert (found[first].parameters, found[second].version) == ({"fast": {"value": 1}}, 2)
        assert found[second].logic_flow == {"at": 3}
