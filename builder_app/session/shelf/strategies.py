"""What a strategist does with saved strategies as wholes: copies, names, tags and versions.

Nothing here touches an open document. What is changed under one that is open is found when it is saved next: the save
is refused, and says that the strategy was saved elsewhere.
"""

from dataclasses import dataclass, replace
from typing import Any

from builder_app.flow.difference import Change, difference
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import LogicFlow
from builder_app.flow.wording import UNTITLED_STRATEGY
from builder_app.session.drafts.stored_flow import joined_flow, split_flow
from builder_app.session.secrecy.sealing import Seal, of_strategy, opened_flow
from builder_app.store import Store, new_id
from builder_app.store.list_records import StrategyWish, VersionSummary
from builder_app.store.records import StrategyRecord, StrategySummary, every_row
from builder_app.store.secrets import Vault
from builder_app.store.vocabulary import InstanceStatus, StrategyOrder

PAGE = 200


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where saved strategies stand, and what opens and seals the sensitive values in them."""

    store: Store
    vault: Vault
    catalogue: Catalogue

    @property
    def everybodys(self) -> frozenset[str]:
        """The names of the blocks that come with the program: they need not go along, and cannot be taken."""
        return frozenset(self.catalogue.templates) - self.catalogue.user_made


def every_strategy(shelf: Shelf, wish: StrategyWish | None = None) -> tuple[StrategySummary, ...]:
    """The saved strategies that the wish narrows to, in its order, all pages of them."""
    return tuple(every_row(lambda key: shelf.store.strategies.list(limit=PAGE, after_key=key, wish=wish)))


def wished(tag: str | None = None, order: str = StrategyOrder.CHANGED) -> StrategyWish:
    """The wish for strategies with this tag, in this order: changed, created or name."""
    return StrategyWish(tag=tag, order=StrategyOrder(order))


def flow_of(shelf: Shelf, strategy: str) -> LogicFlow:
    """The saved strategy's flow, or a kept version's, with its sensitive values open where their key is there.

    Raises NotThere, or FlowUnreadable where it was damaged.
    """
    return _flow(shelf, shelf.store.strategies.get(strategy))


def create(shelf: Shelf, flow: LogicFlow) -> StrategyRecord:
    """A new strategy that is this flow."""
    id = new_id()
    logic_flow, parameters = _sealed(shelf, id, flow)
    return shelf.store.strategies.create(name_of(flow), logic_flow, parameters, id=id)


def create_from_template(shelf: Shelf, template: str, name: str = "") -> StrategyRecord:
    """A new strategy that begins as this template, which counts as used once more."""
    made = shelf.store.strategies.create_from_template(template, name)
    return rename(shelf, made.id, made.name) if made.logic_flow.get("name") != made.name else made


def duplicate(shelf: Shelf, strategy: str, name: str = "") -> StrategyRecord:
    """A new strategy with the same drawing, parameters, template and tags; its sensitive values are sealed for it."""
    flow = flow_of(shelf, strategy)
    copied = replace(flow, name=name or fresh_name(shelf, name_of(flow)))
    id = new_id()
    logic_flow, parameters = _sealed(shelf, id, copied)
    return shelf.store.strategies.duplicate(strategy, copied.name, logic_flow, parameters, id)


def rename(shelf: Shelf, strategy: str, name: str) -> StrategyRecord:
    """Give the strategy another name, in the list and in its drawing alike; ValueError for an empty one."""
    if not name.strip():
        raise ValueError("A strategy needs a name; the one given was empty.")
    record = shelf.store.strategies.get(strategy)
    renamed = {**record.logic_flow, "name": name}
    return shelf.store.strategies.save(strategy, renamed, record.parameters, name, record.version)


def archive(shelf: Shelf, strategy: str) -> None:
    """Put the strategy away: it is kept, with its tests for a year, and shown among the archived ones."""
    shelf.store.strategies.set_status(strategy, InstanceStatus.ARCHIVED)


def bring_back(shelf: Shelf, strategy: str) -> None:
    """Take an archived strategy out again."""
    shelf.store.strategies.set_status(strategy, InstanceStatus.DRAFT)


def keep_version(shelf: Shelf, strategy: str, note: str = "") -> StrategyRecord:
    """Keep the strategy as it was last saved."""
    return shelf.store.versions.keep(strategy, note)


def versions(shelf: Shelf, strategy: str) -> tuple[VersionSummary, ...]:
    """The kept versions of the strategy, the newest first, all pages of them."""
    return tuple(every_row(lambda key: shelf.store.versions.list(strategy, PAGE, key)))


def compare(shelf: Shelf, before: str, after: str) -> tuple[Change, ...]:
    """What differs between two saved strategies or kept versions, in words."""
    return difference(flow_of(shelf, before), flow_of(shelf, after), shelf.catalogue)


def restore_version(shelf: Shelf, version: str) -> StrategyRecord:
    """Make the strategy what it was in this version; what it is now is kept first."""
    return shelf.store.versions.restore(version)


def copy_flow(shelf: Shelf, flow: LogicFlow, tags: tuple[str, ...] = ()) -> StrategyRecord:
    """A new strategy that is this drawing with these tags, under a name that neither it nor another strategy has."""
    name = name_of(flow)
    made = create(shelf, replace(flow, name=fresh_name(shelf, name, more=name)))
    shelf.store.strategies.set_tags(made.id, tags)
    return made


def _flow(shelf: Shelf, record: StrategyRecord) -> LogicFlow:
    owner = of_strategy(record.parent_version_id or record.id)
    return opened_flow(shelf.vault, owner, joined_flow(record.logic_flow, record.parameters))


def _sealed(shelf: Shelf, id: str, flow: LogicFlow) -> tuple[dict[str, Any], dict[str, Any]]:
    return split_flow(Seal(shelf.vault, of_strategy(id)).flow(flow))


def name_of(flow: LogicFlow) -> str:
    """The strategy's name, or the words for one without a name."""
    return flow.name or UNTITLED_STRATEGY


def fresh_name(shelf: Shelf, name: str, more: str = "") -> str:
    """The name, or the name with the first number that no other strategy, and not `more`, has."""
    taken = {more, *(item.name for item in every_strategy(shelf))}
    number, free = 2, name
    while free in taken:
        free = f"{name} {number}"
        number += 1
    return free
