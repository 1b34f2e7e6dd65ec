"""Damaged drafts: no rule removes one before its strategist was told of it, and for 30 days after that."""

import datetime

import pytest

from builder_app.store import NotThere, Store, clock
from builder_app.store.models import BuilderSession
from builder_app.store.retention import run_job
from builder_app.store.retention_rules import Job
from tests.store.places import STRANGER
from tests.store.upkeep_rows import NOW, ago, rows, session, strategy

pytestmark = pytest.mark.usefixtures("every_backend")


def purged(store: Store, now: datetime.datetime = NOW) -> int:
    """How many sessions the cleanup of this moment removed for good."""
    return run_job(store.connections, Job.SESSIONS, now).counts["purged_sessions"]


def ids(store: Store) -> list[str]:
    """The damaged drafts that the strategist was not told of yet."""
    return [draft.id for draft in store.session_life.set_aside_untold()]


def test_damaged_draft_is_kept_for_years_though_it_looks_like_what_is_saved(store: Store) -> None:
    saved = strategy(store)
    damaged = session(store, saved, last_activity_at=ago(days=900))
    session(store, saved, last_activity_at=ago(days=900))
    store.session_life.set_aside(damaged)
    assert purged(store) == 1
    assert [row["id"] for row in rows(store, BuilderSession)] == [damaged]
    assert ids(store) == [damaged]
    assert [line.what for line in store.sessions.audit(damaged)] == ["set aside as damaged"]


def test_damaged_draft_goes_thirty_days_after_its_strategist_was_told(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = session(store, None, last_activity_at=ago(days=400))
    monkeypatch.setattr(clock, "now", lambda: NOW)
    store.session_life.set_aside(damaged)
    store.session_life.told([damaged])
    assert ids(store) == []
    assert purged(store, NOW + datetime.timedelta(days=29)) == 0
    assert purged(store, NOW + datetime.timedelta(days=30)) == 1


def test_damaged_draft_is_not_offered_as_one_to_go_on_with(store: Store) -> None:
    damaged, left = session(store, None), session(store, None, last_activity_at=ago(days=2), is_active=False)
    store.session_life.set_aside(damaged)
    assert [draft.id for draft in store.session_life.left_behind()] == [left]
    store.session_life.told([damaged, left])
    assert [draft.id for draft in store.sessions.active()] == []


def test_draft_that_was_offered_before_its_damage_was_found_waits_to_be_told_again(store: Store) -> None:
    draft = session(store, None, last_activity_at=ago(days=400), offered_at=ago(days=100))
    store.session_life.set_aside(draft)
    assert purged(store) == 0
    assert ids(store) == [draft]


def test_window_or_user_with_such_a_name_makes_no_draft_a_damaged_one(store: Store) -> None:
    draft = session(store, None)
    store.sessions.hold(draft, '", "what": "set aside as damaged')
    store.session_life.end_all()
    assert ids(store) == []
    assert [found.id for found in store.session_life.left_behind()] == [draft]


def test_drafts_that_are_still_active_are_not_told_of(store: Store) -> None:
    draft = session(store, None)
    store.session_life.told([draft])
    (row,) = rows(store, BuilderSession)
    assert row["offered_at"] is None


def test_stranger_sets_nothing_aside_and_sees_nothing(store: Store) -> None:
    damaged, other = session(store, None), session(store, None)
    store.session_life.set_aside(damaged)
    stranger = store.as_principal(STRANGER)
    with pytest.raises(NotThere):
        stranger.session_life.set_aside(other)
    stranger.session_life.told([damaged])
    assert ids(stranger) == []
    assert ids(store) == [damaged]
