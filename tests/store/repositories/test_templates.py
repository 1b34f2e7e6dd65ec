"""Templates: the system's for everybody, written by an administrator; one's own; and what others share."""

import datetime
from dataclasses import replace
from typing import Any

import pytest

from builder_app.store import NotAllowed, NotThere, Store
from builder_app.store.isolation import add, change
from builder_app.store.models import NodeTemplateRow, StrategyTemplate
from builder_app.store.records import NewStrategyTemplate
from builder_app.store.vocabulary import NodeType, StrategyCategory
from tests.store.places import ADMINISTRATOR, OWNER, STRANGER
from tests.store.raw import count_rows
from tests.store.world import FLOW, NODE_TEMPLATE, STRATEGY_TEMPLATE


@pytest.fixture
def system(store: Store) -> Store:
    return store.as_principal(ADMINISTRATOR)


class TestNodeTemplates:
    def test_a_seeded_template_is_read_by_everybody_as_it_was_written(self, store: Store, system: Store) -> None:
        new = replace(NODE_TEMPLATE, parameter_schema={"type": "object"}, execution_hints={"outputs": {"value": "1"}})
        assert system.node_templates.seed([new]) == 1
        for principal in (OWNER, STRANGER, ADMINISTRATOR):
            (record,) = store.as_principal(principal).node_templates.list()
            assert store.as_principal(principal).node_templates.get(record.id) == record
            assert record.is_system_template
            assert (record.name, record.display_name, record.node_type) == ("sma", "Simple average", NodeType.INDICATOR)
            assert (record.input_ports, record.output_ports) == ([{"name": "a"}], [])
            assert record.parameter_schema == {"type": "object"}
            assert record.execution_hints == {"outputs": {"value": "1"}}

    def test_seeding_again_brings_up_to_date_and_keeps_the_id(self, store: Store, system: Store) -> None:
        system.node_templates.seed([NODE_TEMPLATE])
        (before,) = store.node_templates.list()
        system.node_templates.seed([replace(NODE_TEMPLATE, display_name="Average"), replace(NODE_TEMPLATE, name="ema")])
        found = {record.name: record for record in store.node_templates.list()}
        assert set(found) == {"sma", "ema"}
        assert found["sma"] == replace(before, display_name="Average")
        assert system.node_templates.seed([]) == 0

    def test_only_an_administrator_seeds(self, store: Store) -> None:
        with pytest.raises(NotAllowed):
            store.node_templates.seed([NODE_TEMPLATE])
        assert store.node_templates.list() == ()

    def test_templates_come_by_type_and_category_the_most_used_first(self, store: Store, system: Store) -> None:
        for name, node_type, category, used in (
            ("a", NodeType.CONDITION, "cross", 5),
            ("b", NodeType.INDICATOR, "trend", 1),
            ("c", NodeType.INDICATOR, "trend", 7),
            ("d", NodeType.INDICATOR, "average", 0),
        ):
            system.node_templates.seed([replace(NODE_TEMPLATE, name=name, node_type=node_type, category=category)])
            with store.connections.writing(ADMINISTRATOR) as session:
                change(session, NodeTemplateRow, NodeTemplateRow.name == name, {"usage_count": used})

        def names(*filters: Any) -> list[str]:
            return [record.name for record in store.node_templates.list(*filters)]

        assert names() == ["d", "c", "b", "a"]
        assert names(NodeType.INDICATOR) == ["d", "c", "b"]
        assert names(NodeType.INDICATOR, "trend") == ["c", "b"]
        assert names(None, "cross") == ["a"]
        assert names(NodeType.SIGNAL) == []

    def test_a_users_template_is_ones_own_unless_it_is_shared(self, store: Store) -> None:
        row = {"name": "mine", "display_name": "Mine", "node_type": NodeType.CUSTOM}
        with store.connections.writing(OWNER) as session:
            add(session, NodeTemplateRow, [row, {**row, "name": "ours", "is_shared": True}])
        other = store.as_principal(STRANGER)
        assert {record.name for record in store.node_templates.list()} == {"mine", "ours"}
        assert [record.name for record in other.node_templates.list()] == ["ours"]
        (mine,) = [record for record in store.node_templates.list() if record.name == "mine"]
        with pytest.raises(NotThere):
            other.node_templates.get(mine.id)
        with store.connections.writing(STRANGER) as session:
            assert change(session, NodeTemplateRow, NodeTemplateRow.name == "ours", {"display_name": "Taken"}) == 0


class TestStrategyTemplates:
    def test_a_seeded_template_is_read_by_everybody_as_it_was_written(self, store: Store, system: Store) -> None:
        new = replace(STRATEGY_TEMPLATE, description="Two averages", backtest_example={"sharpe": 1.2})
        assert system.strategy_templates.seed([new]) == 1
        (record,) = store.strategy_templates.list()
        assert store.as_principal(STRANGER).strategy_templates.get(record.id) == record
        assert (record.name, record.description) == ("Crossover", "Two averages")
        assert (record.logic_flow, record.backtest_example) == (FLOW, {"sharpe": 1.2})
        assert (record.usage_count, record.rating_average, record.rating_count) == (0, 0.0, 0)

    def test_they_come_by_category_the_most_used_first(self, store: Store, system: Store) -> None:
        for name, category in (("t", "TREND_FOLLOWING"), ("m1", "MULTI_FACTOR"), ("m2", "MULTI_FACTOR")):
            system.strategy_templates.seed([NewStrategyTemplate(name, StrategyCategory(category), FLOW)])
        with store.connections.writing(ADMINISTRATOR) as session:
            change(session, StrategyTemplate, StrategyTemplate.name == "m2", {"usage_count": 3})
        assert [record.name for record in store.strategy_templates.list()] == ["m2", "m1", "t"]
        found = store.strategy_templates.list(StrategyCategory.TREND_FOLLOWING)
        assert [record.name for record in found] == ["t"]

    def test_a_deleted_template_gives_its_name_free(self, store: Store, system: Store) -> None:
        system.strategy_templates.seed([STRATEGY_TEMPLATE])
        moment = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
        with store.connections.writing(ADMINISTRATOR) as session:
            change(
                session,
                StrategyTemplate,
                StrategyTemplate.name == "Crossover",
                {"is_deleted": True, "deleted_at": moment},
            )
        assert store.strategy_templates.list() == ()
        system.strategy_templates.seed([STRATEGY_TEMPLATE])
        assert len(store.strategy_templates.list()) == 1
        assert count_rows(store, "strategy_templates") == 2
