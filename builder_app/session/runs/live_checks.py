"""Whether a live test's signals look ahead or warm up, checked when the hand rests: it takes longer than a blink."""

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from builder_app.quicktest.engine.signals_check import SignalsCheck
from builder_app.quicktest.request import FailureKind, RunFailure, RunResult
from builder_app.session import events
from builder_app.session.background import Latest
from builder_app.session.desk import Desk
from builder_app.session.runs.kept_tests import TO_BE_CHECKED, Job

SECONDS_OF_REST: Final = 0.4

CheckOne = Callable[[Job], SignalsCheck | RunFailure]


class LiveChecks:
    """Adds what the check finds to the newest live result of each strategy; a newer test overtakes it."""

    def __init__(self, desk: Desk, check_one: CheckOne) -> None:
        self._desk, self._check_one = desk, check_one
        self._checking = Latest("live-checks", self._check, self._checked)
        self._closing = threading.Event()
        self._asked: dict[str, Job] = {}

    def ask(self, job: Job) -> None:
        """This live test has the newest result of its strategy."""
        asked = replace(job, cancelled=threading.Event(), overtaken=threading.Event())
        self._asked[job.document] = asked
        self._checking.ask(job.document, asked)

    def again(self, document: str) -> None:
        """Its code was made anew: the result may be of now again, whose check had given up."""
        asked = self._asked.get(document)
        if asked is not None and self._is_of_now(asked):
            self._checking.ask(document, asked)

    def overtake(self, document: str) -> None:
        """The strategy is tested anew, or closed: the machine is needed for that. Any thread may say so."""
        self._checking.forget(document)
        asked = self._asked.pop(document, None)
        if asked is not None:
            asked.overtaken.set()

    def close(self) -> None:
        """End the thread."""
        self._closing.set()
        for document in tuple(self._asked):
            self.overtake(document)
        self._checking.close()

    def _check(self, _document: str, job: Job) -> SignalsCheck | RunFailure | None:
        if self._closing.wait(SECONDS_OF_REST) or job.is_stopped or not self._is_of_now(job):
            return None
        return self._check_one(job)

    def _checked(self, _document: str, job: Job, found: SignalsCheck | RunFailure | None) -> None:
        if found is not None and not job.is_stopped:
            self._desk.post(partial(self._take, job, found))

    def _take(self, job: Job, found: SignalsCheck | RunFailure) -> None:
        document = self._desk.documents.get(job.document)
        if document is None or document.result is None or not self._is_of_now(job):
            return
        if isinstance(found, RunFailure) and found.kind is FailureKind.CANCELLED:
            return
        document.result = _with_check(document.result, found)
        self._desk.tell(events.ResultChecked(document.id, document.result))

    def _is_of_now(self, job: Job) -> bool:
        """Whether the strategy shows this test's result, and nothing was changed since."""
        document = self._desk.documents.get(job.document)
        if document is None or document.result is None or document.result_is_stale:
            return False
        is_same = document.tested_hash == job.program.sha256 and document.tested_config == job.config
        return is_same and TO_BE_CHECKED in document.result.notes


def _with_check(result: RunResult, found: SignalsCheck | RunFailure) -> RunResult:
    """The result, what was found in the place of the note that it is still to be."""
    if isinstance(found, SignalsCheck):
        return replace(result, check=found, notes=_in_place(result.notes, found.sentences))
    sentence = f"Whether its signals look ahead or warm up could not be checked: {found.message}"
    return replace(result, notes=_in_place(result.notes, (sentence,)))


def _in_place(notes: tuple[str, ...], said: tuple[str, ...]) -> tuple[str, ...]:
    place = notes.index(TO_BE_CHECKED)
    return (*notes[:place], *said, *notes[place + 1 :])
