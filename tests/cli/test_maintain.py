"""`maintain` and `doctor`: what they say, what they do, and their exit codes."""

import datetime
import os
from pathlib import Path

import pytest

from builder_app.main import open_user_store
from builder_app.store import Store, clock
from builder_app.store.records import DraftSnapshot
from tests.cli.terminal import Answer, Terminal
from tests.store.upkeep_rows import FLOW, quick_test, session, strategy
from tests.store.upkeep_rows import everything as everything_in_store

DAY = datetime.timedelta(days=1)


def fill(store: Store) -> None:
    """A store in which most rules have something to do."""
    user, now = store.principal.user_id, clock.now()
    gone = strategy(store, user_id=user, deleted_at=now - 100 * DAY)
    quick_test(store, gone, user_id=user)
    saved = strategy(store, user_id=user)
    session(store, saved, user_id=user, last_activity_at=now - 40 * DAY)
    session(store, None, user_id=user, last_activity_at=now - 40 * DAY)


def rows_by_rule(answer: Answer) -> dict[str, int]:
    return {rule["rule"]: rule["rows"] for job in answer.document["jobs"] for rule in job["rules"]}


def test_dry_run_says_what_a_run_then_does_and_does_nothing(terminal: Terminal) -> None:
    with open_user_store() as store:
        fill(store)
        before = everything_in_store(store)
    foreseen = terminal("maintain", "--dry-run", "--json")
    with open_user_store() as store:
        assert everything_in_store(store) == before
    done = terminal("maintain", "--json")
    assert (foreseen.code, done.code) == (0, 0)
    assert (foreseen.document["dry_run"], done.document["dry_run"]) == (True, False)
    assert rows_by_rule(foreseen) == rows_by_rule(done)
    assert rows_by_rule(done)["purged_tests"] == 1
    assert rows_by_rule(done)["purged_sessions"] == 1
    assert done.document["drafts_waiting"] == 1
    assert set(rows_by_rule(terminal("maintain", "--json")).values()) == {0}


def test_prices_that_were_deleted_long_ago_go_for_good(terminal: Terminal) -> None:
    terminal("data", "sample")
    terminal("data", "delete", "IBM", "FB")
    (old,) = (terminal.home / "prices" / "deleted").glob("IBM*")
    os.utime(old, (0, 0))
    assert terminal("maintain", "--dry-run", "--json").document["prices_removed"] == 1
    assert terminal("maintain", "--json").document["prices_removed"] == 1
    assert terminal("data", "restore", "IBM").code == 1
    assert terminal("data", "restore", "FB").code == 0


def test_table_names_each_rule_with_its_number(terminal: Terminal) -> None:
    with open_user_store() as store:
        fill(store)
    foreseen = terminal("maintain", "--dry-run")
    assert foreseen.code == 0
    assert "this would be done" in foreseen.out
    done = terminal("maintain")
    rows = [line.rsplit("  ", 1) for line in done.out.splitlines() if "  " in line]
    lines = {title.strip(): count.strip() for title, count in rows}
    assert lines["Removed sessions, for good"] == "1"
    assert lines["Sessions ended"] == "2"
    assert "1 unsaved draft is kept" in done.out


def test_doctor_without_alarms_is_done(terminal: Terminal) -> None:
    terminal("maintain")
    answer = terminal("doctor")
    assert answer.code == 0
    assert "No alarms." in answer.out
    assert "Sessions cleaned up" in answer.out
    document = terminal("doctor", "--json").document
    assert (document["problems"], document["alarms"]) == ([], [])
    assert {job["job"] for job in document["figures"]["jobs"]} == {"sessions", "daily"}


def test_doctor_lists_alarms_and_its_exit_code_says_so(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    with open_user_store() as store, monkeypatch.context() as earlier:
        earlier.setattr(clock, "now", lambda: datetime.datetime.now(datetime.UTC) - 2 * DAY)
        store.sessions.open(None, "Old", DraftSnapshot(0, FLOW))
    answer = terminal("doctor")
    assert answer.code == 1
    assert "The cleanup of sessions never ran on this store." in answer.err
    assert "strategy-builder maintain" in answer.err
    document = terminal("doctor", "--json")
    assert document.code == 1
    assert [problem["rule"] for problem in document.document["problems"]] == ["late_cleanup", "late_cleanup"]
    terminal("maintain")
    assert terminal("doctor").code == 0


@pytest.mark.parametrize("command", ["maintain", "doctor"])
def test_store_that_cannot_be_opened_is_said_in_a_sentence(terminal: Terminal, command: str) -> None:
    terminal.home.parent.mkdir(exist_ok=True)
    Path(terminal.home).write_text("a file where the folder should be")
    answer = terminal(command)
    assert answer.code == 1
    assert answer.err.startswith("error: The store ")
    document = terminal(command, "--json")
    assert document.code == 1
    assert document.document["problems"][0]["rule"] == "store"


def test_unknown_option_is_wrong_usage(terminal: Terminal) -> None:
    assert terminal("doctor", "--dry-run").code == 2
