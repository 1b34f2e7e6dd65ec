"""Bringing a deleted strategy back: with the tests that went with it, and with no others."""

import datetime

import pytest

from builder_app.store import NotThere, Store, clock
from builder_app.store.list_records import TestCounts
from builder_app.store.retention import run_job
from builder_app.store.retention_rules import Job
from tests.store.places import STRANGER
from tests.store.upkeep_rows import FLOW, NOW, ago, quick_test

pytestmark = pytest.mark.usefixtures("every_backend")


def shown(store: Store, strategy: str) -> set[str]:
    """The strategy's tests that its user sees."""
    return {test.id for test in store.quick_tests.recent(strategy)}


def deleted_with_three_tests(store: Store, monkeypatch: pytest.MonkeyPatch) -> tuple[str, set[str]]:
    """A deleted strategy, two of whose tests the daily cleanup deleted with it, and one that went long before."""
    strategy = store.strategies.create("Mine", FLOW, {}).id
    tests = {quick_test(store, strategy), quick_test(store, strategy)}
    quick_test(store, strategy, deleted_at=ago(days=200))
    with monkeypatch.context() as earlier:
        earlier.setattr(clock, "now", lambda: ago(days=5))
        store.strategies.soft_delete(strategy)
    return strategy, tests


def test_restored_strategy_has_the_tests_again_that_went_with_it_and_no_others(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    strategy, tests = deleted_with_three_tests(store, monkeypatch)
    assert run_job(store.connections, Job.DAILY, NOW).counts["tests_of_deleted"] == 2
    assert shown(store, strategy) == set()
    assert store.quick_tests.counts() == TestCounts()
    store.strategies.restore(strategy)
    assert shown(store, strategy) == tests
    assert store.quick_tests.counts() == TestCounts(completed=2)
    assert run_job(store.connections, Job.DAILY, NOW + datetime.timedelta(days=200)).counts["purged_tests"] == 0


def test_restoring_what_is_not_deleted_brings_back_no_test(store: Store) -> None:
    kept = store.strategies.create("Mine", FLOW, {}).id
    quick_test(store, kept, deleted_at=ago(days=1))
    store.strategies.restore(kept)
    assert shown(store, kept) == set()


def test_strategy_deleted_at_the_same_moment_keeps_its_tests_deleted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    strategy, tests = deleted_with_three_tests(store, monkeypatch)
    other, _ = deleted_with_three_tests(store, monkeypatch)
    run_job(store.connections, Job.DAILY, NOW)
    store.strategies.restore(strategy)
    assert shown(store, strategy) == tests
    assert store.quick_tests.counts() == TestCounts(completed=2)
    store.strategies.restore(other)
    assert store.quick_tests.counts() == TestCounts(completed=4)


def test_stranger_brings_back_neither_strategy_nor_tests(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    strategy, tests = deleted_with_three_tests(store, monkeypatch)
    run_job(store.connections, Job.DAILY, NOW)
    with pytest.raises(NotThere):
        store.as_principal(STRANGER).strategies.restore(strategy)
    assert store.quick_tests.counts() == TestCounts()
    store.strategies.restore(strategy)
    assert shown(store, strategy) == tests
