"""The owner's thread of a session in tests, where there is no event loop."""

import contextlib
import queue
import time
from collections.abc import Callable


class Mailbox:
    """Keeps the calls that are posted until the owner looks for them."""

    def __init__(self) -> None:
        self._calls: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def __call__(self, call: Callable[[], None], /) -> None:
        """Keep a call for the owner."""
        self._calls.put(call)

    def run_waiting(self) -> None:
        """Run the calls that have come, without waiting for more."""
        with contextlib.suppress(queue.Empty):
            while True:
                self._calls.get_nowait()()

    def run_until(self, done: Callable[[], bool], seconds: float = 60.0) -> bool:
        """Run the calls as they come until `done()`; False where the time ran out first."""
        end = time.monotonic() + seconds
        while not done():
            left = end - time.monotonic()
            if left <= 0:
                return False
            try:
                self._calls.get(timeout=min(left, 0.2))()
            except queue.Empty:
                continue
        return True
