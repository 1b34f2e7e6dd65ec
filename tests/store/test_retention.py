"""The rules of retention: what each does, that they do it once, and that they agree with a plain reading of SCHEMA."""

import datetime
import gzip
import re
import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from builder_app.store import Store, clock, open_store
from builder_app.store.measurements import last_runs
from builder_app.store.models import BuilderSession, CodeGeneration, Measurement, QuickTest, SessionEdit
from builder_app.store.records import DraftSnapshot
from builder_app.store.retention import LONGEST_LOCK, JobOutcome, count_due, run_job
from builder_app.store.retention_rules import RULES, Job
from builder_app.store.vocabulary import InstanceStatus, MeasurementKind, ValidationStatus
from builder_app.store.vocabulary import TestStatus as Status
from tests.store.places import MIGRATIONS, OWNER, RELEASED, STRANGER
from tests.store.test_query_plans import is_slow, plan, statements
from tests.store.upkeep_oracle import World, expected_after, worlds, write_world
from tests.store.upkeep_rows import (
    FLOW,
    NOW,
    OTHER_FLOW,
    ago,
    empty,
    everything,
    generation,
    measurement,
    quick_test,
    rows,
    session,
    steps,
    strategy,
)

pytestmark = pytest.mark.usefixtures("every_backend")


def run(store: Store, now: datetime.datetime = NOW, *, dry_run: bool = False) -> dict[str, int]:
    """Every job, and what each rule counted."""
    counts: dict[str, int] = {}
    for job in Job:
        counts |= run_job(store.connections, job, now, dry_run=dry_run).counts
    return counts


def never_wait_for_the_disk(store: Store) -> None:
    """Many small stores one after the other: none of them needs to survive a power cut."""
    if store.connections.url.get_backend_name() == "sqlite":
        with store.connections.engines[0].connect() as connection:
            connection.connection.execute("PRAGMA synchronous = OFF")


def state(store: Store) -> dict[str, Any]:
    """What is left, in the words of the oracle."""
    return {
        "sessions": {row["id"]: bool(row["is_active"]) for row in rows(store, BuilderSession)},
        "steps": sorted((row["session_id"], row["sequence"]) for row in rows(store, SessionEdit)),
        "tests": {row["id"]: (str(row["status"]), row["deleted_at"]) for row in rows(store, QuickTest)},
        "texts": {row["id"] for row in rows(store, CodeGeneration)},
        "measurements": {row["id"] for row in rows(store, Measurement) if row["kind"] != MeasurementKind.JOB},
    }


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(world=worlds())
def test_rules_do_what_a_plain_reading_of_them_says(store: Store, world: World) -> None:
    never_wait_for_the_disk(store)
    empty(store)
    write_world(store, world)
    foreseen = run(store, dry_run=True)
    untouched = everything(store)
    counted = run(store)
    expected = expected_after(world, NOW)
    assert state(store) == expected.state
    assert counted == expected.counts
    assert foreseen == counted
    assert (everything(store) == untouched) is (sum(counted.values()) == counted["old_measurements"])
    after = everything(store)
    assert set(run(store).values()) == {0}
    assert everything(store) == after


def test_dry_run_changes_nothing_and_is_not_kept_as_a_run(store: Store) -> None:
    session(store, last_activity_at=ago(days=2))
    before = everything(store)
    assert run(store, dry_run=True)["ended_sessions"] == 1
    assert everything(store) == before
    assert last_runs(store.connections, NOW) == {}
    run(store)
    assert set(last_runs(store.connections, NOW).values()) == {NOW}
    assert last_runs(store.connections, ago(seconds=1)) == {}


def test_run_keeps_its_time_its_counts_and_its_longest_lock(store: Store) -> None:
    session(store, last_activity_at=ago(days=2))
    outcome = run_job(store.connections, Job.SESSIONS, NOW)
    (kept,) = rows(store, Measurement)
    assert (kept["name"], kept["seconds"]) == ("sessions", outcome.seconds)
    assert kept["detail"]["rows"]["ended_sessions"] == 1
    assert kept["detail"]["longest_lock"] == outcome.longest_lock > 0


def test_rules_are_of_everybody_not_only_of_who_runs_them(store: Store) -> None:
    session(store, user_id=STRANGER.user_id, last_activity_at=ago(days=2))
    assert run(store)["ended_sessions"] == 1


# -- drafts -------------------------------------------------------------------------------------------------------


