"""The maintenance thread on a real store: cleanups by the clock, measured saves, drafts that are offered."""

import datetime
import threading
from collections.abc import Iterator

import pytest

from builder_app.flow.edits import RenameStrategy
from builder_app.session import events
from builder_app.session.care.maintenance import Maintenance
from builder_app.store import StoreUnavailable, clock
from builder_app.store.measurements import last_runs
from builder_app.store.records import DraftSnapshot
from builder_app.store.retention_rules import Job
from builder_app.store.vocabulary import TestStatus as Status
from tests.market.csv_files import SAMPLE
from tests.session.clocks import SetClock
from tests.session.strategist import Ground, Strategist
from tests.store.upkeep_rows import FLOW, quick_test

MINUTE, DAY = datetime.timedelta(minutes=1), datetime.timedelta(days=1)
DRAWN = {"format": "logic-flow", "version": 1, "name": "Left behind", "nodes": [], "edges": []}


class Kept:
    """Maintenance without its thread, by clocks that the test moves."""

    def __init__(self, work: Strategist, monkeypatch: pytest.MonkeyPatch) -> None:
        work.session.maintenance.close()
        self.clock = SetClock()
        monkeypatch.setattr(clock, "now", self.clock.now)
        self.maintenance = Maintenance(work.session.desk, self.clock)
        self.store = work.store

    def runs(self) -> dict[str, datetime.datetime]:
        return last_runs(self.store.connections, self.clock.now())


