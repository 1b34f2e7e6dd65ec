"""Blocks that users made: drawn, tested and exported like any other; what may not be used is left out and said."""

import json
import math
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from builder_app.flow.edits import AddNode, SetParameter
from builder_app.flow.problems import errors
from builder_app.flow.templates import Catalogue, NodeTemplate, OutputPort
from builder_app.flow.values import (
    Edge,
    Json,
    LogicFlow,
    Node,
    NodeType,
    ParameterValue,
    Port,
    PortType,
    Secret,
    frozen_mapping,
)
from builder_app.nodes.templates import template_to_json
from builder_app.session import events
from builder_app.session.blocks.user_blocks import MOST_SENTENCES, with_user_blocks
from builder_app.session.shelf.bundles import Bundle, bundle_bytes
from builder_app.session.shelf.exchanging import export_strategy, import_strategy
from builder_app.session.shelf.listing import open_listed
from builder_app.session.shelf.shelving import Shelving
from builder_app.session.shelf.strategies import Shelf, create
from builder_app.store import Store, StoreError
from builder_app.store.records import NewNodeTemplate, NodeTemplateRecord, OfferedTemplate
from builder_app.store.secrets import Vault
from builder_app.store.vocabulary import NodeType as StoredType
from tests.session.strategist import STRANGER, Ground, Strategist

PERIOD: Final[dict[str, Json]] = {"period": {"type": "integer", "title": "Period", "minimum": 2}}
TOKEN: Final[dict[str, Json]] = {"token": {"type": "string", "title": "Token", "x-sensitive": True}}


def parameters(properties: Mapping[str, Json], **defaults: ParameterValue) -> dict[str, Any]:
    """The two fields of a template that say its parameters."""
    schema: dict[str, Json] = {"type": "object", "properties": dict(properties)}
    return {"parameter_schema": frozen_mapping(schema), "default_parameters": frozen_mapping(defaults)}


LINE: Final = NodeTemplate(
    "my_line",
    "My line",
    NodeType.INDICATOR,
    "own",
    description="A simple average of the closes.",
    output_ports=(OutputPort("value", PortType.SERIES),),
    outputs=frozen_mapping({"value": 'ta.SMA(prices["close"], timeperiod=period)'}),
    **parameters(PERIOD, period=5),
)
WITH_SECRET: Final = replace(LINE, **parameters({**PERIOD, **TOKEN}, period=5, token=""))


def wired(*nodes: Node, edges: tuple[tuple[str, str], ...]) -> LogicFlow:
    """A flow; an edge is written "node.port", "node.port"."""

    def end(text: str) -> Port:
        return Port(*text.split("."))

    return LogicFlow(
        nodes=frozen_mapping({node.id: node for node in nodes}),
        edges=tuple(Edge(end(source), end(target)) for source, target in edges),
        name="With my line",
    )


FLOW: Final = wired(
    Node("mine", "my_line", parameters=frozen_mapping({"period": 20})),
    Node("fast", "sma", parameters=frozen_mapping({"period": 5})),
    Node("above", "crosses_above"),
    Node("below", "crosses_below"),
    Node("enter", "enter_long"),
    Node("exit", "exit_long"),
    Node("size", "percent_of_equity"),
    edges=(
        ("fast.value", "above.a"),
        ("mine.value", "above.b"),
        ("fast.value", "below.a"),
        ("mine.value", "below.b"),
        ("above.result", "enter.condition"),
        ("below.result", "exit.condition"),
        ("enter.signal", "size.signal"),
        ("exit.signal", "size.signal"),
    ),
)
"""Crossings of a curated average and the user's own."""
FILE: Final = bundle_bytes(Bundle(FLOW, {"my_line": LINE}))


def stored(template: NodeTemplate, **changes: Any) -> NewNodeTemplate:
    """The template as it is written into the store, with columns replaced by whatever a stranger likes."""
    content: dict[str, Any] = dict(template_to_json(template))
    hints = {**content.pop("execution_hints"), "synonyms": content.pop("synonyms")}
    content |= {"node_type": StoredType(content["node_type"]), "execution_hints": hints}
    return NewNodeTemplate(**(content | changes))


def with_recipe(recipe: str, **changes: Any) -> NewNodeTemplate:
    return stored(replace(LINE, outputs=frozen_mapping({"value": recipe})), **changes)


def shelf_of(work: Strategist) -> Shelf:
    return Shelf(work.store, Vault(None, "", None), work.session.rooms.catalogue)


def read_again(work: Strategist) -> Catalogue:
    """Have the blocks read, and wait for the difference that there must be."""
    before = work.session.catalogue
    work.session.blocks.read()
    work.until(lambda: work.session.catalogue is not before)
    return work.session.catalogue


