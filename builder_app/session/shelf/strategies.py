"""What a strategist does with saved strategies as wholes: copies, names, tags, versions, and files to give away.

Nothing here touches an open document. What is changed under one that is open is found when it is saved next: the save
is refused, and says that the strategy was saved elsewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from builder_app.flow.difference import Change, difference
from builder_app.flow.groups import templates_in, templates_inside, with_renamed_inside, with_renamed_templates
from builder_app.flow.templates import Catalogue, NodeTemplate
from builder_app.flow.values import LogicFlow
from builder_app.flow.wording import UNTITLED_STRATEGY
from builder_app.nodes.templates import TemplatesUnreadable, template_from_json, template_to_json
from builder_app.session.drafts.stored_flow import joined_flow, split_flow
from builder_app.session.secrecy.sealing import Seal, of_strategy, opened_flow
from builder_app.session.shelf.bundles import Bundle, bundle_bytes, read_bundle
from builder_app.store import Store, new_id
from builder_app.store.list_records import StrategyWish, VersionSummary
from builder_app.store.records import NewNodeTemplate, NodeTemplateRecord, PageKey, StrategyRecord, StrategySummary
from builder_app.store.secrets import Vault
from builder_app.store.vocabulary import InstanceStatus, NodeType, StrategyOrder

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


@dataclass(frozen=True, slots=True)
class Imported:
    """The strategy that a file became, and sentences about what was different from the file."""

    strategy: StrategyRecord
    remarks: tuple[str, ...] = ()


def every_strategy(shelf: Shelf, wish: StrategyWish | None = None) -> tuple[StrategySummary, ...]:
    """The saved strategies that the wish narrows to, in its order, all pages of them."""
    found: list[StrategySummary] = []
    key: PageKey | None = None
    while True:
        page = shelf.store.strategies.list(limit=PAGE, after_key=key, wish=wish)
        found += page.items
        key = page.next_key
        if key is None:
            return tuple(found)


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
    return shelf.store.strategies.create(_name(flow), logic_flow, parameters, id=id)


def create_from_template(shelf: Shelf, template: str, name: str = "") -> StrategyRecord:
    """A new strategy that begins as this template, which counts as used once more."""
    made = shelf.store.strategies.create_from_template(template, name)
    return rename(shelf, made.id, made.name) if made.logic_flow.get("name") != made.name else made


def duplicate(shelf: Shelf, strategy: str, name: str = "") -> StrategyRecord:
    """A new strategy with the same drawing, parameters, template and tags; its sensitive values are sealed for it."""
    flow = flow_of(shelf, strategy)
    taken = {item.name for item in every_strategy(shelf)}
    copied = replace(flow, name=name or _fresh_name(_name(flow), taken))
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
    found: list[VersionSummary] = []
    key: PageKey | None = None
    while True:
        page = shelf.store.versions.list(strategy, PAGE, key)
        found += page.items
        key = page.next_key
        if key is None:
            return tuple(found)


def compare(shelf: Shelf, before: str, after: str) -> tuple[Change, ...]:
    """What differs between two saved strategies or kept versions, in words."""
    return difference(flow_of(shelf, before), flow_of(shelf, after), shelf.catalogue)


def restore_version(shelf: Shelf, version: str) -> StrategyRecord:
    """Make the strategy what it was in this version; what it is now is kept first."""
    return shelf.store.versions.restore(version)


def export_strategy(shelf: Shelf, strategy: str) -> bytes:
    """The strategy as the content of one file, with the user-made blocks that stand in it.

    Sensitive values are left out. Raises TemplatesUnreadable where such a block was damaged.
    """
    tags = shelf.store.strategies.tags_of([strategy]).get(strategy, ())
    return export_flow(shelf, flow_of(shelf, strategy), tags)


def export_flow(shelf: Shelf, flow: LogicFlow, tags: tuple[str, ...] = ()) -> bytes:
    """The same for a drawing that need not be saved."""
    return bundle_bytes(Bundle(flow, _blocks_of(shelf, flow), tags))


def copy_flow(shelf: Shelf, flow: LogicFlow, tags: tuple[str, ...] = ()) -> StrategyRecord:
    """A new strategy that is this drawing with these tags, under a name that neither it nor another strategy has."""
    taken = {_name(flow), *(item.name for item in every_strategy(shelf))}
    made = create(shelf, replace(flow, name=_fresh_name(_name(flow), taken)))
    shelf.store.strategies.set_tags(made.id, tags)
    return made


def import_strategy(shelf: Shelf, content: bytes) -> Imported:
    """A new strategy from a file's content; raises BundleRefused, and then nothing was changed.

    A block of the file whose name is taken by another block comes in under a new name, in the strategy too.
    """
    bundle = read_bundle(content)
    names, remarks = _names_for(shelf, bundle)
    for old, name in names.items():
        if _own_block(shelf, name) is None:
            shelf.store.node_templates.create(new_block(_named(bundle.blocks[old], names)))
    taken = {item.name for item in every_strategy(shelf)}
    flow = replace(with_renamed_templates(bundle.flow, names), name=_fresh_name(_name(bundle.flow), taken))
    if flow.name != _name(bundle.flow):
        remarks.append(f"There is a strategy '{_name(bundle.flow)}' already; this one is called '{flow.name}'.")
    made = create(shelf, flow)
    shelf.store.strategies.set_tags(made.id, bundle.tags[:50])
    return Imported(made, tuple(remarks))


def _names_for(shelf: Shelf, bundle: Bundle) -> tuple[dict[str, str], list[str]]:
    """The name under which each block of the file comes in, and sentences about those that are not their own."""
    names: dict[str, str] = {}
    remarks: list[str] = []
    for name in sorted(bundle.blocks, key=lambda name: (_reach(name, bundle.blocks), name)):  # inner ones first
        block = bundle.blocks[name]
        taken = {*shelf.everybodys, *bundle.blocks} - {name}
        candidate, number = name, 1
        while candidate in taken or candidate in shelf.everybodys or _is_other(shelf, candidate, block, names):
            number += 1
            candidate = f"{name[:56]}_{number}"
        names[name] = candidate
        if candidate != name:
            remarks.append(f"There is another block '{name}' already; the one in the file came in as '{candidate}'.")
    return names, remarks


def _named(block: NodeTemplate, names: dict[str, str]) -> NodeTemplate:
    """The block, and those inside it, under the names that they have here; its earlier versions too."""
    inside = with_renamed_inside(block, names)
    name = names.get(block.name, block.name)
    return replace(inside, name=name, earlier=tuple(replace(version, name=name) for version in inside.earlier))


def _reach(name: str, blocks: Mapping[str, NodeTemplate]) -> int:
    """How many of the blocks stand in this one, at any depth."""
    seen = {name}
    waiting = [name]
    while waiting:
        fresh = (templates_inside(blocks[waiting.pop()]) & blocks.keys()) - seen
        seen |= fresh
        waiting += fresh
    return len(seen)


def _is_other(shelf: Shelf, name: str, block: NodeTemplate, names: dict[str, str]) -> bool:
    """Whether the user has a block of this name that is not the same; `names` are those of the blocks inside."""
    own = _own_block(shelf, name)
    return own is not None and _named(block, {**names, block.name: name}) != own


def _own_block(shelf: Shelf, name: str) -> NodeTemplate | None:
    """The block of this name that users made: the user's own, or None; the catalogue's are everybody's."""
    found = shelf.store.node_templates.own(name) if name not in shelf.everybodys else None
    return None if found is None else block_of(found)