@pytest.fixture
def kept(work: Strategist, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    work.settle()
    made = Kept(work, monkeypatch)
    yield made
    made.maintenance.close()


def test_first_look_runs_every_job_and_the_next_ones_when_they_are_due(kept: Kept) -> None:
    started = kept.clock.now()
    kept.maintenance.look()
    assert kept.runs() == {"sessions": started, "daily": started}
    kept.clock.pass_time(14 * MINUTE)
    kept.maintenance.look()
    assert kept.runs()["sessions"] == started
    kept.clock.pass_time(MINUTE)
    kept.maintenance.look()
    assert kept.runs() == {"sessions": started + 15 * MINUTE, "daily": started}
    kept.clock.sleep(DAY)
    kept.maintenance.look()
    assert set(kept.runs().values()) == {kept.clock.now()}


def test_the_daily_cleanup_removes_prices_that_were_deleted_long_ago(work: Strategist, kept: Kept) -> None:
    library = work.session.rooms.library
    library.install_sample(SAMPLE)
    library.remove("IBM")
    kept.maintenance.look()
    assert [info.symbol for info in library.deleted()] == ["IBM"]
    kept.clock.sleep(datetime.datetime.now(datetime.UTC) - kept.clock.now() + 91 * DAY)
    kept.maintenance.look()
    assert library.deleted() == ()


def test_clock_set_back_does_not_stop_the_cleanup(kept: Kept) -> None:
    kept.maintenance.look()
    kept.clock.set(kept.clock.now() - 400 * DAY)
    kept.clock.pass_time(15 * MINUTE)
    lost = quick_test(
        kept.store,
        kept.store.strategies.create("Mine", FLOW, {}).id,
        user_id=kept.store.principal.user_id,
        status=Status.RUNNING,
        started_at=kept.clock.now() - 11 * MINUTE,
    )
    kept.maintenance.look()
    assert kept.store.quick_tests.get(lost).status is Status.FAILED


def test_trouble_is_said_once_and_the_job_is_tried_again(
    work: Strategist, kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:

        def refuse(*_asked: object, **_more: object) -> None:
            raise StoreUnavailable("the disk is full")

        broken.setattr("builder_app.session.care.maintenance.run_job", refuse)
        kept.maintenance.look()
        kept.maintenance.look()
    work.mailbox.run_waiting()
    assert [event.message for event in work.heard(events.Refused)] == [
        "The store could not be cleaned up: the disk is full. It is tried again."
    ]
    assert kept.runs() == {}
    kept.maintenance.look()
    assert set(kept.runs()) == {job.value for job in Job}


def test_left_draft_is_offered_once_and_is_listed_again(work: Strategist, kept: Kept) -> None:
    draft = work.store.sessions.open(None, "Left behind", DraftSnapshot(0, DRAWN)).id
    kept.clock.pass_time(2 * DAY)
    kept.maintenance.start()
    told = work.until_told(events.DraftsOffered)
    assert told.names == ("Left behind",)
    assert draft in [found.id for found in work.store.sessions.active()]
    kept.clock.pass_time(29 * DAY)
    kept.maintenance.look()
    work.mailbox.run_waiting()
    assert len(work.heard(events.DraftsOffered)) == 1
    assert draft in [found.id for found in work.store.sessions.active()]


def test_draft_that_is_open_in_the_window_is_neither_ended_nor_offered(work: Strategist, kept: Kept) -> None:
    document = work.session.new_document()
    work.session.edit(document, RenameStrategy("Open"))
    work.settle()
    kept.maintenance.look()
    for _ in range(200):
        kept.clock.pass_time(15 * MINUTE)
        kept.maintenance.look()
        work.mailbox.run_waiting()
    assert document.id in [found.id for found in work.store.sessions.active()]
    assert work.heard(events.DraftsOffered) == []


def test_draft_that_slept_in_the_window_over_a_weekend_is_not_offered(work: Strategist, kept: Kept) -> None:
    document = work.session.new_document()
    work.session.edit(document, RenameStrategy("Open"))
    work.settle()
    kept.clock.sleep(3 * DAY)
    kept.maintenance.look()
    work.mailbox.run_waiting()
    assert document.id in [found.id for found in work.store.sessions.active()]
    assert work.heard(events.DraftsOffered) == []


def test_real_edits_become_the_figure_of_save_times(home: Ground) -> None:
    with home.strategist() as work:
        document = work.session.new_document()
        for number in range(20):
            work.session.edit(document, RenameStrategy(f"Name {number}"))
        work.settle()
        work.session.maintenance.ask_health()
        assert work.until_told(events.HealthRead).health.figures.draft_save.count == 0
    with home.strategist() as later:
        later.session.maintenance.ask_health()
        saves = later.until_told(events.HealthRead).health.figures.draft_save
    assert saves.count == 20
    assert saves.p50 is not None
    assert 0.0 < saves.p50 < 5.0


def test_tested_strategy_has_its_times_in_the_figures(work: Strategist) -> None:
    document = work.open_example()
    result = work.result_of(document)
    work.settle()
    work.told.clear()
    work.session.maintenance.ask_health()
    work.until(lambda: any(event.health.figures.completed_tests for event in work.heard(events.HealthRead)))
    figures = work.heard(events.HealthRead)[-1].health.figures
    assert figures.quick_test_time.p50 == result.seconds
    assert (figures.completed_tests, figures.failed_tests, figures.success_rate) == (1, 0, 1.0)
    (spread,) = figures.generation_time.values()
    assert spread.count == 1
    assert spread.p50 is not None
    assert 0.0 < spread.p50 < 30.0
    assert dict(figures.active_sessions) == {work.store.principal.user_id: 1}


def test_thread_cleans_at_start_and_ends_with_the_session(home: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    with home.store() as store, monkeypatch.context() as earlier:
        then = clock.now() - 2 * DAY
        earlier.setattr(clock, "now", lambda: then)
        closed = DraftSnapshot(0, DRAWN, metadata={"is_open": False})
        expired = store.sessions.open(None, "Closed and left", closed).id
    with home.strategist() as work:
        assert work.until_told(events.DraftsOffered).names == ("Closed and left",)
    assert not [thread for thread in threading.enumerate() if thread.name == "maintenance"]
    with home.store() as store:
        assert expired in [found.id for found in store.sessions.active()]
