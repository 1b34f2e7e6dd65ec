"""When jobs are due, whatever happens to the clocks."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from builder_app.session.care.schedule import INTERVALS, Schedule
from builder_app.store.retention_rules import Job
from tests.session.clocks import SetClock

MINUTE, HOUR, DAY = (datetime.timedelta(**{unit: 1}) for unit in ("minutes", "hours", "days"))


def due_after(clock: SetClock, last: datetime.datetime) -> set[Job]:
    """A schedule that ran both jobs at `last`, asked now."""
    schedule = Schedule(clock)
    for job in Job:
        schedule.ran(job)
    return set(schedule.due({job.value: last for job in Job}))


def test_sessions_are_cleaned_at_start_though_another_program_did_just_now() -> None:
    clock = SetClock()
    just_now = {job.value: clock.now() for job in Job}
    assert Schedule(clock).due(just_now) == (Job.SESSIONS,)


def test_everything_is_due_on_a_store_where_nothing_ever_ran() -> None:
    assert set(Schedule(SetClock()).due({})) == set(Job)


def test_nothing_is_due_right_after_it_ran() -> None:
    clock = SetClock()
    assert due_after(clock, clock.now()) == set()


def test_job_that_another_program_ran_meanwhile_is_not_due() -> None:
    clock = SetClock()
    schedule = Schedule(clock)
    schedule.ran(Job.SESSIONS)
    clock.pass_time(14 * MINUTE)
    assert schedule.due({job.value: clock.now() for job in Job}) == ()


def test_after_sleep_in_which_the_monotonic_clock_stood_still_everything_is_due() -> None:
    clock = SetClock()
    schedule = Schedule(clock)
    for job in Job:
        schedule.ran(job)
    last = {job.value: clock.now() for job in Job}
    clock.sleep(2 * DAY)
    assert set(schedule.due(last)) == set(Job)


def test_clock_set_back_for_years_does_not_stop_the_jobs() -> None:
    clock = SetClock()
    schedule = Schedule(clock)
    for job in Job:
        schedule.ran(job)
    last = {job.value: clock.now() - MINUTE for job in Job}
    clock.set(clock.now() - 3650 * DAY)
    clock.pass_time(15 * MINUTE)
    assert schedule.due(last) == (Job.SESSIONS,)
    clock.pass_time(DAY)
    assert set(schedule.due(last)) == set(Job)


EVENTS = st.one_of(
    st.tuples(st.just("pass"), st.timedeltas(datetime.timedelta(0), HOUR)),
    st.tuples(st.just("sleep"), st.timedeltas(datetime.timedelta(0), 3 * DAY)),
    st.tuples(st.just("set"), st.timedeltas(-30 * DAY, 30 * DAY)),
)


@given(st.lists(EVENTS, max_size=30))
def test_no_job_is_late_by_the_monotonic_clock_nor_by_sleep(happened: list[tuple[str, datetime.timedelta]]) -> None:
    """Looked at after each event, a job runs whenever its interval has passed awake, or awake and asleep together."""
    clock = SetClock()
    schedule = Schedule(clock)
    stored = {job.value: clock.now() for job in Job}
    awake = dict.fromkeys(Job, datetime.timedelta(0))
    for job in Job:
        schedule.ran(job)
    for kind, span in happened:
        match kind:
            case "pass":
                clock.pass_time(span)
            case "sleep":
                clock.sleep(span)
            case _:
                clock.set(clock.now() + span)
        awake = {job: passed + (span if kind == "pass" else datetime.timedelta(0)) for job, passed in awake.items()}
        known = {name: at for name, at in stored.items() if at <= clock.now()}
        due = schedule.due(known)
        for job in Job:
            if awake[job] >= INTERVALS[job]:
                assert job in due
            if kind == "sleep" and job.value in known and clock.now() - known[job.value] >= INTERVALS[job]:
                assert job in due
        for job in due:
            schedule.ran(job)
            stored[job.value], awake[job] = clock.now(), datetime.timedelta(0)
        assert schedule.due({name: at for name, at in stored.items() if at <= clock.now()}) == ()