def has_read(work: Strategist) -> None:
    """Have the blocks read, and wait until that was done; whether anything is different or not."""
    work.session.blocks.read()
    work.until(lambda: work.session.blocks.is_idle)
    work.mailbox.run_waiting()


# -- the whole line ---------------------------------------------------------------------------------------------------


def test_an_imported_strategy_with_a_block_of_its_own_becomes_code_and_is_tested(work: Strategist) -> None:
    made = import_strategy(shelf_of(work), FILE).strategy
    document = work.session.open_strategy(made.id)
    work.until(lambda: document.is_coded)
    assert "my_line" in " ".join(problem.message for problem in errors(document.problems)), "a placeholder before"
    read_again(work)
    work.until(lambda: document.is_coded)
    assert errors(document.problems) == ()
    assert document.program is not None
    assert "ta.SMA" in document.program.source or "talib.SMA" in document.program.source
    result = work.result_of(document)
    same = work.session.new_document(replace(FLOW, nodes=frozen_mapping({**FLOW.nodes, "mine": curated_line()})))
    work.until(lambda: same.is_coded)
    oracle = work.result_of(same)
    assert len(result.trades) > 20
    assert result.equity.tolist() == oracle.equity.tolist(), "it means what the curated average means"


def curated_line() -> Node:
    return Node("mine", "sma", parameters=frozen_mapping({"period": 20}))


def test_importing_a_file_in_the_window_brings_its_blocks_by_itself(work: Strategist, tmp_path: Path) -> None:
    path = tmp_path / "mine.strategy.zip"
    path.write_bytes(FILE)
    Shelving(work.session).import_file(path)
    work.until_told(events.CatalogueChanged)
    (told,) = work.heard(events.ShelfChanged)
    document = open_listed(work.session, told.strategy)
    work.until(lambda: document.is_coded)
    assert errors(document.problems) == ()
    assert document.program is not None


def test_the_blocks_are_there_after_a_start_and_the_strategy_is_code(home: Ground) -> None:
    with home.strategist() as work:
        made = import_strategy(shelf_of(work), FILE).strategy
        work.session.open_strategy(made.id)
    with home.strategist() as work:
        document = work.document
        work.until(lambda: document.is_coded and document.program is not None)
        assert work.session.catalogue.user_made == {"my_line"}
        (told,) = work.heard(events.CatalogueChanged)
        assert told.catalogue is work.session.catalogue
        assert work.heard(events.Refused) == []


def test_the_exported_folder_of_it_runs_and_prints_the_same(work: Strategist, tmp_path: Path) -> None:
    made = import_strategy(shelf_of(work), FILE).strategy
    read_again(work)
    document = work.session.open_strategy(made.id)
    given = tmp_path / "given"
    work.session.export(document, given)
    work.until_told(events.Exported)
    assert document.result is not None
    command = [sys.executable, "strategy.py", "prices.csv", "--json"]
    ran = subprocess.run(command, cwd=given, capture_output=True, text=True, check=True)
    printed = {name: math.nan if value is None else value for name, value in json.loads(ran.stdout)["metrics"].items()}
    assert printed == pytest.approx(dict(document.result.metrics), rel=1e-9, nan_ok=True)


def test_a_changed_block_makes_open_strategies_anew_and_their_results_old(work: Strategist) -> None:
    import_strategy(shelf_of(work), FILE)
    read_again(work)
    document = work.session.new_document(FLOW)
    work.until(lambda: document.is_coded)
    work.result_of(document)
    before = document.program
    (offered,) = work.store.node_templates.usable()
    work.store.node_templates.update(offered.record.id, with_recipe('ta.EMA(prices["close"], timeperiod=period)'))
    read_again(work)
    work.until(lambda: document.is_coded)
    assert document.program is not None
    assert before is not None
    assert document.program.sha256 != before.sha256
    assert "EMA" in document.program.source
    assert document.result_is_stale


def test_a_test_that_is_asked_for_while_blocks_change_runs_by_the_new_ones(work: Strategist) -> None:
    import_strategy(shelf_of(work), FILE)
    document = work.session.new_document(FLOW)
    work.until(lambda: document.is_coded)
    assert document.program is None
    read_again(work)
    assert not document.is_coded, "what the old blocks gave counts no more"
    assert work.result_of(document).code_hash == (document.program.sha256 if document.program else "")


def test_code_made_by_the_old_blocks_never_counts(work: Strategist) -> None:
    """However the making of code and the reading of blocks overtake each other, the last blocks win."""
    import_strategy(shelf_of(work), FILE)
    documents = [work.session.new_document(FLOW) for _ in range(5)]
    read_again(work)  # while the code of some is being made
    work.until(lambda: all(document.is_coded for document in documents))
    assert all(document.program is not None and not errors(document.problems) for document in documents)


