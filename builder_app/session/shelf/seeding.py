"""The blocks and the examples that ship with the program as the store's system templates, written where they differ."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, TypeVar

from builder_app.flow.templates import Catalogue
from builder_app.session.blocks.stored_blocks import new_block
from builder_app.session.drafts.stored_flow import split_flow
from builder_app.session.shelf.ready_made import CATEGORIES, ready_made, result_to_json
from builder_app.store import Principal, Store
from builder_app.store.list_records import NodeTemplateWish, StrategyTemplateWish
from builder_app.store.records import (
    NewNodeTemplate,
    NewStrategyTemplate,
    NodeTemplateRecord,
    Page,
    PageKey,
    StrategyTemplateRecord,
    every_row,
)
from builder_app.store.vocabulary import StrategyCategory, TemplateOrder

PAGE: Final = 500

New = TypeVar("New", NewNodeTemplate, NewStrategyTemplate)
Known = TypeVar("Known", NodeTemplateRecord, StrategyTemplateRecord)


@dataclass(frozen=True, slots=True)
class Seeded:
    """The ids of the system's templates by name, and how many of them were written just now."""

    blocks: dict[str, str]
    examples: dict[str, str]
    written: int


def seed_templates(store: Store, catalogue: Catalogue, examples: Path) -> Seeded:
    """Bring the store's system templates to what ships: those that are not there, or differ. Nothing else is touched.

    A block of a newer version than the one that ships is left alone: a newer program shares this store. A template
    that no longer ships stays, since strategies may have begun from it. Raises StoreError, and ValueError or OSError
    where the examples cannot be read.
    """
    blocks = [new_block(template) for template in catalogue.templates.values()]
    shipped = example_templates(examples)
    system = store.as_principal(Principal(store.principal.user_id, is_administrator=True))
    known_blocks, known_examples = _known_blocks(system), _known_examples(system)
    due_blocks = [block for block in _different(blocks, known_blocks) if not _is_newer(known_blocks, block)]
    due_examples = _different(shipped, known_examples)
    if due_blocks:
        system.node_templates.seed(due_blocks)
        known_blocks = _known_blocks(system)
    if due_examples:
        system.strategy_templates.seed(due_examples)
        known_examples = _known_examples(system)
    return Seeded(
        {name: record.id for name, record in known_blocks.items()},
        {name: record.id for name, record in known_examples.items()},
        len(due_blocks) + len(due_examples),
    )


def example_templates(folder: Path) -> list[NewStrategyTemplate]:
    """The examples as strategy templates; raises ValueError where one has no category, or an unknown one."""
    found = []
    for example in ready_made(folder):
        if example.category not in list(StrategyCategory):
            kinds = ", ".join(StrategyCategory)
            raise ValueError(f"The example '{example.id}' needs one of {kinds} in {CATEGORIES}; it has none of them.")
        logic_flow, parameters = split_flow(example.flow)
        category = StrategyCategory(example.category)
        result = None if example.result is None else result_to_json(example.result)
        found.append(NewStrategyTemplate(example.name, category, logic_flow, example.description, parameters, result))
    return found


def _known_blocks(system: Store) -> dict[str, NodeTemplateRecord]:
    wish = NodeTemplateWish(system=True, order=TemplateOrder.NAME)
    return _by_name(lambda key: system.node_templates.list(wish, PAGE, key))


def _known_examples(system: Store) -> dict[str, StrategyTemplateRecord]:
    wish = StrategyTemplateWish(system=True, order=TemplateOrder.NAME)
    return _by_name(lambda key: system.strategy_templates.list(wish, PAGE, key))


def _by_name(read: Callable[[PageKey | None], Page[Known]]) -> dict[str, Known]:
    """Every record of a list, all pages of it."""
    return {record.name: record for record in every_row(read)}


def _different(shipped: Iterable[New], known: dict[str, Any]) -> list[New]:
    """What is not in the store as it ships."""
    return [one for one in shipped if one.name not in known or _content(one, one) != _content(one, known[one.name])]


def _content(of: NewNodeTemplate | NewStrategyTemplate, holder: object) -> list[Any]:
    """The values of the fields that a new template has, as the store gives them back: sequences are lists there."""
    values = [getattr(holder, field.name) for field in fields(of)]
    return [list(value) if isinstance(value, tuple) else value for value in values]


def _is_newer(known: dict[str, NodeTemplateRecord], block: NewNodeTemplate) -> bool:
    """Whether the store has a newer version of the block than this one."""
    return block.name in known and _version(known[block.name].version) > _version(block.version)


def _version(text: str) -> tuple[int, ...]:
    """ "1.10.0" as (1, 10, 0); a part that is no number counts as 0."""
    return tuple(int(part) if part.isdecimal() else 0 for part in text.split("."))
