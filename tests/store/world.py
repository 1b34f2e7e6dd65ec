"""One row of everything, and for every repository method one call on those rows.

A new method without a call here fails the tests that go over all methods.
"""

import hashlib
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from builder_app.store import Store
from builder_app.store.isolation import add
from builder_app.store.models import Measurement
from builder_app.store.records import DraftSnapshot, JournalEntry, NewNodeTemplate, NewStrategyTemplate
from builder_app.store.repositories.base import Repository
from builder_app.store.run_records import NewGeneration, NewQuickTest
from builder_app.store.vocabulary import (
    EditKind,
    InstanceStatus,
    MeasurementKind,
    NodeType,
    StrategyCategory,
    ValidationStatus,
)
from tests.store.places import ADMINISTRATOR

CODE: Final = "def signals(prices):\n    return {}\n"
CODE_HASH: Final = hashlib.sha256(CODE.encode()).hexdigest()
FLOW: Final = {"format": "logic-flow", "version": 1, "nodes": [], "edges": []}


@dataclass(frozen=True)
class World:
    """The ids of the owner's rows, and of a system template of each kind."""

    strategy: str
    deleted_strategy: str
    session: str
    test: str
    generation: str
    strategy_template: str
    node_template: str
    own_template: str
    version: str
    own_strategy_template: str
    deleted_strategy_template: str
    deleted_template: str


def steps(first: int, last: int) -> list[JournalEntry]:
    """Journal entries of these sequences, both ends included."""
    return [JournalEntry(number, EditKind.EDIT, {"rename": f"step {number}"}) for number in range(first, last + 1)]


def quick_test(instance: str) -> NewQuickTest:
    """A test to be started."""
    return NewQuickTest(instance, "A test", {"initial_capital": 1000.0}, FLOW, {}, CODE_HASH)


def generation(instance: str, code: str = CODE) -> NewGeneration:
    """A text to be recorded."""
    digest = hashlib.sha256(code.encode()).hexdigest()
    return NewGeneration(instance, "standalone", code, digest, ValidationStatus.VALID, FLOW, line_count=2)


NODE_TEMPLATE: Final = NewNodeTemplate(
    "sma", "Simple average", NodeType.INDICATOR, "average", input_ports=({"name": "a"},)
)
OWN_TEMPLATE: Final = NewNodeTemplate("mine", "My block", NodeType.CUSTOM, "own")
STRATEGY_TEMPLATE: Final = NewStrategyTemplate("Crossover", StrategyCategory.TREND_FOLLOWING, FLOW)

OWN_STRATEGY_TEMPLATE: Final = NewStrategyTemplate("My way", StrategyCategory.OSCILLATION, FLOW)


def populate(store: Store) -> World:
    """Write one row of everything."""
    system = store.as_principal(ADMINISTRATOR)
    system.node_templates.seed([NODE_TEMPLATE])
    system.strategy_templates.seed([STRATEGY_TEMPLATE])
    strategy = store.strategies.create("A strategy", FLOW, {"fast": {"value": 10}})
    deleted = store.strategies.create("A deleted strategy", FLOW, {})
    store.strategies.soft_delete(deleted.id)
    session = store.sessions.open(strategy.id, "A session", DraftSnapshot(0, FLOW))
    store.sessions.write(session.id, steps(1, 3))
    test = store.quick_tests.start(quick_test(strategy.id))
    strategy_template = system.strategy_templates.popular()[0].id
    store.strategies.set_tags(strategy.id, ["trend", "daily"])
    store.strategy_templates.set_favourite(strategy_template, True)
    with store.connections.writing(store.principal) as writing:
        add(writing, Measurement, [{"kind": next(iter(MeasurementKind)), "seconds": 0.01}])
    return World(
        strategy=strategy.id,
        deleted_strategy=deleted.id,
        session=session.id,
        test=test,
        generation=store.generations.record(generation(strategy.id)).id,
        strategy_template=strategy_template,
        node_template=system.node_templates.list().items[0].id,
        own_template=store.node_templates.create(OWN_TEMPLATE).id,
        version=store.versions.keep(strategy.id, "A kept version").id,
        own_strategy_template=store.strategy_templates.create(OWN_STRATEGY_TEMPLATE).id,
        deleted_strategy_template=_deleted_template(store),
        deleted_template=_deleted_block(store),
    )


