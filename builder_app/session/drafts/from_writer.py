"""What the draft writer says, handed to the owner's thread."""

import datetime
from collections.abc import Callable
from functools import partial

from builder_app.session import events
from builder_app.session.desk import Desk
from builder_app.session.drafts.save_times import SaveTimes


class FromWriter:
    """Listens to the draft writer in its thread; `moved` is called in the owner's where a draft has another id."""

    def __init__(self, desk: Desk, moved: Callable[[str, str], None], save_times: SaveTimes) -> None:
        self._desk, self._moved, self._save_times = desk, moved, save_times

    def saved(self, draft: str, sequence: int, at: datetime.datetime, /) -> None:
        self._save_times.saved(draft, sequence)
        self._desk.post(partial(self._take_saved, draft, sequence, at))

    def not_saved(self, draft: str, message: str, /) -> None:
        self._desk.post_event(events.DraftNotSaved(draft, message))

    def moved(self, draft: str, new: str, /) -> None:
        self._save_times.moved(draft)
        self._desk.post(partial(self._moved, draft, new))

    def _take_saved(self, draft: str, sequence: int, at: datetime.datetime) -> None:
        document = self._desk.documents.get(draft)
        if document is None:
            return
        document.durable = max(document.durable, sequence)
        if document.sequence <= sequence:
            self._desk.tell(events.DraftSaved(draft, at, sequence))
