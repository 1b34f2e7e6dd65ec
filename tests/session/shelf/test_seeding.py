"""The system's templates in the store: written once, brought up to date where they differ, quick where they do not."""

import dataclasses
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from builder_app import paths
from builder_app.flow.codec import loads
from builder_app.flow.templates import Catalogue
from builder_app.flow.values import frozen_mapping
from builder_app.session.blocks.stored_blocks import block_of, new_block
from builder_app.session.drafts.stored_flow import joined_flow
from builder_app.session.shelf.seeding import seed_templates
from builder_app.store import Store
from builder_app.store.list_records import NodeTemplateWish, StrategyTemplateWish
from builder_app.store.records import NodeTemplateRecord
from builder_app.store.vocabulary import StrategyCategory
from tests.session.strategist import OWNER, STRANGER, open_user_store

EXAMPLES = paths.resources() / "examples"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A new store that nothing was seeded into."""
    with open_user_store(tmp_path, OWNER) as opened:
        yield opened


def blocks(store: Store) -> dict[str, NodeTemplateRecord]:
    """The system's blocks in the store."""
    return {item.name: item for item in store.node_templates.list(NodeTemplateWish(system=True), 500).items}


def with_other_average(catalogue: Catalogue, description: str = "", version: str = "1.0.0") -> Catalogue:
    """The catalogue with one block changed."""
    changed = dataclasses.replace(catalogue.templates["sma"], description=description, version=version)
    return Catalogue(frozen_mapping({**catalogue.templates, "sma": changed}))


def test_every_block_and_example_is_there_as_it_ships(store: Store, catalogue: Catalogue) -> None:
    seeded = seed_templates(store, catalogue, EXAMPLES)
    found = blocks(store)
    assert {name: block_of(record) for name, record in found.items()} == dict(catalogue.templates)
    assert {name: record.id for name, record in found.items()} == seeded.blocks
    examples = store.strategy_templates.list(StrategyTemplateWish(system=True)).items
    flows = {record.name: joined_flow(record.logic_flow, record.parameters) for record in examples}
    shipped = [loads(path.read_bytes()) for path in EXAMPLES.glob("*.flow.json")]
    assert flows == {flow.name: flow for flow in shipped}
    assert {record.category for record in examples} == set(StrategyCategory)
    assert all((record.backtest_example or {})["trades"] > 5 for record in examples)
    assert all(record.description for record in examples)
    assert seeded.written == len(found) + len(examples)
    stranger = store.as_principal(STRANGER)
    assert blocks(stranger).keys() == found.keys()


def test_second_start_writes_nothing(store: Store, catalogue: Catalogue) -> None:
    first = seed_templates(store, catalogue, EXAMPLES)
    before = blocks(store)
    again = seed_templates(store.as_principal(STRANGER), catalogue, EXAMPLES)
    assert again == dataclasses.replace(first, written=0)
    assert blocks(store) == before


def test_only_the_changed_block_is_written_and_keeps_its_id_and_use(store: Store, catalogue: Catalogue) -> None:
    first = seed_templates(store, catalogue, EXAMPLES)
    store.node_templates.count_use(first.blocks["sma"], 3)
    before = blocks(store)
    again = seed_templates(store, with_other_average(catalogue, description="Another text."), EXAMPLES)
    assert (again.written, again.blocks) == (1, first.blocks)
    after = blocks(store)
    assert (after["sma"].description, after["sma"].usage_count) == ("Another text.", 3)
    assert {name: record for name, record in after.items() if name != "sma"} == {
        name: record for name, record in before.items() if name != "sma"
    }


@pytest.mark.parametrize(("stored", "shipped", "written"), [("1.10.0", "1.9.9", 0), ("1.9.9", "1.10.0", 1)])
def test_older_program_leaves_newer_blocks_alone(
    store: Store, catalogue: Catalogue, stored: str, shipped: str, written: int
) -> None:
    seed_templates(store, with_other_average(catalogue, version=stored), EXAMPLES)
    assert seed_templates(store, with_other_average(catalogue, version=shipped), EXAMPLES).written == written
    assert blocks(store)["sma"].version == "1.10.0"


def test_template_that_no_longer_ships_stays(store: Store, catalogue: Catalogue) -> None:
    seed_templates(store, catalogue, EXAMPLES)
    fewer = Catalogue(frozen_mapping({name: one for name, one in catalogue.templates.items() if name != "sma"}))
    assert seed_templates(store, fewer, EXAMPLES).written == 0
    assert "sma" in blocks(store)


def test_users_block_of_the_same_name_is_left_alone(store: Store, catalogue: Catalogue) -> None:
    own = store.node_templates.create(new_block(catalogue.templates["sma"]))
    seeded = seed_templates(store, catalogue, EXAMPLES)
    assert seeded.blocks["sma"] != own.id
    assert store.node_templates.get(own.id) == own


def test_example_without_a_category_is_said(store: Store, catalogue: Catalogue, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    (tmp_path / "examples" / "categories.json").write_text("{}")
    with pytest.raises(ValueError, match="'bollinger_long_short' needs one of TREND_FOLLOWING"):
        seed_templates(store, catalogue, tmp_path / "examples")
    assert blocks(store) == {}


def test_start_with_nothing_to_write_writes_nothing_and_is_soon_done(store: Store, catalogue: Catalogue) -> None:
    seed_templates(store, catalogue, EXAMPLES)
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        assert seed_templates(store, catalogue, EXAMPLES).written == 0
        taken.append(time.perf_counter() - began)
    assert min(taken) < 0.2  # about 0.005
