"""Questions of which only the newest is answered: each has a number, its generation, and overtaken ones give up."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from builder_app.session.answering import answered
from builder_app.session.background import Post

T = TypeVar("T")
IsOvertaken = Callable[[], bool]
"""Asked by the work, in its thread: whether nobody waits for its answer any more."""


class Overtaken(Exception):
    """Raised by work that gives up because nobody waits for it."""


class NewestAnswers:
    """A thread of its own that answers in the owner's thread; of the questions of one key only the newest is heard."""

    def __init__(self, name: str, post: Post) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._post = post
        self._newest: dict[str, int] = {}
        self._generation = 0

    def ask(
        self,
        work: Callable[[IsOvertaken], T],
        done: Callable[[T], None],
        refused: Callable[[str], None],
        key: str = "",
    ) -> int:
        """Work on the thread; `done` gets what it found, `refused` a sentence. The answer is the question's number."""
        number = self.stop(key)

        def is_overtaken() -> bool:
            return self._newest.get(key) != number

        def unless_overtaken() -> T:
            if is_overtaken():
                raise Overtaken
            return work(is_overtaken)

        def hear(found: T) -> None:
            if not is_overtaken():
                done(found)

        def hear_refusal(sentence: str) -> None:
            if not is_overtaken():
                refused(sentence)

        answered(self._executor, self._post, unless_overtaken, hear, hear_refusal)
        return number

    def stop(self, key: str = "") -> int:
        """Nobody waits any more for what was asked under this key; the number that the next question would have."""
        self._generation += 1
        self._newest[key] = self._generation
        return self._generation

    def close(self) -> None:
        """Nobody waits for anything any more; the thread ends after what it works at."""
        self._newest.clear()
        self._executor.shutdown(wait=False, cancel_futures=True)