def test_unsaved_draft_is_kept_for_years_until_it_was_offered(store: Store) -> None:
    saved = strategy(store)
    never_saved = session(store, None, last_activity_at=ago(days=900))
    changed = session(store, saved, draft_logic_flow=OTHER_FLOW, last_activity_at=ago(days=900))
    with_later_steps = session(store, saved, last_activity_at=ago(days=900), snapshot_sequence=2)
    steps(store, with_later_steps, 1, 3)
    counts = run(store)
    assert (counts["ended_sessions"], counts["purged_sessions"]) == (3, 0)
    assert set(state(store)["sessions"]) == {never_saved, changed, with_later_steps}
    assert len(state(store)["steps"]) == 3


def test_draft_that_is_saved_goes_thirty_days_after_its_last_activity(store: Store) -> None:
    saved = strategy(store)
    same = session(store, saved, last_activity_at=ago(days=30, seconds=1), snapshot_sequence=2)
    steps(store, same, 1, 2)  # kept for undo: the snapshot has them
    kept = session(store, saved, last_activity_at=ago(days=29, hours=23))
    counts = run(store)
    assert counts["purged_sessions"] == 1
    assert counts["removed_steps"] == 2
    assert state(store)["sessions"] == {kept: False}


def test_steps_of_another_draft_do_not_make_this_one_unsaved(store: Store) -> None:
    steps(store, session(store, None), 1, 3)
    same = session(store, strategy(store), last_activity_at=ago(days=31))
    assert run(store)["purged_sessions"] == 1
    assert same not in state(store)["sessions"]