def _usable_block(shelf: Shelf, name: str) -> NodeTemplate | None:
    """The user's own block of this name, or one that another shares."""
    found = shelf.store.node_templates.named(name) if name not in shelf.everybodys else None
    return None if found is None else block_of(found)


def block_of(record: NodeTemplateRecord) -> NodeTemplate:
    """The stored block as the flow's value; raises TemplatesUnreadable where it was damaged."""
    hints = dict(record.execution_hints or {})
    content: dict[str, Any] = {
        name: getattr(record, name)
        for name in (
            *("name", "display_name", "category", "description", "version", "icon", "color"),
            *("parameter_schema", "default_parameters", "input_ports", "output_ports"),
        )
    }
    content |= {"node_type": str(record.node_type), "synonyms": hints.pop("synonyms", []), "execution_hints": hints}
    return template_from_json(content | {"validation_rules": record.validation_rules or {}})


def new_block(template: NodeTemplate) -> NewNodeTemplate:
    """The block as a row to be written; `block_of` reads it back."""
    content: dict[str, Any] = dict(template_to_json(template))
    hints = {**content.pop("execution_hints"), "synonyms": content.pop("synonyms")}
    content |= {name: tuple(content[name]) for name in ("input_ports", "output_ports")}
    content |= {"node_type": NodeType(content["node_type"]), "execution_hints": hints}
    return NewNodeTemplate(**content)


def _blocks_of(shelf: Shelf, flow: LogicFlow) -> dict[str, NodeTemplate]:
    """The user-made blocks that stand in a flow, and those that stand in them, by name."""
    found: dict[str, NodeTemplate] = {}
    waiting = sorted(templates_in(flow))
    seen = set(waiting)
    while waiting:
        name = waiting.pop()
        block = _usable_block(shelf, name)
        if block is not None:
            found[name] = block
            waiting += sorted(templates_inside(block) - seen)
            seen |= templates_inside(block)
    return found


def _flow(shelf: Shelf, record: StrategyRecord) -> LogicFlow:
    owner = of_strategy(record.parent_version_id or record.id)
    return opened_flow(shelf.vault, owner, joined_flow(record.logic_flow, record.parameters))


def _sealed(shelf: Shelf, id: str, flow: LogicFlow) -> tuple[dict[str, Any], dict[str, Any]]:
    return split_flow(Seal(shelf.vault, of_strategy(id)).flow(flow))


def _name(flow: LogicFlow) -> str:
    return flow.name or UNTITLED_STRATEGY


def _fresh_name(name: str, taken: set[str]) -> str:
    """The name, or the name with the first number that makes it one of its own."""
    number, free = 2, name
    while free in taken:
        free = f"{name} {number}"
        number += 1
    return free


__all__ = [
    "Imported",
    "Shelf",
    "TemplatesUnreadable",
    "archive",
    "block_of",
    "bring_back",
    "compare",
    "copy_flow",
    "create",
    "create_from_template",
    "duplicate",
    "every_strategy",
    "export_flow",
    "export_strategy",
    "flow_of",
    "import_strategy",
    "keep_version",
    "new_block",
    "rename",
    "restore_version",
    "versions",
    "wished",
]
