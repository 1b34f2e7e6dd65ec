"""Quick tests: begun once, ended once, and found again with what they ran on."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from builder_app.store import NotThere, RefusedValue, Store, StoreConflict, clock
from builder_app.store.isolation import change
from builder_app.store.list_records import TestCounts, TestWish
from builder_app.store.models import QuickTest, StrategyInstance
from builder_app.store.records import PageKey
from builder_app.store.run_records import NewQuickTest
from builder_app.store.vocabulary import TestOrder, TestStatus
from tests.store.raw import SHARED_STORE
from tests.store.world import CODE_HASH, FLOW, quick_test

End = Callable[[Store, str], None]
ENDINGS: dict[TestStatus, End] = {
    TestStatus.COMPLETED: lambda store, id: store.quick_tests.complete(
        id, {"equity": [1.0, 2.0]}, {"sharpe": 1.5}, 0.25
    ),
    TestStatus.FAILED: lambda store, id: store.quick_tests.fail(id, "Line 3 divided by zero."),
    TestStatus.CANCELLED: lambda store, id: store.quick_tests.cancel(id),
}


@pytest.fixture
def instance(store: Store) -> str:
    return store.strategies.create("Tested", FLOW, {}).id


class TestQuickTests:
    def test_a_started_test_runs_and_keeps_what_it_runs_on(self, store: Store, instance: str) -> None:
        new = NewQuickTest(instance, "First", {"stock_pool": ["AAPL"]}, FLOW, {"fast": {"value": 10}}, CODE_HASH)
        record = store.quick_tests.get(store.quick_tests.start(new))
        assert (record.status, record.instance_id, record.test_name) == (TestStatus.RUNNING, instance, "First")
        assert (record.test_config, record.logic_flow_snapshot) == ({"stock_pool": ["AAPL"]}, FLOW)
        assert (record.parameters_snapshot, record.code_hash) == ({"fast": {"value": 10}}, CODE_HASH)
        assert record.started_at is not None
        assert record.completed_at is None

    def test_a_test_is_renamed_and_starred_and_stays_what_it_found(self, store: Store, instance: str) -> None:
        id = store.quick_tests.start(quick_test(instance))
        ENDINGS[TestStatus.COMPLETED](store, id)
        before = store.quick_tests.get(id)
        store.quick_tests.rename(id, "  The wide   stop ")
        store.quick_tests.set_starred(id, True)
        after = store.quick_tests.get(id)
        assert after.test_name == "The wide stop"
        assert after.starred_at is not None
        assert (after.test_result, after.status) == (before.test_result, before.status)
        store.quick_tests.set_starred(id, False)
        assert store.quick_tests.get(id).starred_at is None
        for name in ("", "   ", "x" * 201):
            with pytest.raises(RefusedValue):
                store.quick_tests.rename(id, name)
        assert store.quick_tests.get(id).test_name == "The wide stop"

    def test_starred_tests_are_found_among_the_others(self, store: Store, instance: str) -> None:
        ids = [store.quick_tests.start(quick_test(instance)) for _ in range(4)]
        for id in (ids[0], ids[2]):
            store.quick_tests.set_starred(id, True)
        found = store.quick_tests.list(TestWish(starred=True)).items
        assert [test.id for test in found] == [ids[2], ids[0]]
        assert store.quick_tests.list(TestWish(instance_id="another", starred=True)).items == ()

    def test_a_deleted_test_is_among_the_deleted_ones_alone_until_it_is_restored(
        self, store: Store, instance: str
    ) -> None:
        id, other = (store.quick_tests.start(quick_test(instance)) for _ in range(2))
        ENDINGS[TestStatus.COMPLETED](store, id)
        whole = store.quick_tests.get(id)
        store.quick_tests.soft_delete(id)
        assert [test.id for test in store.quick_tests.list().items] == [other]
        assert [test.id for test in store.quick_tests.recent(instance)] == [other]
        assert store.quick_tests.counts() == TestCounts(running=1)
        assert [test.id for test in store.quick_tests.list(TestWish(deleted=True)).items] == [id]
        with pytest.raises(NotThere):
            store.quick_tests.get(id)
        with pytest.raises(NotThere):
            store.quick_tests.rename(id, "No")
        store.quick_tests.restore(id)
        assert store.quick_tests.get(id) == whole
        assert store.quick_tests.list(TestWish(deleted=True)).items == ()
        assert store.quick_tests.counts() == TestCounts(running=1, completed=1)

    def test_a_test_deleted_by_hand_stays_deleted_when_its_strategy_comes_back(
        self, store: Store, instance: str
    ) -> None:
        id = store.quick_tests.start(quick_test(instance))
        store.quick_tests.soft_delete(id)
        store.strategies.soft_delete(instance)
        store.strategies.restore(instance)
        assert store.quick_tests.list().items == ()
        assert [test.id for test in store.quick_tests.list(TestWish(deleted=True)).items] == [id]

    def test_a_completed_test_keeps_its_result(self, store: Store, instance: str) -> None:
        id = store.quick_tests.start(quick_test(instance))
        ENDINGS[TestStatus.COMPLETED](store, id)
        record = store.quick_tests.get(id)
        assert (record.status, record.execution_time) == (TestStatus.COMPLETED, 0.25)
        assert (record.test_result, record.metrics_summary) == ({"equity": [1.0, 2.0]}, {"sharpe": 1.5})
        assert record.completed_at is not None

    def test_a_failed_test_says_why(self, store: Store, instance: str) -> None:
        id = store.quick_tests.start(quick_test(instance))
        ENDINGS[TestStatus.FAILED](store, id)
        record = store.quick_tests.get(id)
        assert (record.status, record.error_message) == (TestStatus.FAILED, "Line 3 divided by zero.")

    @pytest.mark.parametrize("first", ENDINGS)
    @pytest.mark.parametrize("second", ENDINGS)
    def test_a_test_ends_once(self, store: Store, instance: str, first: TestStatus, second: TestStatus) -> None:
        id = store.quick_tests.start(quick_test(instance))
        ENDINGS[first](store, id)
        before = store.quick_tests.get(id)
        with pytest.raises(StoreConflict, match=first):
            ENDINGS[second](store, id)
        assert store.quick_tests.get(id) == before

    def test_a_test_that_is_not_there_is_said(self, store: Store) -> None:
        for end in ENDINGS.values():
            with pytest.raises(NotThere):
                end(store, "nowhere")

    def test_a_negative_time_is_refused(self, store: Store, instance: str) -> None:
        id = store.quick_tests.start(quick_test(instance))
        with pytest.raises(RefusedValue, match="execution_time"):
            store.quick_tests.complete(id, {}, {}, -1.0)
        assert store.quick_tests.get(id).status is TestStatus.RUNNING

    def test_the_newest_tests_of_a_strategy_come_first(
        self, store: Store, instance: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = store.strategies.create("Another", FLOW, {}).id
        start = clock.now()
        ids = []
        for number in range(14):
            moment = start + datetime.timedelta(seconds=number)
            monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
            ids.append(store.quick_tests.start(quick_test(instance)))
            store.quick_tests.start(quick_test(other))
        assert [test.id for test in store.quick_tests.recent(instance)] == ids[:3:-1]
        assert [test.id for test in store.quick_tests.recent(instance, limit=2)] == ids[:-3:-1]

    def test_tests_whose_process_was_gone_are_ended(
        self, store: Store, instance: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old = store.quick_tests.start(quick_test(instance))
        done = store.quick_tests.start(quick_test(instance))
        store.quick_tests.cancel(done)
        later = clock.now() + datetime.timedelta(minutes=11)
        monkeypatch.setattr(clock, "now", lambda: later)
        young = store.quick_tests.start(quick_test(instance))
        assert store.quick_tests.close_orphans(datetime.timedelta(minutes=10)) == 1
        assert store.quick_tests.get(old).error_message == "its process was gone"
        assert store.quick_tests.get(old).status is TestStatus.FAILED
        assert store.quick_tests.get(young).status is TestStatus.RUNNING
        assert store.quick_tests.close_orphans() == 1
        assert store.quick_tests.close_orphans() == 0
        assert store.quick_tests.get(done).status is TestStatus.CANCELLED

    def test_a_test_taken_for_lost_that_answers_after_all_is_completed(self, store: Store, instance: str) -> None:
        id = store.quick_tests.start(quick_test(instance))
        store.quick_tests.close_orphans()
        ENDINGS[TestStatus.COMPLETED](store, id)
        record = store.quick_tests.get(id)
        assert (record.status, record.error_message) == (TestStatus.COMPLETED, None)

    def test_the_newest_test_that_came_to_its_end_is_found_for_each_strategy(self, store: Store) -> None:
        first, second, never = (store.strategies.create(name, FLOW, {}).id for name in ("First", "Second", "Never"))
        ended = {}
        for instance in (first, second, first):
            ended[instance] = store.quick_tests.start(quick_test(instance))
            store.quick_tests.complete(ended[instance], {}, {"total_return": 0.1}, 0.5)
            ENDINGS[TestStatus.CANCELLED](store, store.quick_tests.start(quick_test(instance)))
        store.quick_tests.fail(store.quick_tests.start(quick_test(never)), "It failed.")
        found = store.quick_tests.newest_completed([first, second, never, "nowhere"])
        assert {instance: summary.id for instance, summary in found.items()} == ended
        assert found[first].metrics_summary == {"total_return": 0.1}
        store.strategies.soft_delete(first)
        assert store.quick_tests.newest_completed([first, second]).keys() == {second}

    @settings(max_examples=20, suppress_health_check=SHARED_STORE, deadline=None)
    @given(
        ends=st.lists(st.sampled_from([*ENDINGS, TestStatus.RUNNING]), max_size=8),
        limit=st.integers(1, 3),
        order=st.sampled_from(TestOrder),
    )
    def test_a_history_shows_each_test_once_page_by_page(
        self, store: Store, ends: list[TestStatus], limit: int, order: TestOrder
    ) -> None:
        instance = store.strategies.create("Tested anew", FLOW, {}).id
        ids = []
        for number, status in enumerate(ends):
            with pytest.MonkeyPatch.context() as patch:
                moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC) + datetime.timedelta(days=number // 2)
                patch.setattr(clock, "now", lambda moment=moment: moment)
                ids.append(store.quick_tests.start(quick_test(instance)))
                if status in ENDINGS:
                    ENDINGS[status](store, ids[-1])
        for wanted in (None, TestStatus.FAILED):
            seen: list[Any] = []
            key: PageKey | None = None
            while True:
                page = store.quick_tests.list(TestWish(instance, wanted, order=order), limit, key)
                seen += page.items
                key = page.next_key
                if key is None:
                    break
            expected = [id for id, status in zip(ids, ends, strict=True) if wanted in (None, status)]
            assert sorted(test.id for test in seen) == sorted(expected)
            moments = [test.created_at for test in seen]
            assert moments == sorted(moments, reverse=order is TestOrder.NEWEST)

    def test_a_history_of_some_days(self, store: Store, instance: str, monkeypatch: pytest.MonkeyPatch) -> None:
        days = [datetime.datetime(2026, 1, day, tzinfo=datetime.UTC) for day in (1, 2, 3, 4)]
        for day in days:
            monkeypatch.setattr(clock, "now", lambda day=day: day)
            store.quick_tests.start(quick_test(instance))
        found = store.quick_tests.list(TestWish(since=days[1], until=days[2])).items
        assert [test.created_at for test in found] == [days[2], days[1]]

    def test_counts_follow_every_change_of_the_rows(self, store: Store, instance: str) -> None:
        assert store.quick_tests.counts() == TestCounts()
        assert TestCounts().success_rate is None
        ids = [store.quick_tests.start(quick_test(instance)) for _ in range(6)]
        for id, status in zip(ids, [*ENDINGS, TestStatus.COMPLETED, TestStatus.COMPLETED], strict=False):
            ENDINGS[status](store, id)
        counts = store.quick_tests.counts()
        assert counts == TestCounts(running=1, completed=3, failed=1, cancelled=1)
        assert counts.success_rate == 0.75
        gone = {"is_deleted": True, "deleted_at": clock.now()}
        with store.connections.writing(store.principal) as session:
            change(session, QuickTest, QuickTest.status == TestStatus.COMPLETED, gone)
        assert store.quick_tests.counts() == TestCounts(running=1, failed=1, cancelled=1)
        with store.connections.writing(store.principal) as session:
            back = {"is_deleted": False, "deleted_at": None}
            change(session, QuickTest, QuickTest.id == ids[0], back, include_deleted=True)
            session.execute(delete(QuickTest).where(QuickTest.status == TestStatus.FAILED))
        assert store.quick_tests.counts() == TestCounts(running=1, completed=1, cancelled=1)
        with store.connections.writing(store.principal) as session:
            session.execute(delete(StrategyInstance).where(StrategyInstance.id == instance))
        assert store.quick_tests.counts() == TestCounts(), "removed with their strategy"
