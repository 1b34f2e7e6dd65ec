"""Templates: the system's for everybody, written by an administrator; one's own; and what others share."""

import datetime
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.store import NotAllowed, NotThere, Principal, RefusedValue, Store
from builder_app.store.errors import StoreConflict, TemplateInUse
from builder_app.store.isolation import add, change
from builder_app.store.list_records import NodeTemplateWish, StrategyTemplateWish
from builder_app.store.models import NodeTemplateRow, StrategyTemplate
from builder_app.store.records import DraftSnapshot, NewStrategyTemplate, PageKey
from builder_app.store.vocabulary import NodeType, StrategyCategory, TemplateOrder
from tests.store.places import ADMINISTRATOR, OWNER, STRANGER
from tests.store.raw import SHARED_STORE, count_rows
from tests.store.world import FLOW, NODE_TEMPLATE, OWN_TEMPLATE, STRATEGY_TEMPLATE, steps


@pytest.fixture
def system(store: Store) -> Store:
    return store.as_principal(ADMINISTRATOR)


class TestNodeTemplates:
    def test_a_seeded_template_is_read_by_everybody_as_it_was_written(self, store: Store, system: Store) -> None:
        new = replace(NODE_TEMPLATE, parameter_schema={"type": "object"}, execution_hints={"outputs": {"value": "1"}})
        assert system.node_templates.seed([new]) == 1
        for principal in (OWNER, STRANGER, ADMINISTRATOR):
            (record,) = store.as_principal(principal).node_templates.list().items
            assert store.as_principal(principal).node_templates.get(record.id) == record
            assert record.is_system_template
            assert (record.name, record.display_name, record.node_type) == ("sma", "Simple average", NodeType.INDICATOR)
            assert (record.input_ports, record.output_ports) == ([{"name": "a"}], [])
            assert record.parameter_schema == {"type": "object"}
            assert record.execution_hints == {"outputs": {"value": "1"}}

    def test_seeding_again_brings_up_to_date_and_keeps_the_id(self, store: Store, system: Store) -> None:
        system.node_templates.seed([NODE_TEMPLATE])
        (before,) = store.node_templates.list().items
        system.node_templates.seed([replace(NODE_TEMPLATE, display_name="Average"), replace(NODE_TEMPLATE, name="ema")])
        found = {record.name: record for record in store.node_templates.list().items}
        assert set(found) == {"sma", "ema"}
        assert found["sma"] == replace(before, display_name="Average")
        assert system.node_templates.seed([]) == 0

    def test_only_an_administrator_seeds(self, store: Store) -> None:
        with pytest.raises(NotAllowed):
            store.node_templates.seed([NODE_TEMPLATE])
        assert store.node_templates.list().items == ()

    def test_the_most_used_templates_come_first_of_all_or_of_a_type(self, store: Store, system: Store) -> None:
        for name, node_type, category, used in (
            ("a", NodeType.CONDITION, "cross", 5),
            ("b", NodeType.INDICATOR, "trend", 1),
            ("c", NodeType.INDICATOR, "trend", 7),
            ("d", NodeType.INDICATOR, "average", 0),
        ):
            system.node_templates.seed([replace(NODE_TEMPLATE, name=name, node_type=node_type, category=category)])
            with store.connections.writing(ADMINISTRATOR) as session:
                change(session, NodeTemplateRow, NodeTemplateRow.name == name, {"usage_count": used})

        def names(**wish: Any) -> list[str]:
            return [record.name for record in store.node_templates.list(NodeTemplateWish(**wish)).items]

        assert names() == ["c", "a", "b", "d"]
        assert names(node_type=NodeType.INDICATOR) == ["c", "b", "d"]
        assert names(node_type=NodeType.INDICATOR, category="trend") == ["c", "b"]
        assert names(category="cross") == ["a"]
        assert names(node_type=NodeType.SIGNAL) == []
        assert names(order=TemplateOrder.NAME) == ["a", "b", "c", "d"]
        assert names(system=False) == []
        assert [record.name for record in store.node_templates.popular(2)] == ["c", "a"]
        with pytest.raises(RefusedValue, match="no ratings"):
            names(order=TemplateOrder.RATING)

    def test_a_users_template_is_ones_own_unless_it_is_shared(self, store: Store) -> None:
        row = {"name": "mine", "display_name": "Mine", "node_type": NodeType.CUSTOM}
        with store.connections.writing(OWNER) as session:
            add(session, NodeTemplateRow, [row, {**row, "name": "ours", "is_shared": True}])
        other = store.as_principal(STRANGER)
        assert {record.name for record in store.node_templates.list().items} == {"mine", "ours"}
        assert [record.name for record in other.node_templates.list().items] == ["ours"]
        (mine,) = [record for record in store.node_templates.list().items if record.name == "mine"]
        with pytest.raises(NotThere):
            other.node_templates.get(mine.id)
        with store.connections.writing(STRANGER) as session:
            assert change(session, NodeTemplateRow, NodeTemplateRow.name == "ours", {"display_name": "Taken"}) == 0

    def test_an_own_template_is_written_anew_but_for_its_name(self, store: Store) -> None:
        made = store.node_templates.create(replace(OWN_TEMPLATE, parameter_schema={"type": "object"}))
        assert store.node_templates.own("mine") == made
        assert not made.is_system_template
        changed = store.node_templates.update(made.id, replace(OWN_TEMPLATE, description="New"))
        assert (changed.id, changed.description, changed.parameter_schema) == (made.id, "New", {})
        with pytest.raises(RefusedValue, match="by its name"):
            store.node_templates.update(made.id, replace(OWN_TEMPLATE, name="other"))
        with pytest.raises(RefusedValue, match="refused a row"):
            store.node_templates.create(OWN_TEMPLATE)
        assert store.as_principal(STRANGER).node_templates.own("mine") is None

    def test_a_shared_template_is_read_by_others_and_changed_by_its_owner_alone(self, store: Store) -> None:
        made = store.node_templates.create(OWN_TEMPLATE)
        other = store.as_principal(STRANGER)
        assert other.node_templates.list().items == ()
        store.node_templates.set_shared(made.id, True)
        assert other.node_templates.get(made.id).name == "mine"
        shared, own = other.node_templates.named("mine"), other.node_templates.own("mine")
        assert (shared, own) == (store.node_templates.get(made.id), None)
        other.node_templates.count_use(made.id, 3)
        for call in (
            lambda: other.node_templates.update(made.id, OWN_TEMPLATE),
            lambda: other.node_templates.set_shared(made.id, False),
            lambda: other.node_templates.soft_delete(made.id, force=True),
        ):
            with pytest.raises(NotThere):
                call()
        assert store.node_templates.get(made.id).usage_count == 3
        store.node_templates.set_shared(made.id, False)
        assert other.node_templates.list().items == ()

    def test_a_template_in_use_is_deleted_only_when_forced_and_names_the_strategies(self, store: Store) -> None:
        made = store.node_templates.create(OWN_TEMPLATE)
        uses = {"nodes": [{"id": "a", "template": "mine"}]}
        mentions = {"nodes": [{"id": "a", "template": "sma", "note": 'say "template":"mine"'}]}
        first = store.strategies.create("First", uses, {}).id
        store.versions.keep(first)
        store.strategies.create("Mentions it", mentions, {})
        store.strategies.soft_delete(store.strategies.create("Deleted", uses, {}).id)
        draft = store.sessions.open(None, "A draft").id
        store.sessions.write(draft, steps(1, 1), DraftSnapshot(1, uses))
        store.as_principal(STRANGER).strategies.create("Another's", uses, {})
        with pytest.raises(TemplateInUse, match="used in 'A draft', 'First'") as refusal:
            store.node_templates.soft_delete(made.id)
        assert refusal.value.strategies == ("A draft", "First")
        assert store.node_templates.used_in(made.id) == ("A draft", "First")
        assert store.node_templates.get(made.id) == made
        assert store.node_templates.soft_delete(made.id, force=True) == ("A draft", "First")
        with pytest.raises(NotThere):
            store.node_templates.get(made.id)
        assert store.node_templates.create(OWN_TEMPLATE).id != made.id

    def test_uses_inside_groups_and_inside_ones_own_blocks_are_found(self, store: Store) -> None:
        made = store.node_templates.create(OWN_TEMPLATE)
        body = [{"id": "g", "nodes": [{"id": "a", "template": "mine"}], "edges": []}]
        store.strategies.create("Grouped", {"nodes": [], "groups": body}, {})
        of_group = replace(OWN_TEMPLATE, name="trend", display_name="Trend", execution_hints={"body": body})
        store.node_templates.create(of_group)
        store.as_principal(STRANGER).node_templates.create(of_group)
        assert store.node_templates.used_in(made.id) == ("Grouped", "Trend (a block of yours)")

    def test_a_deleted_template_comes_back_as_it_was_unless_its_name_is_taken(self, store: Store) -> None:
        made = store.node_templates.create(OWN_TEMPLATE, is_shared=True)
        store.node_templates.soft_delete(made.id)
        with pytest.raises(NotThere):
            store.as_principal(STRANGER).node_templates.restore(made.id)
        store.node_templates.restore(made.id)
        assert store.node_templates.get(made.id) == made
        store.node_templates.soft_delete(made.id)
        store.node_templates.create(OWN_TEMPLATE)
        with pytest.raises(RefusedValue):
            store.node_templates.restore(made.id)

    def test_a_template_is_not_written_over_a_version_that_the_writer_has_not_seen(self, store: Store) -> None:
        made = store.node_templates.create(OWN_TEMPLATE)
        second = replace(OWN_TEMPLATE, version="1.1.0")
        store.node_templates.update(made.id, second, version="1.0.0")
        with pytest.raises(StoreConflict, match=r"version 1\.1\.0"):
            store.node_templates.update(made.id, replace(second, version="1.2.0"), version="1.0.0")
        assert store.node_templates.get(made.id).version == "1.1.0"

    def test_counts_are_those_of_templates_that_the_user_may_use(self, store: Store) -> None:
        made = store.node_templates.create(OWN_TEMPLATE)
        store.node_templates.count_use(made.id, 3)
        store.node_templates.create(replace(OWN_TEMPLATE, name="never"))
        assert store.node_templates.counts() == {"mine": 3}
        assert store.as_principal(STRANGER).node_templates.counts() == {}

    def test_a_template_that_nobody_uses_is_deleted(self, store: Store) -> None:
        made = store.node_templates.create(OWN_TEMPLATE)
        assert store.node_templates.soft_delete(made.id) == ()
        assert store.node_templates.list().items == ()

    @pytest.mark.parametrize("times", [pytest.param(1_000, marks=pytest.mark.long), 40])
    def test_uses_counted_by_eight_threads_at_once_are_all_counted(self, store: Store, times: int) -> None:
        made = store.node_templates.create(OWN_TEMPLATE).id

        def use(_: int) -> None:
            for _ in range(times):
                store.node_templates.count_use(made)

        with ThreadPoolExecutor(8) as pool:
            assert list(pool.map(use, range(8))) == [None] * 8
        assert store.node_templates.get(made).usage_count == 8 * times
        with pytest.raises(RefusedValue):
            store.node_templates.count_use(made, -1)

    @settings(max_examples=20, suppress_health_check=SHARED_STORE, deadline=None)
    @given(uses=st.lists(st.integers(0, 2), max_size=7), limit=st.integers(1, 3))
    def test_pages_show_each_template_once(self, store: Store, uses: list[int], limit: int) -> None:
        for old in store.node_templates.list().items:
            store.node_templates.soft_delete(old.id)
        for number, used in enumerate(uses):
            made = store.node_templates.create(replace(OWN_TEMPLATE, name=f"block_{number}")).id
            if used:
                store.node_templates.count_use(made, used)
        for order in (TemplateOrder.USAGE, TemplateOrder.NAME):
            seen: list[Any] = []
            key: PageKey | None = None
            while True:
                page = store.node_templates.list(NodeTemplateWish(order=order), limit, key)
                seen += page.items
                key = page.next_key
                if key is None:
                    break
            assert len({record.id for record in seen}) == len(seen) == len(uses)
            if order is TemplateOrder.USAGE:
                assert [record.usage_count for record in seen] == sorted(uses, reverse=True)
            else:
                assert [record.name for record in seen] == sorted(record.name for record in seen)


