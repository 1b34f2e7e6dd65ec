"""What the store has to say to the strategist: at opening, and later from what it does in the background."""

import threading
from collections.abc import Callable, Iterable


class Notices:
    """Sentences, oldest first. Any thread may add; a listener is called in the thread that adds."""

    def __init__(self, sentences: Iterable[str] = ()) -> None:
        self._sentences = list(sentences)
        self._listeners: list[Callable[[str], None]] = []
        self._lock = threading.Lock()

    @property
    def sentences(self) -> tuple[str, ...]:
        """All that was said so far."""
        with self._lock:
            return tuple(self._sentences)

    def add(self, sentence: str) -> None:
        """Say something; what was said already is not said twice."""
        with self._lock:
            if sentence in self._sentences:
                return
            self._sentences.append(sentence)
            listeners = tuple(self._listeners)
        for listener in listeners:
            listener(sentence)

    def listen(self, listener: Callable[[str], None]) -> None:
        """Call this with every sentence that is added from now on."""
        with self._lock:
            self._listeners.append(listener)
