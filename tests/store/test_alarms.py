"""Each alarm rings beyond its limit, not at it, and says what to do."""

import datetime

import pytest

from builder_app.store import Principal, Store
from builder_app.store import alarms as alarms_module
from builder_app.store.alarms import Alarm, read_alarms
from builder_app.store.figures import read_figures
from builder_app.store.retention import run_job
from builder_app.store.retention_rules import Job
from builder_app.store.vocabulary import MeasurementKind, ValidationStatus
from builder_app.store.vocabulary import TestStatus as Status
from tests.store.places import OWNER, STRANGER
from tests.store.upkeep_rows import NOW, ago, generation, measurement, quick_test, session, strategy

pytestmark = pytest.mark.usefixtures("every_backend")


def alarms(store: Store, principal: Principal = OWNER, now: datetime.datetime = NOW) -> dict[str, Alarm]:
    """The alarms by their rules."""
    found = read_alarms(store.connections, principal, read_figures(store.connections, principal, now))
    assert all(alarm.message.endswith(".") and alarm.hint.endswith(".") for alarm in found)
    return {alarm.rule: alarm for alarm in found}


def test_new_store_has_no_alarms(store: Store) -> None:
    assert alarms(store) == {}


def test_test_that_runs_for_ten_minutes_rings_also_after_it_was_ended(store: Store) -> None:
    instance = strategy(store)
    quick_test(store, instance, test_name="Short", status=Status.RUNNING, started_at=ago(minutes=9))
    assert "lost_test" not in alarms(store)
    quick_test(store, instance, test_name="Long", status=Status.RUNNING, started_at=ago(minutes=10))
    assert "'Long'" in alarms(store)["lost_test"].message
    assert "'Short'" not in alarms(store)["lost_test"].message
    assert run_job(store.connections, Job.SESSIONS, NOW).counts["lost_tests"] == 1
    assert "'Long'" in alarms(store)["lost_test"].message
    assert "lost_test" not in alarms(store, STRANGER)
    later = NOW + datetime.timedelta(days=1)
    run_job(store.connections, Job.SESSIONS, later)
    assert "'Long'" not in alarms(store, now=later)["lost_test"].message


def test_program_that_was_killed_and_started_again_at_once_does_not_ring(store: Store) -> None:
    lost = {"status": Status.FAILED, "error_message": "its process was gone"}
    quick_test(store, strategy(store), **lost, started_at=ago(minutes=5), completed_at=ago(minutes=4))
    assert "lost_test" not in alarms(store)


@pytest.mark.parametrize(("failed", "rings"), [(2, False), (3, True)])
def test_more_than_a_fifth_of_failed_texts_rings(store: Store, failed: int, rings: bool) -> None:
    instance = strategy(store)
    for number in range(10):
        status = ValidationStatus.SYNTAX_ERROR if number < failed else ValidationStatus.VALID
        generation(store, instance, str(number), validation_status=status, created_at=ago(days=6))
    found = alarms(store).get("failed_validation")
    assert (found is not None) is rings
    if found is not None:
        assert found.message.startswith("30.00 % of the code")
        assert "3 syntax errors" in found.message


def test_too_many_active_sessions_ring(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alarms_module, "MOST_ACTIVE_SESSIONS", 2)
    for _ in range(2):
        session(store)
    session(store, is_active=False)
    assert "active_sessions" not in alarms(store)
    session(store, user_id=STRANGER.user_id)
    assert "There are 3 active sessions" in alarms(store)["active_sessions"].message


def test_limit_of_active_sessions_is_ten_thousand() -> None:
    assert alarms_module.MOST_ACTIVE_SESSIONS == 10_000


def test_cleanup_that_is_two_hours_late_rings(store: Store) -> None:
    measurement(store, MeasurementKind.JOB, name="daily", created_at=ago(hours=3))
    measurement(store, MeasurementKind.JOB, name="sessions", created_at=ago(hours=2))
    assert alarms(store) == {}
    late = alarms(store, now=NOW + datetime.timedelta(seconds=1))
    assert late["late_cleanup"].message == "The cleanup of sessions last ran on 2026-06-01 at 10:00 UTC; it is late."


def test_cleanup_that_never_ran_rings_where_there_is_something_old_to_clean(store: Store) -> None:
    session(store, last_activity_at=ago(hours=1))
    assert alarms(store) == {}
    session(store, last_activity_at=ago(hours=3))
    assert "never ran" in alarms(store)["late_cleanup"].message


def test_run_dated_in_the_future_does_not_keep_the_alarm_from_ringing(store: Store) -> None:
    measurement(store, MeasurementKind.JOB, name="sessions", created_at=ago(days=-3650))
    session(store, last_activity_at=ago(hours=3))
    assert "late_cleanup" in alarms(store)
