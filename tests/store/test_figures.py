"""Figures are those of the rows, for whom the rows are, and had without walking through a table."""

import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.store import Principal, Store
from builder_app.store.figures import Figures, Spread, percentile, read_figures, spread
from builder_app.store.vocabulary import MeasurementKind, ValidationStatus
from builder_app.store.vocabulary import TestStatus as Status
from tests.store.places import ADMINISTRATOR, OWNER, STRANGER
from tests.store.test_query_plans import is_slow, plan, statements
from tests.store.upkeep_rows import NOW, ago, generation, measurement, quick_test, session, strategy
from tests.store.world import NODE_TEMPLATE

pytestmark = pytest.mark.usefixtures("every_backend")
TIMES = st.lists(st.floats(0.0, 1e4), min_size=1, max_size=200)


def figures(store: Store, principal: Principal = OWNER) -> Figures:
    return read_figures(store.connections, principal, NOW)


@given(TIMES, st.floats(0.01, 1.0))
def test_percentiles_are_numpys_inverted_distribution(times: list[float], share: float) -> None:
    assert percentile(sorted(times), share) == np.quantile(times, share, method="inverted_cdf")


@given(TIMES)
def test_spread_is_in_order_and_of_the_times_themselves(times: list[float]) -> None:
    found = spread(times)
    assert found.count == len(times)
    assert found.p50 is not None
    assert found.p95 is not None
    assert found.p99 is not None
    assert min(times) <= found.p50 <= found.p95 <= found.p99 <= max(times)
    assert {found.p50, found.p95, found.p99} <= set(times)


def test_store_without_rows_has_no_figures_and_no_errors(store: Store) -> None:
    empty = figures(store)
    assert (empty.quick_test_time, empty.draft_save) == (Spread(), Spread())
    assert (empty.success_rate, empty.failed_share) == (None, None)
    assert (empty.jobs, empty.slow_queries, empty.active_sessions, empty.generation_time) == ((), (), (), {})


def write_tests(store: Store, user: str = OWNER.user_id) -> None:
    instance = strategy(store, user_id=user)
    for number in range(1, 101):
        ended = {"completed_at": ago(minutes=number), "execution_time": number / 100}
        quick_test(store, instance, user_id=user, **ended)
    for status in (Status.FAILED, Status.FAILED, Status.CANCELLED, Status.RUNNING):
        ended_at = None if status is Status.RUNNING else ago(minutes=1)
        quick_test(store, instance, user_id=user, status=status, completed_at=ended_at)
    old = {"completed_at": ago(days=31), "execution_time": 500.0}
    quick_test(store, instance, user_id=user, **old)
    quick_test(store, instance, user_id=user, completed_at=ago(minutes=1), execution_time=500.0, deleted_at=NOW)


def test_times_and_rates_are_of_the_tests_of_the_last_thirty_days(store: Store) -> None:
    write_tests(store)
    found = figures(store)
    assert found.quick_test_time == Spread(100, 0.5, 0.95, 0.99)
    assert (found.completed_tests, found.failed_tests) == (100, 2)
    assert found.success_rate == 100 / 102
    assert [point.seconds for point in found.test_times] == [number / 100 for number in range(100, 0, -1)]
    assert found.test_times[-1].at == ago(minutes=1)


def test_generation_times_are_by_complexity_and_verdicts_of_the_last_week(store: Store) -> None:
    instance = strategy(store)
    for number, complexity in enumerate((1, 5, 6, 10, 11, 40)):
        generation(
            store,
            instance,
            str(number),
            complexity_score=complexity,
            generation_time=number + 1.0,
            created_at=ago(days=1),
        )
    bad = {"validation_status": ValidationStatus.RUNTIME_ERROR, "generation_time": None}
    generation(store, instance, "bad", **bad, created_at=ago(days=1))
    generation(store, instance, "pending", validation_status=ValidationStatus.PENDING, created_at=ago(days=1))
    generation(store, instance, "older", **bad, created_at=ago(days=8))
    found = figures(store)
    medians = {name: (times.count, times.p50) for name, times in found.generation_time.items()}
    assert medians == {"up to 5": (2, 1.0), "6–10": (2, 3.0), "11–20": (1, 5.0), "over 20": (1, 6.0)}
    assert found.validation == {
        ValidationStatus.VALID: 6,
        ValidationStatus.RUNTIME_ERROR: 1,
        ValidationStatus.PENDING: 1,
    }
    assert found.failed_share == 1 / 7


