"""What the store says reaches the strategist: at opening in one go, and later as it happens."""

from pathlib import Path
from typing import cast

from builder_app.flow.templates import Catalogue
from builder_app.session import events
from builder_app.session.care.store_notices import tell_store_notices
from builder_app.session.desk import Desk
from builder_app.session.rooms import Rooms
from builder_app.store import open_store
from tests.session.mailbox import Mailbox
from tests.store.places import MIGRATIONS, OWNER


class OneRoom:
    """The store is all that is asked for here."""

    catalogue = Catalogue()

    def __init__(self, path: Path) -> None:
        self.store = open_store(path, MIGRATIONS, OWNER)


def test_the_store_is_heard_at_opening_and_later_in_the_owners_thread(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    path.write_bytes(b"rubbish")
    rooms, mailbox = OneRoom(path), Mailbox()
    told: list[events.Event] = []
    desk = Desk(cast("Rooms", rooms), mailbox)
    desk.subscribe(told.append)
    with rooms.store as store:
        tell_store_notices(desk)
        (event,) = told
        assert isinstance(event, events.Refused)
        assert "was set aside as" in event.message
        store.said.add("Something came up.")
        assert len(told) == 1, "not in the store's thread"
        mailbox.run_waiting()
        assert told[1:] == [events.Refused("", "Something came up.")]


def test_a_store_that_is_well_says_nothing(tmp_path: Path) -> None:
    rooms, told = OneRoom(tmp_path / "store.db"), list[events.Event]()
    desk = Desk(cast("Rooms", rooms), Mailbox())
    desk.subscribe(told.append)
    with rooms.store:
        tell_store_notices(desk)
    assert told == []