def test_a_block_that_went_leaves_a_placeholder_and_loses_nothing(work: Strategist) -> None:
    import_strategy(shelf_of(work), FILE)
    read_again(work)
    document = work.session.new_document(FLOW)
    (offered,) = work.store.node_templates.usable()
    work.store.node_templates.soft_delete(offered.record.id, force=True)
    assert read_again(work).user_made == frozenset()
    work.until(lambda: document.is_coded)
    assert errors(document.problems)
    assert document.flow == FLOW


def test_a_new_block_can_be_drawn_and_edited(work: Strategist) -> None:
    work.store.node_templates.create(stored(LINE))
    template = read_again(work).templates["my_line"]
    document = work.session.new_document()
    work.session.edit(document, AddNode(Node("a", "my_line", template.version)))
    work.session.edit(document, SetParameter("a", "period", 1))
    work.until(lambda: document.is_coded)
    assert any(problem.parameter == "period" for problem in errors(document.problems))


def test_nothing_is_told_where_no_block_is_another(work: Strategist) -> None:
    has_read(work)
    work.store.node_templates.create(stored(LINE))
    for _ in range(3):
        has_read(work)
    assert len(work.heard(events.CatalogueChanged)) == 1


def test_a_value_that_a_block_calls_sensitive_is_guarded_when_the_block_comes(work: Strategist) -> None:
    node = Node("a", "my_line", parameters=frozen_mapping({"token": "canary-31"}))
    document = work.session.new_document(LogicFlow(nodes=frozen_mapping({"a": node})))
    work.store.node_templates.create(stored(WITH_SECRET))
    read_again(work)
    assert isinstance(document.flow.nodes["a"].parameters["token"], Secret)
    assert work.heard(events.FlowChanged)[-1].after is document.flow
    work.settle()
    assert "canary-31" not in repr(work.store.sessions.drafts([document.id]))
    work.session.edit(document, SetParameter("a", "token", "canary-32"))
    assert isinstance(document.flow.nodes["a"].parameters["token"], Secret)


@pytest.mark.parametrize("with_users_blocks", [False, True])
def test_a_strategy_still_brings_its_block_when_that_is_in_the_catalogue(
    work: Strategist, home: Ground, *, with_users_blocks: bool
) -> None:
    work.store.node_templates.create(stored(LINE))
    known = read_again(work) if with_users_blocks else work.session.rooms.catalogue
    shelf = replace(shelf_of(work), catalogue=known)
    content = export_strategy(shelf, create(shelf, FLOW).id)
    again = import_strategy(shelf, content).strategy
    assert "my_line" in {node["template"] for node in again.logic_flow["nodes"]}, "the user's own, under its name"
    with home.strategist(STRANGER) as other:
        import_strategy(shelf_of(other), content)
        assert read_again(other).user_made == {"my_line"}


# -- whose block it is ------------------------------------------------------------------------------------------------


def test_shared_blocks_are_there_and_private_ones_of_others_are_not(home: Ground) -> None:
    with home.store(STRANGER) as theirs:
        theirs.node_templates.create(stored(LINE), is_shared=True)
        theirs.node_templates.create(stored(replace(LINE, name="hidden_line")))
    with home.strategist() as work:
        work.until_told(events.CatalogueChanged)
        assert work.session.catalogue.user_made == {"my_line"}


def test_ones_own_block_wins_over_a_shared_one_of_the_same_name(home: Ground) -> None:
    with home.store(STRANGER) as theirs:
        theirs.node_templates.create(stored(replace(LINE, description="Theirs")), is_shared=True)
    with home.strategist() as work:
        work.until_told(events.CatalogueChanged)
        assert work.session.catalogue.templates["my_line"].description == "Theirs"
        work.store.node_templates.create(stored(replace(LINE, description="Mine")))
        assert read_again(work).templates["my_line"].description == "Mine"
        named = work.store.node_templates.named("my_line")
        assert named is not None
        assert named.description == "Mine"


def test_the_programs_block_wins_and_the_owner_is_told(home: Ground, catalogue: Catalogue) -> None:
    with home.store(STRANGER) as theirs:
        theirs.node_templates.create(stored(replace(LINE, name="ema")), is_shared=True)
    with home.store() as store:
        store.node_templates.create(stored(replace(LINE, name="sma")))
    with home.strategist() as work:
        said = work.until_told(events.Refused).message
        assert "Your block 'sma' is not used" in said
        assert "ema" not in said, "another user's block is no matter of theirs"
        assert work.session.catalogue.templates == catalogue.templates
        assert work.session.catalogue.user_made == frozenset()


# -- hostile and damaged blocks ---------------------------------------------------------------------------------------

