"""The start of a session: tests that a crash left running are closed, and what was open is opened again."""

import datetime
from typing import TYPE_CHECKING, Final

from builder_app.session import events
from builder_app.session.drafts.opening import open_drafts

if TYPE_CHECKING:
    from builder_app.session.session import Session

LONGEST_TEST: Final = datetime.timedelta(minutes=10)
"""A test that another window may be running is not called lost before this."""
OPEN_ELSEWHERE: Final = (
    "Another window or program is working on your strategies, so what it has open was not opened here too. "
    "Close it and start again to go on with everything, or open a strategy from the start page."
)


def open_what_was_open(session: "Session") -> None:
    """What was open is opened again; what another window has open stays there."""
    store = session.rooms.store
    if store.is_open_elsewhere:
        store.quick_tests.close_orphans(LONGEST_TEST)
        session.tell(events.Refused("", OPEN_ELSEWHERE))
        return
    store.quick_tests.close_orphans()
    for found in open_drafts(store):
        if isinstance(found, str):
            session.tell(events.Refused("", found))
        elif found.id not in session.documents:
            session.add(found)
