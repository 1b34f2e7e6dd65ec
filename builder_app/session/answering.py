"""A question that is worked out off the owner's thread, and answered in it."""

import contextlib
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from builder_app.session.disk_trouble import disk_sentence

if TYPE_CHECKING:
    from builder_app.session.session import Session

T = TypeVar("T")


def answered(
    session: "Session", work: Callable[[], T], done: Callable[[T], None], refused: Callable[[str], None]
) -> None:
    """Work on the thread of slow reads and writes, then call `done` in the owner's; `refused` says why it failed.

    A session that has ended answers nothing.
    """

    def run() -> None:
        try:
            found = work()
        except OSError as reason:
            sentence = disk_sentence(reason)
            session.post(lambda: refused(sentence))
        except Exception as reason:  # nobody waits for this thread's answer: what went wrong must be said
            said = str(reason)
            session.post(lambda: refused(said))
        else:
            session.post(lambda: done(found))

    with contextlib.suppress(RuntimeError):  # the executor is shut down
        session.slow_writes.submit(run)
