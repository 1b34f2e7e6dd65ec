"""A question that is worked out off the owner's thread, and answered in it."""

import contextlib
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from builder_app.session.background import Post
from builder_app.session.disk_trouble import disk_sentence
from builder_app.store import StoreError

T = TypeVar("T")


def answered(
    executor: Executor, post: Post, work: Callable[[], T], done: Callable[[T], None], refused: Callable[[str], None]
) -> None:
    """Work in the executor's thread, then call `done` in the owner's; `refused` hears why it failed, as a sentence.

    An executor that is shut down, as at a session's end, answers nothing.
    """

    def run() -> None:
        try:
            found = work()
        except Exception as reason:  # nobody waits for this thread's answer: what went wrong must be said
            said = in_words(reason)
            post(lambda: refused(said))
        else:
            post(lambda: done(found))

    with contextlib.suppress(RuntimeError):  # the executor is shut down
        executor.submit(run)


def in_words(reason: Exception) -> str:
    """Why, in words: refusals carry their sentence; a disk's is made here, and a fault of ours is named as one."""
    if isinstance(reason, StoreError | ValueError):  # of these some are an OSError too, and know better
        return str(reason)
    if isinstance(reason, OSError):
        return disk_sentence(reason)
    return f"That could not be done, by a fault of this program ({type(reason).__name__}: {reason})."
