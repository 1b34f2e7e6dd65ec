"""Finding a saved strategy by what the strategist calls it."""

import difflib

from builder_app.flow.values import LogicFlow
from builder_app.session.rooms import Store
from builder_app.session.stored_flow import joined_flow


def find_saved_flow(store: Store, name: str) -> LogicFlow:
    """The flow of the saved strategy of this id or name; raises ValueError with a sentence where there is none."""
    try:
        saved = store.strategies.list(limit=1000).items
        found = [item for item in saved if name in (item.id, item.name)]
        if not found:
            near = difflib.get_close_matches(name, [item.name for item in saved], 1)
            hint = (
                f" Did you mean '{near[0]}'?" if near else " Name a *.flow.json file, or save one in the window first."
            )
            raise ValueError(f"There is no saved strategy '{name}'.{hint}")
        if len(found) > 1:
            ids = ", ".join(item.id for item in found)
            raise ValueError(f"{len(found)} saved strategies are called '{name}'; say which by its id: {ids}.")
        record = store.strategies.get(found[0].id)
        return joined_flow(record.logic_flow, record.parameters)
    finally:
        store.close()