def test_save_times_are_of_every_sample_and_a_point_a_measurement(store: Store) -> None:
    of_owner: dict[str, Any] = {"user_id": OWNER.user_id}
    measurement(
        store, MeasurementKind.DRAFT_SAVE, detail={"samples": [0.1, 0.2, 0.3]}, created_at=ago(minutes=2), **of_owner
    )
    measurement(store, MeasurementKind.DRAFT_SAVE, detail={"samples": [0.4]}, created_at=ago(minutes=1), **of_owner)
    found = figures(store)
    assert found.draft_save == Spread(4, 0.2, 0.4, 0.4)
    assert [point.seconds for point in found.save_times] == [0.2, 0.4]


def test_last_run_of_each_job_and_each_slow_statement_once(store: Store) -> None:
    for minutes, rows in ((30, 5), (15, 7)):
        detail = {"rows": {"a": rows, "b": 1}, "longest_lock": 0.02}
        measurement(
            store,
            MeasurementKind.JOB,
            name="sessions",
            seconds=minutes / 100,
            detail=detail,
            created_at=ago(minutes=minutes),
        )
    for seconds, times in ((0.2, 3), (0.5, 1), (0.3, 2)):
        slow = {"statement": "SELECT 1", "plan": [f"SCAN in {seconds}"], "times": times}
        measurement(
            store, MeasurementKind.SLOW_QUERY, name="x", seconds=seconds, detail=slow, created_at=ago(hours=seconds)
        )
    found = figures(store)
    (job,) = found.jobs
    assert (job.name, job.at, job.seconds, job.rows, job.longest_lock) == ("sessions", ago(minutes=15), 0.15, 8, 0.02)
    (query,) = found.slow_queries
    assert (query.seconds, query.times, query.plan) == (0.5, 6, ("SCAN in 0.5",))


def test_stranger_sees_no_figure_of_the_owner_and_an_administrator_all(store: Store) -> None:
    write_tests(store)
    generation(store, strategy(store), created_at=ago(days=1), generation_time=1.0)
    session(store)
    session(store, user_id=STRANGER.user_id)
    measurement(
        store, MeasurementKind.DRAFT_SAVE, user_id=OWNER.user_id, detail={"samples": [0.1]}, created_at=ago(minutes=1)
    )
    theirs = figures(store, STRANGER)
    assert theirs.quick_test_time.count == theirs.completed_tests == theirs.failed_tests == theirs.draft_save.count == 0
    assert (theirs.validation, theirs.generation_time, theirs.test_times, theirs.save_times) == ({}, {}, (), ())
    assert theirs.active_sessions == ((STRANGER.user_id, 1),)
    everything = figures(store, ADMINISTRATOR)
    assert (everything.quick_test_time.count, everything.draft_save.count) == (100, 1)
    assert dict(everything.active_sessions) == {OWNER.user_id: 1, STRANGER.user_id: 1}


def test_most_used_templates_come_first(store: Store) -> None:
    system = store.as_principal(ADMINISTRATOR)
    system.node_templates.seed([NODE_TEMPLATE])
    (block,) = store.node_templates.list().items
    assert figures(store).most_used_templates == ()
    store.node_templates.count_use(block.id)
    assert figures(store).most_used_templates == ((NODE_TEMPLATE.display_name, 1),)


@pytest.mark.parametrize("principal", [OWNER, ADMINISTRATOR], ids=["owner", "administrator"])
def test_no_figure_walks_through_the_rows(store: Store, principal: Principal, backend: str) -> None:
    if backend != "sqlite":
        pytest.skip("SQLite's plans are read here")
    write_tests(store)
    with statements(store) as seen:
        figures(store, principal)
    large = ("quick_tests", "code_generations", "builder_sessions")
    for statement, values in seen:
        steps = plan(store, statement, values)
        if any(name in statement for name in large):
            assert not [step for step in steps if is_slow(step) and "GROUP BY" not in step], (steps, statement)
            if "quick_tests" in statement or "code_generations" in statement:
                assert any("COVERING INDEX" in step for step in steps), (steps, statement)


def test_figures_do_not_read_what_lies_after_now(store: Store) -> None:
    quick_test(store, strategy(store), completed_at=NOW + datetime.timedelta(days=1), execution_time=1.0)
    assert figures(store).quick_test_time.count == 0
