"""Slow work off the owner's thread: a value goes out, an answer comes back; overtaken questions are dropped."""

import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Generic, Protocol, TypeVar

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class Post(Protocol):
    """Hands a call to the owner's thread, from any thread: in the window a queued Qt signal."""

    def __call__(self, call: Callable[[], None], /) -> None: ...


def survive(call: Callable[[], None]) -> None:
    """Run a call at the edge of a background thread: a fault of ours is reported, and the thread goes on."""
    try:
        call()
    except Exception:  # whatever it is, what the thread has still to do must be done
        kind, error, trace = sys.exc_info()
        if kind is not None:
            threading.excepthook(threading.ExceptHookArgs((kind, error, trace, threading.current_thread())))


class Latest(Generic[Question, Answer]):
    """One thread that answers the newest question of each key; older questions that still wait are dropped.

    `work` and `answer` are called in this thread. An exception that leaves them is reported; the thread goes on.
    """

    def __init__(
        self, name: str, work: Callable[[str, Question], Answer], answer: Callable[[str, Question, Answer], None]
    ) -> None:
        self._work = work
        self._answer = answer
        self._waiting: dict[str, Question] = {}
        self._busy = False
        self._closed = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def ask(self, key: str, question: Question) -> None:
        """Put a question in the place of the one with this key that waits."""
        with self._changed:
            self._waiting.pop(key, None)
            self._waiting[key] = question
            self._changed.notify_all()

    def forget(self, key: str) -> None:
        """The question that waits under this key is not needed any more."""
        with self._changed:
            self._waiting.pop(key, None)

    @property
    def is_idle(self) -> bool:
        """Nothing waits and nothing is being worked at."""
        with self._changed:
            return not self._waiting and not self._busy

    def close(self) -> None:
        """End the thread after what it is working at."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
        self._thread.join(timeout=10)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed)
                if self._closed:
                    return
                key = next(iter(self._waiting))
                question = self._waiting.pop(key)
                self._busy = True
            survive(partial(self._answer_one, key, question))
            with self._changed:
                self._busy = False

    def _answer_one(self, key: str, question: Question) -> None:
        self._answer(key, question, self._work(key, question))
