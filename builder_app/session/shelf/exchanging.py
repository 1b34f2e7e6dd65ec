"""Strategies as files to give away: each with the user-made blocks that stand in it, out of the store and into one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from builder_app.flow.groups import templates_in, templates_inside, with_renamed_inside, with_renamed_templates
from builder_app.flow.templates import NodeTemplate
from builder_app.flow.values import LogicFlow
from builder_app.session.blocks.stored_blocks import block_of, new_block
from builder_app.session.shelf.bundles import Bundle, bundle_bytes, read_bundle
from builder_app.session.shelf.strategies import Shelf, create, flow_of, fresh_name, name_of
from builder_app.store.records import StrategyRecord


@dataclass(frozen=True, slots=True)
class Imported:
    """The strategy that a file became, and sentences about what was different from the file."""

    strategy: StrategyRecord
    remarks: tuple[str, ...] = ()


def export_strategy(shelf: Shelf, strategy: str) -> bytes:
    """The strategy as the content of one file, with the user-made blocks that stand in it.

    Sensitive values are left out. Raises TemplatesUnreadable where such a block was damaged.
    """
    tags = shelf.store.strategies.tags_of([strategy]).get(strategy, ())
    return export_flow(shelf, flow_of(shelf, strategy), tags)


def export_flow(shelf: Shelf, flow: LogicFlow, tags: tuple[str, ...] = ()) -> bytes:
    """The same for a drawing that need not be saved."""
    return bundle_bytes(Bundle(flow, _blocks_of(shelf, flow), tags))


def import_strategy(shelf: Shelf, content: bytes) -> Imported:
    """A new strategy from a file's content; raises BundleRefused, and then nothing was changed.

    A block of the file whose name is taken by another block comes in under a new name, in the strategy too.
    """
    bundle = read_bundle(content)
    names, remarks = _names_for(shelf, bundle)
    for old, name in names.items():
        if _own_block(shelf, name) is None:
            shelf.store.node_templates.create(new_block(_named(bundle.blocks[old], names)))
    given = name_of(bundle.flow)
    flow = replace(with_renamed_templates(bundle.flow, names), name=fresh_name(shelf, given))
    if flow.name != given:
        remarks.append(f"There is a strategy '{given}' already; this one is called '{flow.name}'.")
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
