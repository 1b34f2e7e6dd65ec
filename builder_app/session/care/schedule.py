"""When a cleanup job is due: by when it last ran, as the store says, and by a clock that nobody sets."""

import datetime
import time
from collections.abc import Mapping
from typing import Final, Protocol

from builder_app.store.retention_rules import Job

INTERVALS: Final = {Job.SESSIONS: datetime.timedelta(minutes=15), Job.DAILY: datetime.timedelta(days=1)}


class Clock(Protocol):
    """The time of day, which sleeps and may be set, and a monotonic clock, which is never set."""

    def now(self) -> datetime.datetime:
        """The time in UTC, with zone."""

    def monotonic(self) -> float:
        """Seconds since some moment; it may stand still while the machine sleeps."""


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime.datetime:
        """The time in UTC, with zone."""
        return datetime.datetime.now(datetime.UTC)

    def monotonic(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()


class Schedule:
    """Which jobs are due. A job that another program ran need not be run here; the cleanup of sessions runs at start.

    Two clocks, since each fails in its way: the time of day knows of sleep and of other programs, but may be set back;
    the monotonic one goes on whatever the time of day is set to.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._began = clock.monotonic()
        self._ran: dict[Job, float] = {}

    def due(self, last_runs: Mapping[str, datetime.datetime]) -> tuple[Job, ...]:
        """The jobs that are due now; `last_runs` is what the store knows, and nothing of it lies after now."""
        return tuple(job for job in Job if self._is_due(job, last_runs.get(job.value)))

    def ran(self, job: Job) -> None:
        """The job ran to its end just now."""
        self._ran[job] = self._clock.monotonic()

    def _is_due(self, job: Job, last: datetime.datetime | None) -> bool:
        if last is None or (job is Job.SESSIONS and job not in self._ran):
            return True
        interval = INTERVALS[job]
        here = self._clock.monotonic() - self._ran.get(job, self._began)
        return self._clock.now() - last >= interval or here >= interval.total_seconds()