HOSTILE: Final[dict[str, NewNodeTemplate]] = {
    "import": with_recipe("__import__('os').system('true')"),
    "attribute": with_recipe("prices.__class__"),
    "open": with_recipe("open('/etc/passwd').read()"),
    "lambda": with_recipe("(lambda: 1)()"),
    "comprehension": with_recipe("[period for period in prices]"),
    "walrus": with_recipe("(period := 2)"),
    "no Python": with_recipe("ta.SMA("),
    "another library": with_recipe("np.load(period)"),
    "look-ahead": with_recipe('previous(prices["close"], -1)'),
    "too deep": with_recipe("(" * 900 + "period" + ")" * 900),
    "wrong kind": with_recipe('is_above(prices["close"], period)'),
    "a secret in the code": stored(
        replace(
            WITH_SECRET,
            outputs=frozen_mapping({"value": 'ta.SMA(prices["close"], timeperiod=period) + token'}),
        )
    ),
    "an unknown port type": stored(LINE, output_ports=[{"name": "value", "type": "shell"}]),
    "ports that are no ports": stored(LINE, output_ports=[7, None, "value"]),
    "a pattern that never ends": stored(
        LINE,
        parameter_schema={
            "type": "object",
            "properties": {"period": {"type": "string", "title": "P", "pattern": "(a+)+$"}},
        },
    ),
    "a schema from elsewhere": stored(
        LINE, parameter_schema={"type": "object", "properties": {"period": {"$ref": "http://localhost:1/x"}}}
    ),
    "a name with a line break": stored(LINE, name="my\nline\x1b[31m"),
    "a name that is no name": stored(LINE, name="__class__"),
    "hints that are no recipes": stored(LINE, execution_hints={"outputs": {"value": 3}}),
    "no outputs": stored(LINE, execution_hints={}),
    "a default for everybody's secret": stored(
        replace(WITH_SECRET, **parameters({**PERIOD, **TOKEN}, period=5, token="x"))
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_shared_block_that_may_not_be_used_is_left_out_and_said(
    kind: str, store: Store, catalogue: Catalogue
) -> None:
    theirs = store.as_principal(STRANGER)
    theirs.node_templates.create(HOSTILE[kind], is_shared=True)
    theirs.node_templates.create(stored(replace(LINE, name="good_line")), is_shared=True)
    blocks = with_user_blocks(catalogue, store.node_templates.usable())
    assert blocks.catalogue.user_made == {"good_line"}, "the others are there all the same"
    (sentence,) = blocks.left_out
    assert sentence.startswith(("The shared block 'my", "The shared block '__class__'"))
    assert "' was left out: " in sentence
    assert sentence.isprintable()
    assert sentence.endswith((".", "?"))
    assert len(sentence) < 500


def test_hostile_blocks_are_said_once_and_counted(work: Strategist) -> None:
    for number in range(MOST_SENTENCES + 3):
        work.store.node_templates.create(with_recipe("open(period)", name=f"bad_{number}"))
    has_read(work)
    has_read(work)
    (said,) = work.heard(events.Refused)
    lines = said.message.splitlines()
    assert [line.split(" was")[0] for line in lines[:-1]] == [f"Your block 'bad_{n}'" for n in range(MOST_SENTENCES)]
    assert lines[-1] == "3 more blocks were left out."
    assert work.heard(events.CatalogueChanged) == []


JSON: Final = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
COLUMNS: Final = ("parameter_schema", "default_parameters", "input_ports", "output_ports", "validation_rules")


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([*COLUMNS, "execution_hints", "version", "category"]), JSON, min_size=1))
def test_whatever_stands_in_a_row_it_is_a_block_or_a_sentence(columns: dict[str, Any]) -> None:
    record = NodeTemplateRecord(
        **{
            **{name: getattr(stored(LINE), name) for name in NewNodeTemplate.__dataclass_fields__},
            **{"id": "1", "is_system_template": False, "is_shared": True, "usage_count": 0},
            **columns,
        }
    )
    blocks = with_user_blocks(Catalogue(), [OfferedTemplate(record, is_own=False)])
    assert len(blocks.catalogue.templates) + len(blocks.left_out) == 1


def test_a_store_that_fails_is_said_and_the_programs_blocks_stay(
    work: Strategist, monkeypatch: pytest.MonkeyPatch, catalogue: Catalogue
) -> None:
    def fails() -> None:
        raise StoreError("The disk is full.")

    has_read(work)
    monkeypatch.setattr(work.store.node_templates, "usable", fails)
    has_read(work)
    (said,) = work.heard(events.Refused)
    assert said.message.endswith("placeholders: The disk is full.")
    assert work.session.catalogue is catalogue


@pytest.fixture
def store(home: Ground) -> Iterator[Store]:
    """A store of this test's own."""
    with home.store() as opened:
        yield opened