def _deleted_block(store: Store) -> str:
    made = store.node_templates.create(replace(OWN_TEMPLATE, name="mine_once"))
    store.node_templates.soft_delete(made.id)
    return made.id


def _deleted_template(store: Store) -> str:
    made = store.strategy_templates.create(replace(OWN_STRATEGY_TEMPLATE, name="My old way"))
    store.strategy_templates.soft_delete(made.id)
    return made.id


Call = Callable[[Store, World], Any]

CALLS: Final[Mapping[str, Call]] = {
    "strategies.create": lambda store, world: store.strategies.create("Mine", FLOW, {}),
    "strategies.get": lambda store, world: store.strategies.get(world.strategy),
    "strategies.drawings": lambda store, world: store.strategies.drawings([world.strategy]),
    "strategies.list": lambda store, world: store.strategies.list(),
    "strategies.with_latest_code": lambda store, world: store.strategies.with_latest_code(),
    "strategies.create_from_template": lambda store, world: store.strategies.create_from_template(
        world.strategy_template
    ),
    "strategies.duplicate": lambda store, world: store.strategies.duplicate(world.strategy, "Again", FLOW, {}),
    "strategies.set_tags": lambda store, world: store.strategies.set_tags(world.strategy, ["other"]),
    "strategies.tags_of": lambda store, world: store.strategies.tags_of([world.strategy]),
    "strategies.tags": lambda store, world: store.strategies.tags(),
    "versions.keep": lambda store, world: store.versions.keep(world.strategy, "Another"),
    "versions.list": lambda store, world: store.versions.list(world.strategy),
    "versions.get": lambda store, world: store.versions.get(world.version),
    "versions.restore": lambda store, world: store.versions.restore(world.version),
    "versions.annotate": lambda store, world: store.versions.annotate(world.version, "Changed"),
    "versions.soft_delete": lambda store, world: store.versions.soft_delete(world.version),
    "strategies.save": lambda store, world: store.strategies.save(world.strategy, {"changed": 1}, {}, "Changed"),
    "strategies.rename": lambda store, world: store.strategies.rename(world.strategy, "Changed"),
    "strategies.set_status": lambda store, world: store.strategies.set_status(world.strategy, InstanceStatus.ARCHIVED),
    "strategies.soft_delete": lambda store, world: store.strategies.soft_delete(world.strategy),
    "strategies.restore": lambda store, world: store.strategies.restore(world.deleted_strategy),
    "sessions.open": lambda store, world: store.sessions.open(world.strategy, "Another"),
    "sessions.snapshot": lambda store, world: store.sessions.snapshot(world.session, DraftSnapshot(3, {}, keep=1)),
    "sessions.write": lambda store, world: store.sessions.write(
        world.session, steps(4, 6), DraftSnapshot(6, {"a": 1}, keep=2)
    ),
    "sessions.active": lambda store, world: store.sessions.active(),
    "sessions.newest_active": lambda store, world: store.sessions.newest_active(),
    "sessions.list": lambda store, world: store.sessions.list(),
    "sessions.expired": lambda store, world: store.sessions.expired(),
    "sessions.hold": lambda store, world: store.sessions.hold(world.session, "another window"),
    "sessions.release": lambda store, world: store.sessions.release(world.session, "a window"),
    "sessions.audit": lambda store, world: store.sessions.audit(world.session),
    "sessions.drafts": lambda store, world: store.sessions.drafts([world.session]),
    "sessions.load": lambda store, world: store.sessions.load(world.session),
    "sessions.bind": lambda store, world: store.sessions.bind(world.session, world.strategy),
    "sessions.deactivate": lambda store, world: store.sessions.deactivate(world.session),
    "sessions.reactivate": lambda store, world: store.sessions.reactivate(world.session),
    "session_life.keep": lambda store, world: store.session_life.keep([world.session]),
    "session_life.end_all": lambda store, world: store.session_life.end_all(),
    "session_life.left_behind": lambda store, world: store.session_life.left_behind(),
    "session_life.offer": lambda store, world: store.session_life.offer([world.session]),
    "session_life.set_aside": lambda store, world: store.session_life.set_aside(world.session),
    "session_life.set_aside_untold": lambda store, world: store.session_life.set_aside_untold(),
    "session_life.told": lambda store, world: store.session_life.told([world.session]),
    "quick_tests.start": lambda store, world: store.quick_tests.start(quick_test(world.strategy)),
    "quick_tests.complete": lambda store, world: store.quick_tests.complete(world.test, {"equity": [1.0]}, {}, 0.1),
    "quick_tests.fail": lambda store, world: store.quick_tests.fail(world.test, "It failed."),
    "quick_tests.cancel": lambda store, world: store.quick_tests.cancel(world.test),
    "quick_tests.get": lambda store, world: store.quick_tests.get(world.test),
    "quick_tests.recent": lambda store, world: store.quick_tests.recent(world.strategy),
    "quick_tests.list": lambda store, world: store.quick_tests.list(),
    "quick_tests.counts": lambda store, world: store.quick_tests.counts(),
    "quick_tests.newest_completed": lambda store, world: store.quick_tests.newest_completed([world.strategy]),
    "quick_tests.rename": lambda store, world: store.quick_tests.rename(world.test, "Another name"),
    "quick_tests.set_starred": lambda store, world: store.quick_tests.set_starred(world.test, True),
    "quick_tests.soft_delete": lambda store, world: store.quick_tests.soft_delete(world.test),
    "quick_tests.restore": lambda store, world: store.quick_tests.restore(world.test),
    "quick_tests.close_orphans": lambda store, world: store.quick_tests.close_orphans(),
    "generations.record": lambda store, world: store.generations.record(generation(world.strategy)),
    "generations.latest": lambda store, world: store.generations.latest(world.strategy, "standalone"),
    "generations.find": lambda store, world: store.generations.find(world.strategy, "standalone", CODE_HASH),
    "generations.list": lambda store, world: store.generations.list(world.strategy),
    "generations.failures": lambda store, world: store.generations.failures(ValidationStatus.VALID),
    "strategy_templates.create": lambda store, world: store.strategy_templates.create(OWN_STRATEGY_TEMPLATE),
    "strategy_templates.soft_delete": lambda store, world: store.strategy_templates.soft_delete(
        world.own_strategy_template
    ),
    "strategy_templates.restore": lambda store, world: store.strategy_templates.restore(
        world.deleted_strategy_template
    ),
    "strategy_templates.popular": lambda store, world: store.strategy_templates.popular(),
    "strategy_templates.count_use": lambda store, world: store.strategy_templates.count_use(world.strategy_template),
    "strategy_templates.rate": lambda store, world: store.strategy_templates.rate(world.strategy_template, 4),
    "strategy_templates.set_favourite": lambda store, world: store.strategy_templates.set_favourite(
        world.strategy_template, True
    ),
    "strategy_templates.opinions": lambda store, world: store.strategy_templates.opinions(),
    "strategy_templates.get": lambda store, world: store.strategy_templates.get(world.strategy_template),
    "strategy_templates.list": lambda store, world: store.strategy_templates.list(),
    "strategy_templates.seed": lambda store, world: store.strategy_templates.seed([STRATEGY_TEMPLATE]),
    "node_templates.popular": lambda store, world: store.node_templates.popular(),
    "node_templates.own": lambda store, world: store.node_templates.own("mine"),
    "node_templates.usable": lambda store, world: store.node_templates.usable(),
    "node_templates.named": lambda store, world: store.node_templates.named("mine"),
    "node_templates.create": lambda store, world: store.node_templates.create(replace(OWN_TEMPLATE, name="mine_too")),
    "node_templates.update": lambda store, world: store.node_templates.update(world.own_template, OWN_TEMPLATE),
    "node_templates.set_shared": lambda store, world: store.node_templates.set_shared(world.own_template, True),
    "node_templates.soft_delete": lambda store, world: store.node_templates.soft_delete(world.own_template),
    "node_templates.restore": lambda store, world: store.node_templates.restore(world.deleted_template),
    "node_templates.counts": lambda store, world: store.node_templates.counts(),
    "node_templates.used_in": lambda store, world: store.node_templates.used_in(world.own_template),
    "node_templates.count_use": lambda store, world: store.node_templates.count_use(world.node_template),
    "node_templates.get": lambda store, world: store.node_templates.get(world.node_template),
    "node_templates.list": lambda store, world: store.node_templates.list(),
    "node_templates.seed": lambda store, world: store.node_templates.seed([NODE_TEMPLATE]),
}


def methods(store: Store) -> set[str]:
    """Every public method of every repository of the store, as `repository.method`."""
    return {
        f"{name}.{method}"
        for name, repository in vars(store).items()
        if isinstance(repository, Repository)
        for method, _ in inspect.getmembers(repository, inspect.ismethod)
        if not method.startswith("_")
    }