class TestStrategyTemplates:
    def test_a_seeded_template_is_read_by_everybody_as_it_was_written(self, store: Store, system: Store) -> None:
        new = replace(STRATEGY_TEMPLATE, description="Two averages", backtest_example={"sharpe": 1.2})
        assert system.strategy_templates.seed([new]) == 1
        (record,) = store.strategy_templates.list().items
        assert store.as_principal(STRANGER).strategy_templates.get(record.id) == record
        assert (record.name, record.description) == ("Crossover", "Two averages")
        assert (record.logic_flow, record.backtest_example) == (FLOW, {"sharpe": 1.2})
        assert (record.usage_count, record.rating_average, record.rating_count) == (0, 0.0, 0)

    def test_the_most_used_come_first_of_all_or_of_a_category(self, store: Store, system: Store) -> None:
        for name, category in (("t", "TREND_FOLLOWING"), ("m1", "MULTI_FACTOR"), ("m2", "MULTI_FACTOR")):
            system.strategy_templates.seed([NewStrategyTemplate(name, StrategyCategory(category), FLOW)])
        with store.connections.writing(ADMINISTRATOR) as session:
            change(session, StrategyTemplate, StrategyTemplate.name == "m2", {"usage_count": 3})
        assert store.strategy_templates.list().items[0].name == "m2"
        assert {record.name for record in store.strategy_templates.list().items} == {"m1", "m2", "t"}
        assert [record.name for record in store.strategy_templates.popular(1)] == ["m2"]
        found = store.strategy_templates.list(StrategyTemplateWish(category=StrategyCategory.TREND_FOLLOWING)).items
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
        assert store.strategy_templates.list().items == ()
        system.strategy_templates.seed([STRATEGY_TEMPLATE])
        assert len(store.strategy_templates.list().items) == 1
        assert count_rows(store, "strategy_templates") == 2

    @settings(max_examples=30, suppress_health_check=SHARED_STORE, deadline=None)
    @given(given_stars=st.lists(st.tuples(st.integers(0, 3), st.integers(1, 5)), max_size=15))
    def test_the_rating_is_the_mean_of_each_users_last_stars(
        self, store: Store, given_stars: list[tuple[int, int]]
    ) -> None:
        store.as_principal(ADMINISTRATOR).strategy_templates.seed([STRATEGY_TEMPLATE])
        (template,) = store.strategy_templates.list().items
        with store.connections.writing(ADMINISTRATOR) as session:
            id, nobody = StrategyTemplate.id == template.id, {"rating_average": 0.0, "rating_count": 0}
            change(session, StrategyTemplate, id, nobody)
        users = [store.as_principal(Principal(str(uuid.uuid4()))) for _ in range(4)]
        last: dict[int, int] = {}
        for user, stars in given_stars:
            users[user].strategy_templates.rate(template.id, stars)
            last[user] = stars
        found = store.strategy_templates.get(template.id)
        assert found.rating_count == len(last)
        assert found.rating_average == pytest.approx(sum(last.values()) / max(len(last), 1))
        assert 0.0 <= found.rating_average <= 5.0

    @pytest.mark.parametrize("stars", [0, 6, -1])
    def test_other_numbers_of_stars_are_refused(self, store: Store, system: Store, stars: int) -> None:
        system.strategy_templates.seed([STRATEGY_TEMPLATE])
        (template,) = store.strategy_templates.list().items
        with pytest.raises(RefusedValue, match="1 to 5 stars"):
            store.strategy_templates.rate(template.id, stars)
        with pytest.raises(NotThere):
            store.strategy_templates.rate("nowhere", 3)
        assert store.strategy_templates.get(template.id) == template

    def test_a_favourite_is_one_users_own(self, store: Store, system: Store) -> None:
        system.strategy_templates.seed([STRATEGY_TEMPLATE, replace(STRATEGY_TEMPLATE, name="Another")])
        first, second = store.strategy_templates.list(StrategyTemplateWish(order=TemplateOrder.NAME)).items
        store.strategy_templates.set_favourite(second.id, True)
        store.strategy_templates.rate(second.id, 4)

        def favourites(of: Store, favourite: bool) -> list[str]:
            return [item.name for item in of.strategy_templates.list(StrategyTemplateWish(favourite=favourite)).items]

        assert (favourites(store, True), favourites(store, False)) == ([second.name], [first.name])
        assert store.strategy_templates.opinions() == {second.id: (True, 4)}
        other = store.as_principal(STRANGER)
        assert (favourites(other, True), other.strategy_templates.opinions()) == ([], {})
        store.strategy_templates.set_favourite(second.id, False)
        assert store.strategy_templates.opinions() == {second.id: (False, 4)}

    def test_a_strategy_begun_from_a_template_counts_as_one_use(self, store: Store, system: Store) -> None:
        system.strategy_templates.seed([replace(STRATEGY_TEMPLATE, parameters={"fast": {"value": 3}})])
        (template,) = store.strategy_templates.list().items
        made = store.strategies.create_from_template(template.id)
        assert (made.name, made.template_id, made.parameters) == ("Crossover", template.id, {"fast": {"value": 3}})
        store.strategies.create_from_template(template.id, "Mine")
        assert store.strategy_templates.get(template.id).usage_count == 2
        with pytest.raises(NotThere):
            store.strategies.create_from_template("nowhere")


def test_a_user_makes_templates_of_strategies_that_others_do_not_see(store: Store) -> None:
    made = store.strategy_templates.create(NewStrategyTemplate("My way", StrategyCategory.OSCILLATION, {"nodes": []}))
    assert not made.is_system_template
    assert [one.name for one in store.strategy_templates.list(StrategyTemplateWish(system=False)).items] == ["My way"]
    stranger = store.as_principal(STRANGER)
    assert stranger.strategy_templates.list(StrategyTemplateWish(system=False)).items == ()
    with pytest.raises(NotThere):
        stranger.strategy_templates.soft_delete(made.id)
    store.strategy_templates.soft_delete(made.id)
    assert store.strategy_templates.list(StrategyTemplateWish(system=False)).items == ()
    store.strategy_templates.restore(made.id)
    assert store.strategy_templates.get(made.id).name == "My way"
