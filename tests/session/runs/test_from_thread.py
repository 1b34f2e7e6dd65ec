"""What a thread that tests says reaches the owner; of a live test's progress only what is worth the time."""

from collections.abc import Callable

import pytest

from builder_app.quicktest.request import FailureKind, RunFailure, RunProgress
from builder_app.session.runs.from_thread import SECONDS_BEFORE_LIVE_PROGRESS, FromThread
from builder_app.session.runs.kept_tests import Ending
from tests.session.runs.test_runs import job

HALF = RunProgress("Trading the signals", 0.5)


class Desk:
    """Runs what is posted at once."""

    def post(self, call: Callable[[], None]) -> None:
        call()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in seconds."""
    now = [1000.0]
    monkeypatch.setattr("builder_app.session.runs.from_thread.time.monotonic", lambda: now[0])
    return now


@pytest.mark.parametrize(("live", "told"), [(True, []), (False, [HALF])])
def test_progress_of_a_quick_live_test_is_not_told(live: bool, told: list[RunProgress], clock: list[float]) -> None:
    heard: list[RunProgress] = []
    says = FromThread(Desk(), lambda _: None, lambda _, made: heard.append(made), lambda *_: None)  # type: ignore[arg-type]
    tested = job(1, "a", live=live)
    says.begun(tested)
    clock[0] += SECONDS_BEFORE_LIVE_PROGRESS - 0.01
    says.progressed(tested, HALF)
    assert heard == told


def test_progress_of_a_live_test_that_takes_long_is_told_until_it_is_stopped(clock: list[float]) -> None:
    heard: list[RunProgress] = []
    ended: list[Ending] = []
    says = FromThread(Desk(), lambda _: None, lambda _, made: heard.append(made), lambda _, how: ended.append(how))  # type: ignore[arg-type]
    tested = job(1, "a", live=True)
    says.begun(tested)
    clock[0] += SECONDS_BEFORE_LIVE_PROGRESS + 0.01
    says.progressed(tested, HALF)
    tested.overtaken.set()
    says.progressed(tested, HALF)
    assert heard == [HALF]
    says.ended(tested, Ending(RunFailure(FailureKind.CANCELLED, "Stopped.")))
    assert len(ended) == 1
