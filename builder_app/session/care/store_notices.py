"""What the store has to say, told to the strategist: a damaged file set aside, a second program, a backup missed."""

from builder_app.session import events
from builder_app.session.desk import Desk


def tell_store_notices(desk: Desk) -> None:
    """Tell what the store said when it was opened, in one go, and from now on whatever it says later."""
    said = desk.rooms.store.said
    said.listen(lambda sentence: desk.post_event(events.Refused("", sentence)))
    if said.sentences:
        desk.tell(events.Refused("", "\n".join(said.sentences)))
