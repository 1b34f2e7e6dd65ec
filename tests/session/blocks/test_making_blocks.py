"""Blocks of one's own on a real store: checked, saved as versions, shared, deleted only where unused, brought back."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import pytest

from builder_app.flow.edits import AddNode, Batch, Connect, Edit, RemoveNodes
from builder_app.flow.grouping import group_nodes
from builder_app.flow.groups import templates_inside
from builder_app.flow.problems import Problem, errors
from builder_app.flow.values import Edge, LogicFlow, Node, Port, frozen_mapping
from builder_app.session import events
from builder_app.session.blocks.block_drafts import NEW_BLOCK, BlockDraft, DraftOutput
from builder_app.session.drafts.document import Document
from builder_app.session.shelf.exchanging import export_flow, import_strategy
from builder_app.session.shelf.strategies import Shelf
from builder_app.store.secrets import Vault
from tests.session.strategist import STRANGER, Ground, Strategist

DISTANCE: Final = replace(NEW_BLOCK, name="distance", display_name="Distance")
OTHER: Final = replace(
    DISTANCE, outputs=(DraftOutput("value", expression="price / ta.EMA(price, timeperiod=period) - 1"),)
)


def saved(work: Strategist, draft: BlockDraft, *, as_new: bool = False) -> events.BlockSaved:
    """Save, and wait until the block can be drawn."""
    before = len(work.heard(events.BlockSaved))
    work.session.making_blocks.save("form", draft, as_new=as_new)
    told = work.until_told(events.BlockSaved, before + 1)
    work.until(lambda: work.session.blocks.is_idle)
    work.mailbox.run_waiting()
    work.until(lambda: work.session.catalogue.templates[told.name].version == told.version)
    return told


def edited(work: Strategist, name: str = "distance") -> BlockDraft:
    draft = work.session.making_blocks.draft_of(name)
    assert draft is not None
    return draft


def refused(work: Strategist, wish: Callable[[], None]) -> str:
    before = len(work.heard(events.BlockRefused))
    wish()
    return work.until_told(events.BlockRefused, before + 1).message


def draw(work: Strategist, document: Document, name: str = "distance") -> None:
    template = work.session.catalogue.templates[name]
    work.session.edit(document, AddNode(Node("mine", name, template.version)))


def offers(document: Document) -> list[Problem]:
    return [problem for problem in document.problems if problem.rule == "newer-version"]


def test_a_form_is_checked_and_shows_what_the_block_gives(work: Strategist) -> None:
    work.session.making_blocks.check("form", DISTANCE)
    told = work.until_told(events.BlockChecked)
    assert told.checked.faults == ()
    assert told.preview is not None
    (values,) = told.preview.outputs
    assert (told.preview.symbol, len(values.values)) == ("AAPL", 500)
    panel = work.session.rooms.library.load(["AAPL"])
    closes = panel.close[:, 0]
    assert values.values[-1] == pytest.approx(closes[-1] / closes[-20:].mean() - 1)


@pytest.mark.parametrize(
    ("draft", "field", "said"),
    [
        (replace(DISTANCE, name="sma"), "name", "comes with the program"),
        (replace(DISTANCE, name="Bad name"), "name", "lower-case"),
        (replace(DISTANCE, display_name=" "), "display_name", "called"),
        (replace(DISTANCE, outputs=()), "outputs", "add an output"),
        (
            replace(DISTANCE, outputs=(DraftOutput("value", expression="price + perod"),)),
            "outputs.0.expression",
            "period",
        ),
        (
            replace(DISTANCE, outputs=(DraftOutput("value", expression="__import__('os')"),)),
            "outputs.0.expression",
            "not",
        ),
        (replace(DISTANCE, outputs=(DraftOutput("value", expression="price"),)), "parameters.0.name", "change nothing"),
        (replace(DISTANCE, inputs=(replace(DISTANCE.inputs[0], name="period"),)), "inputs.0.name", "twice"),
        (replace(DISTANCE, inputs=(replace(DISTANCE.inputs[0], name="lambda"),)), "inputs.0.name", "something else"),
        (replace(DISTANCE, inputs=(replace(DISTANCE.inputs[0], default="closs"),)), "inputs.0.default", "closs"),
        (
            replace(DISTANCE, parameters=(replace(DISTANCE.parameters[0], minimum="0"),)),
            "parameters.0.minimum",
            "With period at 0",
        ),
        (
            replace(DISTANCE, parameters=(replace(DISTANCE.parameters[0], default="1"),)),
            "parameters.0.default",
            "below",
        ),
        (replace(DISTANCE, parameters=(replace(DISTANCE.parameters[0], step="x"),)), "parameters.0.step", "no number"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(work: Strategist, draft: BlockDraft, field: str, said: str) -> None:
    work.session.making_blocks.check("form", draft)
    told = work.until_told(events.BlockChecked)
    assert told.checked.template is None
    assert said in " ".join(fault.sentence for fault in told.checked.faults if fault.field == field), (
        told.checked.faults
    )
    assert refused(work, lambda: work.session.making_blocks.save("form", draft))
    assert work.store.node_templates.own(draft.name) is None


def test_only_the_newest_state_of_a_form_is_answered(work: Strategist) -> None:
    for period in range(30, 60):
        parameter = replace(DISTANCE.parameters[0], default=str(period))
        work.session.making_blocks.check("form", replace(DISTANCE, parameters=(parameter,)))
    work.until(lambda: work.session.making_blocks.is_idle)
    (told,) = work.heard(events.BlockChecked)
    assert told.checked.draft.parameters[0].default == "59"


def test_a_saved_block_is_drawn_tested_and_counted(work: Strategist) -> None:
    told = saved(work, DISTANCE)
    assert (told.version, told.is_new) == ("1.0.0", True)
    document = work.session.new_document()
    draw(work, document)
    work.until(lambda: work.store.node_templates.counts().get("distance") == 1)
    assert work.session.catalogue.is_own("distance")
    work.until(lambda: any(event.counts.get("distance") for event in work.heard(events.BlocksCounted)))


def test_a_strategy_keeps_the_version_it_was_drawn_with_until_it_takes_the_newer_one(work: Strategist) -> None:
    saved(work, DISTANCE)
    document = work.open_example()
    draw(work, document)
    wire_in(work, document)
    work.until(lambda: document.is_coded)
    first = source_of(document)
    assert "ta.EMA" not in first
    told = saved(work, replace(OTHER, base=edited(work).base))
    assert told.version == "1.1.0"
    work.until(lambda: document.is_coded)
    assert source_of(document) == first, "the strategy keeps its version, so its text is the same"
    (offer,) = offers(document)
    assert "'value' is 'price / ta.EMA(price, timeperiod=period) - 1' instead of" in offer.hint
    assert offer.fix is not None
    work.session.edit(document, offer.fix)
    work.until(lambda: document.is_coded)
    assert "ta.EMA" in source_of(document)
    assert not offers(document)
    document.undo()
    work.until(lambda: document.is_coded)
    assert source_of(document) == first


def wire_in(work: Strategist, document: Document) -> None:
    """Let the block decide about entries."""
    edits: list[Edit] = [
        AddNode(Node("over", "greater_than")),
        AddNode(Node("enter_mine", "enter_long")),
        Connect(Edge(Port("mine", "value"), Port("over", "a"))),
        Connect(Edge(Port("over", "result"), Port("enter_mine", "condition"))),
        Connect(Edge(Port("enter_mine", "signal"), Port("size", "signal"))),
    ]
    work.session.edit(document, Batch(tuple(edits), "Wire it in"))


def source_of(document: Document) -> str:
    """The code without the flow that travels in it, whose hash is another one for another version."""
    assert document.program is not None, errors(document.problems)
    return document.program.source.partition("def signals")[2].partition("if __name__")[0]


def test_every_version_outlives_the_session_and_travels_in_the_file(home: Ground) -> None:
    with home.strategist() as work:
        saved(work, DISTANCE)
        saved(work, replace(OTHER, base=edited(work).base))
        renamed = replace(edited(work), description="How far the price is from its average.")
        assert saved(work, renamed).version == "1.1.1"
    with home.strategist() as work:
        work.until(lambda: "distance" in work.session.catalogue.templates)
        block = work.session.catalogue.templates["distance"]
        assert [template.version for template in (*block.earlier, block)] == ["1.0.0", "1.1.0", "1.1.1"]
        recipes = [template.outputs["value"] for template in (*block.earlier, block)]
        assert ["SMA" in recipe for recipe in recipes] == [True, False, False]


def test_saving_without_a_change_makes_no_version(work: Strategist) -> None:
    saved(work, DISTANCE)
    told = saved(work, edited(work))
    assert told.version == "1.0.0"
    assert "not changed" in told.message


def test_a_version_that_another_window_made_is_not_overwritten(work: Strategist) -> None:
    saved(work, DISTANCE)
    stale = edited(work)
    saved(work, replace(OTHER, base=stale.base))
    said = refused(work, lambda: work.session.making_blocks.save("form", replace(stale, description="Mine")))
    assert "another window has made version 1.1.0" in said


def test_a_shared_block_is_used_by_a_stranger_and_changed_by_its_owner_alone(home: Ground) -> None:
    with home.strategist() as work:
        saved(work, DISTANCE)
        work.session.making_blocks.share("distance", True)
        work.until_told(events.BlockShelved)
        work.until(lambda: work.session.catalogue.shared_by.get("distance") == "")
    with home.strategist(STRANGER) as other:
        other.until(lambda: "distance" in other.session.catalogue.templates)
        catalogue, making = other.session.catalogue, other.session.making_blocks
        assert catalogue.shared_by["distance"] == "00000000-0000-4000-8000-000000000001"
        assert not catalogue.is_own("distance")
        assert making.draft_of("distance") is None
        for wish in (
            lambda: making.delete("distance"),
            lambda: making.share("distance", False),
            lambda: making.ask_uses("distance"),
        ):
            assert "no block 'distance' of yours" in refused(other, wish)
        assert saved(other, replace(making.copy_of("distance"), display_name="Mine"), as_new=True).name == "distance_2"
    with home.strategist() as work:
        work.until(lambda: "distance" in work.session.catalogue.templates)
        assert "distance_2" not in work.session.catalogue.templates, "what the stranger made is the stranger's"
        work.session.making_blocks.share("distance", False)
        work.until_told(events.BlockShelved)
    with home.strategist(STRANGER) as other:
        other.until(lambda: "distance_2" in other.session.catalogue.templates)
        assert "distance" not in other.session.catalogue.templates


def test_a_block_in_use_is_not_deleted_and_the_list_says_where(work: Strategist) -> None:
    saved(work, DISTANCE)
    document = work.session.new_document(LogicFlow(name="Far from home"))
    draw(work, document)
    making = work.session.making_blocks
    said = refused(work, lambda: making.delete("distance"))
    assert said.endswith("Take it out of these first:\n• Far from home")
    making.ask_uses("distance")
    assert work.until_told(events.BlockUsesRead).uses == ("Far from home",)
    assert work.store.node_templates.own("distance") is not None
    document.undo()
    making.delete("distance")
    gone = work.until_told(events.BlockShelved)
    work.until(lambda: "distance" not in work.session.catalogue.templates)
    making.restore("distance", gone.deleted)
    work.until(lambda: "distance" in work.session.catalogue.templates)


def test_a_block_that_only_a_group_uses_is_in_use(work: Strategist) -> None:
    saved(work, DISTANCE)
    document = work.session.new_document(LogicFlow(name="Grouped"))
    draw(work, document)
    work.session.edit(document, group_nodes(document.flow, work.session.catalogue, ["mine"]))
    assert "• Grouped" in refused(work, lambda: work.session.making_blocks.delete("distance"))


def test_a_group_becomes_a_block_and_its_next_version(work: Strategist) -> None:
    document = work.open_example()
    ids = [id for id in document.flow.nodes if "average" in id]
    work.session.edit(document, group_nodes(document.flow, work.session.catalogue, ids, "Two averages"))
    (group,) = document.flow.groups
    making = work.session.making_blocks
    draft = making.draft_of_group(document, group)
    assert (draft.name, draft.base) == ("two_averages", None)
    assert saved(work, draft).version == "1.0.0"
    instance = next(id for id, node in document.flow.nodes.items() if node.template == f"group:{group}")
    work.session.edit(document, swapped(document, instance, "two_averages"))
    work.until(lambda: document.is_coded)
    assert document.program is not None, document.problems
    work.session.edit(document, group_nodes(document.flow, work.session.catalogue, [instance], "Two averages"))
    again = making.draft_of_group(document, max(document.flow.groups))
    assert again.base is not None
    assert "contain itself" in refused(work, lambda: making.save("form", again))


def test_a_file_brings_the_blocks_inside_blocks_and_their_versions(work: Strategist, home: Ground) -> None:
    saved(work, DISTANCE)
    saved(work, replace(OTHER, base=edited(work).base))
    document = work.session.new_document(LogicFlow(name="Nested"))
    draw(work, document)
    work.session.edit(document, group_nodes(document.flow, work.session.catalogue, ["mine"], "Around"))
    making = work.session.making_blocks
    saved(work, making.draft_of_group(document, "group"))
    said = refused(work, lambda: making.delete("distance"))
    assert "• Around (a block of yours)" in said
    outer = LogicFlow(nodes=frozen_mapping({"one": Node("one", "around")}), name="Outer")
    content = export_flow(shelf_of(work), outer)
    with home.strategist(STRANGER) as other:
        saved(other, replace(DISTANCE, description="Something else of that name."))
        made = import_strategy(shelf_of(other), content)
        assert "came in as 'distance_2'" in " ".join(made.remarks)
        again = import_strategy(shelf_of(other), content)
        assert not [item for item in again.remarks if "'around'" in item], "what is the same comes in once"
        assert other.store.node_templates.own("around_2") is None
        other.session.blocks.read()
        other.until(lambda: "around" in other.session.catalogue.templates)
        blocks = other.session.catalogue.templates
        assert templates_inside(blocks["around"]) == {"distance_2"}
        assert [version.version for version in blocks["distance_2"].earlier] == ["1.0.0"]


def shelf_of(work: Strategist) -> Shelf:
    return Shelf(work.store, Vault(None, "", None), work.session.catalogue)


def swapped(document: Document, instance: str, name: str) -> Batch:
    """The instance as one of the block."""
    flow = document.flow
    wires = [edge for edge in flow.edges if instance in (edge.source.node, edge.target.node)]
    node = replace(flow.nodes[instance], template=name)
    edits: tuple[Edit, ...] = (RemoveNodes(frozenset({instance})), AddNode(node), *(Connect(edge) for edge in wires))
    return Batch(edits, "Swap")