def test_offered_draft_stays_for_thirty_days_after_the_offer(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = session(store, None, last_activity_at=ago(days=400))
    run(store)
    assert [found.id for found in store.session_life.left_behind()] == [draft]
    monkeypatch.setattr(clock, "now", lambda: NOW)
    store.session_life.offer([draft])
    assert store.session_life.left_behind() == ()
    assert [found.id for found in store.sessions.active()] == [draft]
    assert run(store, NOW + datetime.timedelta(days=29))["purged_sessions"] == 0
    assert [found.id for found in store.sessions.active()] == [draft]
    assert run(store, NOW + datetime.timedelta(days=30))["purged_sessions"] == 1
    assert rows(store, BuilderSession) == []


def test_draft_that_was_drawn_in_after_its_offer_is_offered_again(store: Store) -> None:
    draft = store.sessions.open(None, "Mine", DraftSnapshot(0, FLOW)).id
    store.session_life.offer([draft])
    store.sessions.snapshot(draft, DraftSnapshot(0, OTHER_FLOW))
    far = clock.now() + datetime.timedelta(days=400)
    assert run(store, far)["purged_sessions"] == 0
    assert [found.id for found in store.session_life.left_behind()] == [draft]


def test_draft_that_was_ended_by_hand_is_not_offered(store: Store) -> None:
    draft = store.sessions.open(None, "Mine", DraftSnapshot(0, FLOW)).id
    store.sessions.deactivate(draft)
    assert store.session_life.left_behind() == ()
    assert run(store, clock.now() + datetime.timedelta(days=31))["purged_sessions"] == 1


@pytest.mark.parametrize("is_active", [False, True])
def test_draft_that_was_ended_before_offers_were_kept_is_not_offered(tmp_path: Path, is_active: bool) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(gzip.decompress((RELEASED / "0001.db.gz").read_bytes()))
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE builder_sessions SET is_active = ?", (is_active,))
    with open_store(path, MIGRATIONS, OWNER) as store:
        run_job(store.connections, Job.SESSIONS, clock.now() + datetime.timedelta(days=2))
        assert len(store.session_life.left_behind()) == is_active


def test_draft_of_a_deleted_strategy_is_not_offered(store: Store) -> None:
    gone = strategy(store, deleted_at=ago(days=1))
    session(store, gone, draft_logic_flow=OTHER_FLOW, last_activity_at=ago(days=5))
    assert run(store)["ended_sessions"] == 1
    assert store.session_life.left_behind() == ()


def test_draft_that_is_open_in_a_window_does_not_expire(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    open_one = session(store, None, last_activity_at=ago(days=2))
    store.session_life.keep([open_one])
    assert run(store)["ended_sessions"] == 0
    assert store.sessions.active()[0].last_activity_at == ago(days=2)


def test_logging_out_ends_the_users_sessions_and_nobody_elses(store: Store) -> None:
    mine = [session(store), session(store)]
    other = session(store, user_id=STRANGER.user_id)
    assert store.session_life.end_all() == 2
    assert state(store)["sessions"] == {mine[0]: False, mine[1]: False, other: True}
    assert {found.id for found in store.session_life.left_behind()} == set(mine)


# -- tests and texts ----------------------------------------------------------------------------------------------


def test_test_deleted_with_its_strategy_has_the_strategys_moment(store: Store) -> None:
    gone = strategy(store, deleted_at=ago(days=3))
    test = quick_test(store, gone)
    run(store)
    assert state(store)["tests"] == {test: ("COMPLETED", ago(days=3))}


def test_lost_test_ends_as_failed_and_counts_if_it_answers_after_all(store: Store) -> None:
    instance = strategy(store)
    lost = quick_test(store, instance, status=Status.RUNNING, started_at=ago(minutes=10))
    running = quick_test(store, instance, status=Status.RUNNING, started_at=ago(minutes=9, seconds=59))
    assert run(store)["lost_tests"] == 1
    assert store.quick_tests.get(lost).error_message == "its process was gone"
    assert store.quick_tests.get(running).status is Status.RUNNING
    store.quick_tests.complete(lost, {}, {}, 700.0)
    assert store.quick_tests.get(lost).status is Status.COMPLETED


@pytest.mark.parametrize("status", list(ValidationStatus))
def test_only_failed_texts_go_and_only_after_ninety_days(store: Store, status: ValidationStatus) -> None:
    instance = strategy(store)
    for number, days in enumerate((89, 91, 1000)):
        moment = ago(days=days)
        generation(store, instance, str(number), validation_status=status, created_at=moment, updated_at=moment)
    run(store)
    failed = status not in (ValidationStatus.VALID, ValidationStatus.PENDING)
    assert len(rows(store, CodeGeneration)) == (1 if failed else 3)


def test_archived_strategys_tests_are_deleted_softly_after_a_year(store: Store) -> None:
    old = strategy(store, status=InstanceStatus.ARCHIVED, updated_at=ago(days=366))
    new = strategy(store, status=InstanceStatus.ARCHIVED, updated_at=ago(days=364))
    active = strategy(store, status=InstanceStatus.ACTIVE, updated_at=ago(days=999))
    tests = [quick_test(store, instance) for instance in (old, new, active)]
    run(store)
    deleted = {id: row[1] for id, row in state(store)["tests"].items()}
    assert deleted == {tests[0]: NOW, tests[1]: None, tests[2]: None}
    assert run(store, NOW + datetime.timedelta(days=3650))["purged_tests"] == 0


def test_old_measurements_go(store: Store) -> None:
    old = measurement(store, MeasurementKind.SLOW_QUERY, created_at=ago(days=31))
    new = measurement(store, MeasurementKind.SLOW_QUERY, created_at=ago(days=29))
    run(store)
    assert state(store)["measurements"] == {new} - {old}


# -- speed --------------------------------------------------------------------------------------------------------


def test_large_cleanup_holds_the_write_lock_for_a_moment_only_and_lets_others_write(store: Store) -> None:
    gone = strategy(store, deleted_at=ago(days=100))
    result = {"equity": [1.5] * 4_000}
    for _ in range(400):
        quick_test(store, gone, test_result=result)
    for _ in range(3):
        steps(store, session(store, gone, last_activity_at=ago(days=50)), 1, 60)
    waits: list[float] = []
    ended = threading.Event()

    def write_meanwhile() -> None:
        draft = store.sessions.open(None, "Meanwhile")
        while not ended.is_set():
            began = time.perf_counter()
            store.sessions.snapshot(draft.id, DraftSnapshot(0, FLOW))
            waits.append(time.perf_counter() - began)
            time.sleep(0.002)

    writer = threading.Thread(target=write_meanwhile)
    writer.start()
    outcomes: list[JobOutcome] = [run_job(store.connections, job, NOW) for job in Job]
    ended.set()
    writer.join()
    assert sum(sum(outcome.counts.values()) for outcome in outcomes) == 3 * 3 + 3 * 60 + 400
    assert len(waits) > 5
    locks = sorted(outcome.longest_lock for outcome in outcomes)
    assert locks[-1] < LONGEST_LOCK * 4  # the machine that tests may be busy; the benchmark measures the limit itself


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_finds_its_rows_by_an_index(store: Store, rule: Any, backend: str) -> None:
    if backend != "sqlite":
        pytest.skip("SQLite's plans are read here")
    gone = strategy(store, deleted_at=ago(days=100))
    quick_test(store, gone)
    old = session(store, gone, last_activity_at=ago(days=60))
    steps(store, old, 1, 2)
    with statements(store) as seen:
        for one in RULES:
            if one is rule:
                run_job(store.connections, rule.job, NOW)
        count_due(store.connections, rule, NOW)
    of_rule = [(text, values) for text, values in seen if re.search(rf"\b{rule.model.__tablename__}\b", text)]
    assert of_rule
    for statement, values in of_rule:
        slow = [step for step in plan(store, statement, values) if is_slow(step)]
        assert not slow, f"{slow} in {statement}"
