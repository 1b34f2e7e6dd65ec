"""What lies open before the strategist: the documents, whoever listens, and the way back to the owner's thread."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from builder_app.session import events
from builder_app.session.background import Post
from builder_app.session.drafts.document import Document
from builder_app.session.rooms import Rooms
from builder_app.store import StoreError


class Desk:
    """Shared by the parts of one session. All but `post` and `rooms` is for the owner's thread alone."""

    def __init__(self, rooms: Rooms, post: Post) -> None:
        self.rooms = rooms
        self.post = post
        self.catalogue = rooms.catalogue
        """The blocks that may be drawn; another value where users' blocks are read. Any thread may look at it."""
        self.documents: dict[str, Document] = {}
        self._listeners: list[Callable[[events.Event], None]] = []

    def subscribe(self, listener: Callable[[events.Event], None]) -> None:
        """Tell `listener` every event from now on, in the owner's thread."""
        self._listeners.append(listener)

    def tell(self, event: events.Event) -> None:
        """Tell every listener."""
        for listener in tuple(self._listeners):
            listener(event)

    def post_event(self, event: events.Event) -> None:
        """Tell every listener, from any thread."""
        self.post(lambda: self.tell(event))


@contextmanager
def refusals_in_sentences() -> Iterator[None]:
    """What the store refuses comes out as ValueError with its sentence, which the owner may show."""
    try:
        yield
    except StoreError as reason:
        raise ValueError(str(reason)) from reason
