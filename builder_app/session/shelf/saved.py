"""Finding a saved strategy by what the strategist calls it."""

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from builder_app.flow.groups import templates_in
from builder_app.flow.values import LogicFlow
from builder_app.session.drafts.stored_flow import joined_flow

if TYPE_CHECKING:
    from builder_app.session.rooms import Store
    from builder_app.store.records import OfferedTemplate, StrategySummary

PAGE = 200


class StrategyUnavailable(ValueError):
    """No such saved strategy, more than one, or no store to look in; the text is a sentence with a way out."""


@dataclass(frozen=True, slots=True)
class SavedFlow:
    """A flow, and of the blocks that users made those that stand in it; a file has none with it."""

    flow: LogicFlow
    blocks: tuple["OfferedTemplate", ...] = ()


class NoSuchStrategy(StrategyUnavailable):
    """No saved strategy has this id or name."""


def find_saved_flow(open_store: Callable[[], "Store"], name: str) -> SavedFlow:
    """The saved strategy of this id or name, with the blocks that it needs; the store is closed again.

    Raises StrategyUnavailable, or FlowUnreadable where the strategy was damaged.
    """
    from builder_app.store.errors import StoreError  # here, because SQL takes half a second to load
    from builder_app.store.records import every_row

    try:
        store = open_store()
        try:
            saved = list(every_row(lambda key: store.strategies.list(limit=PAGE, after_key=key)))
            record = store.strategies.get(id_of(name, saved))
            flow = joined_flow(record.logic_flow, record.parameters)
            drawn = templates_in(flow)
            return SavedFlow(flow, tuple(item for item in store.node_templates.usable() if item.record.name in drawn))
        finally:
            store.close()
    except StoreError as reason:
        raise StrategyUnavailable(str(reason)) from reason


def id_of(name: str, saved: list["StrategySummary"]) -> str:
    """The id of the one saved strategy of this id or name; raises StrategyUnavailable, with the way out."""
    found = [item.id for item in saved if name in (item.id, item.name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise StrategyUnavailable(
            f"{len(found)} saved strategies are called '{name}'; say which by its id: {', '.join(found)}."
        )
    near = difflib.get_close_matches(name, [item.name for item in saved], 1)
    hint = f"Did you mean '{near[0]}'?" if near else "Name a *.flow.json file, or save one in the window first."
    raise NoSuchStrategy(f"There is no saved strategy '{name}'. {hint}")
