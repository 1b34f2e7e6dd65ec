"""Backups are whole, taken while others write, and rotate: seven days and four weeks."""

import datetime
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder_app.store import Store, clock, open_store
from builder_app.store.backups import (
    DAYS,
    WEEKS,
    BackupStopped,
    back_up,
    backups,
    is_due,
    kept_moments,
    prune,
)
from builder_app.store.errors import DamagedFile
from tests.store.places import MIGRATIONS, OWNER
from tests.store.world import FLOW, populate

START = datetime.datetime(2026, 1, 1, 12, tzinfo=datetime.UTC)


def names(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM strategy_instances")}


def test_a_backup_holds_what_the_store_holds_and_leaves_nothing_else_behind(store: Store, path: Path) -> None:
    populate(store)
    copy = back_up(path)
    assert names(copy) == names(path)
    assert sorted(file.name for file in copy.parent.iterdir()) == [copy.name]
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    (found,) = backups(path)
    assert (found.path, found.label, found.size) == (copy, "regular", copy.stat().st_size)


def test_writing_goes_on_during_a_backup_which_holds_one_moment(store: Store, path: Path) -> None:
    """Between the steps of the copying the store is written to: it neither waits nor shows in the copy."""
    for number in range(40):
        store.strategies.create(f"Before {number}", {**FLOW, "text": "x" * 200_000}, {})
    written: list[str] = []

    def write_meanwhile() -> bool:
        name = f"Meanwhile {len(written)}"
        store.strategies.create(name, FLOW, {})
        written.append(name)
        return False

    copy = back_up(path, should_stop=write_meanwhile)
    assert len(written) >= 2, "the copying took more than one step"
    assert names(copy) == {f"Before {number}" for number in range(40)}
    assert names(path) == names(copy) | set(written)


def test_a_stopped_backup_leaves_nothing(store: Store, path: Path) -> None:
    populate(store)
    with pytest.raises(BackupStopped):
        back_up(path, should_stop=lambda: True)
    assert list((path.parent / "backups").iterdir()) == []
    assert is_due(path)


def test_a_damaged_store_gives_no_backup(path: Path) -> None:
    with open_store(path, MIGRATIONS, OWNER) as store:
        populate(store)
    earlier = back_up(path)
    octets = bytearray(path.read_bytes())
    octets[4096 * 3 : 4096 * 4] = b"\xa5" * 4096
    path.write_bytes(octets)
    with pytest.raises(DamagedFile):
        back_up(path)
    assert [copy.path for copy in backups(path)] == [earlier]
    assert list(earlier.parent.iterdir()) == [earlier]


def test_a_backup_that_cannot_be_written_leaves_nothing(store: Store, path: Path) -> None:
    (path.parent / "backups").write_text("a file in the way")
    with pytest.raises(OSError):
        back_up(path)


def test_one_a_day_is_due(store: Store, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: START)
    back_up(path, "before-9999")
    assert is_due(path), "a copy made for another reason is none of the rotation"
    back_up(path)
    assert not is_due(path)
    monkeypatch.setattr(clock, "now", lambda: START.replace(hour=23))
    assert not is_due(path)
    monkeypatch.setattr(clock, "now", lambda: START + datetime.timedelta(days=1))
    assert is_due(path)
    monkeypatch.setattr(clock, "now", lambda: START - datetime.timedelta(days=1))
    assert not is_due(path), "a clock that was put back asks for no second copy"


def test_a_year_of_daily_backups_leaves_seven_days_and_four_weeks(
    store: Store, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = path.parent / "backups"
    folder.mkdir()
    (folder / "store-before-0002-20200101T000000Z.db").write_text("")
    (folder / "other-regular-20200101T000000Z.db").write_text("")
    (folder / "notes.db").write_text("")
    for day in range(365):
        moment = START + datetime.timedelta(days=day)
        (folder / f"store-regular-{moment:%Y%m%dT%H%M%SZ}.db").write_text("")
        prune(path)
    days = [backup.moment.date() for backup in backups(path) if backup.label == "regular"]
    today = (START + datetime.timedelta(days=364)).date()
    assert days[:DAYS] == [today - datetime.timedelta(days=number) for number in range(DAYS)]
    assert len(days) <= DAYS + WEEKS
    weeks = {day.isocalendar()[:2] for day in days}
    assert weeks == {(today - datetime.timedelta(weeks=number)).isocalendar()[:2] for number in range(WEEKS)}
    assert {"store-before-0002-20200101T000000Z.db", "other-regular-20200101T000000Z.db", "notes.db"} <= {
        file.name for file in folder.iterdir()
    }


@given(st.lists(st.datetimes(datetime.datetime(2026, 1, 1), datetime.datetime(2026, 4, 1)), max_size=60))
def test_the_rotation_keeps_the_last_of_each_of_the_newest_days_and_weeks(naive: list[datetime.datetime]) -> None:
    moments = [moment.replace(tzinfo=datetime.UTC) for moment in naive]
    kept = kept_moments(moments)
    assert kept <= set(moments)
    assert len(kept) <= DAYS + WEEKS
    assert not moments or max(moments) in kept
    days = sorted({moment.date() for moment in moments}, reverse=True)[:DAYS]
    for day in days:
        assert max(moment for moment in moments if moment.date() == day) in kept
    weeks = sorted({moment.isocalendar()[:2] for moment in moments}, reverse=True)[:WEEKS]
    for week in weeks:
        assert max(moment for moment in moments if moment.isocalendar()[:2] == week) in kept
    for moment in kept:
        assert moment.date() in days or moment.isocalendar()[:2] in weeks
