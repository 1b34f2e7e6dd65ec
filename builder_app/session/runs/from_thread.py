"""What a thread that tests has to say, said in the owner's thread."""

import time
from collections.abc import Callable
from functools import partial
from typing import Final

from builder_app.quicktest.request import RunProgress
from builder_app.session.desk import Desk
from builder_app.session.runs.kept_tests import Ending, Job

SECONDS_BEFORE_LIVE_PROGRESS: Final = 0.15
"""A live test is over in a blink, and has no time for telling how far it is."""


class FromThread:
    """Hands what the thread that tests says to the owner's, which alone knows whether the test was cancelled yet."""

    def __init__(
        self,
        desk: Desk,
        begun: Callable[[Job], None],
        progressed: Callable[[Job, RunProgress], None],
        take: Callable[[Job, Ending], None],
    ) -> None:
        self._desk, self._begun, self._progressed, self._take = desk, begun, progressed, take
        self._since: dict[int, float] = {}

    def begun(self, job: Job, /) -> None:
        self._since[job.number] = time.monotonic()
        self._desk.post(partial(self._begun, job))

    def progressed(self, job: Job, progress: RunProgress, /) -> None:
        is_quick = job.live and time.monotonic() - self._since.get(job.number, 0.0) < SECONDS_BEFORE_LIVE_PROGRESS
        if not is_quick and not job.is_stopped:
            self._desk.post(partial(self._progressed, job, progress))

    def ended(self, job: Job, ending: Ending, /) -> None:
        self._since.pop(job.number, None)
        self._desk.post(partial(self._take, job, ending))
