"""A pair of clocks that a test moves."""

import datetime


class SetClock:
    """The time of day and a monotonic clock, which a machine's sleep and a hand may drive apart."""

    def __init__(self) -> None:
        self._now = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC)
        self._monotonic = 1000.0

    def now(self) -> datetime.datetime:
        return self._now

    def monotonic(self) -> float:
        return self._monotonic

    def pass_time(self, span: datetime.timedelta) -> None:
        """The machine is awake for so long."""
        self._now += span
        self._monotonic += span.total_seconds()

    def sleep(self, span: datetime.timedelta) -> None:
        """The machine sleeps for so long, and its monotonic clock with it."""
        self._now += span

    def set(self, moment: datetime.datetime) -> None:
        """Somebody sets the time of day."""
        self._now = moment
